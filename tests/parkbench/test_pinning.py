"""Pin policies as a dimension of the sweep: which are measured, which are left out and why, and where it is recorded."""

import json
import os
import shutil
import subprocess
import unittest

from support import CATALOGUE, TemporaryFolderTest, document, entry
from parkbench import check, verdict
from parkbench.catalogue import Catalogue, Cell
from parkbench.measurements import Measurements
from parkbench.pinning import POLICIES, choose
from parkbench.problem import Problem

FAST = ("--repetitions", 1, "--cell-seconds", 0.01, "--threads", "1,2,4", "--output", "out")
PARK_BENCH = os.environ.get("PARK_BENCH")
PINS = [
    {"name": "none", "cpus": []},
    {"name": "cores", "cpus": [0, 1]},
    {"name": "siblings", "cpus": [], "why_not": "no core has two CPUs"},
    {"name": "llc", "cpus": [0, 1]},
    {"name": "numa", "cpus": [], "why_not": "1 NUMA node"},
    {"name": "one", "cpus": [1]},
]
PINNED = {
    **CATALOGUE,
    "workloads": [{**one, "follows_pins": one["threads"] == "sweep"} for one in CATALOGUE["workloads"]],
    "cells": [
        {**one, "max_threads": 2} if one["implementation"] == "posix" else one for one in CATALOGUE["cells"]
    ],
    "pins": PINS,
}


class CellTest(unittest.TestCase):
    def test_a_name_tells_the_policy_unless_it_is_none(self):
        for cell, name in (
            (Cell("crowd", "park", 2), "crowd/park/threads:2"),
            (Cell("crowd", "park", 2, "none"), "crowd/park/threads:2"),
            (Cell("crowd", "park", 2, "numa"), "crowd/park/threads:2/pin:numa"),
        ):
            self.assertEqual(cell.name, name)
            self.assertEqual(Cell.parse(name), cell)
        self.assertIsNone(Cell.parse("crowd/park/threads:2/pin:"))

    def test_only_workloads_whose_threads_a_policy_places_are_pinned(self):
        cells = Catalogue(PINNED).cells(["alone", "crowd"], ["park"], [1, 2], ["none", "cores"])
        self.assertEqual(
            [cell.name for cell in cells],
            [
                "alone/park/threads:1",
                "crowd/park/threads:1",
                "crowd/park/threads:2",
                "crowd/park/threads:1/pin:cores",
                "crowd/park/threads:2/pin:cores",
            ],
        )

    def test_who_never_sleeps_has_no_more_threads_than_the_policy_has_cpus(self):
        def counts(pin):
            return [cell.threads for cell in Catalogue(PINNED).cells(["crowd"], ["posix"], [1, 2, 4], [pin])]

        self.assertEqual((counts("none"), counts("cores"), counts("one")), ([1, 2], [1, 2], [1]))


class ChoiceTest(unittest.TestCase):
    def test_without_a_word_nothing_is_pinned(self):
        self.assertEqual(choose(Catalogue(PINNED), None), (["none"], []))
        self.assertEqual(choose(Catalogue(CATALOGUE), None), (["none"], []))

    def test_what_the_machine_lacks_and_what_comes_to_the_same_is_left_out_with_the_reason(self):
        found, left_out = choose(Catalogue(PINNED), list(POLICIES))
        self.assertEqual(found, ["none", "cores", "one"])
        self.assertEqual(
            {one["name"]: one["why_not"] for one in left_out},
            {
                "siblings": "no core has two CPUs",
                "llc": "it is the same as cores here",
                "numa": "1 NUMA node",
            },
        )
        self.assertEqual(choose(Catalogue(PINNED), ["llc"]), (["llc"], []))

    def test_nothing_left_is_a_problem(self):
        with self.assertRaises(Problem) as raised:
            choose(Catalogue(PINNED), ["numa"])
        self.assertIn("--pin numa cannot be had here: 1 NUMA node", str(raised.exception))
        with self.assertRaises(Problem) as raised:
            choose(Catalogue(CATALOGUE), ["cores"])
        self.assertIn("rebuild", str(raised.exception))


class RunTest(TemporaryFolderTest):
    def test_each_policy_is_measured_and_told_by_itself(self):
        binary = self.fake(PINNED)
        finished = self.parkbench("run", "--binary", binary, *FAST, "--pin", "none", "numa", "cores")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertIn("left out: --pin numa: 1 NUMA node", finished.stderr)
        run = json.loads((self.folder / "out" / "run.json").read_text())
        self.assertEqual(run["park"]["pins"], ["none", "cores"])
        self.assertEqual(run["park"]["pins_left_out"], [{"name": "numa", "why_not": "1 NUMA node"}])
        names = {one["name"] for one in run["benchmarks"]}
        self.assertTrue({"alone/park/threads:1", "crowd/park/threads:4", "crowd/park/threads:4/pin:cores"} <= names)
        self.assertNotIn("alone/park/threads:1/pin:cores", names)
        self.assertNotIn("crowd/posix/threads:4/pin:cores", names)
        self.assertEqual({one["name"] for one in run["park"]["counts"]}, names)
        none, cores = finished.stdout.split("pin cores: one thread per core")
        self.assertIn("alone ", none)
        self.assertNotIn("alone ", cores)
        self.assertIn("crowd ", cores)
        self.assertEqual(self.parkbench("check", "out/run.json").returncode, 0)

    def test_what_no_policy_places_is_left_out_by_name(self):
        finished = self.parkbench("run", "--binary", self.fake(PINNED), *FAST, "--pin", "cores")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertIn("left out: alone, pair, whose threads no policy places", finished.stderr)
        self.assertEqual(self.parkbench("check", "out/run.json").returncode, 0)

    def test_refusals(self):
        binary = self.fake(PINNED)
        for arguments, words in (
            (("--pin", "core"), ["--pin", "core"]),
            (("--pin",), ["--pin"]),
            (("--pin", "cores", "--workload", "alone"), ["no policy places the threads of alone"]),
            (("--pin", "numa"), ["numa cannot be had here"]),
        ):
            self.assert_refused(self.parkbench("run", "--binary", binary, *FAST, *arguments), *words)
        for mode in ("--tuning", "--modes"):
            self.assert_refused(self.parkbench("run", "--pin", "cores", mode), mode, "leave out --pin")


class ViewTest(unittest.TestCase):
    def run_of_two(self) -> Measurements:
        entries = [
            entry("crowd/park/threads:2", 10.0),
            entry("crowd/park/threads:2/pin:one", 30.0),
            entry("crowd/std/threads:2/pin:one", 20.0),
        ]
        return Measurements(document(entries, (2,), catalogue=PINNED, pins=["none", "one"], counts=[entries[1]]))

    def test_a_view_holds_one_policy_as_if_it_were_the_only_one(self):
        none, one = self.run_of_two().of_pins()
        cell = Cell("crowd", "park", 2)
        self.assertEqual((set(none.good), set(one.good)), ({cell}, {cell, Cell("crowd", "std", 2)}))
        self.assertEqual(none.counter(cell, "futex_calls_per_op"), None)
        self.assertIn(cell, one.counts)
        self.assertIn("30.0", verdict.as_text(verdict.verdicts(one), one.implementations))

    def test_what_is_missing_is_told_with_its_policy(self):
        complaints = check.missing(self.run_of_two())
        self.assertIn("pin:none: crowd/std: nothing was measured", complaints)
        self.assertNotIn("pin:one: crowd/std: nothing was measured", complaints)


@unittest.skipUnless(PARK_BENCH, "PARK_BENCH names no built park_bench")
class RealTest(TemporaryFolderTest):
    def test_a_policy_on_this_machine(self):
        arguments = ("--workload", "hand_off", "--implementation", "park", "posix", "--pin", "none", "one", "numa")
        finished = self.parkbench("run", "--binary", PARK_BENCH, *FAST, *arguments)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        run = json.loads((self.folder / "out" / "run.json").read_text())
        pinned = [one for one in run["benchmarks"] if one["name"].endswith("/pin:one")]
        self.assertEqual({one["name"] for one in pinned}, {f"hand_off/{name}/threads:2/pin:one" for name in ("park", "posix")})
        self.assertEqual({one["pinned_cpus"] for one in pinned}, {1})
        self.assertTrue(all("pinned_cpus" not in one for one in run["benchmarks"] if "/pin:" not in one["name"]))

    @unittest.skipUnless(shutil.which("taskset"), "there is no taskset")
    def test_under_an_affinity_mask_of_one_cpu(self):
        cpu = str(max(os.sched_getaffinity(0)))
        listed = json.loads(subprocess.check_output(["taskset", "-c", cpu, PARK_BENCH, "--list_cells"]))
        pins = {one["name"]: one for one in listed["pins"]}
        self.assertEqual(pins["one"]["cpus"], [int(cpu)])
        self.assertEqual({name for name in pins if pins[name].get("why_not")}, {"cores", "siblings", "llc", "numa"})


if __name__ == "__main__":
    unittest.main()
