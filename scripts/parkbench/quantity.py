"""Numbers as people read them: three significant digits, thousands separated, units by the caller."""

from __future__ import annotations

import math
from typing import Optional

NOT_MEASURED = "–"


def three_digits(value: Optional[float]) -> str:
    """12.3, 0.00457, 1,230: three significant digits, thousands separated, never an exponent above 1e-6."""
    if value is None or not math.isfinite(value):
        return NOT_MEASURED
    if value == 0:
        return "0"
    if abs(value) < 1e-6:
        return f"{value:.2e}"
    digits_before_point = math.floor(math.log10(abs(value))) + 1
    rounded = round(value, 3 - digits_before_point)
    digits_before_point = math.floor(math.log10(abs(rounded))) + 1
    return f"{rounded:,.{max(0, 3 - digits_before_point)}f}"


def short(value: float) -> str:
    """39,800,000 as "39.8 M"."""
    scale, unit = next(((scale, unit) for scale, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")) if abs(value) >= scale), (1.0, ""))
    return three_digits(value / scale) + unit


def rate(value: Optional[float]) -> str:
    """Events per operation: what is almost never is told from never."""
    return "< 0.001" if value is not None and 0 < value < 0.001 else three_digits(value)


def percent(share: Optional[float]) -> str:
    """0.0123 as "1.2 %"."""
    if share is None:
        return NOT_MEASURED
    value = 100 * share
    return f"{value:.0f} %" if value >= 10 or value == 0 else f"{value:.1f} %" if value >= 0.05 else "< 0.1 %"


def seconds_as_clock(seconds: float) -> str:
    """75.2 as "1:15"."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def size(kibibytes: Optional[float]) -> str:
    """1024 as "1 MiB"."""
    if kibibytes is None:
        return NOT_MEASURED
    return f"{kibibytes:,.0f} KiB" if kibibytes < 1024 else f"{kibibytes / 1024:,.4g} MiB"


def plural(count: int, noun: str) -> str:
    """1 cell, 2 cells."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(words: list[str]) -> str:
    """a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
