"""Mutants of park's headers: each must be caught by the model.

  mutants.py list                       their names, each with the header that it changes and the scenario that catches it
  mutants.py write INCLUDE FOLDER       writes FOLDER/<name>/park/<header> for each, from INCLUDE/park/<header>
  mutants.py check FOLDER               runs their programs, FOLDER/<name>, and prints which was caught, and how

The tables in mutants/*.ini have one section for each mutant, whose name is the table's and the section's:

  header     the header that it changes, under include/park
  within     where, if `old` is in several places: in the text from this one to the end of its function
  old, new   the change; `old` is in exactly one place there, white space of any kind counting as one space
  scenario   the scenario that fails, in the source file that its name begins with
  verdict    how it fails; or `holds`, where the mutant is no bug that the model could show,
  because    for this reason
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
from typing import List, NoReturn

TABLES = Path(__file__).with_name("mutants")
SURVIVES = "holds"
TIME_LIMIT_S = 120


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

    def apply(self, text: str) -> str:
        """The header with the change; an error unless there is exactly one place for it."""
        begin, end = 0, len(text)
        if self.within:
            begin = self.find(self.within, text, 0, end).start()
            close = text.find("\n  }\n", begin)
            end = close if close >= 0 else end
        place = self.find(self.old, text, begin, end)
        return text[:place.start()] + self.new + text[place.end():]

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
    for mutant in read_tables():
        text = mutant.apply((arguments.include / "park" / mutant.header).read_text(encoding="utf-8"))
        output = arguments.folder / mutant.name / "park" / mutant.header
        if output.exists() and output.read_text(encoding="utf-8") == text:
            continue
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    return 0


def run(program: Path, scenario: str) -> str:
    """The model's verdict on a mutant."""
    try:
        result = subprocess.run([program, scenario], capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    except OSError as problem:
        return f"no verdict: {problem.strerror}"
    except subprocess.TimeoutExpired:
        return f"no verdict in {TIME_LIMIT_S} s"
    verdicts = re.findall(r" schedules .* s  (.+)$", result.stdout, re.MULTILINE)
    if not verdicts or result.returncode not in (0, 1):
        return f"no verdict, exit status {result.returncode}"
    return verdicts[-1]


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


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="list, write or check")
    commands.add_parser("list").set_defaults(command=list_all)
    write = commands.add_parser("write")
    write.add_argument("include", type=Path)
    write.add_argument("folder", type=Path)
    write.set_defaults(command=write_all)
    check = commands.add_parser("check")
    check.add_argument("folder", type=Path)
    check.set_defaults(command=check_all)
    arguments = parser.parse_args()
    return arguments.command(arguments)


if __name__ == "__main__":
    sys.exit(main())
