#!/usr/bin/env python3
"""Finds in machine code the instructions by which a thread waits and reads the clock.

  check.py --objdump OBJDUMP --arch NAME check FUNCTIONS [LIBRARY]   they are in the functions of functions.cpp, and in libpark
  check.py --objdump OBJDUMP --arch NAME mutant FUNCTIONS            they are not, of the generic back-end's: the check can fail

NAME is that of park::arch. What each disassembler may call an instruction is a pattern; the instructions stand in this order.
"""

import argparse
import re
import subprocess
import sys
from typing import Dict, List

# By architecture and function; where there is nothing to find, the function returns at once.
WANTED: Dict[str, Dict[str, List[str]]] = {
    "x86_64": {"park_relax": [r"pause"], "park_ticks": [r"rdtsc"]},
    "i386": {"park_relax": [r"pause"], "park_ticks": [r"rdtsc"]},
    "aarch64": {"park_relax": [r"isb"], "park_ticks": [r"mrs\s+x\d+, *cntvct_el0"]},
    "arm": {"park_relax": [r"isb"], "park_ticks": [r"blx?\s.*steady_clock"]},
    "riscv64": {"park_relax": [r"pause|fence\s+(w, *(0|unknown)|unknown)|\.insn.*0x0100000f"],
                "park_ticks": [r"rdtime|csrr\s+\w+, *time"]},
    "ppc64": {"park_relax": [r"(or|mr)\s+r?31,( *)r?31", r"yield|(or|mr)\s+r?27, *r?27", r"(or|mr)\s+r?2, *r?2(?!\d)"],
              "park_ticks": [r"mftb|mfspr\s+r?\d+, *268"]},
    "s390x": {"park_relax": [], "park_ticks": [r"stckf"]},
    "loongarch64": {"park_relax": [r"dbar\s+(0x)?0(?![\dx])"], "park_ticks": [r"rdtime\.d"]},
}
# The monitored waits, each in a function of that name.
WATCHES: Dict[str, Dict[str, List[str]]] = {
    "x86_64": {"umwait": [r"umonitor", r"cmpl?\s", r"jn[ez]\s", r"umwait"],
               "mwaitx": [r"monitorx", r"cmpl?\s", r"jn[ez]\s", r"mov", r"mov", r"mwaitx"]},
    "aarch64": {"wfe": [r"ldxr\s+w", r"(cmp|subs)\s", r"b\.ne\s", r"wfe"],
                "wfet": [r"ldxr\s+w", r"(cmp|subs)\s", r"b\.ne\s", r"wfet|msr\s+s0_3_c1_c0_0"]},
    "riscv64": {"wrs": [r"lr\.w\s", r"bne\s", r"wrs\.sto|\.word\s+0x01d00073|\.insn.*0x01d00073|\.4byte\s+0x1d00073"]},
}
WATCHES["i386"] = WATCHES["x86_64"]
RETURN = r"br\s+%r14"  # of the one that has nothing to find


def texts(objdump: str, arch: str, file: str) -> Dict[str, List[str]]:
    """The instructions of each function."""
    command = [objdump, "-d", "--demangle", "--no-show-raw-insn", file]
    if arch == "riscv64" and "llvm" in objdump:  # which else calls it unknown
        command.insert(1, "--mattr=+zawrs,+zihintpause")
    found: Dict[str, List[str]] = {}
    function = ""
    for line in subprocess.run(command, capture_output=True, text=True, timeout=100, check=True).stdout.splitlines():
        if head := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            function = head[1]
            found.setdefault(function, [])  # each object of an archive may have one of the same name
        elif row := re.match(r"\s*[0-9a-f]+:\s+(\S.*)", line):
            found.setdefault(function, []).append(row[1])
    return found


def watch_complaints(arch: str, found: Dict[str, List[str]]) -> List[str]:
    """What is not as it should be in the monitored waits, one line for each of them."""
    wrong = []
    for name, wanted in WATCHES.get(arch, {}).items():
        text = next((text for function, text in found.items() if f"watching::{name}(" in function), [])
        if not has(text, wanted):
            wrong.append(f"{name}: has not {' '.join(wanted)}, but {'; '.join(text)}")
    return wrong


def has(text: List[str], wanted: List[str]) -> bool:
    """Whether the instructions stand there in this order, one right behind the other."""
    return any(all(re.match(pattern, each, re.IGNORECASE) for pattern, each in zip(wanted, text[at:]))
               for at in range(len(text) - len(wanted) + 1))


def complaints(objdump: str, arch: str, functions: str) -> List[str]:
    """What is not as it should be in functions.cpp's functions, one line for each of them."""
    found = texts(objdump, arch, functions)
    wrong = []
    for function, wanted in WANTED[arch].items():
        text = found.get(function, found.get(f"_{function}", []))
        if not text:
            wrong.append(f"{function}: is not there")
        elif not has(text if wanted else text[:1], wanted or [RETURN]):
            wrong.append(f"{function}: has not {' '.join(wanted) or RETURN}, but {'; '.join(text)}")
    return wrong + watch_complaints(arch, found)


def library_complaints(objdump: str, arch: str, library: str) -> List[str]:
    """What is not as it should be in the spins that were compiled into libpark."""
    wanted = WANTED[arch]["park_relax"]
    found = texts(objdump, arch, library)
    spins = [function for function, text in found.items() if has(text, wanted)]
    print(f"{library}: {' '.join(wanted) or 'nothing to find'} in {len(spins)} functions")
    wrong = [] if spins else [f"{library}: no function has {' '.join(wanted)}"]
    return wrong + [f"{library}: {each}" for each in watch_complaints(arch, found)]


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--objdump", required=True)
    parser.add_argument("--arch", required=True, choices=sorted(WANTED))
    parser.add_argument("what", choices=["check", "mutant"])
    parser.add_argument("functions")
    parser.add_argument("library", nargs="?")
    given = parser.parse_args()
    wrong = complaints(given.objdump, given.arch, given.functions)
    if given.what == "check":
        if given.library:
            wrong += library_complaints(given.objdump, given.arch, given.library)
        print("\n".join(wrong) or f"{given.arch}: all there")
        return 1 if wrong else 0
    # The generic back-end reads the clock as ARM's does, and relaxes as that of z/Architecture, which cannot be told from it.
    alike = {"arm": "park_ticks", "s390x": "park_relax"}.get(given.arch)
    unnoticed = [each for each in [*WANTED[given.arch], *WATCHES.get(given.arch, {})]
                 if each != alike and not any(line.startswith(f"{each}:") for line in wrong)]
    print("\n".join(f"{each}: the generic one passes" for each in unnoticed) or "the mutant is caught")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
