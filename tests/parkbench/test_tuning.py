"""The sweep of tuning constants: what is run, and what is said of a constant's curves."""

import importlib.util
import json
import os
import sys
import unittest
from copy import deepcopy
from pathlib import Path

from support import MACHINE, TemporaryFolderTest, document, entry
from parkbench import curves
from parkbench.binary import Binary
from parkbench.measurements import Measurements
from parkbench.sweeps import SWEEPS

HAS_JINJA = importlib.util.find_spec("jinja2") is not None
FAST = ("--repetitions", 2, "--cell-seconds", 0.01)
DEFAULTS = {name: sorted(sweep.values)[len(sweep.values) // 2] for name, sweep in SWEEPS.items()}


def workload(name: str, threads: str) -> dict:
    return {"name": name, "title": name, "what": "it", "unit": "turn", "kind": "rounds", "threads": threads}


TUNABLE = {
    "workloads": [workload("hand_off_one_cpu", "two"), workload("barrier_phases", "sweep")],
    "implementations": [{"name": "park", "title": "park"}, {"name": "std", "title": "std"}],
    "cells": [
        {"workload": name, "implementation": one}
        for name in ("hand_off_one_cpu", "barrier_phases")
        for one in ("park", "std")
    ],
    "hardware_concurrency": 2,
}


def machine_with(constants: dict[str, int]) -> dict:
    machine = deepcopy(MACHINE)
    machine["library"]["tuning"] = [
        {"name": name, "value": value, "what": f"what {name} is"} for name, value in constants.items()
    ]
    return machine


class SweepTest(TemporaryFolderTest):
    def binary(self, constants=DEFAULTS, **behaviour):
        return self.fake_that(behaviour, TUNABLE, machine_with(constants))

    def swept(self, binary, *arguments):
        finished = self.parkbench("run", "--tuning", "--binary", binary, "--output", "out", *FAST, *arguments)
        path = self.folder / "out" / "run.json"
        return finished, json.loads(path.read_text()) if path.exists() else None

    def test_every_value_of_every_constant_is_measured_where_it_decides(self):
        finished, run = self.swept(self.binary())
        self.assertEqual(finished.returncode, 0, finished.stderr)
        names = {one["name"] for one in run["benchmarks"]}
        for name, sweep in SWEEPS.items():
            if not any(place.workload == "barrier_phases" for place in sweep.places):
                continue
            self.assertEqual(
                {each for each in names if each.startswith(f"barrier_phases/{name}_")},
                {
                    f"barrier_phases/{name}_{value}/threads:{place.threads(2)}"
                    for value in {*sweep.values, DEFAULTS[name]}
                    for place in sweep.places
                    if place.workload == "barrier_phases"
                },
            )
        self.assertEqual(run["park"]["counts"], [], "nobody asks for system calls here")
        self.assertEqual(self.parkbench("check", "out/run.json").returncode, 0)
        self.assertEqual(
            (self.folder / "out" / "tuning.txt").read_text(), finished.stdout[: finished.stdout.index("\nrun:")]
        )

    def test_check_misses_a_value(self):
        _, run = self.swept(self.binary(), "--constant", "foreign_yield_ns")
        run["benchmarks"] = [one for one in run["benchmarks"] if "foreign_yield_ns_125/" not in one["name"]]
        (self.folder / "less.json").write_text(json.dumps(run))
        finished = self.parkbench("check", "less.json")
        self.assertEqual(finished.returncode, 1)
        self.assertIn("hand_off_one_cpu/foreign_yield_ns_125/threads:2: missing", finished.stderr)

    def test_each_process_has_its_value(self):
        finished, _ = self.swept(self.binary(**{"foreign_yield_ns=4000": "3"}), "--constant", "foreign_yield_ns")
        self.assertRegex(finished.stdout, r"\n +4,000 +30\.0 ±0%")
        self.assertRegex(finished.stdout, r"\n +\* 1,000 +10\.0 ±0%")
        self.assertIn("worse: 4,000, up to 3.00×", finished.stdout)

    def test_a_default_that_is_not_among_the_values_is_measured_too(self):
        finished, _ = self.swept(self.binary({**DEFAULTS, "foreign_yield_ns": 777}), "--constant", "foreign_yield_ns")
        self.assertRegex(finished.stdout, r"\n +\* 777 +10\.0 ±0%")

    def test_what_cannot_be_swept_is_refused(self):
        self.assert_refused(self.swept(self.binary(**{"--machine": "deaf"}))[0], "does not read PARK_TUNING")
        self.assert_refused(self.swept(self.binary({**DEFAULTS, "novelty": 1}))[0], "novelty", "sweeps.py")
        self.assert_refused(self.swept(self.binary(), "--constant", "gap")[0], "no constant 'gap'", "longest_gap")
        self.assert_refused(self.swept(self.binary(), "--threads", "2")[0], "leave out --threads")
        self.assert_refused(self.swept(self.binary(), "--peers")[0], "--peers")
        self.assert_refused(self.parkbench("run", "--constant", "longest_gap"), "goes with --tuning")

    @unittest.skipUnless(HAS_JINJA, f"{sys.executable} has no jinja2, so no page can be drawn")
    def test_the_page_has_a_chart_for_each_constant(self):
        self.swept(self.binary())
        finished = self.parkbench("report", "out/run.json")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        page = (self.folder / "report.html").read_text()
        for name in SWEEPS:
            self.assertIn(f'id="tuning-{name}"', page)
        self.assertIn("--tuning --constant default_budget_ns", page)


def constant_of(times: dict[int, list[float]], default: int = 4) -> curves.Constant:
    """A constant whose only curve has these ns per operation by value."""
    place = {"title": "pair", "workload": "pair", "threads": 2, "counter": None}
    tuning = [{"constant": "gap", "what": "", "default": default, "values": sorted(times), "places": [place]}]
    entries = [
        entry(f"pair/gap_{value}/threads:2", each, index)
        for value, found in times.items()
        for index, each in enumerate(found)
    ]
    return curves.constants(Measurements(document(entries, tuning=tuning)))[0]


def around(time: float, first: int) -> list[float]:
    """Nine repetitions that vary by a tenth, each value in an order of its own."""
    return [time * (1 + (step * first % 9 - 4) / 40) for step in range(9)]


class CurveTest(unittest.TestCase):
    def said(self, *times: float) -> tuple[str, str]:
        found = constant_of({1: around(times[0], 1), 4: around(times[1], 2), 8: around(times[2], 4)})
        return found.curves[0].sentence, found.sentence

    def test_what_differs_by_noise_alone_is_flat_and_the_constant_has_no_curve(self):
        curve, constant = self.said(10.0, 10.1, 9.9)
        self.assertIn("flat", curve)
        self.assertIn("no curve", constant)

    def test_a_default_that_is_the_best(self):
        curve, constant = self.said(20, 10, 15)
        self.assertEqual(curve, "the default is the best; worse: 1 and 8, up to 2.00×")
        self.assertIn("in every cell", constant)

    def test_a_default_within_the_noise_of_the_best(self):
        curve, constant = self.said(20, 10.1, 10)
        self.assertEqual(curve, "the default is within the noise of the best, 8; worse: 1, up to 1.98×")
        self.assertIn("in every cell", constant)

    def test_a_default_that_is_beaten(self):
        curve, constant = self.said(5, 10, 20)
        self.assertEqual(curve, "1 is the best, the default 2.00× slower; worse: 8, up to 2.00×")
        self.assertEqual(constant, "the default is not the best of pair")

    def test_a_machine_that_changes_its_pace_spoils_nothing(self):
        pace = [1, 3, 1, 4, 2, 1, 3, 2, 4]
        times = {1: [12 * each for each in pace], 4: [10 * each for each in pace]}
        self.assertEqual(constant_of(times).curves[0].sentence, "the default is the best; worse: 1, up to 1.20×")

    def test_what_one_repetition_in_nine_denies_is_not_told(self):
        times = {1: [12.0] * 8 + [9.0], 4: [10.0] * 9}
        self.assertIn("flat", constant_of(times).curves[0].sentence)

    def test_one_repetition_is_no_verdict(self):
        found = constant_of({1: [10.0], 4: [20.0]})
        self.assertEqual((found.curves[0].sentence, found.sentence), ("no verdict: one repetition", "not judged"))


class RealBinaryTest(unittest.TestCase):
    """Of the park_bench that was built beside this test."""

    def setUp(self):
        path = os.environ.get("PARK_BENCH")
        if not path:
            self.skipTest("PARK_BENCH names no binary")
        binary = Binary(Path(path))
        self.library = binary.answer("--machine", {})["library"]
        self.cells = binary.answer("--list_cells", {})["cells"]

    def test_no_constant_is_without_a_sweep(self):
        self.assertEqual([one["name"] for one in self.library["tuning"]], list(SWEEPS))

    def test_each_sweep_goes_to_both_sides_of_its_default_in_five_steps_or_more(self):
        for one in self.library["tuning"]:
            values = SWEEPS[one["name"]].values
            self.assertGreaterEqual(len(values), 5, one["name"])
            self.assertTrue(min(values) < one["value"] < max(values), one["name"])

    def test_each_sweep_has_workloads_of_park(self):
        known = {each["workload"] for each in self.cells if each["implementation"] == "park"}
        for name, sweep in SWEEPS.items():
            self.assertTrue(sweep.places, name)
            self.assertLessEqual({place.workload for place in sweep.places}, known, name)
