"""Faceted cubism: a motif broken into tilted planes, each seen from its own place.

Habits: `facets` how many cuts, `shift` how far each plane is displaced (heights), `edge` weight
of drawn edges, `stipple` share of planes filled with dabs, `tone` pull towards one sober tone.
"""

import numpy as np

from core.studio.brief import Brief
from core.studio.brushes import lay_strokes, lift, load_brush, look_up, prime, scatter
from core.studio.canvas import compute_positions, compute_weave, light, mix, to_float, to_image
from core.studio.palettes import blend
from core.studio.scenes.shapes import compute_colours, compute_ids
from core.studio.styles.impasto import break_colour


def paint_faceted(brief: Brief) -> np.ndarray:
    """Planes that tilt and overlap, light at one edge and dark at the other."""
    rng, p = brief.rng, brief.palette
    shapes = brief.compose()
    motif = compute_colours(shapes, compute_ids(shapes, brief.size, 2))
    motif = to_float(to_image(motif).reduce(2))
    number, slant, edge = _cut(brief)
    picture = _shift_planes(brief, motif, number)
    tone = blend(p.mid, p.far, rng.random())
    tone = blend(tone, np.full(3, tone.mean(), np.float32), 0.35)
    grey = picture.mean(2, keepdims=True) * (tone / tone.mean())
    picture = mix(picture, grey.astype(np.float32), brief.habit("tone", 0.55))
    count = int(number.max()) + 1
    level = rng.normal(1.0, 0.16, count).astype(np.float32)[number]
    picture = picture * (level + 0.55 * slant)[..., None]
    lines = np.exp(-((edge / (0.0022 * brief.habit("edge", 1.0))) ** 2))
    drawn = (rng.random(count) < 0.75).astype(np.float32)[number]
    picture = mix(picture, p.dark, lines * drawn * 0.7)
    return _work_planes(brief, picture, number, count)


def _cut(brief: Brief) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Planes numbered, the tilt of each pixel within its plane (-1..1), distance to an edge."""
    rng, shape = brief.rng, brief.size[::-1]
    x, y = compute_positions(brief.size)
    code = np.zeros(shape, np.int64)
    edge = np.full(shape, 9.0, np.float32)
    slant = np.zeros(shape, np.float32)
    angles = rng.choice([0.5, 1.05, 2.1, 2.6, 1.57, 0.05], int(brief.habit("facets", 13)))
    for i, angle in enumerate(angles + rng.normal(0, 0.13, len(angles))):
        cx, cy = rng.uniform(0.05, 0.95) * brief.aspect, rng.uniform(0.05, 0.95)
        distance = ((x - cx) * np.sin(angle) - (y - cy) * np.cos(angle)).astype(np.float32)
        along = (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle)
        stop = rng.uniform(-0.1, 0.35)
        active = along * rng.choice([-1, 1]) < stop
        code += np.where(active & (distance > 0), np.int64(1) << i, 0)
        edge = np.where(active, np.minimum(edge, np.abs(distance)), edge)
        nearby = np.exp(-np.abs(distance) / 0.11) * active
        slant += np.sign(distance) * nearby * rng.choice([-1, 1])
    _codes, number = np.unique(code, return_inverse=True)
    return number.reshape(shape), np.clip(slant, -1, 1) * 0.5, edge


def _shift_planes(brief: Brief, motif: np.ndarray, number: np.ndarray) -> np.ndarray:
    """The motif as each plane sees it: displaced, a little enlarged."""
    rng, (width, height) = brief.rng, brief.size
    count = int(number.max()) + 1
    moved = rng.normal(0, brief.habit("shift", 0.055) * height, (count, 2))
    zoom = rng.uniform(0.86, 1.12, count)
    rows, columns = np.mgrid[0:height, 0:width]
    cx, cy = width / 2, height / 2
    from_x = cx + (columns - cx) * zoom[number] + moved[number, 0]
    from_y = cy + (rows - cy) * zoom[number] + moved[number, 1]
    seen: np.ndarray = motif[
        np.clip(from_y, 0, height - 1).astype(int), np.clip(from_x, 0, width - 1).astype(int)
    ]
    return seen


def _work_planes(brief: Brief, picture: np.ndarray, number: np.ndarray, count: int) -> np.ndarray:
    """Short brushing along each plane, dabs in some."""
    rng = brief.rng
    panel = prime(picture)
    tilt = rng.uniform(0, np.pi, count)
    places = scatter(rng, brief.size, 6.2)
    plane = look_up(number, places)
    far = places + np.stack([np.cos(tilt[plane]), np.sin(tilt[plane])], 1) * 6
    inside = look_up(number, far) == plane
    places, plane = places[inside], plane[inside]
    dabbed = rng.random(count) < brief.habit("stipple", 0.25)
    strength = np.where(dabbed[plane], 1.6, 0.5)[:, None]
    base = look_up(picture, places)
    colours = base + (break_colour(rng, base, 1.0) - base) * strength
    lay_strokes(panel, load_brush("bristle", 11, 5), places, tilt[plane], colours, rng)
    painted, relief = lift(panel)
    painted = mix(picture, painted, 0.75)
    return light(light(painted, relief, 0.22), compute_weave(rng, brief.size), 0.04)
