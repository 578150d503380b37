"""The progress line: on a terminal one line that rewrites itself, elsewhere a line every few seconds."""

from __future__ import annotations

import shutil
import sys
import time
from typing import Optional, TextIO

from . import interrupt
from .quantity import seconds_as_clock

EVERY_S = 5.0


class Progress:
    """Counts steps of a known cost and tells what is done and how long the rest will take."""

    def __init__(self, total: int, expected_s: float, stream: Optional[TextIO] = None):
        self.total, self.expected_s, self.stream = total, max(expected_s, 1e-3), stream or sys.stderr
        self.rewrites = self.stream.isatty()
        self.done, self.start, self.last_line = 0, time.monotonic(), -EVERY_S

    def remaining_s(self) -> float:
        """The plan's guess at first, what was seen so far later on."""
        elapsed, share = time.monotonic() - self.start, self.done / max(1, self.total)
        planned = self.expected_s * (1 - share)
        seen = elapsed * (1 - share) / share if share else planned
        return share * seen + (1 - share) * planned

    def step(self, label: str) -> None:
        """Show the step that begins now, unless somebody wants an end."""
        interrupt.check()
        now = time.monotonic() - self.start
        place = f"{self.done + 1:>{len(str(self.total))}}/{self.total}"
        line = f"[{place}] {label}, {seconds_as_clock(self.remaining_s())} left"
        if self.rewrites:
            width = shutil.get_terminal_size().columns - 1
            self.write(f"\r{line[:width]:<{width}}")
        elif now - self.last_line >= EVERY_S:
            self.last_line = now
            self.write(line + "\n")
        self.done += 1

    def skip(self) -> None:
        """One step less to do than was known."""
        self.expected_s *= (self.total - 1) / max(1, self.total)
        self.total -= 1

    def add(self, steps: int, expected_s: float) -> None:
        """More to do than was known."""
        self.total += steps
        self.expected_s += expected_s

    def say(self, line: str) -> None:
        """A line that stays."""
        self.clear()
        self.write(line + "\n")

    def clear(self) -> None:
        if self.rewrites:
            self.write("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r")

    def write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
