"""Hard-edge minimalism: few flat colours, taped edges, no hand.

Habits (weights of the families): `stripes`, `chevrons`, `nested`, `arcs`, `slabs`, `discs`;
`colours` how many; `raw` share of works on bare cloth.
"""

import numpy as np
from PIL import Image, ImageDraw

from core.studio.brief import Brief
from core.studio.canvas import compute_noise, compute_weave, light, to_float
from core.studio.palettes import blend

_FAMILIES = ("stripes", "chevrons", "nested", "arcs", "slabs", "discs")
_SCALE = 3


def paint_hard_edge(brief: Brief) -> np.ndarray:
    """Flat planes with perfect edges on a fine cloth."""
    rng, p = brief.rng, brief.palette
    weights = np.array([brief.habit(name, 0.0) for name in _FAMILIES])
    weights = weights if weights.any() else np.ones(len(_FAMILIES))
    family = str(rng.choice(_FAMILIES, p=weights / weights.sum()))
    pool = [*p.inks, p.dark, p.light]
    count = int(np.clip(rng.poisson(brief.habit("colours", 3)), 2, 7))
    colours = [pool[i] for i in rng.permutation(len(pool))[:count]]
    if rng.random() < brief.habit("raw", 0.25):
        colours[0] = blend(p.light, p.glow, 0.25)
    board = Image.new("RGB", (brief.size[0] * _SCALE, brief.size[1] * _SCALE), _ink(colours[0]))
    _FAMILY[family](rng, ImageDraw.Draw(board), board.size, [_ink(c) for c in colours])
    picture = to_float(board.reduce(_SCALE))
    sheen = 1 + 0.025 * (compute_noise(rng, brief.size, (2, 2)) - 0.5)
    return light(picture * sheen[..., None], compute_weave(rng, brief.size, 2.4), 0.02)


def _ink(colour: np.ndarray) -> tuple[int, int, int]:
    red, green, blue = (int(v * 255) for v in np.clip(colour, 0, 1))
    return red, green, blue


Draw = ImageDraw.ImageDraw
Inks = list[tuple[int, int, int]]


def _draw_stripes(rng: np.random.Generator, draw: Draw, size: tuple[int, int], inks: Inks) -> None:
    width, height = size
    lean = float(rng.choice([0, 0, 0, 0.5, 1.0, -0.6])) * height
    count = int(rng.integers(4, 22))
    even = rng.random() < 0.6
    shares = np.full(count, 1 / count) if even else rng.dirichlet(np.full(count, 1.2))
    level = lean == 0 and rng.random() < 0.45
    extent = height if level else width + abs(lean)
    at = 0.0 if level else min(0.0, -lean)
    for i, share in enumerate(shares.tolist()):
        end = at + share * extent
        ink = inks[i % len(inks)]
        if level:
            draw.rectangle((0, at, width, end), fill=ink)
        else:
            draw.polygon([(at, 0), (end, 0), (end + lean, height), (at + lean, height)], fill=ink)
        at = end


def _draw_chevrons(rng: np.random.Generator, draw: Draw, size: tuple[int, int], inks: Inks) -> None:
    width, height = size
    x, drop = width * rng.uniform(0.35, 0.65), height * rng.uniform(0.5, 1.1)
    band = height * rng.uniform(0.07, 0.17)
    flip = rng.random() < 0.5
    top = -drop * rng.uniform(0.1, 0.8)
    for i in range(int(rng.integers(3, 9))):
        y = top + i * band * (1.0 if rng.random() < 0.9 else 1.4)
        points = [
            (0, y),
            (x, y + drop),
            (width, y),
            (width, y + band),
            (x, y + drop + band),
            (0, y + band),
        ]
        if flip:
            points = [(px, height - py) for px, py in points]
        draw.polygon(points, fill=inks[i % len(inks)])


def _draw_nested(rng: np.random.Generator, draw: Draw, size: tuple[int, int], inks: Inks) -> None:
    width, height = size
    count = int(rng.integers(3, 10))
    sink = rng.uniform(-0.6, 0.6)
    diamond = rng.random() < 0.3
    for i in range(count):
        share = 1 - i / count * rng.uniform(0.9, 1.0)
        half_w, half_h = width / 2 * share, height / 2 * share
        cx, cy = width / 2, height / 2 + sink * (height / 2 - half_h)
        if diamond:
            corners = [(cx, cy - half_h), (cx + half_w, cy), (cx, cy + half_h), (cx - half_w, cy)]
        else:
            corners = [
                (cx - half_w, cy - half_h),
                (cx + half_w, cy - half_h),
                (cx + half_w, cy + half_h),
                (cx - half_w, cy + half_h),
            ]
        draw.polygon(corners, fill=inks[i % len(inks)])


def _draw_arcs(rng: np.random.Generator, draw: Draw, size: tuple[int, int], inks: Inks) -> None:
    width, height = size
    corners: list[tuple[float, float]] = [
        (0, 0),
        (width, 0),
        (0, height),
        (width, height),
        (width / 2, height),
        (width / 2, 0),
    ]
    for which in rng.permutation(6)[: int(rng.integers(1, 3))]:
        cx, cy = corners[int(which)]
        reach, band = min(size) * rng.uniform(0.6, 1.05), int(rng.integers(3, 7))
        for i in range(band):
            radius = reach * (1 - i / band * 0.85)
            box = (cx - radius, cy - radius, cx + radius, cy + radius)
            draw.ellipse(box, fill=inks[(i + 1) % len(inks)])


def _draw_slabs(rng: np.random.Generator, draw: Draw, size: tuple[int, int], inks: Inks) -> None:
    width, height = size
    for i in range(int(rng.integers(1, 4))):
        ink = inks[(i + 1) % len(inks)]
        cut, slant = rng.uniform(0.2, 0.8), rng.uniform(-0.35, 0.35)
        cuts = (cut - slant, cut + slant)
        if rng.random() < 0.5:
            points = [
                (0.0, height),
                (0, height * cuts[0]),
                (width, height * cuts[1]),
                (width, height),
            ]
        else:
            points = [
                (width, 0.0),
                (width * cuts[0], 0),
                (width * cuts[1], height),
                (width, height),
            ]
        draw.polygon(points, fill=ink)


def _draw_discs(rng: np.random.Generator, draw: Draw, size: tuple[int, int], inks: Inks) -> None:
    width, height = size
    if rng.random() < 0.5:
        radius = min(size) * rng.uniform(0.3, 0.46)
        cx, cy = width * rng.uniform(0.4, 0.6), height * rng.uniform(0.4, 0.6)
        for i in range(int(rng.integers(1, 6))):
            r = radius * (1 - i * rng.uniform(0.16, 0.2))
            draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=inks[(i + 1) % len(inks)])
        return
    step = min(size) / int(rng.integers(2, 6))
    for row in range(int(height / step) + 1):
        for column in range(int(width / step) + 1):
            x, y, r = (column + 0.5) * step, (row + 0.5) * step, step * 0.38
            ink = inks[1 + (row + column) % (len(inks) - 1)]
            half = int(rng.integers(0, 4)) * 90
            draw.pieslice(
                (x - r, y - r, x + r, y + r),
                half,
                half + 359 if len(inks) < 4 else half + 180,
                fill=ink,
            )


_FAMILY = {
    "stripes": _draw_stripes,
    "chevrons": _draw_chevrons,
    "nested": _draw_nested,
    "arcs": _draw_arcs,
    "slabs": _draw_slabs,
    "discs": _draw_discs,
}
