"""Streets and roofs."""

import numpy as np

from core.studio.palettes import Palette, blend
from core.studio.scenes.landscapes import paint_ridges, paint_ripples, paint_sky
from core.studio.scenes.shapes import Shape, make_blob, make_box, make_ridge, make_stroke

Rng = np.random.Generator


def compose_roofs(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """Roofs stepping down towards the viewer, a tower among them."""
    horizon = rng.uniform(0.3, 0.42)
    shapes = paint_sky(rng, aspect, p, horizon) + paint_ridges(rng, aspect, p, horizon)[:2]
    shapes += _paint_tower(rng, rng.uniform(0.2, 0.8) * aspect, horizon + 0.2, p)
    for row in range(4):
        base, x = horizon + 0.2 + 0.17 * row, rng.uniform(-0.1, 0.0)
        scale = 0.09 + 0.045 * row
        while x < aspect + scale:
            wide = scale * rng.uniform(0.8, 1.5)
            shapes += _paint_block(rng, x, base, wide, p, share=row / 3)
            x += wide * rng.uniform(0.85, 1.05)
    return shapes


def _paint_tower(rng: Rng, x: float, base: float, p: Palette) -> list[Shape]:
    tall, wide = rng.uniform(0.26, 0.38), rng.uniform(0.05, 0.08)
    wall = blend(p.far, p.light, rng.uniform(0.1, 0.6))
    spire = np.array(
        [
            [x - wide * 0.6, base - tall],
            [x, base - tall - wide * rng.uniform(1, 2.6)],
            [x + wide * 0.6, base - tall],
        ]
    )
    return [
        Shape(make_box(x, base, wide, tall), wall, blend(wall, p.near, 0.3), 1.5, 0.8, 0.2, 0.5),
        Shape(spire, p.near, blend(p.near, p.dark, 0.4), 1.2, 0.8, 0.2, 0.5),
    ]


def _paint_block(
    rng: Rng, x: float, base: float, wide: float, p: Palette, share: float
) -> list[Shape]:
    tall = wide * rng.uniform(0.9, 1.6)
    wall = blend(blend(p.light, p.glow, rng.random()), p.far, 0.5 * (1 - share))
    roof = blend(blend(p.accent, p.mid, rng.random()), p.far, 0.4 * (1 - share))
    shapes = [
        Shape(
            make_box(x, base + 0.25, wide, tall + 0.25),
            wall,
            blend(wall, p.near, 0.5),
            1.5,
            0.8,
            0,
            0.4,
        )
    ]
    rise = wide * rng.uniform(0.25, 0.55)
    eaves = np.array(
        [
            [x - wide * 0.55, base - tall],
            [x + rng.uniform(-0.3, 0.3) * wide, base - tall - rise],
            [x + wide * 0.55, base - tall],
        ]
    )
    shapes.append(Shape(eaves, roof, blend(roof, p.dark, 0.25), 0.5, 0.8, 0, 0.4))
    for shift in (-0.25, 0.05, 0.3):
        if rng.random() < 0.75:
            pane = p.accent if rng.random() < 0.12 else p.dark
            hole = make_box(x + shift * wide, base - tall * 0.5, wide * 0.13, tall * 0.24)
            shapes.append(Shape(hole, pane, blend(pane, p.far, 0.2), 1.5, 0.0, 0, 1))
    return shapes


def compose_street(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """A street running away between tall houses, with lamps and passers-by."""
    eye = rng.uniform(0.42, 0.55)
    vanish = rng.uniform(0.4, 0.6) * aspect
    shapes = paint_sky(rng, aspect, p, eye)
    road = np.array([[vanish, eye], [aspect * 1.3, 1.02], [-aspect * 0.3, 1.02]])
    shapes.append(Shape(road, blend(p.glow, p.far, 0.5), blend(p.mid, p.far, 0.4), 0.1, 0.6))
    for side in (-1, 1):
        for near, far in ((0.12, 0.2), (0.2, 0.33), (0.33, 0.55), (0.55, 1.15))[::1]:
            shapes += _paint_facade(rng, vanish, eye, side, near, far, p)
    for _ in range(int(rng.integers(2, 9))):
        shapes += _paint_passer(rng, vanish, eye, aspect, p)
    return shapes


def _paint_facade(
    rng: Rng, vanish: float, eye: float, side: int, near: float, far: float, p: Palette
) -> list[Shape]:
    rise = rng.uniform(0.75, 1.15)

    def corner(depth: float, level: float) -> list[float]:
        return [vanish + side * depth, eye + level * depth]

    wall = blend(
        blend(p.light, p.glow, rng.random()), p.accent if side > 0 else p.far, rng.uniform(0.1, 0.6)
    )
    face = np.array(
        [corner(near, 0.42), corner(near, -rise), corner(far, -rise), corner(far, 0.42)]
    )
    shapes = [Shape(face, wall, blend(wall, p.near, 0.45), 1.5, 0.9, 0, 0.3)]
    for level in (-0.75, -0.45, -0.15):
        for a, b in ((0.2, 0.4), (0.6, 0.8)):
            left, right = near + (far - near) * a, near + (far - near) * b
            pane = np.array(
                [
                    corner(left, level),
                    corner(left, level - 0.17),
                    corner(right, level - 0.17),
                    corner(right, level),
                ]
            )
            tint = p.accent if rng.random() < 0.15 else p.dark
            shapes.append(Shape(pane, tint, blend(tint, p.far, 0.3), 1.5, 0.0, 0, 1))
    return shapes


def _paint_passer(rng: Rng, vanish: float, eye: float, aspect: float, p: Palette) -> list[Shape]:
    depth = rng.uniform(0.12, 0.45)
    x, foot, tall = vanish + rng.uniform(-0.8, 0.8) * depth, eye + 0.42 * depth, 0.36 * depth
    coat = blend(p.dark, p.accent, float(rng.choice([0, 0.2, 0.9])))
    body = make_blob(rng, x, foot - tall * 0.42, tall * 0.17, tall * 0.42, 0.1)
    head = make_blob(rng, x, foot - tall * 0.92, tall * 0.09, tall * 0.1, 0.05)
    return [
        Shape(body, coat, p.dark, 1.5, 0.5, 0.4, 1),
        Shape(head, p.glow, p.dark, 1.5, 0.3, 0, 1),
    ]


def compose_bridge(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """An arched bridge over a town river."""
    horizon = rng.uniform(0.4, 0.5)
    shapes = paint_sky(rng, aspect, p, horizon)
    x = -0.05
    while x < aspect:
        wide = rng.uniform(0.08, 0.15)
        shapes += _paint_block(rng, x, horizon, wide, p, share=0.3)
        x += wide
    water = make_ridge(rng, aspect, horizon + 0.1, 0.002, 3)
    shapes.append(Shape(water, blend(p.sky, p.glow, 0.5), blend(p.sky, p.near, 0.4), 0.0, 0.4))
    shapes += paint_ripples(
        rng, aspect, [p.glow, p.accent, p.far, p.near, p.light], horizon + 0.12, 36
    )
    deck, t = horizon + rng.uniform(0.0, 0.08), np.linspace(-0.05, 1.05, 30)
    bow = deck - rng.uniform(0.0, 0.12) * np.sin(np.clip(t, 0, 1) * np.pi)
    stone = blend(p.mid, p.glow, rng.uniform(0.2, 0.6))
    span = np.vstack([np.stack([t * aspect, bow], 1), np.stack([t * aspect, bow + 0.24], 1)[::-1]])
    shapes.append(Shape(span, stone, blend(stone, p.dark, 0.3), 0.1, 1, 0, 0.3))
    arches = int(rng.integers(2, 5))
    for i in range(arches):
        cx, half = aspect * (i + 0.5) / arches, aspect / arches * 0.38
        mouth = make_blob(rng, cx, deck + 0.26, half, 0.19, 0.0)
        shapes.append(
            Shape(mouth, blend(p.near, p.dark, 0.5), blend(p.sky, p.glow, 0.4), 0.0, 1, 0, 0.4)
        )
    rail = make_stroke(np.stack([t * aspect, bow], 1), 0.008)
    return [*shapes, Shape(rail, blend(stone, p.light, 0.4), stone, 0.1, 0.5, 0, 0.5)]
