"""The second signal, which no noise reaches: instructions and system calls of an iteration, by valgrind and strace.

A process executes A + c * T instructions, where A is its start and T the number of all its iterations; two processes of
different T give c, and a third shows whether it is that, and how well it is known: where c wavers (threads, a wait that
spins, work that depends on the clock), the clock alone decides. As by the clock, what has grown is counted afresh on
both sides, and the fresh counts alone are the verdict.

T is exact. Google Benchmark, 1.5 to 1.9, runs 1, 10, 100 ... iterations until they take a tenth of
--benchmark_min_time, and then once 1.4 to 14 times as many, which it tells: so the power of ten before is known, and
with it the sum (but for 14 itself, where the two meet).
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, Optional, Union

from ..binary import check_room, scratch_folder
from ..document import parse
from ..problem import Problem
from .process import Program
from .samples import threads
from .verdicts import FAILED, INCONCLUSIVE, PASS, REFUSED, REGRESSED, Verdict

INSTRUCTIONS = re.compile(r"I\s+refs:\s+([\d,]+)")
TOTAL_CALLS = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?total\s*$", re.MULTILINE)
SIZES_S = (
    0.05,
    0.25,
    0.5,
)  # --benchmark_min_time: what a batch needs beside its iterations is a few thousandths of a percent then
SHORTER_S = (
    0.01,
    0.05,
    0.1,
)  # for what is so fast that two of those reach the most iterations that there may be, 1e9 before 1.8
WAVERS = 0.005  # two measurements of c that differ by this share, and by more than one, are no constant
GROWN, GROWN_SHARE = 0.5, 0.001  # instructions of an iteration
GROWN_CALLS = 0.01  # system calls of an iteration
Reader = Callable[[str, Path], Optional[int]]  # of what a tool printed, and of the file that it wrote


@dataclass(frozen=True)
class Constant:
    """c, from two pairs of processes; or why there is none."""

    value: float = 0.0
    wobble: float = 0.0  # what the two pairs differ by
    trouble: str = ""
    again: tuple[float, ...] = ()  # the sizes by which there may be one after all; none of a failure


def iterations_in_all(final: int) -> int:
    """T, from the number that Google Benchmark tells of its last batch."""
    power = 1
    while power * 14 <= final:
        power *= 10
    return final if final < 2 else (10 * power - 1) // 9 + final


def constant(points: list[tuple[int, int]]) -> Constant:
    """c of I = A + c * T: from the first and the last point, held against the first and the one between."""
    (first_t, first), (middle_t, middle), (last_t, last) = sorted(points)
    if first_t == middle_t or middle_t == last_t:
        return Constant(trouble="the numbers of iterations are too much alike", again=SHORTER_S)
    far, near = (last - first) / (last_t - first_t), (middle - first) / (middle_t - first_t)
    if abs(far - near) > max(1.0, WAVERS * abs(far)):
        return Constant(far, abs(far - near), f"it wavers: {near:,.1f} and {far:,.1f}", again=SIZES_S)
    return Constant(far, abs(far - near))


class Counter:
    """Counts what one program does in one benchmark."""

    def __init__(self, program: Program, timeout_s: float):
        self.program, self.timeout_s = program, timeout_s

    def instructions(self, name: str) -> Constant:
        return self.count(
            name, ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"], refs
        )

    def system_calls(self, name: str) -> Constant:
        return self.count(name, ["strace", "-f", "-c", "-o"], calls)

    def count(self, name: str, tool: list[str], read: Reader) -> Constant:
        """Twice more where it wavers: of some ten thousand processes one needs a batch more than the sum above knows
        of; or where a busy machine cuts batches short."""
        found = self.count_once(name, tool, read, SIZES_S)
        for _ in range(2):
            if found.again:
                found = self.count_once(name, tool, read, found.again)
        return found

    def count_once(self, name: str, tool: list[str], read: Reader, sizes: tuple[float, ...]) -> Constant:
        points = []
        for size in sizes:
            with scratch_folder() as folder:
                point = self.point(name, tool, read, size, Path(folder))
                if isinstance(point, str):
                    check_room(folder)
                    return Constant(trouble=point)
            points.append(point)
        return constant(points)

    def point(self, name: str, tool: list[str], read: Reader, size: float, folder: Path) -> Union[tuple[int, int], str]:
        """(T, how many); or what went wrong."""
        told, written = folder / "told", folder / "one.json"
        arguments = [
            self.program.filter_for(name),
            f"--benchmark_min_time={size:g}",
            "--benchmark_repetitions=1",
            f"--benchmark_out={written}",
            "--benchmark_out_format=json",
        ]
        finished = self.program.run(
            arguments, self.timeout_s, under=[*tool, *([str(told)] if tool[-1] == "-o" else [])]
        )
        if finished.returncode is None:
            return f"took more than {self.timeout_s:g} s under {tool[0]}; --timeout gives it longer"
        if finished.returncode != 0:
            return f"under {tool[0]} it {finished.death}"
        many = read(finished.stderr, told)
        try:
            entry = parse(written.read_text(encoding="utf-8-sig", errors="replace"))["benchmarks"][0]
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            return f"wrote no JSON of Google Benchmark's under {tool[0]}"
        if entry.get("error_occurred"):
            return f"failed under {tool[0]}: {entry.get('error_message')}"
        return (
            f"no figures came out of {tool[0]}" if many is None else (iterations_in_all(int(entry["iterations"])), many)
        )


def refs(stderr: str, _: Path) -> Optional[int]:
    found = INSTRUCTIONS.search(stderr)
    return int(found[1].replace(",", "")) if found else None


def calls(_: str, told: Path) -> Optional[int]:
    found = TOTAL_CALLS.search(told.read_text(encoding="utf-8")) if told.is_file() else None
    return int(found[1]) if found else 0


def check_tools() -> None:
    for tool in ("valgrind", "strace"):
        if not shutil.which(tool):
            raise Problem(f"--count needs {tool}, which is not there: run scripts/setup --counts, or install it")


def count_both(
    base: Program, head: Program, names: list[str], timeout_s: float, tell: Callable[[str], None]
) -> Iterator[Verdict]:
    """The verdicts of the second signal, two on each benchmark of one thread."""
    sides = Counter(base, timeout_s), Counter(head, timeout_s)
    for name in names:
        if threads(name) > 1:
            continue
        if base.shares_its_name(name) or head.shares_its_name(name):
            yield Verdict(
                f"{name}: counts",
                REFUSED,
                reason="several benchmarks have this name, and are counted together: rename them",
            )
            continue
        for what, least, share in (("instructions", GROWN, GROWN_SHARE), ("system_calls", GROWN_CALLS, 0.0)):
            tell(f"{name}: {what}")
            for _ in range(2):
                before, after = (getattr(side, what)(name) for side in sides)
                said = verdict(f"{name}: {what.replace('_', ' ')}", before, after, least, share)
                if said.outcome != REGRESSED:
                    break
            yield said


def verdict(name: str, before: Constant, after: Constant, least: float, share: float) -> Verdict:
    """Growth that is more than nothing has regressed; but what is less than the constants are known by stays open."""
    told = f"{before.value:,.2f} an iteration before, {after.value:,.2f} after"
    for side, one in (("base", before), ("head", after)):
        if one.trouble:
            return Verdict(name, INCONCLUSIVE if one.again else FAILED, reason=f"{side}: {one.trouble}")
    grown, known_by = after.value - before.value, 2 * (before.wobble + after.wobble)
    if grown <= max(least, share * abs(before.value)):
        return Verdict(name, PASS, reason=told)
    return (
        Verdict(name, REGRESSED, reason=told)
        if grown > known_by
        else Verdict(name, INCONCLUSIVE, reason=f"{told}, each by {known_by:,.2f}")
    )
