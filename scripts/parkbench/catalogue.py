"""What a park_bench binary can measure: its workloads, implementations and cells, as --list_cells prints them."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Iterable, Optional

from .problem import Problem

UNCONTENDED, PAIR, SWEEP = "one", "two", "sweep"
STANDARD, PEER, FLOOR = "standard", "peer", "floor"
UNPINNED = "none"  # the pin policy that binds no thread
CELL_NAME = re.compile(
    r"^(?P<workload>\w+)/(?P<implementation>[^/]+)/threads:(?P<threads>\d+)(?:/pin:(?P<pin>\w+))?$"
)


@dataclass(frozen=True)
class Workload:
    """One thing that is measured, for every implementation that can do it."""

    name: str
    title: str
    what: str
    unit: str
    kind: str
    threads: str  # UNCONTENDED, PAIR or SWEEP
    minimum_threads: int = 1
    threads_step: int = 1  # thread counts of a sweep that are no multiple of it are left out
    times_cpus: tuple[int, ...] = ()  # thread counts for a comparison with peers, as multiples of the CPUs
    fairness: bool = False  # its threads compete, and their shares are to be told
    on_demand: bool = False  # takes long: only where it is asked for
    follows_pins: bool = False  # pin policies apply to its threads

    def thread_counts(self, sweep: Iterable[int]) -> list[int]:
        """The thread counts of this workload, given those of the sweep."""
        if self.threads == SWEEP:
            return [count for count in sweep if count >= self.minimum_threads and count % self.threads_step == 0]
        return [1 if self.threads == UNCONTENDED else 2]

    def compared_at(self, cpus: int) -> list[int]:
        """The thread counts at which peers are compared."""
        return self.thread_counts(times * cpus for times in self.times_cpus)


@dataclass(frozen=True, order=True)
class Cell:
    """Workload x implementation x threads x pin policy: what one process measures."""

    workload: str
    implementation: str
    threads: int
    pin: str = UNPINNED

    @property
    def name(self) -> str:
        pin = "" if self.pin == UNPINNED else f"/pin:{self.pin}"
        return f"{self.workload}/{self.implementation}/threads:{self.threads}{pin}"

    @staticmethod
    def parse(name: str) -> Optional["Cell"]:
        """The cell of a benchmark's name; None for a name that is not one of park_bench's."""
        match = CELL_NAME.match(name)
        return match and Cell(match["workload"], match["implementation"], int(match["threads"]), match["pin"] or UNPINNED)


class Catalogue:
    """The parsed --list_cells document."""

    def __init__(self, document: dict):
        try:
            self.workloads = {
                entry["name"]: Workload(
                    entry["name"],
                    entry.get("title") or entry["name"],
                    entry.get("what") or "",
                    entry.get("unit") or "operation",
                    entry.get("kind") or "",
                    entry["threads"],
                    int(entry.get("min_threads") or 1),
                    int(entry.get("threads_step") or 1),
                    tuple(entry.get("times_cpus") or ()),
                    bool(entry.get("fairness")),
                    bool(entry.get("on_demand")),
                    bool(entry.get("follows_pins")),
                )
                for entry in document["workloads"]
            }
            self.implementations = {
                entry["name"]: entry.get("title") or entry["name"] for entry in document["implementations"]
            }
            self.roles = {entry["name"]: entry.get("role") or STANDARD for entry in document["implementations"]}
            self.pairs = [(entry["workload"], entry["implementation"]) for entry in document["cells"]]
            self.most_threads = {
                (entry["workload"], entry["implementation"]): entry["max_threads"]
                for entry in document["cells"]
                if entry.get("max_threads")
            }
            self.absent = {entry["name"]: entry["package"] for entry in document.get("absent") or []}
            listed = document.get("pins") or []
            self.pins = {UNPINNED: [], **{entry["name"]: list(entry.get("cpus") or []) for entry in listed}}
            self.why_not_pinned = {entry["name"]: entry["why_not"] for entry in listed if entry.get("why_not")}
            self.hardware_concurrency = max(1, int(document["hardware_concurrency"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Problem(
                f"the list of cells is malformed ({type(error).__name__}: {error}); rebuild park_bench"
            ) from None
        kinds = {workload.threads for workload in self.workloads.values()} - {UNCONTENDED, PAIR, SWEEP}
        strangers = [
            pair for pair in self.pairs if pair[0] not in self.workloads or pair[1] not in self.implementations
        ]
        if kinds or strangers or not self.pairs:
            raise Problem(f"the list of cells is malformed ({kinds or strangers or 'no cells'}); rebuild park_bench")

    def implementations_of(self, workload: str) -> list[str]:
        """The implementations that have this workload, in the catalogue's order."""
        return [name for name in self.implementations if (workload, name) in self.pairs]

    def select(self, kind: str, wanted: Optional[list[str]]) -> list[str]:
        """The wanted names in the catalogue's order, all of them when none is named. kind: workload, implementation."""
        known = list(self.workloads if kind == "workload" else self.implementations)
        for name in wanted or []:
            if name not in known:
                nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
                hint = f"; did you mean {nearest[0]}?" if nearest else "."
                raise Problem(f"unknown {kind} '{name}'{hint} Known: {', '.join(known)}")
        return [name for name in known if not wanted or name in wanted]

    def thread_counts(self, workload: str, sweep: Iterable[int]) -> list[int]:
        """The thread counts of a workload; without a sweep those at which peers are compared."""
        known, sweep = self.workloads[workload], list(sweep)
        return known.thread_counts(sweep) if sweep else known.compared_at(self.hardware_concurrency)

    def cells(
        self, workloads: list[str], implementations: list[str], sweep: Iterable[int], pins: Iterable[str] = (UNPINNED,)
    ) -> list[Cell]:
        """Every cell of the selection, workload outermost, then pin policy and threads, implementation innermost."""
        sweep, pins = list(sweep), list(pins)
        return [
            Cell(workload, implementation, threads, pin)
            for workload in workloads
            for pin in pins
            if pin == UNPINNED or self.workloads[workload].follows_pins
            for threads in self.thread_counts(workload, sweep)
            for implementation in self.implementations_of(workload)
            if implementation in implementations and threads <= self.most(workload, implementation, threads, pin)
        ]

    def most(self, workload: str, implementation: str, threads: int, pin: str) -> int:
        """The most threads of a cell: of an implementation that never sleeps no more than there are CPUs for them."""
        limit = self.most_threads.get((workload, implementation))
        if limit is None:
            return threads
        return limit if pin == UNPINNED else min(limit, len(self.pins.get(pin, [])))


def restricted(document: dict, implementations: Iterable[str], workloads: Iterable[str]) -> dict:
    """A --list_cells document with these implementations and workloads alone."""
    kept, used = set(implementations), set(workloads)
    return {
        **document,
        "workloads": [entry for entry in document["workloads"] if entry["name"] in used],
        "implementations": [entry for entry in document["implementations"] if entry["name"] in kept],
        "cells": [
            entry for entry in document["cells"] if entry["implementation"] in kept and entry["workload"] in used
        ],
    }


def default_sweep(cpus: int) -> list[int]:
    """1, 2, 3, 4, 6, 8, 12, 16 ... up to the number of CPUs N, then 1.5 N, 2 N and 4 N."""
    counts = {1, 2, 3}
    power = 4
    while power <= cpus:
        counts |= {power, power * 3 // 2}
        power *= 2
    within = {count for count in counts if count <= cpus}
    return sorted(within | {cpus, (3 * cpus + 1) // 2, 2 * cpus, 4 * cpus})
