"""What came of a comparison."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Iterator, Optional

from ..problem import Problem
from .verdicts import ADDED, FAILED, INCONCLUSIVE, PASS, REGRESSED, REMOVED, Verdict


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


def one_sided(base_names: list[str], head_names: list[str]) -> list[Verdict]:
    """What only one side has, by name."""
    removed = [Verdict(name, REMOVED, reason="only base has it") for name in base_names if name not in set(head_names)]
    added = [Verdict(name, ADDED, reason="only head has it") for name in head_names if name not in set(base_names)]
    return removed + added
