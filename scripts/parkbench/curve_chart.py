"""The chart of a tuning constant: what its values cost, as multiples of what the default does."""

from __future__ import annotations

from .chart import Chart, Choice, Series, Table, machine_lines, threads_axis
from .curves import Constant, Curve, rows
from .palette import Style

MOST_SHOWN = 4.0  # what costs more than so many times the default is cut off


def curve_chart(one: Constant, prefix: str) -> Chart:
    """All curves of a constant against its values on a logarithmic axis."""
    places = positions(one.values)
    series = [series_of(curve, slot, places) for slot, curve in enumerate(one.curves)]
    ordered = list(places.values())
    default = places[one.default]
    axis = threads_axis(ordered, log=True)
    labelled = {**axis, "title": {"text": one.name}, "tickvals": ordered, "ticktext": [f"{v:,}" for v in one.values]}
    hover = "%{y:.3f} × the default at %{x}<extra>%{fullData.name}</extra>"
    highest = max([1.2, *(y for each in series for y in each.high)])
    return Chart(
        f"{prefix}tuning-{one.name}",
        one.name,
        f"{one.what[:1].upper()}{one.what[1:]}. {one.sentence[:1].upper()}{one.sentence[1:]}.",
        [Choice("", [{**each.band(), "showlegend": False} for each in series] + [each.line(hover) for each in series])],
        {
            "xaxis": labelled,
            "yaxis": {"title": {"text": "× the default"}, "range": [0, min(MOST_SHOWN, 1.05 * highest)]},
            **machine_lines([(default, "default")], ordered[-1], ordered, log=True),
            "showlegend": True,
            "legend": {"orientation": "h", "y": -0.25, "yanchor": "top"},
            "height": 360,
        },
        Table(["value", *(curve.title for curve in one.curves)], rows(one)),
    )


def positions(values: list[int]) -> dict[int, float]:
    """Where the values stand; zero, which a logarithmic axis has not, half way below the least other."""
    least = min(value for value in values if value > 0)
    return {value: float(value) if value > 0 else least / 2 for value in values}


def series_of(curve: Curve, slot: int, places: dict[int, float]) -> Series:
    series = Series(Style(curve.title, curve.title, slot + 1))
    for value, found in curve.ratios.items():
        series.add(places[value], found.median, found.low, found.high)
    return series
