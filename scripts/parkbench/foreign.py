"""A finished run of any binary of Google Benchmark's, as the report reads runs.

What makes BM_lock<std::mutex>/64/real_time/threads:4 a cell: its threads are 4, its implementation is what a pattern
finds in the name, by default the template's arguments, and its workload is what is left, BM_lock/64. Where the pattern
finds nothing, the binary is the implementation.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Container

from .catalogue import SWEEP, UNCONTENDED
from .gate.contexts import meaning_of_real_time
from .gate.samples import UNITS_NS, complaint, counted, threads
from .problem import Problem

IMPLEMENTATION = r"<(.+)>"
THREADS, REAL_TIME = re.compile(r"/threads:\d+"), re.compile(r"/real_time(?=/|$)")
BYTES_OF_A_KIB = 1024


def is_foreign(document: object) -> bool:
    """Whether it is Google Benchmark's own, with nothing of ours in it."""
    if not isinstance(document, dict) or "park" in document:
        return False
    return isinstance(document.get("benchmarks"), list) and isinstance(document.get("context"), dict)


def adopt(document: dict, pattern: str = IMPLEMENTATION) -> dict:
    """The same measurements in the form of a run of ours; what it cannot tell is left out. Raises Problem where nothing
    can be drawn of it."""
    context = document["context"]
    binary = PurePath(str(context.get("executable") or "").replace("\\", "/")).name or "measured"
    names, entries, only_aggregates = Names(re.compile(pattern), binary), [], False
    for entry in document["benchmarks"]:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise Problem("an entry of its benchmarks has no name")
        if entry.get("run_type") == "aggregate":
            only_aggregates = True
            continue
        entries.append(converted(entry, names.cell(str(entry.get("run_name") or entry["name"])), context))
    if not entries and only_aggregates:
        raise Problem("only aggregates are there: run it without --benchmark_report_aggregates_only")
    if not entries:
        raise Problem("no benchmark was run")
    cpus = context.get("num_cpus")
    load = context.get("load_avg")
    return {
        "context": context,
        "benchmarks": entries,
        "park": {
            "created": context.get("date"),
            "threads": sorted({threads(entry["run_name"]) for entry in entries}),
            "catalogue": {
                **names.catalogue(),
                "hardware_concurrency": cpus if isinstance(cpus, int) and cpus > 0 else 1,
            },
            "machine": {
                "model": context.get("host_name"),
                "mhz": context.get("mhz_per_cpu"),
                "caches": caches(context),
            },
            "noise": {"before": {"load1": load[0] if isinstance(load, list) and load else None}, "after": {}},
            "foreign": {
                "executable": str(context.get("executable") or ""),
                "version": str(context.get("library_version") or "").lstrip("v"),
                "build_type": context.get("library_build_type"),
                "scaling": bool(context.get("cpu_scaling_enabled")),
            },
        },
    }


class Names:
    """The workloads, implementations and cells that benchmarks' names stand for."""

    def __init__(self, pattern: re.Pattern, binary: str):
        self.pattern, self.binary = pattern, binary
        self.workloads: dict[str, str] = {}  # the name in cells, by title
        self.implementations: dict[str, str] = {}
        self.pairs: dict[tuple[str, str], None] = {}
        self.with_threads: set[str] = set()

    def cell(self, name: str) -> str:
        """The cell of a benchmark."""
        title, implementation = self.parted(REAL_TIME.sub("", THREADS.sub("", name)))
        if title not in self.workloads:
            self.workloads[title] = unused(re.sub(r"\W+", "_", title).strip("_"), self.workloads.values())
        if implementation not in self.implementations:
            self.implementations[implementation] = unused(
                implementation.replace("/", "|"), self.implementations.values()
            )
        pair = self.workloads[title], self.implementations[implementation]
        self.pairs[pair] = None
        if THREADS.search(name):
            self.with_threads.add(pair[0])
        return f"{'/'.join(pair)}/threads:{threads(name)}"

    def parted(self, name: str) -> tuple[str, str]:
        """Workload and implementation."""
        found = self.pattern.search(name)
        if not found or not found[1]:
            return name, self.binary
        rest = name[: found.start(1)] + name[found.end(1) :]
        return rest.replace("<>", "").strip("/_ ") or "benchmark", found[1]

    def catalogue(self) -> dict:
        return {
            "workloads": [
                {
                    "name": name,
                    "title": title,
                    "what": f"As {self.binary} names it",
                    "unit": "iteration",
                    "threads": SWEEP if name in self.with_threads else UNCONTENDED,
                }
                for title, name in self.workloads.items()
            ],
            "implementations": [{"name": name, "title": title} for title, name in self.implementations.items()],
            "cells": [
                {"workload": workload, "implementation": implementation} for workload, implementation in self.pairs
            ],
        }


def unused(wanted: str, taken: Container[str]) -> str:
    """The name, with a number behind it where another has it already."""
    name, number = wanted or "benchmark", 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def converted(entry: dict, cell: str, context: dict) -> dict:
    """An entry of ours, with operations over seconds of the wall clock, all threads together."""
    run_name = str(entry.get("run_name") or entry["name"])
    told = {**entry, "name": cell, "run_name": run_name, "run_type": "iteration"}
    wrong = complaint(entry)
    if wrong:
        return {**told, "error_occurred": True, "error_message": wrong.removeprefix("failed: ")}
    if counted(entry):
        return told
    iterations = entry.get("iterations")
    if not isinstance(iterations, int) or iterations <= 0:
        return {**told, "error_occurred": True, "error_message": "its number of iterations is not told"}
    unit = UNITS_NS[entry.get("time_unit", "ns")]
    cpu = entry.get("cpu_time")
    return {
        **told,
        "ops": iterations,
        "wall_s": entry["real_time"] * unit / 1e9 * iterations / times_counted(context, run_name),
        **({"cpu_ns_per_op": cpu * unit} if isinstance(cpu, (int, float)) else {}),
    }


def times_counted(context: dict, name: str) -> int:
    """How often a second of the wall clock is in the sum that real_time divides by the iterations of all threads.

    Before 1.9.0 once; since then once for each thread: seen in runs of 1.5.2, 1.7.1 and 1.9.1, of 1.9.5 in the figures
    of its issue 2117."""
    return 1 if meaning_of_real_time(context) == "before 1.9.0" else threads(name)


def caches(context: dict) -> list[dict]:
    found = context.get("caches")
    return [
        {
            "level": cache.get("level"),
            "type": cache.get("type"),
            "size_kib": size / BYTES_OF_A_KIB,
            "shared_by_cpus": cache.get("num_sharing"),
        }
        for cache in (found if isinstance(found, list) else [])
        if isinstance(cache, dict)
        for size in [cache.get("size")]
        if isinstance(size, (int, float))
    ]
