"""Prints the conformance table: what the standard says, and which of park and the standard libraries meet it.

usage: table.py BUILD...
Reads the tests.xml of each BUILD, which scripts/test writes there; e.g. after scripts/test --preset release --preset libcxx:
table.py build/release build/libcxx. Exits with 1 where a test failed or there is none.
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree


def cell(test):
    """Returns what stands in the table for a test, and why, where the subject deviates as known."""
    if test.find("skipped") is not None:
        return "skipped", ""
    if test.get("status") != "run":
        return "FAILED", ""
    known = re.search(r"Deviates \((\w+)\): (.+)", test.findtext("system-out") or "")
    return (known[1], known[2]) if known else ("yes", "")


def read(builds):
    """Returns {expectation: {column: (cell, reason)}} and the columns, park last."""
    rows, columns = {}, []
    for build in builds:
        for test in ElementTree.parse(Path(build, "tests.xml")).getroot().iter("testcase"):
            found = re.fullmatch(r"conformance\.(park|std)\.(\w+\.\w+)", test.get("name"))
            if not found or found[2].startswith("deviations."):
                continue
            column = f"{found[1]}, {Path(build).name}"
            if column not in columns:
                columns.append(column)
            rows.setdefault(found[2], {})[column] = cell(test)
    return rows, sorted(columns, key=lambda column: column.startswith("park"))


def main(builds):
    rows, columns = read(builds)
    width = max((len(row) for row in rows), default=0)
    print(" | ".join(["expectation".ljust(width), *columns]))
    for row, cells in rows.items():
        line = [cells.get(column, ("not built", ""))[0].ljust(len(column)) for column in columns]
        print(" | ".join([row.ljust(width), *line]).rstrip())
    print()
    for column in columns:
        own = [cells[column][0] for cells in rows.values() if column in cells]
        print(f"{column}: {own.count('yes')} of {len(rows)} met")
        for row, cells in rows.items():
            how, reason = cells.get(column, ("yes", ""))
            if how != "yes":
                print(f"  {row} {how}" + (f": {reason}" if reason else ""))
    failed = any(how == "FAILED" for cells in rows.values() for how, _ in cells.values())
    return 1 if failed or not any(column.startswith("park") for column in columns) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
