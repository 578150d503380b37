"""parkbench calibrate: how often the gate cries wolf on this machine, and what it finds, by trials whose truth is known.

The same measurements are judged by two other rules: by that of Google Benchmark's compare.py, a two-sided Mann-Whitney test of each benchmark at
5 % (its tools/gbench/report.py), whose samples come here in interleaved pairs, which it does not ask for; and by a threshold of twice the time.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import random
import statistics
from pathlib import Path
from typing import Callable, Iterable

import numpy
from scipy import stats

from ..document import write_whole
from ..problem import Problem
from ..progress import Progress
from .counts import check_tools, count_both
from .fingerprint import fingerprint
from .pairs import FIRST_PAIRS, START_S
from .process import Program
from .rule import FLOOR, paired, suspicious
from .samples import threads
from .trials import (
    CONTENDED,
    FAMILY,
    MUTANTS,
    SAME,
    SLOWER,
    UNCONTENDED,
    WEIGHINGS,
    Journal,
    Laboratory,
    Measured,
    Outcome,
    carry_out,
    mutant_of,
    schedule,
    spin_turns,
    weigh,
)
from .verdicts import EXIT_INTERRUPTED, EXIT_PASS, PASS, REGRESSED, Evidence, judge

SPREAD_QUANTILE = 0.95
COUNTED = 3  # comparisons by counts of each
Rule = Callable[[list[Measured]], set[str]]


def calibrate(options: argparse.Namespace) -> int:
    """The command; its exit status."""
    about = {"machine": fingerprint(options.binary), "binaries": digests(options.binary)}
    about.update({"seconds": options.seconds, "floor": options.floor})
    options.output.mkdir(parents=True, exist_ok=True)
    journal = Journal(options.output / "trials.jsonl", about)
    chance = random.Random(options.seed)
    planned = schedule(options.families, options.trials, chance)
    try:
        measure(options, planned, journal, chance)
        status = EXIT_PASS
    except KeyboardInterrupt:
        print("\ninterrupted: the table is of what was measured until then; the same command goes on from there")
        status = EXIT_INTERRUPTED
    outcomes = list(journal.outcomes.values())
    if not outcomes:
        raise Problem("no trial was finished")
    text = as_markdown(outcomes, options.floor)
    write_whole(options.output / "calibration.md", text)
    document = {"fingerprint": about["machine"], "spread": spread(outcomes), "families": count(outcomes, SAME)}
    write_whole(options.output / "calibration.json", json.dumps(document, indent=1) + "\n")
    print(text, flush=True)
    if status == EXIT_PASS:
        counted = by_counts(options)
        write_whole(options.output / "calibration.md", f"{text}\n{counted}\n")
        print(counted)
    return status


def digests(binary: Path) -> list[str]:
    """What was compared, and with what."""
    there = [path for path in map(functools.partial(mutant_of, binary), ("", *MUTANTS)) if path.is_file()]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in there]


def measure(options: argparse.Namespace, planned: list, journal: Journal, chance: random.Random) -> None:
    weighings = 0 if journal.whole else WEIGHINGS * (len(FAMILY) + 1)
    pairs = sum(FIRST_PAIRS * len(trial.names) for trial in planned if trial.key not in journal.outcomes)
    progress = Progress(weighings + pairs, (weighings + 2 * pairs) * (1.5 * options.seconds + START_S))
    if journal.whole is None:
        journal.weighed(spin_turns(weigh(options.binary, options.seconds, options.timeout, chance, progress)))
    laboratory = Laboratory(
        options.binary, options.seconds, options.timeout, options.floor, chance, progress, journal.whole or {}
    )
    carry_out(planned, journal, laboratory.run)
    progress.clear()


def by_counts(options: argparse.Namespace) -> str:
    """What the second signal says of the same code, and of the mutants whose path one thread goes."""
    try:
        check_tools()
    except Problem as missing:
        return f"Instructions and system calls were not counted: {missing}"
    base, told = Program(options.binary, "base"), []
    longer = [(mutant, name) for mutant, (name, _) in MUTANTS.items() if threads(name) == 1]
    for mutant, name in [*(("", name) for name in FAMILY), *longer]:
        head = Program(mutant_of(options.binary, mutant), "head")
        outcomes = [
            {verdict.outcome for verdict in count_both(base, head, [name], options.timeout, lambda _: None)}
            for _ in range(COUNTED)
        ]
        found, passed = sum(REGRESSED in each for each in outcomes), sum(each == {PASS} for each in outcomes)
        open_ones = f", {COUNTED - found - passed} stayed open" if found + passed < COUNTED else ""
        told.append(f"{MUTANTS[mutant][1] if mutant else 'nothing'} ({name.split('/')[0]}): {found} of {COUNTED}{open_ones}")
    return f"By instructions and system calls alone (--count), more were found after {'; '.join(told)}."


def by_the_gate(measured: list[Measured], floor: float = FLOOR) -> set[str]:
    """What parkbench compare calls slower."""
    verdicts = judge(
        [
            Evidence(
                each.name,
                paired(each.first),
                paired(each.fresh) if each.fresh else None,
                suspicious(paired(each.first), floor),
                (each.base_ns, each.head_ns),
                trouble=each.trouble,
            )
            for each in measured
        ],
        floor,
    )
    return {verdict.name for verdict in verdicts if verdict.outcome == REGRESSED}


def by_compare_py(measured: list[Measured]) -> set[str]:
    """What Google Benchmark's compare.py marks, as far as it is slower."""
    return {
        each.name
        for each in measured
        if statistics.median(each.head_ns) > statistics.median(each.base_ns)
        and stats.mannwhitneyu(each.base_ns, each.head_ns, alternative="two-sided").pvalue < 0.05
    }


def by_twice(measured: list[Measured]) -> set[str]:
    """Twice the time."""
    return {each.name for each in measured if statistics.median(each.head_ns) > 2 * statistics.median(each.base_ns)}


def rules(floor: float) -> dict[str, Rule]:
    """By the names that the table gives them."""
    gate = functools.partial(by_the_gate, floor=floor)
    return {"parkbench compare": gate, "compare.py (Mann-Whitney, 5 %)": by_compare_py, "2x": by_twice}


def share_of(found: int, of: int) -> str:
    """A rate with its exact 95 % interval (Clopper and Pearson 1934)."""
    if of == 0:
        return "not run"
    interval = stats.binomtest(found, of).proportion_ci(method="exact")
    return f"{found} of {of} ({100 * interval.low:.0f}-{100 * interval.high:.0f} %)"


def count(outcomes: Iterable[Outcome], kind: str) -> int:
    return sum(outcome.trial.kind == kind for outcome in outcomes)


def usable(outcomes: list[Outcome], kind: str) -> list[list[Measured]]:
    """The trials of a kind in which nothing failed."""
    return [each.measured for each in outcomes if each.trial.kind == kind and not any(one.trouble for one in each.measured)]


def spread(outcomes: list[Outcome]) -> float:
    """How far the same code is from itself in 19 of 20 first looks: below that, a floor would be of no use here."""
    shifts = [abs(paired(one.first).change) for family in usable(outcomes, SAME) for one in family if paired(one.first)]
    return float(numpy.quantile(shifts, SPREAD_QUANTILE)) if shifts else FLOOR


def rows(outcomes: list[Outcome], floor: float = FLOOR) -> list[tuple[str, list[str]]]:
    """What was done to head, and what each rule said of it."""
    same, judges = usable(outcomes, SAME), list(rules(floor).values())
    told = [
        (
            f"nothing: families of {len(FAMILY)} with a false alarm",
            [share_of(sum(bool(rule(family)) for family in same), len(same)) for rule in judges],
        )
    ]
    for share in SLOWER:
        for kind, names in (("uncontended", UNCONTENDED), ("hand-off", CONTENDED)):
            trials = usable(outcomes, str(share))
            really = percent(changes(trials, names))
            found = [sum(len(rule(family) & set(names)) for family in trials) for rule in judges]
            told.append((f"{100 * share:g} % slower, {kind} ({really})", [share_of(one, len(names) * len(trials)) for one in found]))
    for mutant, (name, what) in MUTANTS.items():
        trials = usable(outcomes, mutant)
        told.append(
            (
                f"{what} ({name.split('/')[0]}, {percent(changes(trials, (name,)))})",
                [share_of(sum(name in rule(family) for family in trials), len(trials)) for rule in judges],
            )
        )
    return told


def changes(trials: list[list[Measured]], names: Iterable[str]) -> list[float]:
    """What was really measured of those benchmarks at first sight: a spin is weighed once, and what it slows may have been in another mode."""
    shifts = [paired(one.first) for family in trials for one in family if one.name in names]
    return [shift.change for shift in shifts if shift]


def percent(shares: list[float]) -> str:
    return f"{100 * statistics.median(shares):+.1f} %" if shares else "not measured"


def as_markdown(outcomes: list[Outcome], floor: float = FLOOR) -> str:
    """The table, with what was really injected and how far the same code is from itself."""
    judges = rules(floor)
    lines = ["| head | " + " | ".join(judges) + " |", "| --- |" + " --- |" * len(judges)]
    lines += [f"| {what} | " + " | ".join(told) + " |" for what, told in rows(outcomes, floor)]
    failed = sum(any(one.trouble for one in outcome.measured) for outcome in outcomes)
    lines += ["", f"The same code differs by up to {100 * spread(outcomes):.1f} % in 19 of 20 first looks."]
    lines[-1] += f" Trials in which a process failed, and which are not counted: {failed}."
    return "\n".join(lines) + "\n"
