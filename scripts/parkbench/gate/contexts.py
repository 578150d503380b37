"""What two documents say of how they were made: what must be alike if their times are to be held against each other,
and what is told only."""

from __future__ import annotations

import re

from .samples import threads

MUST_BE_ALIKE = {
    "library_build_type": "Google Benchmark itself was built as {} and as {}: build both sides alike",
    "num_cpus": "base was measured on {} CPUs, head on {}: measure both on one machine",
}
TOLD = {"host_name": "machines", "cpu_scaling_enabled": "CPU scaling enabled", "aslr_enabled": "ASLR enabled"}
MOST_MHZ = 1.1  # the ratio of clocks from which on they are told


def incomparable(name: str, contexts: list[dict]) -> str:
    """Why the times of a benchmark cannot be held against each other; empty where they can."""
    base, head = contexts
    for key, reason in MUST_BE_ALIKE.items():
        if key in base and key in head and base[key] != head[key]:
            return reason.format(base[key], head[key])
    before, after = map(meaning_of_real_time, contexts)
    if threads(name) == 1 or before == after:
        return ""
    return (
        "with threads, Google Benchmark's real_time means different things in its versions "
        f"{before} and {after}: build both with one"
    )


def differences_told(contexts: list[dict]) -> list[str]:
    """What differs, and may be why times do."""
    base, head = contexts
    told = [
        f"{what}: {base[key]} and {head[key]}"
        for key, what in TOLD.items()
        if key in base and key in head and base[key] != head[key]
    ]
    clocks = sorted(
        float(each["mhz_per_cpu"]) for each in contexts if isinstance(each.get("mhz_per_cpu"), (int, float))
    )
    if len(clocks) == 2 and 0 < clocks[0] and clocks[1] / clocks[0] > MOST_MHZ:
        told.append(f"MHz of a CPU: {base['mhz_per_cpu']} and {head['mhz_per_cpu']}")
    return [f"base and head differ: {'; '.join(told)}"] if told else []


def meaning_of_real_time(context: dict) -> str:
    """What real_time is of a benchmark with threads: it changed in 1.9.0, and again in 1.9.5. Versions before 1.8 tell
    none."""
    version = tuple(int(number) for number in re.findall(r"\d+", str(context.get("library_version", "")))[:3])
    return "before 1.9.0" if version < (1, 9) else "1.9.0 to 1.9.4" if version < (1, 9, 5) else "1.9.5 or later"
