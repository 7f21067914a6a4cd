"""What the frozen stem says of a picture as a whole: its channels, averaged over the picture."""

from __future__ import annotations

import numpy as np
import torch

from core.training.activations import Activations

BLOCK = 256
PLAIN_VIEW = 0  # the whole painting, neither cropped nor mirrored


def pool_stem(activations: torch.Tensor) -> torch.Tensor:
    """(B, C) float from maps (B, C, H, W) or (B, H, W, C), or from tokens (B, T, C)."""
    if activations.ndim == 3:
        return activations.mean(dim=1)
    channels_last = activations.shape[1] == activations.shape[2] != activations.shape[3]
    return activations.mean(dim=(1, 2) if channels_last else (2, 3))


def compute_texture(stem: Activations) -> np.ndarray:
    """(N, C) float32, a row a painting."""
    count = len(stem.values)
    blocks = []
    for start in range(0, count, BLOCK):
        rows = np.arange(start, min(start + BLOCK, count))
        blocks.append(pool_stem(stem.take(rows, np.full(len(rows), PLAIN_VIEW))).cpu().numpy())
    return np.concatenate(blocks)
