"""Adds up the stages of .ci/run; exits with 1 when anything failed or nothing passed.

usage: summary.py STAGES BUILD
STAGES has a line "name<TAB>passed|failed" for each stage. The stage test-PRESET counts as the tests in BUILD/PRESET/tests.xml (JUnit, by
ctest), and once more if it failed without any of them failing; every other stage counts as one.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def outcome(test):
    """Returns how a test ended (passed, failed or skipped) and, if skipped, the reason that it gave."""
    if test.get("status") == "run":
        return "passed", ""
    skipped = test.find("skipped")
    if skipped is None:
        return "failed", ""
    # As GoogleTest, our CMake files and unittest print it.
    said = re.search(r"(?:: Skipped\n+|Skipped: | skipped ')(.+)", test.findtext("system-out") or "")
    return "skipped", said[1] if said else skipped.get("message")


def main(stages, build):
    total = Counter()
    for line in Path(stages).read_text().splitlines():
        stage, ended = line.split("\t")
        counts = Counter()
        report = Path(build, stage.partition("test-")[2], "tests.xml")
        if stage.startswith("test-") and report.exists():
            for test in ElementTree.parse(report).getroot().iter("testcase"):
                how, reason = outcome(test)
                counts[how] += 1
                if how != "passed":
                    print(f"  {how}: {stage} {test.get('name')}" + (f": {reason}" if reason else ""))
        if ended == "failed" and not counts["failed"] or not counts:
            counts[ended] += 1
        print(f"{stage}: {ended}, " + ", ".join(f"{counts[how]} {how}" for how in ("passed", "failed", "skipped")))
        total += counts
    print(", ".join(f"{total[how]} {how}" for how in ("passed", "failed", "skipped")))
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
