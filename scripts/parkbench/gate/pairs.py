"""Pairs of processes, one of each side, in random order; a pair that the machine disturbed is dropped whole."""

from __future__ import annotations

import math
import os
import random
import re
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Optional

from ..noise import read_text, read_ticks
from ..progress import Progress
from .process import Program
from .samples import Samples, threads

START_S = 0.02  # that a process needs beside its measurement, at a guess
FIRST_PAIRS, FRESH_PAIRS = 12, 30  # of every benchmark, and of those that were suspicious unless --pairs says otherwise
MOST_STOLEN = 0.05  # of a pair's time
MOST_PRESSURE = 0.25  # of a pair's time in which some task waited for a CPU
MOST_DROPPED = 1.0  # pairs dropped, as a multiple of those wanted, before a disturbed pair counts all the same


@dataclass
class Pairs:
    """What is known of one benchmark."""

    name: str
    differences: list[float] = field(default_factory=list)  # log(head / base)
    base_ns: list[float] = field(default_factory=list)
    head_ns: list[float] = field(default_factory=list)
    dropped: int = 0
    disturbed: int = 0  # and counted all the same
    trouble: Optional[str] = None  # the first thing that went wrong, with its side

    def add(self, base: Samples, head: Samples) -> None:
        """One pair; of which nothing is kept where either side has failed."""
        for side, samples in (("base", base), ("head", head)):
            if samples.trouble:
                self.trouble = self.trouble or f"{side} {samples.trouble}"
        if self.trouble is None:
            self.base_ns.append(statistics.median(base.times_ns))  # where it asks for repetitions itself
            self.head_ns.append(statistics.median(head.times_ns))
            self.differences.append(math.log(self.head_ns[-1] / self.base_ns[-1]))


def balanced(count: int, chance: random.Random) -> list[bool]:
    """Whether head goes first, by blocks of two pairs that have one of each order."""
    order = []
    while len(order) < count:
        first = chance.random() < 0.5
        order += [first, not first]
    return order[:count]


@dataclass(frozen=True)
class Reading:
    """What the machine has done so far: the time when, its ticks, and the microseconds in which some task waited for a CPU."""

    at_s: float
    ticks: list[int]
    waited_us: Optional[int]


def read_machine(root: Path = Path("/proc")) -> Reading:
    """Empty where this system does not tell."""
    found = re.search(r"^some .*total=(\d+)", read_text(root / "pressure" / "cpu"), re.MULTILINE)
    return Reading(time.monotonic(), read_ticks(root), int(found[1]) if found else None)


def disturbed(before: Reading, after: Reading, crowded: bool) -> bool:
    """Whether others took too much of the machine; where the benchmark is crowded itself, waiting tells nothing."""
    total = sum(after.ticks) - sum(before.ticks)
    if before.ticks and total > 0 and (after.ticks[7] - before.ticks[7]) / total > MOST_STOLEN:
        return True
    if crowded or before.waited_us is None or after.waited_us is None:
        return False
    return (after.waited_us - before.waited_us) / 1e6 > MOST_PRESSURE * (after.at_s - before.at_s)


@dataclass
class Sampler:
    """Measures pairs of a set of benchmarks, round by round, so that a slow drift meets all alike."""

    base: Program
    head: Program
    seconds: float  # of a process's measurement
    timeout_s: float
    chance: random.Random
    progress: Progress
    machine: Callable[[], Reading] = read_machine

    def measure(self, names: list[str], count: int, found: dict[str, Pairs]) -> None:
        """`count` pairs of each, into `found`, which an interrupt leaves as far as it got."""
        orders = {name: balanced(count, self.chance) for name in names}
        found.update({name: Pairs(name) for name in names})
        try:
            for turn in range(count):
                for name in self.chance.sample(names, len(names)):
                    self.progress.step(name)
                    self.add_pair(found[name], orders[name][turn], count)
        finally:
            self.progress.clear()

    def measure_alone(self, names: list[str], count: int, found: dict[str, Samples]) -> None:
        """Head by itself, for a baseline or against one: `count` processes of each, round by round, into `found`."""
        found.update({name: Samples() for name in names})
        try:
            for _ in range(count):
                for name in self.chance.sample(names, len(names)):
                    self.progress.step(name)
                    if found[name].trouble is None:
                        self.add_undisturbed(found[name], name)
        finally:
            self.progress.clear()

    def add_undisturbed(self, samples: Samples, name: str) -> None:
        """One that was not disturbed, or the second."""
        for last in (False, True):
            before = self.machine()
            one = self.head.measure(name, self.seconds, self.timeout_s)
            others = disturbed(before, self.machine(), self.crowded(name))
            if last or not others:
                break
        samples.trouble = one.trouble
        samples.disturbed += others
        samples.times_ns += [statistics.median(one.times_ns)] if one.times_ns else []

    @staticmethod
    def crowded(name: str) -> bool:
        return threads(name) >= (os.cpu_count() or 1)

    def add_pair(self, pairs: Pairs, head_first: bool, count: int) -> None:
        """One that was not disturbed, unless so many were that none will be."""
        while pairs.trouble is None:
            before = self.machine()
            sides = [self.head, self.base] if head_first else [self.base, self.head]
            first, second = (side.measure(pairs.name, self.seconds, self.timeout_s) for side in sides)
            others = disturbed(before, self.machine(), self.crowded(pairs.name))
            if pairs.dropped >= MOST_DROPPED * count or not others:
                pairs.disturbed += others
                return pairs.add(*((second, first) if head_first else (first, second)))
            pairs.dropped += 1
