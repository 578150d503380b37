"""How long each cell may take and how often: from a time budget and the number of cells, never by leaving one out."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import groupby
from typing import Optional

from .catalogue import Cell

LEAST_CELL_S = 0.01


@dataclass(frozen=True)
class Thoroughness:
    """A budget and what to buy with it, repetitions in the order of preference."""

    budget_s: float
    repetitions: tuple[int, ...]  # the last is the least that may be
    most_repetitions: int  # where there is time left
    worthwhile_cell_s: float  # fewer repetitions rather than shorter cells than this
    longest_cell_s: float
    hangs_allowed: int  # a cell that hung so often is not run again
    fairness_cell_s: float = 0.0  # shares are told of so long a time; 0: not at all
    counts: bool = True  # system calls are counted, in a pass of its own


FULL = Thoroughness(230.0, (9, 7, 6, 5), 15, 0.12, 0.5, 2, 1.0)
QUICK = Thoroughness(42.0, (3, 2), 9, 0.05, 0.2, 1)
PEERS = Thoroughness(600.0, (9, 7, 6, 5), 15, 0.12, 0.5, 2, 1.0)
PEERS_QUICK = Thoroughness(55.0, (3, 2), 9, 0.05, 0.2, 1)
TUNING = Thoroughness(340.0, (12, 8), 12, 0.03, 0.2, 2, counts=False)
TUNING_QUICK = Thoroughness(85.0, (3, 2), 9, 0.02, 0.1, 1, counts=False)
MODES = Thoroughness(330.0, (3, 2, 1), 3, 1.0, 1.0, 1, counts=False)
MODES_QUICK = Thoroughness(45.0, (1,), 1, 0.2, 0.2, 1, counts=False)
COUNTING_CELL_S = 0.02


@dataclass(frozen=True)
class Cost:
    """What a process of cell_seconds = s takes: fixed_s + slope * s."""

    fixed_s: float
    slope: float

    def of(self, cell_seconds: float) -> float:
        return self.fixed_s + self.slope * cell_seconds


@dataclass(frozen=True)
class Plan:
    """How a run spends its time."""

    repetitions: int
    least_repetitions: int
    most_repetitions: int
    cell_seconds: float
    expected_s: float
    fairness_s: float = 0.0  # of these, for the shares


def fit_cost(short_s: float, short_elapsed: float, long_s: float, long_elapsed: float) -> Cost:
    """The cost line through two probes, kept physical: nothing is free, and time asked for is time spent."""
    slope = max(1.0, (long_elapsed - short_elapsed) / (long_s - short_s))
    return Cost(max(0.001, short_elapsed - slope * short_s), slope)


def make_plan(
    thoroughness: Thoroughness,
    cost: Cost,
    cells: int,
    repetitions: Optional[int],
    cell_seconds: Optional[float],
    fairness_cells: int = 0,
) -> Plan:
    """Spend the budget on the most preferred repetitions whose cells are long enough; the user's word goes first."""
    fairness_s = fairness_cells * cost.of(thoroughness.fairness_cell_s)
    once = (cells * cost.of(COUNTING_CELL_S) if thoroughness.counts else 0) + fairness_s

    def affordable(count: int) -> float:
        per_process = (thoroughness.budget_s - once) / (count * cells)
        return min(thoroughness.longest_cell_s, (per_process - cost.fixed_s) / cost.slope)

    needed = cell_seconds or thoroughness.worthwhile_cell_s
    count = repetitions or next(
        (n for n in thoroughness.repetitions if affordable(n) >= needed), thoroughness.repetitions[-1]
    )
    seconds = cell_seconds or round(max(LEAST_CELL_S, affordable(count)), 3)
    least = repetitions or min(count, thoroughness.repetitions[-1])
    most = repetitions or thoroughness.most_repetitions
    return Plan(count, least, most, seconds, once + count * cells * cost.of(seconds), fairness_s)


def interleaved(cells: list[Cell], shuffle: random.Random) -> list[Cell]:
    """One repetition's order: implementations of the same workload and thread count side by side, all else shuffled."""
    blocks = [list(block) for _, block in groupby(cells, key=lambda cell: (cell.workload, cell.pin, cell.threads))]
    shuffle.shuffle(blocks)
    for block in blocks:
        shuffle.shuffle(block)
    return [cell for block in blocks for cell in block]
