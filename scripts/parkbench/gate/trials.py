"""The trials of a calibration: comparisons whose truth is known, each a line of a journal that a later call goes on
with."""

from __future__ import annotations

import json
import random
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable, Optional

from ..problem import Problem
from ..progress import Progress
from .pairs import FIRST_PAIRS, FRESH_PAIRS, START_S, Pairs, Sampler
from .process import Program
from .rule import paired, suspicious
from .samples import Samples
from .start import Start

SAME = "same"
SLOWER = (0.02, 0.05, 0.10, 0.20)
UNCONTENDED, CONTENDED = ("mutex", "semaphore", "queue"), ("hand_off/real_time",)
FAMILY = (*UNCONTENDED, *CONTENDED)
# By the binary's suffix: the benchmark whose path is longer, and what was done to it.
MUTANTS = {
    "fence": ("mutex", "an added fence in mutex::unlock()"),
    "calls_the_system": ("semaphore", "a futex call in every semaphore::release()"),
    "wakes_all": ("crowd/real_time/threads:8", "semaphore::release(1) wakes all"),
    "unpadded": ("pipe/real_time/threads:2", "the two ends of the queue share a cache line"),
}
SPIN, SPIN_TURNS, WEIGHINGS = "spin_alone", 100_000, 60


@dataclass(frozen=True)
class Trial:
    """One family of benchmarks, with so much slower a head."""

    kind: str  # SAME, a share, or a mutant
    index: int

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.index}"

    @property
    def share(self) -> Optional[float]:
        return None if self.kind == SAME or self.kind in MUTANTS else float(self.kind)

    @property
    def names(self) -> tuple[str, ...]:
        return (MUTANTS[self.kind][0],) if self.kind in MUTANTS else FAMILY


@dataclass
class Measured:
    """One benchmark of a trial: log ratios of both looks, and the times of the first."""

    name: str
    first: list[float]
    fresh: list[float]
    base_ns: list[float]
    head_ns: list[float]
    trouble: Optional[str]


@dataclass
class Outcome:
    """What was measured in a trial."""

    trial: Trial
    measured: list[Measured]


def schedule(families: int, trials: int, chance: random.Random) -> list[Trial]:
    """All of them in random order, so that what the machine does meanwhile meets every kind alike."""
    planned = [Trial(SAME, index) for index in range(families)]
    planned += [Trial(str(kind), index) for kind in (*SLOWER, *MUTANTS) for index in range(trials)]
    chance.shuffle(planned)
    return planned


def spin_turns(ns_by_name: dict[str, float]) -> dict[str, float]:
    """How many turns of the spin make an iteration of each benchmark take twice as long."""
    turn_ns = ns_by_name[SPIN] / SPIN_TURNS
    return {name: ns / turn_ns for name, ns in ns_by_name.items() if name != SPIN}


def environment(share: Optional[float], whole: dict[str, float]) -> dict[str, str]:
    """What the binary reads: by the benchmark's own name, without Google Benchmark's suffixes."""
    if share is None:
        return {}
    return {"PARKBENCH_SPIN": " ".join(f"{name.split('/')[0]}={round(share * turns)}" for name, turns in whole.items())}


def mutant_of(binary: Path, mutant: str) -> Path:
    """The binary itself without one."""
    return binary.with_name(f"{binary.name}_{mutant}") if mutant else binary


def weigh(
    binary: Path, seconds: float, timeout_s: float, chance: random.Random, progress: Progress
) -> dict[str, float]:
    """The median time of an iteration of each benchmark, and of the spin: of many rounds, since the hand-off has modes
    that last seconds."""
    program = Program(binary, "binary")
    missing = {*FAMILY, SPIN} - set(program.names("."))
    if missing:
        raise Problem(
            f"{binary} has no benchmark {sorted(missing)[0]}: give the park_calibration that scripts/calibrate builds"
        )
    found: dict[str, Samples] = {}
    Sampler(program, program, seconds, timeout_s, chance, progress).measure_alone([*FAMILY, SPIN], WEIGHINGS, found)
    for name, samples in found.items():
        if samples.trouble:
            raise Problem(f"{binary}: {name} {samples.trouble}")
    return {name: statistics.median(samples.times_ns) for name, samples in found.items()}


@dataclass
class Laboratory:
    """Where trials are made."""

    binary: Path
    seconds: float
    timeout_s: float
    floor: float
    chance: random.Random
    progress: Progress
    whole: dict[str, float]

    def run(self, trial: Trial) -> Outcome:
        head = mutant_of(self.binary, trial.kind if trial.kind in MUTANTS else "")
        sampler = Sampler(
            Program(self.binary, "base"),
            Program(head, "head", Start(environment=environment(trial.share, self.whole))),
            self.seconds,
            self.timeout_s,
            self.chance,
            self.progress,
        )
        first: dict[str, Pairs] = {}
        fresh: dict[str, Pairs] = {}
        sampler.measure(list(trial.names), FIRST_PAIRS, first)
        again = [
            name
            for name, pairs in first.items()
            if not pairs.trouble and suspicious(paired(pairs.differences), self.floor)
        ]
        self.progress.add(FRESH_PAIRS * len(again), 2 * FRESH_PAIRS * len(again) * (1.5 * self.seconds + START_S))
        sampler.measure(again, FRESH_PAIRS, fresh)
        return Outcome(trial, [measured(first[name], fresh.get(name)) for name in trial.names])


def measured(first: Pairs, fresh: Optional[Pairs]) -> Measured:
    return Measured(
        first.name,
        first.differences,
        fresh.differences if fresh else [],
        first.base_ns,
        first.head_ns,
        first.trouble or (fresh.trouble if fresh else None),
    )


class Journal:
    """The outcomes so far, a line of JSON each after a first one that says of what."""

    def __init__(self, path: Path, about: dict):
        self.path = path
        self.outcomes: dict[str, Outcome] = {}
        self.whole: Optional[dict[str, float]] = None
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        lines = text.splitlines()
        if not lines:
            return self.append(about)
        if json.loads(lines[0]) != about:
            raise Problem(
                f"{path} is of another machine, binary or setting: name another folder with --output, or remove it"
            )
        for line in lines[1:]:
            self.recall(line)
        if not text.endswith("\n"):
            self.write("\n")

    def recall(self, line: str) -> None:
        try:
            entry = json.loads(line)
        except ValueError:
            return  # the last one, of a run that was killed while it wrote
        if "whole" in entry:
            self.whole = entry["whole"]
        else:
            trial = Trial(**entry["trial"])
            self.outcomes[trial.key] = Outcome(trial, [Measured(**each) for each in entry["measured"]])

    def weighed(self, whole: dict[str, float]) -> None:
        self.whole = whole
        self.append({"whole": whole})

    def add(self, outcome: Outcome) -> None:
        self.outcomes[outcome.trial.key] = outcome
        self.append(asdict(outcome))

    def append(self, entry: dict) -> None:
        self.write(json.dumps(entry) + "\n")

    def write(self, text: str) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as journal:
                journal.write(text)
        except OSError as error:
            raise Problem(
                f"cannot write {self.path} ({error.strerror}); what was measured until then is kept there"
            ) from None


def carry_out(planned: list[Trial], journal: Journal, run: Callable[[Trial], Outcome]) -> None:
    """Those that the journal has not yet."""
    for trial in planned:
        if trial.key not in journal.outcomes:
            journal.add(run(trial))
