"""JPEGs that nobody painted, in WikiArt's folders: a style is a palette and the way it lies."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

STYLES, ARTISTS = 27, 23  # as WikiArt's lists have them
SIZE = (512, 384)  # pixels, about what the store keeps of a painting
NOISE = 60.0  # so much that styles are told apart most of the time, not always


def paint_collection(root: Path, count: int) -> Path:
    """``count`` pictures below ``root``/Style, styles and artists turn about."""
    styles = min(STYLES, count // 4)  # with some pictures in each
    for style in range(styles):
        (root / f"Style_{style:02d}").mkdir(parents=True)
    with ThreadPoolExecutor() as pool:
        for path, data in zip(
            _name(root, count, styles),
            pool.map(lambda number: _paint(number % styles, number), range(count)),
            strict=True,
        ):
            path.write_bytes(data)
    return root


def _name(root: Path, count: int, styles: int) -> Iterator[Path]:
    for number in range(count):
        artist = f"painter-{chr(97 + number // styles % ARTISTS)}"
        yield (
            root
            / f"Style_{number % styles:02d}"
            / f"{artist}_work-{number}-{1900 + number % 99}.jpg"
        )


def _paint(style: int, number: int) -> bytes:
    """A coarse drawing in the style's colours, blurred up to full size, under grain."""
    taste, rng = np.random.default_rng(style), np.random.default_rng([style, number])
    palette = taste.integers(0, 256, (4, 3))
    columns, rows = (8, 6) if style % 2 else (16, 12)
    drawing = palette[rng.integers(0, len(palette), (rows, columns))]
    drawing = (drawing + rng.normal(0, NOISE, drawing.shape)).clip(0, 255).astype(np.uint8)
    picture = np.asarray(
        Image.fromarray(drawing).resize(SIZE, Image.Resampling.BICUBIC), np.float32
    )
    grain = rng.normal(0, 8, (SIZE[1], SIZE[0], 1)).astype(np.float32)
    file = BytesIO()
    Image.fromarray((picture + grain).clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()
