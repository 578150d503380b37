"""Who is best at what, and where the noise does not let one say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional

from .catalogue import Cell, Workload
from .estimate import FEWEST_FOR_AN_INTERVAL, Estimate
from .measurements import OWN, Measurements, nanoseconds_per_operation
from .quantity import NOT_MEASURED, three_digits


@dataclass(frozen=True)
class Verdict:
    """One line of the table: a workload at a thread count."""

    workload: Workload
    threads: int
    estimates: dict[str, Estimate]  # ns per operation, by implementation
    errors: dict[str, str]
    best: Optional[str]  # None where two lead within the noise, or nothing can be told
    leaders: tuple[str, ...]  # the fastest and all that the noise does not part from it; none without repetitions
    rival: Optional[str]  # the fastest that is not ours
    ratio: Optional[float]  # park's ns per operation over the rival's: under 1 is faster
    ratio_is_noise: bool
    floor: Optional[str] = None  # the fastest of the floors, which take no part in all this

    @property
    def shown(self) -> Optional[Estimate]:
        """Of ours, or, where it took no part, of the fastest."""
        return self.estimates.get(OWN) or min(self.estimates.values(), key=lambda each: each.median, default=None)

    @property
    def sentence(self) -> str:
        """The verdict in a few words."""
        if not self.estimates:
            return "nothing was measured"
        if len(self.estimates) == 1:
            return f"only {next(iter(self.estimates))} was measured"
        if len(self.leaders) > 1:
            lead = leaders_in_words(self.leaders)
        elif self.best == OWN:
            return f"{OWN} best, {factor(1 / self.ratio)} faster than {self.rival}"
        elif self.best:
            lead = f"{self.best} best"
        else:
            return "one repetition: no verdict"
        if OWN in self.leaders or self.ratio is None:
            return lead
        return f"{lead}; {OWN} {factor(self.ratio)} slower" + ("" if self.best else f" than {self.rival}")


def leaders_in_words(leaders: tuple[str, ...]) -> str:
    """Ours first when it leads with others: "park within the noise of posix"."""
    first = OWN if OWN in leaders else leaders[0]
    return f"{first} within the noise of {', '.join(name for name in leaders if name != first)}"


def factor(ratio: float) -> str:
    """1.23×; more than a hundredfold without decimals, as all three-digit numbers."""
    return f"{three_digits(ratio)}×"


def told_apart(one: Estimate, other: Estimate, typical_width: float) -> bool:
    """Whether two differ by more than noise: their intervals lie apart.

    Of few repetitions intervals are narrow by chance: then the medians must also lie further apart than the workload's
    cells usually spread. Of many they must not: the widest of the other cells would hide what these two show.
    """
    if min(one.count, other.count) < 2 or one.overlaps(other):
        return False
    if min(one.count, other.count) >= FEWEST_FOR_AN_INTERVAL:
        return True
    return abs(math.log(one.median / other.median)) > typical_width


def judge(run: Measurements, workload: str, threads: int) -> Verdict:
    """The verdict on a workload at a thread count."""
    estimates, errors = {}, {}
    for name in run.implementations_of(workload):
        cell = Cell(workload, name, threads)
        found = run.estimate(cell, nanoseconds_per_operation)
        if found:
            estimates[name] = found
        if cell in run.errors:
            errors[name] = run.errors[cell][0]
    width = run.typical_width(workload) or 0.0
    by_time = sorted(estimates, key=lambda name: estimates[name].median)
    order = [name for name in by_time if name not in run.floors]
    floors = [name for name in by_time if name in run.floors]
    fastest = order[0] if order else None
    leaders = tuple(n for n in order if n == fastest or not told_apart(estimates[n], estimates[fastest], width))
    if any(estimates[name].count < 2 for name in order):
        leaders = ()
    rivals = [name for name in order if name != OWN]
    rival = rivals[0] if rivals else None
    both = OWN in estimates and rival is not None
    return Verdict(
        run.catalogue.workloads[workload],
        threads,
        estimates,
        errors,
        fastest if len(leaders) == 1 and len(order) > 1 else None,
        leaders,
        rival,
        estimates[OWN].median / estimates[rival].median if both else None,
        both and not told_apart(estimates[OWN], estimates[rival], width),
        floors[0] if floors else None,
    )


def verdicts(run: Measurements) -> list[Verdict]:
    """The whole table, in the catalogue's order."""
    return [judge(run, workload, threads) for workload in run.workloads for threads in run.stated_threads(workload)]


def as_text(rows: list[Verdict], implementations: list[str]) -> str:
    """The table for a terminal: ns per operation, * on the best, verdict in words."""
    header = ["ns per operation", "threads", *implementations, "verdict"]
    table = [header] + [
        [row.workload.name, str(row.threads), *(text_cell(row, name) for name in implementations), row.sentence]
        for row in rows
    ]
    widths = [max(len(line[column]) for line in table) for column in range(len(header))]
    lines = []
    for line in table:
        cells = [line[0].ljust(widths[0])]
        cells += [text.rjust(width) for text, width in zip(line[1:-1], widths[1:-1])]
        lines.append("  ".join([*cells, line[-1]]).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def text_cell(row: Verdict, name: str) -> str:
    if name not in row.estimates:
        return "error" if name in row.errors else NOT_MEASURED
    return three_digits(row.estimates[name].median) + ("*" if row.best == name else " ")
