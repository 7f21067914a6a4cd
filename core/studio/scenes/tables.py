"""Indoors, close by: fruit, vessels, flowers, candles."""

import numpy as np

from core.studio.palettes import Palette, blend
from core.studio.scenes.shapes import (
    Shape,
    make_blob,
    make_box,
    make_profile,
    make_ridge,
    make_stroke,
)

Rng = np.random.Generator

VESSELS = (
    ((0, 0.1, 0.45, 0.62, 0.8, 1), (0.16, 0.2, 0.2, 0.17, 0.07, 0.08)),  # bottle
    ((0, 0.15, 0.45, 0.7, 0.88, 1), (0.18, 0.32, 0.37, 0.24, 0.17, 0.22)),  # jug
    ((0, 0.05, 0.3, 0.5, 0.8, 1), (0.2, 0.06, 0.05, 0.2, 0.26, 0.25)),  # goblet
    ((0, 0.2, 0.5, 0.75, 0.9, 1), (0.12, 0.22, 0.34, 0.38, 0.2, 0.24)),  # amphora
)


def paint_room(rng: Rng, aspect: float, p: Palette, table: float) -> list[Shape]:
    """Wall and table, sometimes a cloth or a panel on the wall."""
    wall = np.array([[-0.02, -0.02], [aspect + 0.02, -0.02], [aspect + 0.02, 1.02], [-0.02, 1.02]])
    shade = blend(p.sky, p.far, rng.random())
    shapes = [Shape(wall, shade, blend(shade, p.glow, 0.3), rng.uniform(0, 3), 0)]
    if rng.random() < 0.5:
        x, wide = rng.uniform(0.1, 0.9) * aspect, rng.uniform(0.25, 0.6)
        panel = make_box(x, table + 0.02, wide, rng.uniform(0.5, 1.0))
        shapes.append(Shape(panel, blend(shade, p.mid, 0.6), blend(shade, p.accent, 0.25), 1.5))
    top = make_ridge(rng, aspect, table, rng.uniform(0.0, 0.012), 3)
    shapes.append(Shape(top, blend(p.mid, p.glow, 0.35), blend(p.near, p.mid, 0.4), 0.0))
    if rng.random() < 0.55:
        x, half = rng.uniform(0.3, 0.7) * aspect, rng.uniform(0.2, 0.4)
        cloth = np.array(
            [
                [x - half, table + 0.03],
                [x + half * 0.8, table + 0.02],
                [x + half * 1.1, 1.02],
                [x - half * 0.5, 1.02],
                [x - half * 0.7, table + 0.2],
            ]
        )
        shapes.append(Shape(cloth, p.light, blend(p.light, p.sky, 0.4), 1.2))
    return shapes


def paint_vessel(
    rng: Rng, x: float, base: float, tall: float, tint: np.ndarray, p: Palette
) -> list[Shape]:
    """A bottle, jug, goblet or amphora with a streak of light."""
    heights, halves = VESSELS[int(rng.integers(0, len(VESSELS)))]
    body = make_profile(
        x, base, np.array(heights) * tall, np.array(halves) * tall * rng.uniform(0.85, 1.1)
    )
    shine = make_blob(rng, x - tall * 0.1, base - tall * 0.4, tall * 0.025, tall * 0.13, 0.1)
    lit = blend(tint, p.light, 0.55)
    return [
        Shape(body, blend(tint, p.glow, 0.15), blend(tint, p.dark, 0.3), 1.4, 1, 0.9, 0.4),
        Shape(shine, lit, lit, 1.4, 0.0, 0, 1),
    ]


def paint_fruit(
    rng: Rng, x: float, base: float, radius: float, tint: np.ndarray, p: Palette
) -> list[Shape]:
    """One round fruit with its shadow and a glint."""
    shadow = make_blob(rng, x + radius * 0.35, base, radius * 1.15, radius * 0.28, 0.1)
    body = make_blob(
        rng,
        x,
        base - radius * 0.8,
        radius * rng.uniform(0.9, 1.1),
        radius * rng.uniform(0.85, 1.05),
        0.06,
    )
    glint = make_blob(rng, x - radius * 0.35, base - radius * 1.2, radius * 0.2, radius * 0.16, 0.1)
    lit, shaded = blend(tint, p.glow, 0.25), blend(tint, p.dark, 0.3)
    return [
        Shape(shadow, blend(p.near, p.dark, 0.6), p.dark, 0.0, 0.0, 0, 0.5),
        Shape(body, lit, shaded, rng.uniform(0, 3), 1, 1.0, 0.5),
        Shape(glint, blend(tint, p.light, 0.75), blend(tint, p.light, 0.5), 0.5, 0.0, 0, 1),
    ]


def compose_fruit(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """Vessels and fruit on a table."""
    table = rng.uniform(0.5, 0.62)
    shapes = paint_room(rng, aspect, p, table)
    tints = [p.accent, p.glow, p.mid, blend(p.accent, p.glow, 0.5), p.near]
    for _ in range(int(rng.integers(1, 4))):
        tint = blend(p.far, p.near, rng.random()) if rng.random() < 0.7 else p.dark
        shapes += paint_vessel(
            rng,
            rng.uniform(0.18, 0.82) * aspect,
            table + rng.uniform(0.06, 0.16),
            rng.uniform(0.4, 0.62),
            tint,
            p,
        )
    middle, spread = rng.uniform(0.35, 0.65) * aspect, 0.24 * aspect
    if rng.random() < 0.6:
        dish = make_blob(rng, middle, table + 0.2, spread * 0.9, 0.075, 0.02)
        shapes.append(Shape(dish, p.light, blend(p.light, p.far, 0.6), 0.0, 1, 0.4, 0.3))
    for base in np.sort(rng.uniform(table + 0.1, table + 0.33, int(rng.integers(4, 11)))):
        tint = tints[int(rng.integers(0, len(tints)))]
        x = float(np.clip(rng.normal(middle, spread * 0.6), 0.08, aspect - 0.08))
        shapes += paint_fruit(rng, x, float(base), rng.uniform(0.055, 0.1), tint, p)
    return shapes


def compose_bouquet(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """A vase of flowers."""
    table = rng.uniform(0.7, 0.8)
    shapes = paint_room(rng, aspect, p, table)
    x = rng.uniform(0.42, 0.58) * aspect
    mouth = table - 0.2
    for _ in range(22):
        shapes.append(_paint_leaf(rng, x, mouth - 0.05, p))
    shapes += paint_vessel(
        rng, x, table + 0.1, rng.uniform(0.3, 0.36), blend(p.far, p.sky, rng.random()), p
    )
    tints = [p.accent, p.light, p.glow, blend(p.accent, p.light, 0.5), blend(p.sky, p.light, 0.3)]
    reach = min(0.36, aspect * 0.42)
    for _ in range(int(rng.integers(18, 36))):
        angle, far = rng.uniform(np.pi, 2 * np.pi), np.sqrt(rng.random())
        cx, cy = x + reach * far * np.cos(angle), mouth + 0.02 + 0.42 * far * np.sin(angle)
        shapes += _paint_flower(
            rng, cx, cy, rng.uniform(0.035, 0.08), tints[int(rng.integers(0, 5))], p
        )
    return shapes


def _paint_leaf(rng: Rng, x: float, y: float, p: Palette) -> Shape:
    angle, length, t = rng.uniform(np.pi, 2 * np.pi), rng.uniform(0.18, 0.42), np.linspace(0, 1, 9)
    path = np.stack(
        [x + length * t * np.cos(angle), y + length * t * np.sin(angle) + 0.08 * t**2], 1
    )
    tint = blend(p.near, p.dark, rng.random() * 0.5)
    return Shape(
        make_stroke(path, 0.03 * np.sin(t * np.pi)),
        blend(tint, p.mid, 0.4),
        tint,
        angle,
        0.6,
        0.2,
        0.6,
    )


def _paint_flower(
    rng: Rng, x: float, y: float, radius: float, tint: np.ndarray, p: Palette
) -> list[Shape]:
    shapes = [
        Shape(
            make_blob(rng, x, y, radius, radius * 0.9, 0.3),
            tint,
            blend(tint, p.accent, 0.4),
            rng.uniform(0, 3),
            0.7,
            0.5,
            0.8,
        )
    ]
    for i in range(5):
        angle = i * 1.257 + rng.random()
        petal = make_blob(
            rng,
            x + radius * 0.5 * np.cos(angle),
            y + radius * 0.5 * np.sin(angle),
            radius * 0.42,
            radius * 0.38,
            0.2,
        )
        shade = blend(tint, p.light if i % 2 else p.near, rng.uniform(0.1, 0.4))
        shapes.append(Shape(petal, shade, shade, angle, 0.4, 0.3, 1))
    heart = make_blob(rng, x, y, radius * 0.24, radius * 0.22, 0.1)
    return [*shapes, Shape(heart, p.glow, p.dark, 0.0, 0.4, 0, 1)]


def compose_candle(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """Candle, book and a bowl: a meditation."""
    table = rng.uniform(0.58, 0.68)
    shapes = paint_room(rng, aspect, p, table)
    x = rng.uniform(0.3, 0.7) * aspect
    for shift, thick in ((-0.3, 0.07), (-0.26, 0.055)):
        cover = make_box(
            x + shift, table + 0.16 + (thick == 0.055) * -0.06, rng.uniform(0.24, 0.34), thick, 0.03
        )
        shapes.append(Shape(cover, blend(p.mid, p.accent, rng.random()), p.near, 0.0, 1, 0.2, 0.5))
    shapes.append(
        Shape(make_blob(rng, x, table + 0.14, 0.1, 0.03, 0.0), p.mid, p.dark, 0, 1, 0.4, 0.5)
    )
    shapes.append(
        Shape(
            make_box(x, table + 0.13, 0.05, rng.uniform(0.2, 0.34)),
            p.light,
            blend(p.light, p.glow, 0.6),
            1.5,
            0.8,
            0.6,
            0.6,
        )
    )
    wick = float(shapes[-1].points[:, 1].min())
    halo = make_blob(rng, x, wick - 0.05, 0.045, 0.07, 0.02)
    shapes.append(Shape(halo, p.glow, p.accent, 1.5, 0.4, 0, 1))
    shapes.append(
        Shape(make_blob(rng, x, wick - 0.04, 0.018, 0.045, 0.02), p.light, p.glow, 1.5, 0.0, 0, 1)
    )
    for base in np.sort(rng.uniform(table + 0.12, table + 0.25, int(rng.integers(2, 5)))):
        shapes += paint_fruit(
            rng, x + rng.uniform(0.12, 0.4), float(base), rng.uniform(0.04, 0.07), p.accent, p
        )
    return shapes
