"""What a process costs beyond the time that it is asked to measure: found by running a few cells briefly."""

from __future__ import annotations

import random
import statistics
from typing import Callable

from .binary import Outcome
from .catalogue import Cell
from .plan import Cost, fit_cost
from .problem import Problem

SHORT_S, LONG_S = 0.01, 0.07
WITHOUT_PROBES = Cost(0.05, 1.0)


def find_cost(cells: list[Cell], seed: int, measure: Callable[[Cell, float], Outcome]) -> Cost:
    """The mean cost of a cell of each workload, drawn by lot. A problem when nothing at all can be measured."""
    draw = random.Random(seed)
    workloads = list(dict.fromkeys(cell.workload for cell in cells))
    drawn = [draw.choice([cell for cell in cells if cell.workload == workload]) for workload in workloads]
    short_s, long_s = [], []
    for cell in drawn:
        short = measure(cell, SHORT_S)
        long = measure(cell, LONG_S) if not short.failure else short
        if not long.failure:
            short_s.append(short.elapsed_s)
            long_s.append(long.elapsed_s)
    if short_s:
        return fit_cost(SHORT_S, statistics.fmean(short_s), LONG_S, statistics.fmean(long_s))
    first_of_each = {cell.implementation: cell for cell in reversed(cells)}
    failures = []
    for cell in first_of_each.values():
        failure = measure(cell, SHORT_S).failure
        if failure is None:
            return WITHOUT_PROBES
        failures.append(f"{cell.name} {failure}")
    raise Problem(f"no cell can be measured: {failures[0]}; run park_bench by hand to see why")
