"""What the tests of one build did, from the files that ctest and GoogleTest left in its folder."""

import re
from pathlib import Path
from xml.etree import ElementTree


def outcomes(folder):
    """Yields (name, "passed", "failed" or "skipped", the reason that a skipped test gave or the end of what a failed one printed) of each test,
    by FOLDER/tests.xml, ctest's JUnit file. What ctest ran as one test, and of which GoogleTest left FOLDER/gtest/NAME.xml, counts as the tests that are in it."""
    for test in ElementTree.parse(Path(folder, "tests.xml")).getroot().iter("testcase"):
        name, (how, reason) = test.get("name"), _of_ctest(test)
        inside = list(_inside(Path(folder, "gtest", name + ".xml"), name))
        yield from inside
        if not inside or how == "failed" and all(each[1] != "failed" for each in inside):
            yield name, how, reason


def said(folder, label):
    """Returns what the tests printed after "LABEL:" at the begin of a line; empty where none did."""
    for test in ElementTree.parse(Path(folder, "tests.xml")).getroot().iter("testcase"):
        found = re.search(rf"^{label}: +(.+?)\s*$", test.findtext("system-out") or "", re.MULTILINE)
        if found:
            return found[1]
    return ""


def _of_ctest(test):
    if test.get("status") == "run":
        return "passed", ""
    skipped = test.find("skipped")
    if skipped is None:
        return "failed", _end_of(test.findtext("system-out"))
    # As GoogleTest, our CMake files and pytest print it.
    reason = re.search(r"(?:: Skipped\n+|Skipped: |SKIPPED \[\d+\] [^:]+:(?:\d+:)? )(.+)", test.findtext("system-out") or "")
    return "skipped", reason[1] if reason else skipped.get("message")


def _end_of(text):
    return "\n".join((text or "").strip().splitlines()[-30:])


def _inside(report, prefix):
    if not report.exists():
        return
    for test in ElementTree.parse(report).getroot().iter("testcase"):
        name = f"{prefix}: {test.get('classname')}.{test.get('name')}"
        skipped = test.find("skipped")
        failure = test.find("failure")
        if failure is not None:
            yield name, "failed", _end_of(failure.get("message") or failure.text)
        elif skipped is not None or test.get("result") == "skipped":
            lines = (skipped.get("message") if skipped is not None else "").strip().splitlines()
            yield name, "skipped", lines[-1] if lines else ""
        elif test.get("status") == "run":
            yield name, "passed", ""
