"""Pin policies: where the threads of a cell are bound to, as park_bench tells in --list_cells what this machine has."""

from __future__ import annotations

from typing import Optional

from .catalogue import UNPINNED, Catalogue, Workload
from .problem import Problem

POLICIES = {
    UNPINNED: "the system places the threads",
    "cores": "one thread per core",
    "siblings": "threads fill the CPUs of a core, then those of the next",
    "llc": "threads share one last-level cache",
    "numa": "threads alternate between NUMA nodes",
    "one": "all threads on one CPU",
}


def choose(catalogue: Catalogue, wanted: Optional[list[str]]) -> tuple[list[str], list[dict]]:
    """The policies that were asked for and can be had here, and those that cannot, each with the reason."""
    found: list[str] = []
    left_out: list[dict] = []
    for name in dict.fromkeys(wanted or [UNPINNED]):
        reason = why_not(catalogue, name) or same_as(catalogue, name, found)
        if reason:
            left_out.append({"name": name, "why_not": reason})
        else:
            found.append(name)
    if not found:
        raise Problem("; ".join(f"--pin {one['name']} cannot be had here: {one['why_not']}" for one in left_out))
    return found, left_out


def why_not(catalogue: Catalogue, name: str) -> Optional[str]:
    if name == UNPINNED:
        return None
    return catalogue.why_not_pinned.get(name) or (
        None if catalogue.pins.get(name) else "this park_bench does not know it; rebuild it"
    )


def same_as(catalogue: Catalogue, name: str, others: list[str]) -> Optional[str]:
    """Two policies that come to the same here are measured once."""
    twin = next((other for other in others if catalogue.pins.get(other) == catalogue.pins.get(name)), None)
    return f"it is the same as {twin} here" if twin and name != UNPINNED else None


def unpinned_only(workloads: list[Workload], pins: list[str]) -> list[str]:
    """The workloads to which none of these policies applies."""
    return [one.name for one in workloads if UNPINNED not in pins and not one.follows_pins]
