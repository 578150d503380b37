"""The run against a clock: how many repetitions a budget buys, and in which order cells are run."""

import io
import tempfile
import unittest
from contextlib import redirect_stderr
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from support import CATALOGUE, TemporaryFolderTest
from parkbench.binary import Binary
from parkbench.catalogue import Catalogue, Cell
from parkbench.ensemble import Ensemble
from parkbench.journal import Journal
from parkbench.plan import QUICK
from parkbench.problem import Problem
from parkbench.runner import Order, Runner


class RunnerTest(TemporaryFolderTest):
    def run_within(self, budget_s: float, repetitions=None, behaviour=None) -> Runner:
        thoroughness = replace(QUICK, budget_s=budget_s, longest_cell_s=0.01)
        catalogue = Catalogue(CATALOGUE)
        cells = catalogue.cells(["alone", "pair"], ["park", "std"], [1])
        order = Order(thoroughness, [1], 7, repetitions, 0.01, 0.5)
        journal = Journal(Path(tempfile.mkdtemp(dir=self.folder)), create=True)
        self.addCleanup(journal.close)
        journal.begin({"created": "now", "command": ["parkbench"]})
        runner = Runner(Ensemble(Binary(self.fake_that(behaviour or {})), []), catalogue, cells, order, journal)
        with redirect_stderr(io.StringIO()):
            runner.measure()
        return runner

    def test_time_that_is_left_buys_more_repetitions(self):
        runner = self.run_within(60.0)
        self.assertEqual(runner.found.repetitions_done, QUICK.most_repetitions)
        self.assertEqual(len(runner.found.entries), 4 * QUICK.most_repetitions)

    def test_a_budget_that_is_spent_still_buys_the_least_repetitions_of_every_cell(self):
        runner = self.run_within(0.1)
        self.assertEqual(runner.found.repetitions_done, QUICK.repetitions[-1])
        self.assertEqual(len({entry["name"] for entry in runner.found.entries}), 4)

    def test_the_users_number_of_repetitions_is_kept_whatever_the_budget(self):
        self.assertEqual(self.run_within(0.1, repetitions=4).found.repetitions_done, 4)
        self.assertEqual(self.run_within(60.0, repetitions=1).found.repetitions_done, 1)

    def test_implementations_take_turns(self):
        entries = self.run_within(60.0).found.entries
        for _, block in groupby(entries, key=lambda e: (e["repetition_index"], Cell.parse(e["name"]).workload)):
            self.assertEqual({Cell.parse(entry["name"]).implementation for entry in block}, {"park", "std"})

    def test_one_implementation_that_works_is_enough_to_run(self):
        runner = self.run_within(0.1, behaviour={"alone/std": "crash", "pair/std": "crash", "pair/park": "crash"})
        good = {entry["name"] for entry in runner.found.entries if not entry.get("error_occurred")}
        self.assertEqual(good, {"alone/park/threads:1"})

    def test_none_that_works_is_a_problem_at_once(self):
        with self.assertRaises(Problem) as raised:
            self.run_within(60.0, behaviour={"*": "crash"})
        self.assertIn("no cell can be measured", str(raised.exception))


if __name__ == "__main__":
    unittest.main()
