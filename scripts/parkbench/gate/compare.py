"""parkbench compare: two binaries, measured here and now in interleaved pairs, or two finished runs."""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
from pathlib import Path
from typing import Optional

from ..document import read_json, write_whole
from ..problem import Problem
from ..progress import Progress
from . import outputs
from .comparison import Comparison, one_sided
from .contexts import differences_told, incomparable
from .counts import check_tools, count_both
from .fingerprint import differences, fingerprint, of_machine
from .finished import of_runs, of_samples
from .pairs import FIRST_PAIRS, START_S, Pairs, Sampler
from .process import NO_BENCHMARK, Program
from .rule import paired, suspicious
from .samples import Samples, read
from .start import SIDES, start_of
from .store import Store
from .verdicts import (
    EXIT_BROKEN,
    EXIT_INTERRUPTED,
    EXIT_NO_BASELINE,
    EXIT_PASS,
    FAILED,
    REFUSED,
    Evidence,
    Verdict,
    exit_status,
    judge,
)


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
        raise Problem(
            "no benchmark was compared; see --filter, or whether the two sides have any in common that can be"
        )
    return status


def tell(text: str) -> None:
    """On stdout, whose reader may have had enough: the files and the exit status are for others."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")


def spread_here(options: argparse.Namespace) -> float:
    """How far the same code is from itself, as parkbench calibrate found on this machine; what it found on another is
    refused."""
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
    base, head = (Program(getattr(options, side), side, start_of(side, options)) for side in SIDES)
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
        well = [name for name in names if name not in strangers(first)]
        for verdict in count_both(base, head, well, options.timeout, progress.say) if options.count else ():
            counted.append(verdict)
    for name in strangers(first):
        done.remarks.append(f"{name!r} was listed, and is no benchmark")
        del first[name]
    contexts = [side.context or {} for side in (base, head)]
    done.remarks += differences_told(contexts)
    apart = [name for name in first if incomparable(name, contexts) and not first[name].trouble]
    done.verdicts = judge(
        [evidence(first[name], fresh.get(name), options.floor) for name in first if name not in apart], options.floor
    )
    done.verdicts += [Verdict(name, REFUSED, reason=incomparable(name, contexts)) for name in apart]
    done.verdicts += counted + one_sided(base_names, head_names)
    return done


def strangers(first: dict[str, Pairs]) -> list[str]:
    """What a main() printed while the benchmarks were listed."""
    return [name for name, pairs in first.items() if (pairs.trouble or "").endswith(NO_BENCHMARK)]


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


def measure_alone(head: Program, names: list[str], options: argparse.Namespace, found: dict[str, Samples]) -> None:
    """Head by itself, as often as there would be fresh pairs; into `found`, which an interrupt leaves as far as it
    got."""
    if not names:
        raise Problem("head has no such benchmark; see --filter")
    progress = Progress(options.pairs * len(names), options.pairs * len(names) * (options.seconds + START_S))
    chance = random.Random(options.seed)
    Sampler(head, head, options.seconds, options.timeout, chance, progress).measure_alone(names, options.pairs, found)


def record(options: argparse.Namespace) -> int:
    """Keep what head takes now as the baseline of this machine; a part of it would be none."""
    store, head = Store(options.store), Program(options.head, "head", start_of("head", options))
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
    store, head = Store(options.store), Program(options.head, "head", start_of("head", options))
    here = fingerprint(head.path)
    baseline = store.latest(here)
    if baseline is None:
        nearest = store.nearest(here)
        reason = f"the nearest differs: {'; '.join(nearest)}" if nearest else "the store is empty"
        return Comparison(remarks=[f"no baseline of this machine in {options.store}: {reason}"], without_baseline=True)
    path, document = baseline
    names, found = head.names(options.filter), {}
    done = Comparison(
        remarks=[f"against {path}, which was measured before: what the machine has done since counts as a difference"]
    )
    with done.keeping():
        measure_alone(head, names, options, found)
    wanted = re.compile(options.filter)
    base = {name: each for name, each in read(document).items() if wanted.search(name)}
    contexts = [document.get("context") or {}, head.context or {}]
    broken = [name for name in found if found[name].trouble and name in base]
    well = {name: each for name, each in found.items() if name not in broken}
    done.verdicts = [Verdict(name, FAILED, reason=f"head {found[name].trouble}") for name in broken]
    done.verdicts += of_samples(
        {name: base[name] for name in base if name not in broken}, well, contexts, options.floor
    )
    return done


def no_baseline(done: Comparison, options: argparse.Namespace) -> int:
    """Nothing was compared; only with --require-baseline is that a failure."""
    tell(f"{done.remarks[0]}\nstore one with --record --head BINARY --store {options.store}")
    write_outputs(done, options)
    return EXIT_NO_BASELINE if options.require_baseline else EXIT_PASS
