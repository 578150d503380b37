"""Mutants of park's headers, from the table in mutants.ini: each must be caught by the model.

  mutants.py list                            the names of the mutants, one a line, each with its header and scenario
  mutants.py make NAME HEADER OUTPUT         writes to OUTPUT what HEADER is in that mutant
  mutants.py check FOLDER                    runs the mutants' programs in FOLDER, and prints which was caught, and how
"""

import argparse
import configparser
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import List, NoReturn, Tuple

TABLE = Path(__file__).with_name("mutants.ini")
FIELDS = {"header", "within", "old", "new", "scenario", "verdict", "because"}
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
        """The header with the change; an error unless the table says where it is to be made, and it can be made there only."""
        begin, end = 0, len(text)
        if self.within:
            begin = self.find(text, self.within)
            close = text.find("\n  }\n", begin)
            end = close if close >= 0 else end
        at = begin + self.find(text[begin:end], self.old)
        return text[:at] + self.new + text[at + len(self.old):]

    def find(self, text: str, part: str) -> int:
        """Where `part` is."""
        if text.count(part) != 1:
            fail(f"[{self.name}] in {TABLE.name}: {part!r} occurs {text.count(part)} times in {self.header}, not once; "
                 "bring the table up to date with the header")
        return text.index(part)


def read_table() -> List[Mutant]:
    """All mutants, in the table's order."""
    table = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",), strict=True)
    table.read(TABLE, encoding="utf-8")
    mutants = []
    for name in table.sections():
        fields = dict(table[name])
        if not FIELDS.issuperset(fields) or ("because" in fields) != (fields.get("verdict") == SURVIVES):
            fail(f"[{name}] in {TABLE.name}: a field is unknown, or `because` is without `verdict = {SURVIVES}`")
        try:
            mutants.append(Mutant(name=name, **fields))
        except TypeError as problem:
            fail(f"[{name}] in {TABLE.name}: {problem}")
    return mutants


def list_mutants(_: argparse.Namespace) -> int:
    """For CMake."""
    for mutant in read_table():
        print(mutant.name, mutant.header, mutant.scenario)
    return 0


def make(arguments: argparse.Namespace) -> int:
    """Writes a mutated header."""
    mutant = next((each for each in read_table() if each.name == arguments.name), None)
    if mutant is None:
        fail(f"{TABLE.name} has no mutant {arguments.name!r}")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(mutant.apply(arguments.header.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def run(program: Path, scenario: str) -> str:
    """The verdict of the model on a mutant."""
    try:
        result = subprocess.run([program, scenario], capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    except OSError as problem:
        return f"cannot be run: {problem.strerror}"
    except subprocess.TimeoutExpired:
        return f"no verdict in {TIME_LIMIT_S} s"
    verdicts = re.findall(r" schedules +[0-9.]+ s  (.+)$", result.stdout, re.MULTILINE)
    if not verdicts or result.returncode not in (0, 1):
        return f"no verdict, exit status {result.returncode}"
    return verdicts[-1]


def check(arguments: argparse.Namespace) -> int:
    """Runs all mutants; fails unless each meets the verdict that the table gives it."""
    mutants = read_table()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = list(pool.map(lambda each: run(arguments.folder / each.name, each.scenario), mutants))
    wrong: List[Tuple[Mutant, str]] = []
    for mutant, verdict in zip(mutants, verdicts):
        right = verdict == mutant.verdict
        note = f"survives: {mutant.because}" if mutant.because else f"{verdict}, in {mutant.scenario}"
        print(f"{mutant.name:55} {note if right else f'WRONG: {verdict}, not {mutant.verdict}, in {mutant.scenario}'}")
        if not right:
            wrong.append((mutant, verdict))
    survivors = sum(bool(each.because) for each in mutants)
    print(f"{len(mutants) - survivors} mutants to be caught, {survivors} explained survivors, {len(wrong)} wrong")
    return 1 if wrong else 0


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("list").set_defaults(command=list_mutants)
    maker = commands.add_parser("make")
    maker.add_argument("name")
    maker.add_argument("header", type=Path)
    maker.add_argument("output", type=Path)
    maker.set_defaults(command=make)
    checker = commands.add_parser("check")
    checker.add_argument("folder", type=Path)
    checker.set_defaults(command=check)
    arguments = parser.parse_args()
    return arguments.command(arguments)


if __name__ == "__main__":
    sys.exit(main())
