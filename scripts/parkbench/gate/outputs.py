"""What the gate says: as a table, as Markdown for a pull request, as JUnit for a CI, and as JSON."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from typing import Optional

from ..quantity import NOT_MEASURED, three_digits
from .verdicts import FAILED, INCONCLUSIVE, PASS, REGRESSED, Verdict

ORDER = [REGRESSED, FAILED, "refused", INCONCLUSIVE, "removed", "skipped", "added", PASS]
MARKDOWN = re.compile(r"[\\`*_\[\]#~|]")
HEADINGS = ["verdict", "benchmark", "base ns", "head ns", "change", "90 % interval", ""]


def sorted_by_weight(verdicts: list[Verdict]) -> list[Verdict]:
    """What matters most first; the rest in the binary's order."""
    return sorted(verdicts, key=lambda verdict: ORDER.index(verdict.outcome))


def row(verdict: Verdict) -> list[str]:
    """One line of a table."""
    shift = verdict.shift
    change = f"{100 * shift.change:+.1f} %" if shift else NOT_MEASURED
    bounds = "{:+.1f} to {:+.1f} %".format(*(100 * bound for bound in shift.bounds)) if shift else NOT_MEASURED
    reasons = [verdict.reason]
    if verdict.dropped:
        reasons.append(f"{verdict.dropped} disturbed pairs dropped")
    if verdict.disturbed:
        reasons.append(f"{verdict.disturbed} disturbed ones counted all the same")
    reason = "; ".join(filter(None, reasons))
    return [
        verdict.outcome,
        verdict.name,
        three_digits(verdict.base_ns),
        three_digits(verdict.head_ns),
        change,
        bounds,
        reason,
    ]


def summary(verdicts: list[Verdict]) -> str:
    """2 regressed, 1 inconclusive, 40 pass."""
    counts = Counter(verdict.outcome for verdict in verdicts)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in ORDER if counts[outcome]) or "nothing was compared"


def as_text(verdicts: list[Verdict], remarks: list[str]) -> str:
    """A table to read in a terminal."""
    lines = [HEADINGS, *(row(verdict) for verdict in sorted_by_weight(verdicts))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    right = {2, 3, 4, 5}
    table = [
        "  ".join(
            text.rjust(width) if column in right else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*table, "", *remarks, summary(verdicts)])


def as_markdown(verdicts: list[Verdict], remarks: list[str]) -> str:
    """For a pull request: the summary, what matters in a table, the rest folded away."""
    telling = [verdict for verdict in sorted_by_weight(verdicts) if verdict.outcome != PASS]
    quiet = [verdict for verdict in verdicts if verdict.outcome == PASS]
    parts = [f"**parkbench: {summary(verdicts)}**", *(f"> {plain(remark)}" for remark in remarks)]
    if telling:
        parts.append(markdown_table(telling))
    if quiet:
        parts.append(f"<details><summary>{len(quiet)} pass</summary>\n\n{markdown_table(quiet)}\n\n</details>")
    return "\n\n".join(parts) + "\n"


def markdown_table(verdicts: list[Verdict]) -> str:
    def cells(line: list[str]) -> str:
        return "| " + " | ".join(line) + " |"

    rule = "|" + "|".join(" ---: " if 2 <= column <= 5 else " --- " for column in range(len(HEADINGS))) + "|"
    rows = [
        [code(text) if column == 1 else plain(text) for column, text in enumerate(row(verdict))] for verdict in verdicts
    ]
    return "\n".join([cells(HEADINGS), rule, *(cells(line) for line in rows)])


def code(name: str) -> str:
    """A name in Markdown, so that each of its characters is shown as it is; in a table too."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", name)), default=0))
    space = " " if name.startswith("`") or name.endswith("`") else ""
    return fence + space + " ".join(name.splitlines()).replace("|", "\\|") + space + fence


def plain(text: str) -> str:
    """The same of a sentence."""
    return MARKDOWN.sub(r"\\\g<0>", html.escape(" ".join(text.splitlines()), quote=False))


def as_junit(verdicts: list[Verdict], remarks: list[str]) -> str:
    """A test for each benchmark: a regression is a failure, a crash an error, what stayed open is skipped by name."""
    counts = Counter(verdict.outcome for verdict in verdicts)
    suite = ElementTree.Element(
        "testsuite",
        name="parkbench compare",
        tests=str(len(verdicts)),
        failures=str(counts[REGRESSED]),
        errors=str(counts[FAILED]),
        skipped=str(len(verdicts) - counts[REGRESSED] - counts[FAILED] - counts[PASS]),
    )
    for verdict in verdicts:
        case = ElementTree.SubElement(suite, "testcase", classname="parkbench", name=printable(verdict.name))
        kind = {REGRESSED: "failure", FAILED: "error", PASS: None}.get(verdict.outcome, "skipped")
        if kind:
            ElementTree.SubElement(case, kind, message=printable(f"{verdict.outcome}: {' '.join(row(verdict)[4:])}"))
    if remarks:
        ElementTree.SubElement(suite, "system-out").text = printable("\n".join(remarks))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def printable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(
        each if each in "\t\n" or " " <= each <= "\ud7ff" or "\ue000" <= each <= "\ufffd" else "?" for each in text
    )


def as_json(verdicts: list[Verdict], remarks: list[str], **about: object) -> dict:
    """For other programs."""
    return {
        "schema": 1,
        **about,
        "summary": summary(verdicts),
        "remarks": remarks,
        "benchmarks": [as_object(verdict) for verdict in verdicts],
    }


def as_object(verdict: Verdict) -> dict:
    shift: Optional[dict] = None
    if verdict.shift:
        low, high = verdict.shift.bounds
        shift = {
            "change": verdict.shift.change,
            "low": low,
            "high": high,
            "p_slower": verdict.shift.p_slower,
            "measurements": verdict.shift.count,
        }
    return {
        "name": verdict.name,
        "verdict": verdict.outcome,
        "base_ns": verdict.base_ns,
        "head_ns": verdict.head_ns,
        "shift": shift,
        "reason": verdict.reason,
        "dropped_pairs": verdict.dropped,
        "disturbed": verdict.disturbed,
    }
