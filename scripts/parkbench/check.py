"""Whether a run is whole: every workload, implementation and thread count of its catalogue."""

from __future__ import annotations

from .catalogue import Cell
from .measurements import OWN, Measurements
from .tunable import variant


def missing(run: Measurements) -> list[str]:
    """What the run lacks, in words. Our own implementation may have no error; a peer's is told by notes()."""
    complaints = []
    if run.park.get("tuning"):
        complaints = [
            f"{cell.name}: missing" for cell in tuned_cells(run) if cell not in run.good and cell not in run.errors
        ]
        return complaints + blame(run, set(run.catalogue.implementations))
    for workload, implementation in run.catalogue.pairs:
        expected = run.catalogue.cells([workload], [implementation], run.park["threads"])
        if expected and not any(cell in run.good for cell in expected):
            complaints.append(f"{workload}/{implementation}: nothing was measured")
            continue
        complaints += [f"{cell.name}: missing" for cell in expected if cell not in run.good and cell not in run.errors]
    return complaints + blame(run, {OWN})


def blame(run: Measurements, own: set[str]) -> list[str]:
    """The errors of our own, and whether somebody cut the run short."""
    complaints = [f"{cell.name}: {messages[0]}" for cell, messages in run.errors.items() if cell.implementation in own]
    return complaints + (["the run was interrupted"] if run.park.get("interrupted") else [])


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
