"""Whether a run is whole."""

import unittest

from support import CATALOGUE, document, entry, error
from parkbench.catalogue import Catalogue
from parkbench.check import missing, notes
from parkbench.measurements import Measurements


def whole() -> list[dict]:
    catalogue = Catalogue(CATALOGUE)
    cells = catalogue.cells(list(catalogue.workloads), list(catalogue.implementations), [1, 2])
    return [entry(cell.name, 10.0) for cell in cells]


def checked(entries: list[dict], **park: object) -> list[str]:
    return missing(Measurements(document(entries, **park)))


class CheckTest(unittest.TestCase):
    def test_a_whole_run_lacks_nothing(self):
        self.assertEqual(checked(whole()), [])

    def test_each_cell_is_missed(self):
        entries = whole()
        for gone in entries:
            rest = [one for one in entries if one is not gone]
            self.assertTrue(
                any(gone["name"].split("/threads")[0] in complaint for complaint in checked(rest)), gone["name"]
            )

    def test_a_thread_count_that_was_asked_for_is_missed(self):
        complaints = missing(Measurements(document(whole(), threads=(1, 2, 4))))
        self.assertIn("crowd/park/threads:4: missing", complaints)
        self.assertIn("half/posix/threads:4: missing", complaints)
        self.assertFalse(any(complaint.startswith(("alone", "pair")) for complaint in complaints))

    def test_a_peer_that_failed_at_one_thread_count_is_a_note(self):
        entries = [one for one in whole() if one["name"] != "crowd/std/threads:2"] + [error("crowd/std/threads:2")]
        self.assertEqual(checked(entries), [])
        self.assertEqual(len(notes(Measurements(document(entries)))), 1)

    def test_a_peer_that_always_failed_was_not_measured(self):
        entries = [one for one in whole() if one["name"] != "pair/std/threads:2"] + [error("pair/std/threads:2")]
        self.assertEqual(checked(entries), ["pair/std: nothing was measured"])

    def test_ours_may_not_fail_even_once(self):
        self.assertEqual(
            checked(whole() + [error("crowd/park/threads:2")]), ["crowd/park/threads:2: timed out after 5 s"]
        )

    def test_an_interrupted_run_is_not_whole(self):
        self.assertEqual(checked(whole(), interrupted=True), ["the run was interrupted"])


if __name__ == "__main__":
    unittest.main()
