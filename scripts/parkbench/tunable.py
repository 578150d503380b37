"""A park_bench whose tuning constants follow the environment: each value of each constant is an implementation of its own."""

from __future__ import annotations

from typing import Optional

from . import shape
from .binary import Binary, Outcome
from .catalogue import Cell
from .hardware import probe
from .measurements import OWN
from .problem import Problem
from .sweeps import SWEEPS, Place

VARIABLE = "PARK_TUNING"
VARIANT = "variant"


def variant(constant: str, value: int) -> str:
    """The name of park with one constant changed, as an implementation."""
    return f"{constant}_{value}"


def constants_of(binary: Binary, setting: str = "") -> dict[str, dict]:
    """The constants of the binary by name, with this setting of the environment's variable."""
    machine = binary.answer("--machine", shape.MACHINE, {VARIABLE: setting})
    return {entry["name"]: entry for entry in (machine.get("library") or {}).get("tuning") or []}


class Tunable:
    """Takes the place of an ensemble; its implementations are park with one constant changed."""

    def __init__(self, binary: Binary, wanted: Optional[list[str]] = None):
        self.binary, self.told = binary, binary.answer("--list_cells", shape.CATALOGUE)
        self.known = constants_of(binary)
        self.check_that_it_follows()
        strangers = [name for name in wanted or [] if name not in self.known]
        if strangers:
            raise Problem(f"no constant '{strangers[0]}'; there are {', '.join(self.known)}")
        self.chosen = [name for name in self.known if not wanted or name in wanted]
        self.cpus = max(1, int(self.told["hardware_concurrency"]))
        self.settings: dict[str, tuple[str, int]] = {}
        for name in self.chosen:
            self.settings.update((variant(name, value), (name, value)) for value in self.values(name))
        self.listed = self.catalogue()

    def check_that_it_follows(self) -> None:
        """A binary with constants compiled in would yield flat curves; one with a constant more, no curve for it."""
        lacking = sorted(set(self.known) ^ set(SWEEPS))
        if lacking:
            raise Problem(f"{lacking[0]} is not both in src/tuning.hpp and in scripts/parkbench/sweeps.py; add it")
        name = next(iter(SWEEPS))
        other = self.known[name]["value"] + 1
        if constants_of(self.binary, f"{name}={other}")[name]["value"] != other:
            raise Problem(
                f"{self.binary.path} does not read {VARIABLE}; build the preset tunable, as scripts/bench --tuning does"
            )

    def values(self, constant: str) -> list[int]:
        """The values to try, the default among them."""
        return sorted({*SWEEPS[constant].values, self.known[constant]["value"]})

    def places(self, constant: str) -> list[Place]:
        """Where to judge it, of the workloads that this machine has."""
        here = {entry["workload"] for entry in self.told["cells"] if entry["implementation"] == OWN}
        return [place for place in SWEEPS[constant].places if place.workload in here]

    def cells(self) -> list[Cell]:
        """All cells, those that are to be compared side by side."""
        return [
            Cell(workload, variant(name, value), threads)
            for name in self.chosen
            for workload, threads in dict.fromkeys((p.workload, p.threads(self.cpus)) for p in self.places(name))
            for value in self.values(name)
        ]

    def catalogue(self) -> dict:
        """The --list_cells document of these cells."""
        pairs = dict.fromkeys((cell.workload, cell.implementation) for cell in self.cells())
        used = {workload for workload, _ in pairs}
        return {
            **self.told,
            "workloads": [entry for entry in self.told["workloads"] if entry["name"] in used],
            "implementations": [
                {"name": name, "title": f"{constant} = {value:,}", "role": VARIANT}
                for name, (constant, value) in self.settings.items()
            ],
            "cells": [{"workload": workload, "implementation": name} for workload, name in pairs],
            "absent": [],
        }

    def document(self) -> list[dict]:
        """What the run's document says of the constants."""
        return [
            {
                "constant": name,
                "what": self.known[name].get("what") or "",
                "default": self.known[name]["value"],
                "values": self.values(name),
                "places": [
                    {
                        "title": place.title(self.cpus),
                        "workload": place.workload,
                        "threads": place.threads(self.cpus),
                        "counter": place.counter,
                    }
                    for place in self.places(name)
                ],
            }
            for name in self.chosen
        ]

    def probe(self) -> dict:
        return probe(self.binary)

    def machine(self) -> dict:
        return self.binary.answer("--machine", shape.MACHINE)

    def measure(self, cell: Cell, cell_seconds: float, timeout_s: float) -> Outcome:
        """Measure park with the variant's constant, under the variant's name."""
        constant, value = self.settings[cell.implementation]
        times = max(place.times_seconds for place in SWEEPS[constant].places if place.workload == cell.workload)
        outcome = self.binary.measure(
            Cell(cell.workload, OWN, cell.threads),
            times * cell_seconds,
            max(1.0, times) * timeout_s,
            environment={VARIABLE: f"{constant}={value}"},
        )
        for entry in outcome.entries:
            entry["name"] = entry["run_name"] = cell.name
        return outcome
