"""The rule: what a set of differences says about one benchmark, and about a family of them.

A difference is log(head / base) of one pair of neighbouring processes, in random order; so under the hypothesis that
the two sides are alike it is as likely to be d as -d, whatever the machine did meanwhile, and the signed-rank test is
exact: no distribution is assumed. Its interval, by the Walsh averages, goes with it (Hodges and Lehmann 1963). Of
finished runs there are no pairs: there the rank-sum test stands in, which takes the drift between the two runs for a
difference. Of few repetitions no order is as improbable as a large family asks for: ten on each side can be in 184,756
orders, six in 924. Where that is so, or times are equal, Welch's t-test of the logarithms judges (Welch 1947), which
takes them for nearly normal; else a benchmark that has become ten times slower would be let pass.

Why two stages. Of a hundred benchmarks five are suspicious at the 5 % level by chance alone. So a first look only says
who is suspicious; the verdict comes from fresh pairs, which the first look has not chosen, and Holm's procedure holds
the chance of any false alarm in the whole family at 0.5 %. Why so low. At 5 % one run of the gate in twenty would be a
false alarm; a CI can live with one in a hundred. And where a benchmark has modes that outlast a pair, neighbouring
pairs are alike, and the test is wrong more often than it says: of 200 families of the same code (scripts/calibrate)
eight had an alarm at 5 %, four at 1 %, one at 0.5 %, all of a hand-off between threads. Why a floor. A difference that
is real and smaller than what the same code shows on two days is of no use to anybody: a regression must be significant
and its estimate must be past the floor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional, Sequence

import numpy
from scipy import stats

ALPHA = 0.05  # the chance of each one-sided bound to be wrong
FAMILY_ALPHA = 0.005  # the chance of a false alarm in a whole family
FLOOR = 0.03  # of the change of time that counts, as a share
FEWEST_PAIRS = 6  # of fewer, none can be significant: 2 ** -5 is above 3 %
FEWEST_OF_A_RUN = 6  # repetitions on each side of finished runs


@dataclass(frozen=True)
class Shift:
    """How far head is from base, as a log ratio: an estimate between one-sided bounds, and the chance of so much by
    luck alone."""

    estimate: float
    low: float
    high: float
    p_slower: float
    count: int

    @property
    def change(self) -> float:
        """The estimate as a share: 0.05 is 5 % more time."""
        return math.expm1(self.estimate)

    @property
    def bounds(self) -> tuple[float, float]:
        return math.expm1(self.low), math.expm1(self.high)


def paired(differences: Sequence[float]) -> Optional[Shift]:
    """The shift of pairs; None where there are too few to say anything."""
    values = numpy.asarray(differences, dtype=float)
    if len(values) < FEWEST_PAIRS:
        return None
    rows, columns = numpy.triu_indices(len(values))
    averages = numpy.sort((values[rows] + values[columns]) / 2)
    rank = signed_rank_quantile(len(values), ALPHA)
    return Shift(
        float(numpy.median(averages)), float(averages[rank - 1]), float(averages[-rank]), p_slower(values), len(values)
    )


def p_slower(differences: numpy.ndarray) -> float:
    """The chance of a signed-rank sum this great or greater where neither side is slower."""
    moved = differences[differences != 0]
    ranks = stats.rankdata(numpy.abs(moved))
    return float(at_most(len(moved))[math.ceil(ranks[moved < 0].sum())])


def at_most(count: int) -> numpy.ndarray:
    """P(W <= 0), P(W <= 1) ... where W is the signed-rank sum of `count` differences, each of which may have either
    sign."""
    chances = numpy.ones(1)
    for rank in range(1, count + 1):
        longer = numpy.zeros(len(chances) + rank)
        longer[: len(chances)] += chances / 2
        longer[rank:] += chances / 2
        chances = longer
    return numpy.minimum(numpy.cumsum(chances), 1.0)


def signed_rank_quantile(count: int, alpha: float) -> int:
    """The greatest k with P(W < k) <= alpha: the k-th least of the Walsh averages is a bound."""
    return int(numpy.searchsorted(at_most(count), alpha, side="right"))


def unpaired(base: Sequence[float], head: Sequence[float], family: int = 1) -> Optional[Shift]:
    """The shift between two finished runs of a benchmark, one of so many, from the logarithms of their times."""
    if min(len(base), len(head)) < FEWEST_OF_A_RUN:
        return None
    before, after = numpy.asarray(base, dtype=float), numpy.asarray(head, dtype=float)
    apart = numpy.sort(numpy.subtract.outer(after, before).ravel())
    spread = math.sqrt(len(before) * len(after) * (len(before) + len(after) + 1) / 12)
    rank = max(1, math.floor(len(apart) / 2 - stats.norm.ppf(1 - ALPHA) * spread))
    if ranks_can_tell(len(before), len(after), family) and len({*base, *head}) == len(before) + len(after):
        p = float(stats.mannwhitneyu(after, before, alternative="greater", method="exact").pvalue)
    else:
        p = p_by_welch(before, after)
    return Shift(float(numpy.median(apart)), float(apart[rank - 1]), float(apart[-rank]), p, min(len(base), len(head)))


def ranks_can_tell(base: int, head: int, family: int) -> bool:
    """Whether an order of so many repetitions on each side can be as improbable as the first of such a family has to
    be."""
    return math.comb(base + head, head) * FAMILY_ALPHA >= family


def p_by_welch(before: numpy.ndarray, after: numpy.ndarray) -> float:
    """The chance of means so far apart; of times that do not vary at all, the greater is slower."""
    if not before.std() and not after.std():
        return 0.0 if after[0] > before[0] else 1.0
    return float(stats.ttest_ind(after, before, equal_var=False, alternative="greater").pvalue)


def holm(chances: Sequence[float], alpha: float = FAMILY_ALPHA) -> list[bool]:
    """Which of a family are significant, so that the chance of any mistake among them is alpha (Holm 1979)."""
    significant = [False] * len(chances)
    for tested, index in enumerate(sorted(range(len(chances)), key=lambda each: chances[each])):
        if chances[index] > alpha / (len(chances) - tested):
            break
        significant[index] = True
    return significant


def suspicious(shift: Optional[Shift], floor: float) -> bool:
    """Whether a first look leaves open that the benchmark is slower by the floor or more."""
    return shift is None or shift.high >= math.log1p(floor)


def pairs_to_settle(shift: Shift, floor: float) -> Optional[int]:
    """About how many pairs would tell; None where the estimate is too near to what it would have to be told from."""
    limit = math.log1p(floor)
    gap = limit - shift.estimate if shift.estimate < limit else shift.estimate
    half = max(shift.high - shift.estimate, shift.estimate - shift.low)
    if shift.estimate >= limit:
        half *= stats.norm.isf(FAMILY_ALPHA) / stats.norm.isf(
            ALPHA
        )  # what is to be significant has to be so at the family's level
    if gap <= 0 or half / gap > 10:
        return None
    return max(shift.count, math.ceil(shift.count * (half / gap) ** 2))
