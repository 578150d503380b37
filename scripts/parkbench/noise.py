"""How quiet the machine was: what is read before and after a run, and the grade that follows from it."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .quantity import NOT_MEASURED, percent

GRADES = ("quiet", "fair", "noisy")
WATCH_S = 0.5


@dataclass(frozen=True)
class Figure:
    """One figure about noise; its value is None when this system does not tell it. Without limits it is not graded."""

    what: str
    value: Optional[float]
    fair_from: Optional[float] = None
    noisy_from: Optional[float] = None

    @property
    def grade(self) -> Optional[str]:
        if self.value is None or self.fair_from is None or self.noisy_from is None:
            return None
        return GRADES[(self.value >= self.fair_from) + (self.value >= self.noisy_from)]

    @property
    def text(self) -> str:
        return NOT_MEASURED if self.value is None else percent(self.value)


def read_noise(root: Path = Path("/proc"), watch_s: float = WATCH_S) -> dict:
    """Load, CPU pressure, stolen time, and how busy others keep the CPUs while we only watch; None for the unknown."""
    earlier = read_ticks(root)
    time.sleep(watch_s if earlier else 0)
    ticks = read_ticks(root)
    idle, total = (
        (difference(sum(earlier[3:5]), sum(ticks[3:5])), difference(sum(earlier), sum(ticks))) if ticks else (0, 0)
    )
    try:
        load = os.getloadavg()[0]
    except (OSError, AttributeError):
        load = None
    pressure = re.search(r"^some avg10=([\d.]+)", read_text(root / "pressure" / "cpu"), re.MULTILINE)
    return {
        "load1": load,
        "psi_cpu_some_avg10": float(pressure[1]) if pressure else None,
        "steal_ticks": ticks[7] if ticks else None,
        "all_ticks": sum(ticks) if ticks else None,
        "busy_share": 1 - idle / total if total else None,
    }


def read_ticks(root: Path) -> list[int]:
    """The CPU time of the whole machine: user, nice, system, idle, iowait, irq, softirq, steal; empty where unknown."""
    fields = re.search(r"^cpu +(.*)$", read_text(root / "stat"), re.MULTILINE)
    ticks = [int(field) for field in fields[1].split()] if fields else []
    return ticks[:8] if len(ticks) >= 8 else []  # what follows, guest time, is counted in user time already


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def figures(noise: dict, usable_cpus: Optional[float], single_thread_spread: Optional[float]) -> list[Figure]:
    """The figures of a run's noise record, and the spread of its single-thread cells as a thermometer."""
    before, after = noise.get("before") or {}, noise.get("after") or {}
    load, pressure = before.get("load1"), before.get("psi_cpu_some_avg10")
    busy = [share for share in (before.get("busy_share"), after.get("busy_share")) if share is not None]
    stolen = difference(before.get("steal_ticks"), after.get("steal_ticks"))
    ticks = difference(before.get("all_ticks"), after.get("all_ticks"))
    return [
        Figure("typical spread of single-thread cells", single_thread_spread, 0.05, 0.15),
        Figure("CPU time that others used just before or after", max(busy) if busy else None, 0.03, 0.15),
        Figure(
            "CPU time stolen by the hypervisor during the run",
            stolen / ticks if stolen is not None and ticks else None,
            0.002,
            0.02,
        ),
        # what follows looks back at a build or a test run that may have ended: told, not graded
        Figure("load average before, per usable CPU", load / usable_cpus if load is not None and usable_cpus else None),
        Figure("time that tasks waited for a CPU, 10 s before", pressure / 100 if pressure is not None else None),
    ]


def summed(sittings: list[dict]) -> dict:
    """The noise of a run that was measured in several sittings: what counts up is counted while somebody measured, and not in between."""
    before, after = dict(sittings[0]["before"]), dict(sittings[-1]["after"])
    whole = [one for one in sittings if one.get("after")]
    for counter in ("steal_ticks", "all_ticks"):
        passed = [difference(one["before"].get(counter), one["after"].get(counter)) for one in whole]
        known = before.get(counter) is not None and None not in passed
        after[counter] = before[counter] + sum(passed) if known else None
    busy = [one[end]["busy_share"] for one in whole for end in ("before", "after") if one[end].get("busy_share") is not None]
    if len(sittings) > 1:
        before["busy_share"] = max(busy) if busy else None
    return {"before": before, "after": after, "wall_s": sum(one["wall_s"] for one in whole)}


def difference(before: Optional[float], after: Optional[float]) -> Optional[float]:
    return after - before if before is not None and after is not None else None


def grade(found: list[Figure]) -> Optional[str]:
    """The worst grade of any figure; None when nothing is known."""
    grades = [figure.grade for figure in found if figure.grade]
    return max(grades, key=GRADES.index) if grades else None
