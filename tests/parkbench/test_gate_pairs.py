"""How the gate measures pairs: orders that are balanced, and pairs that are dropped whole."""

import random
import unittest

import support  # noqa: F401  (finds parkbench)
from parkbench.gate.pairs import Pairs, Reading, Sampler, balanced, disturbed
from parkbench.gate.samples import Samples


class Side:
    """A program whose every measurement takes so long; it tells the order in which it was asked."""

    def __init__(self, name, log, ns=10.0, trouble=None):
        self.name, self.log, self.ns, self.trouble = name, log, ns, trouble

    def measure(self, name, seconds, timeout_s):
        self.log.append((self.name, name))
        return Samples(trouble=self.trouble) if self.trouble else Samples([self.ns])


class Silent:
    def step(self, label):
        pass

    def clear(self):
        pass


QUIET = Reading(0.0, [0] * 8, 0)


def sampler(base, head, machine=lambda: QUIET):
    return Sampler(base, head, 0.1, 1.0, random.Random(1), Silent(), machine)


class PairsTest(unittest.TestCase):
    def test_each_order_comes_as_often_and_in_blocks_of_two(self):
        order = balanced(30, random.Random(1))
        self.assertEqual(15, sum(order))
        self.assertTrue(all(order[at] != order[at + 1] for at in range(0, 30, 2)))
        self.assertNotEqual(order, balanced(30, random.Random(2)))

    def test_a_pair_is_of_neighbours_and_each_benchmark_gets_its_count(self):
        log, found = [], {}
        sampler(Side("base", log, 10.0), Side("head", log, 11.0)).measure(["a", "b"], 6, found)
        self.assertEqual([6, 6], [len(found[name].differences) for name in ("a", "b")])
        self.assertTrue(all(log[at][1] == log[at + 1][1] and log[at][0] != log[at + 1][0] for at in range(0, 24, 2)))
        self.assertTrue(all(difference > 0 for difference in found["a"].differences), "head over base, in either order")

    def test_a_side_that_fails_is_asked_no_more(self):
        log, found = [], {}
        sampler(Side("base", log), Side("head", log, trouble="crashed")).measure(["a"], 6, found)
        self.assertEqual(("head crashed", 2, []), (found["a"].trouble, len(log), found["a"].differences))

    def test_a_disturbed_pair_is_dropped_whole_and_measured_again_but_not_for_ever(self):
        stolen = iter(range(0, 10_000, 50))

        def noisy():
            ticks = next(stolen)
            return Reading(0.0, [ticks, 0, 0, 0, 0, 0, 0, ticks], None)

        log, found = [], {}
        sampler(Side("base", log), Side("head", log), noisy).measure(["a"], 6, found)
        self.assertEqual((6, 6, 24), (len(found["a"].differences), found["a"].dropped, len(log)))
        self.assertEqual(6, found["a"].disturbed, "those that counted all the same are told")
        alone = {}
        sampler(Side("base", log), Side("head", log), noisy).measure_alone(["a"], 3, alone)
        self.assertEqual(([10.0] * 3, 3), (alone["a"].times_ns, alone["a"].disturbed))

    def test_what_disturbs_is_stolen_time_or_tasks_that_wait(self):
        def after(stolen, waited_us):
            return Reading(1.0, [100 - stolen, 0, 0, 0, 0, 0, 0, stolen], waited_us)

        self.assertFalse(disturbed(QUIET, after(1, 100_000), crowded=False))
        self.assertTrue(disturbed(QUIET, after(10, 0), crowded=False))
        self.assertTrue(disturbed(QUIET, after(0, 300_000), crowded=False))
        self.assertFalse(disturbed(QUIET, after(0, 300_000), crowded=True))
        self.assertFalse(disturbed(Reading(0.0, [], None), Reading(1.0, [], None), crowded=False))

    def test_the_first_trouble_is_kept(self):
        pairs = Pairs("a")
        pairs.add(Samples(trouble="hung"), Samples([1.0]))
        pairs.add(Samples([1.0]), Samples([1.0]))
        self.assertEqual(("base hung", []), (pairs.trouble, pairs.differences))


if __name__ == "__main__":
    unittest.main()
