"""The shape of a run's document: what the report relies on, checked before anything is made of it.

A shape is a type, a list of one shape for all its items, or a dictionary of shapes by key. Null and absent keys pass,
since what is unknown is null, unless the key is in REQUIRED. Unknown keys pass: others may add theirs.
"""

from __future__ import annotations

from typing import Any, Optional

NUMBER, WHOLE, TEXT, TRUTH = "a number", "a whole number", "a text", "true or false"
PYTHON_TYPES = {NUMBER: (int, float), WHOLE: (int,), TEXT: (str,), TRUTH: (bool,)}

LIBRARY = {
    "lot": TEXT,
    "arch": TEXT,
    "version": TEXT,
    "compiler": TEXT,
    "build_type": TEXT,
    "spin_budget_ns": NUMBER,
    "tuning": [{"name": TEXT, "value": WHOLE, "what": TEXT}],
}
MACHINE = {
    "model": TEXT,
    "hypervisor": TEXT,
    "kernel": TEXT,
    "os": TEXT,
    "cores": WHOLE,
    "sockets": WHOLE,
    "smt": TRUTH,
    "caches": [{"level": WHOLE, "type": TEXT, "size_kib": NUMBER, "shared_by_cpus": WHOLE, "instances": WHOLE, "sharers": [[WHOLE]]}],
    "cpus": [{"cpu": WHOLE, "core": WHOLE, "package": WHOLE, "numa": WHOLE, "l3": WHOLE, "llc": WHOLE}],
    "usable_cpus": WHOLE,
    "cgroup_quota_cpus": NUMBER,
    "topology_source": TEXT,
    "tick_ns": NUMBER,
    "tick_resolution_ns": NUMBER,
    "relax_ns": NUMBER,
    "clock_ns": NUMBER,
    "clock_resolution_ns": NUMBER,
    "container": TEXT,
    "nodes": [{"node": WHOLE, "cpus": [WHOLE], "memory_mib": NUMBER}],
    "library": LIBRARY,
}
CATALOGUE = {
    "workloads": [
        {
            "name": TEXT,
            "title": TEXT,
            "what": TEXT,
            "unit": TEXT,
            "kind": TEXT,
            "threads": TEXT,
            "min_threads": WHOLE,
            "threads_step": WHOLE,
            "times_cpus": [WHOLE],
            "fairness": TRUTH,
            "on_demand": TRUTH,
            "follows_pins": TRUTH,
        }
    ],
    "implementations": [{"name": TEXT, "title": TEXT, "role": TEXT}],
    "cells": [{"workload": TEXT, "implementation": TEXT, "max_threads": WHOLE}],
    "absent": [{"name": TEXT, "package": TEXT}],
    "pins": [{"name": TEXT, "cpus": [WHOLE], "why_not": TEXT}],
    "hardware_concurrency": WHOLE,
}
ROWS = [[NUMBER]]
PROBE = {
    "relax": {"ns": NUMBER, "ticks": NUMBER, "in_use": TEXT},
    "atomics": {"cpus": [WHOLE], "ns": ROWS},
    "wakes": {"lot": TEXT, "rounds": WHOLE, "cpus": [WHOLE], "unpark_ns": ROWS, "latency_ns": ROWS},
    "notes": [TEXT],
    "failed": TEXT,
}
NOISE = {
    "load1": NUMBER,
    "psi_cpu_some_avg10": NUMBER,
    "steal_ticks": NUMBER,
    "all_ticks": NUMBER,
    "busy_share": NUMBER,
}
ENTRIES = [{"name": TEXT, "run_type": TEXT}]
TUNING = [
    {
        "constant": TEXT,
        "what": TEXT,
        "default": WHOLE,
        "values": [WHOLE],
        "places": [{"title": TEXT, "workload": TEXT, "threads": WHOLE, "counter": TEXT}],
    }
]
RUN = {
    "benchmarks": ENTRIES,
    "park": {
        "created": TEXT,
        "command": [TEXT],
        "seed": WHOLE,
        "cell_seconds": NUMBER,
        "threads": [WHOLE],
        "catalogue": CATALOGUE,
        "machine": MACHINE,
        "library": LIBRARY,
        "probe": PROBE,
        "noise": {"before": NOISE, "after": NOISE},
        "counts": ENTRIES,
        "fairness": ENTRIES,
        "peers": TRUTH,
        "pins": [TEXT],
        "pins_left_out": [{"name": TEXT, "why_not": TEXT}],
        "tuning": TUNING,
        "counts_unavailable": TEXT,
    },
}
REQUIRED = (
    "benchmarks",
    "park",
    "threads",
    "catalogue",
    "workloads",
    "implementations",
    "cells",
    "name",
    "hardware_concurrency",
)


def complaint(value: Any, shape: Any, place: str = "it") -> Optional[str]:
    """The first thing about a value that is not of this shape; None when all is well."""
    if value is None:
        return None
    if isinstance(shape, str):
        wrong = not isinstance(value, PYTHON_TYPES[shape]) or isinstance(value, bool) != (shape == TRUTH)
        return f"{place} is not {shape}" if wrong else None
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{place} is not a list"
        items = ((f"{place}[{index}]", item) for index, item in enumerate(value))
        return next(
            (found for where, item in items for found in [item_complaint(item, shape[0], where)] if found), None
        )
    if not isinstance(value, dict):
        return f"{place} is not an object"
    lacking = [key for key in shape if key in REQUIRED and value.get(key) is None]
    if lacking:
        return f'{place} has no "{lacking[0]}"'
    return next(
        (found for key in shape for found in [complaint(value.get(key), shape[key], f"{place}.{key}")] if found), None
    )


def item_complaint(item: Any, shape: Any, place: str) -> Optional[str]:
    """As complaint, but the items of a list may not be null, unless they are numbers of a matrix, where nothing was measured."""
    return f"{place} is null" if item is None and shape != NUMBER else complaint(item, shape, place)
