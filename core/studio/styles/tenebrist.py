"""Tenebrism: one light in a dark room, bodies turned by shading, varnish and craquelure.

Habits: `dark` depth of the shadow, `crack` of the varnish, `side` where the light falls from
(-1 left, 1 right), `warm` colour of the light.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from core.studio.brief import Brief
from core.studio.brushes import lay_strokes, lift, load_brush, look_up, prime, scatter
from core.studio.canvas import (
    age,
    compute_noise,
    compute_positions,
    compute_weave,
    crack,
    light,
    mix,
    soften_widely,
    to_float,
)
from core.studio.scenes.shapes import Shape, compute_colours, compute_ids
from core.studio.styles.impasto import break_colour


def paint_tenebrist(brief: Brief) -> np.ndarray:
    """A still life or a sitter out of the dark."""
    rng = brief.rng
    shapes = brief.compose()
    picture = compute_colours(shapes, compute_ids(shapes, brief.size))
    volume = _model(brief, shapes)
    if brief.subject == "bust":
        x, _ = compute_positions(brief.size)
        volume = volume * (1 + 1.1 * brief.habit("side", -1.0) * (x - brief.aspect / 2))
    picture = picture * (0.5 + 0.95 * volume)[..., None]
    picture = mix(picture, soften_widely(picture, 2.2), 0.5)
    picture = _light_room(brief, picture)
    picture = _blend_strokes(brief, picture)
    picture = age(picture, rng, 0.7)
    picture = crack(picture, rng, brief.habit("crack", 0.5))
    return light(picture, compute_weave(rng, brief.size, 3.4), 0.03)


def _model(brief: Brief, shapes: list[Shape]) -> np.ndarray:
    """Light on rounded bodies (height, width), 0..1, 0.45 where flat.

    Each round shape's mask is blurred into a dome; the slope of the dome catches the light.
    """
    side = brief.habit("side", -1.0)
    dome = Image.new("L", brief.size, 0)
    draw = ImageDraw.Draw(dome)
    height = brief.size[1]
    for shape in shapes:
        outline = [(x * height, y * height) for x, y in shape.points.tolist()]
        draw.polygon(outline, fill=int(40 + 200 * shape.volume) if shape.volume > 0.25 else 0)
    slope = np.zeros(dome.size[::-1], np.float32)
    for radius, weight in ((2.5, 0.5), (7, 1.0), (16, 1.3)):
        soft = to_float(dome.filter(ImageFilter.GaussianBlur(radius)))
        slope[:, 1:-1] += weight * radius * (soft[:, 2:] - soft[:, :-2]) * -side
        slope[1:-1] += weight * radius * (soft[2:] - soft[:-2]) * 0.7
    return np.clip(0.45 + 0.42 * slope, 0, 1)


def _light_room(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """Everything out of the beam sinks into warm darkness."""
    rng, p = brief.rng, brief.palette
    x, y = compute_positions(brief.size)
    side = brief.habit("side", -1.0)
    cx = brief.aspect * (0.5 + 0.1 * side + rng.normal(0, 0.05))
    cy = 0.58 if brief.subject != "bust" else 0.4
    reach = rng.uniform(0.36, 0.5)
    spill = np.hypot((x - cx) / 1.15, y - cy) / reach
    spill = spill + (compute_noise(rng, brief.size, (4, 4), 2) - 0.5) * 0.35
    beam = np.exp(-(spill**2) * 0.9)
    warm = np.array([1.1, 1.0, 0.86], np.float32) * (0.95 + 0.1 * brief.habit("warm", 1.0))
    lit = _expose(picture * warm)
    floor = p.dark * 0.6 + picture * 0.14
    depth = brief.habit("dark", 1.0)
    return mix(floor, lit, np.clip(beam * 1.15, 0, 1) ** depth)


def _expose(picture: np.ndarray) -> np.ndarray:
    """Brighter, with lights that roll off and keep their hue."""
    peak = np.maximum(picture.max(2, keepdims=True), 1e-3)
    grey = picture.mean(2, keepdims=True)
    rich = grey + (picture - grey) * 1.3
    toned: np.ndarray = rich * (1.04 * (1 - np.exp(-1.9 * peak)) / peak)
    return toned


def _blend_strokes(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """Smooth, close strokes with thicker lights."""
    rng = brief.rng
    panel = prime(picture)
    places = scatter(rng, brief.size, 6.5)
    colours = break_colour(rng, look_up(picture, places), 0.28)
    angles = rng.uniform(0, 2 * np.pi, len(places))
    lay_strokes(panel, load_brush("bristle", 11, 5), places, angles, colours, rng)
    painted, relief = lift(panel)
    painted = mix(picture, painted, 0.4)
    return light(painted, relief * picture.max(2), 0.2)
