"""The run of scenes: which workloads take part, and what is told of them."""

import json
import unittest
from copy import deepcopy

from support import CATALOGUE, TemporaryFolderTest, document, entry
from parkbench import scenes
from parkbench.measurements import Measurements


def with_scenes() -> dict:
    catalogue = deepcopy(CATALOGUE)
    catalogue["workloads"].append(
        {"name": "turns", "title": "Turns", "what": "it", "unit": "turn", "kind": "rounds", "threads": "two"}
    )
    catalogue["workloads"][-1]["on_demand"] = True
    catalogue["cells"] += [{"workload": "turns", "implementation": name} for name in ("park", "std")]
    return catalogue


class SelectionTest(TemporaryFolderTest):
    def measured(self, *arguments):
        fast = ("--repetitions", 1, "--cell-seconds", 0.01, "--output", "out")
        finished = self.parkbench("run", "--binary", self.fake(with_scenes()), *fast, *arguments)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        run = json.loads((self.folder / "out" / "run.json").read_text())
        self.assertEqual(self.parkbench("check", "out/run.json").returncode, 0 if "--workload" not in arguments else 1)
        return finished.stdout, {one["name"].split("/")[0] for one in run["benchmarks"]}

    def test_scenes_are_left_out_of_other_runs(self):
        self.assertEqual(self.measured("--threads", "1,2")[1], {"alone", "pair", "crowd", "half"})

    def test_with_modes_there_is_nothing_else(self):
        text, names = self.measured("--modes")
        self.assertEqual(names, {"turns"})
        self.assertIn("turns, park", text)

    def test_a_name_brings_them_in(self):
        self.assertEqual(self.measured("--workload", "turns", "pair")[1], {"turns", "pair"})


class TableTest(unittest.TestCase):
    def table(self, *repetitions: dict[str, float]) -> str:
        entries = [
            entry("turns/park/threads:2", 50, index, **{f"free_again_{key}": value for key, value in figures.items()})
            for index, figures in enumerate(repetitions)
        ]
        return scenes.as_text(Measurements(document(entries, catalogue=with_scenes())))

    def test_of_repetitions_the_worst_is_told(self):
        good = {"median_ns": 50, "slowest_ns": 60, "windows": 150, "bad_windows": 0, "good_after": 0}
        worse = {"median_ns": 70, "slowest_ns": 900, "windows": 149, "bad_windows": 7, "good_after": 2}
        self.assertRegex(self.table(good, worse), r"free again +60\.0 +900 +7 of 149 +2 windows")

    def test_what_never_was_good_again_says_so(self):
        stuck = {"median_ns": 500, "slowest_ns": 600, "windows": 150, "bad_windows": 150}
        self.assertRegex(self.table(stuck), r"free again +500 +600 +150 of 150 +never")

    def test_a_scene_that_was_not_measured_is_a_dash(self):
        self.assertRegex(self.table({"median_ns": 1, "slowest_ns": 1, "windows": 1, "bad_windows": 0}), r"one_cpu +–")
