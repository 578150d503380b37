"""What the page says about a run in words: the machine, warnings, how it was measured, how to do it again."""

from __future__ import annotations

import argparse
import shlex
from typing import Any

from . import curves
from .catalogue import UNPINNED
from .estimate import chance_of_false_separation, spread_in_words
from .measurements import OWN, Measurements
from .quantity import listed, percent, plural, three_digits
from .verdict import Verdict

PEER_OF_BENCH = "/bench-libcxx/bench/park_bench"  # scripts/bench --peers adds it by itself


def machine_line(run: Measurements) -> str:
    """The machine in one line, of what is known."""
    machine = run.machine
    megahertz = machine.get("mhz")
    cores, sockets = machine.get("cores"), machine.get("sockets")
    parts = [
        plural(run.cpus, "CPU") + (f" at {megahertz / 1000:.1f} GHz" if megahertz else ""),
        plural(cores, "core") if cores else None,
        plural(sockets, "socket") if sockets else None,
        "SMT" if machine.get("smt") else None,
        f"{machine['hypervisor']} guest" if machine.get("hypervisor") else None,
        machine.get("os"),
        kernel(machine.get("kernel")),
    ]
    return " · ".join(str(part) for part in parts if part)


def kernel(version: Any) -> str:
    if not version:
        return ""
    return f"Linux {version}" if str(version)[:1].isdigit() else str(version)


def library_line(run: Measurements) -> str:
    """The library in one line, of what is known."""
    if run.foreign:
        return f"{run.foreign['executable'] or 'a binary'} · Google Benchmark {run.foreign['version'] or 'before 1.9'}"
    library = run.library
    budget = library.get("spin_budget_ns")
    parts = [
        f"{OWN} {library['version']}" if library.get("version") else None,
        f"{library['lot']} lot" if library.get("lot") else None,
        f"{library['arch']} back-end" if library.get("arch") else None,
        f"spins up to {three_digits(budget)} ns" if budget else "never spins" if budget == 0 else None,
        library.get("compiler"),
        library.get("build_type"),
    ]
    return " · ".join(str(part) for part in parts if part)


def warnings(run: Measurements) -> list[str]:
    """What a reader must know before believing a number."""
    machine, found = run.machine, []
    usable, quota = machine.get("usable_cpus"), machine.get("cgroup_quota_cpus")
    if machine.get("hypervisor"):
        found.append(
            f"Virtual machine ({machine['hypervisor']}): the host may take CPUs away in the middle of a measurement, "
            "and waking another CPU may go through it."
        )
    if usable == 1 or run.cpus == 1:
        found.append(
            "Only one CPU is usable: no two threads run at once, so nothing here shows contention between CPUs."
        )
    elif usable and usable < run.cpus:
        found.append(
            f"Only {usable} of {run.cpus} CPUs are usable: thread counts above {usable} are oversubscribed already."
        )
    if quota:
        found.append(
            f"A cgroup quota of {three_digits(quota)} CPUs may stop all threads in the middle of a measurement."
        )
    if machine.get("smt"):
        found.append("SMT is on: two CPUs share a core, so throughput bends at the number of cores.")
    if run.foreign.get("scaling"):
        found.append("The CPUs' frequencies follow the load: what is measured first, and what with few threads, may run faster or slower for that.")
    build = run.library.get("build_type")
    if build and build not in ("Release", "RelWithDebInfo"):
        found.append(f"Built as {build}: these are not the speeds of an optimised build.")
    if run.repetitions < 5:
        found.append(
            f"{plural(run.repetitions, 'repetition').capitalize()}: for a first look. Two equal implementations lie "
            f"apart by chance in up to {percent(chance_of_false_separation(run.repetitions))} of the comparisons; "
            "decide on a full run."
        )
    if run.park.get("peers") and run.catalogue.absent:
        found.append(f"Peers that are not here: {absent_in_words(run)}.")
    if run.park.get("interrupted"):
        found.append("The run was interrupted: this is what was measured until then.")
    if run.park.get("counts_unavailable"):
        found.append(f"System calls could not be counted: {run.park['counts_unavailable']}.")
    return found


def absent_in_words(run: Measurements) -> str:
    """The peers that were not built in, and what brings each."""
    return listed([f"{name} ({package} brings it)" for name, package in run.catalogue.absent.items()])


def times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def threads_in_words(run: Measurements) -> str:
    """At which thread counts a verdict is given."""
    if run.park.get("peers"):
        return "Swept workloads are shown at every thread count that was measured."
    return "Swept workloads are shown with as many threads as CPUs and with the most threads of the run."


def errors(run: Measurements) -> list[str]:
    """The cells that failed, by name."""
    return [
        f"{cell.name}: {messages[0]} ({len(messages)} of {run.attempts(cell)} repetitions)"
        for cell, messages in sorted(run.errors.items())
    ]


def tally(rows: list[Verdict]) -> list[tuple[str, int]]:
    """How often ours is best, within the noise of the best, and slower, over the rows where it has a rival."""
    judged = [row for row in rows if row.ratio is not None and row.leaders]
    best = sum(row.best == OWN for row in judged)
    tied = sum(row.best is None and OWN in row.leaders for row in judged)
    return [("best", best), ("within the noise of the best", tied), ("slower than the best", len(judged) - best - tied)]


def method(run: Measurements) -> list[str]:
    """How the numbers came to be."""
    chance = percent(chance_of_false_separation(run.repetitions))
    verdicts = (
        "“Best” is said only where the intervals lie apart; of fewer than six repetitions also the medians must, by more "
        f"than the workload's cells usually spread. For two equal implementations intervals lie apart by chance in {chance} of comparisons."
    )
    if run.foreign:
        return [
            f"Each benchmark ran {times(run.repetitions)} in one process of {run.foreign['executable'] or 'a binary of Google Benchmark'}, one benchmark "
            "after the other: drift of the machine meets them unequally, as it does not where parkbench itself runs them.",
            f"Shown is the median; the spread is the {spread_in_words(run.repetitions)}. An operation is an iteration. Throughput is iterations over "
            "seconds of wall-clock time, all threads together, whatever the version of Google Benchmark calls real_time; ns per operation is its inverse.",
            verdicts,
        ]
    counted = "System calls were counted in a separate, slower pass, whose timing is not used."
    return [
        f"Each cell (workload × implementation × threads) ran {run.repetitions} times for {run.park.get('cell_seconds')} s, "
        "each time in a process of its own. Implementations of the same workload and thread count ran right after one "
        "another, in an order shuffled anew for every repetition, so that drift of the machine meets all of them alike.",
        f"Shown is the median; the spread is the {spread_in_words(run.repetitions)}. Throughput is operations over "
        "seconds of wall-clock time, all threads together; ns per operation is its inverse, not the latency of one.",
        verdicts,
        counted if not run.park.get("counts_unavailable") else "System calls were not counted.",
    ]


def tuning_method(run: Measurements) -> list[str]:
    """How the curves came to be."""
    return [
        f"Each value of each constant ran {run.repetitions} times for {run.park.get('cell_seconds')} s or a multiple of it, "
        "each time in a process of its own, which read it from the environment at its start. Values of the same constant "
        "ran right after one another on the same workload, in an order shuffled anew for every repetition.",
        "A value is held against the default of the same repetition, so that drift of the machine meets both alike. Shown "
        f"is the median of these ratios; the spread is the {curves.spread_of_ratios(run.repetitions)}. A value is called better or "
        f"worse where that leaves out 1, which it does by chance in {percent(curves.chance(run.repetitions))} of cases: of "
        "many values some will. All other constants had their defaults.",
    ]


def command_line(run: Measurements) -> str:
    """The command that measures the same cells in the same order."""
    park = run.park
    if run.foreign:
        words = [run.foreign["executable"] or "BINARY", f"--benchmark_repetitions={run.repetitions}", "--benchmark_out=run.json"]
        return shlex.join([*words, "--benchmark_out_format=json"])
    words = [
        "scripts/bench",
        "--seed",
        park.get("seed"),
        "--repetitions",
        run.repetitions,
        "--cell-seconds",
        park.get("cell_seconds"),
    ]
    words += ["--peers"] if park.get("peers") else []
    words += only_in_the_command(park)
    if park.get("tuning"):
        names = [entry["constant"] for entry in park["tuning"]]
        return shlex.join(str(word) for word in [*words, "--tuning", "--constant", *names])
    words += ["--modes"] if all(workload.on_demand for workload in run.catalogue.workloads.values()) else []
    words += ["--pin", *run.pins] if run.pins != [UNPINNED] else []
    words += ["--threads", ",".join(str(count) for count in park["threads"])] if park["threads"] else []
    if len(run.workloads) < len(run.catalogue.workloads):
        words += ["--workload", *run.workloads]
    if len(run.implementations) < len(run.catalogue.implementations):
        words += ["--implementation", *run.implementations]
    return shlex.join(str(word) for word in words)


def only_in_the_command(park: dict) -> list[str]:
    """What a document tells nowhere but in the command line that it was made with."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--timeout")
    parser.add_argument("--peer-binary", action="append", default=[])
    told, _ = parser.parse_known_args(park.get("command") or [])
    words = ["--quick"] if told.quick else []
    words += ["--timeout", told.timeout] if told.timeout else []
    for binary in told.peer_binary:
        if not (park.get("peers") and binary.endswith(PEER_OF_BENCH)):
            words += ["--peer-binary", binary]
    return words


def sizes(run: Measurements) -> list[tuple[str, int]]:
    """sizeof of each type, as the binary told it."""
    found = run.library.get("sizeof")
    return (
        [(str(name), size) for name, size in found.items() if isinstance(size, int) and not isinstance(size, bool)]
        if isinstance(found, dict)
        else []
    )


def implementations_in_words(run: Measurements) -> str:
    return listed([run.catalogue.implementations[name] for name in run.implementations])
