"""What a process of a Google Benchmark binary measured: nanoseconds by benchmark, or why not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Optional

UNITS_NS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
OF_A_FAMILY = ("BigO", "RMS")  # the fit of ->Complexity(), which is no time of any benchmark
THREADS = re.compile(r"/threads:(\d+)(?:/|$)")


@dataclass
class Samples:
    """The times of one benchmark in one run, in the order of its repetitions; `trouble` where there is none to
    trust."""

    times_ns: list[float] = field(default_factory=list)
    trouble: Optional[str] = None
    disturbed: int = 0  # of the times, those in which others took too much of the machine


def read(document: dict, of_one_process: bool = False) -> dict[str, Samples]:
    """By name, from the JSON of Google Benchmark 1.5 to 1.9, or of parkbench, whose counters go before its times.

    Of benchmarks that have one name the second is NAME (2), and so on. Google Benchmark tells them apart since 1.5.4;
    before that it can be seen in what one process wrote, where the same repetition stands twice."""
    found: dict[str, Samples] = {}
    aggregates: dict[str, Samples] = {}
    identities: dict[str, list[object]] = {}
    seen: Counter = Counter()
    for entry in document["benchmarks"]:
        name = entry.get("run_name") or entry["name"]
        is_aggregate = entry.get("run_type") == "aggregate"
        if is_aggregate and entry.get("aggregate_name") in OF_A_FAMILY:
            continue
        seen[(name, entry.get("repetition_index"))] += not is_aggregate
        identity = (entry.get("family_index"), entry.get("per_family_instance_index"))
        if identity[0] is None and of_one_process:
            identity = (None, seen[(name, entry.get("repetition_index"))])
        known = identities.setdefault(name, [])
        if identity not in known:
            known.append(identity)
        shown = numbered(name, known.index(identity))
        if not is_aggregate:
            take(found.setdefault(shown, Samples()), entry)
        elif entry.get("aggregate_name") == "median":  # all that is told by a benchmark with ReportAggregatesOnly()
            take(aggregates.setdefault(shown, Samples()), entry)
        else:
            aggregates.setdefault(shown, Samples())
    for name in [
        each for each in aggregates if each not in found
    ]:  # in the document's order: that of a set varies from run to run
        without = "only aggregates are there, and no median: run it without --benchmark_report_aggregates_only"
        found[name] = aggregates[name] if aggregates[name].times_ns else Samples(trouble=without)
    return found


def take(samples: Samples, entry: dict) -> None:
    """What an entry measured, or why it is no measurement."""
    wrong = complaint(entry)
    if wrong:
        samples.trouble = samples.trouble or wrong
    else:
        samples.times_ns.append(nanoseconds(entry))


def numbered(name: str, index: int) -> str:
    """The name of the benchmark that is the index-th to have it."""
    return name if index == 0 else f"{name} ({index + 1})"


def complaint(entry: dict) -> Optional[str]:
    """Why an entry is no measurement."""
    if entry.get("error_occurred"):
        return f"failed: {str(entry.get('error_message') or 'no reason given')[:200]}"
    if entry.get("skipped"):
        return f"skipped: {str(entry.get('skip_message') or 'no reason given')[:200]}"
    if counted(entry):
        return None
    if entry.get("iterations", 1) == 0:
        return "ran no iterations"
    if entry.get("time_unit", "ns") not in UNITS_NS:
        return f"its time unit, {entry['time_unit']!r}, is unknown"
    time = entry.get("real_time")
    if not isinstance(time, (int, float)):
        return "its time is not a number"
    return None if time > 0 else "took no time at all: nothing is left of what it should measure"


def counted(entry: dict) -> bool:
    """Whether the benchmark counted its own operations and timed them by one clock, as park_bench's do."""
    return all(isinstance(entry.get(key), (int, float)) and entry[key] > 0 for key in ("ops", "wall_s"))


def nanoseconds(entry: dict) -> float:
    """The time of an operation, or of an iteration."""
    if counted(entry):
        return 1e9 * entry["wall_s"] / entry["ops"]
    return float(entry["real_time"]) * UNITS_NS[entry.get("time_unit", "ns")]


def threads(name: str) -> int:
    """How many threads a benchmark's name says that it has."""
    found = THREADS.search(name)
    return int(found[1]) if found else 1
