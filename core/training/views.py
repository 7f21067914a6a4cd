"""Views of a painting: whole, mirrored, or a mild crop; never with changed colours.

Palette is evidence of style, so no view shifts hue, and every view keeps most of the composition.
Views are few and fixed, so that the frozen stem sees each of them once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch.nn import functional as F

from core.training.profiles import Views

CROP_SHARE: Final = 0.85  # of each side


@dataclass(frozen=True)
class View:
    """``left`` and ``top`` place a crop of ``CROP_SHARE``, as shares of its room; None: whole."""

    mirrored: bool = False
    left: float | None = None
    top: float | None = None

    def apply(self, pixels: torch.Tensor) -> torch.Tensor:
        """(B, S, S, 3) uint8 -> the view, same shape and dtype."""
        if self.left is not None and self.top is not None:
            pixels = _crop(pixels, self.left, self.top)
        return pixels.flip(2) if self.mirrored else pixels


PRESETS: Final[dict[Views | None, tuple[View, ...]]] = {
    "whole": (View(),),
    "flip": (View(), View(mirrored=True)),
    "online": (View(), View(mirrored=True)),  # what phase 1 reads
    "crops": (
        View(),
        View(mirrored=True),
        View(left=0.0, top=0.0),
        View(mirrored=True, left=0.0, top=1.0),
        View(left=1.0, top=1.0),
        View(mirrored=True, left=1.0, top=0.0),
    ),
}


def _crop(pixels: torch.Tensor, left: float, top: float) -> torch.Tensor:
    size = pixels.shape[1]
    side = round(size * CROP_SHARE)
    x, y = round((size - side) * left), round((size - side) * top)
    window = pixels[:, y : y + side, x : x + side].permute(0, 3, 1, 2).float()
    grown = F.interpolate(window, size=(size, size), mode="bilinear", antialias=True)
    return grown.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
