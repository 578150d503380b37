"""The spread of repeated measurements, and what it can tell apart."""

import random
import unittest

import support  # noqa: F401
from parkbench.estimate import chance_of_false_separation, coverage, estimate, interval_rank, spread_in_words


class EstimateTest(unittest.TestCase):
    def test_nothing_measured_is_no_estimate(self):
        self.assertIsNone(estimate([]))

    def test_few_values_are_spread_from_minimum_to_maximum(self):
        found = estimate([3.0, 1.0, 2.0])
        self.assertEqual((found.median, found.low, found.high, found.count), (2.0, 1.0, 3.0, 3))

    def test_nine_values_are_trimmed_to_a_95_percent_interval(self):
        found = estimate([1, 2, 3, 4, 5, 6, 7, 8, 1000])
        self.assertEqual((found.median, found.low, found.high), (5, 2, 8))

    def test_the_interval_is_the_narrowest_that_covers_95_percent(self):
        for count in range(6, 60):
            rank = interval_rank(count)
            self.assertGreaterEqual(coverage(count, rank), 0.95)
            self.assertLess(coverage(count, rank + 1), 0.95)

    def test_coverage_agrees_with_simulation(self):
        source = random.Random(1)
        held = 0
        for _ in range(4000):
            found = estimate(source.random() for _ in range(9))
            held += found.low <= 0.5 <= found.high
        self.assertAlmostEqual(held / 4000, coverage(9, interval_rank(9)), delta=0.015)

    def test_the_chance_of_false_separation_agrees_with_simulation(self):
        source = random.Random(2)
        for count in (2, 3, 5, 9):
            apart = 0
            for _ in range(4000):
                one, other = (estimate(source.gauss(0, 1) + 9 for _ in range(count)) for _ in range(2))
                apart += not one.overlaps(other)
            self.assertAlmostEqual(
                apart / 4000, chance_of_false_separation(count), delta=0.025, msg=f"{count} repetitions"
            )

    def test_the_spread_is_named_for_what_it_is(self):
        self.assertIn("no spread", spread_in_words(1))
        self.assertIn("minimum to maximum", spread_in_words(5))
        self.assertIn("95 % interval", spread_in_words(6))


if __name__ == "__main__":
    unittest.main()
