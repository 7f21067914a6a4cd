from __future__ import annotations

import numpy as np
import pytest

from core.artifacts import Thresholds
from core.classify.judgement import judge_label

LINES = Thresholds(loss=1.6, confidence=0.5)
SURE, UNSURE = np.array([0.9, 0.06, 0.04]), np.array([0.4, 0.35, 0.25])


@pytest.mark.parametrize(
    ("probabilities", "label", "quadrant", "rank"),
    [
        (SURE, 0, "typical", 1),
        (SURE, 2, "genuine outlier", 3),
        (UNSURE, 0, "uncertain but right", 1),
        (UNSURE, 1, "leans elsewhere", 2),
    ],
)
def test_a_label_gets_its_loss_and_quadrant(
    probabilities: np.ndarray, label: int, quadrant: str, rank: int
) -> None:
    judged = judge_label(probabilities, label, LINES)
    assert judged.loss == pytest.approx(-np.log(probabilities[label]))
    assert judged.confidence == probabilities.max()
    assert (judged.quadrant, judged.rank) == (quadrant, rank)


def test_a_broader_term_is_right_with_the_label() -> None:
    kin = np.array([True, False, False])
    judged = judge_label(SURE, 1, LINES, kin)
    assert judged.quadrant == "other depth"
    assert judged.loss == pytest.approx(-np.log(0.96))
    assert judged.confidence == 0.9
    assert judge_label(SURE, 2, LINES, np.zeros(3, dtype=bool)).quadrant == "genuine outlier"


def test_an_impossible_label_has_a_finite_loss() -> None:
    assert 10 < judge_label(np.array([1.0, 0.0]), 1, LINES).loss < 20
