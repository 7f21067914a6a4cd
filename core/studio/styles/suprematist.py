"""Suprematism: plain geometry afloat on a brushed white ground.

Habits: `forms` how many, `order` how strongly they share one direction (0..1), `large` share of a
single dominating form, `round` share of discs.
"""

import numpy as np
from PIL import Image, ImageDraw

from core.studio.brief import Brief
from core.studio.canvas import compute_noise, light, mix, soften, to_float
from core.studio.scenes.shapes import make_blob
from core.studio.styles.grid import paint_white_ground


def paint_suprematist(brief: Brief) -> np.ndarray:
    """Bars, squares, wedges and discs along one or two diagonals."""
    rng = brief.rng
    picture = paint_white_ground(brief)
    tilt = rng.uniform(-1.2, 1.2)
    axis = np.array([np.cos(tilt), np.sin(tilt)])
    centre = np.array([brief.aspect / 2, 0.5]) + rng.normal(0, 0.05, 2)
    forms = max(3, int(rng.poisson(brief.habit("forms", 11))))
    scale = np.sort(rng.gamma(1.6, 0.075, forms))[::-1]
    if rng.random() < brief.habit("large", 0.4):
        scale[0] = rng.uniform(0.25, 0.42)
    for size in scale.tolist():
        along = rng.normal(0, 0.27)
        across = rng.normal(0, 0.13 if rng.random() < 0.7 else 0.3)
        place = centre + axis * along + np.array([-axis[1], axis[0]]) * across
        turn = tilt if rng.random() < brief.habit("order", 0.75) else tilt + rng.normal(0, 0.7)
        picture = _set_form(brief, picture, _make_form(brief, place, turn, size))
    return picture


def _make_form(brief: Brief, place: np.ndarray, turn: float, size: float) -> np.ndarray:
    """Outline (N, 2) of one form, in heights."""
    rng = brief.rng
    kind = rng.random()
    if kind < brief.habit("round", 0.12):
        return make_blob(rng, place[0], place[1], size * 0.7, size * 0.7, 0.01)
    if kind > 0.86:
        corners = np.array([[-1, 0.7], [1.3, 0], [-1, -0.7]]) * size * 0.8
    else:
        long = size * rng.choice([1.0, 2.2, 4.0], p=[0.3, 0.4, 0.3])
        thick = size * size / long * rng.uniform(0.5, 1.0)
        half = np.array([min(long, 0.65), max(thick, 0.005)]) / 1.6
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        corners[1:3, 1] *= rng.choice([1.0, 1.0, 0.6])
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    laid: np.ndarray = corners @ spin + place
    return laid


def _set_form(brief: Brief, picture: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """Paint one form: even body, a slightly raised edge, a faintly dry brush."""
    rng, p = brief.rng, brief.palette
    board = Image.new("L", (brief.size[0] * 2, brief.size[1] * 2), 0)
    ImageDraw.Draw(board).polygon(
        [(x * board.height, y * board.height) for x, y in outline.tolist()], fill=255
    )
    cover = to_float(board.reduce(2))
    inks = [p.dark, p.dark, p.accent, p.accent, p.glow, p.sky, p.near, p.mid]
    ink = inks[int(rng.integers(0, len(inks)))]
    dry = compute_noise(rng, brief.size, (30, 60))
    body = ink * (0.94 + 0.1 * dry)[..., None]
    rows = np.flatnonzero(cover.any(1))
    if not len(rows):
        return picture
    picture = mix(picture, body, cover * (0.93 + 0.07 * dry))
    return light(picture, soften(cover, 0.8) * 0.6, 0.16)
