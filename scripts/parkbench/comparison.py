"""The comparison with peers as text: all side by side, in ns, and as ratios to the best peer and to the floor."""

from __future__ import annotations

from typing import Callable, Optional

from .catalogue import Cell
from .estimate import Estimate, spread_in_words
from .measurements import OWN, Measurements
from .quantity import NOT_MEASURED, three_digits
from .verdict import Verdict, factor, told_apart, verdicts


def as_text(run: Measurements) -> str:
    """All tables, each with a line that says what it shows."""
    rows = verdicts(run)
    parts = [
        f"ns per operation ± half the spread ({spread_in_words(run.repetitions)})",
        table(run, rows, time_and_spread, standing),
        f"\nratio to the best peer, ~ where the two are within the noise; peers are all but {OWN} and the floors",
        table(run, rows, lambda row, name: ratio(run, row, name, row.rival), lambda row: named(row, row.rival)),
    ]
    if run.floors:
        parts += [
            "\nratio to the floor, the least code that does this workload by one means, ~ where within the noise",
            table(run, rows, lambda row, name: ratio(run, row, name, row.floor), lambda row: named(row, row.floor)),
        ]
    for key, words in (
        ("cpu_ns_per_op", "CPU time of all threads per operation, ns"),
        ("least_greatest_share", "least over greatest share of the threads in one second"),
    ):
        told = [row for row in rows if any(counter(run, row, name, key) is not None for name in run.implementations)]
        if told:
            parts += [f"\n{words}", table(run, told, lambda row, name: three_digits(counter(run, row, name, key)))]
    return "\n".join(parts)


def table(
    run: Measurements,
    rows: list[Verdict],
    cell: Callable[[Verdict, str], str],
    last: Optional[Callable[[Verdict], str]] = None,
) -> str:
    """A column for each implementation, and one of words."""
    lines = [["", "threads", *run.implementations, ""]]
    for row in rows:
        texts = [cell(row, name) for name in run.implementations]
        lines.append([row.workload.name, str(row.threads), *texts, last(row) if last else ""])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(t.rjust(w) for t, w in zip(line[1:-1], widths[1:-1])), line[-1]]
        ).rstrip()
        for line in lines
    )


def time_and_spread(row: Verdict, name: str) -> str:
    found = row.estimates.get(name)
    if not found:
        return "error" if name in row.errors else NOT_MEASURED
    return f"{three_digits(found.median)} ±{50 * found.relative_width:.0f}%"


def ratio(run: Measurements, row: Verdict, name: str, to: Optional[str]) -> str:
    """1.25, or ~1.03 where the noise does not part the two."""
    found, base = row.estimates.get(name), row.estimates.get(to) if to else None
    if not found or not base:
        return NOT_MEASURED
    mark = "~" if name != to and is_noise(run, row, found, base) else ""
    return mark + three_digits(found.median / base.median)


def is_noise(run: Measurements, row: Verdict, one: Estimate, other: Estimate) -> bool:
    return not told_apart(one, other, run.typical_width(row.workload.name) or 0.0)


def standing(row: Verdict) -> str:
    """Where ours stands against the best peer, in words."""
    if row.ratio is None:
        return ""
    if row.ratio_is_noise:
        return f"{OWN} within the noise of {row.rival}"
    return (
        f"{OWN} {factor(1 / row.ratio)} faster than {row.rival}"
        if row.ratio < 1
        else f"{OWN} {factor(row.ratio)} slower than {row.rival}"
    )


def named(row: Verdict, name: Optional[str]) -> str:
    return f"{name}: {three_digits(row.estimates[name].median)} ns" if name else ""


def counter(run: Measurements, row: Verdict, name: str, key: str) -> Optional[float]:
    return run.counter(Cell(row.workload.name, name, row.threads), key)
