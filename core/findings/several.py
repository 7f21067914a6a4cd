"""Works with several labels: their chance together, and which of them stands in front."""

from __future__ import annotations

import numpy as np


def share_labels(
    probabilities: np.ndarray, labels: np.ndarray, further: np.ndarray | None
) -> np.ndarray:
    """(n, K) ``probabilities`` with those of a work's further labels given to its label.

    What is left for a label is the chance that any of the work's labels is right, and no label of
    the work is another. ``labels`` (n,), ``further`` (n, m), -1 for none; the very array without.
    """
    if further is None:
        return probabilities
    shared, rows = np.array(probabilities), np.arange(len(labels))
    for others in further.T:
        has = (others >= 0) & (labels >= 0) & (others != labels)
        shared[rows[has], labels[has]] += shared[rows[has], others[has]]
        shared[rows[has], others[has]] = 0
    return shared


def front_best(
    probabilities: np.ndarray, labels: np.ndarray, further: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """``labels`` (n,) and ``further`` (n, m) with the most probable of each work's in front.

    A work whose row of ``probabilities`` (n, K) is zeros keeps its order.
    """
    every = np.column_stack([labels, further])
    chances = np.take_along_axis(probabilities, np.maximum(every, 0), axis=1)
    best = np.where(every >= 0, chances, -1).argmax(axis=1)[:, None]
    front = np.take_along_axis(every, best, axis=1)[:, 0]
    np.put_along_axis(every, best, every[:, :1], axis=1)
    return front, every[:, 1:]
