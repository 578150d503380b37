"""The page's charts: throughput, latency, cost and fairness of one run."""

from __future__ import annotations

from collections import Counter
from typing import Optional

from .catalogue import SWEEP, Cell
from .chart import Chart, Choice, Series, Table, machine_lines, spans_decades, threads_axis, value_axis
from .measurements import PERCENTILES, Measurements, number, operations_per_second
from .palette import styles
from .quantity import NOT_MEASURED, plural, rate, three_digits


class Charts:
    """Makes the charts of one run; prefix keeps their identifiers apart from another run's."""

    def __init__(self, run: Measurements, prefix: str):
        self.run, self.prefix = run, prefix
        self.styles = styles(run.catalogue.implementations)
        self.swept = [name for name in run.workloads if run.catalogue.workloads[name].threads == SWEEP]
        self.counts = sorted({threads for name in self.swept for threads in run.threads_of(name)})

    def series(self, workload: str) -> dict[str, Series]:
        """An empty series for each implementation of a workload; ours last, so that it is drawn on top."""
        names = sorted(self.run.implementations_of(workload), key=lambda name: -self.styles[name].slot)
        return {name: Series(self.styles[name]) for name in names}

    def marks(self) -> list[tuple[int, str]]:
        """The machine's numbers that matter on an axis of threads."""
        cpus, cores = self.run.cpus, number(self.run.machine, "cores")
        usable = number(self.run.machine, "usable_cpus")
        caches = Counter(place.get("llc") for place in self.run.machine.get("cpus") or [])
        sharing = max((count for cache, count in caches.items() if cache is not None), default=cpus)
        marks = {sharing: f"{sharing} per LLC", cpus: plural(cpus, "CPU")}
        if cores and int(cores) < cpus:
            marks[int(cores)] = plural(int(cores), "core")
        if usable and int(usable) < cpus:
            marks[int(usable)] = f"{int(usable)} usable"
        return sorted(marks.items())

    def throughput(self) -> list[Chart]:
        """Operations per second against threads, one chart for each workload that sweeps them."""
        return [self.throughput_of(name) for name in self.swept]

    def throughput_of(self, workload: str) -> Chart:
        known, series, rows = self.run.catalogue.workloads[workload], self.series(workload), []
        for threads in self.run.threads_of(workload):
            row = [str(threads)]
            for name in self.run.implementations_of(workload):
                found = self.run.estimate(Cell(workload, name, threads), operations_per_second)
                if found:
                    series[name].add(threads, found.median, found.low, found.high)
                row.append(
                    f"{three_digits(found.median)} ({three_digits(found.low)}–{three_digits(found.high)})"
                    if found
                    else NOT_MEASURED
                )
            rows.append(row)
        drawn = [one for one in series.values() if one.x]
        spread = "(%{customdata[0]:.3s}–%{customdata[1]:.3s})"
        hover = f"%{{y:.3s}} {spread} per second<br>%{{x}} threads<extra>%{{fullData.name}}</extra>"
        return Chart(
            f"{self.prefix}throughput-{workload}",
            known.title,
            f"{known.what}. One operation: {known.unit}.",
            [Choice("", [one.band() for one in drawn] + [one.line(hover) for one in drawn])],
            {
                **self.against_threads(),
                "yaxis": value_axis("operations per second", [y for one in drawn for y in one.low + one.high]),
            },
            self.table("threads", workload, rows),
        )

    def against_threads(self) -> dict:
        """The axis of threads with the machine's lines: the same in every chart, so that they can be compared."""
        log = spans_decades(self.counts)
        marks = [mark for mark in self.marks() if self.counts[0] <= mark[0] <= self.counts[-1]]
        return {"xaxis": threads_axis(self.counts, log), **machine_lines(marks, self.run.cpus, self.counts, log)}

    def table(self, first: str, workload: str, rows: list[list[str]]) -> Table:
        titles = [self.styles[name].title for name in self.run.implementations_of(workload)]
        return Table([first, *titles], rows)

    def latency(self) -> list[Chart]:
        """Percentiles of one operation's latency, one chart for each workload that samples it."""
        sampled = {cell.workload for cell in self.run.good if self.run.counter(cell, "p50_ns") is not None}
        return [self.latency_of(name) for name in self.run.workloads if name in sampled]

    def latency_of(self, workload: str) -> Chart:
        counts, stated = self.run.threads_of(workload), self.run.stated_threads(workload)[0]
        choices, rows = [], []
        for threads in counts:
            series = self.series(workload)
            for key, label in PERCENTILES:
                row = [f"{threads}, {label}"]
                for name in self.run.implementations_of(workload):
                    value = self.run.counter(Cell(workload, name, threads), key)
                    if value is not None and value > 0:
                        series[name].add(label, value / 1e9)
                    row.append(three_digits(value))
                rows.append(row)
            hover = "%{y:.3s}s at %{x}<extra>%{fullData.name}</extra>"
            choices.append(Choice(plural(threads, "thread"), [one.line(hover) for one in series.values() if one.x]))
        known = self.run.catalogue.workloads[workload]
        return Chart(
            f"{self.prefix}latency-{workload}",
            known.title,
            f"Time of one {known.unit} as a thread saw it.",
            choices,
            {
                "xaxis": {"type": "category", "categoryarray": [label for _, label in PERCENTILES], "showgrid": False},
                "yaxis": value_axis("", [], "s", log=True),
            },
            self.table("threads, ns", workload, rows),
            counts.index(stated),
            "threads",
        )

    def cost(self) -> list[Chart]:
        """CPU time and futex calls of one operation, every workload in one chart each."""
        charts = [
            self.cost_of(
                "cpu_ns_per_op",
                "CPU time",
                "CPU time of all threads together, per operation. Lower is better.",
                "s",
                1e-9,
            ),
            self.cost_of(
                "futex_calls_per_op",
                "Futex calls",
                "Futex system calls per operation. Lower is better; 0 means that the kernel was never asked.",
                "",
                1.0,
            ),
        ]
        return [chart for chart in charts if chart]

    def cost_of(self, key: str, title: str, caption: str, suffix: str, scale: float) -> Optional[Chart]:
        points = [(name, threads) for name in self.run.workloads for threads in self.run.stated_threads(name)]
        series = {name: Series(self.styles[name]) for name in reversed(self.run.implementations)}
        rows, labels = [], []
        for workload, threads in points:
            label = f"{self.run.catalogue.workloads[workload].title} · {threads}"
            row = [label]
            for name in self.run.implementations:
                value = self.run.counter(Cell(workload, name, threads), key)
                if value is not None:
                    series[name].add(label, value * scale)
                row.append(rate(value))
            if any(text != NOT_MEASURED for text in row[1:]):
                rows.append(row)
                labels.append(label)
        drawn = [one for one in series.values() if one.x]
        if not drawn:
            return None
        hover = f"%{{x:.3s}}{suffix}<br>%{{y}} threads<extra>%{{fullData.name}}</extra>"
        values = [y for one in drawn for y in one.y]
        return Chart(
            f"{self.prefix}cost-{key}",
            title,
            caption,
            [Choice("", [one.dots(hover) for one in drawn])],
            {
                "height": 60 + 24 * len(labels),
                "margin": {"l": 12, "r": 14, "t": 36, "b": 8},
                "xaxis": {
                    **value_axis("", values, suffix, log=None if suffix else False),
                    "side": "top",
                    **({} if suffix else {"tickformat": "~g"}),
                },
                "yaxis": {
                    "type": "category",
                    "categoryarray": labels[::-1],
                    "categoryorder": "array",
                    "ticks": "outside",
                    "ticklen": 8,
                    "tickcolor": "rgba(0,0,0,0)",
                },
            },
            Table(["workload · threads", *(self.styles[name].title for name in self.run.implementations)], rows),
        )

    def fairness(self) -> list[Chart]:
        """Jain's index against threads, for the workloads whose threads compete."""
        shared = {cell.workload for cell in self.run.good if self.run.counter(cell, "fairness_jain") is not None}
        return [self.fairness_of(name) for name in self.swept if name in shared]

    def fairness_of(self, workload: str) -> Chart:
        series, rows = self.series(workload), []
        for threads in self.run.threads_of(workload):
            row = [str(threads)]
            for name in self.run.implementations_of(workload):
                cell = Cell(workload, name, threads)
                index, share = (self.run.counter(cell, key) for key in ("fairness_jain", "least_greatest_share"))
                if index is not None:
                    series[name].add(threads, index)
                row.append(NOT_MEASURED if index is None else f"{three_digits(index)}; {three_digits(share)}")
            rows.append(row)
        drawn = [one for one in series.values() if one.x]
        hover = "%{y:.3f} at %{x} threads<extra>%{fullData.name}</extra>"
        return Chart(
            f"{self.prefix}fairness-{workload}",
            self.run.catalogue.workloads[workload].title,
            "Jain's index of the threads' shares of a second: 1 when all got the same, 1/T when one got all. Higher is "
            "better.",
            [Choice("", [one.line(hover) for one in drawn])],
            {**self.against_threads(), "yaxis": {"title": {"text": "Jain's index"}, "range": [0, 1.05]}},
            self.table("threads (Jain's index; least over greatest share)", workload, rows),
        )
