"""Whether a run is whole: every workload, implementation and thread count of its catalogue."""

from __future__ import annotations

from .measurements import OWN, Measurements


def missing(run: Measurements) -> list[str]:
    """What the run lacks, in words. Our own implementation may have no error; a peer's is told by notes()."""
    complaints = []
    for workload, implementation in run.catalogue.pairs:
        expected = run.catalogue.cells([workload], [implementation], run.park["threads"])
        if expected and not any(cell in run.good for cell in expected):
            complaints.append(f"{workload}/{implementation}: nothing was measured")
            continue
        complaints += [f"{cell.name}: missing" for cell in expected if cell not in run.good and cell not in run.errors]
    complaints += [f"{cell.name}: {messages[0]}" for cell, messages in run.errors.items() if cell.implementation == OWN]
    if run.park.get("interrupted"):
        complaints.append("the run was interrupted")
    return complaints


def notes(run: Measurements) -> list[str]:
    """Errors of the peers: findings about them, not gaps in the run."""
    return [
        f"{cell.name}: {len(messages)} of {run.attempts(cell)} repetitions failed: {messages[0]}"
        for cell, messages in sorted(run.errors.items())
        if cell.implementation != OWN
    ]
