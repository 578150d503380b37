"""Prints what scripts/test --targets ran.

usage: targets.py BUILD
BUILD/targets.txt has a line "target<TAB>ran|failed|missing: what" for each; BUILD/PRESET has what its tests left.
"""

import platform
import sys
from collections import Counter
from pathlib import Path

from test_report import outcomes, said


def known():
    """Returns the rows of targets.txt by target: (preset, system, architecture, run by)."""
    rows = {}
    for line in (Path(__file__).parent / "targets.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            target, *rest = (cell.strip() for cell in line.split("|"))
            rows[target] = rest
    return rows


def row(target, ended, build):
    preset, system, architecture, runner = known()[target]
    if target == "native":
        system, architecture = platform.system(), platform.machine()
    if ended.startswith("missing"):
        return target, system, architecture, "-", "-", runner, "skipped: " + ended
    folder = Path(build, preset)
    if not (folder / "tests.xml").exists():
        return target, system, architecture, "-", "-", runner, "failed: not built"
    counts = Counter(how for _, how, _ in outcomes(folder))
    counted = ", ".join(f"{counts[how]} {how}" for how in ("passed", "failed", "skipped"))
    return target, system, architecture, said(folder, "lot"), said(folder, "arch"), runner, counted


def main(build):
    rows = [("target", "system", "architecture", "lot", "back-end", "run by", "tests")]
    for line in Path(build, "targets.txt").read_text().splitlines():
        rows.append(row(*line.split("\t"), build))
    widths = [max(len(each[column]) for each in rows) for column in range(6)] + [0]
    rows.insert(1, tuple("-" * max(3, width) for width in widths))
    for each in rows:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(each, widths)) + " |")


if __name__ == "__main__":
    main(*sys.argv[1:])
