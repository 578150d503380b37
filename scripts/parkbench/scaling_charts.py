"""How the throughput of a run grows with threads: the speed-up of each implementation, and the law that it follows, where it follows one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional, Union

from .catalogue import Cell
from .chart import Chart, Choice, value_axis
from .charts import Charts
from .measurements import Measurements, operations_per_second
from .quantity import NOT_MEASURED, short, three_digits
from .usl import Fit, Parameter, fit


@dataclass(frozen=True)
class Law:
    """A line of the table: what was fitted to one implementation in one workload; or why nothing was."""

    workload: str
    implementation: str
    found: Union[Fit, str]

    def cells(self) -> Optional[list[str]]:
        """Contention, coherency, throughput alone and the peak; None where there is no fit."""
        if isinstance(self.found, str):
            return None
        peak = self.found.peak
        beyond = ", extrapolated" if peak and peak > self.found.most_threads else ""
        return [
            with_interval(self.found.alpha),
            with_interval(self.found.beta),
            with_interval(self.found.gamma, short),
            f"{peak:.0f} threads{beyond}" if peak else "none in sight",
            f"{100 * self.found.residual:.1f} %",
        ]


def with_interval(parameter: Parameter, words: Callable[[float], str] = three_digits) -> str:
    return f"{words(parameter.value)} ({words(parameter.low)}–{words(parameter.high)})"


class ScalingCharts(Charts):
    """The charts of one run's speed-up."""

    def medians(self, workload: str, name: str) -> dict[int, float]:
        """Operations per second by thread count."""
        found = {
            threads: self.run.estimate(Cell(workload, name, threads), operations_per_second)
            for threads in self.run.threads_of(workload)
        }
        return {threads: one.median for threads, one in found.items() if one}

    def speed_up(self) -> list[Chart]:
        """One chart for each workload that was measured with several thread counts."""
        return [self.speed_up_of(name) for name in self.swept if len(self.run.threads_of(name)) > 1]

    def speed_up_of(self, workload: str) -> Chart:
        counts, series = self.run.threads_of(workload), self.series(workload)
        rows = {threads: [str(threads)] for threads in counts}
        for name in self.run.implementations_of(workload):
            medians = self.medians(workload, name)
            alone = medians[min(medians)] / min(medians) if medians else 1.0
            for threads in counts:
                if threads in medians:
                    series[name].add(threads, medians[threads] / alone)
                times = medians[threads] / alone if threads in medians else None
                rows[threads].append(
                    NOT_MEASURED if times is None else f"{three_digits(times)} ({100 * times / threads:.0f} %)"
                )
        drawn = [one for one in series.values() if one.x]
        hover = "%{y:.3g} times at %{x} threads<extra>%{fullData.name}</extra>"
        carried = [threads for threads in counts if threads <= self.run.cpus]
        ideal = {
            "type": "scatter",
            "mode": "lines",
            "x": carried,
            "y": carried,
            "line": {"color": "var(--muted)", "width": 1, "dash": "dash"},
            "hoverinfo": "skip",
        }
        known = self.run.catalogue.workloads[workload]
        return Chart(
            f"{self.prefix}speed-up-{workload}",
            known.title,
            "Throughput over that of one thread. Dashed: as many times as there are threads.",
            [Choice("", [ideal, *(one.line(hover) for one in drawn)])],
            {
                **self.against_threads(),
                "yaxis": {
                    **value_axis("speed-up", [*carried, *(y for one in drawn for y in one.y)]),
                    "tickformat": "~g",
                },
            },
            self.table("threads (speed-up; efficiency)", workload, list(rows.values())),
        )

    def laws(self) -> list[Law]:
        """The Universal Scalability Law of every line, from the thread counts that have a CPU each."""
        return [
            Law(self.run.catalogue.workloads[workload].title, name, fit(list(within), list(within.values())))
            for workload in self.swept
            for name in self.run.implementations_of(workload)
            for within in [{n: x for n, x in self.medians(workload, name).items() if n <= self.run.cpus}]
        ]


def why_no_law(laws: list[Law]) -> str:
    """One sentence where nothing was fitted anywhere."""
    reasons = dict.fromkeys(law.found for law in laws if isinstance(law.found, str))
    return f"Nowhere here: {'; '.join(reasons)}."
