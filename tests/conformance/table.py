"""Prints the conformance table: what the standard says, and which of park and the standard libraries meet it.

usage: table.py BUILD... Reads what GoogleTest has left in each BUILD, where scripts/test has run its tests; e.g. after
scripts/test --preset release --preset libcxx: table.py build/release build/libcxx. Exits with 1 where a test failed or
there is none.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree


def cell(test):
    """Returns what stands in the table for a test, and why, where the subject deviates as known."""
    if test.find("failure") is not None or test.get("status") != "run":
        return "FAILED", ""
    if test.get("result") == "skipped":
        return "skipped", ""
    known = next((one.get("value") for one in test.iter("property") if one.get("name") == "deviates"), "yes")
    how, _, reason = known.partition(": ")
    return how, reason


def read(builds):
    """Returns {expectation: {column: (cell, reason)}} and the columns, park last."""
    rows, columns = {}, []
    for build in builds:
        for report in sorted(Path(build, "gtest").glob("park_conformance_of_*.xml")):
            column = f"{report.stem.removeprefix('park_conformance_of_')}, {Path(build).name}"
            columns.append(column)
            for test in ElementTree.parse(report).getroot().iter("testcase"):
                if test.get("classname") != "deviations":
                    rows.setdefault(f"{test.get('classname')}.{test.get('name')}", {})[column] = cell(test)
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
