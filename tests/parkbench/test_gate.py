"""parkbench compare of two binaries, as a user runs it: what each outcome says, and bad input."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

from stand_in import QUICK, GateTest

try:
    import scipy  # noqa: F401
except ModuleNotFoundError as missing:
    raise unittest.SkipTest(f"no module {missing.name}: run scripts/setup") from None


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


if __name__ == "__main__":
    unittest.main()
