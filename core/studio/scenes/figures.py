"""Heads and busts."""

import numpy as np

from core.studio.palettes import Palette, blend
from core.studio.scenes.shapes import Shape, make_blob, make_box, make_stroke

Rng = np.random.Generator


def compose_bust(rng: Rng, aspect: float, p: Palette) -> list[Shape]:
    """A sitter to the shoulders before a plain or divided wall."""
    ground = np.array(
        [[-0.02, -0.02], [aspect + 0.02, -0.02], [aspect + 0.02, 1.02], [-0.02, 1.02]]
    )
    wall = blend(p.sky, p.far, rng.random())
    shapes = [Shape(ground, wall, blend(wall, p.glow, 0.25), rng.uniform(0, 3), 0)]
    if rng.random() < 0.5:
        hanging = make_box(rng.uniform(0, 1) * aspect, 1.02, rng.uniform(0.3, 0.7), 1.06)
        shapes.append(Shape(hanging, blend(wall, p.near, 0.5), blend(wall, p.mid, 0.6), 1.5))
    x, y = aspect * rng.uniform(0.44, 0.56), rng.uniform(0.34, 0.42)
    radius, turn = rng.uniform(0.115, 0.15), rng.choice([-1.0, 1.0]) * rng.uniform(0.0, 0.5)
    skin = blend(blend(p.glow, p.light, 0.35), p.accent, rng.uniform(0.08, 0.3))
    coat = [p.accent, p.near, p.dark, p.mid, p.sky][int(rng.integers(0, 5))]
    hair = blend(p.dark, p.accent, float(rng.choice([0, 0.1, 0.35])))
    shapes += _paint_body(rng, x, y, radius, skin, coat, hair, p)
    shapes += _paint_head(rng, x, y, radius, turn, skin, hair, p)
    return shapes


def _paint_body(
    rng: Rng,
    x: float,
    y: float,
    radius: float,
    skin: np.ndarray,
    coat: np.ndarray,
    hair: np.ndarray,
    p: Palette,
) -> list[Shape]:
    shapes = []
    if rng.random() < 0.5:
        mane = make_blob(
            rng, x, y + radius * 0.6, radius * 1.25, radius * rng.uniform(1.5, 2.1), 0.12
        )
        shapes.append(Shape(mane, hair, blend(hair, p.dark, 0.4), 1.4, 0.9, 0.4, 0.4))
    neck = make_box(x, y + radius * 2.2, radius * 0.85, radius * 1.5)
    shapes.append(Shape(neck, blend(skin, p.dark, 0.3), skin, 1.4, 0.6, 0.5, 0.5))
    wide = radius * rng.uniform(2.2, 2.8)
    t = np.linspace(-1, 1, 25)
    drop = y + radius * 1.75 + radius * 1.3 * np.abs(t) ** 2.2
    slope = np.vstack(
        [np.stack([x + wide * t, drop], 1), [[x + wide * 1.15, 1.02], [x - wide * 1.15, 1.02]]]
    )
    shapes.append(Shape(slope, blend(coat, p.light, 0.12), blend(coat, p.dark, 0.4), 1.1, 1, 0.8))
    if rng.random() < 0.7:
        collar = np.array(
            [
                [x - radius * 0.75, y + radius * 1.75],
                [x, y + radius * 2.9],
                [x + radius * 0.75, y + radius * 1.75],
                [x + radius * 0.35, y + radius * 1.65],
                [x, y + radius * 2.1],
                [x - radius * 0.35, y + radius * 1.65],
            ]
        )
        shapes.append(Shape(collar, p.light, blend(p.light, p.far, 0.4), 1.0, 0.8, 0.2, 0.7))
    return shapes


def _paint_head(
    rng: Rng,
    x: float,
    y: float,
    radius: float,
    turn: float,
    skin: np.ndarray,
    hair: np.ndarray,
    p: Palette,
) -> list[Shape]:
    cap = make_blob(
        rng, x - turn * radius * 0.2, y - radius * 0.3, radius * 1.12, radius * 1.2, 0.08
    )
    face = make_blob(rng, x, y + radius * 0.08, radius * 0.86, radius * 1.2, 0.025)
    cheek = make_blob(rng, x - radius * 0.4, y + radius * 0.3, radius * 0.3, radius * 0.5, 0.1)
    shapes = [
        Shape(cap, hair, blend(hair, p.dark, 0.5), 1.0, 1, 0.5, 0.4),
        Shape(face, skin, blend(skin, p.accent, 0.15), 1.4, 1, 0.9, 0.5),
        Shape(cheek, blend(skin, p.light, 0.3), blend(skin, p.accent, 0.12), 1.4, 0, 0, 0.6),
    ]
    middle = x + turn * radius * 0.45
    for side in (-1, 1):
        shapes += _paint_eye(rng, middle + side * radius * 0.34, y, radius, skin, hair, p)
    shapes += _paint_nose_and_lips(rng, x, middle, y, radius, skin, p)
    if rng.random() < 0.5:
        return shapes + _paint_hat(rng, x, y, radius, p)
    fringe = make_blob(
        rng, x - turn * radius * 0.3, y - radius * 0.88, radius * 0.85, radius * 0.42, 0.15
    )
    return [*shapes, Shape(fringe, hair, blend(hair, p.dark, 0.3), 0.4, 0.6, 0.4, 0.5)]


def _paint_eye(
    rng: Rng, x: float, y: float, radius: float, skin: np.ndarray, hair: np.ndarray, p: Palette
) -> list[Shape]:
    y += radius * 0.05
    white = make_blob(rng, x, y, radius * 0.15, radius * 0.075, 0.05)
    iris = make_blob(rng, x, y, radius * 0.06, radius * 0.07, 0.0)
    brow = np.stack(
        [x + radius * np.array([-0.2, 0, 0.2]), y - radius * np.array([0.17, 0.25, 0.17])], 1
    )
    return [
        Shape(white, blend(skin, p.dark, 0.5), blend(skin, p.dark, 0.75), 0, 0.4, 0, 1),
        Shape(iris, p.dark, p.dark, 0, 0.0, 0, 1),
        Shape(make_stroke(brow, radius * 0.035), hair, hair, 0, 0.0, 0, 1),
    ]


def _paint_nose_and_lips(
    rng: Rng, x: float, middle: float, y: float, radius: float, skin: np.ndarray, p: Palette
) -> list[Shape]:
    shift = middle - x
    nose = np.array(
        [
            [x + shift * 1.2 - radius * 0.02, y],
            [x + shift * 1.5 + radius * 0.16, y + radius * 0.5],
            [middle - radius * 0.1, y + radius * 0.52],
        ]
    )
    lips = make_blob(rng, middle, y + radius * 0.76, radius * 0.25, radius * 0.075, 0.08)
    red, dark_red = blend(p.accent, p.dark, 0.15), blend(p.accent, p.dark, 0.4)
    return [
        Shape(nose, blend(skin, p.dark, 0.18), blend(skin, p.dark, 0.32), 1.3, 0.4, 0, 1),
        Shape(lips, red, dark_red, 0, 0.5, 0, 1),
    ]


def _paint_hat(rng: Rng, x: float, y: float, radius: float, p: Palette) -> list[Shape]:
    felt = [p.accent, p.dark, p.near, p.glow, p.sky][int(rng.integers(0, 5))]
    brim = make_blob(
        rng, x, y - radius * 0.62, radius * rng.uniform(1.2, 1.75), radius * 0.22, 0.08
    )
    crown = make_blob(
        rng, x, y - radius * 1.05, radius * 0.92, radius * rng.uniform(0.5, 0.75), 0.08
    )
    return [
        Shape(crown, felt, blend(felt, p.dark, 0.4), 0.7, 1, 0.7, 0.4),
        Shape(brim, blend(felt, p.light, 0.12), blend(felt, p.dark, 0.35), 0.1, 1, 0.3, 0.4),
    ]
