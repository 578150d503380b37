"""Heat maps of what it costs to reach one CPU from another; see hardware.py for what was measured."""

from __future__ import annotations

from typing import Optional, Sequence

from .chart import Chart, Choice, Table
from .measurements import Measurements
from .quantity import NOT_MEASURED, three_digits

MOST_NUMBERED = 16  # CPUs, up to which each field of the map holds its number, if that has two or three digits
MOST_TABLED = 64  # up to which the table below it is one that anybody reads

Matrix = Sequence[Sequence[Optional[float]]]


def heat_maps(run: Measurements, prefix: str) -> list[Chart]:
    """That of a cache line and that of a wake, as far as they were measured between two CPUs or more."""
    probe = run.park.get("probe") or {}
    atomics, wakes = probe.get("atomics") or {}, probe.get("wakes") or {}
    maps = [
        heat_map(
            f"{prefix}core-to-core",
            "A cache line handed over",
            "From a store on one CPU until a thread that polls it on another has seen it, one way. Lower is better.",
            atomics.get("cpus"),
            atomics.get("ns"),
        ),
        heat_map(
            f"{prefix}core-to-core-wake",
            "A sleeper woken",
            f"From the call that wakes ({wakes.get('lot') or 'the lot'}), row, until the sleeper on the CPU of the column runs. "
            "Lower is better.",
            wakes.get("cpus"),
            wakes.get("latency_ns"),
        ),
    ]
    return [one for one in maps if one]


def heat_map(identifier: str, title: str, caption: str, cpus: Optional[list[int]], ns: Optional[Matrix]) -> Optional[Chart]:
    if not cpus or not ns or len(cpus) < 2:
        return None
    labels = [str(cpu) for cpu in cpus]
    trace = {
        "type": "heatmap",
        "x": labels,
        "y": labels,
        "z": [list(row) for row in ns],
        "colorscale": "Cividis",  # the same to all eyes, and in print
        "reversescale": True,
        "xgap": 1,
        "ygap": 1,
        "colorbar": {"title": {"text": "ns"}, "thickness": 12, "outlinewidth": 0},
        "hovertemplate": "CPU %{y} to %{x}: %{z:.3s} ns<extra></extra>",
        "hoverongaps": False,
    }
    if len(cpus) <= MOST_NUMBERED and all(value is None or value < 1000 for row in ns for value in row):
        trace["texttemplate"] = "%{z:.0f}"
    axis = {"type": "category", "showgrid": False, "nticks": 33, "tickfont": {"size": 12 if len(cpus) <= MOST_NUMBERED else 8}}
    return Chart(
        identifier,
        title,
        caption,
        [Choice("", [trace])],
        {
            "height": 380,
            "xaxis": {**axis, "title": {"text": "CPU"}},
            "yaxis": {**axis, "title": {"text": "CPU"}, "autorange": "reversed"},
        },
        table(labels, ns),
    )


def table(labels: list[str], ns: Matrix) -> Table:
    """The matrix, or of a great one what its rows come to."""
    if len(labels) <= MOST_TABLED:
        return Table(["CPU, ns", *labels], [[label, *map(three_digits, row)] for label, row in zip(labels, ns)])
    rows = []
    for label, row in zip(labels, ns):
        known = sorted(value for value in row if value is not None)
        least, median, most = (known[0], known[len(known) // 2], known[-1]) if known else (None, None, None)
        rows.append([label, *(NOT_MEASURED if value is None else three_digits(value) for value in (least, median, most))])
    return Table(["CPU, ns", "nearest", "median", "farthest"], rows)
