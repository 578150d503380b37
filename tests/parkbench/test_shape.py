"""What passes for a run, and what is told of the rest."""

import unittest

from support import CATALOGUE, MACHINE, document, entry
from parkbench import shape


class ShapeTest(unittest.TestCase):
    def test_what_we_write_passes(self):
        self.assertIsNone(shape.complaint(document([entry("alone/park/threads:1", 4.0)]), shape.RUN))
        self.assertIsNone(shape.complaint(CATALOGUE, shape.CATALOGUE))

    def test_the_unknown_and_what_others_added_passes(self):
        self.assertIsNone(shape.complaint({**MACHINE, "cores": None, "smell": "faint"}, shape.MACHINE))
        self.assertIsNone(shape.complaint({}, shape.MACHINE))

    def test_each_wrong_value_is_named_with_its_place(self):
        cases = [
            ({"cores": "two"}, "it.cores is not a whole number"),
            ({"cores": True}, "it.cores is not a whole number"),
            ({"smt": 1}, "it.smt is not true or false"),
            ({"tick_ns": [1]}, "it.tick_ns is not a number"),
            ({"cpus": 2}, "it.cpus is not a list"),
            ({"cpus": [{"cpu": 0}, {"cpu": "x"}]}, "it.cpus[1].cpu is not a whole number"),
            ({"cpus": [None]}, "it.cpus[0] is null"),
            ({"caches": [3]}, "it.caches[0] is not an object"),
        ]
        for value, words in cases:
            self.assertEqual(shape.complaint(value, shape.MACHINE), words)

    def test_what_nothing_can_be_drawn_without_is_required(self):
        for key in ("workloads", "implementations", "cells", "hardware_concurrency"):
            lacking = {name: value for name, value in CATALOGUE.items() if name != key}
            self.assertEqual(shape.complaint(lacking, shape.CATALOGUE), f'it has no "{key}"')


if __name__ == "__main__":
    unittest.main()
