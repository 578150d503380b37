"""Several park_bench binaries as one: each measures the implementations that it brings."""

from __future__ import annotations

from . import shape
from .binary import Binary, Outcome
from .catalogue import Cell
from .hardware import probe
from .problem import Problem


class Ensemble:
    """The first binary's catalogue, and the implementations that the others add to its workloads."""

    def __init__(self, first: Binary, others: list[Binary]):
        self.first = first
        self.listed = first.answer("--list_cells", shape.CATALOGUE)
        self.of = {entry["name"]: first for entry in self.listed["implementations"]}
        for other in others:
            self.add(other)

    def add(self, other: Binary) -> None:
        """Let it measure what it has. A name twice would make two implementations one."""
        added = other.answer("--list_cells", shape.CATALOGUE)
        twice = [entry["name"] for entry in added["implementations"] if entry["name"] in self.of]
        if twice:
            raise Problem(f"{other.path} brings {twice[0]}, which {self.of[twice[0]].path} has already; leave one out")
        self.of.update((entry["name"], other) for entry in added["implementations"])
        workloads = {entry["name"] for entry in self.listed["workloads"]}
        self.listed["implementations"] += added["implementations"]
        self.listed["cells"] += [entry for entry in added["cells"] if entry["workload"] in workloads]

    def probe(self) -> dict:
        return probe(self.first)

    def machine(self) -> dict:
        return self.first.answer("--machine", shape.MACHINE)

    def measure(self, cell: Cell, *arguments, **options) -> Outcome:
        return self.of[cell.implementation].measure(cell, *arguments, **options)
