"""Shapes and their outlines, in heights: x runs 0..aspect, y runs 0 (top) ..1."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from core.studio.canvas import Size, enlarge


@dataclass(frozen=True)
class Shape:
    """One flat thing of a scene, painted over those before it.

    `points` (N, 2); colours (3,) run from `top` to `bottom` of its box; `flow` is the direction
    of strokes in radians; `line` the weight of its contour (0 none); `volume` how round it is,
    0..1; `detail` 0 for big brushes, 1 for the smallest.
    """

    points: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    flow: float = 0.0
    line: float = 1.0
    volume: float = 0.0
    detail: float = 0.0


def compute_ids(shapes: list[Shape], size: Size, scale: int = 1) -> np.ndarray:
    """The number of the uppermost shape at each pixel, (height * scale, width * scale) int32."""
    board = Image.new("I", (size[0] * scale, size[1] * scale), 0)
    draw = ImageDraw.Draw(board)
    for number, shape in enumerate(shapes):
        draw.polygon(_in_pixels(shape, board.height), fill=number)
    return np.asarray(board)


def _in_pixels(shape: Shape, height: int) -> list[tuple[float, float]]:
    return [(x * height, y * height) for x, y in shape.points.tolist()]


def compute_colours(shapes: list[Shape], ids: np.ndarray) -> np.ndarray:
    """The picture (h, w, 3) of the shapes, each running from its top to its bottom colour."""
    height = ids.shape[0]
    top = np.array([shape.top for shape in shapes], np.float32)
    change = np.array([shape.bottom for shape in shapes], np.float32) - top
    start = np.array([max(0.0, shape.points[:, 1].min()) for shape in shapes], np.float32)
    end = np.array([min(1.0, shape.points[:, 1].max()) for shape in shapes], np.float32)
    y = np.arange(height, dtype=np.float32)[:, None] / height
    share = np.clip((y - start[ids]) / np.maximum(end - start, 0.02)[ids], 0, 1)
    tones: np.ndarray = top[ids] + change[ids] * share[..., None]
    return tones


def compute_traits(shapes: list[Shape], ids: np.ndarray, trait: str) -> np.ndarray:
    """One number of each shape ('flow', 'detail', 'volume') at each pixel, float32."""
    traits: np.ndarray = np.array([getattr(shape, trait) for shape in shapes], np.float32)[ids]
    return traits


def draw_contours(
    shapes: list[Shape],
    size: Size,
    weight: float,
    scale: int = 2,
    wobble: float = 0.0,
    rng: np.random.Generator | None = None,
) -> np.ndarray:
    """Ink of the visible outlines (height, width) in 0..1; `weight` is in pixels."""
    board = Image.new("L", (size[0] * scale, size[1] * scale), 0)
    draw = ImageDraw.Draw(board)
    for shape in shapes:
        points = shape.points
        if wobble and rng is not None:
            points = points + rng.normal(0, wobble, points.shape)
        outline = [(x * board.height, y * board.height) for x, y in points.tolist()]
        draw.polygon(outline, fill=0)
        if shape.line > 0:
            thick = max(1, round(weight * scale * shape.line))
            draw.line([*outline, outline[0]], fill=255, width=thick, joint="curve")
    return np.asarray(board.reduce(scale), np.float32) / 255


def make_blob(
    rng: np.random.Generator, x: float, y: float, rx: float, ry: float, wobble: float = 0.12
) -> np.ndarray:
    """An uneven ellipse, (36, 2)."""
    turn = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    ring = enlarge(rng.random((1, 9), dtype=np.float32) - 0.5, (36, 1))[0]
    ring = 1 + 2 * wobble * ring * np.sin(turn / 2) ** 0.5
    return np.stack([x + rx * ring * np.cos(turn), y + ry * ring * np.sin(turn)], 1)


def make_box(x: float, y: float, width: float, height: float, lean: float = 0.0) -> np.ndarray:
    """A box from its lower middle (x, y), (4, 2); `lean` shifts its top to the right."""
    half = width / 2
    return np.array(
        [[x - half, y], [x - half + lean, y - height], [x + half + lean, y - height], [x + half, y]]
    )


def make_ridge(
    rng: np.random.Generator, aspect: float, y: float, swing: float, bumps: int, rough: float = 0.0
) -> np.ndarray:
    """Ground below an uneven skyline across the whole width, skyline about `y` +- `swing`."""
    count = 72
    line = enlarge(rng.random((1, max(2, bumps)), dtype=np.float32) - 0.5, (count, 1))[0] * 2
    fine = enlarge(rng.random((1, bumps * 5), dtype=np.float32) - 0.5, (count, 1))[0]
    x = np.linspace(-0.02, aspect + 0.02, count)
    skyline = np.stack([x, y + swing * line + rough * fine], 1)
    return np.vstack([skyline, [[aspect + 0.02, 1.02], [-0.02, 1.02]]])


def make_profile(x: float, base: float, heights: np.ndarray, halves: np.ndarray) -> np.ndarray:
    """A turned thing (jug, bottle, vase): half widths at heights above `base`, mirrored."""
    count = 28
    spread = np.linspace(0, len(halves) - 1, count)
    rise = np.interp(spread, np.arange(len(heights)), heights)
    half = enlarge(np.asarray(halves, np.float32)[None, :], (count, 1))[0]
    left = np.stack([x - half, base - rise], 1)
    right = np.stack([x + half, base - rise], 1)
    foot = np.array([[x + halves[0] * 0.6, base + 0.012], [x - halves[0] * 0.6, base + 0.012]])
    return np.vstack([left, right[::-1], foot])


def make_stroke(points: np.ndarray, half: np.ndarray | float) -> np.ndarray:
    """A ribbon along a path (N, 2) with half width `half` (N,) or one number: (2N, 2)."""
    step = np.gradient(points, axis=0)
    length = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-6)
    normal = np.stack([-step[:, 1], step[:, 0]], 1) / length[:, None]
    reach = normal * np.broadcast_to(half, len(points))[:, None]
    return np.vstack([points + reach, (points - reach)[::-1]])
