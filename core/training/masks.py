"""What is left out of a network at random while it learns: numbers, and whole residual branches.

The process's own random numbers would make a run depend on how a batch is split, and on whether it
was interrupted: the masks come from a source of their own.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from core.training.transfer import send


class MaskSource:
    """Source of dropout masks that do not depend on how a batch is split.

    Every process, and every part of a batch that memory cannot hold at once, draws the masks of
    the whole batch and keeps its own rows.
    """

    def __init__(self) -> None:
        self.generator = torch.Generator()
        self.rows, self.total = torch.arange(0), 0

    def begin(self, seed: int, rows: np.ndarray, total: int, device: torch.device) -> None:
        """The next forward pass holds the positions ``rows`` of a batch of ``total``."""
        self.generator = torch.Generator(device).manual_seed(seed)
        self.rows, self.total = send(rows, device), total

    def draw(self, x: torch.Tensor, rate: float) -> torch.Tensor:
        """The mask of ``x`` (b, ...), scaled so that its mean is 1."""
        shape = (self.total, *x.shape[1:])
        kept = torch.rand(shape, generator=self.generator, device=x.device) >= rate
        return kept[self.rows].to(x.dtype) / (1 - rate)


class Dropout(nn.Module):
    """Dropout with masks from a ``MaskSource``."""

    def __init__(self, rate: float, masks: MaskSource) -> None:
        super().__init__()
        self.rate, self.masks = rate, masks

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.rate == 0:
            return x
        return x * self.masks.draw(x, self.rate)


class DropPath(nn.Module):
    """Leaves a residual branch out for some of the paintings.

    The branch of the others counts the more, so that its mean stays what it is (stochastic depth:
    Huang et al., "Deep Networks with Stochastic Depth", ECCV 2016). ``masks``: where it is drawn
    from, which whoever trains it sets.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate, self.masks = rate, MaskSource()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        one = x[(slice(None), *[slice(1)] * (x.ndim - 1))]  # a number a painting
        return x * self.masks.draw(one, self.rate)


def leave_out_paths(stem: nn.Module, top: nn.Module, rate: float) -> None:
    """Puts a ``DropPath`` in each residual branch of ``top`` where timm has a place for one.

    ``rate``, 0 to 1: how often the network's last branch is left out. The l-th of L, those of
    ``stem`` counted, is left out at l / L of it, as Huang et al. have it. Nothing happens in a
    backbone that has no such places.
    """
    below, places = len(_find_paths(stem)), _find_paths(top)
    for number, (block, name) in enumerate(places, below + 1):
        setattr(block, name, DropPath(rate * number / (below + len(places))))


def _find_paths(layers: nn.Module) -> list[tuple[nn.Module, str]]:
    """Blocks, and the name of the place in each, from the first to the last."""
    return [
        (block, name)
        for block in layers.modules()
        for name, _ in block.named_children()
        if name.startswith("drop_path")
    ]
