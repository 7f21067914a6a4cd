"""Colours of classes, quadrants and scores: the same on every page and in every run.

A class is a colour of thirty and a shape of five. The colours were searched (``python -m
bench.palette_search``): any two are at least 0.099 apart in OKLab and 0.047 for each kind of
colour-blind eye, and all stand out from the light and the dark page. The ramps go in equal
steps from faint to strong against the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.findings.labels.quadrants import Quadrant

ACCENT: Final = "#c2553d"
NEUTRAL: Final = "#8a857c"
GRID: Final = "rgba(138, 133, 124, 0.18)"

QUADRANT_COLOURS: Final[dict[Quadrant, str]] = {
    "genuine outlier": "#d55e00",
    "hard example": "#a03d94",
    "uncertain but right": "#3f9bdc",
    "leans elsewhere": "#4b5ae1",
    "typical": "#98a1ac",
    "unlabelled": "#b5b0a6",
    "not judged": "#cfc9bd",
    "other depth": "#6fa287",
}

COLOURS: Final = (
    "#6dce55",
    "#791879",
    "#e79eff",
    "#db493d",
    "#18929e",
    "#3d4924",
    "#3d55ce",
    "#1892ff",
    "#ff9e9e",
    "#248600",
    "#616186",
    "#b6246d",
    "#b69286",
    "#9e92db",
    "#920000",
    "#f37900",
    "#867955",
    "#795500",
    "#e76dc2",
    "#613d55",
    "#aa55c2",
    "#006d61",
    "#61aa00",
    "#9eb679",
    "#00cece",
    "#b66186",
    "#003daa",
    "#7949aa",
    "#9e4949",
    "#796de7",
)
SHAPES: Final = ("circle", "diamond", "square", "triangle", "cross")

RAMPS: Final = {  # a score's colours from low to high, by the page they are drawn on
    "light": (
        *("#d2cca7", "#d0b981", "#d2a35d", "#d58c3b", "#cc762e", "#c06027"),
        *("#b44a24", "#a23828", "#8c2b2b", "#771e2b", "#611328"),
    ),
    "dark": (
        *("#4e3f68", "#6e4273", "#8e4471", "#ac4764", "#c3545a", "#d76752"),
        *("#e87c48", "#f29648", "#f6b157", "#f7cc6f", "#f8e68e"),
    ),
}

# WikiArt's styles, so that each keeps its colour in every collection; the largest come first.
_KNOWN: Final = (
    "Impressionism",
    "Realism",
    "Romanticism",
    "Expressionism",
    "Post_Impressionism",
    "Symbolism",
    "Art_Nouveau_Modern",
    "Baroque",
    "Abstract_Expressionism",
    "Northern_Renaissance",
    "Naive_Art_Primitivism",
    "Cubism",
    "Rococo",
    "Color_Field_Painting",
    "Pop_Art",
    "Early_Renaissance",
    "High_Renaissance",
    "Minimalism",
    "Mannerism_Late_Renaissance",
    "Ukiyo_e",
    "Fauvism",
    "Pointillism",
    "Contemporary_Realism",
    "New_Realism",
    "Synthetic_Cubism",
    "Analytical_Cubism",
    "Action_painting",
)


@dataclass(frozen=True)
class Glyph:
    """How one class is drawn."""

    colour: str
    shape: str


def assign_glyphs(classes: Sequence[str]) -> dict[str, Glyph]:
    """The glyph of each class: WikiArt's styles have their own, others take the free ones."""
    known = {name: place for place, name in enumerate(_KNOWN) if name in set(classes)}
    free = (place for place in range(len(classes) + len(_KNOWN)) if place not in known.values())
    return {name: _glyph(known[name] if name in known else next(free)) for name in classes}


def _glyph(place: int) -> Glyph:
    lap, step = divmod(place, len(COLOURS))
    return Glyph(COLOURS[step], SHAPES[(step + lap) % len(SHAPES)])
