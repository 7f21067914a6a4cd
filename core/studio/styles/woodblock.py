"""Woodblock print: flat inks between drawn key-lines, graded skies, paper and wood grain.

Habits: `keyline` weight in pixels, `grade` strength of the graded bands, `grain` of the wood,
`slip` misregistration in pixels, `seal` share of works with a red seal and title slip.
"""

import numpy as np
from PIL import Image, ImageDraw

from core.studio.brief import Brief
from core.studio.canvas import (
    compute_noise,
    compute_paper,
    compute_positions,
    light,
    mix,
    smoothstep,
    to_float,
    to_image,
)
from core.studio.palettes import blend
from core.studio.scenes.shapes import Shape, compute_colours, compute_ids, draw_contours


def paint_woodblock(brief: Brief) -> np.ndarray:
    """A colour print, pulled from several blocks."""
    rng, p = brief.rng, brief.palette
    shapes = [_flatten(brief, shape) for shape in brief.compose()]
    flat = compute_colours(shapes, compute_ids(shapes, brief.size, 2))
    flat = to_float(to_image(flat).reduce(2))
    flat = _grade(brief, flat)
    slip = round(rng.normal(0, brief.habit("slip", 0.8)))
    flat = np.roll(flat, slip, axis=1)
    picture = _press(brief, flat)
    line = draw_contours(shapes, brief.size, brief.habit("keyline", 1.3))
    picture = mix(picture, blend(p.dark, p.near, 0.1), line * 0.9)
    picture = _trim(brief, picture)
    return light(picture, compute_paper(rng, brief.size), 0.05)


def _flatten(brief: Brief, shape: Shape) -> Shape:
    """Most shapes become one flat ink; a few keep their gradation."""
    if shape.line == 0 or brief.rng.random() < 0.15:
        return shape
    ink = blend(shape.top, shape.bottom, 0.35)
    return Shape(shape.points, ink, ink, shape.flow, shape.line, shape.volume, shape.detail)


def _grade(brief: Brief, flat: np.ndarray) -> np.ndarray:
    """Bokashi: a wiped band of deep ink along the top, and one along the foot."""
    _, y = compute_positions(brief.size)
    p, strength = brief.palette, brief.habit("grade", 0.75)
    rows = np.broadcast_to(y, flat.shape[:2])
    flat = mix(flat, blend(p.dark, p.sky, 0.45), (smoothstep(rows, 0.2, 0.0) ** 1.5) * strength)
    return mix(flat, p.near, smoothstep(rows, 0.9, 1.05) * 0.5 * strength)


def _press(brief: Brief, flat: np.ndarray) -> np.ndarray:
    """Ink into paper: the tone of the sheet, grain of the plank, speckle where the ink missed."""
    rng, (width, height) = brief.rng, brief.size
    paper = blend(brief.palette.light, brief.palette.glow, 0.25)
    plank = compute_noise(rng, brief.size, (width / 150, height / 3.2), 2)
    missed = rng.random((height, width), dtype=np.float32)
    cover = 0.93 - 0.22 * brief.habit("grain", 1.0) * (plank - 0.35).clip(0, 1)
    cover = cover - 0.35 * (missed > 0.965)
    return mix(np.broadcast_to(paper, flat.shape), flat * (0.35 + 0.65 * paper), cover)


def _trim(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """The printed border, and at times a seal and a title slip."""
    rng, p, (width, height) = brief.rng, brief.palette, brief.size
    board = to_image(picture)
    draw = ImageDraw.Draw(board)
    paper = tuple(int(v * 255) for v in blend(p.light, p.glow, 0.15))
    ink = tuple(int(v * 255) for v in blend(p.dark, p.near, 0.1))
    rim = int(rng.integers(3, 9))
    draw.rectangle((0, 0, width - 1, height - 1), outline=paper, width=rim)
    draw.rectangle((rim, rim, width - 1 - rim, height - 1 - rim), outline=ink, width=1)
    if rng.random() < brief.habit("seal", 0.6):
        left = rim + 7 if rng.random() < 0.5 else width - rim - 26
        _stamp(draw, rng, left, rim + 7, paper, ink)
    return to_float(board)


def _stamp(
    draw: ImageDraw.ImageDraw,
    rng: np.random.Generator,
    left: int,
    top: int,
    paper: tuple[int, ...],
    ink: tuple[int, ...],
) -> None:
    """A title slip with strokes of writing, a red seal below it."""
    tall = int(rng.integers(44, 70))
    draw.rectangle((left, top, left + 18, top + tall), fill=paper, outline=ink)
    for row in range(top + 6, top + tall - 8, 11):
        for _ in range(5):
            x, y = left + 4 + 10 * rng.random(), row + 8 * rng.random()
            dx, dy = (rng.uniform(2, 7), 0.5) if rng.random() < 0.55 else (0.5, rng.uniform(2, 6))
            draw.line((x, y, min(x + dx, left + 15), y + dy), fill=ink, width=1)
    red = (186, 48, 36)
    seat = top + tall + 4
    draw.rectangle((left + 2, seat, left + 16, seat + 14), fill=red)
    for _ in range(4):
        x, y = left + 4 + 8 * rng.random(), seat + 3 + 8 * rng.random()
        draw.line((x, y, x + rng.uniform(1, 4), y + rng.uniform(0, 4)), fill=paper, width=1)


def stamp_seal(board: Image.Image, rng: np.random.Generator, place: tuple[int, int]) -> None:
    """A small red seal on its own at `place` (left, top)."""
    draw, (left, top) = ImageDraw.Draw(board), place
    draw.rectangle((left, top, left + 13, top + 13), fill=(178, 44, 34))
    for _ in range(5):
        x, y = left + 2 + 8 * rng.random(), top + 2 + 8 * rng.random()
        draw.line(
            (x, y, x + rng.uniform(1, 4), y + rng.uniform(0, 4)), fill=(238, 214, 190), width=1
        )
