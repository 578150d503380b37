"""The gate's rule on data whose truth is known: what it must find, and how seldom it may cry wolf."""

import math
import unittest

import support  # noqa: F401  (finds parkbench)

try:
    import numpy
    from parkbench.gate.rule import (
        FLOOR,
        Shift,
        holm,
        paired,
        pairs_to_settle,
        signed_rank_quantile,
        suspicious,
        unpaired,
    )
    from parkbench.gate.verdicts import FAILED, INCONCLUSIVE, PASS, REGRESSED, Evidence, exit_status, judge
except ModuleNotFoundError as missing:
    raise unittest.SkipTest(f"no module {missing.name}: run scripts/setup") from None

FAMILY = 20


def spread(kind: str, chance: "numpy.random.Generator", count: int) -> "numpy.ndarray":
    """What one pair's two sides differ by where nothing has changed: a typical 3 %, of several shapes."""
    if kind == "normal":
        return chance.normal(0, 0.03, count)
    if kind == "heavy tails":
        return 0.02 * chance.standard_t(1.5, count)
    if kind == "two modes":  # a side is in a mode that takes 40 % longer, now and then
        return numpy.log(1 + 0.4 * (chance.random(count) < 0.3)) - numpy.log(1 + 0.4 * (chance.random(count) < 0.3))
    if kind == "drift":  # 1 % from each process to the next, and the order is random
        return chance.choice([-1, 1], count) * 0.01 + chance.normal(0, 0.01, count)
    raise ValueError(kind)


def one_side(kind: str, chance: "numpy.random.Generator", count: int) -> "numpy.ndarray":
    """What the times of one side vary by."""
    if kind == "two modes":
        return numpy.log(1 + 0.4 * (chance.random(count) < 0.3)) + chance.normal(0, 0.003, count)
    return spread(kind, chance, count)


KINDS = ("normal", "heavy tails", "two modes", "drift")


def family(chance: "numpy.random.Generator", kind: str, slowdowns: list) -> list:
    """A verdict on each benchmark, as compare comes to it: a first look of 12 pairs, and 30 fresh ones of the
    suspicious."""
    found = []
    for index, slowdown in enumerate(slowdowns):
        shift = math.log1p(slowdown)
        first = paired(shift + spread(kind, chance, 12))
        again = suspicious(first, FLOOR)
        fresh = paired(shift + spread(kind, chance, 30)) if again else None
        found.append(Evidence(str(index), first, fresh, again, ([1.0], [1.0])))
    return judge(found)


class FalseAlarms(unittest.TestCase):
    def test_in_at_most_one_of_a_hundred_families_of_identical_code(self):
        for kind in KINDS:
            chance = numpy.random.default_rng(1)
            families = 200
            alarms = sum(
                any(verdict.outcome == REGRESSED for verdict in family(chance, kind, [0.0] * FAMILY))
                for _ in range(families)
            )
            with self.subTest(kind):
                self.assertLessEqual(alarms, 4)  # of 200, where 1 is expected: more than 4 come once in 270 times

    def test_a_slow_down_below_the_floor_is_none(self):
        chance = numpy.random.default_rng(2)
        regressed = sum(
            verdict.outcome == REGRESSED
            for _ in range(50)
            for verdict in judge(
                [Evidence("x", None, paired(math.log1p(0.01) + chance.normal(0, 0.005, 30)), True, ([1.0], [1.0]))]
            )
        )
        self.assertEqual(0, regressed)

    def test_nor_of_finished_runs_of_few_repetitions(self):
        for kind in ("normal", "heavy tails", "two modes"):
            chance = numpy.random.default_rng(8)
            alarms = 0
            for _ in range(60):
                shifts = [unpaired(one_side(kind, chance, 6), one_side(kind, chance, 6), FAMILY) for _ in range(FAMILY)]
                everything = [
                    Evidence(str(index), shift, shift, True, ([1.0], [1.0])) for index, shift in enumerate(shifts)
                ]
                alarms += any(verdict.outcome == REGRESSED for verdict in judge(everything))
            with self.subTest(kind):
                self.assertLessEqual(alarms, 3)  # of 60, where 0.3 are expected


class Power(unittest.TestCase):
    def test_a_slow_down_of_ten_percent_among_others_is_found(self):
        for kind in ("normal", "drift"):
            chance = numpy.random.default_rng(3)
            found = sum(family(chance, kind, [0.1] + [0.0] * (FAMILY - 1))[0].outcome == REGRESSED for _ in range(50))
            with self.subTest(kind):
                self.assertGreaterEqual(found, 45)

    def test_one_of_twenty_percent_under_heavy_tails_too(self):
        chance = numpy.random.default_rng(4)
        found = sum(
            family(chance, "heavy tails", [0.2] + [0.0] * (FAMILY - 1))[0].outcome == REGRESSED for _ in range(50)
        )
        self.assertGreaterEqual(found, 45)

    def test_a_quiet_benchmark_that_has_not_changed_passes_at_the_first_look(self):
        chance = numpy.random.default_rng(5)
        first = paired(chance.normal(0, 0.005, 12))
        self.assertFalse(suspicious(first, FLOOR))
        self.assertEqual(PASS, judge([Evidence("x", first, times_ns=([1.0], [1.0]))])[0].outcome)

    def test_what_is_faster_passes(self):
        chance = numpy.random.default_rng(6)
        self.assertFalse(suspicious(paired(-0.2 + chance.normal(0, 0.05, 12)), FLOOR))


class Intervals(unittest.TestCase):
    def test_the_bounds_hold_the_truth_nineteen_times_in_twenty_each(self):
        chance = numpy.random.default_rng(7)
        for kind in ("normal", "heavy tails", "drift"):
            shifts = [paired(0.05 + spread(kind, chance, 12)) for _ in range(1000)]
            with self.subTest(kind):
                self.assertLessEqual(sum(shift.high < 0.05 for shift in shifts), 75)
                self.assertLessEqual(sum(shift.low > 0.05 for shift in shifts), 75)
                self.assertGreater(sum(shift.high < 0.05 for shift in shifts), 10)  # nor are they wider than need be

    def test_the_quantiles_of_the_signed_rank_sum_are_those_of_the_tables(self):
        # one more than the usual tables' critical values 2, 17 and 151, one-sided, 5 %
        self.assertEqual([3, 18, 152], [signed_rank_quantile(count, 0.05) for count in (6, 12, 30)])

    def test_fewer_than_six_pairs_say_nothing(self):
        self.assertIsNone(paired([0.5] * 5))
        self.assertIsNotNone(paired([0.5] * 6))
        self.assertTrue(suspicious(None, FLOOR))

    def test_pairs_that_are_all_alike_are_no_difference(self):
        shift = paired([0.0] * 12)
        self.assertEqual((0.0, 0.0, 0.0, 1.0), (shift.estimate, shift.low, shift.high, shift.p_slower))

    def test_finished_runs_are_told_apart_by_their_ranks(self):
        chance = numpy.random.default_rng(8)
        shift = unpaired(chance.normal(0, 0.01, 20), chance.normal(0.2, 0.01, 20))
        self.assertTrue(shift.low < 0.2 < shift.high)
        self.assertLess(shift.p_slower, 1e-6)
        self.assertIsNone(unpaired([0.0] * 5, [0.0] * 20))


class Family(unittest.TestCase):
    def test_the_chance_is_exact(self):
        # all twelve positive: one of 2 ** 12 ways; one negative, the least: two of them
        rising = [0.01 * rank for rank in range(1, 13)]
        self.assertAlmostEqual(2**-12, paired(rising).p_slower)
        self.assertAlmostEqual(2 * 2**-12, paired([-rising[0], *rising[1:]]).p_slower)
        self.assertAlmostEqual(1.0, paired([-each for each in rising]).p_slower)

    def test_holm_goes_on_only_while_each_is_significant(self):
        self.assertEqual([True, False, True], holm([0.01, 0.06, 0.02], 0.05))
        self.assertEqual([False, False], holm([0.03, 0.04], 0.05))
        self.assertEqual([True, False], holm([0.0024, 0.006]))
        self.assertEqual([], holm([]))

    def test_a_regression_goes_before_a_crash_and_that_before_what_is_open(self):
        def status(*outcomes, strict=False):
            class Said:
                def __init__(self, outcome):
                    self.outcome = outcome

            return exit_status([Said(outcome) for outcome in outcomes], strict)

        self.assertEqual(1, status(PASS, FAILED, REGRESSED, INCONCLUSIVE))
        self.assertEqual(2, status(PASS, FAILED, INCONCLUSIVE, strict=True))
        self.assertEqual(3, status(PASS, INCONCLUSIVE, strict=True))
        self.assertEqual(0, status(PASS, INCONCLUSIVE))

    def test_what_stays_open_tells_how_many_pairs_would_settle_it(self):
        chance = numpy.random.default_rng(9)
        shift = paired(chance.normal(0, 0.1, 30))
        wanted = pairs_to_settle(shift, FLOOR)
        self.assertTrue(wanted is None or wanted > 30)
        above = Shift(0.06, 0.01, 0.11, 0.02, 30)
        self.assertEqual(
            52, pairs_to_settle(above, FLOOR), "what is to be significant has to be so at the family's level"
        )
        on_the_floor = Shift(math.log1p(FLOOR) - 1e-9, -0.01, 0.07, 0.2, 30)
        self.assertIsNone(pairs_to_settle(on_the_floor, FLOOR))


if __name__ == "__main__":
    unittest.main()
