"""A chart of the page: a plotly figure as plain data, its caption, and the same figures as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Iterable, Optional

from .palette import Style

LOG_FROM = 30.0  # a range wider than this factor is drawn on a logarithmic axis
FEW_DECADES = 500.0  # up to this factor a logarithmic axis is labelled at 1, 2 and 5


@dataclass(frozen=True)
class Table:
    """The figures of a chart for readers without JavaScript."""

    header: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Choice:
    """One of several views of a chart, such as one thread count."""

    label: str
    traces: list[dict]
    layout: dict = field(default_factory=dict)  # what is laid out otherwise than the chart


@dataclass(frozen=True)
class Chart:
    """A figure with its words. The page draws the chosen view first."""

    identifier: str
    title: str
    caption: str
    choices: list[Choice]
    layout: dict
    table: Table
    chosen: int = 0
    choice_title: str = ""

    def figure(self) -> dict:
        """What the page's script needs."""
        return {
            "id": self.identifier,
            "choices": [choice.traces for choice in self.choices],
            "layouts": [{**self.layout, **choice.layout} for choice in self.choices],
            "chosen": self.chosen,
        }


@dataclass
class Series:
    """The points of one implementation, gathered one by one."""

    style: Style
    x: list = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, x, y: float, low: Optional[float] = None, high: Optional[float] = None) -> None:
        self.x.append(x)
        self.y.append(y)
        self.low.append(y if low is None else low)
        self.high.append(y if high is None else high)

    def line(self, hover: str) -> dict:
        """The line with its markers."""
        return {
            "type": "scatter",
            "mode": "lines+markers",
            "name": self.style.title,
            "meta": self.style.name,
            "x": self.x,
            "y": self.y,
            "customdata": [list(pair) for pair in zip(self.low, self.high)],
            "line": {"color": self.style.colour, "width": self.style.width},
            "marker": {"color": self.style.colour, "symbol": self.style.marker, "size": 7},
            "hovertemplate": hover,
        }

    def band(self) -> dict:
        """The spread around the line."""
        return {
            "type": "scatter",
            "mode": "lines",
            "meta": self.style.name,
            "x": self.x + self.x[::-1],
            "y": self.high + self.low[::-1],
            "fill": "toself",
            "fillcolor": self.style.band,
            "line": {"width": 0},
            "hoverinfo": "skip",
        }

    def dots(self, hover: str) -> dict:
        """Markers alone, for charts whose other axis holds names."""
        trace = self.line(hover)
        size = 12 if self.style.width > 2 else 9
        return {
            **trace,
            "mode": "markers",
            "cliponaxis": False,
            "x": self.y,
            "y": self.x,
            "marker": {**trace["marker"], "size": size},
        }


def spans_decades(values: Iterable[float]) -> bool:
    """Whether an axis of these values should be logarithmic."""
    positive = [value for value in values if value > 0]
    return bool(positive) and max(positive) > LOG_FROM * min(positive)


def value_axis(title: str, values: Iterable[float], suffix: str = "", log: Optional[bool] = None) -> dict:
    """An axis with SI prefixes (10 µs, 3 M): from zero, or logarithmic where the values span much."""
    positive = [value for value in values if value > 0]
    axis = {"title": {"text": title}, "tickformat": "~s", "ticksuffix": suffix}
    if spans_decades(positive) if log is None else log:
        few_decades = positive and max(positive) < FEW_DECADES * min(positive)
        return {**axis, "type": "log", "dtick": "D2" if few_decades else 1}
    return {**axis, "type": "linear", "rangemode": "tozero"}


def threads_axis(counts: list[int], log: bool) -> dict:
    """The axis of thread counts; of many only the powers of two and the last are labelled."""
    labelled = counts if len(counts) <= 8 else [c for c in counts if c & (c - 1) == 0 or c == counts[-1]]
    axis = {
        "title": {"text": "threads"},
        "tickvals": labelled,
        "ticktext": [str(c) for c in labelled],
        "showgrid": False,
    }
    if log:
        return {**axis, "type": "log", "range": [math.log10(counts[0]) - 0.05, math.log10(counts[-1]) + 0.05]}
    pad = 0.04 * max(1, counts[-1] - counts[0])
    return {**axis, "type": "linear", "range": [counts[0] - pad, counts[-1] + pad]}


def machine_lines(marks: list[tuple[int, str]], oversubscribed_from: int, counts: list[int], log: bool) -> dict:
    """Lines at the machine's own numbers, and a shade where there are more threads than CPUs."""
    place = (lambda x: math.log10(x)) if log else (lambda x: x)
    end = threads_axis(counts, log)["range"][1]
    shapes, annotations = [], []
    if counts[-1] > oversubscribed_from:
        right = 10**end if log else end
        shapes.append(
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": oversubscribed_from,
                "x1": right,
                "y0": 0,
                "y1": 1,
                "fillcolor": "var(--shade)",
                "line": {"width": 0},
                "layer": "below",
            }
        )
    for index, (x, label) in enumerate(marks):
        shapes.append(
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": x,
                "x1": x,
                "y0": 0,
                "y1": 1,
                "line": {"color": "var(--muted)", "width": 1, "dash": "dot"},
                "layer": "below",
            }
        )
        annotations.append(
            {
                "xref": "x",
                "yref": "paper",
                "x": place(x),
                "y": 1,
                "xanchor": anchor(marks, index) if log else "center",
                "yanchor": "bottom",
                "showarrow": False,
                "text": label,
                "font": {"size": 11, "color": "var(--muted)"},
            }
        )
    return {"shapes": shapes, "annotations": annotations}


def anchor(marks: list[tuple[int, str]], index: int) -> str:
    """Where a label stands on a logarithmic axis: away from the one other mark that is near, so that they do not meet."""

    def near(other: int) -> bool:
        return 0 <= other < len(marks) and abs(math.log(marks[other][0] / marks[index][0])) < math.log(4)

    before, after = near(index - 1), near(index + 1)
    return "center" if before == after else "left" if before else "right"
