"""Tonalism: one mood, edges lost in mist, thin glazes over a warm ground.

Habits: `mist` how far edges are lost, `glaze` strength of the one colour over all, `vignette`
darkened corners, `touch` visible brushing.
"""

import numpy as np

from core.studio.brief import Brief
from core.studio.brushes import lay_strokes, lift, load_brush, look_up, prime, scatter
from core.studio.canvas import (
    age,
    compute_noise,
    compute_weave,
    light,
    mix,
    smoothstep,
    soften_widely,
    to_float,
    to_image,
)
from core.studio.palettes import blend
from core.studio.scenes.shapes import compute_colours, compute_ids
from core.studio.styles.impasto import break_colour


def paint_tonal(brief: Brief) -> np.ndarray:
    """A hushed scene at dusk, dawn or night."""
    rng, p = brief.rng, brief.palette
    shapes = brief.compose()
    picture = compute_colours(shapes, compute_ids(shapes, brief.size))
    key = blend(p.far, p.glow, rng.uniform(0.2, 0.6))
    picture = mix(picture, np.broadcast_to(key, picture.shape), 0.24 * brief.habit("glaze", 1.0))
    near, wide = soften_widely(picture, 3.0), soften_widely(picture, 14.0)
    drift = compute_noise(rng, brief.size, (3, 6), 3)
    lost = smoothstep(drift, 0.25, 0.85) * brief.habit("mist", 0.75)
    picture = mix(mix(picture, near, 0.75), wide, lost)
    grey = picture.mean(2, keepdims=True)
    picture = (grey + (picture - grey) * 1.25 - 0.45) * 1.12 + 0.45
    picture = _rub(brief, picture)
    picture = age(picture, rng, 0.6 * brief.habit("vignette", 1.0))
    return light(picture, compute_weave(rng, brief.size, 3.2), 0.045)


def _rub(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """Long soft strokes, then rubbed with a rag."""
    rng = brief.rng
    panel = prime(picture)
    places = scatter(rng, brief.size, 9.5)
    colours = break_colour(rng, look_up(picture, places), 0.45)
    angles = rng.normal(0, 0.25, len(places))
    lay_strokes(panel, load_brush("bristle", 26, 7), places, angles, colours, rng)
    painted, relief = lift(panel)
    touch = brief.habit("touch", 0.5)
    painted = mix(picture, painted, 0.35 + 0.5 * touch)
    rubbed = to_float(to_image(painted))
    return light(rubbed, relief, 0.09 * touch)
