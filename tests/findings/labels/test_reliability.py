"""Bins of confidence: every painting once, and the error of a known case."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.findings.labels.reliability import compute_calibration_error, compute_reliability


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_bins_hold_every_painting_once(pairs: list[tuple[float, bool]]) -> None:
    confidence, correct = (np.array(column) for column in zip(*pairs, strict=True))
    table = compute_reliability(confidence, correct)
    assert table["paintings"].sum() == len(pairs)
    assert 0 <= compute_calibration_error(confidence, correct) <= 1


def test_the_error_of_a_known_case() -> None:
    confidence = np.array([0.9] * 10 + [0.6] * 10)
    correct = np.array([True] * 7 + [False] * 3 + [True] * 6 + [False] * 4)
    assert compute_calibration_error(confidence, correct) == pytest.approx(0.5 * 0.2 + 0.5 * 0)
