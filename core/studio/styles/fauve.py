"""Fauvism: a scene in colours it never had, flat and fast, drawn with a loaded brush.

Habits: `contour` weight of the drawn line in pixels, `bare` share of ground left showing,
`patch` size of the strokes, `shift` how freely hues are exchanged (0..1).
"""

import numpy as np

from core.studio.brief import Brief
from core.studio.brushes import lay_strokes, lift, load_brush, look_up, prime, scatter
from core.studio.canvas import compute_noise, compute_weave, light, mix
from core.studio.palettes import blend
from core.studio.scenes.shapes import (
    Shape,
    compute_colours,
    compute_ids,
    compute_traits,
    draw_contours,
)
from core.studio.styles.impasto import break_colour


def paint_fauve(brief: Brief) -> np.ndarray:
    """Loud planes, visible ground, thick dark or coloured contours."""
    rng, p = brief.rng, brief.palette
    shapes = [_recolour(brief, shape) for shape in brief.compose()]
    ids = compute_ids(shapes, brief.size)
    picture = compute_colours(shapes, ids)
    ground = np.broadcast_to(blend(p.light, p.glow, 0.3), picture.shape)
    panel = prime(mix(picture, ground, 0.55))
    patch = brief.habit("patch", 15)
    places = scatter(rng, brief.size, patch * 0.62)
    places = places[rng.random(len(places)) > brief.habit("bare", 0.18)]
    flow = compute_traits(shapes, ids, "flow")
    angles = look_up(flow, places) + rng.normal(0, 0.22, len(places))
    colours = break_colour(rng, look_up(picture, places), 1.1)
    brush = load_brush("flat", round(patch * 1.5), round(patch * 0.7))
    lay_strokes(panel, brush, places, angles, colours, rng)
    painted, relief = lift(panel)
    painted = mix(painted, picture, 0.25)
    ink = draw_contours(shapes, brief.size, brief.habit("contour", 3.0), 2, 0.0025, rng)
    skip = compute_noise(rng, brief.size, (14, 14), 2)
    line = blend(p.dark, [p.sky, p.accent, p.dark][int(rng.integers(0, 3))], 0.35)
    painted = mix(painted, line, ink * np.clip(skip * 2.4, 0, 1))
    return light(light(painted, relief + 0.3 * ink, 0.24), compute_weave(rng, brief.size), 0.045)


def _recolour(brief: Brief, shape: Shape) -> Shape:
    """The shape with its hue exchanged for a loud one of about the same value, at times."""
    rng, p = brief.rng, brief.palette
    if rng.random() > brief.habit("shift", 0.55):
        return shape
    loud = [*p.inks, p.glow, p.light]
    value = float(shape.top.mean())
    nearest = sorted(loud, key=lambda ink: abs(float(ink.mean()) - value))[:4]
    ink = nearest[int(rng.integers(0, 4))]
    bottom = blend(ink, shape.bottom, 0.3) if rng.random() < 0.6 else ink
    return Shape(shape.points, ink, bottom, shape.flow, shape.line, shape.volume, shape.detail)
