"""Runs of binaries that are not ours: what their names stand for, what their times mean in each version, and that a page comes of them."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from support import TemporaryFolderTest
from parkbench.catalogue import Cell
from parkbench.document import load_any
from parkbench.foreign import IMPLEMENTATION, adopt, is_foreign
from parkbench.measurements import Measurements, nanoseconds_per_operation
from parkbench.problem import Problem

VERSIONS = ("1.5.2", "1.7.1", "1.9.1")  # of the library in runs of foreign_bench.cpp; 1.7.1 and 1.5.2 tell theirs not
SLEEP_NS, LONGEST_SLEEP_NS = 2e6, 4e6


def recorded(version):
    return Path(__file__).parent / "recorded" / f"google-benchmark-{version}.json"


def entry(name, **more):
    told = {"name": name, "run_name": name, "run_type": "iteration", "iterations": 1000, "real_time": 2.0, "cpu_time": 1.0, "time_unit": "us"}
    return {**told, **more}


def foreign(*entries, **context):
    return {"context": {"executable": "build/their_bench", "num_cpus": 4, **context}, "benchmarks": list(entries)}


def adopted(*entries, pattern=IMPLEMENTATION, **context):
    return Measurements(adopt(foreign(*entries, **context), pattern))


class RecordedTest(unittest.TestCase):
    def test_a_sleep_takes_as_long_with_more_threads_whatever_a_version_calls_real_time(self):
        for version in VERSIONS:
            run = Measurements(load_any(recorded(version)))
            for threads in (1, 4):
                ns = run.estimate(Cell("BM_Sleep", "foreign_bench", threads), nanoseconds_per_operation).median * threads
                self.assertTrue(SLEEP_NS <= ns < LONGEST_SLEEP_NS, f"{version}, {threads} threads: {ns}")

    def test_each_has_the_same_workloads_implementations_and_threads(self):
        for version in VERSIONS:
            run = Measurements(load_any(recorded(version)))
            self.assertEqual(["BM_Sleep", "BM_Lock", "BM_Copy_64", "BM_Fails"], run.workloads)
            self.assertEqual(["foreign_bench", "std::mutex", "Nothing"], run.implementations)
            self.assertEqual([1, 2, 4], run.threads_of("BM_Lock"))
            self.assertEqual({Cell("BM_Fails", "foreign_bench", 1): ["out of luck"] * 2}, run.errors)
            self.assertEqual((2, 2), (run.cpus, run.repetitions))


class NamesTest(unittest.TestCase):
    def cells(self, *names, pattern=IMPLEMENTATION):
        return [cell.name for cell in adopted(*map(entry, names), pattern=pattern).good]

    def test_a_templates_arguments_are_the_implementation(self):
        told = self.cells("BM_a<std::vector<int>>/8/real_time/threads:2", "BM_b/threads:2")
        self.assertEqual(["BM_a_8/std::vector<int>/threads:2", "BM_b/their_bench/threads:2"], told)

    def test_a_pattern_finds_it_elsewhere(self):
        told = self.cells("BM_StdMutex/8", "BM_AbslMutex/8", "BM_other", pattern="BM_(Std|Absl)")
        self.assertEqual(["BM_Mutex_8/Std/threads:1", "BM_Mutex_8/Absl/threads:1", "BM_other/their_bench/threads:1"], told)

    def test_what_would_be_called_alike_is_kept_apart(self):
        self.assertEqual(["BM_a_8/their_bench/threads:1", "BM_a_8_2/their_bench/threads:1"], self.cells("BM_a/8", "BM_a:8"))
        self.assertEqual(["a/b|c/threads:1", "a/b|c_2/threads:1"], self.cells("a<b/c>", "a<b|c>"))

    def test_titles_are_the_binarys_own(self):
        run = adopted(entry("BM_a<int>/8/threads:2"))
        self.assertEqual(("BM_a/8", "int"), (run.catalogue.workloads["BM_a_8"].title, run.catalogue.implementations["int"]))


class TimesTest(unittest.TestCase):
    def ns(self, one, **context):
        return [nanoseconds_per_operation(told) for entries in adopted(one, **context).good.values() for told in entries]

    def test_units_and_threads(self):
        self.assertEqual([2000.0], self.ns(entry("a/threads:4")))
        self.assertEqual([500.0], self.ns(entry("a/threads:4"), library_version="v1.9.0"))
        self.assertEqual([2000.0], self.ns(entry("a"), library_version="v1.9.0"))
        self.assertEqual([2e9], self.ns(entry("a", time_unit="s")))

    def test_operations_that_a_binary_counts_itself_go_before(self):
        self.assertEqual([10.0], self.ns(entry("a/threads:4", ops=1e8, wall_s=1.0)))

    def test_what_failed_was_skipped_or_has_no_figures_is_an_error_by_name(self):
        wrong = {
            "out of luck": entry("a", error_occurred=True, error_message="out of luck"),
            "skipped: not here": entry("a", skipped=True, skip_message="not here"),
            "its time unit, 'h', is unknown": entry("a", time_unit="h"),
            "its time is not a number": entry("a", real_time=None),
            "ran no iterations": entry("a", iterations=0),
            "its number of iterations is not told": entry("a", iterations=None),
        }
        for message, one in wrong.items():
            self.assertEqual([[message]], list(adopted(one).errors.values()))


class RefusalTest(TemporaryFolderTest):
    def refused(self, document, *words):
        path = self.folder / "theirs.json"
        path.write_text(json.dumps(document))
        self.assert_refused(self.parkbench("report", path), "theirs.json", *words)

    def test_nothing_to_draw_is_refused_with_the_reason(self):
        self.refused(foreign(entry("a_mean", run_type="aggregate")), "only aggregates", "--benchmark_report_aggregates_only")
        self.refused(foreign(), "no benchmark was run")
        self.refused(foreign({"real_time": 1.0}), "has no name")
        self.refused(foreign(entry("a", error_occurred=True)), "holds no measured cell")
        self.refused({"benchmarks": []}, "is not a parkbench run")

    def test_a_pattern_without_a_group_is_refused(self):
        self.assert_refused(self.parkbench("report", recorded("1.9.1"), "--implementation", "BM_"), "has no group")
        self.assert_refused(self.parkbench("report", recorded("1.9.1"), "--implementation", "("), "is no regular expression")

    def test_a_strange_context_does_no_harm(self):
        told = adopt(foreign(entry("a"), num_cpus="many", caches=[1, {"size": None}], load_avg={}, executable=None))
        self.assertEqual((1, []), (told["park"]["catalogue"]["hardware_concurrency"], told["park"]["machine"]["caches"]))
        self.assertFalse(is_foreign({**told, "park": {}}))
        with self.assertRaises(Problem):
            adopt(foreign(entry("a"), {"name": None}))


class PageTest(TemporaryFolderTest):
    def drawn(self, *arguments):
        done = self.parkbench("report", *arguments, "-o", "page.html", "--markdown", "summary.md")
        self.assertEqual(0, done.returncode, done.stderr)
        return (self.folder / "page.html").read_text(), (self.folder / "summary.md").read_text()

    def test_it_has_the_sections_that_have_something_to_show(self):
        page, summary = self.drawn(recorded("1.9.1"))
        for section, shown in (("verdict", True), ("throughput", True), ("scaling", True), ("cost", True), ("latency", False), ("fairness", False)):
            self.assertEqual((shown, shown), (f'<section id="{section}">' in page, f'href="#{section}"' in page), section)
        for words in ("Google Benchmark 1.9.1", "BM_Fails/foreign_bench/threads:1: out of luck", "foreign_bench --benchmark_repetitions=2", "std::mutex"):
            self.assertTrue(words in page, words)
        self.assertFalse("park against" in page or "scripts/bench" in page, "what is said of ours")
        self.assertIn("| BM_Lock | 2 | – | ", summary)

    def test_versions_stand_side_by_side(self):
        page, summary = self.drawn(*map(recorded, VERSIONS))
        self.assertEqual(3, summary.count("| BM_Lock | 4 | – | "))
        self.assertTrue("3 runs side by side" in page)

    @unittest.skipUnless("FOREIGN" in os.environ, "FOREIGN names the built foreign_bench; ctest sets it")
    def test_what_the_library_that_is_here_writes_is_drawn(self):
        told = self.folder / "theirs.json"
        subprocess.run(
            [os.environ["FOREIGN"], "--benchmark_min_time=0.01", f"--benchmark_out={told}", "--benchmark_out_format=json"],
            check=True,
            capture_output=True,
            timeout=240,
        )
        _, summary = self.drawn(told)
        self.assertRegex(summary, r"\| BM_Lock \| 1 \| – \| \d|\| BM_Lock \| 2 \| – \| ")


if __name__ == "__main__":
    unittest.main()
