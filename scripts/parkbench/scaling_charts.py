"""How the throughput of a run grows with threads: the speed-up of each implementation, and the law that it follows, where it follows one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional, Union

from .catalogue import Cell
from .chart import Chart, Choice, Series, value_axis
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
        counts, speed_up, efficiency = self.run.threads_of(workload), self.series(workload), self.series(workload)
        rows = {threads: [str(threads)] for threads in counts}
        for name in self.run.implementations_of(workload):
            medians = self.medians(workload, name)
            alone = medians[min(medians)] / min(medians) if medians else 1.0
            for threads in counts:
                if threads not in medians:
                    rows[threads].append(NOT_MEASURED)
                    continue
                times = medians[threads] / alone
                speed_up[name].add(threads, times)
                efficiency[name].add(threads, times / threads)
                rows[threads].append(f"{three_digits(times)} ({100 * times / threads:.0f} %)")
        carried = [threads for threads in counts if threads <= self.run.usable_cpus]
        values = [*carried, *(y for one in speed_up.values() for y in one.y)]
        known = self.run.catalogue.workloads[workload]
        return Chart(
            f"{self.prefix}speed-up-{workload}",
            known.title,
            "Throughput over that of one thread; efficiency: that over the number of threads. Dashed: each thread does as much as one alone.",
            [
                choice("speed-up", speed_up, "%{y:.3g} times", carried, carried, {**value_axis("speed-up", values), "tickformat": "~g"}),
                choice("efficiency", efficiency, "%{y:.0%}", carried, [1] * len(carried), {**value_axis("efficiency", []), "tickformat": ".0%"}),
            ],
            self.against_threads(),
            self.table("threads (speed-up; efficiency)", workload, list(rows.values())),
            choice_title="what is drawn",
        )

    def laws(self) -> list[Law]:
        """The Universal Scalability Law of every line, from the thread counts that have a CPU each."""
        return [
            Law(self.run.catalogue.workloads[workload].title, name, fit(list(within), list(within.values())))
            for workload in self.swept
            for name in self.run.implementations_of(workload)
            for within in [{n: x for n, x in self.medians(workload, name).items() if n <= self.run.usable_cpus}]
        ]


def choice(label: str, series: dict[str, Series], value: str, x: list[int], ideal: list[int], axis: dict) -> Choice:
    """The lines of all implementations over the ideal."""
    line = {"color": "var(--muted)", "width": 1, "dash": "dash"}
    dashed = {"type": "scatter", "mode": "lines", "x": x, "y": ideal, "line": line, "hoverinfo": "skip"}
    hover = f"{value} at %{{x}} threads<extra>%{{fullData.name}}</extra>"
    return Choice(label, [dashed, *(one.line(hover) for one in series.values() if one.x)], {"yaxis": axis})


def why_no_law(laws: list[Law]) -> str:
    """One sentence where nothing was fitted anywhere."""
    reasons = dict.fromkeys(law.found for law in laws if isinstance(law.found, str))
    return f"Nowhere here: {'; '.join(reasons)}."
