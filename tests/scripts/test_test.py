"""scripts/test in a tree that stands in: which executables --only has made and runs, what it says of a name that there is not, and what a whole
run says last."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["latch", "latches", "bounded_queue", "bounded_queue_waking", "bounded_semaphore", "unit"]


class Tree:
    """scripts/, with a scripts/setup that installs nothing, and a cmake that notes in `asked` what it is called for."""

    def __init__(self, folder):
        self.folder = folder
        shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("parkbench"))
        shutil.copy(ROOT / "CMakePresets.json", folder)
        self.program(folder / "scripts/setup", "exit 0")
        (folder / "bin").mkdir()
        self.program(folder / "bin/cmake", f'echo "$*" >>"{folder}/asked"')
        self.program(folder / "bin/ctest", f'[ ! -e "{folder}/fails" ]')
        self.build = folder / "build/dev"
        self.build.mkdir(parents=True)
        lines = []
        for name in NAMES:
            executable = self.build / f"park_{name}_tests"
            self.program(executable, f'echo "ran {name}" "$@"; [ ! -e "{self.build}/{name}_fails" ]')
            lines.append(f"{name} {executable}\n")
        (self.build / "test_names.txt").write_text("".join(lines))
        (self.build / "CMakeCache.txt").write_text("CMAKE_BUILD_TYPE:STRING=Debug\n")
        (self.build / "build.ninja").touch()
        (self.build / "configured").touch()

    @staticmethod
    def program(file, script):
        file.write_text("#!/bin/sh\n" + script + "\n")
        file.chmod(0o755)

    def test(self, *arguments):
        self.asked = []
        done = subprocess.run([self.folder / "scripts/test", *arguments], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})
        if (self.folder / "asked").exists():
            self.asked = (self.folder / "asked").read_text().splitlines()
        return done

    def ran(self, *arguments):
        done = self.test(*arguments)
        assert done.returncode == 0, done.stderr
        return [line.removeprefix("ran ") for line in done.stdout.splitlines() if line.startswith("ran ")]


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_runs_the_test_of_that_name_and_builds_nothing_else(tree):
    assert tree.ran("--only", "latch") == ["latch"]
    assert [call.partition("--target ")[2] for call in tree.asked] == ["build.ninja", "park_latch_tests"]


def test_a_name_is_also_that_of_those_which_begin_with_it(tree):
    assert tree.ran("--only", "bounded_queue") == ["bounded_queue", "bounded_queue_waking"]
    assert tree.ran("--only", "bounded") == ["bounded_queue", "bounded_queue_waking", "bounded_semaphore"]


def test_runs_several_each_once(tree):
    assert tree.ran("--only", "latch", "--only", "bounded_queue", "--only", "latch") == [
        "bounded_queue", "bounded_queue_waking", "latch"]


def test_hands_on_what_follows_to_googletest(tree):
    assert tree.ran("--only", "latch", "--", "--gtest_filter=a b") == ["latch --gtest_filter=a b"]


def test_a_name_that_there_is_not_is_refused_with_those_that_there_are(tree):
    done = tree.test("--only", "lock")
    assert done.returncode == 2 and "ran" not in done.stdout
    assert "no test 'lock' in the preset dev; there are:" in done.stderr
    assert done.stdout.split()[-len(NAMES):] == sorted(NAMES)


def test_lists_the_names(tree):
    done = tree.test("--only", "list")
    assert (done.returncode, done.stderr, done.stdout.split()[-len(NAMES):]) == (0, "", sorted(NAMES))


def test_fails_where_one_of_them_does_after_all_have_run(tree):
    (tree.build / "bounded_queue_fails").touch()
    done = tree.test("--only", "bounded_queue", "--only", "latch")
    assert done.returncode == 1 and done.stdout.count("ran ") == 3
    assert "test: failed in dev: park_bounded_queue_tests\n" in done.stderr


def test_configures_again_only_where_the_presets_have_changed(tree):
    os.utime(tree.folder / "CMakePresets.json", (2**31 - 9, 2**31 - 9))
    tree.ran("--only", "latch")
    assert tree.asked[0] == "--preset dev"


@pytest.mark.parametrize("arguments, told", [
    (["--only"], "test: --only needs a name such as latch; --only list prints them"),
    (["--only", "latch", "--all"], "test: --only goes with --preset and nothing else"),
    (["--only", "latch", "--targets", "native"], "test: --only goes with --preset and nothing else"),
])
def test_refuses_in_one_line(tree, arguments, told):
    done = tree.test(*arguments)
    assert (done.returncode, done.stderr, tree.asked) == (2, told + "\n", [])


@pytest.mark.parametrize("fails", [False, True])
def test_a_whole_run_says_last_what_it_left_out_and_how_to_have_it(tree, fails):
    (tree.folder / "build/quick").mkdir()
    (tree.folder / "build/quick/left_out.txt").write_text("consumers: other projects\nthe model checker\n")
    if fails:
        (tree.folder / "fails").touch()
    done = tree.test()
    assert (done.returncode, done.stderr) == ((1, "test: failed: quick\n") if fails else (0, ""))
    last = done.stdout.splitlines()[-4:]
    assert last[0] == "test: left out, to save time; scripts/test --all runs this too:"
    assert last[1:3] == ["  - consumers: other projects", "  - the model checker"]


def test_a_run_of_a_preset_that_was_asked_for_says_no_such_thing(tree):
    assert "left out" not in tree.test("--preset", "release").stdout
