"""Ink wash: wet and dry ink on silk or paper, mountains that stand in mist.

Habits: `wet` softness of the washes, `tint` share of pale colour in the ink, `silk` darkness of
the sheet, `column` share of works with a column of writing.
"""

import numpy as np
from PIL import Image

from core.studio.brief import Brief
from core.studio.brushes import lay_strokes, load_brush, prime
from core.studio.canvas import (
    age,
    compute_noise,
    compute_paper,
    compute_positions,
    enlarge,
    fill,
    light,
    smoothstep,
    to_float,
    to_image,
)
from core.studio.palettes import blend
from core.studio.styles.woodblock import stamp_seal

_INK = np.array([0.10, 0.10, 0.12], np.float32)


def paint_ink(brief: Brief) -> np.ndarray:
    """Mountains, a river, a pine, plum blossom or bamboo."""
    rng, p = brief.rng, brief.palette
    sheet = blend(p.light, blend(p.glow, p.mid, 0.35), brief.habit("silk", 0.45))
    draw = {"bamboo": _paint_bamboo, "plum": _paint_plum, "pine": _paint_pine}
    panel = draw.get(brief.subject, _paint_peaks)(brief)
    drawn = to_float(panel)[..., :3]
    bare = _INK + (1 - _INK) * drawn  # what is left of the sheet's light
    tint = blend(np.ones(3, np.float32), p.far, brief.habit("tint", 0.25))
    wash = drawn.mean(2, keepdims=True)
    picture = fill(brief.size, sheet) * bare * (tint + (1 - tint) * wash)
    board = to_image(picture)
    _sign(brief, board)
    picture = age(to_float(board), rng, 0.45)
    return light(picture, compute_paper(rng, brief.size), 0.045)


def _paint_peaks(brief: Brief) -> Image.Image:
    """Ranges one behind another, each dark at its crest and lost in mist below.

    A 'river' keeps them low and far, and leaves the sheet empty for the water.
    """
    rng = brief.rng
    _, y = compute_positions(brief.size)
    ink = np.zeros(brief.size[::-1], np.float32)
    river, wet = brief.subject == "river", brief.habit("wet", 0.5)
    count = int(rng.integers(2, 4)) if river else int(rng.integers(3, 6))
    for i in range(count):
        depth = (i + 1) / count
        level = 0.30 + 0.16 * i / count if river else 0.22 + 0.62 * i / count
        crest = _make_crest(brief, level, (0.07 if river else 0.26) - 0.12 * depth * (not river))
        below = y - crest[None, :]
        body = smoothstep(below, -0.004, 0.006)
        mist = (0.07 if river else rng.uniform(0.1, 0.2)) * (0.7 + 0.6 * wet)
        fade = np.exp(-np.maximum(below, 0) / mist)
        layer = body * fade * (0.25 + 0.6 * depth) * (0.55 + 0.75 * _hatch(brief, below))
        edge = np.exp(-((below / 0.006) ** 2)) * 0.55 * depth
        ink = np.maximum(ink * (1 - body * (0.75 + 0.25 * fade)), layer + edge)
    panel = prime(np.repeat(1 - ink[..., None], 3, 2))
    if river:
        _lay_water(brief, panel)
    _dot_trees(brief, panel, 0.68 if river else 0.62)
    _add_boat(brief, panel)
    return panel


def _make_crest(brief: Brief, level: float, swing: float) -> np.ndarray:
    """A skyline (width,) in heights: steep pinnacles with fine breaks."""
    rng, width = brief.rng, brief.size[0]

    def draw(cells: int) -> np.ndarray:
        steps: np.ndarray = enlarge(rng.random((1, cells), dtype=np.float32) - 0.5, (width, 1))[0]
        return steps

    bold = draw(int(rng.integers(4, 8)))
    steep = np.sign(bold) * np.abs(bold) ** 0.8
    crest: np.ndarray = (
        level - swing * 2.2 * steep + 0.19 * swing * draw(22) + 0.07 * swing * draw(70)
    )
    return crest


def _hatch(brief: Brief, below: np.ndarray) -> np.ndarray:
    """Texture strokes hanging from the crest, 0..1."""
    width, height = brief.size
    hang = compute_noise(brief.rng, brief.size, (width / 5, height / 30), 2)
    strokes: np.ndarray = np.clip(hang * 1.8 - 0.45, 0, 1) * np.exp(-np.maximum(below, 0) / 0.2)
    return strokes


def _lay(
    brief: Brief,
    panel: Image.Image,
    mark: tuple[str, int, int],
    places: np.ndarray,
    angles: np.ndarray | float,
    tone: np.ndarray | float,
) -> None:
    """Strokes of ink: tone 0 is black, 1 leaves the sheet; scalars serve every stroke."""
    count = len(places)
    turns = np.broadcast_to(np.asarray(angles, float), count)
    tones = np.broadcast_to(np.asarray(tone, float), count)
    lay_strokes(panel, load_brush(*mark), places, turns, tones[:, None].repeat(3, 1), brief.rng)


def _lay_water(brief: Brief, panel: Image.Image) -> None:
    """A few level lines, and reeds on the near bank."""
    rng, (width, height) = brief.rng, brief.size
    count = int(rng.integers(8, 18))
    lines = rng.uniform((0, 0.52), (1, 0.9), (count, 2)) * (width, height)
    _lay(
        brief,
        panel,
        ("bristle", 46, 2),
        lines,
        rng.normal(0, 0.03, count),
        rng.uniform(0.6, 0.8, count),
    )
    for _ in range(int(rng.integers(2, 5))):
        foot = np.array([rng.uniform(0, 1) * width, height * rng.uniform(0.88, 1.0)])
        lean = np.pi / 2 + rng.normal(0, 0.3, 14)
        reach = np.stack([np.cos(lean), -np.sin(lean)], 1) * rng.uniform(8, 26, (14, 1))
        _lay(brief, panel, ("bristle", 30, 2), foot + reach, -lean, rng.uniform(0.1, 0.5, 14))


def _dot_trees(brief: Brief, panel: Image.Image, top: float) -> None:
    """Groves of dots and trunks on the near shore, below `top`."""
    rng, (width, height) = brief.rng, brief.size
    for _ in range(int(rng.integers(2, 6))):
        x, base = rng.uniform(0.05, 0.95) * width, rng.uniform(top, 0.95) * height
        tall = height * rng.uniform(0.06, 0.13)
        count = int(rng.integers(40, 90))
        rise = tall * rng.uniform(0.35, 1.2, count)
        leaves = np.stack([rng.normal(x, tall * 0.4, count), base - rise], 1)
        trunks = np.stack([rng.normal(x, tall * 0.2, 12), base - rise[:12] * 0.5], 1)
        _lay(brief, panel, ("flat", 16, 3), trunks, rng.normal(np.pi / 2, 0.2, 12), 0.15)
        _lay(
            brief,
            panel,
            ("flat", 8, 3),
            leaves,
            rng.normal(0, 0.35, count),
            rng.uniform(0.05, 0.4, count),
        )


def _add_boat(brief: Brief, panel: Image.Image) -> None:
    """A boat, as three strokes, on the empty water."""
    rng, (width, height) = brief.rng, brief.size
    x, y = rng.uniform(0.2, 0.8) * width, rng.uniform(0.7, 0.9) * height
    _lay(
        brief,
        panel,
        ("flat", 24, 4),
        np.array([[x, y], [x + 4, y - 1]]),
        np.array([0.1, -0.1]),
        0.12,
    )
    _lay(brief, panel, ("flat", 13, 3), np.array([[x - 2, y - 7]]), np.pi / 2, 0.2)


def _paint_bamboo(brief: Brief) -> Image.Image:
    """Stems in segments, leaves in single pressed strokes, near ones dark."""
    rng = brief.rng
    panel = _prime_wash(brief)
    stems = int(rng.integers(2, 6))
    for i in range(stems):
        tone = 0.68 - 0.56 * (i + 1) / stems
        x, lean = rng.uniform(0.12, 0.88) * brief.size[0], rng.normal(0, 0.14)
        _paint_stem(brief, panel, x, lean, tone)
    return panel


def _prime_wash(brief: Brief) -> Image.Image:
    """The sheet with a pale cloud of wash."""
    cloud = compute_noise(brief.rng, brief.size, (3, 3), 3)
    wash = 1 - 0.22 * smoothstep(cloud, 0.45, 0.95) * brief.habit("wet", 0.5)
    return prime(np.repeat(wash[..., None], 3, 2))


def _paint_stem(brief: Brief, panel: Image.Image, x: float, lean: float, tone: float) -> None:
    rng, height = brief.rng, brief.size[1]
    joint = height * rng.uniform(0.13, 0.18)
    steps = np.arange(0, height + joint, joint)
    places = np.stack([x + lean * steps, height - steps], 1)
    thick = int(rng.integers(5, 11))
    _lay(
        brief, panel, ("bristle", round(joint * 1.3), thick), places, np.pi / 2 + lean, tone + 0.14
    )
    _lay(brief, panel, ("dab", round(joint * 0.93), thick), places, np.pi / 2 + lean, tone + 0.1)
    knots = places + np.array([lean * joint / 2, -joint / 2])
    _lay(brief, panel, ("flat", thick + 5, 3), knots, 0.0, tone * 0.5)
    for node in knots:
        for side in (-1, 1):
            if rng.random() < 0.6:
                root = node + np.array([side * rng.uniform(6, 34), rng.normal(0, 12)])
                _press_leaves(brief, panel, root, side, tone)


def _press_leaves(
    brief: Brief, panel: Image.Image, root: np.ndarray, side: int, tone: float
) -> None:
    """A spray of long leaves falling from one point."""
    rng = brief.rng
    count = int(rng.integers(4, 9))
    angles = np.pi / 2 + rng.normal(0, 0.62, count) - side * 0.5
    reach = np.stack([np.cos(angles), np.sin(angles)], 1) * 14
    mark = ("flat", int(rng.choice([28, 34, 42])), int(rng.choice([5, 6])))
    _lay(
        brief,
        panel,
        mark,
        root + reach,
        angles,
        np.clip(tone + rng.normal(0, 0.07, count), 0.04, 0.9),
    )


def _grow(
    rng: np.random.Generator, start: np.ndarray, heading: float, steps: int, pace: float
) -> tuple[np.ndarray, np.ndarray]:
    """A gnarled branch: places (N, 2) and directions (N,)."""
    kinks = rng.normal(0, 0.14, steps) + np.where(
        rng.random(steps) < 0.14, rng.normal(0, 0.7, steps), 0
    )
    headings = heading + 0.55 * np.cumsum(kinks) * np.exp(-np.arange(steps) / 40)
    stride = np.stack([np.cos(headings), np.sin(headings)], 1) * pace
    return start + np.cumsum(stride, 0), headings


def _paint_tree(brief: Brief, panel: Image.Image, thick: int) -> list[np.ndarray]:
    """A trunk from the edge of the sheet and its branches; returns the branches' places."""
    rng, (width, height) = brief.rng, brief.size
    start = np.array([width * float(rng.choice([0.1, 0.9])), height * rng.uniform(0.85, 1.0)])
    aim = np.array([width, height]) * rng.uniform((0.4, 0.15), (0.6, 0.35))
    heading = float(np.arctan2(*(aim - start)[::-1]))
    trunk, turns = _grow(rng, start, heading, int(height / 10), 7.0)
    for mark, tone in ((("bristle", 26, thick), 0.35), (("bristle", 20, thick // 2 + 1), 0.15)):
        _lay(brief, panel, mark, trunk + rng.normal(0, 1, trunk.shape), turns, tone)
    branches = [trunk[len(trunk) // 2 :]]
    for _ in range(int(rng.integers(6, 12))):
        at = int(rng.integers(len(trunk) // 4, len(trunk)))
        turn = turns[at] + rng.choice([-1, 1]) * rng.uniform(0.5, 1.2)
        branch, headings = _grow(rng, trunk[at], turn, int(rng.integers(10, 24)), 5.0)
        _lay(brief, panel, ("bristle", 13, 4), branch, headings, 0.15)
        branches.append(branch)
    return branches


def _paint_plum(brief: Brief) -> Image.Image:
    """Old wood and young blossom, the blossom touched with red."""
    rng = brief.rng
    panel = _prime_wash(brief)
    twigs = np.vstack(_paint_tree(brief, panel, 11))
    chosen = twigs[rng.random(len(twigs)) < 0.42] + rng.normal(0, 4, (1, 2))
    red = np.array([0.80, 0.30, 0.30]) if rng.random() < 0.7 else np.array([0.72, 0.72, 0.74])
    for place in chosen:
        spread = np.arange(5) * 1.257 + rng.random()
        petals = place + np.stack([np.cos(spread), np.sin(spread)], 1) * 3.6
        tint = red + rng.uniform(0, 0.2, (5, 1))
        lay_strokes(panel, load_brush("dot", 6, 6), petals, spread, tint, rng)
        _lay(brief, panel, ("dot", 3, 3), place[None], 0.0, 0.2)
    return panel


def _paint_pine(brief: Brief) -> Image.Image:
    """A leaning pine with fans of needles before a far range."""
    rng = brief.rng
    panel = _prime_wash(brief)
    if rng.random() < 0.6:
        panel = _paint_peaks(brief)
    twigs = np.vstack(_paint_tree(brief, panel, 16))
    for place in twigs[rng.random(len(twigs)) < 0.4]:
        fan = rng.uniform(np.pi, 2 * np.pi, 16)
        needles = place + np.stack([np.cos(fan), np.sin(fan)], 1) * 7
        _lay(brief, panel, ("flat", 14, 2), needles, fan, rng.uniform(0.08, 0.35, 16))
    return panel


def _sign(brief: Brief, board: Image.Image) -> None:
    """A column of writing and a seal in a corner."""
    rng, (width, height) = brief.rng, brief.size
    left = int(width * (0.07 if rng.random() < 0.5 else 0.9))
    top = int(height * rng.uniform(0.05, 0.1))
    if rng.random() < brief.habit("column", 0.6):
        rows = int(rng.integers(4, 9))
        for row in range(rows):
            for _ in range(6):
                x, y = left + rng.uniform(-4, 4), top + row * 11 + rng.uniform(0, 8)
                turn = int(rng.choice([0, 8, 4, 28]))
                mark = load_brush("flat", 6, 2)[int(rng.integers(0, 4))][turn]
                board.paste((38, 34, 34), (round(x), round(y)), mark)
        top += rows * 11 + 6
    stamp_seal(board, rng, (left - 6, min(top, height - 20)))
