"""Colour field: large soft masses of thinned paint that seem to hover.

Habits (weights of the families): `stacked`, `veils`, `zips`, `halo`; `feather` softness of edges;
`scumble` visible brushing.
"""

import numpy as np

from core.studio.brief import Brief
from core.studio.canvas import (
    compute_noise,
    compute_positions,
    compute_weave,
    fill,
    light,
    mix,
    smoothstep,
)
from core.studio.palettes import blend

_FAMILIES = ("stacked", "veils", "zips", "halo")


def paint_colour_field(brief: Brief) -> np.ndarray:
    """Hovering fields, a few colours, edges that breathe."""
    rng = brief.rng
    weights = np.array([brief.habit(name, 0.0) for name in _FAMILIES])
    family = rng.choice(_FAMILIES, p=weights / weights.sum()) if weights.any() else "stacked"
    ground = blend(_pick(brief), brief.palette.dark, rng.uniform(0, 0.45))
    picture = _scumble(brief, fill(brief.size, ground), 0.1)
    picture = _PAINTERS[str(family)](brief, picture)
    return light(picture, compute_weave(rng, brief.size, 2.6), 0.035)


def _pick(brief: Brief) -> np.ndarray:
    return brief.palette.inks[int(brief.rng.integers(0, 6))]


def _scumble(brief: Brief, picture: np.ndarray, amount: float) -> np.ndarray:
    """Broad, half-dry brushing: value moved by drawn-out noise."""
    width, height = brief.size
    drawn = compute_noise(brief.rng, brief.size, (width / 34, height / 3.5))
    cloud = compute_noise(brief.rng, brief.size, (5, 5), 3)
    amount *= brief.habit("scumble", 1.0)
    return picture * (1 + amount * (0.7 * drawn + 1.3 * cloud - 1.0) * 2)[..., None]


def _lay(brief: Brief, picture: np.ndarray, cover: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """A thin coat: cover (height, width) 0..1, uneven, letting the ground glow through."""
    thin = compute_noise(brief.rng, brief.size, (4, 6), 3)
    coat = _scumble(brief, fill(brief.size, ink), 0.13)
    return mix(picture, coat, cover * (0.7 + 0.3 * thin))


def _stack(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """Two to four soft oblongs, one above another."""
    rng = brief.rng
    x, y = compute_positions(brief.size)
    count = int(rng.integers(2, 5))
    cuts = np.cumsum(np.concatenate([[0], rng.dirichlet(np.full(count, 3.0))]))
    gap, feather = rng.uniform(0.012, 0.035), brief.habit("feather", 0.035)
    side = rng.uniform(0.05, 0.1)
    for top, bottom in zip(0.05 + 0.9 * cuts[:-1] + gap, 0.05 + 0.9 * cuts[1:] - gap, strict=True):
        wander = (compute_noise(rng, brief.size, (7, 7), 4) - 0.5) * feather * 1.1
        left = x - side * brief.aspect
        right = brief.aspect * (1 - side) - x
        inside = np.minimum(np.minimum(left, right), np.minimum(y - top, bottom - y)) + wander
        ink = blend(
            _pick(brief),
            [brief.palette.dark, brief.palette.light][rng.integers(0, 2)],
            rng.uniform(0, 0.3),
        )
        picture = _lay(brief, picture, smoothstep(inside, -feather * 0.6, feather), ink)
    return picture


def _veil(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """Poured veils that run down, or up, the bare cloth and overlap."""
    rng, p = brief.rng, brief.palette
    x, y = compute_positions(brief.size)
    picture = mix(picture, fill(brief.size, blend(p.light, p.glow, 0.15)), 0.92)
    fall = y if rng.random() < 0.5 else 1 - y
    for _ in range(int(rng.integers(4, 9))):
        centre, half = rng.uniform(0.15, 0.85) * brief.aspect, rng.uniform(0.06, 0.24)
        sway = (compute_noise(rng, brief.size, (2, 3), 2) - 0.5) * 0.22
        reach = rng.uniform(0.75, 1.25) + (compute_noise(rng, brief.size, (12, 2), 2) - 0.5) * 0.3
        spread = half * (1 + 0.5 * fall)
        across = spread - np.abs(x - centre + sway)
        cover = smoothstep(across, -0.012, 0.018) * smoothstep(reach - fall, -0.02, 0.05)
        rim = np.exp(-((across / 0.016) ** 2)) * 0.25
        glaze = picture * (0.35 + 0.65 * _pick(brief))
        picture = mix(picture, mix(_lay(brief, picture, cover, _pick(brief)), glaze, 0.3), cover)
        picture = picture * (1 - (rim * cover)[..., None])
    return picture


def _zip(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """One saturated field, cut by a few thin upright bands with breathing edges."""
    rng, p = brief.rng, brief.palette
    x, _ = compute_positions(brief.size)
    picture = _lay(brief, picture, np.ones(brief.size[::-1], np.float32), _pick(brief))
    for _ in range(int(rng.integers(1, 5))):
        centre, half = (
            rng.uniform(0.08, 0.92) * brief.aspect,
            rng.choice([0.008, 0.015, 0.05, 0.11]),
        )
        ragged = (
            compute_noise(rng, brief.size, (brief.size[0] / 5, brief.size[1] / 5), 2) - 0.5
        ) * 0.016
        soft = rng.uniform(0.002, 0.014)
        cover = smoothstep(half - np.abs(x - centre) + ragged, -soft, soft)
        ink = [p.light, p.dark, p.accent, _pick(brief)][int(rng.integers(0, 4))]
        picture = _lay(brief, picture, cover, ink)
    return picture


def _halo(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """A glowing disc or oval, with rings that fade into the field."""
    rng = brief.rng
    x, y = compute_positions(brief.size)
    cx, cy = brief.aspect * rng.uniform(0.42, 0.58), rng.uniform(0.35, 0.6)
    squash = rng.uniform(0.75, 1.3)
    wander = (compute_noise(rng, brief.size, (5, 5), 3) - 0.5) * 0.05
    distance = np.hypot((x - cx) / squash, y - cy) + wander
    feather = brief.habit("feather", 0.035) * 1.5
    for radius in np.sort(rng.uniform(0.08, 0.46, int(rng.integers(2, 5))))[::-1]:
        cover = smoothstep(radius - distance, -feather, feather)
        picture = _lay(brief, picture, cover, _pick(brief))
    return picture


_PAINTERS = {"stacked": _stack, "veils": _veil, "zips": _zip, "halo": _halo}
