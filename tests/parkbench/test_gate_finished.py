"""parkbench compare of two finished runs, as a user runs it; what it reads of documents, and how its Markdown looks."""

import json
import unittest
from pathlib import Path

from stand_in import NEAR, GateTest, entries

try:
    import scipy  # noqa: F401
    from parkbench.gate.contexts import meaning_of_real_time
    from parkbench.gate.outputs import as_markdown
    from parkbench.gate.samples import read
    from parkbench.gate.verdicts import REFUSED, Verdict
except ModuleNotFoundError as missing:
    raise unittest.SkipTest(f"no module {missing.name}: run scripts/setup") from None


class FinishedRuns(GateTest):
    def of(self, base, head, *more, versions=("v1.9.1", "v1.9.1")):
        return self.parkbench(
            "compare",
            self.run_file("base.json", base, versions[0]),
            self.run_file("head.json", head, versions[1]),
            *more,
        )

    def test_a_slow_down_fails_and_what_is_alike_passes(self):
        slower = [1.2 * each for each in NEAR]
        done = self.of(
            entries("BM_a", *NEAR) + entries("BM_b", *NEAR), entries("BM_a", *NEAR) + entries("BM_b", *slower)
        )
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        self.assertIn("two finished runs", done.stdout)
        self.assertIn("1 regressed, 1 pass", done.stdout)

    def test_times_with_threads_that_mean_different_things_are_refused(self):
        threaded = entries("BM_a/threads:2", *NEAR)
        done = self.of(threaded, threaded, versions=("v1.8.3", "v1.9.0"))
        self.assertEqual(2, done.returncode)
        self.assertIn("before 1.9.0 and 1.9.0 to 1.9.4", done.stdout)
        self.assertEqual(0, self.of(threaded, threaded, versions=(None, "v1.8.3")).returncode)

    def test_what_real_libraries_of_three_versions_wrote_is_compared(self):
        recorded = sorted((Path(__file__).parent / "recorded").glob("google-benchmark-*.json"))
        self.assertEqual(3, len(recorded))
        for path in recorded:
            document = json.loads(path.read_text())
            document["benchmarks"] *= 6  # of one repetition each, the measurements of six
            (self.folder / "many.json").write_text(json.dumps(document))
            done = self.parkbench("compare", self.folder / "many.json", self.folder / "many.json")
            self.assertEqual(2, done.returncode, done.stdout + done.stderr)
            self.assertIn("base: failed: out of luck", done.stdout)
            self.assertIn("1 refused, 9 pass", done.stdout)

    def test_what_cannot_be_compared_soundly_is_refused_with_the_reason(self):
        aggregate = [dict(name="BM_a_mean", run_name="BM_a", run_type="aggregate", real_time=1.0, time_unit="ns")]
        for base, words in (
            (aggregate, "only aggregates"),
            (entries("BM_a", *NEAR[:3]), "3 repetitions are too few"),
            (entries("BM_a", None, None), "not a number"),
            (entries("BM_a", 0.0), "no time at all"),
            (entries("BM_a", *NEAR, error_occurred=True, error_message="oops"), "failed: oops"),
            (
                entries("BM_a", *NEAR) + entries("BM_a", 1.0, error_occurred=True, error_message="oops"),
                "failed: oops (6 others did not)",
            ),
            (entries("BM_a", float("nan"), *NEAR), "not a number"),
            (entries("BM_a", float("inf"), *NEAR), "not a number"),
        ):
            with self.subTest(words):
                done = self.of(base, entries("BM_a", *NEAR))
                self.assertEqual(2, done.returncode, done.stderr)
                self.assertIn(words, done.stdout)

    def test_an_overwhelming_slow_down_never_passes_however_many_benchmarks_and_few_repetitions(self):
        for repetitions, count in ((10, 100), (6, 100), (6, 5)):
            near = [1 + 0.01 * (index % 7) + 0.001 * index for index in range(repetitions)]
            alike = [1.0] * repetitions
            base = [
                entry for index in range(count) for entry in entries(f"BM_{index}", *(alike if index == 0 else near))
            ]
            head = [{**entry, "real_time": 10 * entry["real_time"]} for entry in base]
            with self.subTest(repetitions=repetitions, count=count):
                done = self.of(base, head)
                self.assertEqual(1, done.returncode, done.stdout)
                self.assertIn(f"{count} regressed", done.stdout)
                self.assertEqual(repetitions == 6, "Welch's t-test judged" in done.stdout)
                self.assertEqual(0, self.of(base, base).returncode)

    def test_contexts_that_make_times_incomparable_are_refused_and_others_told(self):
        for base, head, words, status in (
            ({"library_build_type": "debug"}, {"library_build_type": "release"}, "built as debug and as release", 2),
            ({"num_cpus": 64}, {"num_cpus": 4}, "measured on 64 CPUs, head on 4", 2),
            ({"host_name": "one"}, {"host_name": "other"}, "base and head differ: machines: one and other", 0),
            ({"mhz_per_cpu": 2000}, {"mhz_per_cpu": 3000}, "base and head differ: MHz of a CPU: 2000 and 3000", 0),
            ({"mhz_per_cpu": 2000}, {"mhz_per_cpu": 2001}, "1 pass", 0),
        ):
            paths = [self.run_file(name, entries("BM_a", *NEAR)) for name in ("base.json", "head.json")]
            for path, context in zip(paths, (base, head)):
                path.write_text(json.dumps({**json.loads(path.read_text()), "context": context}))
            with self.subTest(words):
                done = self.parkbench("compare", *paths)
                self.assertEqual(status, done.returncode, done.stdout)
                self.assertIn(words, done.stdout)
                self.assertEqual(
                    words == "1 pass", "base and head differ" not in done.stdout and "refused" not in done.stdout
                )

    def test_one_that_is_refused_among_many_is_no_success_but_one_that_skips_itself_is(self):
        good = [entry for index in range(8) for entry in entries(f"BM_{index}", *NEAR)]
        for more, status, words in (
            (dict(error_occurred=True, error_message="oops"), 2, "1 refused, 8 pass"),
            (dict(skipped=True, skip_message="no GPU"), 0, "1 skipped, 8 pass"),
        ):
            both = good + entries("BM_other", 1.0, **more)
            done = self.of(both, both)
            self.assertEqual(status, done.returncode, done.stdout)
            self.assertIn(words, done.stdout)

    def test_bytes_that_are_no_utf_8_and_a_mark_of_the_byte_order_refuse_no_file(self):
        path = self.run_file("base.json", entries("BM_a", *NEAR, label="X"))
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b'"X"', b'"\xff"'))
        self.assertEqual(0, self.parkbench("compare", path, path).returncode)

    def test_files_that_are_no_runs_are_refused_in_one_line(self):
        good = self.run_file("good.json", entries("BM_a", *NEAR))
        for text, words in (
            ("{", "not JSON"),
            ("[]", "no list of benchmarks"),
            ('{"benchmarks": []}', "empty"),
            ('{"benchmarks": [{}]}', "no list of benchmarks"),
        ):
            (self.folder / "bad.json").write_text(text)
            self.assert_refused(self.parkbench("compare", good, self.folder / "bad.json"), words)
        self.assert_refused(self.parkbench("compare", good, self.folder / "none.json"), "cannot read")
        self.assert_refused(self.parkbench("compare", good), "two finished runs")


class Markdown(unittest.TestCase):
    def test_names_are_shown_as_they_are(self):
        for name, shown in (
            ("BM<int>", "`BM<int>`"),
            ("a|b", "`a\\|b`"),
            ("`", "`` ` ``"),
            ("a``b", "```a``b```"),
            ("two\nlines", "`two lines`"),
        ):
            self.assertIn(f"| refused | {shown} |", as_markdown([Verdict(name, REFUSED)], []))

    def test_nor_do_reasons_and_remarks_make_any(self):
        told = as_markdown([Verdict("a", REFUSED, reason="x<b> *y* | [z]")], ["against <b>"])
        self.assertIn("x&lt;b&gt; \\*y\\* \\| \\[z\\]", told)
        self.assertIn("> against &lt;b&gt;", told)


class ReadingSamples(unittest.TestCase):
    def test_the_three_meanings_of_real_time(self):
        told = [
            meaning_of_real_time({"library_version": version})
            for version in ("v1.8.0", "v1.9.0", "1.9.4-12-gabc", "v1.9.5")
        ]
        self.assertEqual(["before 1.9.0", "1.9.0 to 1.9.4", "1.9.0 to 1.9.4", "1.9.5 or later"], told)
        self.assertEqual("before 1.9.0", meaning_of_real_time({}))

    def test_operations_that_a_benchmark_counts_itself_go_before_its_times(self):
        found = read(
            {"benchmarks": [dict(name="a", real_time=7.0, time_unit="ns", ops=1e6, wall_s=0.01, iterations=1)]}
        )
        self.assertEqual([10.0], found["a"].times_ns)

    def test_units_and_repetitions(self):
        found = read({"benchmarks": entries("a", 1.0, 2.0)})
        self.assertEqual([1000.0, 2000.0], found["a"].times_ns)
        self.assertIn(
            "unit", read({"benchmarks": [dict(name="a", real_time=1.0, time_unit="h", iterations=1)]})["a"].trouble
        )


if __name__ == "__main__":
    unittest.main()
