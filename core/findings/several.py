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
    every = put_together(labels, further)
    chances = np.take_along_axis(probabilities, np.maximum(every, 0), axis=1)
    best = np.where(every >= 0, chances, -1).argmax(axis=1)[:, None]
    front = np.take_along_axis(every, best, axis=1)[:, 0]
    np.put_along_axis(every, best, every[:, :1], axis=1)
    return front, every[:, 1:]


def put_together(labels: np.ndarray, further: np.ndarray | None) -> np.ndarray:
    """(N, 1 + m) all labels of each work, the one in front first, -1 for none."""
    return labels[:, None] if further is None else np.column_stack([labels, further])


def widen_labels(
    labels: np.ndarray, further: np.ndarray | None, broader: np.ndarray | None
) -> np.ndarray | None:
    """``further`` (N, m) with the broader and narrower terms of all labels of each work.

    What is left in ``labels`` (N,) and in these is right of the work: the same at another depth.
    ``broader`` (K, K) bool: the second class is broader than the first; None where none is.
    """
    if broader is None or not broader.any():
        return further
    kin = broader | broader.T
    most = int(kin.sum(axis=1).max())
    near = np.full((len(kin) + 1, most), -1)  # the last row for -1
    for label, related in enumerate(kin):
        near[label, : related.sum()] = np.flatnonzero(related)
    every = put_together(labels, further)
    return np.column_stack([every[:, 1:], near[every].reshape(len(labels), -1)])


def list_entries(labels: np.ndarray, further: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """(E,) rows and (E,) labels, one entry for each label of each work.

    The first N entries are the works under the labels in front, -1 for none; the others follow.
    Without ``further`` they are all. ``labels`` (N,), ``further`` (N, m), -1 for none.
    """
    rows = np.arange(len(labels))
    if further is None:
        return rows, labels
    works, places = np.nonzero((further >= 0) & (further != labels[:, None]))
    return np.append(rows, works), np.append(labels, further[works, places])


def mark_labels(labels: np.ndarray, further: np.ndarray | None, classes: int) -> np.ndarray:
    """(N, ``classes``) bool: the work has the label. Arguments as ``list_entries``."""
    marked = np.zeros((len(labels), classes), dtype=bool)
    rows, every = list_entries(labels, further)
    marked[rows[every >= 0], every[every >= 0]] = True
    return marked


def doubt_each(combined: np.ndarray, labels: np.ndarray, further: np.ndarray | None) -> np.ndarray:
    """(N, 1 + m) how likely each of a work's labels is wrong, 0 to 1; NaN where there is none.

    The chance that any of them is right, times that of this one beside the likeliest of them, is
    what is left of 1: a work of two that fit alike doubts neither. ``combined`` (N, K): rows sum
    to 1, chances of the classes by all evidence.
    """
    every = put_together(labels, further)
    has = every >= 0
    chances = np.where(has, np.take_along_axis(combined, np.maximum(every, 0), axis=1), 0)
    best = np.maximum(chances.max(axis=1, keepdims=True), np.finfo(float).tiny)
    right = chances.sum(axis=1, keepdims=True).clip(max=1) * chances / best
    return np.where(has, 1 - right, np.nan)
