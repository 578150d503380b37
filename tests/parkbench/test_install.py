"""parkbench installed by pip, away from the repository, does what it does there; its version is park's."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import machines
from support import SCRIPTS, TemporaryFolderTest

NEEDS = [module for module in ("pip", "setuptools") if importlib.util.find_spec(module) is None]


class InstalledTest(TemporaryFolderTest):
    def test_the_version_is_parks(self):
        config = (SCRIPTS.parent / "include/park/config.hpp").read_text()
        version = ".".join(re.search(rf"#define PARK_VERSION_{part} (\d+)", config)[1] for part in ("MAJOR", "MINOR", "PATCH"))
        self.assertIn(f'version = "{version}"', (SCRIPTS / "pyproject.toml").read_text())

    @unittest.skipIf(NEEDS, f"no module {', '.join(NEEDS)}: scripts/setup --test")
    def test_pip_installs_it_and_it_compares_and_reports(self):
        source, home = self.folder / "scripts", self.folder / "home"
        shutil.copytree(SCRIPTS, source, ignore=shutil.ignore_patterns("__pycache__"))
        # Without the network: what it depends on, and what builds it, is the system's.
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps")
        self.run_in(self.folder, *pip, "--target", home, source)
        for name, times in (("base", (1.0, 1.01, 0.99, 1.005, 0.995, 1.002)), ("head", (1.5, 1.51, 1.49, 1.505, 1.495, 1.502))):
            entries = [{"name": "BM_a", "run_type": "iteration", "iterations": 9, "real_time": time, "time_unit": "us"} for time in times]
            (self.folder / f"{name}.json").write_text(json.dumps({"context": {}, "benchmarks": entries}))
        (self.folder / "run.json").write_text(json.dumps(machines.run(2)))
        parkbench = home / "bin/parkbench"
        compared = self.run_in(self.folder, parkbench, "compare", "base.json", "head.json", status=1)
        self.assertIn("1 regressed", compared.stdout)
        self.run_in(self.folder, parkbench, "report", "run.json", "-o", "report.html")
        self.assertIn("Made-up machine of 2", (self.folder / "report.html").read_text())

    def run_in(self, folder, *command, status=0):
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "home")}
        done = subprocess.run([str(word) for word in command], cwd=folder, env=environment, capture_output=True, text=True)
        self.assertEqual(status, done.returncode, done.stdout + done.stderr)
        return done


if __name__ == "__main__":
    unittest.main()
