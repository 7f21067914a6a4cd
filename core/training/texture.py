"""Two layers' channels, averaged over the whole picture.

Texture is the frozen stem's end, content the published model's next to last block.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from core.training.activations import Activations, as_inputs
from core.training.processes import Processes

BLOCK = 256
PLAIN_VIEW = 0  # the whole painting, neither cropped nor mirrored


def pool_places(activations: torch.Tensor) -> torch.Tensor:
    """(B, C) float from maps (B, C, H, W) or (B, H, W, C), or from tokens (B, T, C)."""
    if activations.ndim == 3:
        return activations.mean(dim=1)
    channels_last = activations.shape[1] == activations.shape[2] != activations.shape[3]
    return activations.mean(dim=(1, 2) if channels_last else (2, 3))


def compute_layer(layers: nn.Module, stem: Activations, processes: Processes) -> np.ndarray:
    """(N, C) float32, a row a painting: the outputs of ``layers`` on the stem's activations,
    pooled. Each process computes its share and receives all.
    """
    layers = layers.to(processes.device).eval()
    share = np.arange(len(stem.values))[processes.take_share(len(stem.values))]
    parts = [share[start : start + BLOCK] for start in range(0, len(share), BLOCK)]
    blocks = []
    for values in stem.stream([(rows, np.full(len(rows), PLAIN_VIEW)) for rows in parts]):
        with torch.inference_mode(), processes.autocast():
            pooled = pool_places(layers(as_inputs(values)))
        blocks.append(pooled.float().cpu().numpy())
    return np.concatenate([block for process in processes.gather(blocks) for block in process])
