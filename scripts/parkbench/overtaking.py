"""How long threads wait for a mutex behind others that come later: the workload of bench/workloads/overtaking.hpp as text."""

from __future__ import annotations

from typing import Optional

from .catalogue import Cell
from .measurements import Measurements, number
from .quantity import plural, three_digits

KIND = "overtaking"
COLUMNS = (
    ("longest wait, ms", "max_ns"),
    ("less own CPU delay, ms", "longest_less_cpu_delay_ns"),
    ("longest CPU delay, ms", "longest_cpu_delay_ns"),
    ("p99.9, ms", "p999_ns"),
    ("longest behind later ones, ms", "longest_behind_ns"),
    ("most overtakes", "most_overtakes"),
    ("of a wait past 1 ms", "most_late_overtakes"),
)


def as_text(run: Measurements) -> str:
    """One table, a line for each cell; empty where none was measured."""
    lines = [
        row(run, cell) for cell in run.cells if run.catalogue.workloads[cell.workload].kind == KIND and cell in run.good
    ]
    if not lines:
        return ""
    lines = [["", "threads", *(title for title, _ in COLUMNS)], *lines]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return (
        f"Waits for a mutex that one thread locks for 100 us again and again, on a CPU of its own. "
        f"Of {plural(run.repetitions, 'repetition')} of {run.park.get('cell_seconds'):g} s the worst.\n"
        + "\n".join(
            "  ".join([line[0].ljust(widths[0]), *(text.rjust(w) for text, w in zip(line[1:], widths[1:]))])
            for line in lines
        )
    )


def row(run: Measurements, cell: Cell) -> list[str]:
    return [cell.implementation, str(cell.threads), *(worst(run, cell, counter) for _, counter in COLUMNS)]


def worst(run: Measurements, cell: Cell, counter: str) -> str:
    values = [value for entry in run.good[cell] if (value := number(entry, counter)) is not None]
    most: Optional[float] = max(values, default=None)
    return three_digits(most / 1e6 if most is not None and counter.endswith("_ns") else most)
