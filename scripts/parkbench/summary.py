"""A run in some lines of Markdown, for a README or a pull request."""

from __future__ import annotations

from . import findings, noise, verdict
from .measurements import Measurements
from .quantity import NOT_MEASURED, three_digits
from .scaling_charts import ScalingCharts


def as_markdown(runs: list[Measurements]) -> str:
    """One section for each."""
    return "\n\n".join(section(run) for run in runs) + "\n"


def section(run: Measurements) -> str:
    grade = noise.grade(run.noise_figures()) or "unknown"
    parts = [
        f"### {run.machine.get('model') or 'Unknown machine'}",
        f"{findings.machine_line(run)}; {findings.library_line(run)}; noise: {grade}.",
        table(run),
        "ns per operation, the median; **bold**: best beyond the noise. Lower is better.",
        laws(run),
    ]
    return "\n\n".join(part for part in parts if part)


def table(run: Measurements) -> str:
    names = run.implementations
    lines = ["| workload | threads | " + " | ".join(names) + " |", "| --- | ---: |" + " ---: |" * len(names)]
    for row in verdict.verdicts(run):
        cells = [str(row.threads), *(cell(row, name) for name in names)]
        lines.append(f"| {row.workload.title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def cell(row: verdict.Verdict, name: str) -> str:
    if name not in row.estimates:
        return "error" if name in row.errors else NOT_MEASURED
    text = three_digits(row.estimates[name].median)
    return f"**{text}**" if row.best == name else text


def laws(run: Measurements) -> str:
    """A line for each fit of the Universal Scalability Law; empty where there is none."""
    lines = []
    for law in ScalingCharts(run, "").laws():
        cells = law.cells()
        if cells:
            lines.append(f"- {law.workload}, {law.implementation}: contention {cells[0]}, coherency {cells[1]}, most at {cells[3]}")
    return "\n".join(["Universal Scalability Law, with 95 % intervals:", "", *lines]) if lines else ""
