"""Where the lines lie, and on which side a painting falls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from core.findings.labels.quadrants import (
    LABEL_STATES,
    QUADRANTS,
    SURE,
    assign_quadrants,
    choose_thresholds,
    code_label_states,
)

CASES = json.loads((Path(__file__).parents[2] / "cases" / "quadrants.json").read_text())


def test_each_corner_has_its_quadrant() -> None:
    loss = np.array([3.0, 3.0, 0.1, 0.1, 0.1, np.nan, np.nan, 3.0])
    confidence = np.array([0.9, 0.2, 0.9, 0.2, 0.9, 0.9, np.nan, 0.9])
    is_labelled = np.array([True, True, True, True, True, False, True, True])
    agrees = np.array([False, False, True, True, False, False, False, False])
    is_near = np.arange(8) == 7
    placed = assign_quadrants(loss, confidence, is_labelled, agrees, 1.0, 0.5, is_near)
    assert list(placed) == list(QUADRANTS)


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
    is_labelled, agrees = np.array([case["labelled"]]), np.array([case["agrees"]])
    is_near = np.array([case.get("near", False)])
    assert LABEL_STATES[code_label_states(is_labelled, loss, agrees, is_near)[0]] == case["state"]
    low, sure = case["lines"]
    quadrant = assign_quadrants(loss, confidence, is_labelled, agrees, low, sure, is_near)
    assert list(quadrant) == [case["quadrant"]]


def test_a_painting_on_a_line_is_high() -> None:
    yes = np.array([True])
    quadrant = assign_quadrants(np.array([1.0]), np.array([0.5]), yes, ~yes, 1.0, 0.5)
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


@given(
    probabilities=npst.arrays(float, (40, 5), elements=st.floats(0.001, 1)),
    labels=npst.arrays(int, 40, elements=st.integers(-1, 4)),
    moved=st.none() | st.tuples(st.floats(0, 8), st.floats(0, 1)),
)
def test_a_name_is_true_of_every_painting_it_is_given(
    probabilities: np.ndarray, labels: np.ndarray, moved: tuple[float, float] | None
) -> None:
    """By any lines; that nothing under 60 % lies above the line is promised for the default one."""
    shares = probabilities / probabilities.sum(axis=1, keepdims=True)
    lines = moved or choose_thresholds(shares, labels)
    loss = np.where(labels >= 0, -np.log(shares[np.arange(40), labels]), np.nan)
    predicted, confidence = shares.argmax(axis=1), shares.max(axis=1)
    placed = assign_quadrants(loss, confidence, labels >= 0, predicted == labels, *lines)
    for name, answer, label, sure in zip(placed, predicted, labels, confidence, strict=True):
        if name in ("typical", "uncertain but right"):
            assert answer == label
        if name in ("leans elsewhere", "genuine outlier", "hard example"):
            assert answer != label
        if name in ("genuine outlier", "typical"):
            assert sure >= (SURE if moved is None else lines[1])
        if name in ("hard example", "uncertain but right"):
            assert sure < lines[1]


@pytest.mark.parametrize("classes", [2, 11, 13, 27])
def test_nothing_under_sixty_percent_is_called_sure(classes: int) -> None:
    hesitant = np.full((classes, classes), 0.5 / (classes - 1))
    np.fill_diagonal(hesitant, 0.5)
    assert choose_thresholds(hesitant, np.arange(classes))[1] == SURE
    assert choose_thresholds(hesitant, np.full(classes, -1))[1] == SURE
