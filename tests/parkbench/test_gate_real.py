"""The gate from end to end: two real builds of a binary of Google Benchmark's, one of which takes three times as long."""

import json
import os
import shutil
import unittest

from support import TemporaryFolderTest


@unittest.skipUnless("HEAD" in os.environ, "BASE and HEAD name the two builds; ctest sets them")
class RealBuilds(TemporaryFolderTest):
    def gate(self, *arguments):
        told = self.folder / "told.json"
        done = self.parkbench("compare", *arguments, "--seconds", "0.01", "--json", told)
        self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)
        return done.returncode, {each["name"]: each for each in json.loads(told.read_text())["benchmarks"]}

    def test_what_takes_three_times_as_long_fails(self):
        status, told = self.gate("--base", os.environ["BASE"], "--head", os.environ["HEAD"])
        self.assertEqual(1, status)
        self.assertEqual("regressed", told["changed"]["verdict"])
        self.assertGreater(told["changed"]["shift"]["change"], 1)
        self.assertEqual({"changed", "unchanged/300", "changed<by, two>/repeats:3/threads:2"}, set(told))

    def test_what_takes_a_third_passes(self):
        _, told = self.gate("--base", os.environ["HEAD"], "--head", os.environ["BASE"], "--filter", "^changed$")
        self.assertEqual("pass", told["changed"]["verdict"])

    @unittest.skipUnless(shutil.which("valgrind") and shutil.which("strace"), "valgrind or strace is missing: scripts/setup --counts")
    def test_by_counts_each_step_more_is_found_and_as_many_pass(self):
        _, told = self.gate("--base", os.environ["BASE"], "--head", os.environ["HEAD"], "--filter", "changed(/300)?$", "--count")
        self.assertEqual("regressed", told["changed: instructions"]["verdict"], told)
        self.assertEqual("pass", told["changed: system calls"]["verdict"], told)
        self.assertEqual("pass", told["unchanged/300: instructions"]["verdict"], told)


if __name__ == "__main__":
    unittest.main()
