"""The commands as a user types them, against a park_bench made of Python."""

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import unittest

from support import TemporaryFolderTest, document, entry
from parkbench.__main__ import point_latest_at

HAS_JINJA = importlib.util.find_spec("jinja2") is not None
FAST = ("--repetitions", 2, "--cell-seconds", 0.01, "--threads", "1,2")


class RunTest(TemporaryFolderTest):
    def run_it(self, binary, *arguments):
        finished = self.parkbench("run", "--binary", binary, "--output", self.folder / "out", *FAST, *arguments)
        path = self.folder / "out" / "run.json"
        return finished, json.loads(path.read_text()) if path.exists() else None

    def test_a_run_holds_every_cell_and_how_it_was_made(self):
        finished, run = self.run_it(self.fake(), "--seed", 11)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        park = run["park"]
        self.assertEqual(
            (park["seed"], park["repetitions"], park["threads"], park["cell_seconds"]), (11, 2, [1, 2], 0.01)
        )
        self.assertEqual(park["machine"]["model"], "Test </script> CPU")
        self.assertEqual(park["library"]["lot"], "futex")
        self.assertEqual(run["context"], {"date": "now"})
        names = [one["name"] for one in run["benchmarks"]]
        self.assertEqual(len(names), 2 * len(set(names)))
        self.assertEqual(sorted(one["name"] for one in park["counts"]), sorted(set(names)))
        self.assertEqual(self.parkbench("check", "out/run.json").returncode, 0)

    def test_what_misbehaves_is_named_and_the_rest_goes_on(self):
        binary = self.fake_that({"crowd/std": "hang", "pair/std": "crash", "half/posix": "nan"})
        finished, run = self.run_it(binary, "--timeout", 2)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertIn("error: crowd/std/threads:2: timed out after 2 s", finished.stdout)
        self.assertIn("error: pair/std/threads:2: crashed with SIGSEGV", finished.stdout)
        self.assertTrue(
            any(one["name"] == "half/posix/threads:2" and one["cpu_ns_per_op"] is None for one in run["benchmarks"])
        )
        check = self.parkbench("check", "out/run.json")
        self.assertEqual(check.returncode, 1)
        self.assertIn("crowd/std: nothing was measured", check.stderr)

    def test_a_cell_that_hung_is_not_waited_for_for_ever(self):
        finished, run = self.run_it(self.fake_that({"crowd/std": "hang"}), "--timeout", 2, "--quick")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        messages = [one["error_message"] for one in run["benchmarks"] if one["name"] == "crowd/std/threads:2"]
        self.assertEqual(messages, ["timed out after 2 s", "not run again: it had hung once"])

    def test_counts_that_are_forbidden_are_recorded_as_such(self):
        finished, run = self.run_it(self.fake_that({"*": "no counts"}))
        self.assertEqual(run["park"]["counts_unavailable"], "ptrace is forbidden")
        self.assertEqual(run["park"]["counts"], [])
        self.assertIn("system calls were not counted: ptrace is forbidden", finished.stdout)

    def test_a_selection_leaves_the_rest_out_and_check_says_so(self):
        finished, run = self.run_it(self.fake(), "--workload", "alone", "--implementation", "park", "std")
        self.assertEqual({one["name"] for one in run["benchmarks"]}, {"alone/park/threads:1", "alone/std/threads:1"})
        self.assertEqual(self.parkbench("check", "out/run.json").returncode, 1)

    def test_progress_tells_done_total_and_time_left(self):
        finished, _ = self.run_it(self.fake())
        self.assertRegex(finished.stderr, r"\[ *1/\d+\] \w+/\w+/threads:\d+, \d+:\d\d left")

    def test_interruption_keeps_what_was_measured(self):
        command = [
            sys.executable,
            "-m",
            "parkbench",
            "run",
            "--binary",
            str(self.fake_that({"*": "slow"})),
            "--output",
            "out",
        ]
        process = subprocess.Popen(
            [*command, "--repetitions", "50", "--cell-seconds", "0.01"],
            env=self.environment(),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        seen = 0
        while seen < 2:  # the second line of progress: something has been measured
            seen += process.stderr.readline().startswith("[")
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=240)
        self.assertEqual(process.returncode, 130)
        self.assertIn("interrupted; what was measured until then is in out/run.json", stderr)
        self.assertNotIn("Traceback", stderr)
        run = json.loads((self.folder / "out" / "run.json").read_text())
        self.assertTrue(run["park"]["interrupted"])
        self.assertGreater(len(run["benchmarks"]), 0)


class LatestTest(TemporaryFolderTest):
    def test_latest_leads_to_the_last_run_even_where_a_copy_stood(self):
        latest = self.folder / "latest"
        latest.mkdir()
        (latest / "old").write_text("")
        for name in ("first", "second"):
            (self.folder / name).mkdir()
            (self.folder / name / "run.json").write_text(name)
            point_latest_at(self.folder / name)
            self.assertEqual((latest / "run.json").read_text(), name)
        self.assertFalse((latest / "old").exists())


class RefusalTest(TemporaryFolderTest):
    def refused(self, *arguments, words=()):
        self.assert_refused(self.parkbench(*arguments), *words)

    def test_thread_counts_that_make_no_sense(self):
        absurd = 64 * os.cpu_count() + 1
        for threads in ("0", "-3", "two", "", "1,,2", "1.5", str(absurd), "5000", "9" * 30):
            self.refused("run", "--check-arguments", f"--threads={threads}", words=["--threads"])
        for threads in ("0", "-1", "x", "100000"):  # as a word of its own: -1 could be taken for a flag
            self.refused("run", "--check-arguments", "--threads", threads, words=["--threads"])

    def test_a_flag_without_its_value_an_unknown_flag_and_a_word_too_many(self):
        self.refused("run", "--repetitions", words=["--repetitions"])
        self.refused("run", "--no-such-flag", words=["--no-such-flag"])
        self.refused("run", "stray", words=["stray"])
        self.refused("run", "--probe", "--quick", words=["--probe", "no other argument"])

    def test_other_numbers_that_make_no_sense(self):
        for flag in (
            "--repetitions=0",
            "--repetitions=x",
            "--cell-seconds=0",
            "--cell-seconds=nan",
            "--seed=-1",
            "--timeout=0",
        ):
            self.refused("run", "--check-arguments", flag, words=[flag.split("=")[0]])

    def test_an_unknown_workload_or_implementation(self):
        binary = self.fake()
        self.refused(
            "run",
            "--binary",
            binary,
            "--workload",
            "crowded",
            words=["did you mean crowd?", "alone, pair, crowd, half"],
        )
        self.refused("run", "--binary", binary, "--implementation", "parc", words=["did you mean park?"])

    def test_a_selection_without_cells(self):
        self.refused(
            "run", "--binary", self.fake(), "--workload", "alone", "--implementation", "posix", words=["none of these"]
        )
        self.refused(
            "run", "--binary", self.fake(), "--workload", "half", "--threads", "1", words=["at least 2 threads"]
        )

    def test_a_folder_that_cannot_be_written(self):
        (self.folder / "file").write_text("")
        for folder in (self.folder / "file", self.folder / "file" / "below", "/proc/nowhere"):
            self.refused("run", "--check-arguments", "--output", folder, words=["--output"])
        self.refused("run", "--check-arguments", "--output=", words=["--output"])

    def test_checking_arguments_needs_no_binary_and_leaves_nothing(self):
        before = sorted(self.folder.iterdir())
        finished = self.parkbench("run", "--check-arguments", "--threads", "1,2", "--output", "new/folder")
        self.assertEqual((finished.returncode, finished.stdout, finished.stderr), (0, "", ""))
        self.assertEqual(sorted(self.folder.iterdir()), before)

    def test_a_binary_that_is_not_there_or_of_no_use(self):
        self.refused("run", words=["--binary"])
        self.refused("run", "--binary", self.folder / "nowhere", words=["no benchmark binary"])
        self.refused("run", "--binary", self.fake_that({"--list_cells": "garbage"}), words=["no JSON"])
        self.refused("run", "--binary", self.fake_that({"--machine": "crash"}), words=["SIGSEGV"])

    def test_a_binary_whose_every_cell_fails(self):
        self.refused(
            "run",
            "--binary",
            self.fake_that({"*": "fail"}),
            "--output",
            "out",
            words=["no cell can be measured", "out of permits"],
        )

    def test_a_missing_package_is_named(self):
        (self.folder / "jinja2.py").write_text("raise ImportError")
        finished = self.parkbench("bench", "--check-arguments")
        self.assert_refused(finished, "jinja2", "scripts/setup")

    def test_no_command_and_a_strange_command(self):
        self.refused(words=["COMMAND"])
        self.refused("dance", words=["dance"])

    def test_a_run_that_is_none(self):
        (self.folder / "run.json").write_text("{}")
        self.refused("check", "run.json", words=["not a parkbench run"])
        self.refused("check", "nowhere.json", words=["nowhere.json"])


@unittest.skipUnless(HAS_JINJA, f"{sys.executable} has no jinja2, so no page can be drawn")
class PageTest(TemporaryFolderTest):
    def page(self, *runs: dict) -> str:
        paths = []
        for number, run in enumerate(runs):
            paths.append(self.folder / f"run{number}.json")
            paths[-1].write_text(json.dumps(run))
        finished = self.parkbench("report", *paths, "-o", "report.html")
        self.assertEqual(finished.returncode, 0, finished.stderr)
        return (self.folder / "report.html").read_text()

    def sample(self, **park) -> dict:
        names = ["alone/park/threads:1", "alone/std/threads:1", "crowd/park/threads:2", "crowd/std/threads:2"]
        entries = [
            entry(name, 10 + index + 9 * ("std" in name), index, p50_ns=9.0, fairness_jain=0.9)
            for name in names
            for index in range(3)
        ]
        return document(entries, **park)

    def data(self, page: str, identifier: str = "data"):
        return json.loads(
            re.search(rf'<script type="application/json" id="{identifier}">(.*?)</script>', page, re.DOTALL)[1]
        )

    def test_bench_ends_in_a_page_and_a_table(self):
        finished = self.parkbench("bench", "--binary", self.fake(), "--output", "out", *FAST)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertRegex(finished.stdout, r"alone +1 +10\.0 +10\.0 +– +park within the noise of std")
        self.assertIn("report: out/report.html", finished.stdout)
        page = (self.folder / "out" / "report.html").read_text()
        self.assertEqual(self.data(page), json.loads((self.folder / "out" / "run.json").read_text()))

    def test_the_page_needs_no_network(self):
        page = self.page(self.sample())
        self.assertNotRegex(page, r'(src|href)="(https?:)?//')
        self.assertNotRegex(page, r"@import|url\(")

    def test_the_measurements_are_in_the_page(self):
        run = self.sample()
        self.assertEqual(self.data(self.page(run)), run)

    def test_what_the_machine_says_cannot_break_the_page(self):
        page = self.page(self.sample())
        self.assertIn("<h1>Test &lt;/script&gt; CPU</h1>", page)
        self.assertEqual(page.count("<script"), page.count("</script>"))

    def test_the_verdict_is_read_without_a_script(self):
        page = re.sub(r"<script.*?</script>", "", self.page(self.sample()), flags=re.DOTALL)
        self.assertIn("park best, 1.82× faster than std", page)
        self.assertRegex(page, r'<td class="number best">11\.0<small>10\.0–12\.0</small>')

    def test_the_reader_is_warned(self):
        page = self.page(self.sample(interrupted=True, counts_unavailable="ptrace is forbidden"))
        for words in (
            "Virtual machine (KVM)",
            "3 repetitions: for a first look",
            "was interrupted",
            "ptrace is forbidden",
        ):
            self.assertIn(words, page)

    def test_every_figure_has_its_place(self):
        page = self.page(self.sample())
        figures = self.data(page, "figures")
        self.assertGreaterEqual(len(figures), 3)
        for figure in figures:
            self.assertIn(f'<div class="chart" id="{figure["id"]}" ', page)

    def test_several_runs_share_a_page(self):
        page = self.page(self.sample(), self.sample(seed=8))
        self.assertIn("2 runs side by side", page)
        self.assertEqual(
            (self.data(page, "r1-data")["park"]["seed"], self.data(page, "r2-data")["park"]["seed"]), (7, 8)
        )
        identifiers = re.findall(r' id="([^"]+)"', page)
        self.assertEqual(len(identifiers), len(set(identifiers)))

    def test_a_page_that_would_be_too_large_packs_its_data(self):
        names = [f"crowd/park/threads:{threads}" for threads in range(1, 200)]
        entries = [entry(name, 10.0, index, filler=1 / 3) for name in names for index in range(120)]
        page = self.page(document(entries))
        self.assertLess(len(page), 3_000_000)
        self.assertEqual(self.data(page)["encoding"], "gzip+base85")

    def test_a_run_without_machine_and_library_is_drawn_with_what_is_known(self):
        page = self.page(self.sample(machine={}, library={}, noise={}))
        self.assertIn("Unknown machine", page)
        self.assertIn("does not tell its topology", page)

    def test_a_page_that_cannot_be_written(self):
        (self.folder / "run.json").write_text(json.dumps(self.sample()))
        for place in ("/proc/nowhere.html", "run.json/below.html"):
            self.assert_refused(self.parkbench("report", "run.json", "-o", place), "cannot write")


if __name__ == "__main__":
    unittest.main()
