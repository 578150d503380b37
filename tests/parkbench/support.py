"""What the tests share: a park_bench made of Python, whose cells misbehave when told to, and documents made by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

from parkbench.measurements import Measurements  # noqa: E402

CATALOGUE = {
    "workloads": [
        {
            "name": "alone",
            "title": "Alone",
            "what": "one thread",
            "unit": "pair",
            "kind": "uncontended",
            "threads": "one",
        },
        {
            "name": "pair",
            "title": "Pair",
            "what": "two threads",
            "unit": "round trip",
            "kind": "hand-off",
            "threads": "two",
        },
        {
            "name": "crowd",
            "title": "Crowd",
            "what": "T threads",
            "unit": "pair",
            "kind": "contended",
            "threads": "sweep",
        },
        {
            "name": "half",
            "title": "Half",
            "what": "T/2",
            "unit": "pair",
            "kind": "contended",
            "threads": "sweep",
            "min_threads": 2,
        },
    ],
    "implementations": [
        {"name": "park", "title": "park"},
        {"name": "std", "title": "std"},
        {"name": "posix", "title": "POSIX"},
    ],
    "cells": [
        {"workload": workload, "implementation": implementation}
        for workload in ("alone", "pair", "crowd", "half")
        for implementation in ("park", "std", "posix")
        if (workload, implementation) != ("alone", "posix")
    ],
    "hardware_concurrency": 2,
    "usable_cpus": 2,
}
MACHINE = {
    "model": "Test </script> CPU",
    "hypervisor": "KVM",
    "smt": False,
    "cores": 2,
    "cpus": [
        {"cpu": 0, "core": 0, "package": 0, "numa": 0, "l3": 0},
        {"cpu": 1, "core": 1, "package": 0, "numa": 0, "l3": 0},
    ],
    "usable_cpus": 2,
    "cgroup_quota_cpus": None,
    "library": {"lot": "futex", "version": "0.1.0", "build_type": "Release", "sizeof": {"park::latch": 4}},
}

FAKE = """#!{python} -S
import json, os, signal, sys, time
catalogue, machine, behaviour = json.loads({catalogue!r}), json.loads({machine!r}), json.loads({behaviour!r})
def act(what):
    if what == "hang":
        if os.fork() == 0: time.sleep(1000)
        time.sleep(1000)
    if what == "crash": os.kill(os.getpid(), signal.SIGSEGV)
    if what == "fail": print("park_bench: out of permits", file=sys.stderr); sys.exit(1)
    if what == "garbage": print("not JSON"); sys.exit(0)
setting = os.environ.get("PARK_TUNING", "")
if sys.argv[1] in ("--list_cells", "--machine", "--probe"):
    act(behaviour.get(sys.argv[1]))
    if sys.argv[1] == "--probe":
        print(json.dumps(dict(machine=machine, atomics=dict(cpus=[0, 1], ns=[[None, 50.0], [50.0, None]]), notes=["a note"],
                              process=os.getpid()))); sys.exit(0)
    for one in machine["library"].get("tuning", []):
        name, _, value = setting.partition("=")
        if name == one["name"] and behaviour.get("--machine") != "deaf": one["value"] = int(value)
    print(json.dumps(catalogue if sys.argv[1] == "--list_cells" else machine)); sys.exit(0)
options = dict(word.lstrip("-").partition("=")[::2] for word in sys.argv[1:])
name = options["benchmark_filter"].strip("^$")
workload, implementation, threads = name.split("/")[:3]
counting = "count_system_calls" in options
what = behaviour.get(name) or behaviour.get(workload + "/" + implementation) or behaviour.get("*")
if counting and what == "no counts": print("ptrace is forbidden", file=sys.stderr); sys.exit(3)
if what == "slow": time.sleep(0.3)
if what == "sleep": open("asleep", "w"); time.sleep(1000)
if what == "held" and options["cell_seconds"] == "0.03":  # until the test lets it go on, or whoever runs it has been killed
    open("held by " + implementation, "w")
    runner = os.getppid()
    while not os.path.exists("go on " + implementation) and os.getppid() == runner: time.sleep(0.01)
act(what)
entry = dict(name=name, run_name=name, run_type="iteration", iterations=1, real_time=10.0, cpu_time=9.0, time_unit="ns",
             ops=1e6, wall_s=0.01 * float(behaviour.get(setting, 1)), cpu_ns_per_op=9.0, fairness_jain=0.9,
             process=os.getpid(), p50_ns=10.0, p90_ns=20.0, p99_ns=30.0, p999_ns=40.0, max_ns=50.0)
if counting: entry["futex_calls_per_op"] = 0.0
text = json.dumps(dict(context=dict(date="now"), benchmarks=[] if what == "nothing" else [entry]))
if what == "nan": text = text.replace('"cpu_ns_per_op": 9.0', '"cpu_ns_per_op": NaN')
open(options["benchmark_out"], "w").write(text)
"""


class TemporaryFolderTest(unittest.TestCase):
    """A test with a folder of its own, and no plotly.js to wait for."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.plotly = self.folder / "plotly.min.js"
        self.plotly.write_text("/* plotly stands here </script> */")

    def fake(self, catalogue: dict = CATALOGUE, **behaviour: str) -> Path:
        """A park_bench; behaviour by flag, cell name, workload/implementation, all, or PARK_TUNING: see FAKE."""
        return self.fake_that(behaviour, catalogue)

    def fake_that(self, behaviour: dict[str, str], catalogue: dict = CATALOGUE, machine: dict = MACHINE) -> Path:
        path = self.folder / "park_bench"
        text = FAKE.format(
            python=sys.executable,
            catalogue=json.dumps(catalogue),
            machine=json.dumps(machine),
            behaviour=json.dumps(behaviour),
        )
        path.write_text(text)
        path.chmod(0o755)
        return path

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(SCRIPTS),
            "PARK_PLOTLY_JS": str(self.plotly),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(self.folder),  # what a killed run leaves goes with the test
        }

    def parkbench(self, *arguments: object) -> subprocess.CompletedProcess:
        """Run the command as a user does."""
        command = [sys.executable, "-m", "parkbench", *(str(argument) for argument in arguments)]
        return subprocess.run(
            command, env=self.environment(), cwd=self.folder, capture_output=True, text=True, timeout=240
        )

    def assert_refused(self, finished: subprocess.CompletedProcess, *words: str) -> None:
        """Exit status 2 and one line on stderr that holds these words."""
        self.assertEqual(finished.returncode, 2, finished.stderr)
        self.assertEqual(len(finished.stderr.strip().splitlines()), 1, finished.stderr)
        self.assertNotIn("Traceback", finished.stderr)
        for word in words:
            self.assertIn(word, finished.stderr)


def entry(name: str, nanoseconds: float, repetition: int = 0, **counters: float) -> dict:
    """An entry of a cell that took so long per operation."""
    return {
        "name": name,
        "run_type": "iteration",
        "repetition_index": repetition,
        "ops": 1e6,
        "wall_s": nanoseconds / 1e3,
        **counters,
    }


def error(name: str, message: str = "timed out after 5 s") -> dict:
    return {"name": name, "run_type": "iteration", "error_occurred": True, "error_message": message}


def document(entries: list[dict], threads: tuple[int, ...] = (1, 2), **park: object) -> dict:
    """A run's document with these entries."""
    base = {
        "schema": 1,
        "created": "2025-01-01T00:00:00+00:00",
        "seed": 7,
        "cell_seconds": 0.1,
        "threads": list(threads),
    }
    return {
        "context": {},
        "benchmarks": entries,
        "park": {
            **base,
            "catalogue": CATALOGUE,
            "machine": MACHINE,
            "library": MACHINE["library"],
            "noise": {},
            "counts": [],
            **park,
        },
    }


def run_of(times: dict[str, list[float]]) -> Measurements:
    """Measurements from ns per operation by cell name."""
    return Measurements(
        document([entry(name, value, index) for name, values in times.items() for index, value in enumerate(values)])
    )
