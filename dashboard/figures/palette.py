"""Colours of classes and quadrants: the same on every page, told apart by most colour-blind eyes.

No 27 colours can be told apart, so a class is a colour of nine (after Okabe and Ito, and Tol) and
a shape of five. Both read on a light and on a dark page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.findings.quadrants import Quadrant

ACCENT: Final = "#c2553d"
NEUTRAL: Final = "#8a857c"
FAINT: Final = "rgba(138, 133, 124, 0.28)"
LINE: Final = "rgba(138, 133, 124, 0.85)"
GRID: Final = "rgba(138, 133, 124, 0.18)"
SHADE: Final = "rgba(138, 133, 124, 0.14)"

QUADRANT_COLOURS: Final[dict[Quadrant, str]] = {
    "genuine outlier": "#d55e00",
    "hard example": "#b565a7",
    "uncertain but right": "#56a3d9",
    "typical": "#7d8794",
    "unlabelled": "#b5b0a6",
    "not judged": "#cfc9bd",
}

_COLOURS: Final = (
    "#3b7fc4",  # blue
    "#e69f00",  # orange
    "#1a9e76",  # green
    "#d55e00",  # vermilion
    "#cc79a7",  # pink
    "#56b4e9",  # sky
    "#8e6bd1",  # violet
    "#a3a32f",  # olive
    "#a0785a",  # brown
)
_SYMBOLS: Final = ("circle", "diamond", "square", "triangle-up", "cross")


@dataclass(frozen=True)
class Mark:
    """How one class is drawn."""

    colour: str
    symbol: str


def mark_classes(classes: tuple[str, ...]) -> dict[str, Mark]:
    """The mark of each class, by its place in the run's class list."""
    return {
        name: Mark(
            _COLOURS[place % len(_COLOURS)], _SYMBOLS[place // len(_COLOURS) % len(_SYMBOLS)]
        )
        for place, name in enumerate(classes)
    }
