"""Out of doors: hills, rivers, mountains, woods, seas, harbours."""

import numpy as np

from core.studio.canvas import enlarge
from core.studio.palettes import Palette, blend
from core.studio.scenes.shapes import Shape, make_blob, make_box, make_ridge, make_stroke

Rng = np.random.Generator


def paint_sky(rng: Rng, aspect: float, p: Palette, horizon: float) -> list[Shape]:
    """Sky down to the horizon, often with a sun or moon and clouds."""
    full = np.array([[-0.02, -0.02], [aspect + 0.02, -0.02], [aspect + 0.02, 1.02], [-0.02, 1.02]])
    low = full.copy()
    low[2:, 1] = horizon + 0.05
    shapes = [Shape(full, p.glow, p.glow), Shape(low, p.sky, p.glow, 0.1, line=0)]
    if rng.random() < 0.5:
        x, y = rng.uniform(0.15, 0.85) * aspect, rng.uniform(0.25, 0.9) * horizon
        radius = rng.uniform(0.025, 0.07)
        disc = blend(p.accent, p.light, rng.random())
        halo = blend(p.glow, p.light, 0.5)
        if rng.random() < 0.6:
            glow = make_blob(rng, x, y, radius * 2, radius * 2, 0.04)
            shapes.append(Shape(glow, halo, halo, 0.5, line=0))
        shapes.append(Shape(make_blob(rng, x, y, radius, radius, 0.02), disc, disc, 0.8, 0.6))
    for _ in range(int(rng.integers(0, 6))):
        shapes.append(_paint_cloud(rng, aspect, p, horizon))
    return shapes


def _paint_cloud(rng: Rng, aspect: float, p: Palette, horizon: float) -> Shape:
    y = rng.uniform(0.05, 0.85) * horizon
    rx, ry = rng.uniform(0.08, 0.3), rng.uniform(0.012, 0.05)
    top = blend(p.light, p.sky, rng.uniform(0.05, 0.4))
    points = make_blob(rng, rng.uniform(0, aspect), y, rx, ry, 0.3)
    return Shape(points, top, blend(top, p.glow, 0.7), rng.normal(0, 0.15), line=0.4)


def paint_ridges(rng: Rng, aspect: float, p: Palette, horizon: float) -> list[Shape]:
    """Two to four receding ridges, from far colour to mid colour."""
    count = int(rng.integers(2, 5))
    shapes = []
    for i in range(count):
        share = (i + 0.5) / count
        y = horizon + (i / count) * (0.75 - horizon) * 0.7
        top = blend(blend(p.far, p.sky, 0.3), p.mid, share)
        swing = rng.uniform(0.02, 0.07)
        points = make_ridge(rng, aspect, y, swing, int(rng.integers(4, 9)), 0.015)
        shapes.append(Shape(points, top, blend(top, p.near, 0.35), rng.normal(0, 0.25)))
    return shapes


def paint_tree(rng: Rng, x: float, base: float, tall: float, p: Palette, kind: str) -> list[Shape]:
    """A tree standing on `base`: 'round', 'poplar', 'pine', 'cypress' or 'bare'."""
    trunk = make_box(x, base, tall * 0.07, tall * 0.5, rng.normal(0, 0.03) * tall)
    shapes = [Shape(trunk, p.dark, blend(p.dark, p.near, 0.3), 1.5, 0.6, 0.3, 1)]
    leaf = blend(blend(p.near, p.dark, rng.uniform(0.05, 0.5)), p.accent, rng.random() * 0.15)
    lit = blend(leaf, p.glow, 0.35)
    if kind in ("poplar", "cypress"):
        slim = 0.13 if kind == "cypress" else 0.18
        crown = make_blob(rng, x, base - tall * 0.55, tall * slim, tall * 0.48, 0.15)
        shapes.append(Shape(crown, lit, leaf, 1.45, 0.9, 0.6, 0.6))
    elif kind == "pine":
        for step in range(4):
            y, half = base - tall * (0.25 + 0.2 * step), tall * (0.27 - 0.055 * step)
            tier = np.array([[x - half, y], [x, y - tall * 0.32], [x + half, y]])
            tint = blend(leaf, p.dark, 0.25 - 0.05 * step)
            shapes.append(Shape(tier, blend(tint, p.glow, 0.12), tint, 1.2, 0.7, 0.2, 0.7))
    elif kind == "bare":
        for _ in range(7):
            shapes.append(_paint_branch(rng, x, base - tall * rng.uniform(0.3, 0.55), tall, p))
    else:
        for _ in range(int(rng.integers(3, 6))):
            cx, cy = x + rng.normal(0, 0.15) * tall, base - tall * rng.uniform(0.5, 0.85)
            radius = tall * rng.uniform(0.16, 0.27)
            crown = make_blob(rng, cx, cy, radius, radius * 0.8, 0.2)
            tint = blend(leaf, p.dark, rng.random() * 0.3)
            shapes.append(
                Shape(crown, blend(tint, p.glow, 0.3), tint, rng.uniform(0, 3), 0.8, 0.6, 0.6)
            )
    return shapes


def _paint_branch(rng: Rng, x: float, y: float, tall: float, p: Palette) -> Shape:
    t = np.linspace(0, 1, 8)
    lean = rng.normal(0, 0.35) * tall
    path = np.stack([x + lean * t**1.3, y - tall * 0.45 * t], 1)
    return Shape(make_stroke(path, tall * 0.016 * (1.1 - t)), p.dark, p.dark, 1.3, 0.0, 0, 1)


def paint_trees(
    rng: Rng, aspect: float, p: Palette, count: int, base: tuple[float, float], tall: float
) -> list[Shape]:
    """A stand of trees, the far ones first."""
    kind = str(
        rng.choice(["round", "poplar", "pine", "cypress", "bare"], p=[0.4, 0.2, 0.15, 0.15, 0.1])
    )
    shapes = []
    for y in np.sort(rng.uniform(*base, count)):
        grown = tall * rng.uniform(0.6, 1.15) * (0.4 + 0.9 * y)
        shapes += paint_tree(rng, rng.uniform(0.02, 0.98) * aspect, float(y), grown, p, kind)
    return shapes


def paint_house(rng: Rng, x: float, base: float, wide: float, p: Palette) -> list[Shape]:
    """A small house with a roof, a door and a window."""
    tall = wide * rng.uniform(0.55, 0.9)
    wall = blend(p.light, p.glow, rng.random())
    roof = blend(p.accent, p.near, rng.random() * 0.6)
    shapes = [Shape(make_box(x, base, wide, tall), wall, blend(wall, p.far, 0.4), 1.5, 0.8, 0, 0.6)]
    eaves = np.array(
        [
            [x - wide * 0.6, base - tall],
            [x - wide * 0.25, base - tall * 1.6],
            [x + wide * 0.25, base - tall * 1.6],
            [x + wide * 0.6, base - tall],
        ]
    )
    shapes.append(Shape(eaves, roof, blend(roof, p.dark, 0.3), 0.4, 0.8, 0, 0.6))
    for shift, high in ((-0.22, 0.5), (0.2, 0.65)):
        hole = make_box(
            x + shift * wide,
            base - (0 if high == 0.5 else tall * 0.3),
            wide * 0.16,
            tall * high * 0.6,
        )
        shapes.append(Shape(hole, p.dark, p.dark, 1.5, 0.0, 0, 1))
    return shapes


def compose_hills(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """Rolling country with fields, trees and sometimes a farm."""
    horizon = rng.uniform(0.28, 0.55)
    shapes = paint_sky(rng, aspect, p, horizon) + paint_ridges(rng, aspect, p, horizon)
    for i in range(int(rng.integers(2, 5))):
        y = 0.62 + 0.1 * i + rng.normal(0, 0.02)
        tint = blend(p.mid, [p.near, p.glow, p.accent, p.mid][i % 4], rng.uniform(0.2, 0.75))
        points = make_ridge(rng, aspect, y, rng.uniform(0.01, 0.05), 4)
        shapes.append(Shape(points, tint, blend(tint, p.near, 0.5), rng.normal(0, 0.4)))
    if rng.random() < 0.5:
        shapes += paint_house(
            rng, rng.uniform(0.15, 0.85) * aspect, rng.uniform(0.6, 0.72), 0.13, p
        )
    shapes += paint_trees(rng, aspect, p, int(rng.integers(1, 8)), (0.55, 0.95), 0.3)
    return shapes


def compose_river(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """Still water with a far bank and broken reflections."""
    horizon = rng.uniform(0.3, 0.5)
    shapes = paint_sky(rng, aspect, p, horizon) + paint_ridges(rng, aspect, p, horizon)[:2]
    bank = horizon + rng.uniform(0.06, 0.12)
    shapes += paint_trees(rng, aspect, p, int(rng.integers(2, 7)), (bank - 0.02, bank + 0.02), 0.42)
    water = make_ridge(rng, aspect, bank + 0.02, 0.004, 5)
    shapes.append(Shape(water, blend(p.glow, p.sky, 0.35), p.sky, 0.0, 0.6))
    tones = [p.glow, p.far, p.near, p.mid, p.light, p.accent]
    shapes += paint_ripples(rng, aspect, tones, bank + 0.04, int(rng.integers(22, 45)))
    if rng.random() < 0.45:
        shapes += paint_boat(rng, rng.uniform(0.2, 0.8) * aspect, rng.uniform(0.62, 0.85), 0.2, p)
    if rng.random() < 0.6:
        near = make_ridge(rng, aspect, rng.uniform(0.86, 0.97), 0.06, 4, 0.02)
        shapes.append(Shape(near, p.near, p.dark, 0.4))
    return shapes


def paint_ripples(
    rng: Rng, aspect: float, tones: list[np.ndarray], top: float, count: int
) -> list[Shape]:
    """Flat lens-shaped reflections on water below `top`, larger towards the viewer."""
    shapes = []
    for y in np.sort(rng.uniform(top, 1.0, count)):
        depth = (y - top) / (1 - top)
        rx, ry = rng.uniform(0.03, 0.1) * (0.6 + 1.6 * depth), 0.004 + 0.012 * depth
        tint = tones[int(rng.integers(0, len(tones)))]
        tint = blend(tint, tones[0], rng.uniform(0.1, 0.6))
        points = make_blob(rng, rng.uniform(0, aspect), float(y), rx, ry, 0.2)
        shapes.append(Shape(points, tint, tint, 0.0, 0.0, 0, 0.6))
    return shapes


def paint_boat(rng: Rng, x: float, y: float, wide: float, p: Palette) -> list[Shape]:
    """A boat with or without a sail."""
    hull = np.array(
        [
            [x - wide / 2, y - wide * 0.12],
            [x + wide / 2, y - wide * 0.16],
            [x + wide * 0.36, y + wide * 0.05],
            [x - wide * 0.34, y + wide * 0.05],
        ]
    )
    shapes = [Shape(hull, blend(p.dark, p.accent, rng.random() * 0.7), p.dark, 0.0, 1, 0.3, 0.8)]
    if rng.random() < 0.75:
        tall, lean = wide * rng.uniform(0.8, 1.4), wide * rng.choice([-0.38, 0.38])
        sail = np.array(
            [
                [x, y - wide * 0.16],
                [x, y - tall],
                [x + lean * 0.5, y - tall * 0.55],
                [x + lean, y - wide * 0.2],
            ]
        )
        tint = blend(p.light, p.accent, float(rng.choice([0.0, 0.15, 0.8])))
        shapes.append(Shape(sail, tint, blend(tint, p.glow, 0.5), 1.4, 0.8, 0.2, 0.8))
    return shapes


def compose_mountain(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """One great peak, capped with snow, over ridges and pines."""
    horizon = rng.uniform(0.5, 0.65)
    shapes = paint_sky(rng, aspect, p, horizon)
    x, top = rng.uniform(0.3, 0.7) * aspect, rng.uniform(0.12, 0.28)
    half = rng.uniform(0.45, 0.8)
    t = np.linspace(-1, 1, 41)
    slope = np.abs(t) ** rng.uniform(0.7, 1.1)
    rough = enlarge(rng.random((1, 12), dtype=np.float32) - 0.5, (41, 1))[0] * 0.05 * (slope > 0.06)
    peak = np.stack([x + half * t, top + (0.75 - top) * slope + rough], 1)
    shapes.append(Shape(peak, blend(p.far, p.sky, 0.2), blend(p.far, p.glow, 0.35), 0.9))
    cap = peak[np.abs(t) < rng.uniform(0.2, 0.34)]
    teeth = cap[::-1].copy()
    teeth[:, 1] = cap[:, 1].max() + rng.uniform(-0.07, 0.03, len(cap))
    shapes.append(Shape(np.vstack([cap, teeth]), p.light, blend(p.light, p.sky, 0.3), 1.1, 0.7))
    shapes += paint_ridges(rng, aspect, p, horizon)
    near = make_ridge(rng, aspect, rng.uniform(0.8, 0.9), 0.05, 4)
    shapes.append(Shape(near, p.near, blend(p.near, p.dark, 0.5), 0.3))
    return shapes + paint_trees(rng, aspect, p, int(rng.integers(0, 6)), (0.85, 1.0), 0.32)


def compose_wood(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """Trunks close by, light between them, a path."""
    horizon = rng.uniform(0.4, 0.6)
    shapes = paint_sky(rng, aspect, p, horizon)
    for i in range(3):
        tint = blend(blend(p.far, p.glow, 0.4), p.near, i / 3)
        shapes.append(
            Shape(
                make_ridge(rng, aspect, horizon - 0.18 + 0.1 * i, 0.07, 8, 0.05),
                tint,
                blend(tint, p.mid, 0.5),
                1.3,
                0.5,
            )
        )
    floor = make_ridge(rng, aspect, horizon + 0.14, 0.02, 4)
    shapes.append(Shape(floor, blend(p.mid, p.glow, 0.4), blend(p.near, p.mid, 0.4), 0.1))
    bend, t = rng.normal(0, 0.2), np.linspace(0, 1, 12)
    path = np.stack(
        [aspect * (0.5 + bend * np.sin(t * 3)), horizon + 0.14 + (0.9 - horizon) * t], 1
    )
    shapes.append(
        Shape(
            make_stroke(path, 0.01 + 0.16 * t**1.5), p.glow, blend(p.glow, p.accent, 0.3), 0.1, 0.5
        )
    )
    for y in np.sort(rng.uniform(horizon + 0.15, 1.05, int(rng.integers(5, 11)))):
        x, wide = rng.uniform(0, aspect), 0.012 + 0.09 * (y - horizon) ** 1.5
        trunk = make_box(x, float(y), wide, float(y) + 0.1, rng.normal(0, 0.04))
        shapes.append(
            Shape(trunk, blend(p.dark, p.far, max(0.0, 0.9 - y)), p.dark, 1.5, 1, 0.5, 0.5)
        )
    for _ in range(int(rng.integers(3, 9))):
        crown = make_blob(
            rng,
            rng.uniform(0, aspect),
            rng.uniform(-0.05, 0.22),
            rng.uniform(0.1, 0.25),
            rng.uniform(0.06, 0.13),
            0.3,
        )
        tint = blend(p.near, p.accent, rng.random() * 0.5)
        shapes.append(
            Shape(crown, blend(tint, p.glow, 0.3), tint, rng.uniform(0, 3), 0.7, 0.3, 0.4)
        )
    return shapes


def compose_sea(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """Open sea: a horizon, rows of waves, sails, sometimes a headland."""
    horizon = rng.uniform(0.3, 0.55)
    shapes = paint_sky(rng, aspect, p, horizon)
    sea = make_ridge(rng, aspect, horizon, 0.001, 3)
    shapes.append(Shape(sea, blend(p.far, p.sky, 0.5), blend(p.near, p.sky, 0.35), 0.0, 0.6))
    if rng.random() < 0.45:
        shapes.append(_paint_headland(rng, aspect, p, horizon))
    for y in np.sort(rng.uniform(horizon + 0.02, 0.8, int(rng.integers(0, 4)))):
        shapes += paint_boat(
            rng, rng.uniform(0.1, 0.9) * aspect, float(y), 0.05 + 0.3 * (y - horizon), p
        )
    rows = int(rng.integers(4, 9))
    for i in range(rows):
        share = (i + 1) / (rows + 1)
        y = horizon + (1 - horizon) * share**1.3
        tint = blend(blend(p.sky, p.near, share), p.dark, 0.15 * (i % 2) + 0.1 * share)
        crest = make_ridge(rng, aspect, y, 0.004 + 0.035 * share, int(rng.integers(5, 10)))
        foam = crest + np.array([0, -0.006 - 0.012 * share])
        shapes.append(Shape(foam, p.light, blend(tint, p.light, 0.5), 0.1, 0.5, 0, 0.5))
        shapes.append(Shape(crest, tint, blend(tint, p.sky, 0.4), rng.normal(0, 0.2), 0.6))
    return shapes


def _paint_headland(rng: Rng, aspect: float, p: Palette, horizon: float) -> Shape:
    side = rng.random() < 0.5
    t = np.linspace(0, 1, 20)
    fall = horizon - rng.uniform(0.1, 0.25) * (1 - t**2) + rng.normal(0, 0.006, 20)
    reach = rng.uniform(0.3, 0.6) * aspect
    x = reach * t if side else aspect - reach * t
    edge = 0.0 if side else aspect
    points = np.vstack([np.stack([x, fall], 1), [[x[-1], horizon + 0.03], [edge, horizon + 0.06]]])
    return Shape(points, blend(p.mid, p.glow, 0.2), blend(p.near, p.far, 0.4), 1.2)


def compose_harbour(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """Boats at rest before a row of houses."""
    horizon = rng.uniform(0.4, 0.52)
    shapes = paint_sky(rng, aspect, p, horizon) + paint_ridges(rng, aspect, p, horizon - 0.08)[:1]
    x = rng.uniform(-0.05, 0.1)
    while x < aspect:
        wide = rng.uniform(0.09, 0.17)
        shapes += paint_house(rng, x, horizon + 0.06, wide, p)
        x += wide * rng.uniform(0.8, 1.2)
    water = make_ridge(rng, aspect, horizon + 0.06, 0.002, 3)
    shapes.append(Shape(water, blend(p.sky, p.glow, 0.4), blend(p.sky, p.near, 0.3), 0.0, 0.6))
    shapes += paint_ripples(
        rng, aspect, [p.glow, p.accent, p.light, p.far, p.near], horizon + 0.08, 34
    )
    for y in np.sort(rng.uniform(horizon + 0.14, 0.93, int(rng.integers(2, 6)))):
        shapes += paint_boat(
            rng, rng.uniform(0.1, 0.9) * aspect, float(y), 0.16 + 0.25 * (y - horizon), p
        )
    return shapes
