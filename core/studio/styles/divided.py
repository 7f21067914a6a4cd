"""Pointillism: divided dots of unmixed colour that the eye puts together.

Habits: `dot` size in pixels, `divide` strength of the division of hue, `border` share of works
with a painted border of complementary dots, `dabs` 1 for small bricks of paint instead of dots.
"""

import numpy as np
from PIL import Image

from core.studio.brief import Brief
from core.studio.brushes import lay_strokes, lift, load_brush, look_up, prime, scatter
from core.studio.canvas import compute_weave, light
from core.studio.scenes.shapes import compute_colours, compute_ids
from core.studio.styles.impasto import compute_flow


def paint_divided(brief: Brief) -> np.ndarray:
    """A still, luminous scene in dots."""
    rng = brief.rng
    shapes = brief.compose()
    ids = compute_ids(shapes, brief.size)
    picture = compute_colours(shapes, ids)
    if rng.random() < brief.habit("border", 0.2):
        picture = _add_border(picture)
    grey = picture.mean(2, keepdims=True)
    picture = grey + (picture - grey) * 1.2
    panel = prime(picture * 0.55 + brief.palette.light * 0.42)
    flow = compute_flow(brief, shapes, ids, 0.3)
    dot = brief.habit("dot", 5.0)
    _dot_over(brief, panel, picture, flow, dot * 1.25, 0.8, 0.5)
    _dot_over(brief, panel, picture, flow, dot, 0.92, 1.0)
    painted, relief = lift(panel)
    painted = light(painted, relief, 0.2)
    return light(painted, compute_weave(rng, brief.size), 0.03)


def _dot_over(
    brief: Brief,
    panel: Image.Image,
    picture: np.ndarray,
    flow: np.ndarray,
    dot: float,
    spacing: float,
    strength: float,
) -> None:
    rng = brief.rng
    places = scatter(rng, brief.size, dot * spacing, 0.7)
    colours = divide(rng, look_up(picture, places), strength * brief.habit("divide", 1.0))
    if brief.habit("dabs", 0.0) > 0.5:
        brush, angles = (
            load_brush("dab", round(dot * 1.5), max(3, round(dot * 0.85))),
            look_up(flow, places),
        )
    else:
        brush, angles = load_brush("dot", round(dot), round(dot)), np.zeros(len(places))
    lay_strokes(panel, brush, places, angles, colours, rng)


def divide(rng: np.random.Generator, colours: np.ndarray, strength: float) -> np.ndarray:
    """Colours (N, 3) split: most keep their hue, some go warm, cool or to the complement.

    After Chevreul's simultaneous contrast: light parts answered by orange, shade by blue.
    """
    count = len(colours)
    value = colours.mean(1, keepdims=True)
    hue = (colours - value) * 1.25 + value
    kind = rng.random((count, 1))
    warm = hue + np.array([0.20, 0.06, -0.16]) * strength
    cool = hue + np.array([-0.17, -0.03, 0.17]) * strength
    answer = value - (colours - value) * 0.9 * strength
    split = np.where(
        kind < 0.48, hue, np.where(kind < 0.7, warm, np.where(kind < 0.92, cool, answer))
    )
    dabs: np.ndarray = split + rng.normal(0, 0.045, (count, 1))
    return dabs


def _add_border(picture: np.ndarray) -> np.ndarray:
    """A border in the complement of what it borders on."""
    rim = max(8, picture.shape[0] // 28)
    framed = picture.copy()
    inverse = np.clip(
        0.62 - 0.75 * (picture - picture.mean(2, keepdims=True)) - 0.35 * picture, 0, 1
    )
    for part in (np.s_[:rim], np.s_[-rim:], np.s_[:, :rim], np.s_[:, -rim:]):
        framed[part] = inverse[part]
    return framed
