"""Made-up runs of machines from 1 to 256 CPUs, whose throughput follows the Universal Scalability Law with parameters that are known."""

from __future__ import annotations

import copy
import random

import support
from parkbench.catalogue import default_sweep
from parkbench.usl import law

TRUTH = {"park": (0.05, 0.0004, 40e6), "std": (0.20, 0.004, 30e6), "posix": (0.5, 0.001, 20e6)}  # alpha, beta, gamma
CORES_OF_A_CACHE, CACHES_OF_A_NODE, PROBED = 8, 4, 32

COMPARISON = {
    "schema": 1,
    "summary": "1 regressed, 1 pass, 1 added",
    "floor": 0.03,
    "remarks": [],
    "benchmarks": [
        {"name": "BM_fast", "verdict": "pass", "base_ns": 10.0, "head_ns": 10.1, "reason": ""}
        | {"shift": {"change": 0.01, "low": 0.0, "high": 0.02, "p_slower": 0.2, "measurements": 12}},
        {"name": "BM_slow", "verdict": "regressed", "base_ns": 10.0, "head_ns": 12.0, "reason": ""}
        | {"shift": {"change": 0.2, "low": 0.18, "high": 0.22, "p_slower": 1e-6, "measurements": 30}},
        {"name": "BM_new", "verdict": "added", "base_ns": None, "head_ns": None, "shift": None, "reason": "only head has it"},
    ],
}


def machine(cpus: int) -> dict:
    """Pairs of hardware threads, eight cores to a last-level cache, four of these to a NUMA node; with 1 or 2 CPUs no pairs."""
    smt = 2 if cpus > 2 else 1
    places = []
    for cpu in range(cpus):
        core = cpu % (cpus // smt)
        cache = core // CORES_OF_A_CACHE
        node = cache // CACHES_OF_A_NODE
        places.append({"cpu": cpu, "core": core, "package": node, "numa": node, "l3": cache, "llc": cache})
    return {
        **support.MACHINE,
        "model": f"Made-up machine of {cpus}",
        "hypervisor": None,
        "smt": smt == 2,
        "logical_cpus": cpus,
        "cores": cpus // smt,
        "sockets": len({place["package"] for place in places}),
        "numa_nodes": len({place["numa"] for place in places}),
        "cpus": places,
        "usable_cpus": cpus,
        "hardware_concurrency": cpus,
    }


def distance_ns(one: dict, other: dict) -> float:
    for level, ns in (("core", 15.0), ("llc", 40.0), ("numa", 110.0)):
        if one[level] == other[level]:
            return ns
    return 230.0


def probe(places: list[dict]) -> dict:
    """As hardware.py tells; of many CPUs a sample."""
    step = max(1, len(places) // PROBED)
    sample = places[::step][:PROBED]
    near = [[None if one is other else distance_ns(one, other) for other in sample] for one in sample]
    wakes = [[3000.0 if value is None else 20_000 + 20 * value for value in row] for row in near]
    numbers = [place["cpu"] for place in sample]
    return {
        "atomics": {"cpus": numbers, "ns": near},
        "wakes": {"lot": "futex", "rounds": 201, "cpus": numbers, "unpark_ns": wakes, "latency_ns": wakes},
        "notes": [f"a sample of {len(sample)} of {len(places)} CPUs"] if step > 1 else [],
    }


def throughput(name: str, threads: int, cpus: int) -> float:
    """By the law as far as there are CPUs; beyond, as much as with all of them, and a little less."""
    return law(min(threads, cpus), *TRUTH[name]) * (1.0 if threads <= cpus else 0.95)


def run(cpus: int, repetitions: int = 5) -> dict:
    """A document as parkbench run writes it."""
    chance, entries, called, shared = random.Random(cpus), [], [], []
    for workload, counts in (("alone", [1]), ("pair", [2]), ("crowd", default_sweep(cpus)), ("half", default_sweep(cpus))):
        for name in TRUTH:
            for threads in counts:
                if (workload, name) == ("alone", "posix") or (workload == "half" and threads < 2):
                    continue
                cell = f"{workload}/{name}/threads:{threads}"
                for repetition in range(repetitions):
                    ns = 1e9 / throughput(name, threads, cpus) * chance.lognormvariate(0, 0.02)
                    percentiles = {key: ns * factor for key, factor in (("p50_ns", 1), ("p90_ns", 2), ("p99_ns", 9), ("p999_ns", 40), ("max_ns", 900))}
                    cost = {"cpu_ns_per_op": ns * min(threads, cpus), "context_switches_per_op": 0.01}
                    entries.append(support.entry(cell, ns, repetition, **percentiles, **cost))
                called.append(support.entry(cell, ns, futex_calls_per_op=0.1 * (threads - 1), system_calls_per_op=0.1 * threads))
                if workload in ("crowd", "half") and threads > 1:
                    shared.append(support.entry(cell, ns, fairness_jain=1 - 0.5 / threads, least_greatest_share=1 / threads))
    catalogue = copy.deepcopy(support.CATALOGUE)
    catalogue |= {"hardware_concurrency": cpus, "usable_cpus": cpus}
    hardware = machine(cpus)
    more = {"probe": probe(hardware["cpus"]), "counts": called, "fairness": shared, "cell_seconds": 0.1}
    return support.document(entries, tuple(default_sweep(cpus)), catalogue=catalogue, machine=hardware, **more)


def placed(cpus: int) -> dict:
    """The same, of which crowd was measured with all threads on one CPU too; the machine has no two NUMA nodes."""
    document = run(cpus)
    crowd = [each for each in document["benchmarks"] if each["name"].startswith("crowd/")]
    alone = {tuple(each["name"].split("/")[:2]): each["wall_s"] for each in crowd if each["name"].endswith("/threads:1")}
    document["benchmarks"] += [
        {**each, "name": each["name"] + "/pin:one", "wall_s": 1.1 * alone[tuple(each["name"].split("/")[:2])]} for each in crowd
    ]
    document["park"] |= {"pins": ["none", "one"], "pins_left_out": [{"name": "numa", "why_not": "1 NUMA node"}]}
    return document
