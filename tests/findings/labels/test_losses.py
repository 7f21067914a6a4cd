"""Per-painting scores against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from cleanlab.rank import get_label_quality_scores
from hypothesis import given
from hypothesis import strategies as st

from core.findings.labels.losses import (
    compute_adjusted_margin,
    compute_entropy,
    compute_losses,
    compute_predictions,
)

CLASSES = ("a", "b", "c")


@st.composite
def answers(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    rows = draw(st.integers(1, 12))
    raw = np.array(
        draw(
            st.lists(
                st.lists(st.floats(0.001, 1), min_size=3, max_size=3), min_size=rows, max_size=rows
            )
        )
    )
    labels = np.array(draw(st.lists(st.integers(-1, 2), min_size=rows, max_size=rows)))
    return raw / raw.sum(axis=1, keepdims=True), labels


@given(answers())
def test_scores_agree_with_their_definitions(answer: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, labels = answer
    table = compute_predictions(probabilities, probabilities, labels, CLASSES)
    for row, (p, label) in enumerate(zip(probabilities, labels, strict=True)):
        assert table["predicted"][row] == CLASSES[p.argmax()]
        assert table["confidence"][row] == p.max()
        if label < 0:
            assert table.loc[row, ["given", "p_given", "loss", "margin", "rank"]].isna().all()
            continue
        others = np.delete(p, label)
        assert table["given"][row] == CLASSES[label]
        assert table["loss"][row] == pytest.approx(-np.log(p[label]))
        assert table["margin"][row] == pytest.approx(p[label] - others.max())
        assert table["rank"][row] == 1 + (p > p[label]).sum()


@given(answers())
def test_confidence_never_falls_below_the_frontier(answer: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, labels = answer
    loss = compute_losses(probabilities, labels)[labels >= 0]
    assert (probabilities.max(axis=1)[labels >= 0] >= np.exp(-loss) - 1e-12).all()


def test_an_impossible_label_has_a_finite_loss() -> None:
    loss = compute_losses(np.array([[1.0, 0.0]]), np.array([1]))
    assert np.isfinite(loss).all()
    assert loss[0] > 100


def test_entropy_runs_from_sure_to_no_idea() -> None:
    np.testing.assert_allclose(
        compute_entropy(np.array([[1.0, 0, 0], [1 / 3, 1 / 3, 1 / 3]])), [0, 1], atol=1e-12
    )


@given(answers())
def test_the_adjusted_margin_is_that_of_cleanlab(answer: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, labels = answer
    margins = compute_adjusted_margin(probabilities, labels)
    assert np.array_equal(np.isnan(margins), labels < 0)
    assert ((margins >= 0) & (margins <= 1))[labels >= 0].all()
    if set(labels) >= {0, 1, 2}:  # a class without labels is left to its own devices there
        known = labels >= 0
        theirs = get_label_quality_scores(
            labels[known],
            probabilities[known],
            method="normalized_margin",
            adjust_pred_probs=True,
        )
        np.testing.assert_allclose(margins[known], theirs)


def test_a_hard_class_is_not_doubted_for_being_hard() -> None:
    """By margin the hard class' typical work is the worst label; adjusted, it is none."""
    easy, hard = [0.9, 0.1, 0.0], [0.3, 0.35, 0.35]
    probabilities = np.array([easy] * 8 + [[0.6, 0.4, 0.0]] + [hard] * 8)
    labels = np.array([0] * 9 + [1] * 8)
    table = compute_predictions(probabilities, probabilities, labels, CLASSES)
    assert table["adjusted_margin"].idxmin() == 8
    assert (table["adjusted_margin"][9:] > 0.5).all()
