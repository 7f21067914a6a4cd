"""Any mode and profile to sRGB, 8 bits."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final

import numpy as np
from PIL import Image, ImageCms

from core.images.samples import find_levels

_RESIZABLE: Final = {"L", "LA", "RGB", "RGBA", "CMYK", "LAB"}
_ICC_SPACES: Final = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK", "LAB": "LAB"}
_USUAL_GAMMA: Final = 1 / 2.2
_NEAR_GAMMA: Final = 0.05  # as libpng: what differs less is not corrected


def to_eight_bits(image: Image.Image) -> tuple[Image.Image, str]:
    """Same picture as L, LA, RGB, RGBA, CMYK or LAB, which can be resized, and a note."""
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        samples = np.asarray(image)
        kind = "f" if image.mode == "F" else "u"
        bits = 16 if image.mode.startswith("I;16") or samples.max(initial=0) < 1 << 16 else 32
        levels = find_levels(kind, bits, float(samples.min()), float(samples.max()))
        return Image.fromarray((levels.scale(samples) + 0.5).astype(np.uint8)), levels.note
    if image.mode == "1":
        return image.convert("L"), ""
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        return image.convert("RGBA"), ""
    if image.mode in {"La", "RGBa"}:
        return image.convert(image.mode.upper()), ""
    return (image if image.mode in _RESIZABLE else image.convert("RGB")), ""


def lay_over_white(image: Image.Image) -> Image.Image:
    """The picture without its alpha."""
    if image.mode not in {"LA", "RGBA"}:
        return image
    white = Image.new(image.mode.removesuffix("A"), image.size, "white")
    white.paste(image.convert(white.mode), mask=image.getchannel("A"))
    return white


def to_srgb(image: Image.Image, profile: bytes | None, gamma: float) -> Image.Image:
    """RGB of a picture in ``profile``; without one, of samples with ``gamma`` (0: as they are)."""
    if image.mode == "LAB" or profile:
        transform = _build_transform(profile or b"", image.mode)
        if transform is not None:
            return transform.apply(image)
    image = image if image.mode == "RGB" else image.convert("RGB")
    if gamma > 0 and abs(gamma / _USUAL_GAMMA - 1) > _NEAR_GAMMA:
        return image.point(_build_gamma_table(gamma) * 3)
    return image


def _build_gamma_table(gamma: float) -> list[int]:
    """sRGB of the 256 samples of a channel that were encoded with the exponent ``gamma``."""
    light = (np.arange(256) / 255) ** min(1 / gamma, 100.0)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return [int(value) for value in (255 * encoded + 0.5).astype(np.uint8)]


@lru_cache(maxsize=8)
def _build_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Transform from the profile to sRGB; None where it is sRGB, unreadable or of another mode."""
    try:
        if mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        else:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip().upper() != _ICC_SPACES.get(mode):
            return None
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
        return None if mode == "RGB" and _changes_nothing(transform) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether this is sRGB to sRGB; tested on pixels, as profile names are not reliable."""
    levels = np.linspace(0, 255, 6).astype(np.uint8)
    colours = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(6, 36, 3)
    changed = np.asarray(transform.apply(Image.fromarray(colours)))
    return int(np.abs(changed.astype(int) - colours).max()) <= 2
