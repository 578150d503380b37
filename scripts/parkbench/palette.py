"""One colour and one marker per implementation, the same in every chart: Okabe and Ito's, safe for the colour-blind."""

from __future__ import annotations

from dataclasses import dataclass

from .measurements import OWN

# (light background, dark background); the first is ours
COLOURS = (
    ("#d1480b", "#ff8a4c"),
    ("#0072b2", "#56b4e9"),
    ("#008566", "#2fc79b"),
    ("#b8578c", "#e39ac6"),
    ("#8a6d00", "#e0bd3c"),
    ("#4f5bd5", "#9aa5ff"),
    ("#6b6f76", "#a9adb5"),
    ("#5c3a21", "#c79c7c"),
)
ALWAYS = (OWN, "std", "condvar", "posix")
MARKERS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star")


@dataclass(frozen=True)
class Style:
    """How an implementation is drawn. Colours are CSS variables of the page, which dark mode changes."""

    name: str
    title: str
    slot: int
    hollow: bool = False  # colour and marker are another's too: all were given away

    @property
    def colour(self) -> str:
        return f"var(--series-{self.slot})"

    @property
    def band(self) -> str:
        return f"var(--series-{self.slot}-band)"

    @property
    def marker(self) -> str:
        return MARKERS[self.slot] + ("-open" if self.hollow else "")

    @property
    def width(self) -> float:
        return 3.5 if self.name == OWN else 1.75


def styles(implementations: dict[str, str]) -> dict[str, Style]:
    """A style for each implementation of a catalogue. Those that every machine has look the same on every page."""
    others = [name for name in implementations if name not in ALWAYS]
    order = [*ALWAYS, *others]
    places = {name: order.index(name) for name in implementations}
    return {
        name: Style(name, title, places[name] % len(COLOURS), places[name] >= len(COLOURS))
        for name, title in implementations.items()
    }


def css_variables(dark: bool) -> str:
    """The colours as CSS variables."""
    return "".join(
        f"--series-{slot}:{pair[dark]};--series-{slot}-band:{pair[dark]}{'33' if dark else '26'};"
        for slot, pair in enumerate(COLOURS)
    )
