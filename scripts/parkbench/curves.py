"""What the values of a tuning constant cost where it decides, and whether its default is where it should be.

A value is held against the default repetition by repetition: the two ran within seconds of each other, so that a machine which
changes its pace from one repetition to the next, as a virtual one does, spoils neither.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from typing import Optional

from .catalogue import Cell
from .estimate import Estimate, coverage, estimate, interval_rank, spread_in_words
from .measurements import Measurements, nanoseconds_per_operation, number
from .quantity import NOT_MEASURED, listed, percent, plural, three_digits
from .tunable import variant
from .verdict import factor

CONFIDENCE = 0.99  # there are many values, and some would be better by chance
FEWEST = 8  # below this even minimum to maximum covers the median with less


@dataclass(frozen=True)
class Curve:
    """One figure of one cell against the values of a constant."""

    title: str
    default: int
    estimates: dict[int, Estimate]  # ns, by value
    ratios: dict[int, Estimate]  # to the default of the same repetition
    errors: dict[int, str]

    @property
    def best(self) -> Optional[int]:
        return min(self.ratios, key=self.ratio, default=None)

    @property
    def judged(self) -> bool:
        return bool(self.ratios) and min(found.count for found in self.ratios.values()) > 1

    @property
    def flat(self) -> bool:
        """Nothing that was tried differs from the default."""
        return self.judged and not any(self.better(value) or self.worse(value) for value in self.ratios)

    @property
    def default_stands(self) -> bool:
        """Nothing that was tried is better than the default."""
        return self.judged and not any(self.better(value) for value in self.ratios)

    def better(self, value: int) -> bool:
        return self.ratios[value].high < 1 and self.beyond_usual(value)

    def worse(self, value: int) -> bool:
        return self.ratios[value].low > 1 and self.beyond_usual(value)

    def beyond_usual(self, value: int) -> bool:
        """Of few repetitions an interval is narrow by chance: then the ratio must be beyond the usual spread as well."""
        if self.ratios[value].count >= FEWEST:
            return True
        usual = median(found.relative_width for other, found in self.ratios.items() if other != self.default)
        return abs(math.log(self.ratio(value))) > usual

    def ratio(self, value: int) -> float:
        return self.ratios[value].median

    @property
    def sentence(self) -> str:
        """The verdict in a few words."""
        if not self.judged:
            return "no verdict: " + (next(iter(self.errors.values()), None) or "one repetition")
        if self.flat:
            return "flat: no value differs from the default by more than the noise"
        worse = [value for value in self.ratios if self.worse(value)]
        worst = max(worse, key=self.ratio, default=None)
        slower = f"; worse: {in_words(worse)}, up to {factor(self.ratio(worst))}" if worst is not None else ""
        if self.best == self.default:
            return f"the default is the best{slower}"
        if not self.better(self.best):
            lead = f"the default is within the noise of the best, {self.best:,}"
            better = [value for value in self.ratios if self.better(value)]
            return f"{lead}{f', though not of {in_words(better)}' if better else ''}{slower}"
        return f"{self.best:,} is the best, the default {factor(1 / self.ratio(self.best))} slower{slower}"


def in_words(values: list[int]) -> str:
    return listed([f"{value:,}" for value in values])


@dataclass(frozen=True)
class Constant:
    """A constant and its curves."""

    name: str
    what: str
    default: int
    values: list[int]
    curves: list[Curve] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The sum of its curves."""
        judged = [curve for curve in self.curves if curve.judged]
        if not judged:
            return "not judged"
        if all(curve.flat for curve in judged):
            return "no curve: nothing here shows what it is for"
        beaten = [curve.title for curve in judged if not curve.default_stands]
        if not beaten:
            return "the default is the best, or within its noise, in every cell"
        return f"the default is not the best of {listed(beaten)}"


def constants(run: Measurements) -> list[Constant]:
    """All constants of a run, in the order of src/tuning.hpp."""
    return [
        Constant(
            entry["constant"],
            entry["what"],
            entry["default"],
            entry["values"],
            [curve(run, entry, place) for place in entry["places"]],
        )
        for entry in run.park["tuning"]
    ]


def curve(run: Measurements, entry: dict, place: dict) -> Curve:
    def figure(of: dict) -> Optional[float]:
        return number(of, place["counter"]) if place["counter"] else nanoseconds_per_operation(of)

    by_value, errors = {}, {}
    for value in entry["values"]:
        cell = Cell(place["workload"], variant(entry["constant"], value), place["threads"])
        found = {each.get("repetition_index"): figure(each) for each in run.good.get(cell, [])}
        by_value[value] = {repetition: time for repetition, time in found.items() if time}
        if cell in run.errors:
            errors[value] = run.errors[cell][0]
    base = by_value.get(entry["default"], {})
    estimates = {value: estimate(found.values()) for value, found in by_value.items()}
    ratios = {
        value: estimate((time / base[at] for at, time in found.items() if at in base), CONFIDENCE)
        for value, found in by_value.items()
    }
    return Curve(place["title"], entry["default"], known(estimates), known(ratios), errors)


def known(found: dict[int, Optional[Estimate]]) -> dict[int, Estimate]:
    return {value: each for value, each in found.items() if each}


def as_text(run: Measurements) -> str:
    """A table for each constant, and what follows from all."""
    every = constants(run)
    parts = [
        f"ns per operation ± half the spread ({spread_in_words(run.repetitions)}); * marks the default. Better and worse are\n"
        f"judged by the ratio to the default in the same repetition. An equal value is called so by chance in "
        f"{percent(chance(run.repetitions))} of cases."
    ]
    for one in every:
        parts.append(f"{one.name}: {one.what}\n{table(one)}")
        parts[-1] += "".join(f"\n  {curve.title}: {curve.sentence}" for curve in one.curves)
    width = max(len(one.name) for one in every)
    parts.append("\n".join(f"{one.name.ljust(width)}  {one.default:>7,}  {one.sentence}" for one in every))
    return "\n\n".join(parts)


def chance(repetitions: int) -> float:
    """How often an equal value is called better or worse: the interval of its ratio leaves out 1 by chance alone."""
    return 1 - coverage(repetitions, interval_rank(repetitions, CONFIDENCE))


def spread_of_ratios(repetitions: int) -> str:
    """What the interval of a ratio is."""
    if repetitions < FEWEST:
        return f"minimum to maximum of {plural(repetitions, 'repetition')}"
    return f"{percent(CONFIDENCE)} interval of the median of {repetitions} repetitions"


def rows(one: Constant) -> list[list[str]]:
    """A row for each value: the value, and what each curve says of it."""
    return [[f"{value:,}", *(cell_text(curve, value) for curve in one.curves)] for value in one.values]


def cell_text(curve: Curve, value: int) -> str:
    found = curve.estimates.get(value)
    if not found:
        return "error" if value in curve.errors else NOT_MEASURED
    return f"{three_digits(found.median)} ±{50 * found.relative_width:.0f}%"


def table(one: Constant) -> str:
    lines = [["value", *(curve.title for curve in one.curves)], *rows(one)]
    for value, line in zip(one.values, lines[1:]):
        line[0] = ("* " if value == one.default else "  ") + line[0]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  " + "  ".join(text.rjust(width) for text, width in zip(line, widths)) for line in lines)
