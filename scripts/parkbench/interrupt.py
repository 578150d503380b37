"""Ctrl-C that is not lost: Python drops the exception where it comes in the middle of starting a process."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import Optional

_asked = False


def listen() -> None:
    """From now on SIGINT and SIGTERM raise KeyboardInterrupt, at once or at the next check()."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    sys.unraisablehook = _dropped


def check() -> None:
    """Raises what was dropped."""
    if _asked:
        raise KeyboardInterrupt


def _interrupt(_: int, __: Optional[FrameType]) -> None:
    global _asked
    _asked = True
    raise KeyboardInterrupt


def _dropped(told: sys.UnraisableHookArgs) -> None:
    """Where Python drops it, it would print a traceback, too; check() raises it again."""
    if not issubclass(told.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(told)
