"""Whether a run is whole: every workload, implementation and thread count of its catalogue."""

from __future__ import annotations

from dataclasses import replace

from .catalogue import UNPINNED, Cell
from .measurements import OWN, Measurements
from .tunable import variant


def missing(run: Measurements) -> list[str]:
    """What the run lacks, in words. Our own implementation may have no error; a peer's is told by notes()."""
    complaints: list[str] = []
    if len(run.pins) > 1:
        for one in run.of_pins():
            complaints += [f"pin:{one.pin}: {complaint}" for complaint in missing_of_one(one)]
        return complaints + interruption(run)
    return missing_of_one(run) + interruption(run)


def missing_of_one(run: Measurements) -> list[str]:
    """Of one pin policy."""
    complaints = []
    if run.park.get("tuning"):
        complaints = [
            f"{cell.name}: missing" for cell in tuned_cells(run) if cell not in run.good and cell not in run.errors
        ]
        return complaints + blame(run, set(run.catalogue.implementations))
    for workload, implementation in run.catalogue.pairs:
        expected = [
            replace(cell, pin=UNPINNED)
            for cell in run.catalogue.cells([workload], [implementation], run.park["threads"], [run.pin])
        ]
        if expected and not any(cell in run.good for cell in expected):
            complaints.append(f"{workload}/{implementation}: nothing was measured")
            continue
        complaints += [f"{cell.name}: missing" for cell in expected if cell not in run.good and cell not in run.errors]
    return complaints + blame(run, {OWN})


def blame(run: Measurements, own: set[str]) -> list[str]:
    """The errors of our own."""
    return [f"{cell.name}: {messages[0]}" for cell, messages in run.errors.items() if cell.implementation in own]


def interruption(run: Measurements) -> list[str]:
    return ["the run was interrupted"] if run.park.get("interrupted") else []


def tuned_cells(run: Measurements) -> list[Cell]:
    """The cells that a sweep of constants should have."""
    return [
        Cell(place["workload"], variant(entry["constant"], value), place["threads"])
        for entry in run.park["tuning"]
        for place in entry["places"]
        for value in entry["values"]
    ]


def notes(run: Measurements) -> list[str]:
    """Errors of the peers: findings about them, not gaps in the run."""
    return [
        f"{cell.name}: {len(messages)} of {run.attempts(cell)} repetitions failed: {messages[0]}"
        for cell, messages in sorted(run.errors.items())
        if cell.implementation != OWN
    ]
