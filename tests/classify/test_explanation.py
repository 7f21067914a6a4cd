"""Explanations against what can be computed by hand: one cell, one column at a time."""

from __future__ import annotations

import numpy as np
import pytest

from core.artifacts import Run
from core.classify import Classifier
from core.classify.explanation import explain_features, show
from core.classify.session import ModelSession

BLANK = np.full((3, 4, 4), 90, dtype=np.float32)


@pytest.fixture(scope="module")
def session(run: Run) -> ModelSession:
    return ModelSession(run)


@pytest.fixture
def features() -> np.ndarray:
    return np.random.default_rng(3).normal(100, 40, (3, 4, 4)).astype(np.float32)


def log_odds(p: np.ndarray) -> np.ndarray:
    return np.log(p / (1 - p))


def test_a_cell_counts_for_what_it_says_alone(session: ModelSession, features: np.ndarray) -> None:
    cells = explain_features(session, features, BLANK).cells["style"]
    assert cells.shape == (4, 4, 5)
    np.testing.assert_allclose(cells.mean(axis=(0, 1)), 0, atol=1e-5)
    alone = np.stack([BLANK, BLANK])
    alone[0, :, 1, 2], alone[1, :, 3, 0] = features[:, 1, 2], features[:, 3, 0]
    first, second = session.answer(alone).probabilities["style"].astype(np.float64)
    expected = log_odds(first) - log_odds(second)
    np.testing.assert_allclose(cells[1, 2] - cells[3, 0], expected, atol=1e-3)


def test_a_blank_picture_has_nothing_to_point_at(session: ModelSession) -> None:
    explanation = explain_features(session, BLANK, BLANK)
    for task in session.tasks:
        np.testing.assert_allclose(explanation.cells[task], 0, atol=1e-5)
        assert np.ptp(explanation.reading[task], axis=0).max() < 1e-6


def test_reading_ends_at_the_answer_itself(session: ModelSession, features: np.ndarray) -> None:
    reading = explain_features(session, features, BLANK).reading
    answer = session.answer(features[None]).probabilities
    for task in session.tasks:
        assert len(reading[task]) == 5
        np.testing.assert_allclose(reading[task].sum(axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(reading[task][-1], answer[task][0], atol=1e-6)


def test_reading_starts_at_the_left(session: ModelSession, features: np.ndarray) -> None:
    """The first step sees the first column only: what stands to the right cannot change it."""
    other = features.copy()
    other[:, :, 1:] = features[:, :, :0:-1]
    first, second = (
        explain_features(session, each, BLANK).reading["style"] for each in (features, other)
    )
    np.testing.assert_allclose(first[:2], second[:2], atol=1e-5)
    assert np.abs(first[2] - second[2]).max() > 1e-4


def test_what_is_not_shown_is_canvas(features: np.ndarray) -> None:
    masks = np.ones((2, 4, 4), dtype=bool)
    masks[1, 0, 3] = False
    whole, less = show(features, BLANK, masks)
    np.testing.assert_array_equal(whole, features)
    np.testing.assert_array_equal(less[:, 0, 3], BLANK[:, 0, 3])
    np.testing.assert_array_equal(less[:, 1:], features[:, 1:])


def test_the_classifier_explains_pixels(classifier: Classifier) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    explanation = classifier.explain(pixels)
    assert explanation.cells["genre"].shape == (4, 4, 2)
    flat = classifier.explain(np.full((32, 32, 3), 90, dtype=np.uint8))
    np.testing.assert_allclose(flat.cells["style"], 0, atol=1e-5)
