"""The comparison with peers: who takes part, at which thread counts, and what is said of it."""

import json
import os
import unittest
from copy import deepcopy
from unittest import mock

from support import CATALOGUE, TemporaryFolderTest, document, entry
from parkbench import comparison
from parkbench.binary import Binary
from parkbench.catalogue import Catalogue, Cell, restricted
from parkbench.ensemble import Ensemble
from parkbench.measurements import Measurements
from parkbench.problem import Problem
from parkbench.verdict import verdicts


def with_peers() -> dict:
    """The catalogue with a peer, a floor that needs a CPU for each thread, and a peer that is absent."""
    catalogue = deepcopy(CATALOGUE)
    catalogue["implementations"] += [
        {"name": "absl", "title": "Abseil", "role": "peer"},
        {"name": "floor_spin", "title": "Floor: spin", "role": "floor"},
    ]
    catalogue["cells"] += [
        {"workload": "alone", "implementation": "absl"},
        {"workload": "crowd", "implementation": "absl"},
        {"workload": "alone", "implementation": "floor_spin", "max_threads": 2},
        {"workload": "crowd", "implementation": "floor_spin", "max_threads": 2},
    ]
    crowd, half = catalogue["workloads"][2], catalogue["workloads"][3]
    crowd.update(times_cpus=[1, 4], fairness=True)
    half.update(times_cpus=[2], threads_step=2)
    catalogue["absent"] = [{"name": "nsync", "package": "libnsync-dev"}]
    return catalogue


class SelectionTest(TemporaryFolderTest):
    def measured(self, *arguments):
        fast = ("--repetitions", 2, "--cell-seconds", 0.01, "--output", "out")
        finished = self.parkbench("run", "--binary", self.fake(with_peers()), *fast, *arguments)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        run = json.loads((self.folder / "out" / "run.json").read_text())
        return finished.stdout, run, {one["name"] for one in run["benchmarks"]}

    def test_without_peers_neither_they_nor_floors_take_part(self):
        _, run, names = self.measured("--threads", "1,2")
        self.assertEqual({name.split("/")[1] for name in names}, {"park", "std", "posix"})
        self.assertEqual(self.parkbench("check", "out/run.json").returncode, 0)

    def test_an_implementation_that_is_named_takes_part(self):
        _, _, names = self.measured("--threads", "1,2", "--implementation", "park", "absl")
        self.assertEqual({name.split("/")[1] for name in names}, {"park", "absl"})

    def test_with_peers_each_workload_has_its_own_thread_counts(self):
        text, run, names = self.measured("--peers")
        self.assertIn("crowd/absl/threads:8", names)
        self.assertIn("half/park/threads:4", names)
        self.assertNotIn("half/park/threads:2", names)
        self.assertIn("crowd/floor_spin/threads:2", names)
        self.assertNotIn("crowd/floor_spin/threads:8", names, "it has no CPU for each")
        self.assertEqual(self.parkbench("check", "out/run.json").returncode, 0)
        self.assertEqual((self.folder / "out" / "peers.txt").read_text(), text[: text.index("\nabsent:") + 1])

    def test_what_is_absent_is_named_with_its_package(self):
        text, run, _ = self.measured("--peers")
        self.assertIn("absent: nsync (libnsync-dev brings it) and libcxx (clang-19", text)
        self.assertEqual([one["name"] for one in run["park"]["catalogue"]["absent"]], ["nsync", "libcxx"])

    def test_shares_are_told_of_cells_that_compete_and_only_in_a_full_run(self):
        _, run, _ = self.measured("--peers")
        shares = {one["name"] for one in run["park"]["fairness"]}
        self.assertIn("crowd/park/threads:8", shares)
        self.assertEqual({name.split("/")[0] for name in shares}, {"crowd"})
        _, run, _ = self.measured("--peers", "--quick")
        self.assertEqual(run["park"]["fairness"], [])

    def test_the_users_thread_counts_go_first(self):
        _, _, names = self.measured("--peers", "--threads", "3")
        self.assertEqual({name.split(":")[1] for name in names if name.startswith("crowd")}, {"3"})
        self.assertEqual({name for name in names if name.startswith("half")}, set(), "3 is no multiple of 2")

    def test_the_page_shows_them_all(self):
        self.measured("--peers")
        finished = self.parkbench("report", "out/run.json")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        page = (self.folder / "report.html").read_text()
        self.assertIn("Floor: spin", page)
        self.assertIn("nsync (libnsync-dev brings it)", page)
        self.assertIn("--peers", page)


class EnsembleTest(TemporaryFolderTest):
    def other(self, name: str) -> Binary:
        catalogue = deepcopy(CATALOGUE)
        catalogue["implementations"] = [{"name": name, "title": name, "role": "peer"}]
        catalogue["cells"] = [{"workload": workload, "implementation": name} for workload in ("alone", "crowd")]
        path = self.fake(catalogue)
        os.rename(path, self.folder / "other")
        return Binary(self.folder / "other")

    def test_each_binary_measures_what_it_brings(self):
        other = self.other("libcxx")
        ensemble = Ensemble(Binary(self.fake()), [other])
        self.assertEqual(ensemble.listed["implementations"][-1]["name"], "libcxx")
        with mock.patch.object(Binary, "measure", autospec=True, side_effect=lambda binary, *_: binary.path.name):
            self.assertEqual(ensemble.measure(Cell("crowd", "libcxx", 2), 0.1, 1), "other")
            self.assertEqual(ensemble.measure(Cell("crowd", "park", 2), 0.1, 1), "park_bench")

    def test_a_name_twice_is_refused(self):
        other = self.other("std")
        with self.assertRaisesRegex(Problem, "std"):
            Ensemble(Binary(self.fake()), [other])

    def test_a_run_of_both_interleaves_them(self):
        self.other("libcxx")
        binaries = ("--binary", self.fake(), "--peer-binary", "other")
        finished = self.parkbench("run", *binaries, "--peers", "--threads", 2, "--repetitions", 1, "--output", "out")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        run = json.loads((self.folder / "out" / "run.json").read_text())
        order = [Cell.parse(one["name"]) for one in run["benchmarks"]]
        at = [place for place, cell in enumerate(order) if cell.workload == "crowd"]
        self.assertEqual(at, list(range(at[0], at[0] + 4)))
        self.assertIn("libcxx", [cell.implementation for cell in order])
        self.assertNotIn("libcxx (", finished.stdout)


class ComparisonTest(unittest.TestCase):
    def run_of(self, **times: list[float]) -> Measurements:
        entries = [
            entry(f"alone/{name}/threads:1", value, index, cpu_ns_per_op=7.0)
            for name, values in times.items()
            for index, value in enumerate(values)
        ]
        return Measurements({**document(entries, peers=True, catalogue=with_peers())})

    def lines(self, run: Measurements) -> list[list[str]]:
        return [line.split() for line in comparison.as_text(run).splitlines() if line.startswith("alone")]

    def test_times_ratios_to_the_best_peer_and_to_the_floor(self):
        run = self.run_of(park=[10, 10, 10], std=[20, 20, 20], absl=[40, 40, 40], floor_spin=[5, 5, 5])
        times, to_peer, to_floor, cpu = self.lines(run)
        self.assertEqual(times[2:10], ["10.0", "±0%", "20.0", "±0%", "40.0", "±0%", "5.00", "±0%"])
        self.assertEqual(" ".join(times[10:]), "park 2.00× faster than std")
        self.assertEqual(to_peer[2:], ["0.500", "1.00", "2.00", "0.250", "std:", "20.0", "ns"])
        self.assertEqual(to_floor[2:], ["2.00", "4.00", "8.00", "1.00", "floor_spin:", "5.00", "ns"])
        self.assertEqual(cpu[2:], ["7.00"] * 4)

    def test_what_the_noise_does_not_part_is_said_to_be_within_it(self):
        run = self.run_of(park=[10, 12, 14], std=[11, 13, 15])
        times, to_peer, _ = self.lines(run)
        self.assertEqual(" ".join(times[6:]), "park within the noise of std")
        self.assertEqual(to_peer[2], "~0.923")

    def test_a_floor_is_never_the_best_nor_a_rival(self):
        row = verdicts(self.run_of(park=[10, 10, 10], std=[20, 20, 20], floor_spin=[5, 5, 5]))[0]
        self.assertEqual((row.best, row.rival, row.floor, row.leaders), ("park", "std", "floor_spin", ("park",)))


class CatalogueTest(unittest.TestCase):
    def test_what_is_left_out_leaves_no_cell(self):
        catalogue = Catalogue(restricted(with_peers(), ["park", "absl"], ["alone", "crowd"]))
        self.assertEqual(
            {cell.implementation for cell in catalogue.cells(["alone"], ["park", "absl"], [1])}, {"park", "absl"}
        )
        self.assertEqual({implementation for _, implementation in catalogue.pairs}, {"park", "absl"})


if __name__ == "__main__":
    unittest.main()
