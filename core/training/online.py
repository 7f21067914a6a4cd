"""Crops drawn anew each time a painting is shown: for tuning from the first block on.

Nothing is cached, so that no two epochs show the same picture: decoding and the frozen layers run
again at every step.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from core.training.processes import Processes
from core.training.transfer import read_ahead

LEAST_AREA: Final = 0.6  # of the picture
WHOLE, MIRRORED = 0, 1  # numbers of the views that are no crops


def side_to_read(size: int) -> int:
    """Pixels to read of each side, so that the smallest crop still has ``size``."""
    return round(size / sqrt(LEAST_AREA))


@dataclass(frozen=True)
class OnlineCrops:
    """Takes the place of activations: computes them from pictures when they are asked for.

    View 0 is the whole painting, 1 its mirror image; each further number seeds a crop of ``size``
    that shows 60 % to all of the picture's area, half of them mirrored. The same number always
    gives the same crop: on every process, and after a kill.

    ``read``: rows (b,) -> pixels (b, S, S, 3) uint8, S as ``side_to_read`` says.
    """

    count: int
    size: int
    read: Callable[[np.ndarray], torch.Tensor]
    stem: nn.Module
    processes: Processes

    views: Final = 1 << 31

    def __len__(self) -> int:
        return self.count

    def stream(self, requests: Sequence[tuple[np.ndarray, np.ndarray]]) -> Generator[torch.Tensor]:
        """(B, ...) float16 on the device for each request of rows and views, in order."""
        stem = self.stem.to(self.processes.device).eval()
        for (_, views), pixels in read_ahead(requests, lambda each: self.read(each[0])):
            shown = self._show(pixels.to(self.processes.device), views)
            with torch.inference_mode(), self.processes.autocast():
                activations = stem(shown)
            yield activations.half().clone()  # outside inference mode: tuning needs gradients

    def _show(self, pixels: torch.Tensor, views: np.ndarray) -> torch.Tensor:
        """(B, size, size, 3) uint8."""
        parts = [self._cut(each, int(view)) for each, view in zip(pixels, views, strict=True)]
        return torch.stack(parts)

    def _cut(self, picture: torch.Tensor, view: int) -> torch.Tensor:
        side, left, top, mirrored = _place(view, len(picture))
        window = picture[top : top + side, left : left + side].permute(2, 0, 1)[None].float()
        form = (self.size, self.size)
        shrunk = F.interpolate(window, size=form, mode="bilinear", antialias=True)
        shown = shrunk.round().clamp(0, 255).to(torch.uint8)[0].permute(1, 2, 0)
        return shown.flip(1) if mirrored else shown


def _place(view: int, side: int) -> tuple[int, int, int, bool]:
    """Side, left and top of the crop in pixels of a square of ``side``, and whether mirrored."""
    if view in (WHOLE, MIRRORED):
        return side, 0, 0, view == MIRRORED
    chance = np.random.default_rng(view)
    kept = round(side * sqrt(chance.uniform(LEAST_AREA, 1)))
    left, top = chance.integers(0, side - kept + 1, 2)
    return kept, int(left), int(top), bool(chance.random() < 0.5)
