"""Where the lines lie, and on which side a painting falls."""

from __future__ import annotations

import numpy as np
import pytest

from core.findings.labels.quadrants import QUADRANTS, assign_quadrants, choose_thresholds


def test_each_corner_has_its_quadrant() -> None:
    loss = np.array([3.0, 3.0, 0.1, 0.1, np.nan, np.nan])
    confidence = np.array([0.9, 0.2, 0.9, 0.2, 0.9, np.nan])
    is_labelled = np.array([True, True, True, True, False, True])
    assert list(assign_quadrants(loss, confidence, is_labelled, 1.0, 0.5)) == list(QUADRANTS)


def test_a_painting_on_a_line_is_high() -> None:
    quadrant = assign_quadrants(np.array([1.0]), np.array([0.5]), np.array([True]), 1.0, 0.5)
    assert list(quadrant) == ["genuine outlier"]


def test_the_loss_line_is_a_blind_guess() -> None:
    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])
    loss, confidence = choose_thresholds(probabilities, np.array([0, 1, 2]))
    assert loss == pytest.approx(np.log(3))
    assert confidence == pytest.approx(np.mean([0.7, 0.8, 0.6]))


def test_classes_count_alike_whatever_their_size() -> None:
    probabilities = np.array([[0.9, 0.1]] * 9 + [[0.5, 0.5]])
    _, confidence = choose_thresholds(probabilities, np.array([0] * 9 + [1]))
    assert confidence == pytest.approx(0.7)
