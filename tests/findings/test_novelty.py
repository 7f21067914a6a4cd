"""Percentiles of novelty, fold by fold."""

from __future__ import annotations

import numpy as np

from core.findings.evidence import FoldView
from core.findings.novelty import compute_novelty, compute_percentiles

EMPTY = np.empty((0, 2))


def test_the_farthest_and_the_faintest_is_the_most_novel() -> None:
    logits = np.array([9.0, 1.0, 5.0])
    fold = FoldView(np.arange(3), np.empty(0, int), EMPTY, EMPTY, logits)
    table = compute_novelty(np.array([0.1, 0.9, 0.5]), (fold,), 3)
    assert table["novelty"].tolist() == [1 / 6, 5 / 6, 0.5]


def test_folds_on_different_scales_are_not_compared() -> None:
    low = FoldView(np.array([0, 1]), np.empty(0, int), EMPTY, EMPTY, np.array([1.0, 2.0]))
    high = FoldView(np.array([2, 3]), np.empty(0, int), EMPTY, EMPTY, np.array([101.0, 102.0]))
    table = compute_novelty(np.full(5, np.nan), (low, high), 5)
    assert table["novelty_logit"][:4].tolist() == [0.75, 0.25, 0.75, 0.25]
    assert table["novelty"][:4].tolist() == [0.75, 0.25, 0.75, 0.25]
    assert table.loc[4].isna().all()


def test_ties_share_a_percentile() -> None:
    np.testing.assert_array_equal(
        compute_percentiles(np.array([2.0, 2.0, np.nan])), [0.5, 0.5, np.nan]
    )
