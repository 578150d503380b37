"""Mutants of park's headers: each must be caught by the model.

  mutants.py list                       their names, each with the header that it changes and the scenario that catches it
  mutants.py write INCLUDE FOLDER [NAME]...
                                        writes FOLDER/<name>/park/<header> for each, from INCLUDE/park/<header>
  mutants.py check FOLDER               runs their programs, FOLDER/<name>, and prints which was caught, and how
  mutants.py orders INCLUDE             prints the mutants that weaken each memory order in INCLUDE/park, which must be some
  mutants.py soak FOLDER NAME...        soaks their programs, FOLDER/<name> of tests/stress/soak, and prints how each was noticed

The tables in mutants/*.ini have one section for each mutant, whose name is the table's and the section's:

  header     the header that it changes, under include/park
  within     where, if `old` is in several places: in the text from this one to the end of its function
  old, new   the change; `old` is in exactly one place there, white space of any kind counting as one space
  scenario   the scenario that fails, in the source file that its name begins with; or that file, for all of its scenarios
  verdict    how it fails; or `holds`, where the mutant is no bug that the model could show,
  because    for this reason; then it holds in all scenarios of its file
"""

import argparse
import configparser
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Dict, Iterator, List, NoReturn, Tuple

TABLES = Path(__file__).with_name("mutants")
SURVIVES = "holds"
TIME_LIMIT_S = 240
# Of each random search, where all scenarios of a file are run.
SCHEDULES_OF_SURVIVORS = 20000

ORDER = re.compile(r"\bmemory_order_(\w+)")
# Each order with those that are next weaker: all of them for acq_rel, else the one that the access can have.
WEAKER = {
    "acquire": [{"relaxed"}],
    "release": [{"relaxed"}],
    "acq_rel": [{"acquire"}, {"release"}],
    "seq_cst": [{"acquire", "release", "acq_rel"}],
}


def fail(message: str) -> NoReturn:
    """Ends the program with one line that says what to do."""
    print(f"mutants.py: {message}", file=sys.stderr)
    sys.exit(2)


@dataclass(frozen=True)
class Mutant:
    """One change of one header, and what the model has to say about it."""

    name: str
    header: str
    old: str
    new: str
    scenario: str
    verdict: str
    within: str = ""
    because: str = ""

    def place(self, text: str) -> Tuple[int, int]:
        """Where the change begins and ends; an error unless there is exactly one place for it."""
        begin, end = 0, len(text)
        if self.within:
            begin = self.find(self.within, text, 0, end).start()
            close = text.find("\n  }\n", begin)
            end = close if close >= 0 else end
        return self.find(self.old, text, begin, end).span()

    def apply(self, text: str) -> str:
        """The header with the change."""
        begin, end = self.place(text)
        return text[:begin] + self.new + text[end:]

    def weakened(self, text: str) -> Iterator[Tuple[int, str]]:
        """The memory orders that it changes, and nothing else of the access: where each is, and what it becomes."""
        begin, end = self.place(text)
        old = list(ORDER.finditer(text, begin, end))
        new = ORDER.findall(self.new)
        if len(old) == len(new):
            yield from ((was.start(), now) for was, now in zip(old, new) if was[1] != now)

    def find(self, part: str, text: str, begin: int, end: int) -> "re.Match[str]":
        """The one place of `part` in `text`."""
        pattern = re.compile(r"\s+".join(re.escape(word) for word in part.split()))
        places = list(pattern.finditer(text, begin, end))
        if len(places) != 1:
            fail(f"{self.name}: {part!r} is in {len(places)} places of {self.header}, not in one; "
                 f"bring the table in {TABLES.name}/ up to date with the header")
        return places[0]


def read_tables() -> List[Mutant]:
    """All mutants, in the tables' order."""
    known = {each.name for each in fields(Mutant)} - {"name"}
    mutants = []
    for path in sorted(TABLES.glob("*.ini")):
        table = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        table.read(path, encoding="utf-8")
        for section in table.sections():
            name, row = f"{path.stem}.{section}", dict(table[section])
            if not known.issuperset(row):
                fail(f"{name}: no such field: {', '.join(sorted(set(row) - known))}")
            if ("because" in row) != (row.get("verdict") == SURVIVES):
                fail(f"{name}: `verdict = {SURVIVES}` and `because` go together")
            if "because" in row and "." in row["scenario"]:
                fail(f"{name}: a mutant that survives is run through all scenarios of a file: `scenario` names that")
            try:
                mutants.append(Mutant(name=name, **row))
            except TypeError as problem:
                fail(f"{name}: {problem}")
    return mutants


def list_all(_: argparse.Namespace) -> int:
    """One line for each mutant."""
    for mutant in read_tables():
        print(mutant.name, mutant.header, mutant.scenario)
    return 0


def write_all(arguments: argparse.Namespace) -> int:
    """Writes the changed headers; one that is written already keeps its time, and need not be compiled again."""
    mutants = [each for each in read_tables() if each.name in arguments.name or not arguments.name]
    unknown = set(arguments.name).difference(each.name for each in mutants)
    if unknown:
        fail(f"no such mutant: {', '.join(sorted(unknown))}")
    for mutant in mutants:
        text = mutant.apply((arguments.include / "park" / mutant.header).read_text(encoding="utf-8"))
        output = arguments.folder / mutant.name / "park" / mutant.header
        if output.exists() and output.read_text(encoding="utf-8") == text:
            continue
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    return 0


def run(program: Path, scenario: str) -> str:
    """The model's verdict on a mutant."""
    options = [] if "." in scenario else [f"--schedules={SCHEDULES_OF_SURVIVORS}"]
    try:
        result = subprocess.run([program, *options, scenario], capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    except OSError as problem:
        return f"no verdict: {problem.strerror}"
    except subprocess.TimeoutExpired:
        return f"no verdict in {TIME_LIMIT_S} s"
    verdicts = re.findall(r" schedules .* s  (.+)$", result.stdout, re.MULTILINE)
    if not verdicts or result.returncode not in (0, 1):
        return f"no verdict, exit status {result.returncode}"
    return next((each for each in verdicts if each != SURVIVES), SURVIVES)


def check_all(arguments: argparse.Namespace) -> int:
    """Runs all mutants; fails unless the model's verdict on each is the table's."""
    mutants = read_tables()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = pool.map(lambda each: run(arguments.folder / each.name, each.scenario), mutants)
    wrong = survivors = 0
    for mutant, verdict in zip(mutants, verdicts):
        if verdict != mutant.verdict:
            wrong += 1
            note = f"WRONG: {verdict}, not {mutant.verdict}, in {mutant.scenario}"
        elif mutant.because:
            survivors += 1
            note = f"survives: {mutant.because}"
        else:
            note = f"{verdict}, in {mutant.scenario}"
        print(f"{mutant.name:55} {note}")
    print(f"{len(mutants) - wrong - survivors} mutants caught, {survivors} survive for a reason, {wrong} wrong")
    return 1 if wrong or not mutants else 0


def check_orders(arguments: argparse.Namespace) -> int:
    """Fails unless each memory order above relaxed is weakened by mutants, in each way that is one step down."""
    mutants = read_tables()
    orders = without = 0
    for header in sorted((arguments.include / "park").rglob("*.hpp")):
        text = header.read_text(encoding="utf-8")
        name = header.relative_to(arguments.include / "park").as_posix()
        by_place: Dict[int, List[Tuple[str, str]]] = {}
        for mutant in mutants:
            for place, order in mutant.weakened(text) if mutant.header == name else ():
                by_place.setdefault(place, []).append((order, mutant.name))
        for order in ORDER.finditer(text):
            if order[1] == "relaxed" or "//" in text[text.rfind("\n", 0, order.start()):order.start()]:
                continue
            weakened = by_place.get(order.start(), [])
            orders += 1
            lacks = any(not step.intersection(to for to, _ in weakened) for step in WEAKER[order[1]])
            without += lacks
            line = text.count("\n", 0, order.start()) + 1
            print(f"{name}:{line}: {order[1]:8} " + ("LACKS A MUTANT; has: " if lacks else "")
                  + ", ".join(f"{mutant} ({to})" for to, mutant in weakened))
    print(f"{orders} memory orders, {without} of them lack a mutant")
    return 1 if without or not orders else 0


def soak(program: Path) -> str:
    """How the soak noticed a mutant; empty if it did not."""
    if not program.exists():
        fail(f"{program} has not been built")
    command = [program, "--of", "jittery_futex", "--rounds", "20000", "--failures", "1"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False,
                                env={**os.environ, "PARK_TEST_SECONDS": "8"})
    except subprocess.TimeoutExpired:
        return ""
    rounds = re.search(r"in round|FAILED", result.stderr)
    if result.returncode == 0 or not rounds:
        return ""
    for pattern, meaning in ((r"FAILED: (.*)", "{}"), (r"is taken to hang", "a thread hangs"), (r"park: (.*)", "{}")):
        found = re.search(pattern, result.stderr)
        if found:
            return meaning.format(*found.groups())
    return f"ended by signal {-result.returncode}" if result.returncode < 0 else f"exit status {result.returncode}"


def soak_all(arguments: argparse.Namespace) -> int:
    """Fails unless the soak noticed each mutant."""
    def notice_of(name: str) -> str:  # twice, since the seeds are others each time
        return soak(arguments.folder / name) or soak(arguments.folder / name)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        notices = list(pool.map(notice_of, arguments.name))
    for name, notice in zip(arguments.name, notices):
        print(f"{name:55} {notice or 'NOT NOTICED'}")
    missed = notices.count("")
    print(f"{len(notices) - missed} mutants noticed, {missed} not")
    return 1 if missed else 0


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="list, write, check, orders or soak")
    commands.add_parser("list").set_defaults(command=list_all)
    write = commands.add_parser("write")
    write.add_argument("include", type=Path)
    write.add_argument("folder", type=Path)
    write.add_argument("name", nargs="*")
    write.set_defaults(command=write_all)
    check = commands.add_parser("check")
    check.add_argument("folder", type=Path)
    check.set_defaults(command=check_all)
    orders = commands.add_parser("orders")
    orders.add_argument("include", type=Path)
    orders.set_defaults(command=check_orders)
    soaked = commands.add_parser("soak")
    soaked.add_argument("folder", type=Path)
    soaked.add_argument("name", nargs="+")
    soaked.set_defaults(command=soak_all)
    arguments = parser.parse_args()
    return arguments.command(arguments)


if __name__ == "__main__":
    sys.exit(main())
