"""The verdict on each benchmark, and on all."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass, field
from typing import Iterable, Optional

from .rule import FLOOR, Shift, holm, pairs_to_settle, suspicious

PASS, REGRESSED, INCONCLUSIVE = "pass", "regressed", "inconclusive"
FAILED = "failed"  # a side crashed, hung or measured nothing
ADDED, REMOVED, REFUSED = "added", "removed", "refused"  # not compared, and why
SKIPPED = "skipped"  # by itself, as it says

EXIT_PASS, EXIT_REGRESSED, EXIT_BROKEN, EXIT_INCONCLUSIVE, EXIT_NO_BASELINE = range(5)
EXIT_INTERRUPTED = 130


@dataclass(frozen=True)
class Verdict:
    """What is said of one benchmark."""

    name: str
    outcome: str
    shift: Optional[Shift] = None
    base_ns: Optional[float] = None
    head_ns: Optional[float] = None
    reason: str = ""
    dropped: int = 0
    disturbed: int = 0  # and counted all the same


@dataclass
class Evidence:
    """What was measured of one benchmark: a first look, and fresh measurements if it was suspicious."""

    name: str
    first: Optional[Shift]
    fresh: Optional[Shift] = None
    was_suspicious: bool = False
    times_ns: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    dropped: int = 0
    trouble: Optional[str] = None
    disturbed: int = 0  # and counted all the same
    unit: str = "pairs"

    @property
    def shift(self) -> Optional[Shift]:
        return self.fresh if self.was_suspicious else self.first


def judge(evidence: Iterable[Evidence], floor: float = FLOOR) -> list[Verdict]:
    """The two-stage rule, see rule.py: only what was suspicious can have regressed, and only by its fresh
    measurements."""
    everything = list(evidence)
    tested = [each for each in everything if each.was_suspicious and each.fresh is not None and not each.trouble]
    significant = dict(zip((each.name for each in tested), holm([each.fresh.p_slower for each in tested])))
    return [verdict_on(each, significant.get(each.name, False), floor) for each in everything]


def verdict_on(each: Evidence, significant: bool, floor: float) -> Verdict:
    base_ns, head_ns = (statistics.median(times) if times else None for times in each.times_ns)
    shift = each.shift

    def said(outcome: str, reason: str = "") -> Verdict:
        return Verdict(each.name, outcome, shift, base_ns, head_ns, reason, each.dropped, each.disturbed)

    if each.trouble:
        return said(SKIPPED if skips(each.trouble) else FAILED, each.trouble)
    if shift is None:
        return said(INCONCLUSIVE, "too few measurements")
    if significant and shift.change > floor:
        return said(REGRESSED)
    if not suspicious(shift, floor):
        return said(PASS)
    return said(INCONCLUSIVE, why_open(shift, floor, each.unit))


def why_open(shift: Shift, floor: float, unit: str) -> str:
    """The least slow-down that could have been seen, and what would settle it."""
    visible = max(shift.high - shift.estimate, shift.estimate - shift.low)
    settled = pairs_to_settle(shift, floor)
    more = (
        f"about {settled} {unit} would settle it" if settled else f"it is too near to {100 * floor:.1f} % to be settled"
    )
    return f"from {100 * max(floor, visible):.1f} % on it would have been seen; {more}"


def skips(trouble: str) -> bool:
    """Whether a benchmark has said of itself that it cannot be here; not an error."""
    return re.match(r"(base|head):? skipped: ", trouble) is not None


def exit_status(verdicts: list[Verdict], strict: bool) -> int:
    """A regression goes before what could not be measured or compared, and that before what stayed open."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if REGRESSED in outcomes:
        return EXIT_REGRESSED
    if outcomes & {FAILED, REFUSED}:
        return EXIT_BROKEN
    if strict and outcomes & {INCONCLUSIVE, SKIPPED, REMOVED}:
        return EXIT_INCONCLUSIVE
    return EXIT_PASS
