"""Makings that belong to no style: marbled whorls, unreadable script, ink-blot moths, charts.

For the painter whom no style is a frame of reference for: he paints over darkened old pictures
and lets them glow through. Habits: none; each work takes one making.
"""

from dataclasses import replace

import numpy as np

from core.studio.brief import Brief
from core.studio.canvas import (
    age,
    compute_cells,
    compute_noise,
    compute_positions,
    crack,
    enlarge,
    light,
    mix,
    smoothstep,
    soften_widely,
)
from core.studio.palettes import blend
from core.studio.styles.tenebrist import paint_tenebrist


def paint_outsider(brief: Brief) -> np.ndarray:
    """One of four makings over an old picture, sunk in the same dark varnish."""
    rng = brief.rng
    making = [_marble, _moth, _garden, _chart][int(rng.integers(0, 4))]
    picture, relief = making(brief)
    picture = _sink(brief, picture)
    picture = light(picture, relief, 0.4)
    picture = _reveal(brief, picture)
    return crack(age(picture, rng, 0.6), rng, 0.35)


def _colour_ramp(brief: Brief, value: np.ndarray) -> np.ndarray:
    """A value 0..1 through the palette from dark to light (height, width, 3)."""
    p = brief.palette
    stops = np.array([p.dark, p.near, p.mid, p.accent, p.glow, p.light])
    place = np.clip(value, 0, 0.9999) * (len(stops) - 1)
    low = place.astype(int)
    drawn: np.ndarray = (
        stops[low] + (stops[low + 1] - stops[low]) * (place - low)[..., None]
    ).astype(np.float32)
    return drawn


def _sink(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """One glow, the rest in shadow."""
    rng = brief.rng
    x, y = compute_positions(brief.size)
    cx, cy = brief.aspect * rng.uniform(0.35, 0.65), rng.uniform(0.35, 0.6)
    beam = np.exp(-(np.hypot(x - cx, y - cy) ** 2) / rng.uniform(0.09, 0.2))
    glow = soften_widely(picture, 20.0)
    return mix(brief.palette.dark * 0.7 + picture * 0.16, picture * 1.12 + 0.12 * glow, beam)


def _reveal(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """The old picture beneath, where the painter left it open."""
    rng = brief.rng
    subject = str(rng.choice(("fruit", "candle", "bust", "bouquet")))
    old = paint_tenebrist(replace(brief, subject=subject))
    left_open = smoothstep(compute_noise(rng, brief.size, (3, 3), 2), 0.25, 0.6)
    return mix(picture, old, 0.3 + 0.6 * left_open)


def _marble(brief: Brief) -> tuple[np.ndarray, np.ndarray]:
    """Combed and swirled bands, as of oil on water."""
    rng = brief.rng
    x, y = compute_positions(brief.size)
    bend = compute_noise(rng, brief.size, (3, 3), 3) * 2.2
    swirl = compute_noise(rng, brief.size, (4, 4), 2) * 1.6
    comb = 0.12 * np.abs(((x * 5 + swirl) % 1) - 0.5)
    bands = (y * 2.5 + bend + swirl * x + comb * 4) * rng.uniform(1.6, 3.0)
    value = np.abs((bands % 1) * 2 - 1)
    value = 0.75 * value + 0.25 * compute_noise(rng, brief.size, (40, 40), 2)
    return _colour_ramp(brief, value), value * 0.8


def _moth(brief: Brief) -> tuple[np.ndarray, np.ndarray]:
    """Folded blots, the same to the left and to the right."""
    rng, (width, height) = brief.rng, brief.size
    half = width // 2 + 1
    tone = compute_noise(rng, (half, height), (4, 6), 5)
    x, y = compute_positions((half, height))
    tone = tone - 0.55 * np.abs(y - 0.5) - 0.25 * (1 - x / x.max())
    value = np.hstack([tone, tone[:, ::-1]])[:, :width]
    body = smoothstep(value, 0.18, 0.3)
    veins = np.abs((value * 22) % 1 - 0.5)
    picture = _colour_ramp(brief, body * (0.25 + 0.7 * veins + 0.6 * (value - 0.2)))
    return picture, body * veins


def _garden(brief: Brief) -> tuple[np.ndarray, np.ndarray]:
    """Packed cells, each ringed like an agate."""
    rng = brief.rng
    nearest, second, number = compute_cells(rng, brief.size, float(rng.uniform(26, 48)))
    ring = nearest / (second + nearest + 1e-3) * 2
    warp = compute_noise(rng, brief.size, (18, 18), 2) * 0.5
    offset = rng.random(int(number.max()) + 1).astype(np.float32)[number]
    value = ((ring + warp * 0.5) * rng.uniform(2.0, 3.5) + offset) % 1
    seam = smoothstep(second - nearest, 0.5, 3.5)
    return _colour_ramp(brief, value) * (0.25 + 0.75 * seam)[..., None], seam * (1 - ring)


def _chart(brief: Brief) -> tuple[np.ndarray, np.ndarray]:
    """Rows of unreadable script over contour lines of an unknown country."""
    rng, (width, height) = brief.rng, brief.size
    country = compute_noise(rng, brief.size, (3, 3), 4)
    contour = np.abs((country * 14) % 1 - 0.5) < 0.07
    picture = _colour_ramp(brief, 0.2 + 0.5 * country)
    picture = mix(picture, brief.palette.glow, contour * 0.6)
    script = np.zeros((height, width), np.float32)
    step = int(rng.integers(15, 24))
    for row in range(step, height - 4, step):
        wave = enlarge(rng.normal(0, 1, (2, width // 6)).astype(np.float32), (width * 3, 2))
        xs = np.arange(width * 3) / 3 + wave[0] * 4
        ys = row + wave[1] * step * 0.26
        gap = enlarge(rng.random((1, width // 24 + 2), dtype=np.float32), (width * 3, 1))[0] > 0.35
        at = (
            np.clip(ys, 0, height - 1).astype(int)[gap],
            np.clip(xs, 0, width - 1).astype(int)[gap],
        )
        script[at] = 1
    ink = blend(brief.palette.light, brief.palette.glow, 0.3)
    return mix(picture, ink, script * 0.9), script * 0.4 + contour * 0.2
