"""The report: one self-contained HTML page."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, Sequence

import jinja2

from . import curves, findings, noise, palette, quantity, topology, verdict
from .charts import Charts
from .curve_chart import curve_chart
from .document import without_nonfinite, write_whole
from .estimate import spread_in_words
from .forest_chart import forest_chart
from .hardware_charts import heat_maps
from .measurements import OWN, Measurements, number
from .packing import packed_text, script_element
from .pinning import POLICIES
from .placement_charts import PlacementCharts
from .plotly_script import plotly_js
from .scaling_charts import ScalingCharts, why_no_law

MOST_BYTES = 3_000_000
COSTS = (
    ("cpu_ns_per_op", "CPU time, ns"),
    ("context_switches_per_op", "context switches"),
    ("futex_calls_per_op", "futex calls"),
)


def write_page(runs: list[Measurements], path: Path, comparisons: Sequence[dict] = ()) -> None:
    """Draw the runs on one page."""
    write_whole(path, small_page(runs, plotly_js(), comparisons))


def small_page(runs: list[Measurements], script: str, comparisons: Sequence[dict] = ()) -> str:
    """The page as text. Data, figures and plotly.js are packed only where it would grow too large: as it does by a
    distribution's own plotly.js, which nobody has made small, and which is there where no npm is."""
    if len(script) < MOST_BYTES:
        page = render(runs, script, packed=False, comparisons=comparisons)
        if len(page.encode()) <= MOST_BYTES:
            return page
    return render(runs, script, packed=True, comparisons=comparisons)


def render(runs: list[Measurements], script: str, packed: bool, comparisons: Sequence[dict] = ()) -> str:
    """The page as text; below the runs what parkbench compare found."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "template"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "three": quantity.three_digits,
        "rate": quantity.rate,
        "kibibytes": quantity.size,
        "percent": quantity.percent,
    }
    views = [
        (TuningView if run.park.get("tuning") else RunView)(run, f"r{number_}-" if len(runs) > 1 else "", packed)
        for number_, run in enumerate(runs, 1)
    ]
    forests = [(one, forest_chart(one, f"c{number_}-")) for number_, one in enumerate(comparisons, 1)]
    figures = [chart.figure() for view in views for chart in view.charts] + [chart.figure() for _, chart in forests]
    return environment.get_template("report.html.j2").render(
        views=views,
        several=len(views) > 1,
        comparison=comparison(views) if len(views) > 1 else [],
        forests=forests,
        figures=json_in_page(packed_text(json.dumps(without_nonfinite(figures))) if packed else figures),
        light=palette.css_variables(dark=False),
        dark=palette.css_variables(dark=True),
        plotly=packed_script(script) if packed else script_element(script),
        packed=packed,
    )


class View:
    """What the template shows of every run."""

    def __init__(self, run: Measurements, prefix: str, packed: bool):
        self.run, self.prefix, self.own = run, prefix, OWN
        self.rivals = [name for name in run.implementations if name != OWN]
        self.competes = OWN in run.implementations
        self.words = findings
        self.noise = run.noise_figures()
        self.grade = noise.grade(self.noise)
        self.spread = spread_in_words(run.repetitions)
        self.packages = topology.boxes(run.machine)
        self.verdicts: list[verdict.Verdict] = []
        self.constants: list[curves.Constant] = []
        self.heat_maps = heat_maps(run, prefix)
        self.raw = json_in_page(packed_text(json.dumps(without_nonfinite(run.document))) if packed else run.document)

    @property
    def title(self) -> str:
        return str(self.run.machine.get("model") or "Unknown machine")

    @property
    def date(self) -> str:
        return str(self.run.park.get("created") or "").replace("T", " ").replace("+00:00", " UTC")

    def sizes(self) -> list[tuple[str, int]]:
        return findings.sizes(self.run)

    def caches(self) -> list[dict]:
        found = self.run.machine.get("caches")
        return [cache for cache in found if isinstance(cache, dict)] if isinstance(found, list) else []

    def why_no_law(self) -> str:
        return why_no_law(self.laws)

    def probe_notes(self) -> list[str]:
        """What limited the probe, in words."""
        probe = self.run.park.get("probe") or {}
        return [probe["failed"]] if probe.get("failed") else list(probe.get("notes") or [])

    def clocks(self) -> list[tuple[str, float]]:
        """What the machine's smallest steps cost."""
        steps = (
            ("relax_ns", "one relax instruction"),
            ("tick_ns", "one read of the cycle counter"),
            ("tick_resolution_ns", "its smallest step"),
            ("clock_ns", "one read of steady_clock"),
        )
        return [
            (words, value) for key, words in steps for value in [number(self.run.machine, key)] if value is not None
        ]


class RunView(View):
    """All that the template shows of a run of implementations."""

    def __init__(self, run: Measurements, prefix: str, packed: bool):
        super().__init__(run, prefix, packed)
        self.verdicts = verdict.verdicts(run)
        self.styles = palette.styles(run.catalogue.implementations)
        self.drawn = [self.styles[name] for name in run.implementations]
        charts = Charts(run, prefix)
        self.throughput, self.latency = charts.throughput(), charts.latency()
        self.cost, self.fairness = charts.cost(), charts.fairness()
        scaling = ScalingCharts(run, prefix)
        self.speed_up, self.laws = scaling.speed_up(), scaling.laws()
        placement = PlacementCharts(run, prefix)
        self.placement, self.policies = placement.placement(), placement.policies
        self.fitted = any(law.cells() for law in self.laws)
        self.charts = [
            *self.throughput,
            *self.speed_up,
            *self.placement,
            *self.latency,
            *self.cost,
            *self.fairness,
            *self.heat_maps,
        ]
        self.costs = self.cost_table()

    def shown_policy(self) -> str:
        """The pin policy that all other sections show, in words."""
        return POLICIES.get(self.run.pin, self.run.pin)

    def has(self, section: str) -> bool:
        """Whether there is anything to show in a section of the page."""
        shown = {
            "throughput": self.throughput,
            "scaling": self.speed_up,
            "placement": self.placement,
            "latency": self.latency,
            "cost": self.costs["titles"],
        }
        return bool({**shown, "fairness": self.fairness}.get(section, True))

    def cost_table(self) -> dict[str, Any]:
        """Cost per operation: for each stated row the three costs of each implementation."""
        names, measured = self.run.implementations, []
        for key, title in COSTS:
            values = [
                [self.run.counter(verdict.Cell(row.workload.name, name, row.threads), key) for name in names]
                for row in self.verdicts
            ]
            if any(value is not None for line in values for value in line):
                measured.append((title, values))
        return {
            "titles": [title for title, _ in measured],
            "rows": list(zip(self.verdicts, zip(*(values for _, values in measured)))),
        }


class TuningView(View):
    """All that the template shows of a sweep of constants."""

    def __init__(self, run: Measurements, prefix: str, packed: bool):
        super().__init__(run, prefix, packed)
        self.constants = curves.constants(run)
        self.charts = [*(curve_chart(one, prefix) for one in self.constants), *self.heat_maps]
        self.spread = curves.spread_of_ratios(run.repetitions)
        self.curves = sum(len(one.curves) for one in self.constants)

    def tally(self) -> list[tuple[str, int]]:
        judged = [curve for one in self.constants for curve in one.curves if curve.judged]
        flat = sum(curve.flat for curve in judged)
        stands = sum(curve.default_stands for curve in judged) - flat
        return [
            ("default within the noise of the best", stands),
            ("flat within the noise", flat),
            ("another value is better", len(judged) - flat - stands),
        ]


def comparison(views: list[View]) -> list[tuple[str, list[verdict.Verdict | None]]]:
    """For several runs: each workload's first verdict on every machine, of ours, or, where it took no part, of the
    fastest."""
    names = list(dict.fromkeys(name for view in views for name in view.run.workloads))
    first = [{row.workload.name: row for row in reversed(view.verdicts)} for view in views]
    titles = {name: view.run.catalogue.workloads[name].title for view in views for name in view.run.workloads}
    return [(titles[name], [rows.get(name) for rows in first]) for name in names]


@functools.lru_cache(maxsize=1)
def packed_script(script: str) -> str:
    return json_in_page(packed_text(script))


def json_in_page(value: Any) -> str:
    """JSON that cannot end the script element that it stands in."""
    text = json.dumps(without_nonfinite(value), separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
