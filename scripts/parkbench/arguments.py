"""The command line, and the refusal of what makes no sense before any time is spent on it."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import NoReturn

from .foreign import IMPLEMENTATION
from .gate.pairs import FRESH_PAIRS
from .gate.start import variable, words, working_folder
from .pinning import POLICIES
from .plotly_script import plotly_js
from .problem import Problem

# Of a process in the gate. The variance of a pair's log ratio times the seconds that it takes, in millionths, of 42
# pairs of the same code each on two CPUs of a virtual machine: a mutex, a queue, a hand-off between threads 7.2, 6.4,
# 2,850 with 0.03 s; 37, 19, 4,810 with 0.1 s; 3.1, 4.8, 6,030 with 0.01 s.
SECONDS = 0.03
FEWEST_FRESH = 12  # pairs of the gate's second look: of fewer, hardly anything in a family can be significant
MOST_THREADS = 4096
MOST_THREADS_PER_CPU = 64


class OneLineParser(argparse.ArgumentParser):
    """argparse, whose complaint is one line without the usage text."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"parkbench: {message}; see --help\n")


def thread_counts(text: str) -> list[int]:
    """1,2,4 as a sorted list of sensible thread counts."""
    cpus = os.cpu_count() or 1
    most = min(MOST_THREADS, MOST_THREADS_PER_CPU * cpus)
    counts = set()
    for part in text.split(","):
        try:
            count = int(part)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"'{part.strip()}' is not a thread count; write for example 1,2,4"
            ) from None
        if not 1 <= count <= most:
            raise argparse.ArgumentTypeError(f"{count} threads make no sense on {cpus} CPUs; from 1 to {most} do")
        counts.add(count)
    return sorted(counts)


def folder(text: str) -> Path:
    """A path; an empty one would be the working directory by accident."""
    if not text.strip():
        raise argparse.ArgumentTypeError("'' is no folder; name one, or leave --output out")
    return Path(text)


def within(kind: type, least: float, most: float):
    """A converter for a number between bounds."""

    def convert(text: str):
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            noun = "a whole number" if kind is int else "a number"
            raise argparse.ArgumentTypeError(f"'{text}' is not {noun} from {least:g} to {most:g}")
        return value

    return convert


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """What bench and run have in common."""
    parser.add_argument("--binary", type=Path, metavar="PATH", help="the built park_bench")
    parser.add_argument("--quick", action="store_true", help="about a minute: shorter cells, fewer repetitions")
    also = parser.add_mutually_exclusive_group()
    also.add_argument("--peers", action="store_true", help="with all peers that are there, and floors")
    also.add_argument(
        "--tuning", action="store_true", help="instead: what each tuning constant does, from a build where they change"
    )
    also.add_argument(
        "--modes",
        action="store_true",
        help="instead: whether two threads find back when what is around them changes, and whether waiters starve",
    )
    also.add_argument(
        "--probe",
        action="store_true",
        help="instead, and alone: print as JSON what a relax, a hand-over and a wake cost",
    )
    parser.add_argument("--constant", action="extend", nargs="+", metavar="NAME", help="with --tuning only these")
    parser.add_argument(
        "--peer-binary", type=Path, action="append", default=[], metavar="PATH", help="a park_bench of another build"
    )
    parser.add_argument(
        "--output", type=folder, metavar="DIR", help="folder for the results (default: build/bench/<time>)"
    )
    parser.add_argument(
        "--resume", type=folder, metavar="DIR", help="go on with the run there that ended early; takes its arguments"
    )
    parser.add_argument("--workload", action="extend", nargs="+", metavar="NAME", help="only these workloads")
    parser.add_argument(
        "--implementation", action="extend", nargs="+", metavar="NAME", help="only these implementations"
    )
    parser.add_argument("--threads", type=thread_counts, metavar="1,2,4", help="thread counts of the sweep")
    parser.add_argument(
        "--pin", action="extend", nargs="+", choices=POLICIES, metavar="POLICY",
        help=f"where threads are bound to, several are measured in turn: {', '.join(POLICIES)}",
    )  # fmt: skip
    parser.add_argument("--repetitions", type=within(int, 1, 1000), metavar="N", help="repetitions of every cell")
    parser.add_argument("--cell-seconds", type=within(float, 0.001, 60), metavar="S", help="measured time of a cell")
    parser.add_argument("--timeout", type=within(float, 0.1, 3600), metavar="S", help="when a cell counts as hung")
    parser.add_argument("--seed", type=within(int, 0, 2**32 - 1), metavar="N", help="seed of the order of cells")
    parser.add_argument("--check-arguments", action="store_true", help="only check these arguments; needs no binary")


def pattern(text: str) -> str:
    """A regular expression that Python knows too."""
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no regular expression: {error}") from None
    return text


def add_report_arguments(report: argparse.ArgumentParser) -> None:
    """Finished runs, and what is made of them."""
    report.add_argument(
        "runs", type=Path, nargs="+", metavar="run.json",
        help="of parkbench run, or of any binary of Google Benchmark's; several to compare machines",
    )  # fmt: skip
    report.add_argument(
        "-o", "--output", type=Path, default=Path("report.html"), metavar="FILE", help="default: report.html"
    )
    report.add_argument(
        "--compare", type=Path, action="append", default=[], metavar="FILE", help="draw what compare --json wrote, too"
    )
    report.add_argument("--export", type=folder, metavar="DIR", help="write each panel as SVG and PNG, too (Chromium)")
    report.add_argument("--markdown", type=Path, metavar="FILE", help="write a summary for a README, too")
    report.add_argument(
        "--implementation", type=one_group, default=IMPLEMENTATION, metavar="REGEX",
        help="in a binary's own names, what its first group matches is the implementation (a template's arguments: "
        "%(default)s)",
    )  # fmt: skip


def one_group(text: str) -> str:
    """A regular expression that tells a part from the rest."""
    if re.compile(pattern(text)).groups < 1:
        raise argparse.ArgumentTypeError(f"'{text}' has no group; write for example 'BM_(std|absl)'")
    return text


def add_compare_arguments(parser: argparse.ArgumentParser) -> None:
    """Two binaries, or two finished runs."""
    parser.description = (
        "Two binaries of Google Benchmark's are run in interleaved pairs; two finished runs are taken as they are. "
        "Exit status: 0 nothing is slower, 1 something is, 2 bad input, a crash, or something that could not be "
        "compared, 3 with --strict something stayed open, 4 with --require-baseline there is no baseline."
    )
    parser.add_argument("runs", type=Path, nargs="*", metavar="base.json head.json", help="two finished runs")
    parser.add_argument("--base", type=Path, metavar="BINARY", help="before the change")
    parser.add_argument("--head", type=Path, metavar="BINARY", help="after it")
    parser.add_argument(
        "--store", type=folder, metavar="DIR", help="with --head alone: against the baseline kept there"
    )
    parser.add_argument("--record", action="store_true", help="with --store: keep head's times as the baseline")
    parser.add_argument(
        "--require-baseline", action="store_true", help="fail, with 4, where the store has none to compare"
    )
    parser.add_argument("--filter", type=pattern, default=".", metavar="REGEX", help="only these benchmarks")
    parser.add_argument(
        "--floor", type=within(float, 0.001, 10), default=0.03, metavar="SHARE", help="of the time, that counts (0.03)"
    )
    parser.add_argument(
        "--calibration",
        type=Path,
        metavar="FILE",
        help="calibration.json of scripts/calibrate: the floor is no less than what the same code differs by on this "
        "machine",
    )
    parser.add_argument(
        "--count",
        action="store_true",
        help="with two binaries: also fail where an iteration of a benchmark of one thread executes more instructions "
        "or makes more system calls (valgrind, strace)",
    )
    parser.add_argument("--strict", action="store_true", help="fail, with 3, where something stayed open")
    parser.add_argument(
        "--seconds",
        type=within(float, 0.001, 60),
        default=SECONDS,
        metavar="S",
        help=f"measured in each process ({SECONDS})",
    )
    parser.add_argument(
        "--pairs",
        type=within(int, FEWEST_FRESH, 10000),
        default=FRESH_PAIRS,
        metavar="N",
        help=f"fresh pairs of what is suspicious at first sight ({FRESH_PAIRS})",
    )
    parser.add_argument(
        "--timeout", type=within(float, 0.1, 3600), default=60.0, metavar="S", help="when a process counts as hung (60)"
    )
    parser.add_argument("--seed", type=within(int, 0, 2**32 - 1), metavar="N", help="seed of the order of processes")
    for option, whose in (("--args", "both"), ("--base-args", "base"), ("--head-args", "head")):
        about = f"arguments of the binary's own, for {whose}, before Google Benchmark's: {option}='--data big'"
        parser.add_argument(option, type=words, default=(), metavar="WORDS", help=about)
    about = "a variable of the binaries' environment, or with base= or head= before it of that side's"
    parser.add_argument("--env", type=variable, action="append", default=[], metavar="[SIDE=]NAME=VALUE", help=about)
    about = "the folder that the binaries run in, or with base= or head= before it that side's"
    parser.add_argument("--cwd", type=working_folder, action="append", default=[], metavar="[SIDE=]DIR", help=about)
    for form in ("markdown", "junit", "json"):
        parser.add_argument(f"--{form}", type=Path, metavar="FILE", help=f"write the verdicts as {form} too")


def add_calibrate_arguments(parser: argparse.ArgumentParser) -> None:
    """How good the gate is on this machine."""
    parser.description = (
        "Compares the same binary with itself, and with one that a spin, or a real mistake, makes slower, and prints "
        "how often the gate is wrong and what it finds. Takes more than an hour; interrupted, it goes on where it was."
    )
    parser.add_argument("--binary", type=Path, required=True, metavar="PATH", help="the built park_calibration")
    parser.add_argument(
        "--output", type=folder, required=True, metavar="DIR", help="folder for trials, table and spread"
    )
    parser.add_argument(
        "--families", type=within(int, 1, 100000), default=200, metavar="N", help="without a change (200)"
    )
    parser.add_argument("--trials", type=within(int, 1, 100000), default=20, metavar="N", help="of each slow-down (20)")
    parser.add_argument(
        "--floor", type=within(float, 0.001, 10), default=0.03, metavar="SHARE", help="as of compare (0.03)"
    )
    parser.add_argument(
        "--seconds", type=within(float, 0.001, 60), default=SECONDS, metavar="S", help=f"as of compare ({SECONDS})"
    )
    parser.add_argument(
        "--timeout", type=within(float, 0.1, 3600), default=60.0, metavar="S", help="as of compare (60)"
    )
    parser.add_argument(
        "--seed", type=within(int, 0, 2**32 - 1), default=1, metavar="N", help="of the order of trials (1)"
    )


def check_compare(options: argparse.Namespace) -> None:
    """One form or the other."""
    binaries = [side for side in ("base", "head") if getattr(options, side)]
    if options.runs and (binaries or options.store):
        raise Problem("compare takes two binaries, by --base and --head, or two finished runs, not both")
    if (options.record or options.require_baseline) and not options.store:
        raise Problem("--record and --require-baseline go with --store DIR")
    if options.record and options.filter != ".":
        raise Problem("--record keeps a whole baseline, since a part would hide the one before: leave --filter out")
    if options.runs and (options.args or options.base_args or options.head_args or options.env or options.cwd):
        raise Problem("--args, --env and --cwd say how binaries are run; of finished runs nothing is")
    if options.store and binaries != ["head"]:
        raise Problem("--store goes with --head BINARY alone")
    if options.count and len(binaries) < 2:
        raise Problem("--count goes with --base BINARY and --head BINARY")
    if not options.store and binaries and len(binaries) < 2:
        raise Problem("compare needs both --base BINARY and --head BINARY")
    if not binaries and not options.store and len(options.runs) != 2:
        raise Problem("compare needs --base BINARY --head BINARY, or two finished runs: base.json head.json")
    for path in filter(None, (options.markdown, options.junit, options.json)):
        if path.is_dir() or not os.access(path.parent, os.W_OK):
            raise Problem(f"cannot write {path}; name another place")


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = OneLineParser(
        prog="parkbench", description="Measures how synchronization primitives scale, and reports it."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_run_arguments(commands.add_parser("bench", help="run, and draw the report"))
    add_run_arguments(commands.add_parser("run", help="only run: writes run.json"))
    add_report_arguments(commands.add_parser("report", help="draw the report of finished runs"))
    add_compare_arguments(commands.add_parser("compare", help="fail if a benchmark has become slower"))
    add_calibrate_arguments(commands.add_parser("calibrate", help="tell how good compare is on this machine"))
    check = commands.add_parser("check", help="fail unless a run holds every cell of its catalogue")
    check.add_argument("run", type=Path, metavar="run.json")
    return parser


def check_that_they_fit(options: argparse.Namespace) -> None:
    """What is chosen twice: --tuning brings its own cells."""
    if options.constant and not options.tuning:
        raise Problem("--constant goes with --tuning")
    if options.modes and options.pin:
        raise Problem("--modes places its threads itself; leave out --pin")
    for flag in ("workload", "implementation", "threads", "peer_binary", "pin"):
        if options.tuning and getattr(options, flag):
            raise Problem(f"--tuning has its own cells; leave out --{flag.replace('_', '-')}, or name a --constant")


def prepare_folder(folder: Path, keep: bool) -> None:
    """Make the folder and prove that it can be written to; without keep, leave no trace."""
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    proof = folder / f".parkbench-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        proof.write_text("")
        proof.unlink()
    except OSError as error:
        raise Problem(f"cannot write to the folder {folder} ({error.strerror}); name another with --output") from None
    finally:
        for parent in made if not keep else []:
            if parent.is_dir():
                parent.rmdir()


def check_report_needs() -> None:
    """The report needs jinja2 and plotly.js: say so before the run, not after it."""
    try:
        import jinja2  # noqa: F401

        plotly_js()
    except ImportError:
        raise Problem(
            f"{sys.executable} has no package jinja2; run scripts/setup, "
            "or use the python3 that your distribution's python3-jinja2 belongs to"
        ) from None
