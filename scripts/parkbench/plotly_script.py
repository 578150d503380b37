"""Where plotly.js comes from: the page embeds it, so that it needs no network."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from .problem import Problem


@functools.lru_cache(maxsize=None)
def plotly_js() -> str:
    """$PARK_PLOTLY_JS, else the newest in the cache that scripts/setup fills, else the large one of Python's plotly."""
    named = os.environ.get("PARK_PLOTLY_JS")
    try:
        if named:
            return Path(named).read_text(encoding="utf-8")
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "park"
        cached = sorted(cache.glob("plotly-*.min.js"), key=lambda path: path.stat().st_mtime)
        if cached:
            return cached[-1].read_text(encoding="utf-8")
        from plotly.offline import get_plotlyjs

        return get_plotlyjs()
    except OSError as error:
        raise Problem(f"cannot read plotly.js from {error.filename} ({error.strerror}); run scripts/setup") from None
    except ImportError:
        raise Problem(
            "there is no plotly.js to embed; run scripts/setup, or set PARK_PLOTLY_JS to a plotly.min.js"
        ) from None
