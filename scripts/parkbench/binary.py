"""The park_bench binary: ask it what it can do, and let it measure one cell under a watchdog."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

from . import shape
from .catalogue import Cell
from .document import parse
from .problem import Problem

ANSWER_WITHIN_S = 30.0
PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>
LEAST_ROOM = 1 << 16  # bytes, for the results of one cell
UNSUPPORTED = 3  # park_bench's exit status for something that this machine does not allow


@dataclass(frozen=True)
class Outcome:
    """What came of one process: entries in Google Benchmark's form, of which an error is one too."""

    entries: list[dict]
    context: Optional[dict]
    elapsed_s: float
    hung: bool = False
    unsupported: Optional[str] = None

    @property
    def failure(self) -> Optional[str]:
        return next((entry["error_message"] for entry in self.entries if entry.get("error_occurred")), None)


@dataclass(frozen=True)
class Finished:
    """A process that is over: returncode is None when the watchdog ended it."""

    returncode: Optional[int]
    stdout: str
    stderr: str

    @property
    def last_words(self) -> str:
        lines = [line.strip() for line in self.stderr.splitlines() if line.strip()]
        return lines[-1][:300] if lines else "it said nothing"

    @property
    def death(self) -> str:
        if self.returncode is not None and self.returncode < 0:
            try:
                name = signal.Signals(-self.returncode).name
            except ValueError:
                name = f"signal {-self.returncode}"
            return f"crashed with {name}: {self.last_words}"
        return f"ended with status {self.returncode}: {self.last_words}"


def ends_with(parent: int) -> Optional[Callable[[], None]]:
    """What has a child end when its parent is killed, so that nobody is left to end it; None where the system lacks
    that."""
    set_option = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None
    if set_option is None:
        return None

    def in_child() -> None:
        set_option(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it has been killed already
            os._exit(1)

    return in_child


def run_watched(
    command: list[str], timeout_s: float, environment: Optional[dict[str, str]] = None, folder: Optional[Path] = None
) -> Finished:
    """Run a command, in that folder, in a process group of its own, which is killed whole when time is up or on
    Ctrl-C."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=ends_with(os.getpid()),
        env={**os.environ, **environment} if environment else None,
        cwd=folder,
    )
    try:
        stdout, stderr = process.communicate(timeout=timeout_s)
        return Finished(process.returncode, stdout, stderr)
    except subprocess.TimeoutExpired:
        return Finished(None, *end_group(process))
    except BaseException:
        end_group(process)
        raise


def end_group(process: subprocess.Popen) -> tuple[str, str]:
    """Kill the process and all it started; what they had printed."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    return process.communicate()


class Binary:
    """An executable that speaks park_bench's command line."""

    def __init__(self, path: Path):
        self.path = path.absolute()
        build = "build it with scripts/bench, or name another with --binary"
        if not self.path.is_file():
            raise Problem(f"no benchmark binary at {path}; {build}")
        if not os.access(self.path, os.X_OK):
            raise Problem(f"{path} is not executable; {build}")

    def answer(self, flag: str, form: dict, environment: Optional[dict[str, str]] = None) -> dict:
        """The JSON object of this form that the binary prints for --list_cells or --machine."""
        try:
            finished = run_watched([str(self.path), flag], ANSWER_WITHIN_S, environment)
        except OSError as error:
            raise Problem(
                f"{self.path} cannot be run ({error.strerror}); rebuild park_bench for this machine"
            ) from None
        advice = f"rebuild park_bench, or run {self.path} {flag} to see"
        if finished.returncode is None:
            raise Problem(f"{self.path} {flag} did not answer within {ANSWER_WITHIN_S:.0f} s; {advice}")
        if finished.returncode != 0:
            raise Problem(f"{self.path} {flag} {finished.death}; {advice}")
        try:
            document = json.loads(finished.stdout)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise Problem(f"{self.path} {flag} printed no JSON object; {advice}")
        wrong = shape.complaint(document, form)
        if wrong:
            raise Problem(f"{self.path} {flag} printed something else than expected: {wrong}; {advice}")
        return document

    def measure(
        self,
        cell: Cell,
        cell_seconds: float,
        timeout_s: float,
        count_system_calls: bool = False,
        environment: Optional[dict[str, str]] = None,
    ) -> Outcome:
        """Measure one cell in a process of its own. Whatever goes wrong becomes an entry with error_occurred."""
        with scratch_folder() as folder:
            written = Path(folder) / "cell.json"
            command = [
                str(self.path),
                f"--benchmark_filter=^{cell.name}$",
                f"--benchmark_out={written}",
                "--benchmark_out_format=json",
                f"--cell_seconds={cell_seconds:g}",
            ] + (["--count_system_calls"] if count_system_calls else [])
            start = time.monotonic()
            try:
                finished = run_watched(command, timeout_s, environment)
            except OSError as error:
                return Outcome([error_entry(cell, f"cannot be run: {error.strerror}")], None, 0.0)
            elapsed = time.monotonic() - start
            if finished.returncode is None:
                return Outcome([error_entry(cell, f"timed out after {timeout_s:g} s")], None, elapsed, hung=True)
            if count_system_calls and finished.returncode == UNSUPPORTED:
                return Outcome([], None, elapsed, unsupported=finished.last_words)
            if finished.returncode != 0:
                outcome = Outcome([error_entry(cell, finished.death)], None, elapsed)
            else:
                outcome = read_outcome(cell, written, elapsed, finished.last_words)
            if outcome.failure:
                check_room(folder)
            return outcome


def scratch_folder() -> tempfile.TemporaryDirectory:
    try:
        return tempfile.TemporaryDirectory(prefix="parkbench-")
    except OSError as error:
        raise Problem(
            f"cannot make a folder in {tempfile.gettempdir()} ({error.strerror}); set TMPDIR to another place"
        ) from None


def check_room(folder: str) -> None:
    """A disk that is full is no failure of what met it."""
    if shutil.disk_usage(folder).free < LEAST_ROOM:
        raise Problem(
            f"there is no room left in {Path(folder).parent}, through which results pass; "
            "make some, or set TMPDIR to another place"
        )


def read_outcome(cell: Cell, path: Path, elapsed: float, last_words: str) -> Outcome:
    """The entries of a finished process's output file that belong to the cell."""
    try:
        document = parse(path.read_text(encoding="utf-8"))
        entries = [entry for entry in document["benchmarks"] if Cell.parse(entry["name"]) == cell]
        context = document.get("context")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Outcome([error_entry(cell, f"wrote no readable JSON: {last_words}")], None, elapsed)
    if not entries:
        return Outcome([error_entry(cell, f"measured nothing of that name: {last_words}")], None, elapsed)
    return Outcome(entries, context if isinstance(context, dict) else None, elapsed)


def error_entry(cell: Cell, message: str) -> dict:
    """An entry as Google Benchmark writes one for a benchmark that called SkipWithError."""
    return {
        "name": cell.name,
        "run_name": cell.name,
        "run_type": "iteration",
        "error_occurred": True,
        "error_message": message,
        "iterations": 0,
        "real_time": 0.0,
        "cpu_time": 0.0,
        "time_unit": "ns",
    }
