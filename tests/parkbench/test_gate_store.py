"""Baselines: kept as plain files by a fingerprint of the machine, found again, pruned, and refused where they are
foreign."""

import json
import signal
import subprocess
import sys
import unittest

from support import TemporaryFolderTest
from stand_in import QUICK, GateTest
from parkbench.gate.fingerprint import differences, fingerprint, key, of_machine
from parkbench.gate.samples import Samples, read
from parkbench.gate.store import KEEP, Store

HERE = {"cpu": "Alpha", "cpus": "2", "kernel": "Linux 6.18"}


class StoreTest(TemporaryFolderTest):
    def test_what_was_kept_is_found_by_the_same_fingerprint_alone(self):
        store = Store(self.folder / "store")
        self.assertIsNone(store.latest(HERE))
        store.add(HERE, {"library_version": "v1.9.1"}, {"BM_a": Samples([1.0, 2.0]), "BM_b": Samples(trouble="hung")})
        _, document = store.latest(HERE)
        found = read(document)
        self.assertEqual(([1.0, 2.0], "failed: hung"), (found["BM_a"].times_ns, found["BM_b"].trouble))
        self.assertIsNone(store.latest({**HERE, "cpu": "Beta"}))

    def test_the_nearest_is_told_field_by_field(self):
        store = Store(self.folder / "store")
        self.assertEqual([], store.nearest(HERE))
        store.add({**HERE, "cpu": "Beta", "cpus": "64"}, {}, {})
        store.add({**HERE, "kernel": "Linux 5.15"}, {}, {})
        self.assertEqual(["kernel is Linux 6.18 here, Linux 5.15 there"], store.nearest(HERE))

    def test_of_each_fingerprint_the_newest_are_kept(self):
        store = Store(self.folder / "store")
        paths = [store.add(HERE, {}, {"BM_a": Samples([float(index)])}) for index in range(1, KEEP + 4)]
        self.assertEqual(paths[3:], store.of(key(HERE)))
        self.assertEqual([float(KEEP + 3)], read(store.latest(HERE)[1])["BM_a"].times_ns)

    def test_a_fingerprint_names_the_compiler_and_differs_by_any_field(self):
        path = self.folder / "binary"
        path.write_bytes(b"\0GCC: (Debian 12.2.0-14) 12.2.0\0GCC: (Debian 12.2.0-14) 12.2.0\0")
        self.assertEqual("GCC: (Debian 12.2.0-14) 12.2.0", fingerprint(path)["compilers"])
        self.assertNotEqual(key(HERE), key({**HERE, "cpus": "3"}))
        self.assertEqual(["cpus is 2 here, 3 there"], differences(HERE, {**HERE, "cpus": "3"}))

    def test_another_machine_is_read_from_its_files(self):
        for name, text in (
            ("proc/cpuinfo", "model name : Gamma 9\nflags : fpu hypervisor sse\n"),
            ("sys/class/dmi/id/sys_vendor", "QEMU\n"),
            ("sys/fs/cgroup/cpu.max", "150000 100000\n"),
            *((f"sys/devices/system/cpu/cpu{cpu}/topology/physical_package_id", "0\n") for cpu in range(4)),
            *((f"sys/devices/system/cpu/cpu{cpu}/topology/core_id", f"{cpu // 2}\n") for cpu in range(4)),
        ):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        found = fingerprint(self.folder / "none", self.folder)
        self.assertEqual(
            ("Gamma 9", "QEMU", "1.5 CPUs", "1 packages, 2 cores, 4 threads", None),
            tuple(found[field] for field in ("cpu", "hypervisor", "quota", "topology", "compilers")),
        )

    def test_a_cpu_without_a_name_is_known_by_its_numbers_and_a_quota_by_either_version_of_cgroups(self):
        found = []
        for part in ("0xd0c", "0xd40"):
            for name, text in (
                ("proc/cpuinfo", f"CPU implementer\t: 0x41\nCPU part\t: {part}\n"),
                ("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "250000\n"),
                ("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"),
            ):
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).write_text(text)
            found.append(fingerprint(self.folder / "none", self.folder))
        self.assertEqual(
            ["implementer 0x41, part 0xd0c", "implementer 0x41, part 0xd40"], [each["cpu"] for each in found]
        )
        self.assertEqual("2.5 CPUs", found[0]["quota"])
        (self.folder / "sys/fs/cgroup/cpu/cpu.cfs_quota_us").write_text("-1\n")
        self.assertIsNone(fingerprint(self.folder / "none", self.folder)["quota"])


class StoredBaseline(GateTest):
    def stored(self, head, *more):
        return self.parkbench("compare", "--head", head, "--store", self.folder / "store", *QUICK, *more)

    def test_head_is_held_against_what_was_recorded(self):
        head = self.google("head", BM_a=10, BM_b=10)
        recorded = self.stored(head, "--record")
        self.assertEqual(0, recorded.returncode, recorded.stderr)
        self.assertIn("stored: ", recorded.stdout)
        self.assertEqual(0, self.stored(head, "--require-baseline").returncode)
        slower = self.stored(self.google("head", BM_a=10, BM_b=12))
        self.assertEqual(1, slower.returncode, slower.stdout + slower.stderr)
        self.assertIn("1 regressed, 1 pass", slower.stdout)

    def test_a_head_that_crashes_has_failed_and_the_rest_is_judged(self):
        self.stored(self.google("head", BM_a=10, BM_b=10), "--record")
        broken = self.stored(self.google("head", BM_a="crash", BM_b=10))
        self.assertEqual(2, broken.returncode, broken.stdout + broken.stderr)
        self.assertIn("head crashed with SIGSEGV", broken.stdout)
        self.assertIn("1 failed, 1 pass", broken.stdout)

    def interrupted(self, *more):
        """The status, stdout and stderr where Ctrl-C comes when some have been measured."""
        many = {f"BM_{index}": 10 for index in range(20)}
        head = self.google("head", **many)
        if "--record" not in more:
            Store(self.folder / "store").add(fingerprint(head), {}, {name: Samples([10.0] * 30) for name in many})
        command = [
            sys.executable,
            "-m",
            "parkbench",
            "compare",
            "--head",
            head,
            "--store",
            self.folder / "store",
            *QUICK,
            *more,
        ]
        process = subprocess.Popen(
            [str(word) for word in command],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stderr.readline()  # the first line of its progress
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=240)
        return process.returncode, stdout, stderr

    def test_an_interrupt_keeps_what_was_measured_but_stores_no_part_of_a_baseline(self):
        told = self.folder / "told.json"
        status, stdout, stderr = self.interrupted("--json", told)
        self.assertEqual(
            (130, True), (status, "interrupted: the verdicts are on what was measured until then" in stdout), stderr
        )
        self.assertEqual(20, len(json.loads(told.read_text())["benchmarks"]))
        status, _, stderr = self.interrupted("--record")
        self.assertEqual((130, True), (status, "interrupted: nothing was stored" in stderr), stderr)
        self.assertNotIn("Traceback", stderr)

    def test_without_a_baseline_of_this_machine_it_says_so(self):
        head, told = self.google("head", BM_a=10), self.folder / "told.json"
        told.write_text("of an earlier call")
        self.assertEqual(0, self.stored(head, "--json", told).returncode)
        self.assertIn("no baseline", json.loads(told.read_text())["remarks"][0])
        none = self.stored(head, "--require-baseline")
        self.assertEqual(4, none.returncode)
        self.assertIn("the store is empty", none.stdout)
        Store(self.folder / "store").add({**fingerprint(head), "cpu": "Omega"}, {}, {"BM_a": Samples([10.0] * 30)})
        foreign = self.stored(head, "--require-baseline")
        self.assertEqual(4, foreign.returncode)
        self.assertIn("Omega there", foreign.stdout)

    def test_bad_input_is_refused_in_one_line(self):
        head = self.google("head", BM_a=10)
        self.assert_refused(self.parkbench("compare", "--head", head, "--record"), "--store")
        self.assert_refused(self.stored(head, "--base", head), "--head BINARY alone")
        self.assert_refused(self.stored(self.folder / "none"), "no file")
        self.assert_refused(self.parkbench("compare", "--head", head, "--store", head), "no folder")
        folder = self.folder / "store" / key(fingerprint(head))
        folder.mkdir(parents=True)
        (folder / "x.json").write_text(json.dumps([]))
        self.assert_refused(self.stored(head), "no baseline; delete it")


class Calibrated(GateTest):
    def calibration(self, spread, **fields):
        path = self.folder / "calibration.json"
        head = self.google("head", BM_a=100)
        path.write_text(json.dumps({"fingerprint": {**of_machine(fingerprint(head)), **fields}, "spread": spread}))
        return path

    def test_what_is_within_the_spread_of_this_machine_does_not_fail(self):
        status, sides = 1, ({"BM_a": 100}, {"BM_a": 110})
        self.assertEqual(status, self.compare(*sides).returncode)
        self.assertEqual(status, self.compare(*sides, "--calibration", self.calibration(0.02)).returncode)
        self.assertEqual(0, self.compare(*sides, "--calibration", self.calibration(0.2)).returncode)

    def test_that_of_another_machine_and_what_is_none_are_refused_in_one_line(self):
        done = self.compare({"BM_a": 1}, {"BM_a": 1}, "--calibration", self.calibration(0.02, cpu="Other 1"))
        self.assertEqual(2, done.returncode)
        self.assertRegex(
            done.stderr,
            "^parkbench: .* is of another machine: cpu is .* here, Other 1 there; give the calibration.json .*\n$",
        )
        self.calibration(0.0).write_text('{"spread": "wide"}')
        done = self.compare({"BM_a": 1}, {"BM_a": 1}, "--calibration", self.folder / "calibration.json")
        self.assertEqual(2, done.returncode)
        self.assertRegex(done.stderr, "^parkbench: .* is no calibration; .*\n$")


if __name__ == "__main__":
    unittest.main()
