"""The waits behind others that come later: what is told of them, and beside what."""

import unittest
from copy import deepcopy

from support import CATALOGUE, document, entry
from parkbench import overtaking, scenes
from parkbench.__main__ import modes_as_text
from parkbench.measurements import Measurements


def catalogue() -> dict:
    known = deepcopy(CATALOGUE)
    for name, kind in (("behind", overtaking.KIND), ("turns", "rounds")):
        known["workloads"].append({"name": name, "unit": "pair", "kind": kind, "threads": "sweep", "on_demand": True})
        known["cells"] += [{"workload": name, "implementation": one} for one in ("park", "std")]
    return known


def measured(*entries: dict) -> Measurements:
    return Measurements(document(list(entries), catalogue=catalogue()))


class OvertakingTest(unittest.TestCase):
    def test_of_repetitions_the_worst_is_told_in_milliseconds(self):
        run = measured(
            entry("behind/park/threads:8", 50, 0, max_ns=2e6, longest_behind_ns=1.5e6, most_overtakes=7),
            entry("behind/park/threads:8", 50, 1, max_ns=1e6, longest_behind_ns=1.75e6, most_overtakes=9),
        )
        self.assertRegex(overtaking.as_text(run), r"park +8 +2\.00 +– +– +– +1\.75 +9\.00 +–$")

    def test_each_has_its_table_alone_and_beside_the_other(self):
        waits = entry("behind/park/threads:8", 50, 0, max_ns=2e6)
        scene = entry(
            "turns/park/threads:2", 50, 0, free_median_ns=1, free_slowest_ns=1, free_windows=1, free_bad_windows=0
        )
        self.assertEqual(scenes.as_text(measured(waits)), "")
        self.assertEqual(overtaking.as_text(measured(scene)), "")
        self.assertEqual(modes_as_text(measured(waits)), overtaking.as_text(measured(waits)))
        both = measured(waits, scene)
        self.assertEqual(modes_as_text(both), f"{scenes.as_text(both)}\n\n{overtaking.as_text(both)}")
