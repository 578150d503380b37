"""Names, thread counts and cells."""

import unittest

from support import CATALOGUE
from parkbench.catalogue import Catalogue, Cell, default_sweep
from parkbench.problem import Problem


class CatalogueTest(unittest.TestCase):
    def setUp(self):
        self.catalogue = Catalogue(CATALOGUE)

    def test_the_sweep_goes_past_the_cpus(self):
        self.assertEqual(default_sweep(1), [1, 2, 4])
        self.assertEqual(default_sweep(2), [1, 2, 3, 4, 8])
        self.assertEqual(default_sweep(8), [1, 2, 3, 4, 6, 8, 12, 16, 32])
        self.assertEqual(default_sweep(12), [1, 2, 3, 4, 6, 8, 12, 18, 24, 48])

    def test_every_sweep_holds_the_cpus_and_their_multiples(self):
        for cpus in range(1, 200):
            self.assertLessEqual({1, cpus, (3 * cpus + 1) // 2, 2 * cpus, 4 * cpus}, set(default_sweep(cpus)))

    def test_cells_are_those_of_the_catalogue_at_their_own_thread_counts(self):
        cells = self.catalogue.cells(["alone", "pair", "half"], ["park", "posix"], [1, 2, 4])
        self.assertEqual(
            [cell.name for cell in cells],
            ["alone/park/threads:1", "pair/park/threads:2", "pair/posix/threads:2"]
            + ["half/park/threads:2", "half/posix/threads:2", "half/park/threads:4", "half/posix/threads:4"],
        )

    def test_a_cell_is_read_back_from_its_name(self):
        cell = Cell("crowd", "park", 12)
        self.assertEqual(Cell.parse(cell.name), cell)
        for name in ("crowd/park", "crowd/park/threads:", "BM_other/3", "crowd/park/threads:2/more"):
            self.assertIsNone(Cell.parse(name))

    def test_all_names_are_selected_when_none_is_named(self):
        self.assertEqual(self.catalogue.select("workload", None), ["alone", "pair", "crowd", "half"])
        self.assertEqual(self.catalogue.select("implementation", ["std", "park"]), ["park", "std"])

    def test_an_unknown_name_is_answered_with_the_nearest_and_all(self):
        with self.assertRaises(Problem) as raised:
            self.catalogue.select("workload", ["crwd"])
        self.assertIn("did you mean crowd?", str(raised.exception))
        self.assertIn("alone, pair, crowd, half", str(raised.exception))

    def test_a_malformed_catalogue_is_a_problem_not_a_crash(self):
        strange_threads = {**CATALOGUE, "workloads": [{**CATALOGUE["workloads"][0], "threads": "some"}]}
        strange_cell = {**CATALOGUE, "cells": [{"workload": "nowhere", "implementation": "park"}]}
        for document in ({}, {"workloads": 3}, {**CATALOGUE, "cells": []}, strange_threads, strange_cell):
            with self.assertRaises(Problem):
                Catalogue(document)


if __name__ == "__main__":
    unittest.main()
