"""Poured abstraction: skeins of paint thrown over cloth laid on the floor.

Habits: `skeins` how many a colour, `thread` their width in pixels, `loops` how tightly they turn,
`splatter` drops a colour, `stain` soaked pools beneath, `dark_ground` share of dark cloths.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from core.studio.brief import Brief
from core.studio.canvas import (
    compute_noise,
    compute_weave,
    enlarge,
    fill,
    light,
    mix,
    smoothstep,
    to_float,
)
from core.studio.palettes import blend

_SCALE = 2


def paint_poured(brief: Brief) -> np.ndarray:
    """A poured picture, all over, glossy where the paint lies thick."""
    rng, p = brief.rng, brief.palette
    dark = rng.random() < brief.habit("dark_ground", 0.15)
    ground = blend(p.dark, p.near, 0.2) if dark else blend(p.light, p.glow, rng.random() * 0.5)
    picture = _stain(brief, fill(brief.size, ground))
    colours = [p.dark, p.light] + [p.inks[i] for i in rng.permutation(6)[: int(rng.integers(2, 5))]]
    if dark:
        colours[0] = p.accent
    order = [0, *rng.permutation(len(colours)).tolist()]
    panel = Image.new("RGBA", (brief.size[0] * _SCALE, brief.size[1] * _SCALE), (0, 0, 0, 0))
    relief = np.zeros(brief.size[::-1], np.float32)
    for layer in order:
        panel.paste((0, 0, 0, 0), (0, 0, panel.width, panel.height))
        _pour(brief, panel, colours[layer])
        thrown = to_float(panel.reduce(_SCALE))
        cover = thrown[..., 3]
        colour = thrown[..., :3] / np.maximum(cover, 1e-3)[..., None]
        picture = mix(picture, np.minimum(colour, 1), cover)
        body = to_float(panel.getchannel("A").reduce(_SCALE).filter(ImageFilter.GaussianBlur(1.3)))
        relief = relief * (1 - 0.8 * cover) + body * (0.7 + 0.3 * rng.random())
    picture = light(picture, relief, 0.75)
    return light(picture, compute_weave(rng, brief.size) * (1 - np.clip(relief * 1.4, 0, 1)), 0.05)


def _stain(brief: Brief, picture: np.ndarray) -> np.ndarray:
    """Thin pools soaked into the cloth."""
    rng = brief.rng
    for _ in range(int(rng.poisson(brief.habit("stain", 1.5)))):
        ink = brief.palette.inks[int(rng.integers(0, 6))]
        pool = compute_noise(rng, brief.size, (4, 4), 3)
        picture = mix(picture, ink, smoothstep(pool, 0.55, 0.68) * rng.uniform(0.35, 0.85))
    return picture


def _pour(brief: Brief, panel: Image.Image, colour: np.ndarray) -> None:
    """One colour thrown over the whole panel."""
    rng, draw = brief.rng, ImageDraw.Draw(panel)
    thread = brief.habit("thread", 2.6) * _SCALE * rng.uniform(0.7, 1.4)
    for _ in range(max(1, int(rng.poisson(brief.habit("skeins", 8) * rng.uniform(0.5, 1.3))))):
        shade = np.clip(colour * rng.uniform(0.88, 1.1), 0, 1)
        ink = (*(int(v * 255) for v in shade), 255)
        _throw(rng, draw, panel.size, ink, thread, brief.habit("loops", 1.0))
    drops = int(rng.poisson(brief.habit("splatter", 60)))
    places = rng.random((drops, 2)) * panel.size
    radii = rng.gamma(1.3, thread * 0.42, drops) + 0.8
    ink = (*(int(v * 255) for v in np.clip(colour, 0, 1)), 255)
    for (x, y), radius in zip(places.tolist(), radii.tolist(), strict=True):
        tall = radius * 1.15
        draw.ellipse((x - radius, y - tall, x + radius, y + tall), fill=ink)


def _throw(
    rng: np.random.Generator,
    draw: ImageDraw.ImageDraw,
    size: tuple[int, int],
    ink: tuple[int, ...],
    thread: float,
    loops: float,
) -> None:
    """One skein: a path whose bend wanders, so that it loops; thick where the hand was slow."""
    points, slow = _wander(rng, size, loops)
    pieces = points.tolist()
    for start in range(0, len(pieces) - 5, 4):
        wide = max(1, round(thread * float(slow[start])))
        run = [(x, y) for x, y in pieces[start : start + 6]]
        draw.line(run, fill=ink, width=wide, joint="curve")
        if wide > 3:
            x, y = run[0]
            draw.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill=ink)


def _wander(
    rng: np.random.Generator, size: tuple[int, int], loops: float
) -> tuple[np.ndarray, np.ndarray]:
    """Points (N, 2) of a skein in pixels, and how slow the hand was at each (N,), 0.3..2.2."""
    steps = int(rng.integers(90, 260))
    slow_bend, quick_bend = (
        enlarge(rng.normal(0, 1, (1, cells)).astype(np.float32), (steps, 1))[0]
        for cells in (4, max(6, steps // 14))
    )
    bend = (0.10 * slow_bend + 0.13 * quick_bend + rng.normal(0, 0.035)) * loops
    heading = rng.uniform(0, 2 * np.pi) + np.cumsum(bend)
    pace = min(size) * 0.017 * np.clip(1.6 - np.abs(bend) * 4, 0.5, 1.6)
    path = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1) * pace[:, None], 0)
    path += rng.uniform(0.1, 0.9, 2) * size - path.mean(0)
    load = enlarge(rng.normal(0, 1, (1, max(3, steps // 22))).astype(np.float32), (steps, 1))[0]
    return path, np.clip(0.75 + 0.5 * load + 1.6 * np.abs(bend), 0.3, 2.2)
