"""Any binary of Google Benchmark's: what is in it, and one benchmark of it measured in a process of its own."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Optional

from ..binary import Finished, check_room, run_watched, scratch_folder
from ..document import parse
from ..problem import Problem
from .samples import Samples, read

LIST_WITHIN_S = 30.0


class Program:
    """One of the two sides."""

    def __init__(self, path: Path, side: str, environment: Optional[dict[str, str]] = None):
        self.path, self.side, self.environment = path.absolute(), side, environment
        self.context: Optional[dict] = None  # of its last document
        if not self.path.is_file():
            raise Problem(f"--{side}: there is no file {path}; build it, or name another")
        if not os.access(self.path, os.X_OK):
            raise Problem(f"--{side}: {path} is not executable; name a binary of Google Benchmark's, or a .json that one wrote")

    def names(self, pattern: str) -> list[str]:
        """The benchmarks in it, in its order."""
        finished = self.run(["--benchmark_list_tests=true", f"--benchmark_filter={pattern}"], LIST_WITHIN_S)
        if finished.returncode is None:
            raise Problem(f"--{self.side}: {self.path} did not list its benchmarks within {LIST_WITHIN_S:g} s")
        if finished.returncode != 0:
            raise Problem(f"--{self.side}: {self.path} --benchmark_list_tests {finished.death}")
        names = [line.strip() for line in finished.stdout.splitlines() if line.strip()]
        if any(name.startswith("-") for name in names):  # what repeats its arguments
            raise Problem(f"--{self.side}: {self.path} listed {names[0]!r}: is it a binary of Google Benchmark's?")
        return names

    def measure(self, name: str, seconds: float, timeout_s: float) -> Samples:
        """One benchmark once. Whatever goes wrong is the trouble of what comes back."""
        with scratch_folder() as folder:
            written = Path(folder) / "one.json"
            finished = self.run(
                [
                    f"--benchmark_filter=^{re.escape(name)}$",
                    f"--benchmark_min_time={seconds:g}",
                    "--benchmark_repetitions=1",
                    f"--benchmark_out={written}",
                    "--benchmark_out_format=json",
                ],
                timeout_s,
            )
            if finished.returncode is None:
                return Samples(trouble=f"hung: it was ended after {timeout_s:g} s; --timeout gives it longer")
            samples = self.read(name, written, finished) if finished.returncode == 0 else Samples(trouble=finished.death)
            if samples.trouble:
                check_room(folder)
            return samples

    def read(self, name: str, written: Path, finished: Finished) -> Samples:
        """What it wrote of that benchmark."""
        try:
            document = parse(written.read_text(encoding="utf-8"))
            samples = read(document).get(name)
            self.context = document.get("context")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Samples(trouble=f"wrote no JSON of Google Benchmark's: {finished.last_words}")
        if samples is None:
            return Samples(trouble=f"measured nothing of that name: {finished.last_words}")
        return samples

    def run(self, arguments: list[str], timeout_s: float) -> Finished:
        try:
            return run_watched([str(self.path), *arguments], timeout_s, self.environment)
        except OSError as error:
            raise Problem(f"--{self.side}: {self.path} cannot be run ({error.strerror}); build it for this machine") from None
