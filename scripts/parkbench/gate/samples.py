"""What a process of a Google Benchmark binary measured: nanoseconds by benchmark, or why not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Optional

UNITS_NS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
THREADS = re.compile(r"/threads:(\d+)(?:/|$)")


@dataclass
class Samples:
    """The times of one benchmark in one run, in the order of its repetitions; `trouble` where there is none to trust."""

    times_ns: list[float] = field(default_factory=list)
    trouble: Optional[str] = None
    disturbed: int = 0  # of the times, those in which others took too much of the machine


def read(document: dict) -> dict[str, Samples]:
    """By name, from the JSON of Google Benchmark 1.5 to 1.9, or of parkbench, whose counters go before its times."""
    found: dict[str, Samples] = {}
    only_aggregates: set[str] = set()
    for entry in document["benchmarks"]:
        name = entry.get("run_name") or entry["name"]
        if entry.get("run_type") == "aggregate":
            only_aggregates.add(name)
            continue
        samples = found.setdefault(name, Samples())
        wrong = complaint(entry)
        if wrong:
            samples.trouble = samples.trouble or wrong
        else:
            samples.times_ns.append(nanoseconds(entry))
    for name in only_aggregates - found.keys():
        found[name] = Samples(trouble="only aggregates are there: run it without --benchmark_report_aggregates_only")
    return found


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


def meaning_of_real_time(document: dict) -> str:
    """What real_time is of a benchmark with threads: it changed in 1.9.0, and again in 1.9.5. Versions before 1.8 tell none."""
    context = document.get("context") or {}
    version = tuple(int(number) for number in re.findall(r"\d+", str(context.get("library_version", "")))[:3])
    return "before 1.9.0" if version < (1, 9) else "1.9.0 to 1.9.4" if version < (1, 9, 5) else "1.9.5 or later"


def threads(name: str) -> int:
    """How many threads a benchmark's name says that it has."""
    found = THREADS.search(name)
    return int(found[1]) if found else 1
