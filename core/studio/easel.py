"""One work from plan to file: painted, copied or damaged as planned."""

import io
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from core.studio.brief import Brief
from core.studio.canvas import to_image
from core.studio.painters import PAINTERS, Painter
from core.studio.palettes import load_palette, vary
from core.studio.works import SHORT_SIDE, Work, get_style, make_rng

QUALITY = 92


@lru_cache(maxsize=1)
def load_roster() -> dict[str, Painter]:
    """Painters by name."""
    return {painter.name: painter for painter in PAINTERS}


def save_work(work: Work, folder: Path, seed: int) -> None:
    """Paint one work into its file below `folder`."""
    image = paint_work(work, seed)
    quality = QUALITY
    if work.copying:
        image = copy_work(image, work.copying, make_rng(seed, work.painter, work.index, 2))
        quality = 55 if work.copying == "recompress" else QUALITY
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    (folder / work.file).write_bytes(damage_file(buffer.getvalue(), work.damage))


def paint_work(work: Work, seed: int) -> Image.Image:
    """The work itself, RGB, short side 256; a copy's own original."""
    painter = load_roster()[work.painter]
    rng = make_rng(seed, work.painter, work.index, 1)
    style = get_style(painter)
    palette = vary(load_palette(work.palette), rng, style.mixing)
    brief = Brief(rng, work.size, work.subject, palette, painter.habits)
    return to_image(style.paint(brief))


def copy_work(image: Image.Image, copying: str, rng: np.random.Generator) -> Image.Image:
    """A near-duplicate: 'crop', 'rescale', 'recompress', 'mirror' or 'border'."""
    if copying == "crop":
        left, top, right, bottom = rng.uniform(0.03, 0.09, 4)
        wide, high = image.size
        box = (left * wide, top * high, (1 - right) * wide, (1 - bottom) * high)
        return image.resize(image.size, Image.Resampling.BICUBIC, box=box)
    if copying == "rescale":
        small = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
        return small.resize(image.size, Image.Resampling.BICUBIC)
    if copying == "mirror":
        return ImageOps.mirror(image)
    if copying == "border":
        tone = tuple(int(v) for v in rng.integers(200, 246, 1).repeat(3))
        framed = ImageOps.expand(image, SHORT_SIDE // 20, tone)
        return framed.resize(image.size, Image.Resampling.BICUBIC)
    return image


def damage_file(content: bytes, damage: str) -> bytes:
    """The bytes of a file gone wrong in one of the ways files do; unharmed for ''."""
    if damage == "truncated":
        return content[: len(content) // 3]
    if damage == "text":
        return b"The photograph of this work is being retaken.\n"
    if damage == "empty":
        return b""
    if damage == "page":
        return b"<!doctype html><title>404</title><p>The image you asked for is not here.</p>\n"
    if damage == "header":
        return bytes(64) + content[64:]
    return content
