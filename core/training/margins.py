"""Training dynamics over the folds: how far each model accepted a label while it learned from it.

The published model cannot say: it is told which labels to distrust.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch


def mask_margins(epochs: Sequence[torch.Tensor], learned: np.ndarray) -> torch.Tensor:
    """(N, E) of one phase: ``epochs`` of (N,) margins, NaN for all rows but ``learned``."""
    margins = torch.stack(list(epochs), dim=1)
    masked = torch.full_like(margins, torch.nan)
    masked[learned] = margins[learned]
    return masked


def average_margins(folds: Sequence[Sequence[torch.Tensor]]) -> np.ndarray:
    """(N, E) mean over the folds that learned from a painting; NaN where none did.

    ``folds``: of each fold its phases, (N, E') each. A phase has as many epochs as the fold that
    stopped it first.
    """
    phases = []
    for ends in zip(*folds, strict=True):
        shortest = min(end.shape[1] for end in ends)
        phases.append(torch.stack([end[:, :shortest] for end in ends]).nanmean(dim=0))
    averaged: np.ndarray = torch.cat(phases, dim=1).numpy()
    return averaged
