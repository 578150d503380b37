"""What the place of threads does: the throughput of each implementation under each pin policy of a run."""

from __future__ import annotations

from typing import Optional

from .catalogue import Cell
from .chart import Chart, Choice, Series, Table, value_axis
from .charts import Charts
from .estimate import Estimate
from .measurements import OWN, Measurements, operations_per_second
from .palette import Style
from .pinning import POLICIES
from .quantity import NOT_MEASURED, three_digits


def style(policy: str) -> Style:
    """The same for a policy on every page."""
    return Style(f"pin:{policy}", POLICIES.get(policy, policy), list(POLICIES).index(policy) if policy in POLICIES else len(POLICIES))


class PlacementCharts(Charts):
    """One chart for each workload whose threads were placed in more than one way; none in a run of a single policy."""

    def __init__(self, run: Measurements, prefix: str):
        super().__init__(run, prefix)
        self.placed = {one.pin: one for one in run.of_pins()}
        self.policies = [style(policy) for policy in self.placed]

    def placement(self) -> list[Chart]:
        return [self.placement_of(name) for name in self.swept if sum(name in one.workloads for one in self.placed.values()) > 1]

    def placement_of(self, workload: str) -> Chart:
        names = self.run.implementations_of(workload)
        choices, rows = [], []
        for name in names:
            series = {policy: Series(style(policy)) for policy in self.placed}
            for threads in self.run.threads_of(workload):
                found = {policy: self.found(policy, Cell(workload, name, threads)) for policy in self.placed}
                for policy, one in found.items():
                    if one:
                        series[policy].add(threads, one.median, one.low, one.high)
                rows.append([f"{self.styles[name].title}, {threads}", *(cell(one) for one in found.values())])
            drawn = [one for one in series.values() if one.x]
            hover = "%{y:.3s} per second<br>%{x} threads<extra>%{fullData.name}</extra>"
            choices.append(Choice(self.styles[name].title, [one.band() for one in drawn] + [one.line(hover) for one in drawn]))
        values = [y for choice in choices for trace in choice.traces for y in trace["y"]]
        known = self.run.catalogue.workloads[workload]
        return Chart(
            f"{self.prefix}placement-{workload}",
            known.title,
            f"{known.what}. One operation: {known.unit}.",
            choices,
            {**self.against_threads(), "yaxis": value_axis("operations per second", values)},
            Table(["implementation, threads", *(one.title for one in self.policies)], rows),
            names.index(OWN) if OWN in names else 0,
            "implementation",
        )

    def found(self, policy: str, cell: Cell) -> Optional[Estimate]:
        return self.placed[policy].estimate(cell, operations_per_second)


def cell(found: Optional[Estimate]) -> str:
    return f"{three_digits(found.median)} ({three_digits(found.low)}–{three_digits(found.high)})" if found else NOT_MEASURED
