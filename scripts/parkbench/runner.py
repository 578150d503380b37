"""The run: every cell, repetition by repetition, each in a process of its own, gathered in one document."""

from __future__ import annotations

import contextlib
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Callable, Optional

from .binary import Outcome, error_entry
from .catalogue import UNPINNED, Catalogue, Cell
from .ensemble import Ensemble
from .journal import COUNTS, SHARES, TIMED, Journal
from .noise import read_noise, summed
from .plan import COUNTING_CELL_S, Plan, Thoroughness, interleaved, make_plan
from .probe import find_cost
from .problem import Problem
from .progress import Progress
from .quantity import plural, seconds_as_clock

SCHEMA = 1


@dataclass(frozen=True)
class Order:
    """What the user asked for."""

    thoroughness: Thoroughness
    sweep: list[int]
    seed: int
    repetitions: Optional[int] = None
    cell_seconds: Optional[float] = None
    timeout_s: Optional[float] = None
    peers: bool = False
    tuning: Optional[list[dict]] = None  # the constants that are swept
    pins: tuple[str, ...] = (UNPINNED,)
    pins_left_out: tuple[dict, ...] = ()  # those that this machine does not have, each with the reason


@dataclass
class Gathered:
    """What a run gathers, whole or cut short."""

    entries: list[dict] = field(default_factory=list)
    counts: list[dict] = field(default_factory=list)
    fairness: list[dict] = field(default_factory=list)
    context: Optional[dict] = None
    counts_unavailable: Optional[str] = None
    repetitions_done: int = 0
    interrupted: bool = False


class Runner:
    """Runs the cells of an order. measure() may be interrupted; document() holds what there is then.

    Every process that is over is noted in the journal. To go on with a run is to run it from its beginning, with the same seed and plan,
    but for the processes that the journal can recall.
    """

    def __init__(self, binary: Ensemble, catalogue: Catalogue, cells: list[Cell], order: Order, journal: Journal):
        self.binary, self.catalogue, self.cells, self.order, self.journal = binary, catalogue, cells, order, journal
        self.found, self.hangs = Gathered(), Counter()
        lasting = order.thoroughness.fairness_cell_s > 0
        self.compete = [
            cell for cell in cells if lasting and catalogue.workloads[cell.workload].fairness and cell.threads > 1
        ]
        self.start, self.recalled_s, self.recalled, self.run_now = time.monotonic(), 0.0, 0, 0
        self.began, self.before = datetime.now(timezone.utc).isoformat(timespec="seconds"), read_noise()
        journal.sit_down(self.began, self.before)
        self.probe: dict = {}
        self.plan: Optional[Plan] = None
        self.progress: Optional[Progress] = None

    def now(self) -> float:
        """A clock of this run's: the processes that are recalled took their time too."""
        return time.monotonic() + self.recalled_s

    def measure(self) -> None:
        """Probe, then the timed repetitions, then the counts. Ctrl-C ends it early and keeps what was measured."""
        try:
            self.probe = self.journal.probe() or self.probe_machine()
            self.plan = self.journal.plan() or self.make_plan()
            counts = self.order.thoroughness.counts
            steps = (self.plan.repetitions + counts) * len(self.cells) + len(self.compete)
            self.progress = Progress(steps, self.plan.expected_s)
            recalled = len(self.journal.outcomes)
            self.progress.say(
                f"{plural(len(self.cells), 'cell')} x {plural(self.plan.repetitions, 'repetition')} of "
                f"{self.plan.cell_seconds:g} s{' and a counts pass' if counts else ''}: "
                f"about {seconds_as_clock(self.plan.expected_s)}"
                f"{f', of which {recalled} of {steps} processes were over before' if recalled else ''}"
                f", into {self.journal.folder}"
            )
            self.repeat()
            if counts:
                self.count()
            self.share()
        except KeyboardInterrupt:
            self.found.interrupted = True
        finally:
            if self.progress:
                self.progress.clear()

    def probe_machine(self) -> dict:
        found = self.binary.probe()
        self.journal.keep_probe(found)
        return found

    def make_plan(self) -> Plan:
        """A plan that fits the budget, given what a process really costs here."""
        order = self.order
        cost = find_cost(
            self.cells, order.seed, lambda cell, seconds: self.binary.measure(cell, seconds, self.timeout_s(seconds))
        )
        plan = make_plan(
            order.thoroughness, cost, len(self.cells), order.repetitions, order.cell_seconds, len(self.compete)
        )
        self.journal.keep_plan(plan)
        return plan

    def timeout_s(self, cell_seconds: float) -> float:
        return self.order.timeout_s or max(5.0, 20 * cell_seconds)

    def repeat(self) -> None:
        """The timed repetitions, interleaved: whole ones only, fewer or more than planned as the budget turns out."""
        shuffle, began = random.Random(self.order.seed), self.now()
        while self.goes_on(self.now() - began):
            done = self.found.repetitions_done
            if done >= self.plan.repetitions:
                self.progress.add(len(self.cells), (self.now() - began) / max(1, done))
            for cell in interleaved(self.cells, shuffle):
                self.keep(self.measure_once(cell, done), done)
            self.found.repetitions_done += 1
        if self.journal.repetitions() is None:
            self.journal.settle(self.found.repetitions_done)

    def goes_on(self, elapsed_s: float) -> bool:
        """Whether there is to be one more repetition."""
        done, settled = self.found.repetitions_done, self.journal.repetitions()
        if settled is not None:
            return done < settled
        if done >= self.plan.most_repetitions:
            return False
        if done < self.plan.least_repetitions or self.journal.has_begun(TIMED, done):
            return True
        each_s = elapsed_s / max(1, done)
        counting_s = each_s * COUNTING_CELL_S / self.plan.cell_seconds if self.order.thoroughness.counts else 0
        left_s = self.order.thoroughness.budget_s - (self.now() - self.start)
        return each_s + counting_s + self.plan.fairness_s <= left_s

    def process(
        self, kind: str, cell: Cell, repetition: int, label: str, measure: Callable[[], Outcome]
    ) -> Outcome:
        """One process: recalled where it was over before, else run and noted."""
        outcome = self.journal.recall(kind, cell, repetition)
        if outcome is not None:
            self.progress.skip()
            self.recalled += 1
            self.recalled_s += outcome.elapsed_s
            return outcome
        self.progress.step(label)
        outcome = measure()
        self.journal.note(kind, cell, repetition, outcome)
        self.run_now += 1
        return outcome

    def measure_once(self, cell: Cell, repetition: int) -> Outcome:
        allowed = self.order.thoroughness.hangs_allowed
        if self.hangs[cell] >= allowed:
            self.progress.skip()
            times = "once" if allowed == 1 else f"{allowed} times"
            return Outcome([error_entry(cell, f"not run again: it had hung {times}")], None, 0.0)
        seconds = self.plan.cell_seconds
        return self.process(
            TIMED, cell, repetition, cell.name, lambda: self.binary.measure(cell, seconds, self.timeout_s(seconds))
        )

    def keep(self, outcome: Outcome, repetition: int) -> None:
        """Add a process's entries; what hung or crashed is told at once."""
        for entry in outcome.entries:
            entry["repetition_index"] = repetition
            if outcome.hung:
                self.hangs[Cell.parse(entry["name"])] += 1
            if entry.get("error_occurred"):
                self.progress.say(f"{entry['name']}, repetition {repetition + 1}: {entry['error_message']}")
        self.found.entries += outcome.entries
        self.found.context = self.found.context or outcome.context

    def count(self) -> None:
        """Every cell once more, briefly, with its system calls counted; its timing is of no use."""
        for cell in interleaved(self.cells, random.Random(self.order.seed)):
            if self.found.counts_unavailable or self.hangs[cell]:
                continue
            outcome = self.process(
                COUNTS,
                cell,
                0,
                f"{cell.name}, counting system calls",
                lambda: self.binary.measure(
                    cell, COUNTING_CELL_S, self.timeout_s(COUNTING_CELL_S), count_system_calls=True
                ),
            )
            self.found.counts_unavailable = outcome.unsupported
            for entry in outcome.entries:
                self.found.counts.append({**entry, "repetition_index": 0})

    def share(self) -> None:
        """The cells whose threads compete once more, long enough to tell whether one is favoured."""
        seconds = self.order.thoroughness.fairness_cell_s
        for cell in interleaved(self.compete, random.Random(self.order.seed)):
            if self.hangs[cell]:
                continue
            outcome = self.process(
                SHARES,
                cell,
                0,
                f"{cell.name}, shares of the threads",
                lambda: self.binary.measure(cell, seconds, self.timeout_s(seconds)),
            )
            self.found.fairness += [{**entry, "repetition_index": 0} for entry in outcome.entries]

    def document(self, catalogue: dict, machine: dict) -> dict:
        """The run in Google Benchmark's form, with all that is ours under "park"."""
        found, plan, earlier = self.found, self.plan, self.journal.sittings()
        after, wall_s = read_noise(), time.monotonic() - self.start
        with contextlib.suppress(Problem):  # a disk that is full: it is told where the document is written
            self.journal.stand_up(after, wall_s)
        now = {"began": self.began, "before": self.before, "after": after, "wall_s": wall_s, "processes": self.run_now}
        park = {
            "schema": SCHEMA,
            "created": self.journal.head["created"],
            "command": self.journal.head["command"],
            "seed": self.order.seed,
            "cell_seconds": plan.cell_seconds if plan else None,
            "repetitions": found.repetitions_done,
            "threads": self.order.sweep,
            "catalogue": catalogue,
            "machine": {key: value for key, value in machine.items() if key != "library"},
            "library": machine.get("library") or {},
            "probe": self.probe,
            "noise": summed([*earlier, now]),
            "counts": found.counts,
            "fairness": found.fairness,
            "peers": self.order.peers,
            "pins": list(self.order.pins),
        }
        if self.order.pins_left_out:
            park["pins_left_out"] = list(self.order.pins_left_out)
        if self.order.tuning is not None:
            park["tuning"] = self.order.tuning
        if found.counts_unavailable:
            park["counts_unavailable"] = found.counts_unavailable
        if found.interrupted:
            park["interrupted"] = True
        if earlier:
            park["sittings"] = [*earlier, now]
        return {"context": found.context or {}, "benchmarks": found.entries, "park": park}
