"""A run that ends early, however it does, leaves what was measured; --resume goes on with exactly what is missing."""

import fcntl
import json
import os
import resource
import signal
import subprocess
import sys
import time
import unittest
from unittest import mock

from support import CATALOGUE, MACHINE, TemporaryFolderTest
from parkbench.binary import Binary
from parkbench.catalogue import Cell
from parkbench.noise import summed
from parkbench.problem import Problem

# with this seed pair/std comes first, then crowd/park, both with others before, then half/posix
FAST = ["--cell-seconds", "0.03", "--threads", "1,2", "--seed", "5"]
PARK_BENCH = os.environ.get("PARK_BENCH")


class UnfinishedTest(TemporaryFolderTest):
    """A test with a run that it cuts short."""

    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"
        self.journal = self.out / "journal.jsonl"

    def noted(self) -> list[dict]:
        """The lines of processes in the journal that are whole."""
        lines = self.journal.read_bytes().split(b"\n")[:-1] if self.journal.exists() else []
        return [line for line in map(json.loads, lines) if "pass" in line]

    def cut_short(self, held_by: str, end: int, *arguments: object) -> str:
        """Run until a held cell of this implementation is measured, and send a signal then; what was said until the end."""
        process = subprocess.Popen(
            [sys.executable, "-m", "parkbench", "run", *(str(argument) for argument in arguments)],
            env=self.environment(),
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not (self.folder / f"held by {held_by}").exists() and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(end)
        _, stderr = process.communicate(timeout=240)
        (self.folder / f"go on {held_by}").write_text("")
        return stderr

    def begin(self, held_by: str, end: int, binary: object, *arguments: object) -> str:
        return self.cut_short(held_by, end, "--binary", binary, "--output", "out", *FAST, *arguments)

    def resume(self, *arguments: object) -> dict:
        finished = self.parkbench("run", "--resume", "out", *arguments)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertFalse(self.journal.exists())
        return json.loads((self.out / "run.json").read_text())

    def whole(self, binary, *arguments: str) -> dict:
        finished = self.parkbench("run", "--binary", binary, "--output", "whole", *FAST, *arguments)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertFalse((self.folder / "whole" / "journal.jsonl").exists())
        return json.loads((self.folder / "whole" / "run.json").read_text())

    def assert_kept(self, noted: list[dict], run: dict) -> None:
        """What had been measured is in the run as it was: by the number of the process that did."""
        passes = {"timed": run["benchmarks"], "counts": run["park"]["counts"]}
        for line in noted:
            for entry in line["entries"]:
                found = [one.get("process") for one in passes[line["pass"]] if one["name"] == entry["name"]]
                self.assertIn(entry.get("process"), found)

    def order_of(self, run: dict) -> list[tuple[str, int]]:
        return [(entry["name"], entry["repetition_index"]) for entry in run["benchmarks"] + run["park"]["counts"]]


class ResumeTest(UnfinishedTest):
    def test_after_ctrl_c_exactly_what_is_missing_is_measured_and_in_the_same_order(self):
        binary = self.fake_that({"crowd/park": "held", "pair/std": "crash", "half/std": "nan"})
        stderr = self.begin("park", signal.SIGINT, binary, "--repetitions", 2)
        self.assertIn("go on with --resume out", stderr)
        noted = self.noted()
        self.assertGreater(len(noted), 0)
        run = self.resume()
        self.assert_kept(noted, run)
        self.assertNotIn("interrupted", run["park"])
        self.assertEqual(self.order_of(run), self.order_of(self.whole(binary, "--repetitions", 2)))
        self.assertEqual(run["park"]["sittings"][0]["processes"], len(noted))
        self.assertEqual(sum(one["processes"] for one in run["park"]["sittings"]), len(self.order_of(run)))

    def test_after_kill_9_and_a_line_cut_short_nothing_that_was_whole_is_lost(self):
        self.begin("park", signal.SIGKILL, self.fake_that({"crowd/park": "held"}), "--repetitions", 1)
        self.assertFalse((self.out / "run.json").exists())
        noted = self.noted()
        with self.journal.open("ab") as file:
            file.write(b'{"pass":"timed","cell":"pair/st')
        run = self.resume()
        self.assert_kept(noted, run)
        self.assertEqual(self.order_of(run), self.order_of(self.whole(self.fake(), "--repetitions", 1)))

    def test_it_may_end_early_again_and_again(self):
        binary = self.fake_that({"crowd/park": "held", "half/posix": "held"})
        self.begin("park", signal.SIGINT, binary, "--repetitions", 1)
        first = self.noted()
        self.cut_short("posix", signal.SIGKILL, "--resume", "out")
        second = self.noted()
        self.assertEqual(second[: len(first)], first)
        self.assertGreater(len(second), len(first))
        run = self.resume()
        self.assert_kept(second, run)
        self.assertEqual(self.order_of(run), self.order_of(self.whole(binary, "--repetitions", 1)))
        self.assertEqual(len(run["park"]["sittings"]), 3)

    def test_a_full_disk_leaves_what_was_measured_and_says_how_to_go_on(self):
        most = 30_000
        binary = self.fake()
        finished = subprocess.run(
            [sys.executable, "-m", "parkbench", "run", "--binary", str(binary), "--output", "out", *FAST, "--repetitions", "6"],
            env=self.environment(), cwd=self.folder, capture_output=True, text=True, timeout=240,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        )  # fmt: skip
        self.assertEqual(finished.returncode, 2)
        self.assertRegex(finished.stderr.splitlines()[-1], "cannot write to .*make room, then go on with --resume")
        self.assertLessEqual(self.journal.stat().st_size, most)
        self.assertTrue(self.journal.read_bytes().endswith(b"}\n"))
        noted = self.noted()
        self.assertGreater(len(noted), 10)
        run = self.resume()
        self.assert_kept(noted, run)
        self.assertEqual(self.order_of(run), self.order_of(self.whole(binary, "--repetitions", "6")))

    def test_a_cell_that_hung_before_still_counts_as_hung(self):
        binary = self.fake_that({"pair/std": "hang", "crowd/park": "held"})
        self.begin("park", signal.SIGKILL, binary, "--quick", "--timeout", 3, "--repetitions", 2)
        told = [entry.get("error_message") for line in self.noted() for entry in line["entries"]]
        self.assertEqual(told.count("timed out after 3 s"), 1)
        run = self.resume()
        messages = [entry.get("error_message") for entry in run["benchmarks"] if entry["name"] == "pair/std/threads:2"]
        self.assertEqual(messages, ["timed out after 3 s", "not run again: it had hung once"])

    def test_a_run_that_is_whole_leaves_no_journal_and_cannot_be_gone_on_with(self):
        self.whole(self.fake(), "--repetitions", "1", "--workload", "alone")
        self.assert_refused(self.parkbench("run", "--resume", "whole"), "holds no unfinished run")

    @unittest.skipUnless(PARK_BENCH, "PARK_BENCH names no built park_bench")
    def test_with_the_real_park_bench(self):
        command = [sys.executable, "-m", "parkbench", "run", "--binary", PARK_BENCH, "--output", "out", *FAST, "--repetitions", "4"]
        command += ["--workload", "latch_uncontended", "semaphore_contended", "--implementation", "park", "posix", "condvar"]
        process = subprocess.Popen(
            command, env=self.environment(), cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while len(self.noted()) < 4 and process.poll() is None:
            time.sleep(0.005)
        process.kill()
        process.wait()
        if not self.journal.exists():
            self.skipTest("the run was over before it could be cut short")
        noted = self.noted()
        run = self.resume()
        timed = {(entry["name"], entry["repetition_index"]): entry["ops"] for entry in run["benchmarks"]}
        self.assertEqual(len(timed), len(run["benchmarks"]))
        self.assertEqual(len(timed), 4 * len({name for name, _ in timed}))
        for line in noted:
            if line["pass"] == "timed":
                self.assertEqual(timed[line["cell"], line["repetition"]], line["entries"][0]["ops"])


class RefusalTest(UnfinishedTest):
    def setUp(self):
        super().setUp()
        self.binary = self.fake_that({"crowd/park": "held"})
        self.begin("park", signal.SIGKILL, self.binary, "--repetitions", 1)
        self.before = self.journal.read_bytes()

    def refused(self, *arguments, words=()):
        self.assert_refused(self.parkbench("run", *arguments), *words)
        self.assertEqual(self.journal.read_bytes(), self.before)

    def test_other_arguments(self):
        self.refused("--resume", "out", "--threads", "1,2,4", words=["--threads is 1,2,4 here and was 1,2 in the run"])
        self.refused("--resume", "out", "--quick", words=["--quick is given here and was not given"])
        self.refused("--resume", "out", "--output", "other", words=["leave out --output"])
        self.refused("--resume", "out", "--peer-binary", self.binary, words=["--peer-binary"])

    def test_the_same_arguments_are_taken(self):
        finished = self.parkbench("run", "--check-arguments", "--resume", "out", *FAST, "--binary", self.binary, "--repetitions", 1)
        self.assertEqual(finished.returncode, 0, finished.stderr)

    def test_another_binary(self):
        self.fake_that({})
        self.refused("--resume", "out", words=["is not the binary that the run was begun with"])
        self.binary.unlink()
        self.refused("--resume", "out", words=["cannot read", "build it again"])

    def test_another_machine(self):
        """The fake's machine is part of the fake: the journal tells of another one instead."""
        for field, value, words in (
            ("usable_cpus", 1, "usable_cpus is 2 here and was 1"),
            ("cpus", [], "its cpus differ"),
            ("kernel", "6.1", "kernel is None here and was 6.1"),
        ):
            head, rest = self.before.split(b"\n", 1)
            head = json.loads(head)
            head["machine"][field] = value
            self.journal.write_bytes(json.dumps(head).encode() + b"\n" + rest)
            self.assert_refused(self.parkbench("run", "--resume", "out"), "not the machine", words)

    def test_a_new_run_in_its_folder(self):
        self.refused("--binary", self.binary, "--output", "out", words=["holds an unfinished run; go on with --resume"])

    def test_two_at_once(self):
        with self.journal.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self.refused("--resume", "out", words=["somebody is measuring"])

    def test_a_folder_without_a_run_or_with_a_damaged_one(self):
        self.refused("--resume", "nowhere", words=["holds no unfinished run"])
        for text in (b"no journal\n", b'{"journal":999}\n', self.before + b"garbage\n" + b'{"pass":"timed"}\n'):
            self.journal.write_bytes(text)
            self.assert_refused(self.parkbench("run", "--resume", "out"), "not a journal that this parkbench can read")
        self.journal.write_bytes(b"")
        self.assert_refused(self.parkbench("run", "--resume", "out"), "nothing was measured yet")


class NoiseTest(unittest.TestCase):
    def test_of_several_sittings_only_the_time_in_them_counts(self):
        def noise(steal, ticks, busy):
            return {"load1": 1.0, "steal_ticks": steal, "all_ticks": ticks, "busy_share": busy}

        killed = {"before": noise(600, 6000, 0.9)}
        found = summed(
            [
                {"before": noise(100, 1000, 0.1), "after": noise(110, 1200, 0.3), "wall_s": 2.0},
                killed,
                {"before": noise(5, 50, 0.0), "after": noise(6, 150, 0.2), "wall_s": 1.0},
            ]
        )
        self.assertEqual(found["after"]["steal_ticks"] - found["before"]["steal_ticks"], 11)
        self.assertEqual(found["after"]["all_ticks"] - found["before"]["all_ticks"], 300)
        self.assertEqual(max(found["before"]["busy_share"], found["after"]["busy_share"]), 0.3)
        self.assertEqual(found["wall_s"], 3.0)


class FullScratchTest(TemporaryFolderTest):
    def test_a_full_disk_where_results_pass_through_is_no_failure_of_the_cell(self):
        binary = Binary(self.fake_that({"*": "fail"}))
        full = mock.Mock(free=100)
        with mock.patch("parkbench.binary.shutil.disk_usage", return_value=full), self.assertRaises(Problem) as raised:
            binary.measure(Cell("alone", "park", 1), 0.01, 5)
        self.assertIn("no room left", str(raised.exception))


if __name__ == "__main__":
    unittest.main()
