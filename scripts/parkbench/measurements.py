"""A run's document as the report asks for it: by cell and counter."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import Callable, Optional

from .catalogue import FLOOR, SWEEP, UNPINNED, Catalogue, Cell
from .estimate import Estimate, estimate
from .noise import Figure, figures

PERCENTILES = (("p50_ns", "p50"), ("p90_ns", "p90"), ("p99_ns", "p99"), ("p999_ns", "p99.9"), ("max_ns", "max"))
OWN = "park"


def number(entry: dict, key: str) -> Optional[float]:
    """A counter of an entry, None where it was not measured."""
    value = entry.get(key)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def nanoseconds_per_operation(entry: dict) -> Optional[float]:
    operations, wall = number(entry, "ops"), number(entry, "wall_s")
    return 1e9 * wall / operations if operations and wall and operations > 0 and wall > 0 else None


def operations_per_second(entry: dict) -> Optional[float]:
    nanoseconds = nanoseconds_per_operation(entry)
    return 1e9 / nanoseconds if nanoseconds else None


class Measurements:
    """Entries by cell. A cell is measured when at least one repetition of it was.

    Of a run with several pin policies it holds one, the first where none is named, by cells that are called as if they were not pinned:
    of_pins() is all of them.
    """

    def __init__(self, document: dict, pin: Optional[str] = None):
        self.document, self.park = document, document["park"]
        self.pins = self.park.get("pins") or [UNPINNED]
        self.pin = pin or self.pins[0]
        self.catalogue = Catalogue(self.park["catalogue"])
        self.machine = self.park.get("machine") or {}
        self.library = self.park.get("library") or {}
        self.foreign = self.park.get("foreign") or {}  # of a binary that is not ours: foreign.py
        self.good: dict[Cell, list[dict]] = {}
        self.errors: dict[Cell, list[str]] = {}
        for entry in document["benchmarks"]:
            self.sort_in(entry)
        self.counts = {self.cell_of(entry): entry for entry in self.park.get("counts") or []}
        self.shares = {self.cell_of(entry): entry for entry in self.park.get("fairness") or []}
        self.cells = sorted(set(self.good) | set(self.errors))
        self.implementations = [
            name for name in self.catalogue.implementations if any(c.implementation == name for c in self.cells)
        ]
        self.workloads = [name for name in self.catalogue.workloads if any(c.workload == name for c in self.cells)]

    def of_pins(self) -> list["Measurements"]:
        """The same run once for each of its pin policies."""
        return [Measurements(self.document, pin) for pin in self.pins]

    def cell_of(self, entry: dict) -> Optional[Cell]:
        """The cell of an entry, if it is of this pin policy."""
        cell = Cell.parse(entry["name"])
        return replace(cell, pin=UNPINNED) if cell and cell.pin == self.pin else None

    def sort_in(self, entry: dict) -> None:
        cell = self.cell_of(entry)
        if (
            cell is None
            or entry.get("run_type", "iteration") != "iteration"
            or cell.workload not in self.catalogue.workloads
        ):
            return
        if entry.get("error_occurred"):
            self.errors.setdefault(cell, []).append(str(entry.get("error_message") or "failed"))
        elif nanoseconds_per_operation(entry) is None:
            self.errors.setdefault(cell, []).append("reported no operations")
        else:
            self.good.setdefault(cell, []).append(entry)

    @property
    def floors(self) -> list[str]:
        """The implementations that are no library, but the least that a means can do."""
        return [name for name in self.implementations if self.catalogue.roles[name] == FLOOR]

    @property
    def cpus(self) -> int:
        return self.catalogue.hardware_concurrency

    @property
    def usable_cpus(self) -> int:
        """How many threads can run at once: an affinity mask or a cgroup's quota may leave fewer than there are CPUs."""
        known = [number(self.machine, key) for key in ("usable_cpus", "cgroup_quota_cpus")]
        return max(1, int(min(self.cpus, *(limit or self.cpus for limit in known))))

    @property
    def repetitions(self) -> int:
        """The usual number of good repetitions of a cell."""
        return statistics.mode(len(entries) for entries in self.good.values()) if self.good else 0

    def attempts(self, cell: Cell) -> int:
        """How often the cell was run, or given up before it was."""
        return len(self.good.get(cell, [])) + len(self.errors.get(cell, []))

    def estimate(self, cell: Cell, of: Callable[[dict], Optional[float]]) -> Optional[Estimate]:
        """The estimate of a quantity of a cell's entries."""
        values = [of(entry) for entry in self.good.get(cell, [])]
        return estimate(value for value in values if value is not None)

    def counter(self, cell: Cell, key: str) -> Optional[float]:
        """The median of a counter over the repetitions; of max_ns the greatest, for that is what it means."""
        if key in ("futex_calls_per_op", "system_calls_per_op"):
            return number(self.counts.get(cell, {}), key)
        if key in ("fairness_jain", "least_greatest_share"):
            return number(self.shares.get(cell, {}), key)
        values = [value for value in (number(entry, key) for entry in self.good.get(cell, [])) if value is not None]
        if not values:
            return None
        return max(values) if key == "max_ns" else statistics.median(values)

    def implementations_of(self, workload: str) -> list[str]:
        return [
            name
            for name in self.implementations
            if any(c.workload == workload and c.implementation == name for c in self.cells)
        ]

    def threads_of(self, workload: str) -> list[int]:
        return sorted({cell.threads for cell in self.cells if cell.workload == workload})

    def stated_threads(self, workload: str) -> list[int]:
        """Where verdicts are given: the greatest thread count that the CPUs carry, and the greatest of all."""
        counts = self.threads_of(workload)
        if self.catalogue.workloads[workload].threads != SWEEP:
            return counts[:1]
        if self.park.get("peers"):
            return counts
        carried = [count for count in counts if count <= self.cpus]
        return sorted({max(carried) if carried else min(counts), max(counts)})

    def typical_width(self, workload: Optional[str] = None, single_thread: bool = False) -> Optional[float]:
        """The median over cells of the spread relative to the median; None when no cell was repeated."""
        widths = [
            found.relative_width
            for cell in self.good
            if (workload is None or cell.workload == workload) and (not single_thread or cell.threads == 1)
            for found in [self.estimate(cell, nanoseconds_per_operation)]
            if found.count > 1
        ]
        return statistics.median(widths) if widths else None

    def noise_figures(self) -> list[Figure]:
        usable = number(self.machine, "usable_cpus") or self.cpus
        quota = number(self.machine, "cgroup_quota_cpus")
        return figures(
            self.park.get("noise") or {}, min(usable, quota or usable), self.typical_width(single_thread=True)
        )
