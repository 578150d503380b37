"""The gate's second signal: the sum of all iterations, the constant of one, and what is said where there is none."""

import random
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import support  # noqa: F401  (finds parkbench)
from parkbench.gate import counts
from parkbench.gate.counts import Constant, constant, iterations_in_all, verdict
from parkbench.gate.verdicts import FAILED, INCONCLUSIVE, PASS, REGRESSED

LEAST_TIME = 0.25


def batches(iteration_s, chance, noise):
    """How Google Benchmark chooses the iterations of its batches; as its 1.7 does."""
    done, iterations = [], 1
    while True:
        done.append(iterations)
        taken = iterations * iteration_s * chance.uniform(1 - noise, 1 + noise)
        if taken >= LEAST_TIME:
            return done
        factor = LEAST_TIME * 1.4 / max(taken, 1e-9)
        factor = factor if taken / LEAST_TIME > 0.1 else min(10.0, factor)
        iterations = max(round((factor if factor > 1 else 2.0) * iterations), iterations + 1)


class IterationsTest(unittest.TestCase):
    def test_the_last_batch_tells_all_of_them_where_they_are_some_hundred(self):
        chance = random.Random(1)
        for _ in range(2000):
            done = batches(10 ** chance.uniform(-9, -3), chance, 0.02)
            self.assertEqual(sum(done), iterations_in_all(done[-1]), done)


class ConstantTest(unittest.TestCase):
    def test_it_is_the_slope_whatever_the_start_took(self):
        self.assertEqual(Constant(20.0, 0.0), constant([(11, 1_000_220), (1111, 1_022_220), (5111, 1_102_220)]))

    def test_what_wavers_is_none(self):
        found = constant([(10, 1_000), (1_010, 21_000), (2_010, 61_000)])
        self.assertEqual(counts.SIZES_S, found.again)
        self.assertIn("wavers", found.trouble)

    def test_numbers_of_iterations_that_are_alike_tell_nothing(self):
        self.assertIn("too much alike", constant([(2, 10), (2, 10), (2, 11)]).trouble)

    def counted(self, *founds):
        """What is found in the end, and by which sizes."""
        sizes, left = [], list(founds)

        class Scripted(counts.Counter):
            def count_once(self, name, tool, read, by):
                sizes.append(by)
                return left.pop(0)

        return Scripted(None, 1.0).count("a", [], counts.refs), sizes

    def test_a_second_look_is_taken_by_the_sizes_that_may_settle_it(self):
        alike = constant([(10**9, 5), (10**9, 5), (10, 1)])
        self.assertEqual((Constant(7.0), [counts.SIZES_S, counts.SHORTER_S]), self.counted(alike, Constant(7.0)))
        self.assertEqual((Constant(7.0), [counts.SIZES_S]), self.counted(Constant(7.0)))
        self.assertEqual((Constant(trouble="crashed"), [counts.SIZES_S]), self.counted(Constant(trouble="crashed")))
        self.assertEqual(alike, self.counted(alike, alike, alike)[0])


class VerdictTest(unittest.TestCase):
    def test_what_is_known_less_well_than_it_has_grown_stays_open(self):
        told = verdict("a: system calls", Constant(0.35, 0.04), Constant(0.40, 0.0), counts.GROWN_CALLS, 0.0)
        self.assertEqual(
            (INCONCLUSIVE, "0.35 an iteration before, 0.40 after, each by 0.08"), (told.outcome, told.reason)
        )
        told = verdict("a: system calls", Constant(0.35, 0.04), Constant(0.44, 0.0), counts.GROWN_CALLS, 0.0)
        self.assertEqual(REGRESSED, told.outcome)

    def counted_twice(self, *founds):
        """The verdicts where each look at base and head finds the next of these, and how many looks were taken."""
        left = list(founds)

        class Scripted(counts.Counter):
            def count(self, name, tool, read):
                return left.pop(0) if tool[0] == "valgrind" else Constant(0.0)

        program = mock.Mock(shares_its_name=lambda name: False)
        with mock.patch.object(counts, "Counter", Scripted):
            said = [
                verdict.outcome
                for verdict in counts.count_both(program, program, ["a", "b/threads:2"], 1.0, lambda _: None)
            ]
        return said, len(founds) - len(left)

    def test_what_has_grown_is_counted_afresh_and_the_fresh_counts_are_the_verdict(self):
        few, more = Constant(20.0), Constant(22.0)
        self.assertEqual(([REGRESSED, PASS], 4), self.counted_twice(few, more, few, more))
        self.assertEqual(([PASS, PASS], 4), self.counted_twice(few, more, few, few))
        self.assertEqual(([PASS, PASS], 2), self.counted_twice(more, few))

    def said(self, before, after):
        return verdict("a: instructions", before, after, counts.GROWN, counts.GROWN_SHARE).outcome

    def test_one_instruction_more_has_regressed_and_one_less_passes(self):
        self.assertEqual(REGRESSED, self.said(Constant(20.0), Constant(21.0)))
        self.assertEqual(PASS, self.said(Constant(20.0), Constant(19.0)))
        self.assertEqual(PASS, self.said(Constant(20.0), Constant(20.01)))

    def test_one_system_call_in_fifty_iterations_has_regressed(self):
        told = verdict("a: system calls", Constant(0.0), Constant(0.02), counts.GROWN_CALLS, 0.0)
        self.assertEqual((REGRESSED, "0.00 an iteration before, 0.02 after"), (told.outcome, told.reason))

    def test_what_wavers_stays_open_and_what_failed_has_failed(self):
        self.assertEqual(
            INCONCLUSIVE, self.said(Constant(20.0), Constant(30.0, trouble="it wavers", again=counts.SIZES_S))
        )
        self.assertEqual(FAILED, self.said(Constant(trouble="crashed"), Constant(20.0)))


class ToolsTest(unittest.TestCase):
    def test_what_they_print_is_read(self):
        self.assertEqual(1_234_567, counts.refs("==1== \n==1== I   refs:      1,234,567\n", Path()))
        self.assertIsNone(counts.refs("valgrind: failed", Path()))
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "told"
            self.assertEqual(0, counts.calls("", told), "a program that made none")
            told.write_text(
                "% time     seconds  usecs/call     calls    errors syscall\n"
                " 90.00    0.000500           5       100           futex\n"
                "------ ----------- ----------- --------- --------- ----------------\n"
                "100.00    0.000555           5       104         1 total\n"
            )
            self.assertEqual(104, counts.calls("", told))


if __name__ == "__main__":
    unittest.main()
