"""Where in a picture an answer comes from, as a transparent overlay."""

from __future__ import annotations

import base64
import io
from typing import Final

import numpy as np
from PIL import Image

FOR: Final = (214, 69, 38)
AGAINST: Final = (42, 111, 188)
CELL_PIXELS: Final = 24
QUIET: Final = 0.05  # log odds below which a whole overlay stays faint


def build_heat(cells: np.ndarray) -> str:
    """PNG data URI of (H, W) ``cells``: red is above 0, blue below, clear is neither.

    The strongest cell is opaque, unless nothing in the picture moves the answer.
    """
    height, width = cells.shape
    strength = cells / max(float(np.abs(cells).max()), QUIET)
    size = (width * CELL_PIXELS, height * CELL_PIXELS)
    smooth = np.asarray(
        Image.fromarray(strength.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
    )
    layer = np.empty((*smooth.shape, 4), dtype=np.uint8)
    layer[..., :3] = np.where(smooth[..., None] > 0, FOR, AGAINST)
    layer[..., 3] = (np.abs(smooth).clip(0, 1) * 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(layer).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
