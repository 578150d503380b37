"""parkbench compare as a user runs it: two binaries or two finished runs, what each outcome says, and bad input."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path
import xml.etree.ElementTree as ElementTree

from support import TemporaryFolderTest

try:
    import scipy  # noqa: F401
    from parkbench.gate.contexts import meaning_of_real_time
    from parkbench.gate.outputs import as_markdown
    from parkbench.gate.samples import read
    from parkbench.gate.verdicts import REFUSED, Verdict
except ModuleNotFoundError as missing:
    raise unittest.SkipTest(f"no module {missing.name}: run scripts/setup") from None

# A binary of Google Benchmark's, as far as its command line goes: `times` are ns by benchmark, or what it does instead.
GOOGLE = """#!{python} -S
import json, os, re, signal, sys, time, random
times = json.loads({times!r})
options = dict(word.lstrip("-").partition("=")[::2] for word in sys.argv[1:])
chosen = [name for name in times if re.search(options["benchmark_filter"], name)]
if "benchmark_list_tests" in options: print("\\n".join(chosen)); sys.exit()
entries = []
for name in chosen:
    does = times[name]
    if does == "crash": os.kill(os.getpid(), signal.SIGSEGV)
    if does == "hang": time.sleep(1000)
    if does == "garbage": open(options["benchmark_out"], "w").write("{{"); sys.exit()
    if does == "silence": sys.exit()
    if does == "fill": open(options["benchmark_out"] + ".filler", "wb", buffering=0).write(bytes(1 << 16)); does = 10
    entry = dict(name=name, run_name=name, run_type="iteration", iterations=100, time_unit="ns")
    entry.update(real_time=1.0, cpu_time=1.0)
    if does == "error": entry.update(error_occurred=True, error_message="out of paper")
    elif does == "nothing": entry.update(iterations=0, real_time=0.0)
    else: entry["real_time"] = does * random.uniform(0.995, 1.005)
    entries.append(entry)
json.dump(dict(context=dict(library_version="v1.9.1"), benchmarks=entries), open(options["benchmark_out"], "w"))
"""
QUICK = ("--seconds", "0.001", "--timeout", "20", "--seed", "1")


def entries(name, *times, **more):
    return [
        dict(name=name, run_name=name, run_type="iteration", iterations=9, real_time=time, time_unit="us", **more)
        for time in times
    ]


NEAR = (1.0, 1.01, 0.99, 1.005, 0.995, 1.002)


class GateTest(TemporaryFolderTest):
    def google(self, name, **times):
        path = self.folder / name
        path.write_text(GOOGLE.format(python=sys.executable, times=json.dumps(times)))
        path.chmod(0o755)
        return path

    def compare(self, base, head, *more):
        return self.parkbench(
            "compare", "--base", self.google("base", **base), "--head", self.google("head", **head), *QUICK, *more
        )

    def run_file(self, name, benchmarks, version="v1.9.1"):
        path = self.folder / name
        path.write_text(
            json.dumps({"context": {"library_version": version} if version else {}, "benchmarks": benchmarks})
        )
        return path


class Binaries(GateTest):
    def test_a_slow_down_fails_and_what_is_alike_passes(self):
        done = self.compare(
            {"BM_same": 10, "BM_slower": 10, "BM_faster": 10}, {"BM_same": 10, "BM_slower": 12, "BM_faster": 8}
        )
        self.assertEqual(1, done.returncode, done.stderr)
        verdicts = {line.split()[1]: line.split()[0] for line in done.stdout.splitlines() if "BM_" in line}
        self.assertEqual({"BM_same": "pass", "BM_slower": "regressed", "BM_faster": "pass"}, verdicts)
        self.assertIn("1 regressed, 2 pass", done.stdout)

    def test_the_same_binary_passes(self):
        done = self.compare(
            {"BM_one/8": 10, "BM_two<int>/threads:2": 20}, {"BM_one/8": 10, "BM_two<int>/threads:2": 20}
        )
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_every_form_says_the_same(self):
        files = {form: self.folder / f"told.{form}" for form in ("markdown", "junit", "json")}
        done = self.compare(
            {"BM_slower": 10, "BM_gone": 1},
            {"BM_slower": 13, "BM_new": 1},
            *(word for form, path in files.items() for word in (f"--{form}", path)),
        )
        self.assertEqual(1, done.returncode)
        self.assertIn("1 regressed, 1 removed, 1 added", files["markdown"].read_text())
        suite = ElementTree.parse(files["junit"]).getroot()
        self.assertEqual(
            ("3", "1", "0", "2"), tuple(suite.get(key) for key in ("tests", "failures", "errors", "skipped"))
        )
        told = json.loads(files["json"].read_text())
        self.assertEqual(
            {"BM_slower": "regressed", "BM_gone": "removed", "BM_new": "added"},
            {each["name"]: each["verdict"] for each in told["benchmarks"]},
        )
        self.assertAlmostEqual(0.3, told["benchmarks"][0]["shift"]["change"], delta=0.03)

    def test_what_crashes_hangs_or_prints_nonsense_is_named_and_the_rest_is_judged(self):
        broken = {
            "BM_crash": "crash",
            "BM_garbage": "garbage",
            "BM_silence": "silence",
            "BM_error": "error",
            "BM_nothing": "nothing",
        }
        well = {name: 10 for name in broken}
        done = self.compare({**well, "BM_good": 10}, {**broken, "BM_good": 10})
        self.assertEqual(2, done.returncode, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        for words in (
            "head crashed with SIGSEGV",
            "wrote no JSON",
            "head failed: out of paper",
            "head ran no iterations",
            "5 failed, 1 pass",
        ):
            self.assertIn(words, done.stdout)

    def test_what_hangs_is_ended(self):
        done = self.compare({"BM_hang": 10}, {"BM_hang": "hang"}, "--timeout", "0.5")
        self.assertEqual(2, done.returncode)
        self.assertIn("hung: it was ended after 0.5 s", done.stdout)

    def test_an_interrupt_keeps_what_was_measured_and_says_so(self):
        told = self.folder / "told.json"
        many = {f"BM_{index}": 10 for index in range(40)}
        command = [
            sys.executable,
            "-m",
            "parkbench",
            "compare",
            "--base",
            self.google("base", **many),
            "--head",
            self.google("head", **many),
            *QUICK,
            "--json",
            told,
        ]
        process = subprocess.Popen(
            [str(word) for word in command],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stderr.readline()  # the first line of its progress
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=240)
        self.assertEqual(130, process.returncode, stderr)
        self.assertIn("interrupted", stdout)
        self.assertIn("interrupted", json.loads(told.read_text())["remarks"][0])
        self.assertNotIn("Traceback", stderr)

    def test_two_sides_that_have_nothing_in_common_do_not_pass(self):
        done = self.compare({"BM_old": 10}, {"BM_new": 10})
        self.assertEqual(2, done.returncode)
        self.assertIn("1 removed, 1 added", done.stdout)
        self.assertIn("no benchmark was compared", done.stderr)

    def test_versions_whose_real_time_differs_are_refused_with_threads(self):
        sides = {}
        for side, version in (("base", "v1.8.3"), ("head", "v1.9.1")):
            sides[side] = self.google(side, **{"BM_a": 10, "BM_a/threads:2": 10})
            sides[side].write_text(sides[side].read_text().replace("v1.9.1", version))
        done = self.parkbench("compare", "--base", sides["base"], "--head", sides["head"], *QUICK)
        self.assertEqual(2, done.returncode, done.stderr)
        self.assertIn("1 refused, 1 pass", done.stdout)
        self.assertIn("before 1.9.0 and 1.9.0 to 1.9.4", done.stdout)

    def test_a_reader_that_has_enough_changes_neither_the_status_nor_the_files(self):
        told = self.folder / "told.json"
        base, head = self.google("base", BM_a=10), self.google("head", BM_a=20)
        command = [sys.executable, "-m", "parkbench", "compare", "--base", base, "--head", head, *QUICK, "--json", told]
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [str(word) for word in command], env=self.environment(), stdout=writer, stderr=subprocess.PIPE, timeout=240
        )
        os.close(writer)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertEqual("1 regressed", json.loads(told.read_text())["summary"])

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount"), "only root can mount a disk that is small")
    def test_a_disk_that_is_full_is_no_failure_of_the_benchmark(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
        )
        if mounted.returncode != 0:
            self.skipTest("no disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        base, head = self.google("base", BM_a=10), self.google("head", BM_a="fill")
        command = [sys.executable, "-m", "parkbench", "compare", "--base", base, "--head", head, *QUICK]
        done = subprocess.run(
            [str(word) for word in command],
            env={**self.environment(), "TMPDIR": str(disk)},
            capture_output=True,
            text=True,
            timeout=240,
        )
        self.assertEqual(2, done.returncode, done.stdout)
        self.assertIn(f"there is no room left in {disk}", done.stderr)
        self.assertIn("cut short: the verdicts are on what was measured until then", done.stdout)

    def test_each_side_has_its_arguments_its_environment_and_its_folder(self):
        more = ["--args=--data=big", "--env", "WHO=both"]
        for side in ("base", "head"):
            (self.folder / f"{side}-data").mkdir()
            path = self.google(side, BM_a=10)
            who = {"base": "both", "head": "me"}[side]
            wanted = (
                f"sys.argv[1:3] == ['--data=big', '--{side}'] and os.environ['WHO'] == '{who}' "
                f"and os.getcwd().endswith('/{side}-data')"
            )
            path.write_text(path.read_text().replace("times = json", f"assert {wanted}\ntimes = json", 1))
            more += [f"--{side}-args=--{side}", "--cwd", f"{side}={self.folder / f'{side}-data'}"]
        done = self.parkbench(
            "compare",
            "--base",
            self.folder / "base",
            "--head",
            self.folder / "head",
            *QUICK,
            *more,
            "--env",
            "head=WHO=me",
        )
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        done = self.parkbench("compare", "--base", self.folder / "base", "--head", self.folder / "head", *QUICK, *more)
        self.assert_refused(done, "--head", "ended with status 1")

    def test_bad_input_is_refused_in_one_line(self):
        good = self.google("good", BM_one=10)
        self.assert_refused(self.parkbench("compare"), "base.json head.json")
        self.assert_refused(self.parkbench("compare", "--base", good), "--head")
        self.assert_refused(self.parkbench("compare", "--base", good, "--head", self.folder / "none"), "no file")
        self.assert_refused(self.parkbench("compare", "--base", good, "--head", self.plotly), "not executable")
        self.assert_refused(self.parkbench("compare", "--base", good, "--head", "/bin/false"), "ended with status 1")
        self.assert_refused(self.parkbench("compare", "--base", good, "--head", "/bin/echo"), "Google Benchmark's?")
        self.assert_refused(self.parkbench("compare", "--base", good, "--head", good, "x.json"), "not both")
        self.assert_refused(
            self.parkbench("compare", "--base", good, "--head", good, "--cwd", "base=/no/such"),
            "'/no/such' is no folder",
        )
        self.assert_refused(
            self.parkbench("compare", "--base", good, "--head", good, "--env", "WHO"), "is not NAME=VALUE"
        )
        self.assert_refused(self.parkbench("compare", "--base", good, "--head", good, "--args", "'"), "cannot be split")
        self.assert_refused(self.parkbench("compare", "a.json", "b.json", "--cwd", "."), "of finished runs nothing is")
        self.assert_refused(
            self.parkbench("compare", "--head", good, "--store", "s", "--record", "--filter", "x"), "leave --filter out"
        )
        self.assert_refused(
            self.parkbench("compare", "--base", good, "--head", good, "--filter", "("), "regular expression"
        )
        self.assert_refused(
            self.parkbench("compare", "--base", good, "--head", good, "--filter", "nobody"), "no benchmark"
        )
        self.assert_refused(
            self.parkbench("compare", "--base", good, "--head", good, *QUICK, "--json", "/no/such/place.json"),
            "cannot write",
        )
        self.assert_refused(
            self.parkbench("compare", "--base", good, "--head", good, *QUICK, "--junit", "/"), "cannot write"
        )


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
