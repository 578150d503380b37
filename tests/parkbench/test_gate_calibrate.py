"""parkbench calibrate: what the table says of trials whose outcome is known, and that an interrupted one goes on."""

import json
import random
import re
import tempfile
import unittest
from pathlib import Path

import numpy
import support  # noqa: F401  (finds parkbench)
from parkbench.gate import calibrate, trials
from parkbench.gate.trials import FAMILY, MUTANTS, SAME, SLOWER, Journal, Measured, Outcome, Trial
from parkbench.problem import Problem


def family(change, seed=0, noise=0.01, trouble=None, names=FAMILY):
    """Measurements whose head takes so much more time."""
    chance = numpy.random.default_rng(seed)
    told = []
    for name in names:
        base = 100 * numpy.exp(noise * chance.standard_normal(12))
        head = 100 * (1 + change) * numpy.exp(noise * chance.standard_normal(12))
        fresh = numpy.log1p(change) + noise * chance.standard_normal(30)
        told.append(Measured(name, list(numpy.log(head / base)), list(fresh), list(base), list(head), trouble))
    return told


def outcome(kind, change, index=0, **how):
    trial = Trial(kind, index)
    return Outcome(trial, family(change, seed=index + 1, names=trial.names, **how))


class RulesTest(unittest.TestCase):
    def test_each_rule_finds_what_it_should(self):
        self.assertEqual(set(FAMILY), calibrate.by_the_gate(family(0.10)))
        self.assertEqual(set(), calibrate.by_the_gate(family(0.0)))
        self.assertEqual(set(FAMILY), calibrate.by_compare_py(family(0.10)))
        self.assertEqual(set(), calibrate.by_compare_py(family(-0.10)), "faster is not slower")
        self.assertEqual(set(), calibrate.by_twice(family(0.90)))
        self.assertEqual(set(FAMILY), calibrate.by_twice(family(1.10)))

    def test_the_gate_judges_by_the_fresh_pairs_alone(self):
        told = family(0.0)
        for each in told:
            each.first = [difference + 0.2 for difference in each.first]
        self.assertEqual(set(), calibrate.by_the_gate(told))


class TableTest(unittest.TestCase):
    def test_it_counts_families_of_no_change_and_benchmarks_of_one(self):
        outcomes = [outcome(SAME, 0.0, index) for index in range(9)] + [outcome(SAME, 0.2, 9)]
        outcomes += [outcome("0.1", 0.10, index) for index in range(5)]
        told = dict(calibrate.rows(outcomes))
        self.assertEqual("1 of 10 (0-45 %)", told["nothing: families of 4 with a false alarm"][0])
        really = {what: float(re.search(r"\((.+) %\)", row)[1]) for row in told for what in ("uncontended", "hand-off") if f"10 % slower, {what}" in row}
        self.assertTrue(all(9 < change < 11 for change in really.values()), really)
        self.assertEqual("15 of 15 (78-100 %)", told[f"10 % slower, uncontended ({really['uncontended']:+.1f} %)"][0])
        self.assertEqual("5 of 5 (48-100 %)", told[f"10 % slower, hand-off ({really['hand-off']:+.1f} %)"][0])
        self.assertEqual("not run", told["20 % slower, uncontended (not measured)"][0])

    def test_what_counts_is_the_floor_that_was_asked_for(self):
        outcomes = [outcome("0.05", 0.05, index) for index in range(5)]
        found = [next(told[0] for what, told in calibrate.rows(outcomes, floor) if what.startswith("5 % slower, hand-off")) for floor in (0.03, 0.1)]
        self.assertEqual(["5 of 5 (48-100 %)", "0 of 5 (0-52 %)"], found)

    def test_a_trial_in_which_a_process_failed_is_counted_apart(self):
        outcomes = [outcome(SAME, 0.0), outcome(SAME, 0.0, 1, trouble="head crashed")]
        self.assertIn("0 of 1", dict(calibrate.rows(outcomes))["nothing: families of 4 with a false alarm"][0])
        self.assertIn("which are not counted: 1.", calibrate.as_markdown(outcomes))

    def test_the_spread_is_that_of_the_same_code(self):
        self.assertLess(calibrate.spread([outcome(SAME, 0.0, index) for index in range(20)]), 0.02)
        self.assertGreater(calibrate.spread([outcome(SAME, 0.0, index, noise=0.2) for index in range(20)]), 0.05)

    def test_rates_have_exact_intervals(self):
        self.assertEqual("0 of 200 (0-2 %)", calibrate.share_of(0, 200))


class ScheduleTest(unittest.TestCase):
    def test_it_holds_every_kind_as_often_as_asked_in_mixed_order(self):
        planned = trials.schedule(20, 3, random.Random(1))
        kinds = [trial.kind for trial in planned]
        self.assertEqual(20, kinds.count(SAME))
        for kind in (*map(str, SLOWER), *MUTANTS):
            self.assertEqual(3, kinds.count(kind))
        self.assertNotEqual([SAME] * 20, kinds[:20])
        self.assertEqual(len(planned), len({trial.key for trial in planned}))

    def test_a_spin_is_as_long_as_the_share_of_an_iteration(self):
        whole = trials.spin_turns({"mutex": 10_000.0, "hand_off/real_time": 50_000.0, trials.SPIN: 25_000.0})
        told = trials.environment(0.1, whole)["PARKBENCH_SPIN"]
        self.assertEqual("mutex=4000 hand_off=20000", told)
        self.assertEqual({}, trials.environment(None, whole))


class JournalTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "trials.jsonl"

    def test_an_interrupted_calibration_goes_on_with_what_is_missing(self):
        planned, made = [Trial(SAME, index) for index in range(4)], []

        def run(trial):
            made.append(trial.key)
            if len(made) == 3:
                raise KeyboardInterrupt
            return outcome(SAME, 0.0, trial.index)

        with self.assertRaises(KeyboardInterrupt):
            trials.carry_out(planned, Journal(self.path, {"of": 1}), run)
        again = Journal(self.path, {"of": 1})
        self.assertEqual({"same/0", "same/1"}, set(again.outcomes))
        trials.carry_out(planned, again, run)
        self.assertEqual(["same/0", "same/1", "same/2", "same/2", "same/3"], made)
        self.assertEqual(family(0.0, seed=1), Journal(self.path, {"of": 1}).outcomes["same/0"].measured)

    def test_the_half_line_of_one_that_was_killed_is_passed_over(self):
        journal = Journal(self.path, {"of": 1})
        journal.weighed({"mutex": 5.0})
        journal.add(outcome(SAME, 0.0))
        with self.path.open("a") as file:
            file.write(json.dumps({"trial": {"kind": SAME, "index": 1}})[:-5])
        again = Journal(self.path, {"of": 1})
        self.assertEqual(({"mutex": 5.0}, {"same/0"}), (again.whole, set(again.outcomes)))
        again.add(outcome(SAME, 0.0, 1))
        self.assertEqual({"same/0", "same/1"}, set(Journal(self.path, {"of": 1}).outcomes))

    def test_what_another_machine_measured_is_refused(self):
        Journal(self.path, {"of": 1})
        with self.assertRaisesRegex(Problem, "is of another machine, binary or setting"):
            Journal(self.path, {"of": 2})


if __name__ == "__main__":
    unittest.main()
