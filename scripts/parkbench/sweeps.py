"""Which values of each tuning constant are tried, and by which cells they are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Place:
    """What a constant is held against: a workload, how many threads, and which of its figures."""

    workload: str
    times_cpus: int = 0  # threads, as a multiple of the CPUs; 0: the two of a workload that has two
    counter: Optional[str] = None  # None: ns per operation
    times_seconds: float = 1.0  # so much longer than other cells

    def threads(self, cpus: int) -> int:
        return self.times_cpus * cpus or 2

    def title(self, cpus: int) -> str:
        words = f"{self.workload} · {self.threads(cpus)}" if self.times_cpus else self.workload
        return f"{words}, {COUNTERS[self.counter]}" if self.counter else words


@dataclass(frozen=True)
class Sweep:
    values: tuple[int, ...]
    places: tuple[Place, ...]


COUNTERS = {"cpu_ns_per_op": "CPU time", "beside_a_program_median_ns": "beside a program", "least_greatest_share": "least/greatest share"}

TWO_CPUS, ONE_CPU = Place("hand_off_two_cpus"), Place("hand_off_one_cpu")
FREED = Place("hand_off_scenes", times_seconds=0.3)  # five scenes, of 12 times the seconds in all
BESIDE = Place("hand_off_scenes", counter="beside_a_program_median_ns", times_seconds=0.3)
MANY_WAITS = Place("long_wait", times_seconds=24.0)
BARRIER_BESIDE = Place("barrier_scenes", counter="beside_a_program_median_ns", times_seconds=0.3)
FAN_OUT, FAN_OUT_CPU = Place("latch_fan_out", 4), Place("latch_fan_out", 4, "cpu_ns_per_op")
WAITS = Place("long_wait", times_seconds=8.0)  # each lasts 10 ms, and the first dozens differ

SWEEPS = {
    "default_budget_ns": Sweep(
        (1_000, 5_000, 12_500, 25_000, 50_000, 100_000, 400_000), (TWO_CPUS, Place("bounded_buffer", 2), WAITS)
    ),
    "first_phase_ns": Sweep(
        (0, 125, 250, 500, 1_000, 2_000, 8_000), (TWO_CPUS, ONE_CPU, BESIDE, Place("bounded_buffer", 2))
    ),
    "foreign_yield_ns": Sweep(
        (125, 250, 500, 1_000, 2_000, 4_000, 16_000), (ONE_CPU, Place("barrier_phases", 2), Place("bounded_buffer", 1))
    ),
    "longest_gap": Sweep(
        (1, 2, 4, 8, 16, 32, 64),
        (TWO_CPUS, Place("semaphore_half", 2), Place("barrier_phases", 1), Place("bounded_buffer", 1)),
    ),
    "polls_per_round": Sweep((1, 2, 4, 8, 16, 32), (TWO_CPUS, Place("semaphore_half", 2), WAITS)),
    "polls_when_crowded": Sweep((0, 1, 2, 4, 8, 16), (ONE_CPU, FREED, Place("bounded_buffer", 2))),
    "foreign_yields": Sweep((1, 2, 4, 8, 16, 64), (Place("barrier_phases", 2), Place("barrier_phases", 8), BESIDE)),
    "yields_in_crowd": Sweep((0, 1, 2, 4, 8, 16, 64), (Place("barrier_phases", 2), Place("barrier_phases", 8))),
    "budgets_in_all": Sweep((1, 2, 4, 8, 16, 64), (Place("bounded_buffer", 4), BESIDE, BARRIER_BESIDE)),
    "losses_to_spare": Sweep((1, 2, 4, 8, 16, 64), (WAITS, FAN_OUT, Place("bounded_buffer", 4))),
    "spins_spared": Sweep((1, 4, 8, 16, 32, 64, 256), (MANY_WAITS, FAN_OUT, FAN_OUT_CPU)),
    "yields_to_crowd": Sweep((1, 2, 4, 16, 256, 1_000_000), (ONE_CPU, FREED, Place("bounded_buffer", 2))),
    "crowded_to_park": Sweep(
        (32, 128, 512, 2_048, 8_192, 65_536), (ONE_CPU, FREED, Place("barrier_scenes", times_seconds=0.3))
    ),
    "overtakes_to_yield": Sweep(
        (256, 1_024, 4_096, 16_384, 65_536, 1_000_000_000),
        (Place("semaphore_contended", 16), Place("semaphore_contended", 16, "least_greatest_share", times_seconds=8.0)),
    ),
    "wake_chains": Sweep((0, 1, 2, 3, 4, 8), (Place("condition_fan_out", 4), Place("condition_fan_out", 32))),
    "seldom_gap_ns": Sweep(
        (0, 250, 500, 1_000, 2_000, 4_000), tuple(Place("mutex_contended", times_cpus) for times_cpus in (1, 4, 16))
    ),
    "fights_learnt": Sweep(
        (0, 4, 16, 64, 256, 1_024),
        (Place("condition_hand_off_two_cpus"), *(Place("mutex_contended", times_cpus) for times_cpus in (1, 4, 16))),
    ),
}
