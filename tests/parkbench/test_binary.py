"""One process under the watchdog: whatever it does, an entry or a clear line comes of it."""

import os
import subprocess
import sys
import time
import unittest

from support import SCRIPTS, TemporaryFolderTest
from parkbench import shape
from parkbench.binary import Binary
from parkbench.catalogue import Cell
from parkbench.problem import Problem

CELL = Cell("crowd", "park", 2)


class BinaryTest(TemporaryFolderTest):
    def measure(self, what: str = "", timeout_s: float = 20, **options):
        return Binary(self.fake_that({CELL.name: what})).measure(CELL, 0.01, timeout_s, **options)

    def test_a_cell_is_measured(self):
        outcome = self.measure()
        self.assertIsNone(outcome.failure)
        self.assertEqual(outcome.entries[0]["ops"], 1e6)
        self.assertEqual(outcome.context, {"date": "now"})

    def test_a_hung_cell_is_killed_with_all_that_it_started(self):
        start = time.monotonic()
        outcome = self.measure("hang", timeout_s=0.5)
        self.assertLess(time.monotonic() - start, 100)
        self.assertTrue(outcome.hung)
        self.assertEqual(outcome.failure, "timed out after 0.5 s")
        self.assertEqual(
            [pid for pid in os.listdir("/proc") if self.is_ours(pid)] if os.path.isdir("/proc/self") else [], []
        )

    def is_ours(self, pid: str) -> bool:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as line, open(f"/proc/{pid}/stat") as stat:
                return str(self.folder).encode() in line.read() and stat.read().rpartition(")")[2].split()[0] != "Z"
        except (OSError, IndexError):
            return False

    @unittest.skipUnless(sys.platform == "linux", "what is left of a killed runner is seen in /proc")
    def test_a_runner_that_is_killed_leaves_no_cell_running(self):
        binary = self.fake_that({CELL.name: "sleep"})
        text = f"""
import sys; sys.path.insert(0, {str(SCRIPTS)!r})
from pathlib import Path
from parkbench.binary import Binary
from parkbench.catalogue import Cell
Binary(Path({str(binary)!r})).measure(Cell("crowd", "park", 2), 0.01, 1000)
"""
        runner = subprocess.Popen([sys.executable, "-c", text], cwd=self.folder, env=self.environment())
        while not (self.folder / "asleep").exists():
            time.sleep(0.01)
        runner.kill()
        runner.wait()
        for _ in range(2000):
            if not [pid for pid in os.listdir("/proc") if self.is_ours(pid)]:
                return
            time.sleep(0.01)
        self.fail("the cell still runs")

    def test_a_crash_names_its_signal(self):
        self.assertEqual(self.measure("crash").failure, "crashed with SIGSEGV: it said nothing")

    def test_a_failure_tells_the_last_words(self):
        self.assertEqual(self.measure("fail").failure, "ended with status 1: park_bench: out of permits")

    def test_no_output_file_is_an_error(self):
        self.assertIn("wrote no readable JSON", self.measure("garbage").failure)

    def test_an_output_without_the_cell_is_an_error(self):
        self.assertIn("measured nothing of that name", self.measure("nothing").failure)

    def test_counts_that_this_machine_forbids_are_no_error(self):
        outcome = self.measure("no counts", count_system_calls=True)
        self.assertEqual((outcome.entries, outcome.unsupported), ([], "ptrace is forbidden"))

    def test_errors_look_like_google_benchmarks(self):
        found = self.measure("crash").entries[0]
        self.assertLessEqual(
            {"name", "run_name", "run_type", "iterations", "real_time", "cpu_time", "time_unit"}, set(found)
        )
        self.assertIs(found["error_occurred"], True)

    def test_questions_that_are_not_answered_are_problems(self):
        for what, words in (("crash", "SIGSEGV"), ("fail", "out of permits"), ("garbage", "no JSON")):
            with self.assertRaises(Problem) as raised:
                Binary(self.fake_that({"--list_cells": what})).answer("--list_cells", shape.CATALOGUE)
            self.assertIn(words, str(raised.exception))

    def test_a_file_that_is_no_program_is_a_problem(self):
        path = self.fake()
        path.write_text("\x7fnot a program")
        with self.assertRaises(Problem):
            Binary(path).answer("--machine", shape.MACHINE)
        path.chmod(0o644)
        with self.assertRaises(Problem):
            Binary(path)
        with self.assertRaises(Problem):
            Binary(self.folder / "nowhere")


if __name__ == "__main__":
    unittest.main()
