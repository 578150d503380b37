#!/usr/bin/env python3
"""Counts what each fast path executes, and what a wake calls, and holds the counts to the table counts.ini.

  count.py show [PROGRAM]                what PROGRAM executes on each path
  count.py check atomics [PROGRAM]       the atomic operations are exactly the table's, whoever compiled
  count.py check instructions [PROGRAM]  so are the instructions, where the table knows the compiler and its flags
  count.py check calls [PROGRAM]         no path leaves its function, by a call or a jump, unless the table says so
  count.py check system_calls [PROGRAM]  the system calls are exactly the table's, whoever compiled; those of a wake, too
  count.py check text [PROGRAM]          without stepping: the atomic operations in a function's code, on all its paths
  count.py mutants PROGRAM MUTANT...     each check finds its mutant on every path; park_fast_paths_call is that of `calls`
  count.py renew [PROGRAM]               writes the instructions into the table and shows what changed; the rest is law

PROGRAM is park_fast_paths; without it, the one of the preset release. It tells which instructions were executed, and
objdump what they are. Padding (nop) does not count. Where nobody can step, `check atomics` is `check text`.
"""

import argparse
import configparser
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, NoReturn, Tuple

TABLE = Path(__file__).with_name("counts.ini")
PROGRAM = Path(__file__).parents[2] / "build/release/tests/fast_paths/park_fast_paths"
CANNOT_STEP = 3
TIME_LIMIT_S = 100

# One match for each atomic operation. ldxr goes with an stxr; __aarch64_ldadd8_rel and the like are gcc's, out of line.
# A seq_cst store is one too: an xchg, and an stlr, which no fast path has for less.
ATOMIC = {
    "x86_64": r"^([a-z]+ )*lock\s|^xchg[bwlq]?\s.*\(|^mfence",
    "aarch64": r"^(cas|swp|ld(add|clr|eor|set|[su]m(ax|in))|st(add|clr|eor|set|[su]m(ax|in)))p?(a|l|al)?[bh]?\s"
               r"|^stl?x[rp][bh]?\s|^stlr[bh]?\s|^dmb|<__aarch64_(cas|swp|ld)",
}
PADDING = re.compile(r"\bnop[wl]?\b|^xchg\s+%ax,%ax")


def fail(message: str) -> NoReturn:
    """Ends the program with one line that says what to do."""
    print(f"count.py: {message}", file=sys.stderr)
    sys.exit(2)


class CannotStep(Exception):
    """This machine lets nobody step, for the reason in the message."""


@dataclass(frozen=True)
class Way:
    """What one path executes."""

    atomics: int
    instructions: int
    through: str  # the functions that it enters beside its own

    def row(self) -> str:
        """As the table says it."""
        return f"{self.instructions} through {self.through}" if self.through else str(self.instructions)


@dataclass(frozen=True)
class Count:
    """What one program executes on each path, and how it was compiled."""

    compiler: str  # architecture and compiler
    flags: str
    paths: Dict[str, Way]
    system_calls: Dict[str, int]  # of these paths, and of those that wake


class Code:
    """The disassembly of a program or of an object file."""

    def __init__(self, objdump: str, file: Path) -> None:
        self.begins: Dict[str, int] = {}
        self.at: Dict[int, Tuple[str, str]] = {}  # address, of a program: the function and the instruction
        self.texts: Dict[str, List[str]] = {}  # by function; an object file has an address in each section
        function = ""
        for line in run([objdump, "-d", "--demangle", "--wide", "--no-show-raw-insn", str(file)]).splitlines():
            if head := re.match(r"([0-9a-f]+) <(.+)>:$", line):
                function = head[2]
                self.begins[function] = int(head[1], 16)
            elif row := re.match(r"\s*([0-9a-f]+):\s*(\S.*)", line):
                self.at[int(row[1], 16)] = function, row[2]
                self.texts.setdefault(function, []).append(row[2])
        name = "".join(re.findall(r"file format (\S+)", run([objdump, "--file-headers", str(file)])))
        self.architecture = "x86_64" if "x86-64" in name else "aarch64" if "aarch64" in name else name

    def atomics(self, instructions: List[str]) -> int:
        """How many of these are atomic operations."""
        return sum(bool(re.search(ATOMIC[self.architecture], each)) for each in instructions)

    def way(self, function: str, distances: List[int]) -> Way:
        """What the instructions are that are so far from the begin of the function."""
        addresses = [self.begins[function] + each for each in distances]
        executed = [self.at.get(each, ("another library", "unknown")) for each in addresses]
        others = [name for name, _ in executed if name != function]
        instructions = [each for _, each in executed if not PADDING.search(each)]
        return Way(self.atomics(instructions), len(instructions), " ".join(dict.fromkeys(others)))

    def text(self, function: str) -> List[str]:
        """All instructions of a function."""
        return self.texts.get(function, [])


def run(command: List[str]) -> str:
    """The output of a command."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    except OSError as problem:
        fail(f"{command[0]}: {problem.strerror}")
    except subprocess.TimeoutExpired:
        fail(f"{command[0]}: not done in {TIME_LIMIT_S} s")
    if result.returncode == CANNOT_STEP:
        raise CannotStep(result.stderr.strip())
    if result.returncode != 0:
        fail(f"{command[0]}: exit status {result.returncode}: {result.stderr.strip()}")
    return result.stdout


def count(objdump: str, program: Path) -> Count:
    """Steps through a program."""
    build, *lines = run([str(program)]).splitlines()
    architecture, compiler, *flags = build.split()
    code = Code(objdump, program)
    paths, system_calls = {}, {}
    for line in lines:
        path, function, calls, *distances = line.split()
        system_calls[path] = int(calls)
        if distances:
            paths[path] = code.way(function, [int(each) for each in distances])
    return Count(f"{architecture} {compiler}", " ".join(flags), paths, system_calls)


def read_table() -> configparser.ConfigParser:
    """The table as it is committed."""
    table = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    table.read(TABLE, encoding="utf-8")
    return table


def differences(expected: Dict[str, str], found: Dict[str, str], what: str) -> List[str]:
    """One line for each path that is not as expected."""
    return [f"{path}: {found.get(path, 'no')}{what}, not {expected.get(path, 'known to the table')}"
            for path in {**expected, **found} if expected.get(path) != found.get(path)]


def wrong_atomics(table: configparser.ConfigParser, counted: Count) -> List[str]:
    """Atomic operations that are not the law's."""
    found = {path: str(way.atomics) for path, way in counted.paths.items()}
    return differences(dict(table["atomics"]), found, " atomics")


def wrong_system_calls(table: configparser.ConfigParser, counted: Count) -> List[str]:
    """System calls that are not the law's, which names the paths that make any."""
    expected = {**dict.fromkeys(counted.system_calls, "0"), **table["system_calls"]}
    return differences(expected, {path: str(calls) for path, calls in counted.system_calls.items()}, " system calls")


def rows_of(table: configparser.ConfigParser, counted: Count) -> Dict[str, Tuple[str, str]]:
    """What the table says for this compiler: by path, the instructions and the other functions."""
    rows = {path: row.partition(" through ") for path, row in table[counted.compiler].items() if path != "flags"}
    return {path: (row[0], row[2]) for path, row in rows.items()}


def wrong_instructions(table: configparser.ConfigParser, counted: Count) -> List[str]:
    """Instructions that are not as many as the table says."""
    expected = {path: number for path, (number, _) in rows_of(table, counted).items()}
    found = {path: str(way.instructions) for path, way in counted.paths.items()}
    return differences(expected, found, " instructions")


def wrong_calls(table: configparser.ConfigParser, counted: Count) -> List[str]:
    """Paths that leave their function, or do so for another one than the table says."""
    expected = {path: through or "nothing else" for path, (_, through) in rows_of(table, counted).items()}
    found = {path: way.through or "nothing else" for path, way in counted.paths.items()}
    return differences(expected, found, " is entered")


CHECKS = {"atomics": wrong_atomics, "system_calls": wrong_system_calls, "instructions": wrong_instructions, "calls": wrong_calls}
LAWS = ("atomics", "system_calls")  # whoever compiles


def why_unknown(table: configparser.ConfigParser, counted: Count) -> str:
    """Why the table says nothing on the instructions; empty if it does."""
    if counted.compiler not in table:
        return f"{TABLE.name} does not know {counted.compiler}; count.py renew adds it"
    flags = table[counted.compiler]["flags"]
    return "" if flags == counted.flags else f"compiled with '{counted.flags}', and {TABLE.name} is for '{flags}'"


def text_atomics(objdump: str, file: Path, table: configparser.ConfigParser) -> List[str]:
    """Functions whose code has fewer atomic operations than the law demands, or more than its paths may share."""
    code = Code(objdump, file)
    if code.architecture not in ATOMIC:
        raise CannotStep(f"the atomic operations of {code.architecture} are not known")
    laws: Dict[str, int] = {}
    for path, number in table["atomics"].items():
        function = max((name for name in code.begins if f"{path}_".startswith(f"{name}_")), key=len, default=path)
        laws[function] = max(int(number), laws.get(function, 0))
    wrong = []
    for function, law in laws.items():
        text = code.text(function)
        found = code.atomics(text)
        if found < law:  # where the member itself is not inlined
            found += sum(code.atomics(code.text(name)) for name in code.begins if f"<{name}>" in " ".join(text))
        most = table["text"].getint(function, law)
        bounds = f"{law} to {most}" if most > law else str(law)
        print(f"  {function:45} {found} in its code, of {bounds}")
        if not law <= found <= most:
            wrong.append(f"{function}: {found} atomics in its code, not {bounds} (see [text] in {TABLE.name})")
    return wrong


def report(wrong: List[str]) -> int:
    """Prints what is wrong; the exit status."""
    for each in wrong:
        print(f"WRONG  {each}")
    return 1 if wrong else 0


def check(arguments: argparse.Namespace) -> int:
    """One of the checks."""
    table = read_table()
    what = arguments.what
    if what != "text":
        try:
            counted = count(arguments.objdump, arguments.program)
        except CannotStep as reason:
            if what != "atomics":
                raise
            print(f"not stepped: {reason}")
            what = "text"
    if what == "text":
        return report(text_atomics(arguments.objdump, arguments.program, table))
    if what not in LAWS and (reason := why_unknown(table, counted)):
        print(f"Skipped: {reason}")
        return 0
    print_counts(counted)
    return report(CHECKS[what](table, counted))


def print_counts(counted: Count) -> None:
    """One line for each path, and one for each that calls the system."""
    print(f"{counted.compiler} {counted.flags}")
    for path, way in counted.paths.items():
        print(f"  {path:45} atomics {way.atomics}  instructions {way.row()}")
    for path, calls in counted.system_calls.items():
        if calls or path not in counted.paths:
            print(f"  {path:45} system calls {calls}")


def mutants(arguments: argparse.Namespace) -> int:
    """Each check, with the program's own counts as the table, on the mutant that it is to find."""
    original = count(arguments.objdump, arguments.program)
    counts = {each.name: count(arguments.objdump, each) for each in arguments.mutants}
    table = configparser.ConfigParser()
    table["atomics"] = {path: str(way.atomics) for path, way in original.paths.items()}
    table["system_calls"] = {path: str(calls) for path, calls in original.system_calls.items()}
    table[original.compiler] = {path: way.row() for path, way in original.paths.items()}
    wrong = []
    for what, find in CHECKS.items():
        mutant = counts[f"park_fast_paths_{what[:-1]}"]
        if problems := find(table, original):
            wrong += [f"without a mutant: {each}" for each in problems]
        found = {each.partition(":")[0] for each in find(table, mutant)}
        paths = mutant.system_calls if what == "system_calls" else mutant.paths
        print(f"{what}: found in {len(found)} of {len(paths)} paths")
        wrong += [f"{what}: the mutant is not found in {path}" for path in paths if path not in found]
    return report(wrong)


def renew(arguments: argparse.Namespace) -> int:
    """Writes the section of this compiler, in the place where it was, or at the end."""
    table = read_table()
    counted = count(arguments.objdump, arguments.program)
    was = dict(table[counted.compiler]) if counted.compiler in table else {}
    now = {"flags": counted.flags, **{path: way.row() for path, way in counted.paths.items()}}
    changed = [f"{key}: {was.get(key, '(none)')} -> {now.get(key, '(none)')}"
               for key in {**was, **now} if was.get(key) != now.get(key)]
    print("\n  ".join([f"{counted.compiler}: {len(changed)} changed", *changed]))

    section = "".join(f"{key} = {value}\n" for key, value in now.items())
    text = TABLE.read_text(encoding="utf-8")
    head = f"[{counted.compiler}]\n"
    if head in text:
        before, _, after = text.partition(head)
        rest = re.search(r"^\[", after, re.MULTILINE)
        text = before + head + section + ("\n" + after[rest.start():] if rest else "")
    else:
        text += "\n" + head + section
    TABLE.write_text(text, encoding="utf-8")
    return report(wrong_atomics(table, counted) + wrong_system_calls(table, counted))


def show(arguments: argparse.Namespace) -> int:
    """What a program executes."""
    print_counts(count(arguments.objdump, arguments.program))
    return 0


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objdump", default="objdump")
    commands = parser.add_subparsers(required=True, metavar="show, check, mutants or renew")
    for command in (show, check, mutants, renew):
        options = commands.add_parser(command.__name__)
        options.set_defaults(command=command)
        if command is check:
            options.add_argument("what", choices=[*CHECKS, "text"])
        options.add_argument("program", type=Path, nargs=None if command is mutants else "?", default=PROGRAM)
        if command is mutants:
            options.add_argument("mutants", type=Path, nargs="+")
    arguments = parser.parse_args()
    try:
        return arguments.command(arguments)
    except CannotStep as reason:
        print(f"Skipped: {reason}")
        return 0


if __name__ == "__main__":
    sys.exit(main())
