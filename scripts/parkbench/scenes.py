"""Whether two threads find back to their pace when what is around them changes: the workloads of bench/workloads/scenes.hpp as text."""

from __future__ import annotations

import statistics
from typing import Optional

from .catalogue import Cell
from .measurements import Measurements, number
from .overtaking import KIND as OTHER_KIND
from .quantity import NOT_MEASURED, plural, three_digits

SCENES = ("free", "one_cpu", "free_again", "beside_a_program", "alone_again")
COLUMNS = ("scene", "median, ns", "slowest window, ns", "slow windows", "good again after")


def alone(run: Measurements) -> bool:
    """Whether the run is one of lengthy workloads only."""
    return all(run.catalogue.workloads[name].on_demand for name in run.workloads)


def as_text(run: Measurements) -> str:
    """A table for each cell; empty where there are no scenes."""
    cells = [
        cell for cell in run.cells if cell in run.good and run.catalogue.workloads[cell.workload].kind != OTHER_KIND
    ]
    if not cells:
        return ""
    parts = [
        f"Scenes of {run.park.get('cell_seconds'):g} s times 3, 1, 3, 2 and 3, {plural(run.repetitions, 'repetition')}. "
        "A window is 20 ms; it is slow where its ns per operation are\nmore than twice the median of the first scene. "
        "Of repetitions the median is told, and the worst of what is slow."
    ]
    parts += [f"{cell.workload}, {cell.implementation}\n{table(run, cell)}" for cell in cells]
    return "\n\n".join(parts)


def table(run: Measurements, cell: Cell) -> str:
    lines = [list(COLUMNS), *(row(run, cell, scene) for scene in SCENES)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join(
        "  " + "  ".join([line[0].ljust(widths[0]), *(text.rjust(w) for text, w in zip(line[1:], widths[1:]))])
        for line in lines
    )


def row(run: Measurements, cell: Cell, scene: str) -> list[str]:
    def values(figure: str) -> list[Optional[float]]:
        return [number(entry, f"{scene}_{figure}") for entry in run.good[cell]]

    medians = [value for value in values("median_ns") if value is not None]
    if not medians:
        return [scene, *[NOT_MEASURED] * (len(COLUMNS) - 1)]
    slow = max(zip(values("bad_windows"), values("windows")))
    after = values("good_after")
    return [
        scene.replace("_", " "),
        three_digits(statistics.median(medians)),
        three_digits(max(values("slowest_ns"))),
        f"{slow[0]:.0f} of {slow[1]:.0f}",
        "never" if None in after else plural(int(max(after)), "window"),
    ]
