"""What .ci/run counts and tells, and where its stage bare is skipped, by name and with the reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CI = Path(__file__).parents[2] / ".ci"


def summary(folder, *stages):
    (folder / "stages").write_text("".join("\t".join(map(str, stage)) + "\n" for stage in stages))
    command = [sys.executable, CI / "summary.py", folder / "stages", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.splitlines()


def test_the_last_line_is_the_sum_and_nothing_else(tmp_path):
    status, lines = summary(tmp_path, ("setup", "passed", 61, 40, ""), ("format", "passed", 2, 1, ""))
    assert (status, lines[-1]) == (0, "2 passed, 0 failed, 0 skipped")


def test_a_stage_that_could_not_be_is_named_with_its_reason_and_fails_nothing(tmp_path):
    status, lines = summary(tmp_path, ("bare", "skipped", 3, 1, "no root"), ("setup", "passed", 61, 40, ""))
    assert (status, lines[0], lines[-1]) == (0, "  skipped: bare: no root", "1 passed, 0 failed, 1 skipped")


def test_a_table_says_what_each_stage_took_and_counted(tmp_path):
    status, lines = summary(tmp_path, ("setup", "passed", 61, 40, ""), ("format", "failed", 2, 1, "a tab"))
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if "|" in line]
    assert rows == [
        ["stage", "wall s", "CPU s", "passed", "failed", "skipped"],
        ["setup", "61", "40", "1", "0", "0"],
        ["format", "2", "1", "0", "1", "0"],
        ["all", "63", "41", "1", "1", "0"],
    ]
    assert (status, lines[-2:]) == (1, ["failed: format: a tab", "1 passed, 1 failed, 0 skipped"])


class Bare:
    """.ci/bare with these commands instead of the machine's own, and an empty cache."""

    def __init__(self, folder, **stand_ins):
        for name, script in stand_ins.items():
            (folder / name).write_text("#!/bin/sh\n" + script + "\n")
            (folder / name).chmod(0o755)
        self.reason = folder / "reason"
        environment = {
            **os.environ,
            "PATH": f"{folder}:{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(folder),
            "TMPDIR": str(folder),
            "PARK_CI_REASON": str(self.reason),
            "CCACHE_DIR": str(folder / "objects"),
        }
        told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(["bash", CI / "bare"], env=environment, **told)

    def ended(self):
        """The exit status, and the reason that it left for being skipped."""
        printed, _ = self.process.communicate(timeout=120)
        reason = self.reason.read_text().strip() if self.reason.exists() else printed
        assert f"skipped: {reason}" in printed
        return self.process.returncode, reason


def test_a_bare_system_is_not_made_without_root(tmp_path):
    done = Bare(tmp_path, id="echo 1000", sudo="exit 1").ended()
    assert done == (77, "a system is made by root, and sudo does not give it here without asking")


def test_nor_without_a_namespace(tmp_path):
    done = Bare(tmp_path, id="echo 0", unshare="exit 1").ended()
    assert done == (77, "no namespace of its own can be had here, or mounts would be left behind")


@pytest.fixture
def rooted_path(tmp_path):
    command = ["unshare", "--mount", "--pid", "--fork", "true"]
    if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no namespace can be had here, as root can elsewhere")
    yield tmp_path
    assert not list(tmp_path.glob("park-bare.*")) and not list(tmp_path.glob("park/*")), "nothing is left behind"


def test_nor_where_debootstrap_fails(rooted_path):
    done = Bare(rooted_path, debootstrap="echo first; echo E: no network; exit 1").ended()
    assert done == (77, "debootstrap could not make a system: E: no network")


def test_when_it_is_told_to_end_its_processes_do(rooted_path):
    pipe = rooted_path / "pipe"
    os.mkfifo(pipe)
    begun = Bare(rooted_path, debootstrap=f'exec 9>"{pipe}"; echo begun >&9; exec sleep 1000')
    with open(pipe) as told:
        assert told.readline() == "begun\n"
        begun.process.terminate()
        begun.process.communicate(timeout=120)
        assert (begun.process.returncode, told.read()) == (143, ""), "a pipe ends when nobody can write to it"
