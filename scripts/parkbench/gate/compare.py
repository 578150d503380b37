"""parkbench compare: two binaries, measured here and now in interleaved pairs, or two finished runs."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import sys
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from typing import Iterator, Optional

from ..document import read_json, write_whole
from ..problem import Problem
from ..progress import Progress
from . import outputs
from .counts import check_tools, count_both
from .fingerprint import differences, fingerprint, of_machine
from .pairs import FIRST_PAIRS, START_S, Pairs, Sampler
from .process import Program
from .rule import FEWEST_OF_A_RUN, paired, suspicious, unpaired
from .samples import Samples, meaning_of_real_time, read, threads
from .store import Store
from .verdicts import (
    ADDED,
    EXIT_BROKEN,
    EXIT_INTERRUPTED,
    EXIT_NO_BASELINE,
    EXIT_PASS,
    FAILED,
    INCONCLUSIVE,
    PASS,
    REFUSED,
    REGRESSED,
    REMOVED,
    Evidence,
    Verdict,
    exit_status,
    judge,
)

UNPAIRED = (
    "two finished runs: what the machine did between them counts as a difference; "
    "compare --base BINARY --head BINARY measures them side by side"
)


@dataclass
class Comparison:
    """What came of a comparison so far."""

    verdicts: list[Verdict] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    interrupted: bool = False
    cut_short: Optional[Problem] = None  # such as a disk that is full
    without_baseline: bool = False

    @property
    def compared(self) -> bool:
        return any(verdict.outcome in (PASS, REGRESSED, INCONCLUSIVE, FAILED) for verdict in self.verdicts)

    @contextlib.contextmanager
    def keeping(self) -> Iterator[None]:
        """Whatever ends a measurement early, what was measured until then is judged."""
        try:
            yield
        except KeyboardInterrupt:
            self.interrupted = True
            self.remarks.append("interrupted: the verdicts are on what was measured until then")
        except Problem as problem:
            self.cut_short = problem
            self.remarks.append("cut short: the verdicts are on what was measured until then")


def compare(options: argparse.Namespace) -> int:
    """The command; its exit status."""
    if options.calibration:
        options.floor = max(options.floor, spread_here(options))
    if options.record:
        return record(options)
    done = of_runs(options) if options.runs else of_store(options) if options.store else of_binaries(options)
    if done.without_baseline:
        return no_baseline(done, options)
    tell(outputs.as_text(done.verdicts, done.remarks))
    write_outputs(done, options)
    if done.cut_short:
        raise done.cut_short
    if done.interrupted:
        return EXIT_INTERRUPTED
    status = exit_status(done.verdicts, options.strict)
    if status == EXIT_PASS and not done.compared:
        raise Problem("no benchmark was compared; see --filter, or whether the two sides have any in common that can be")
    return status


def tell(text: str) -> None:
    """On stdout, whose reader may have had enough: the files and the exit status are for others."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")


def spread_here(options: argparse.Namespace) -> float:
    """How far the same code is from itself, as parkbench calibrate found on this machine; what it found on another is refused."""
    advice = "give the calibration.json that scripts/calibrate wrote on this machine"
    document = read_json(options.calibration, advice)
    spread, theirs = (document.get(key) if isinstance(document, dict) else None for key in ("spread", "fingerprint"))
    if not isinstance(spread, (int, float)) or not 0 <= spread < 10 or not isinstance(theirs, dict):
        raise Problem(f"{options.calibration} is no calibration; {advice}")
    apart = differences(of_machine(fingerprint(options.head or Path(sys.executable))), of_machine(theirs))
    if apart:
        raise Problem(f"{options.calibration} is of another machine: {'; '.join(apart)}; {advice}")
    return float(spread)


def write_outputs(done: Comparison, options: argparse.Namespace) -> None:
    """The files that were asked for."""
    for path, text in (
        (options.markdown, outputs.as_markdown),
        (options.junit, outputs.as_junit),
        (options.json, lambda *told: json.dumps(outputs.as_json(*told, floor=options.floor), indent=1) + "\n"),
    ):
        if path is not None:
            write_whole(path, text(done.verdicts, done.remarks))


def of_binaries(options: argparse.Namespace) -> Comparison:
    """The sampling unit is one process with one benchmark; see pairs.py and rule.py. What --count adds: counts.py."""
    if options.count:
        check_tools()
    base, head = Program(options.base, "base"), Program(options.head, "head")
    base_names, head_names = base.names(options.filter), head.names(options.filter)
    names = [name for name in head_names if name in set(base_names)]
    pair_s = 2 * (options.seconds + START_S)
    progress = Progress(FIRST_PAIRS * len(names), FIRST_PAIRS * len(names) * pair_s)
    sampler = Sampler(base, head, options.seconds, options.timeout, random.Random(options.seed), progress)
    first: dict[str, Pairs] = {}
    fresh: dict[str, Pairs] = {}
    done, counted = Comparison(), []
    with done.keeping():
        sampler.measure(names, FIRST_PAIRS, first)
        again = [name for name in names if needs_fresh(first[name], options.floor)]
        progress.add(options.pairs * len(again), options.pairs * len(again) * pair_s)
        sampler.measure(again, options.pairs, fresh)
        for verdict in count_both(base, head, names, options.timeout, progress.say) if options.count else ():
            counted.append(verdict)
    meanings = [meaning_of_real_time({"context": side.context}) for side in (base, head)]
    apart = [name for name in first if versions_apart(name, meanings) and not first[name].trouble]
    done.verdicts = judge(
        [evidence(first[name], fresh.get(name), options.floor) for name in first if name not in apart], options.floor
    )
    done.verdicts += [Verdict(name, REFUSED, reason=versions_apart(name, meanings)) for name in apart]
    done.verdicts += counted + one_sided(base_names, head_names)
    return done


def needs_fresh(pairs: Pairs, floor: float) -> bool:
    return pairs.trouble is None and suspicious(paired(pairs.differences), floor)


def evidence(first: Pairs, fresh: Optional[Pairs], floor: float) -> Evidence:
    """What a first look and, where there was one, a second say."""
    last = fresh or first
    return Evidence(
        first.name,
        paired(first.differences),
        paired(fresh.differences) if fresh else None,
        needs_fresh(first, floor),
        (last.base_ns, last.head_ns),
        first.dropped + (fresh.dropped if fresh else 0),
        first.trouble or (fresh.trouble if fresh else None),
        last.disturbed,
    )


def one_sided(base_names: list[str], head_names: list[str]) -> list[Verdict]:
    """What only one side has, by name."""
    removed = [Verdict(name, REMOVED, reason="only base has it") for name in base_names if name not in set(head_names)]
    added = [Verdict(name, ADDED, reason="only head has it") for name in head_names if name not in set(base_names)]
    return removed + added


def measure_alone(head: Program, names: list[str], options: argparse.Namespace, found: dict[str, Samples]) -> None:
    """Head by itself, as often as there would be fresh pairs; into `found`, which an interrupt leaves as far as it got."""
    if not names:
        raise Problem("head has no such benchmark; see --filter")
    progress = Progress(options.pairs * len(names), options.pairs * len(names) * (options.seconds + START_S))
    chance = random.Random(options.seed)
    Sampler(head, head, options.seconds, options.timeout, chance, progress).measure_alone(names, options.pairs, found)


def record(options: argparse.Namespace) -> int:
    """Keep what head takes now as the baseline of this machine; a part of it would be none."""
    store, head = Store(options.store), Program(options.head, "head")
    found: dict[str, Samples] = {}
    try:
        measure_alone(head, head.names(options.filter), options, found)
    except KeyboardInterrupt:
        print("parkbench: interrupted: nothing was stored", file=sys.stderr)
        return EXIT_INTERRUPTED
    failed = {name: samples.trouble for name, samples in found.items() if samples.trouble}
    for name, trouble in failed.items():
        print(f"failed: {name}: {trouble}", file=sys.stderr)
    if len(failed) == len(found):
        raise Problem("nothing was stored: no benchmark could be measured")
    print(f"stored: {store.add(fingerprint(head.path), head.context, found)}")
    return EXIT_BROKEN if failed else EXIT_PASS


def of_store(options: argparse.Namespace) -> Comparison:
    """Head against what was stored of this machine; a baseline of another is refused, not compared."""
    store, head = Store(options.store), Program(options.head, "head")
    here = fingerprint(head.path)
    baseline = store.latest(here)
    if baseline is None:
        nearest = store.nearest(here)
        reason = f"the nearest differs: {'; '.join(nearest)}" if nearest else "the store is empty"
        return Comparison(remarks=[f"no baseline of this machine in {options.store}: {reason}"], without_baseline=True)
    path, document = baseline
    names, found = head.names(options.filter), {}
    done = Comparison(remarks=[f"against {path}, which was measured before: what the machine has done since counts as a difference"])
    with done.keeping():
        measure_alone(head, names, options, found)
    wanted = re.compile(options.filter)
    base = {name: each for name, each in read(document).items() if wanted.search(name)}
    meanings = [meaning_of_real_time(document), meaning_of_real_time({"context": head.context})]
    broken = [name for name in found if found[name].trouble and name in base]
    well = {name: each for name, each in found.items() if name not in broken}
    done.verdicts = [Verdict(name, FAILED, reason=f"head {found[name].trouble}") for name in broken]
    done.verdicts += of_samples({name: base[name] for name in base if name not in broken}, well, meanings, options.floor)
    return done


def no_baseline(done: Comparison, options: argparse.Namespace) -> int:
    """Nothing was compared; only with --require-baseline is that a failure."""
    tell(f"{done.remarks[0]}\nstore one with --record --head BINARY --store {options.store}")
    write_outputs(done, options)
    return EXIT_NO_BASELINE if options.require_baseline else EXIT_PASS


def of_runs(options: argparse.Namespace) -> Comparison:
    """Each repetition is a measurement; the family is all that both runs have."""
    documents = [load_times(path) for path in options.runs]
    wanted = re.compile(options.filter)
    base, head = ({name: each for name, each in read(one).items() if wanted.search(name)} for one in documents)
    return Comparison(of_samples(base, head, [meaning_of_real_time(one) for one in documents], options.floor), [UNPAIRED])


def of_samples(base: dict[str, Samples], head: dict[str, Samples], meanings: list[str], floor: float) -> list[Verdict]:
    """The verdicts on measurements that are not in pairs."""
    refused, comparable = [], []
    for name in [name for name in head if name in base]:
        reason = refusal(name, base[name], head[name], meanings)
        if reason:
            refused.append(Verdict(name, REFUSED, reason=reason))
        else:
            comparable.append(name)
    judged = judge([finished(name, base[name], head[name]) for name in comparable], floor)
    return judged + refused + one_sided(list(base), list(head))


def refusal(name: str, base: Samples, head: Samples, meanings: list[str]) -> Optional[str]:
    """Why a benchmark cannot be compared soundly."""
    for side, samples in (("base", base), ("head", head)):
        if samples.trouble:
            return f"{side}: {samples.trouble}" + (f" ({len(samples.times_ns)} others did not)" if samples.times_ns else "")
    apart = versions_apart(name, meanings)
    if apart:
        return apart
    fewest = min(len(base.times_ns), len(head.times_ns))
    if fewest < FEWEST_OF_A_RUN:
        return f"{fewest} repetitions are too few: run both with --benchmark_repetitions={FEWEST_OF_A_RUN} or more"
    return None


def versions_apart(name: str, meanings: list[str]) -> str:
    """Why the times of a benchmark with threads cannot be held against each other; empty where they can."""
    if threads(name) == 1 or meanings[0] == meanings[1]:
        return ""
    return (
        f"with threads, Google Benchmark's real_time means different things in its versions "
        f"{meanings[0]} and {meanings[1]}: build both with one"
    )


def finished(name: str, base: Samples, head: Samples) -> Evidence:
    shift = unpaired([log(time) for time in base.times_ns], [log(time) for time in head.times_ns])
    return Evidence(name, shift, shift, True, (base.times_ns, head.times_ns), disturbed=head.disturbed, unit="repetitions")


def load_times(path: Path) -> dict:
    """A document of Google Benchmark's, or of parkbench run."""
    advice = "give a file that --benchmark_out or 'parkbench run' wrote"
    document = read_json(path, advice)
    entries = document.get("benchmarks") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in entries):
        raise Problem(f"{path} has no list of benchmarks; {advice}")
    if not entries:
        raise Problem(f"{path} has an empty list of benchmarks: its run measured nothing")
    return document

