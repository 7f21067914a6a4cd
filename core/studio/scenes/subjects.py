"""Subjects by name, and the genre a cataloguer files each under."""

from collections.abc import Callable

import numpy as np

from core.studio.palettes import Palette
from core.studio.scenes import figures, landscapes, tables, towns
from core.studio.scenes.shapes import Shape

Composer = Callable[[np.random.Generator, float, Palette], list[Shape]]

_COMPOSERS: dict[str, Composer] = {
    "hills": landscapes.compose_hills,
    "river": landscapes.compose_river,
    "mountain": landscapes.compose_mountain,
    "wood": landscapes.compose_wood,
    "sea": landscapes.compose_sea,
    "harbour": landscapes.compose_harbour,
    "roofs": towns.compose_roofs,
    "street": towns.compose_street,
    "bridge": towns.compose_bridge,
    "fruit": tables.compose_fruit,
    "candle": tables.compose_candle,
    "bouquet": tables.compose_bouquet,
    "bust": figures.compose_bust,
}

GENRES: dict[str, str] = {
    "hills": "landscape",
    "river": "landscape",
    "mountain": "landscape",
    "wood": "landscape",
    "sea": "seascape",
    "harbour": "seascape",
    "roofs": "cityscape",
    "street": "cityscape",
    "bridge": "cityscape",
    "fruit": "still_life",
    "candle": "still_life",
    "bouquet": "flower_painting",
    "bamboo": "flower_painting",
    "plum": "flower_painting",
    "pine": "landscape",
    "bust": "portrait",
    "abstract": "abstract_painting",
}


def compose(subject: str, rng: np.random.Generator, aspect: float, palette: Palette) -> list[Shape]:
    """The shapes of a subject, back to front, for a picture `aspect` times as wide as high."""
    return _COMPOSERS[subject](rng, aspect, palette)
