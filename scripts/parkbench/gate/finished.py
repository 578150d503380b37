"""Two finished runs held against each other, or a baseline and what was measured now: measurements that are not in
pairs."""

from __future__ import annotations

import argparse
import itertools
import re
from math import log
from pathlib import Path
from typing import Optional

from ..document import read_json
from ..problem import Problem
from .comparison import Comparison, one_sided
from .contexts import differences_told, incomparable
from .rule import FEWEST_OF_A_RUN, ranks_can_tell, unpaired
from .samples import Samples, read
from .verdicts import REFUSED, SKIPPED, Evidence, Verdict, judge, skips

UNPAIRED = (
    "two finished runs: what the machine did between them counts as a difference; "
    "compare --base BINARY --head BINARY measures them side by side"
)


def of_runs(options: argparse.Namespace) -> Comparison:
    """Each repetition is a measurement; the family is all that both runs have."""
    documents = [load_times(path) for path in options.runs]
    contexts = [one.get("context") or {} for one in documents]
    wanted = re.compile(options.filter)
    base, head = ({name: each for name, each in read(one).items() if wanted.search(name)} for one in documents)
    verdicts = of_samples(base, head, contexts, options.floor)
    done = Comparison(verdicts, [UNPAIRED, *differences_told(contexts)])
    judged = [verdict for verdict in verdicts if verdict.shift]
    fewest = min((verdict.shift.count for verdict in judged if verdict.shift), default=0)
    if judged and not ranks_can_tell(fewest, fewest, len(judged)):
        enough = next(count for count in itertools.count(fewest) if ranks_can_tell(count, count, len(judged)))
        done.remarks.append(
            f"{fewest} repetitions are too few to tell {len(judged)} benchmarks apart by their order alone: "
            f"Welch's t-test judged, which takes the logarithms of times for nearly normal; "
            f"{enough} on each side would do without"
        )
    return done


def of_samples(base: dict[str, Samples], head: dict[str, Samples], contexts: list[dict], floor: float) -> list[Verdict]:
    """The verdicts on measurements that are not in pairs."""
    refused, comparable = [], []
    for name in [name for name in head if name in base]:
        reason = refusal(name, base[name], head[name], contexts)
        if reason:
            refused.append(Verdict(name, SKIPPED if skips(reason) else REFUSED, reason=reason))
        else:
            comparable.append(name)
    judged = judge([finished(name, base[name], head[name], len(comparable)) for name in comparable], floor)
    return judged + refused + one_sided(list(base), list(head))


def refusal(name: str, base: Samples, head: Samples, contexts: list[dict]) -> Optional[str]:
    """Why a benchmark cannot be compared soundly."""
    for side, samples in (("base", base), ("head", head)):
        if samples.trouble:
            return f"{side}: {samples.trouble}" + (
                f" ({len(samples.times_ns)} others did not)" if samples.times_ns else ""
            )
    apart = incomparable(name, contexts)
    if apart:
        return apart
    fewest = min(len(base.times_ns), len(head.times_ns))
    if fewest < FEWEST_OF_A_RUN:
        return f"{fewest} repetitions are too few: run both with --benchmark_repetitions={FEWEST_OF_A_RUN} or more"
    return None


def finished(name: str, base: Samples, head: Samples, family: int) -> Evidence:
    shift = unpaired([log(time) for time in base.times_ns], [log(time) for time in head.times_ns], family)
    return Evidence(
        name, shift, shift, True, (base.times_ns, head.times_ns), disturbed=head.disturbed, unit="repetitions"
    )


def load_times(path: Path) -> dict:
    """A document of Google Benchmark's, or of parkbench run."""
    advice = "give a file that --benchmark_out or 'parkbench run' wrote"
    document = read_json(path, advice)
    entries = document.get("benchmarks") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not all(
        isinstance(each, dict) and isinstance(each.get("name"), str) for each in entries
    ):
        raise Problem(f"{path} has no list of benchmarks; {advice}")
    if not entries:
        raise Problem(f"{path} has an empty list of benchmarks: its run measured nothing")
    return document
