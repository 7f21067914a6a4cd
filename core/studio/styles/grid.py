"""Grid abstraction: upright and level bars, planes of plain colour, hand-brushed whites.

Habits: `bar` width of bars as a share of height, `cells` how finely divided, `colour` share of
coloured planes, `lattice` share of works built as small coloured squares along the bars,
`soft_bars` 1 where the bars take a colour of the palette rather than black.
"""

import numpy as np

from core.studio.brief import Brief
from core.studio.brushes import lay_strokes, lift, load_brush, look_up, prime, scatter
from core.studio.canvas import compute_noise, compute_weave, fill, light, soften
from core.studio.palettes import blend

Bars = list[tuple[int, int, int]]


def paint_grid(brief: Brief) -> np.ndarray:
    """Bars and planes, out of balance on purpose."""
    rng, p = brief.rng, brief.palette
    ids, cuts = _divide(brief)
    planes = _choose_planes(brief, int(ids.max()) + 1)
    picture = planes[ids]
    bars = _draw_bars(brief, cuts)
    ink = p.dark
    if rng.random() < brief.habit("soft_bars", 0.0):
        ink = [blend(p.far, p.dark, 0.4), p.glow, p.sky][int(rng.integers(0, 3))]
    if rng.random() < brief.habit("lattice", 0.0):
        tiles = compute_tiles(brief)
        picture = np.where(bars[..., None] > 0.5, tiles, picture)
    else:
        picture = picture + (ink - picture) * bars[..., None]
    return _brush_over(brief, picture.astype(np.float32), bars, picture)


def _divide(brief: Brief) -> tuple[np.ndarray, tuple[Bars, Bars]]:
    """Cells (height, width) numbered, and the bars: upright (x, from, to), level (y, from, to)."""
    rng, (width, height) = brief.rng, brief.size
    ids = np.zeros((height, width), np.int32)
    boxes = [(0, 0, width, height)]
    upright: Bars = []
    level: Bars = []
    for _ in range(max(3, int(rng.poisson(brief.habit("cells", 9))))):
        areas = np.array([(r - left) * (b - top) for left, top, r, b in boxes], float)
        left, top, right, bottom = boxes.pop(int(rng.choice(len(boxes), p=areas / areas.sum())))
        share = float(np.clip(rng.beta(1.3, 1.3), 0.14, 0.86))
        if (right - left) * rng.uniform(0.6, 1.6) > bottom - top:
            x = int(left + share * (right - left))
            upright.append((x, top, bottom))
            boxes += [(left, top, x, bottom), (x, top, right, bottom)]
        else:
            y = int(top + share * (bottom - top))
            level.append((y, left, right))
            boxes += [(left, top, right, y), (left, y, right, bottom)]
    for number, (left, top, right, bottom) in enumerate(boxes):
        ids[top:bottom, left:right] = number
    return ids, (upright, level)


def _choose_planes(brief: Brief, count: int) -> np.ndarray:
    """A colour for each cell (count, 3): mostly whites, a few strong planes."""
    rng, p = brief.rng, brief.palette
    strong = [p.sky, p.glow, p.accent, p.mid, p.dark, p.near]
    planes = []
    for _ in range(count):
        white = blend(p.light, p.far, float(rng.choice([0.0, 0.06, 0.14, 0.35])))
        plane = (
            strong[int(rng.integers(0, 6))] if rng.random() < brief.habit("colour", 0.35) else white
        )
        planes.append(plane)
    if brief.habit("colour", 0.35) > 0.1:
        planes[int(rng.integers(0, count))] = strong[int(rng.integers(0, 4))]
    return np.array(planes, np.float32)


def _draw_bars(brief: Brief, cuts: tuple[Bars, Bars]) -> np.ndarray:
    """Cover of the bars (height, width), 0..1."""
    rng, (width, height) = brief.rng, brief.size
    bars = np.zeros((height, width), np.float32)
    thick = brief.habit("bar", 0.022) * height
    for upright, runs in ((True, cuts[0]), (False, cuts[1])):
        for at, start, end in runs:
            half = max(0.0, thick * rng.uniform(0.6, 1.5) / 2)
            near, far = max(0, round(at - half)), round(at + half)
            if upright:
                bars[start:end, near:far] = 1
            else:
                bars[near:far, start:end] = 1
    return bars


def compute_tiles(brief: Brief) -> np.ndarray:
    """Small squares of colour over the whole picture (height, width, 3)."""
    rng, p = brief.rng, brief.palette
    side = max(5, int(brief.habit("bar", 0.03) * brief.size[1]))
    rows, columns = brief.size[1] // side + 1, brief.size[0] // side + 1
    choices = np.array([p.glow, p.glow, p.sky, p.accent, p.light, p.far, p.dark])
    tiles = choices[rng.integers(0, len(choices), (rows, columns))]
    return tiles.repeat(side, 0).repeat(side, 1)[: brief.size[1], : brief.size[0]]


def _brush_over(
    brief: Brief, picture: np.ndarray, bars: np.ndarray, bar_ink: np.ndarray
) -> np.ndarray:
    """The planes as brushed by hand: level and upright strokes, faint relief; bars restated."""
    rng = brief.rng
    panel = prime(picture)
    places = scatter(rng, brief.size, 9)
    angles = np.where(rng.random(len(places)) < 0.5, 0.0, np.pi / 2)
    keep = look_up(bars, places) < 0.5
    reach = _compute_room(picture, places)
    keep &= reach
    tint = look_up(picture, places) * rng.normal(1, 0.016, (len(places), 1))
    brush = load_brush("bristle", 19, 7)
    lay_strokes(panel, brush, places[keep], angles[keep], tint[keep], rng)
    painted, relief = lift(panel)
    relief = np.where(bars > 0.5, 0.75, relief)
    painted = painted + (bar_ink - painted) * bars[..., None]
    painted = light(painted, soften(relief, 0.7), 0.17)
    tone = 1 - 0.06 * compute_noise(rng, brief.size, (3, 3), 3)[..., None]
    return light(painted * tone, compute_weave(rng, brief.size), 0.03)


def _compute_room(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Whether a stroke at each place (N,) stays within one plane."""
    here = look_up(picture, places)
    room = np.ones(len(places), bool)
    for step in ((7, 0), (-7, 0), (0, 7), (0, -7)):
        room &= np.abs(look_up(picture, places + step) - here).sum(1) < 0.02
    return room


def paint_white_ground(brief: Brief) -> np.ndarray:
    """A brushed off-white ground (height, width, 3) for geometry to float on."""
    p = brief.palette
    ground = fill(brief.size, blend(p.light, p.far, brief.rng.uniform(0.0, 0.12)))
    return _brush_over(brief, ground, np.zeros(brief.size[::-1], np.float32), ground)
