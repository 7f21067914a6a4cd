"""Labels judged by all the evidence there is."""

from __future__ import annotations

import numpy as np

from core.findings.labels.judging import judge_labels

COUNT, CLASSES = 200, 4


def judge(shown: np.ndarray, labels: np.ndarray, plain: np.ndarray | None = None) -> np.ndarray:
    nobody, undated = np.full(COUNT, -1), np.full(COUNT, np.nan)
    _, ranking = judge_labels(shown, labels, nobody, undated, np.arange(COUNT), plain=plain)
    return ranking.score


def test_a_second_opinion_clears_or_condemns() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(CLASSES, size=COUNT)
    shown = np.full((COUNT, CLASSES), 1 / CLASSES)
    plain = shown.copy()
    plain[0] = np.where(np.arange(CLASSES) == labels[0], 0.97, 0.01)
    plain[1] = np.where(np.arange(CLASSES) == labels[1], 0.01, 0.33)
    alone, both = judge(shown, labels), judge(shown, labels, plain)
    assert np.ptp(alone) < 1e-9
    assert both[0] < both[2] - 0.2
    assert both[1] > both[2] + 0.1
    np.testing.assert_allclose(both[2:], both[2])


def test_without_it_the_folds_alone_are_heard() -> None:
    rng = np.random.default_rng(1)
    shown, labels = rng.dirichlet(np.ones(CLASSES), COUNT), rng.integers(CLASSES, size=COUNT)
    given = shown[np.arange(COUNT), labels]
    assert (np.argsort(judge(shown, labels)) == np.argsort(-given)).all()
