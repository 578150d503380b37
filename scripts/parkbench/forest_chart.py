"""What parkbench compare --json found, as a forest plot: the change of each benchmark between its bounds, the worst on top."""

from __future__ import annotations

from pathlib import Path

from .chart import Chart, Choice, Table
from .document import read_json
from .problem import Problem
from .quantity import NOT_MEASURED, three_digits

MARKS = {  # by verdict: colour and shape, for those who do not see the one
    "regressed": ("var(--bad)", "x"),
    "inconclusive": ("var(--middling)", "diamond-open"),
    "pass": ("var(--good)", "circle"),
}


def load_comparison(path: Path) -> dict:
    """The document, if it is one of a comparison."""
    advice = "give a file that 'parkbench compare --json' wrote"
    document = read_json(path, advice)
    benchmarks = document.get("benchmarks") if isinstance(document, dict) else None
    if not isinstance(benchmarks, list) or "summary" not in document:
        raise Problem(f"{path} is no comparison; {advice}")
    if not all(isinstance(each, dict) and {"name", "verdict"} <= each.keys() for each in benchmarks):
        raise Problem(f"{path} holds a benchmark without a name or a verdict; {advice}")
    return document


def forest_chart(document: dict, prefix: str) -> Chart:
    """Those that were measured on both sides; the table has all."""
    drawn = sorted(
        (each for each in document["benchmarks"] if each.get("shift")), key=lambda each: each["shift"]["change"]
    )
    traces = [trace(verdict, [each for each in drawn if each["verdict"] == verdict]) for verdict in MARKS]
    floor = 100 * float(document.get("floor") or 0)
    return Chart(
        f"{prefix}change",
        "head against base",
        f"Change of the time of each benchmark with its 90 % interval; dotted: what counts, {three_digits(floor)} %. Lower is better.",
        [Choice("", [one for one in traces if one["x"]])],
        {
            "height": 90 + 24 * len(drawn),
            "showlegend": True,
            "legend": {"orientation": "h", "y": -0.15},
            "xaxis": {"title": {"text": "change of time"}, "ticksuffix": " %"},
            "yaxis": {"type": "category", "categoryorder": "array", "categoryarray": [each["name"] for each in drawn]},
            "shapes": [vertical(0, "solid"), vertical(floor, "dot")],
        },
        Table(["benchmark", "verdict", "base ns", "head ns", "change", "90 % interval", ""], [row(each) for each in document["benchmarks"]]),
    )


def trace(verdict: str, of: list[dict]) -> dict:
    colour, symbol = MARKS[verdict]
    changes = [100 * each["shift"]["change"] for each in of]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": verdict,
        "x": changes,
        "y": [each["name"] for each in of],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * each["shift"]["high"] - change for each, change in zip(of, changes)],
            "arrayminus": [change - 100 * each["shift"]["low"] for each, change in zip(of, changes)],
            "color": colour,
            "thickness": 1.5,
        },
        "marker": {"color": colour, "symbol": symbol, "size": 10},
        "hovertemplate": "%{y}: %{x:+.1f} %<extra>" + verdict + "</extra>",
    }


def vertical(x: float, dash: str) -> dict:
    line = {"color": "var(--muted)", "width": 1, "dash": dash}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line, "layer": "below"}


def row(each: dict) -> list[str]:
    shift = each.get("shift") or {}
    change = f"{100 * shift['change']:+.1f} %" if shift else NOT_MEASURED
    bounds = f"{100 * shift['low']:+.1f} to {100 * shift['high']:+.1f} %" if shift else NOT_MEASURED
    times = [three_digits(each.get(side)) for side in ("base_ns", "head_ns")]
    return [each["name"], each["verdict"], *times, change, bounds, each.get("reason") or ""]
