"""The Universal Scalability Law: data made from known parameters gives them back, and where it does not hold nothing is claimed."""

import unittest

import numpy
import support  # noqa: F401  (finds parkbench)
from parkbench.usl import FEWEST, Fit, fit, law

COUNTS = {16: [1, 2, 3, 4, 6, 8, 12, 16], 256: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]}


class UslTest(unittest.TestCase):
    def test_exact_data_gives_its_parameters_back(self):
        for cpus, alpha, beta in ((16, 0.1, 0.005), (256, 0.02, 0.0001), (16, 0.3, 0.02), (256, 0.0, 0.00002)):
            counts = numpy.array(COUNTS[cpus])
            found = fit(counts, law(counts, alpha, beta, 1e6))
            self.assertIsInstance(found, Fit)
            self.assertAlmostEqual(alpha, found.alpha.value, places=4)
            self.assertAlmostEqual(beta, found.beta.value, places=6)
            self.assertAlmostEqual(1.0, found.gamma.value / 1e6, places=3)
            self.assertAlmostEqual(((1 - alpha) / beta) ** 0.5, found.peak, delta=0.01 * found.peak)
            self.assertAlmostEqual(law(10, alpha, beta, 1e6) / found.throughput(10), 1.0, places=3)

    def test_the_intervals_hold_the_truth_about_as_often_as_they_say(self):
        counts, chance, inside = numpy.array(COUNTS[16]), numpy.random.default_rng(1), 0
        for _ in range(200):
            found = fit(counts, law(counts, 0.1, 0.005, 1e6) * numpy.exp(0.02 * chance.standard_normal(len(counts))))
            inside += found.alpha.low <= 0.1 <= found.alpha.high
        self.assertGreaterEqual(inside, 180)
        self.assertLess(inside, 200)

    def test_linear_scaling_has_no_peak(self):
        found = fit(COUNTS[16], [1e6 * count for count in COUNTS[16]])
        self.assertLess(found.alpha.value + found.beta.value, 1e-4)
        self.assertIsNone(found.peak)

    def test_few_points_are_no_fit(self):
        self.assertIn("5 thread counts within the CPUs; 6 are needed", fit([1, 2, 3, 4, 6], [1, 2, 3, 4, 6]))
        self.assertEqual(6, FEWEST)

    def test_a_curve_that_goes_up_and_down_is_no_fit(self):
        found = fit(COUNTS[16], [1e6, 4e5, 3e6, 2e5, 4e6, 3e5, 5e6, 4e5])
        self.assertRegex(found, "^the law does not describe it: the points lie [0-9]+ % off$")


if __name__ == "__main__":
    unittest.main()
