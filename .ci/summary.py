"""Adds up the stages of .ci/run; exits with 1 when anything failed or nothing passed.

usage: summary.py STAGES BUILD
STAGES has a line "name<TAB>passed|failed|skipped<TAB>seconds<TAB>seconds of the CPUs<TAB>why" for each stage. The stage
test-PRESET counts as the tests that BUILD/PRESET tells of, and once more if it failed without any of them failing; the
stage targets as those of each target in BUILD/targets.txt, of which one that could not be had counts as skipped; every
other stage counts as one. A table says where the time went. What failed is told last, with the end of what it printed.
"""

import sys
import textwrap
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts" / "lib"))
from targets import known  # noqa: E402
from test_report import outcomes  # noqa: E402

HOW = ("passed", "failed", "skipped")


def of_stage(stage, build):
    """Yields (name, how it ended, reason) of each test of a stage."""
    if stage == "targets" and Path(build, "targets.txt").exists():
        for line in Path(build, "targets.txt").read_text().splitlines():
            target, ended = line.split("\t")
            if ended.startswith("missing"):
                yield target, "skipped", ended
            else:
                yield from of_build(Path(build, known()[target][0]), target)
    elif stage.startswith("test-"):
        yield from of_build(Path(build, stage.partition("-")[2]), "")


def of_build(folder, target):
    if (folder / "tests.xml").exists():
        for name, how, reason in outcomes(folder):
            yield f"{target} {name}".strip(), how, reason
    elif target:
        yield target, "failed", "not built"


def table(rows):
    """Prints them in columns, numbers to the right."""
    widths = [max(len(str(each[column])) for each in rows) for column in range(len(rows[0]))]
    for name, *numbers in rows:
        cells = [str(each).rjust(width) for each, width in zip(numbers, widths[1:])]
        print(" | ".join([str(name).ljust(widths[0]), *cells]))


def main(stages, build):
    total, failures, broken, rows = Counter(), [], [], [("stage", "wall s", "CPU s", *HOW)]
    for line in Path(stages).read_text().splitlines():
        stage, ended, *took, why = line.split("\t")
        counts = Counter()
        for name, how, reason in of_stage(stage, build) if ended != "skipped" else [("", "skipped", why)]:
            counts[how] += 1
            if how == "skipped":
                print(f"  skipped: {stage} {name}".rstrip() + (f": {reason}" if reason else ""))
            elif how == "failed":
                failures.append((f"{stage} {name}", reason))
        if ended == "failed" and not counts["failed"] or not counts:
            counts[ended] += 1
        if counts["failed"]:
            broken.append(f"failed: {stage}" + (f": {why}" if why else ""))
        rows.append((stage, *took, *(counts[how] for how in HOW)))
        total += counts
    print()
    sums = (sum(int(row[column]) for row in rows[1:]) for column in (1, 2))
    table([*rows, ("all", *sums, *(total[how] for how in HOW))])
    for name, printed in failures:
        print(f"failed: {name}\n{textwrap.indent(printed, '  | ')}")
    print(*broken, ", ".join(f"{total[how]} {how}" for how in HOW), sep="\n")
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
