"""Stored picture -> square training pixels. Training and live classification share this."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from core.images.decode import decode_image

SHORT_SIDE: Final = 384  # of a stored picture, unless set otherwise


def load_square(data: bytes, size: int) -> np.ndarray:
    """(size, size, 3) uint8 of the whole picture in ``data``; raises ``ImageRefused``."""
    return compute_square(decode_image(data), size)


def compute_square(image: Image.Image, size: int) -> np.ndarray:
    """(size, size, 3) uint8: the whole RGB picture squashed into a square, nothing cropped.

    A crop would lose edges, which matter for composition; squashing loses only the proportions.
    """
    if image.size != (size, size):
        image = image.resize((size, size), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.array(image, dtype=np.uint8)
