"""A median with its spread, and what that spread can and cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from statistics import median
from typing import Iterable, Optional

CONFIDENCE = 0.95
FEWEST_FOR_AN_INTERVAL = 6  # below this even minimum to maximum covers the median with less than 95 %


@dataclass(frozen=True)
class Estimate:
    """The median of repeated measurements between low and high."""

    median: float
    low: float
    high: float
    count: int

    @property
    def relative_width(self) -> float:
        return (self.high - self.low) / self.median if self.median else 0.0

    def overlaps(self, other: "Estimate") -> bool:
        return self.low <= other.high and other.low <= self.high


def coverage(count: int, rank: int) -> float:
    """The chance that the interval from the rank-th least to the rank-th greatest of count values holds the median."""
    return 1 - 2 * sum(comb(count, k) for k in range(rank)) / 2**count


def interval_rank(count: int, confidence: float = CONFIDENCE) -> int:
    """The rank of the narrowest order-statistics interval of the median with this coverage; 1 (all values) if none."""
    rank = 1
    while coverage(count, rank + 1) >= confidence and 2 * (rank + 1) <= count:
        rank += 1
    return rank


def estimate(values: Iterable[float], confidence: float = CONFIDENCE) -> Optional[Estimate]:
    """Median and spread: minimum to maximum of few values, else the interval of the median."""
    ordered = sorted(values)
    if not ordered:
        return None
    rank = interval_rank(len(ordered), confidence)
    return Estimate(median(ordered), ordered[rank - 1], ordered[-rank], len(ordered))


def spread_in_words(count: int) -> str:
    """What the interval of an estimate from so many repetitions is."""
    if count < 2:
        return "one repetition: no spread is known"
    if count < FEWEST_FOR_AN_INTERVAL:
        return f"minimum to maximum of {count} repetitions"
    return f"95 % interval of the median of {count} repetitions"


def chance_of_false_separation(count: int) -> float:
    """How often the intervals of two implementations that are really equal lie apart, by chance alone.

    Of the 2 * count pooled values in order, X's interval lies below Y's when X's rank-th greatest comes before Y's
    rank-th least: a hypergeometric tail. Twice that, for either may be the lower one.
    """
    if count < 1:
        return 1.0
    rank = interval_rank(count)
    needed = count - rank + 1
    drawn = needed + rank - 1
    tail = sum(comb(count, k) * comb(count, drawn - k) for k in range(needed, count + 1) if drawn - k <= count)
    return min(1.0, 2 * tail / comb(2 * count, drawn))
