"""Who is best, and when one may not say."""

import random
import unittest

from support import document, entry, error, run_of
from parkbench.measurements import Measurements
from parkbench.verdict import as_text, judge, verdicts


def judged(**times):
    """The verdict on the workload "alone" or, with posix, "pair"."""
    workload, threads = ("pair", 2) if "posix" in times else ("alone", 1)
    return judge(
        run_of({f"{workload}/{name}/threads:{threads}": values for name, values in times.items()}), workload, threads
    )


class VerdictTest(unittest.TestCase):
    def test_ours_is_best_when_apart_from_all(self):
        verdict = judged(park=[10, 10.1, 10.2], std=[20, 20.1, 20.2])
        self.assertEqual((verdict.best, verdict.leaders, verdict.rival), ("park", ("park",), "std"))
        self.assertAlmostEqual(verdict.ratio, 10.1 / 20.1)
        self.assertEqual(verdict.sentence, "park best, 1.99× faster than std")

    def test_another_is_best_and_it_is_said(self):
        verdict = judged(park=[30, 30.1, 30.2], std=[20, 20.1, 20.2])
        self.assertEqual(verdict.best, "std")
        self.assertEqual(verdict.sentence, "std best; park 1.50× slower")

    def test_overlapping_intervals_have_no_best(self):
        verdict = judged(park=[10, 11, 12], std=[11.5, 12.5, 13])
        self.assertIsNone(verdict.best)
        self.assertTrue(verdict.ratio_is_noise)
        self.assertEqual(verdict.sentence, "park within the noise of std")

    def test_others_lead_within_the_noise_and_ours_is_slower(self):
        verdict = judged(park=[50, 51, 52], std=[10, 11, 12], posix=[10.5, 11.5, 12.5])
        self.assertIsNone(verdict.best)
        self.assertEqual(verdict.sentence, "std within the noise of posix; park 4.64× slower than std")

    def test_intervals_that_are_narrow_by_chance_do_not_make_a_best(self):
        # park and std lie apart, but by less than what the workload's cells usually spread
        verdict = judged(park=[10, 10.01, 10.02], std=[10.1, 10.5, 11.5], posix=[20, 22, 24])
        self.assertIsNone(verdict.best)
        self.assertEqual(verdict.leaders, ("park", "std"))

    def test_one_repetition_is_no_verdict(self):
        verdict = judged(park=[10], std=[20])
        self.assertIsNone(verdict.best)
        self.assertEqual(verdict.sentence, "one repetition: no verdict")

    def test_alone_in_the_field_is_not_best(self):
        verdict = judged(park=[10, 11])
        self.assertIsNone(verdict.best)
        self.assertEqual(verdict.sentence, "only park was measured")

    def test_equal_implementations_are_seldom_parted(self):
        source = random.Random(5)
        parted = 0
        for _ in range(400):
            one, other = ([100 * source.lognormvariate(0, 0.05) for _ in range(3)] for _ in range(2))
            parted += judged(park=one, std=other).best is not None
        self.assertLess(parted / 400, 0.10)

    def test_equal_implementations_are_seldom_parted_by_seven_repetitions_either(self):
        source = random.Random(8)
        parted = 0
        for _ in range(400):
            one, other = ([100 * source.lognormvariate(0, 0.05) for _ in range(7)] for _ in range(2))
            parted += judged(park=one, std=other).best is not None
        self.assertLess(parted / 400, 0.02)

    def test_a_third_that_spreads_widely_does_not_hide_a_difference(self):
        times = {"park": [130, 131, 132, 133, 134, 135, 136], "std": [100, 101, 102, 103, 104, 105, 106]}
        self.assertEqual(judged(**times, posix=[200, 300, 400, 500, 600, 700, 800]).best, "std")

    def test_a_real_difference_is_seen(self):
        source = random.Random(6)
        seen = 0
        for _ in range(100):
            one = [100 * source.lognormvariate(0, 0.03) for _ in range(9)]
            other = [120 * source.lognormvariate(0, 0.03) for _ in range(9)]
            seen += judged(park=one, std=other).best == "park"
        self.assertGreater(seen, 95)

    def test_sweeps_are_judged_at_the_cpus_and_at_the_most_threads(self):
        run = run_of({f"crowd/park/threads:{threads}": [1.0, 1.1] for threads in (1, 2, 3, 8)})
        self.assertEqual([row.threads for row in verdicts(run)], [2, 8])

    def test_a_cell_that_failed_is_an_error_in_the_table(self):
        entries = [entry("alone/park/threads:1", value, index) for index, value in enumerate((10, 10.1))]
        run = Measurements(document([*entries, error("alone/std/threads:1"), error("alone/std/threads:1")]))
        row = verdicts(run)[0]
        self.assertEqual(row.errors, {"std": "timed out after 5 s"})
        self.assertRegex(
            as_text([row], run.implementations).splitlines()[-1], r"^alone +1 +10\.1 +error +only park was measured$"
        )

    def test_entries_without_operations_are_errors_not_numbers(self):
        broken = {**entry("alone/park/threads:1", 10), "ops": 0}
        run = Measurements(document([broken]))
        self.assertEqual(run.good, {})
        self.assertEqual(len(run.errors), 1)


if __name__ == "__main__":
    unittest.main()
