"""TIFF files of every kind, written as museums' programs write them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import tifffile
from PIL import Image

from tests.images.painted import paint


def painted(width: int = 96, height: int = 64, seed: int = 5) -> np.ndarray:
    """(height, width, 3) uint8, from black to white, as scans reach."""
    pixels = np.asarray(paint(seed, width, height)).astype(float)
    low, high = pixels.min(), pixels.max()
    return ((pixels - low) * 255 / (high - low)).round().astype(np.uint8)


def grey(width: int = 96, height: int = 64, seed: int = 5) -> np.ndarray:
    """(height, width) uint8, from black to white."""
    pixels = np.asarray(Image.fromarray(painted(width, height, seed)).convert("L")).astype(float)
    low, high = pixels.min(), pixels.max()
    return ((pixels - low) * 255 / (high - low)).round().astype(np.uint8)


def write_tiff(*pages: np.ndarray, **options: Any) -> bytes:
    """A TIFF of ``pages``; ``options`` as tifffile's, for all of them."""
    out = io.BytesIO()
    form = {name: options.pop(name) for name in ("bigtiff", "byteorder") if name in options}
    with tifffile.TiffWriter(out, **form) as file:
        for page in pages:
            file.write(page, metadata=None, **options)
    return out.getvalue()


def write_pages(*pages: tuple[np.ndarray, dict[str, Any]]) -> bytes:
    """A TIFF of pages that each have options of their own."""
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as file:
        for page, options in pages:
            file.write(page, metadata=None, **options)
    return out.getvalue()
