"""Where the lines lie, and on which side a painting falls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.findings.labels.quadrants import (
    LABEL_STATES,
    QUADRANTS,
    assign_quadrants,
    choose_thresholds,
    code_label_states,
)

CASES = json.loads((Path(__file__).parents[2] / "cases" / "quadrants.json").read_text())


def test_each_corner_has_its_quadrant() -> None:
    loss = np.array([3.0, 3.0, 0.1, 0.1, np.nan, np.nan])
    confidence = np.array([0.9, 0.2, 0.9, 0.2, 0.9, np.nan])
    is_labelled = np.array([True, True, True, True, False, True])
    assert list(assign_quadrants(loss, confidence, is_labelled, 1.0, 0.5)) == list(QUADRANTS)


def test_the_shared_cases_name_every_quadrant_and_state() -> None:
    assert CASES["quadrants"] == list(QUADRANTS)
    assert CASES["label_states"] == list(LABEL_STATES)
    assert {case["quadrant"] for case in CASES["cases"]} == set(QUADRANTS)
    assert {case["state"] for case in CASES["cases"]} == set(LABEL_STATES)


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: str(case["why"]))
def test_every_shared_case_is_answered_as_it_stands(case: dict[str, Any]) -> None:
    loss, confidence = (
        np.array([case[name]], dtype=float) for name in ("loss", "confidence")
    )  # null becomes NaN
    is_labelled = np.array([case["labelled"]])
    assert LABEL_STATES[code_label_states(is_labelled, loss)[0]] == case["state"]
    quadrant = assign_quadrants(loss, confidence, is_labelled, *case["lines"])
    assert list(quadrant) == [case["quadrant"]]


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
