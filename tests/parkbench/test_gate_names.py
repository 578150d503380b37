"""parkbench compare finds each benchmark by its name, whatever is in it, and nothing else; with a real binary of Google
Benchmark's."""

import json
import os
import unittest
from pathlib import Path

from support import TemporaryFolderTest

try:
    import scipy  # noqa: F401
    from parkbench.gate.process import NO_BENCHMARK, Program, exactly
    from parkbench.gate.samples import read
except ModuleNotFoundError as missing:
    raise unittest.SkipTest(f"no module {missing.name}: run scripts/setup") from None

NAMES = os.environ.get("NAMES")  # names_bench.cpp


@unittest.skipUnless(NAMES, "the test of ctest's has the binary")
class RealBinary(TemporaryFolderTest):
    def setUp(self):
        super().setUp()
        self.program = Program(Path(NAMES), "base")
        self.names = self.program.names(".")

    def test_what_a_main_prints_is_no_benchmark(self):
        self.assertFalse({"Loading the data", "BM_1"} & set(self.names))

    def test_each_printable_character_and_utf_8_are_found_and_alone(self):
        wanted = [f"each/{chr(letter)}/end" for letter in range(33, 127)] + [
            name for name in self.names if name.startswith(("all/", "BM<"))
        ]
        self.assertEqual(96, len(wanted))
        for name in wanted:
            with self.subTest(name):
                self.assertIn(name, self.names)
                self.assertEqual([name], self.program.names(exactly(name)))
        for name in wanted[-2:]:
            self.assertIsNone(self.program.measure(name, 0.001, 20).trouble)

    def test_two_of_one_name_are_two(self):
        self.assertEqual(["twice", "twice (2)"], [name for name in self.names if name.startswith("twice")])
        first, second = (self.program.measure(name, 0.001, 20) for name in ("twice", "twice (2)"))
        self.assertGreater(second.times_ns[0], 10 * first.times_ns[0])
        self.assertTrue(self.program.shares_its_name("twice (2)"))
        self.assertFalse(self.program.shares_its_name("median"))

    def test_the_median_stands_for_repetitions_that_are_not_reported(self):
        found = [name for name in self.names if name.startswith("median")]
        self.assertEqual(1, len(found))
        measured = self.program.measure(found[0], 0.001, 20)
        self.assertEqual((None, 1), (measured.trouble, len(measured.times_ns)))

    def test_a_name_that_is_listed_and_is_none_is_told_as_such(self):
        self.assertEqual(NO_BENCHMARK, self.program.measure("nobody", 0.001, 20).trouble)

    def test_a_whole_comparison_of_it(self):
        done = self.parkbench(
            "compare",
            "--base",
            NAMES,
            "--head",
            NAMES,
            "--filter",
            "^(twice|fitted|all|BM<)",
            "--seconds",
            "0.001",
            "--timeout",
            "20",
            "--pairs",
            "12",
            "--json",
            self.folder / "told.json",
        )
        self.assertIn(done.returncode, (0, 1), done.stderr)  # whether they are alike is not asked here
        told = json.loads((self.folder / "told.json").read_text())["benchmarks"]
        self.assertEqual(7, len(told), [each["name"] for each in told])
        self.assertFalse({"failed", "refused"} & {each["verdict"] for each in told})


class Documents(unittest.TestCase):
    def test_a_fit_of_complexity_is_no_benchmark(self):
        common = {"real_time": 1.0, "time_unit": "ns", "iterations": 1}
        found = read(
            {
                "benchmarks": [
                    {**common, "name": "BM/64", "run_name": "BM/64", "run_type": "iteration"},
                    {**common, "name": "BM_BigO", "run_name": "BM", "run_type": "aggregate", "aggregate_name": "BigO"},
                    {**common, "name": "BM_RMS", "run_name": "BM", "run_type": "aggregate", "aggregate_name": "RMS"},
                ]
            }
        )
        self.assertEqual(["BM/64"], list(found))

    def test_one_repetition_twice_in_one_process_is_of_two_benchmarks(self):
        one = {
            "name": "a",
            "run_name": "a",
            "run_type": "iteration",
            "repetition_index": 0,
            "iterations": 1,
            "time_unit": "ns",
        }
        document = {"benchmarks": [{**one, "real_time": 1.0}, {**one, "real_time": 9.0}]}
        self.assertEqual(
            {"a": [1.0], "a (2)": [9.0]},
            {name: each.times_ns for name, each in read(document, of_one_process=True).items()},
        )
        self.assertEqual(
            {"a": [1.0, 9.0]}, {name: each.times_ns for name, each in read(document).items()}
        )  # runs that were put together

    def test_families_of_one_name_are_told_apart_by_their_indices(self):
        one = {
            "name": "a",
            "run_name": "a",
            "run_type": "iteration",
            "iterations": 1,
            "time_unit": "ns",
            "per_family_instance_index": 0,
        }
        document = {
            "benchmarks": [{**one, "real_time": float(index), "family_index": index % 2} for index in range(1, 7)]
        }
        self.assertEqual(
            {"a": [1.0, 3.0, 5.0], "a (2)": [2.0, 4.0, 6.0]},
            {name: each.times_ns for name, each in read(document).items()},
        )

    def test_their_order_is_that_of_the_document(self):
        names = [f"BM_{letter}" for letter in "qwertyuiop"]
        one = {
            "run_type": "aggregate",
            "aggregate_name": "median",
            "real_time": 1.0,
            "time_unit": "ns",
            "iterations": 1,
        }
        self.assertEqual(
            names, list(read({"benchmarks": [{**one, "name": f"{name}_median", "run_name": name} for name in names]}))
        )

    def test_only_what_both_grammars_escape_is_escaped(self):
        self.assertEqual(r"^a-b &#~,<c>]}\[\(\{\.\|\$\^\*\+\?\\$", exactly("a-b &#~,<c>]}[({.|$^*+?\\"))


if __name__ == "__main__":
    unittest.main()
