"""Channels of some layers over the whole picture: their means, and how far they spread.

Texture is both of the frozen stem's end, content both of the published model's next to last block.
They tell styles apart, too, as such statistics do in style transfer (Huang & Belongie, "Arbitrary
Style Transfer in Real-time with Adaptive Instance Normalization", ICCV 2017).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import nn

from core.training.activations import Shown, as_inputs
from core.training.processes import Processes
from core.training.top import Top

BLOCK = 256
PLAIN_VIEW = 0  # the whole painting, neither cropped nor mirrored


def pool_places(activations: torch.Tensor) -> torch.Tensor:
    """(B, C) float from maps (B, C, H, W) or (B, H, W, C), or from tokens (B, T, C)."""
    return activations.mean(dim=_places(activations))


def pool_moments(activations: torch.Tensor) -> torch.Tensor:
    """(B, 2C) float32: means of the channels, as ``pool_places``, and their standard deviations."""
    spread, mean = torch.std_mean(activations.float(), dim=_places(activations), correction=0)
    return torch.cat([mean, spread], dim=1)


def _places(activations: torch.Tensor) -> tuple[int, ...]:
    if activations.ndim == 3:
        return (1,)
    channels_last = activations.shape[1] == activations.shape[2] != activations.shape[3]
    return (1, 2) if channels_last else (2, 3)


def compute_layer(layers: nn.Module, stem: Shown, processes: Processes) -> np.ndarray:
    """(N, C) float32, a row a painting: the outputs of ``layers`` on the stem's activations,
    pooled. Each process computes its share and receives all.
    """
    layers = layers.to(processes.device).eval()
    return _compute(lambda values: pool_places(layers(values)), stem, processes)


def compute_moments(
    layers: Top, ends: Sequence[int], stem: Shown, processes: Processes
) -> np.ndarray:
    """(N, 2C) float32: ``pool_moments`` of the stem's activations, and of what the first ``ends``
    of ``layers`` make of them. Each process computes its share and receives all.
    """
    start = layers.start(max(ends, default=0)).to(processes.device).eval()

    def describe(values: torch.Tensor) -> torch.Tensor:
        return torch.cat(follow_moments(start, ends, values)[1], dim=1)

    return _compute(describe, stem, processes)


def follow_moments(
    layers: Top, ends: Sequence[int], values: torch.Tensor
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """What ``layers`` make of ``values``, and (B, 2C) moments of ``values`` and of each end."""
    moments = [pool_moments(values)]

    def note(number: int, found: torch.Tensor) -> None:
        if number in ends:
            moments.append(pool_moments(found))

    return layers(values, note), moments


def _compute(
    describe: Callable[[torch.Tensor], torch.Tensor], stem: Shown, processes: Processes
) -> np.ndarray:
    share = np.arange(len(stem))[processes.take_share(len(stem))]
    parts = [share[start : start + BLOCK] for start in range(0, len(share), BLOCK)]
    blocks = []
    for values in stem.stream([(rows, np.full(len(rows), PLAIN_VIEW)) for rows in parts]):
        with torch.inference_mode(), processes.autocast():
            described = describe(as_inputs(values))
        blocks.append(described.float().cpu().numpy())
    return np.concatenate([block for process in processes.gather(blocks) for block in process])
