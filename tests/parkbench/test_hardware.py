"""The hardware probe in a run's document: kept, not repeated, and not missed where it fails."""

import json
import os
import signal
import subprocess
import sys
import time
import unittest

from support import MACHINE, TemporaryFolderTest, document
from parkbench import shape
from parkbench.binary import Binary
from parkbench.hardware import probe

FAST = ("--repetitions", 1, "--cell-seconds", 0.03, "--threads", "1,2", "--output", "out")
PARK_BENCH = os.environ.get("PARK_BENCH")


class ProbeTest(TemporaryFolderTest):
    def run_of(self, binary) -> dict:
        finished = self.parkbench("run", "--binary", binary, *FAST, "--workload", "alone", "crowd")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        return json.loads((self.folder / "out" / "run.json").read_text())

    def test_a_run_has_what_was_found(self):
        found = self.run_of(self.fake())["park"]["probe"]
        self.assertEqual(found["atomics"], {"cpus": [0, 1], "ns": [[None, 50.0], [50.0, None]]})
        self.assertEqual(found["notes"], ["a note"])
        self.assertNotIn("machine", found)

    def test_a_probe_that_fails_is_told_and_the_run_goes_on(self):
        for what, words in (("crash", "SIGSEGV"), ("garbage", "no JSON"), ("fail", "out of permits")):
            run = self.run_of(self.fake_that({"--probe": what}))
            self.assertEqual(list(run["park"]["probe"]), ["failed"])
            self.assertIn(words, run["park"]["probe"]["failed"])
            self.assertGreater(len(run["benchmarks"]), 0)

    def test_a_run_that_is_gone_on_with_does_not_repeat_it(self):
        binary = self.fake_that({"crowd/park": "held"})
        process = subprocess.Popen(
            [sys.executable, "-m", "parkbench", "run", "--binary", str(binary), *map(str, FAST), "--seed", "5"],
            env=self.environment(), cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while not (self.folder / "held by park").exists() and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        lines = map(json.loads, (self.folder / "out" / "journal.jsonl").read_text().splitlines())
        kept = next(line["probe"] for line in lines if "probe" in line)
        (self.folder / "go on park").write_text("")
        finished = self.parkbench("run", "--resume", "out")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertEqual(json.loads((self.folder / "out" / "run.json").read_text())["park"]["probe"], kept)

    @unittest.skipUnless(PARK_BENCH, "PARK_BENCH names no built park_bench")
    def test_the_real_one_is_of_the_shape_that_is_described(self):
        found = probe(Binary(self.folder / PARK_BENCH))
        self.assertNotIn("failed", found)
        for matrix in (found["atomics"]["ns"], found["wakes"]["unpark_ns"], found["wakes"]["latency_ns"]):
            self.assertTrue(all(len(row) == len(matrix) for row in matrix))
        self.assertIsNone(shape.complaint(document([], probe=found), shape.RUN))


class ShapeTest(unittest.TestCase):
    def test_a_matrix_may_have_nulls_and_nothing_else_that_is_no_number(self):
        def complaint(rows):
            return shape.complaint({"atomics": {"cpus": [0, 1], "ns": rows}}, shape.PROBE)

        self.assertIsNone(complaint([[None, 1.5], [1, None]]))
        self.assertIn("is not a number", complaint([[None, "x"], [1, None]]))
        self.assertIn("is null", complaint([None]))

    def test_a_machine_says_who_shares_its_caches(self):
        caches = [{"level": 1, "sharers": [[0], [1]]}]
        self.assertIsNone(shape.complaint({**MACHINE, "caches": caches}, shape.MACHINE))
        caches[0]["sharers"] = [0, 1]
        self.assertIn("is not a list", shape.complaint({**MACHINE, "caches": caches}, shape.MACHINE))


if __name__ == "__main__":
    unittest.main()
