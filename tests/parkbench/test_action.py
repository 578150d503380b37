"""The action's one step, run as GitHub would: two commits, each with a binary that its build makes."""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

from support import SCRIPTS
from stand_in import GOOGLE, GateTest

ACTION = SCRIPTS.parent / ".github" / "actions" / "gate"
IDENTITY = (
    "-c",
    "user.name=t",
    "-c",
    "user.email=t@example.org",
    "-c",
    "init.defaultBranch=main",
    "-c",
    "commit.gpgsign=false",
)


@unittest.skipUnless(shutil.which("git"), "git is missing: run scripts/setup --test")
class ActionTest(GateTest):
    def setUp(self):
        super().setUp()
        self.tree = self.folder / "tree"
        self.tree.mkdir()
        self.git("init", "--quiet")
        self.commit(10)
        self.git("branch", "target")

    def git(self, *words):
        subprocess.run(["git", *IDENTITY, *words], cwd=self.tree, check=True, capture_output=True)

    def commit(self, nanoseconds):
        """A tree whose build copies its source to its binary."""
        text = GOOGLE.format(python=sys.executable, times=json.dumps({"BM_a": nanoseconds, "BM_b": 10}))
        (self.tree / "source").write_text(text)
        self.git("add", "source")
        self.git("commit", "--quiet", "-m", f"takes {nanoseconds}")

    def gate(self, **inputs):
        self.summary = self.folder / "summary.md"
        environment = {
            **os.environ,
            "PARK_PYTHON": sys.executable,
            "RUNNER_TEMP": str(self.folder),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GATE_BUILD": "mkdir -p out && install -m 755 source out/bench",
            "GATE_BINARY": "out/bench",
            "GATE_BASE": "target",
            **{f"GATE_{name.upper()}": value for name, value in inputs.items()},
        }
        return subprocess.run(
            [ACTION / "gate"], cwd=self.tree, env=environment, capture_output=True, text=True, timeout=240
        )

    def test_a_change_that_is_slower_fails_and_is_told(self):
        self.commit(14)
        done = self.gate()
        self.assertEqual(1, done.returncode, done.stdout + done.stderr)
        self.assertIn("1 regressed, 1 pass", self.summary.read_text())
        self.assertEqual("1", ElementTree.parse(self.tree / "parkbench.xml").getroot().get("failures"))
        self.assertEqual(1, len(self.worktrees()), "the base's tree is gone")

    def test_one_that_is_not_passes(self):
        self.commit(8)
        done = self.gate(filter="BM_a")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        self.assertIn("1 pass", self.summary.read_text())

    def test_nothing_to_compare_passes_and_says_so(self):
        self.assertEqual(0, self.gate().returncode)
        self.assertIn("its own merge base", self.summary.read_text())

    def test_what_cannot_be_built_or_found_is_named(self):
        self.commit(11)
        for words, inputs in (
            ("no merge base with nowhere", {"base": "nowhere"}),
            ("the base cannot be built by: false", {"build": "false"}),
            ("there is no out/none", {"binary": "out/none"}),
            ("give the inputs build and binary", {"build": ""}),
        ):
            with self.subTest(words):
                done = self.gate(**inputs)
                self.assertEqual(2, done.returncode)
                self.assertIn(words, done.stderr)
                self.assertIn(words, self.summary.read_text())
                self.assertEqual(1, len(self.worktrees()))

    def worktrees(self):
        told = subprocess.run(["git", "worktree", "list"], cwd=self.tree, capture_output=True, text=True, check=True)
        return told.stdout.splitlines()

    def test_every_input_reaches_the_step(self):
        text = (ACTION / "action.yml").read_text()
        inputs = re.findall(r"^  (\w+):$", text.split("inputs:")[1].split("runs:")[0], re.MULTILINE)
        step = (ACTION / "gate").read_text()
        self.assertEqual(["build", "binary", "base", "filter", "floor", "count", "strict", "junit"], inputs)
        for name in inputs:
            self.assertIn(f"GATE_{name.upper()}: ${{{{ inputs.{name} }}}}", text)
            self.assertIn(f"GATE_{name.upper()}", step)
        self.assertIn("run: '\"$GITHUB_ACTION_PATH/gate\"'", text)


if __name__ == "__main__":
    unittest.main()
