"""What the hardware costs between its CPUs, as park_bench --probe measures it; a run keeps it under "probe" in its "park" object.

    {
      "relax": {"ns": 23.7, "ticks": 61.6, "in_use": "poll"},     one relax instruction, and what the library does with it
      "atomics": {                                                a cache line handed over: from a store on one CPU until a thread that
        "cpus": [0, 1, ...],                                      polls it on the other has seen it, one way, the best of many
        "ns": [[null, 45.1, ...], [45.1, null, ...], ...]         a row and a column for each of "cpus", symmetric; null: on the diagonal,
      },                                                          or where nothing was measured
      "wakes": {                                                  a thread that sleeps in the kernel is woken, medians of so many rounds
        "lot": "futex", "rounds": 201,                            by what means
        "cpus": [0, 1, ...],                                      not always those of "atomics": a wake takes longer to measure
        "unpark_ns": [[4400, 9800, ...], ...],                    the call that wakes, row: CPU of who wakes, column: CPU of the sleeper
        "latency_ns": [[2700, 23500, ...], ...]                   from before that call until the sleeper runs; the diagonal is one CPU
      },                                                          for both
      "wake": {"same_cpu": {"unpark_ns": ..., "latency_ns": ...}, "other_cpu": ... or null},
      "spin_budget_ns": {"by_the_rule": 34221 or null, "in_use": 25000},
      "notes": ["..."]                                            in words, what limits it: one CPU only, an affinity mask, a quota, a
    }                                                             container, a sample of the CPUs, pairs for which there was no time

CPUs are called by the system's numbers, and stand in order of nearness: those of a core side by side, then those of a cache, then those of a
NUMA node. Where there are more than 32 (16 for wakes) "cpus" is a sample: runs of four neighbours that are spread evenly over the machine.
Where the probe itself failed there is only {"failed": "why"}.

The topology is in "machine": "cpus" (core, package, numa, l3 and llc, the last cache before memory, of each), "caches" (size_kib; "sharers":
the CPUs of each instance), "nodes" (cpus and memory_mib of each NUMA node), "smt", "sockets", "cores"; and so are "relax_ns", "clock_ns" and
"tick_ns" (one read of steady_clock, of the cycle counter) with "clock_resolution_ns" and "tick_resolution_ns" (their smallest steps),
"affinity_cpus", "cgroup_quota_cpus" and "container".
"""

from __future__ import annotations

from . import shape
from .binary import Binary
from .problem import Problem


def probe(binary: Binary) -> dict:
    """What the binary's probe found. A run goes on without, where it fails."""
    try:
        found = binary.answer("--probe", shape.PROBE)
    except Problem as problem:
        return {"failed": str(problem)}
    return {key: value for key, value in found.items() if key != "machine"}
