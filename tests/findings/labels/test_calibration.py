"""Temperature scaling, and the error it is meant to lower."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from core.findings.labels.calibration import (
    apply_fold_temperatures,
    apply_temperature,
    compare_calibration,
    compute_adaptive_calibration_error,
    compute_brier,
    fit_fold_temperatures,
    fit_temperature,
)
from core.findings.labels.reliability import compute_calibration_error


def draw_labelled_logits(temperature: float, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are ``temperature`` times too large for the labels drawn from them."""
    rng = np.random.default_rng(0)
    honest = rng.normal(size=(count, 6)) * 2
    labels = np.array([rng.choice(6, p=row) for row in softmax(honest, axis=1)])
    return honest * temperature, labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_is_recovered(temperature: float) -> None:
    assert fit_temperature(*draw_labelled_logits(temperature)) == pytest.approx(
        temperature, rel=0.1
    )


def test_scaling_lowers_the_error_and_keeps_the_answer() -> None:
    logits, labels = draw_labelled_logits(3.0)
    before, after = apply_temperature(logits, 1.0), apply_temperature(logits, 3.0)
    errors = [
        compute_calibration_error(p.max(axis=1), p.argmax(axis=1) == labels)
        for p in (before, after)
    ]
    assert errors[1] < 0.03 < errors[0]
    np.testing.assert_array_equal(before.argmax(axis=1), after.argmax(axis=1))


@pytest.mark.parametrize("wrong", [0.0, 0.05, 0.15])
def test_of_100_answers_at_80_about_80_agree_with_the_given_labels(wrong: float) -> None:
    """With the given ones, wrong ones among them: with the true labels more do."""
    rng = np.random.default_rng(1)
    logits, truth = draw_labelled_logits(2.5, 12_000)
    given = np.where(rng.random(len(truth)) < wrong, rng.integers(6, size=len(truth)), truth)
    fold = np.arange(len(truth)) % 4
    shown = apply_fold_temperatures(logits, fold, fit_fold_temperatures(logits, given, fold))
    answer, confidence = shown.argmax(axis=1), shown.max(axis=1)
    near = (confidence > 0.75) & (confidence < 0.85)
    agree = (answer == given)[near].mean()
    assert agree == pytest.approx(0.8, abs=0.05)
    assert (answer == truth)[near].mean() >= agree + wrong / 4


def test_without_rows_nothing_is_scaled() -> None:
    assert fit_temperature(np.empty((0, 3)), np.empty(0, dtype=int)) == 1.0


def test_bins_of_equal_counts_find_what_equal_widths_find() -> None:
    confidence = np.array([0.9] * 10 + [0.6] * 10)
    correct = np.array([True] * 7 + [False] * 3 + [True] * 6 + [False] * 4)
    assert compute_adaptive_calibration_error(confidence, correct, bins=2) == pytest.approx(0.1)
    assert compute_adaptive_calibration_error(np.empty(0), np.empty(0, dtype=bool)) == 0


def test_brier_runs_from_sure_and_right_to_sure_and_wrong() -> None:
    assert compute_brier(np.eye(2), np.array([0, 1])) == 0
    assert compute_brier(np.eye(2), np.array([1, 0])) == 2
    assert compute_brier(np.full((1, 2), 0.5), np.array([0])) == pytest.approx(0.5)


def test_scaling_is_better_by_every_measure() -> None:
    logits, labels = draw_labelled_logits(3.0)
    table = compare_calibration(apply_temperature(logits, 1), apply_temperature(logits, 3), labels)
    assert (table.loc["after"] < table.loc["before"]).all()


def test_each_fold_finds_the_temperature_in_the_others() -> None:
    logits, labels = draw_labelled_logits(2.5)
    fold = np.arange(4000) % 4
    assert fit_fold_temperatures(logits, labels, fold) == pytest.approx([2.5] * 4, rel=0.1)


def test_no_fold_is_calibrated_on_what_it_scores() -> None:
    logits, labels = draw_labelled_logits(2.0, 300)
    fold = np.arange(300) % 3 - 1  # a third is scored by no fold
    before = fit_fold_temperatures(logits, labels, fold)
    other = np.where(fold == 1, (labels + 1) % 6, labels)
    after = fit_fold_temperatures(np.where((fold < 0)[:, None], np.nan, logits), other, fold)
    assert after[1] == before[1]
    assert after[0] != before[0]
    missing = np.where(fold == 0, -1, labels)
    assert fit_fold_temperatures(logits, missing, fold)[1] == 1


def test_rows_are_softened_by_their_own_fold() -> None:
    logits, _ = draw_labelled_logits(1.0, 6)
    fold = np.array([0, 1, -1, 0, 1, -1])
    shown = apply_fold_temperatures(logits, fold, (1.0, 4.0))
    np.testing.assert_array_equal(shown[fold == 1], apply_temperature(logits[fold == 1], 4.0))
    np.testing.assert_array_equal(shown.sum(axis=1).round(9), fold >= 0)
