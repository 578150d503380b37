"""Any binary of Google Benchmark's: what is in it, and one benchmark of it measured in a process of its own."""

from __future__ import annotations

import itertools
import os
import re
from collections import Counter
from pathlib import Path
from typing import Optional, Sequence

from ..binary import Finished, check_room, run_watched, scratch_folder
from ..document import parse
from ..problem import Problem
from .samples import Samples, numbered, read
from .start import Start

LIST_WITHIN_S = 30.0
NOTHING = "^$"  # a filter that no name matches
MATCHES_NOTHING = "Failed to match any benchmarks against regex"  # on stderr, in all versions
NO_BENCHMARK = "has no benchmark of that name"
SPECIAL = re.compile(r"[.\[\\()*+?{|^$]")  # in POSIX's extended expressions, where no other character may be escaped


def exactly(name: str) -> str:
    """The regular expression that matches this name alone, for regcomp and for std::regex with its grammar
    `extended`."""
    return f"^{SPECIAL.sub(lambda found: chr(92) + found[0], name)}$"


class Program:
    """One of the two sides."""

    def __init__(self, path: Path, side: str, start: Start = Start()):
        self.path, self.side, self.start = path.absolute(), side, start
        self.context: Optional[dict] = None  # of its last document
        self.plain: dict[str, str] = {}  # what it calls the benchmarks that names() has told
        if not self.path.is_file():
            raise Problem(f"--{side}: there is no file {path}; build it, or name another")
        if not os.access(self.path, os.X_OK):
            raise Problem(
                f"--{side}: {path} is not executable; name a binary of Google Benchmark's, or a .json that one wrote"
            )

    def names(self, pattern: str) -> list[str]:
        """The benchmarks in it, in its order; the second of a name is NAME (2). What its main() prints beside them it
        prints where there is none."""
        beside = Counter(self.listed(NOTHING))
        names = []
        for line in self.listed(pattern):
            if beside[line] > 0:
                beside[line] -= 1
            else:
                names.append(line)
        if any(name.startswith("-") for name in names):  # what repeats its arguments
            raise Problem(f"--{self.side}: {self.path} listed {names[0]!r}: is it a binary of Google Benchmark's?")
        self.plain = {}
        for name in names:
            shown = next(
                each for each in (numbered(name, index) for index in itertools.count()) if each not in self.plain
            )
            self.plain[shown] = name
        return list(self.plain)

    def listed(self, pattern: str) -> list[str]:
        finished = self.run(["--benchmark_list_tests=true", f"--benchmark_filter={pattern}"], LIST_WITHIN_S)
        if finished.returncode is None:
            raise Problem(f"--{self.side}: {self.path} did not list its benchmarks within {LIST_WITHIN_S:g} s")
        if finished.returncode != 0:
            raise Problem(f"--{self.side}: {self.path} --benchmark_list_tests {finished.death}")
        return [line for line in finished.stdout.split("\n") if line.strip()]

    def filter_for(self, name: str) -> str:
        """The argument by which it runs that benchmark, and those of the same name, alone."""
        return f"--benchmark_filter={exactly(self.plain.get(name, name))}"

    def shares_its_name(self, name: str) -> bool:
        return list(self.plain.values()).count(self.plain.get(name, name)) > 1

    def measure(self, name: str, seconds: float, timeout_s: float) -> Samples:
        """One benchmark once. Whatever goes wrong is the trouble of what comes back."""
        with scratch_folder() as folder:
            written = Path(folder) / "one.json"
            finished = self.run(
                [
                    self.filter_for(name),
                    f"--benchmark_min_time={seconds:g}",
                    "--benchmark_repetitions=1",
                    f"--benchmark_out={written}",
                    "--benchmark_out_format=json",
                ],
                timeout_s,
            )
            if finished.returncode is None:
                return Samples(trouble=f"hung: it was ended after {timeout_s:g} s; --timeout gives it longer")
            samples = (
                self.read(name, written, finished) if finished.returncode == 0 else Samples(trouble=finished.death)
            )
            if samples.trouble:
                check_room(folder)
            return samples

    def read(self, name: str, written: Path, finished: Finished) -> Samples:
        """What it wrote of that benchmark."""
        if MATCHES_NOTHING in finished.stderr:
            return Samples(trouble=NO_BENCHMARK)
        try:
            document = parse(written.read_text(encoding="utf-8-sig", errors="replace"))
            samples = read(document, of_one_process=True).get(name)
            self.context = document.get("context")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Samples(trouble=f"wrote no JSON of Google Benchmark's: {finished.last_words}")
        if samples is None:
            return Samples(trouble=f"measured nothing of that name: {finished.last_words}")
        return samples

    def run(self, arguments: list[str], timeout_s: float, under: Sequence[str] = ()) -> Finished:
        """With its own arguments first; as the argument of a tool, where it is to run under one."""
        try:
            command = [*under, str(self.path), *self.start.arguments, *arguments]
            return run_watched(command, timeout_s, self.start.environment, self.start.folder)
        except OSError as error:
            raise Problem(
                f"--{self.side}: {self.path} cannot be run ({error.strerror}); build it for this machine"
            ) from None
