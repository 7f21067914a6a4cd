"""The order in which paintings are shown: a function of the seed, equal on every process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Batch:
    """One step over all processes.

    ``rows`` and ``views`` (B,): what is shown. ``blend``: share of each painting in the mixture
    with the one before it in the batch; 1 shows it pure.
    """

    rows: np.ndarray
    views: np.ndarray
    blend: float

    @property
    def is_blended(self) -> bool:
        return self.blend < 1


def plan_epoch(
    rows: np.ndarray, batch_size: int, views: int, mixup: float, seed: int
) -> list[Batch]:
    """Every row once, in batches of nearly equal size, none above ``batch_size``."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(rows)
    shown = rng.integers(0, views, len(order))
    count = -(-len(order) // batch_size)
    blends = rng.beta(mixup, mixup, count) if mixup else np.ones(count)
    return [
        Batch(part, views_part, float(max(blend, 1 - blend)))
        for part, views_part, blend in zip(
            np.array_split(order, count), np.array_split(shown, count), blends, strict=True
        )
    ]
