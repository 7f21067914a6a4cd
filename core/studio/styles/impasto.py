"""Impasto landscape: a scene built from thick strokes, wet over wet.

Habits: `brush` size of the large brush in pixels, `swirl` how far strokes leave the forms,
`thick` height of the paint, `chroma` broken colour from stroke to stroke, `finish` how much is
restated with small brushes (0..1), `divide` share of short divided dabs.
"""

import numpy as np
from PIL import Image

from core.studio.brief import Brief
from core.studio.brushes import lay_strokes, lift, load_brush, look_up, prime, scatter
from core.studio.canvas import compute_noise, compute_weave, light, soften
from core.studio.scenes.shapes import Shape, compute_colours, compute_ids, compute_traits


def paint_impasto(brief: Brief) -> np.ndarray:
    """A lit, layered scene in strokes."""
    rng = brief.rng
    shapes = brief.compose()
    ids = compute_ids(shapes, brief.size)
    picture = compute_colours(shapes, ids)
    panel = prime(picture * 0.72 + brief.palette.accent * 0.14)
    detail = compute_traits(shapes, ids, "detail") + _find_edges(ids)
    flow = compute_flow(brief, shapes, ids, brief.habit("swirl", 0.5))
    large = brief.habit("brush", 13)
    _lay_pass(brief, panel, picture, flow, large, np.ones_like(detail))
    _lay_pass(brief, panel, picture, flow, large * 0.6, 0.35 + detail)
    _lay_details(brief, panel, picture, flow, detail)
    painted, relief = lift(panel)
    painted = light(painted, soften(relief, 0.6), 0.62 * brief.habit("thick", 1.0))
    return light(painted, compute_weave(rng, brief.size), 0.03)


def compute_flow(brief: Brief, shapes: list[Shape], ids: np.ndarray, swirl: float) -> np.ndarray:
    """Direction of strokes (height, width) in radians: the forms' own, bent by a slow wind."""
    wind = compute_noise(brief.rng, brief.size, (3, 3), 2) - 0.5
    return compute_traits(shapes, ids, "flow") + wind * 2 * np.pi * swirl


def break_colour(rng: np.random.Generator, colours: np.ndarray, amount: float) -> np.ndarray:
    """Colours (N, 3) each mixed a little warmer or cooler, lighter or darker."""
    count = len(colours)
    warm = rng.normal(0, 0.055 * amount, (count, 1)) * np.array([1.0, 0.15, -1.0])
    value = rng.normal(0, 0.06 * amount, (count, 1))
    broken: np.ndarray = colours + warm + value + rng.normal(0, 0.02 * amount, (count, 3))
    return broken


def _lay_pass(
    brief: Brief,
    panel: Image.Image,
    picture: np.ndarray,
    flow: np.ndarray,
    brush: float,
    wanted: np.ndarray,
) -> None:
    """One coat with one brush, where it is wanted (height, width), 0..1."""
    rng = brief.rng
    places = scatter(rng, brief.size, brush * 0.55)
    places = places[rng.random(len(places)) < look_up(wanted, places)]
    colours = break_colour(rng, look_up(picture, places), 0.62 * brief.habit("chroma", 1.0))
    angles = look_up(flow, places) + rng.normal(0, 0.13, len(places))
    angles += np.where(rng.random(len(places)) < 0.5, np.pi, 0.0)
    mark = load_brush("bristle", max(5, round(brush * 2.1)), max(3, round(brush * 0.6)))
    lay_strokes(panel, mark, places, angles, colours, rng)


def _lay_details(
    brief: Brief, panel: Image.Image, picture: np.ndarray, flow: np.ndarray, detail: np.ndarray
) -> None:
    """Small strokes where there is something small to say."""
    rng = brief.rng
    places = scatter(rng, brief.size, 3.2)
    wanted = look_up(detail, places) * brief.habit("finish", 0.8)
    places = places[rng.random(len(places)) < np.clip(wanted, 0.03, 1)]
    colours = break_colour(rng, look_up(picture, places), brief.habit("chroma", 1.0) * 0.5)
    angles = look_up(flow, places) + rng.normal(0, 0.2, len(places))
    lay_strokes(panel, load_brush("flat", 9, 3), places, angles, colours, rng)
    if brief.habit("divide", 0.0) > 0:
        _lay_dabs(brief, panel, picture, flow)


def _lay_dabs(brief: Brief, panel: Image.Image, picture: np.ndarray, flow: np.ndarray) -> None:
    rng = brief.rng
    places = scatter(rng, brief.size, 5.5)
    places = places[rng.random(len(places)) < brief.habit("divide", 0.0)]
    colours = break_colour(rng, look_up(picture, places), 2.2)
    angles = look_up(flow, places)
    lay_strokes(panel, load_brush("dab", 8, 4), places, angles, colours, rng)


def _find_edges(ids: np.ndarray) -> np.ndarray:
    """0.6 where shapes meet, else 0 (height, width)."""
    edges = np.zeros(ids.shape, np.float32)
    edges[:, 1:] += ids[:, 1:] != ids[:, :-1]
    edges[1:] += ids[1:] != ids[:-1]
    return 0.6 * np.clip(edges, 0, 1)
