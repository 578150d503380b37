"""How a budget is spent, and in which order."""

import random
import unittest
from itertools import groupby

from support import CATALOGUE
from parkbench.catalogue import Catalogue, default_sweep
from parkbench.plan import FULL, LEAST_CELL_S, QUICK, Cost, fit_cost, interleaved, make_plan

COST = Cost(0.03, 1.1)


class PlanTest(unittest.TestCase):
    def test_the_plan_keeps_within_its_budget(self):
        for thoroughness in (FULL, QUICK):
            for cells in (1, 10, 109, 200):
                plan = make_plan(thoroughness, COST, cells, None, None)
                self.assertLessEqual(plan.expected_s, thoroughness.budget_s * 1.02, f"{cells} cells")
                self.assertGreaterEqual(plan.repetitions, thoroughness.repetitions[-1])
                self.assertLessEqual(plan.cell_seconds, thoroughness.longest_cell_s)

    def test_a_full_run_of_this_house_repeats_nine_times_and_a_quick_one_twice_at_least(self):
        self.assertEqual(make_plan(FULL, COST, 109, None, None).repetitions, 9)
        self.assertGreaterEqual(make_plan(QUICK, COST, 109, None, None).repetitions, 2)

    def test_many_cells_get_fewer_repetitions_and_shorter_cells_but_never_none(self):
        plan = make_plan(QUICK, COST, 5000, None, None)
        self.assertEqual((plan.repetitions, plan.cell_seconds), (2, LEAST_CELL_S))

    def test_the_users_word_goes_first(self):
        plan = make_plan(QUICK, COST, 1000, 11, 0.7)
        self.assertEqual(
            (plan.repetitions, plan.least_repetitions, plan.most_repetitions, plan.cell_seconds), (11, 11, 11, 0.7)
        )

    def test_the_cost_of_a_process_is_found_from_two_probes(self):
        cost = fit_cost(0.01, 0.051, 0.05, 0.095)
        self.assertAlmostEqual(cost.slope, 1.1)
        self.assertAlmostEqual(cost.of(0.1), 0.15)

    def test_probes_that_make_no_sense_give_a_cost_that_does(self):
        cost = fit_cost(0.01, 0.09, 0.05, 0.01)
        self.assertGreaterEqual(cost.slope, 1.0)
        self.assertGreater(cost.fixed_s, 0.0)


class InterleavedTest(unittest.TestCase):
    def setUp(self):
        catalogue = Catalogue(CATALOGUE)
        self.cells = catalogue.cells(list(catalogue.workloads), list(catalogue.implementations), default_sweep(4))

    def test_every_cell_once(self):
        self.assertEqual(sorted(interleaved(self.cells, random.Random(1))), sorted(self.cells))

    def test_implementations_of_the_same_workload_and_threads_stand_side_by_side(self):
        order = interleaved(self.cells, random.Random(1))
        blocks = [key for key, _ in groupby(order, key=lambda cell: (cell.workload, cell.threads))]
        self.assertEqual(len(blocks), len(set(blocks)))

    def test_the_seed_decides_the_order(self):
        self.assertEqual(interleaved(self.cells, random.Random(1)), interleaved(self.cells, random.Random(1)))
        self.assertNotEqual(interleaved(self.cells, random.Random(1)), interleaved(self.cells, random.Random(2)))

    def test_no_implementation_always_goes_first(self):
        shuffle = random.Random(3)
        first = {interleaved(self.cells, shuffle)[0].implementation for _ in range(60)}
        self.assertEqual(first, {"park", "std", "posix"})


if __name__ == "__main__":
    unittest.main()
