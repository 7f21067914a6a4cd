"""Brush strokes: small masks made once a process, then laid by the thousand.

A panel is an RGBA image whose alpha holds the height of the paint, so that one paste lays
colour and relief together.
"""

from functools import lru_cache

import numpy as np
from PIL import Image

from core.studio.canvas import enlarge, to_float

TURNS = 32  # directions a brush mask is kept in
KINDS = 4  # different marks of the same brush


@lru_cache(maxsize=64)
def load_brush(kind: str, length: int, width: int) -> tuple[tuple[Image.Image, ...], ...]:
    """Masks [mark][turn] of a brush: kind 'bristle', 'flat', 'dab' or 'dot'; sizes in pixels."""
    rng = np.random.default_rng([length, width, len(kind)])
    marks = []
    for _ in range(KINDS):
        upright = _draw_mark(kind, length, width, rng)
        marks.append(tuple(_turn(upright, turn) for turn in range(TURNS)))
    return tuple(marks)


def _turn(mark: Image.Image, turn: int) -> Image.Image:
    turned = mark.rotate(-turn * 360 / TURNS, Image.Resampling.BICUBIC, expand=True)
    return turned.resize(
        (max(1, round(turned.width / 3)), max(1, round(turned.height / 3))), Image.Resampling.BOX
    )


def _draw_mark(kind: str, length: int, width: int, rng: np.random.Generator) -> Image.Image:
    """One mark at three times its size, lying along x."""
    wide, high = length * 3, width * 3
    x = np.linspace(-1, 1, wide, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, high, dtype=np.float32)[:, None]
    if kind == "dot":
        ragged = 1 + 0.15 * (enlarge(rng.random((4, 4), dtype=np.float32), (wide, high)) - 0.5)
        alpha = np.clip((ragged - np.hypot(x, y)) * 5, 0, 1)
    elif kind == "dab":
        alpha = np.clip((1 - np.abs(x) ** 2.4 - np.abs(y) ** 2.4) * 4, 0, 1)
    else:
        ragged = enlarge(rng.random((max(3, width), 2), dtype=np.float32), (2, high))
        start, end = -0.95 + 0.25 * ragged[:, :1], 0.95 - 0.55 * ragged[:, 1:]
        along = np.clip((x - start) * 14, 0, 1) * np.clip((end - x) * 5, 0, 1)
        alpha = along * np.clip((1 - np.abs(y) ** 3) * 4, 0, 1)
        if kind == "bristle":
            hairs = enlarge(rng.random((max(3, width), 3), dtype=np.float32), (wide, high))
            alpha = alpha * np.clip(0.45 + 0.9 * hairs, 0, 1)
    return Image.fromarray((alpha * 255).astype(np.uint8))


def prime(picture: np.ndarray) -> Image.Image:
    """A panel (RGBA, flat relief) primed with a picture in 0..1."""
    height, width = picture.shape[:2]
    panel = np.full((height, width, 4), 90, np.uint8)
    panel[..., :3] = np.clip(picture, 0, 1) * 255
    return Image.fromarray(panel)


def lay_strokes(
    panel: Image.Image,
    brush: tuple[tuple[Image.Image, ...], ...],
    places: np.ndarray,
    angles: np.ndarray,
    colours: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Lay strokes on a panel, in the order given.

    `places` (N, 2) are centres in pixels, `angles` (N,) radians (0 to the right, turning
    clockwise), `colours` (N, 3) in 0..1.
    """
    count = len(places)
    turns = np.round(angles * (TURNS / (2 * np.pi))).astype(int) % TURNS
    marks = rng.integers(0, KINDS, count)
    fills = np.empty((count, 4), np.uint8)
    fills[:, :3] = np.clip(colours, 0, 1) * 255
    fills[:, 3] = rng.integers(70, 240, count)
    left_top = places.round().astype(int).tolist()
    strokes = zip(marks.tolist(), turns.tolist(), left_top, fills.tolist(), strict=True)
    for mark, turn, (x, y), fill in strokes:
        mask = brush[mark][turn]
        panel.paste(tuple(fill), (x - mask.width // 2, y - mask.height // 2), mask)


def scatter(
    rng: np.random.Generator, size: tuple[int, int], spacing: float, jitter: float = 0.9
) -> np.ndarray:
    """Places (N, 2) of a shuffled, jittered grid, one every `spacing` pixels, edges included."""
    width, height = size
    columns, rows = int(width / spacing) + 2, int(height / spacing) + 2
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2)
    places = (grid + (rng.random(grid.shape) - 0.5) * jitter) * spacing
    return rng.permutation(places)


def look_up(surface: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Values of a surface or picture at places (N, 2), clamped to its edges."""
    height, width = surface.shape[:2]
    x = np.clip(places[:, 0].astype(int), 0, width - 1)
    y = np.clip(places[:, 1].astype(int), 0, height - 1)
    values: np.ndarray = surface[y, x]
    return values


def lift(panel: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """The picture (height, width, 3) and the relief (height, width) of a panel, both 0..1."""
    painted = to_float(panel)
    return painted[..., :3], painted[..., 3]
