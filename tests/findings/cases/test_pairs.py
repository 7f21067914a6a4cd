"""Pairs of labels that overlap."""

from __future__ import annotations

import numpy as np

from core.artifacts.schema import CASES
from core.findings.cases.pairs import find_pair_cases

CLASSES = ("Cubism", "Expressionism", "Rococo", "Ukiyo_e")


def draw(swapped: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and answers that take Cubism and Expressionism for each other at ``swapped``."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(4), 100)
    odds = np.full((4, 4), 0.03)
    odds[0, 1] = odds[1, 0] = swapped
    np.fill_diagonal(odds, 0)
    np.fill_diagonal(odds, 1 - odds.sum(axis=1))
    seen = np.array([rng.choice(4, p=odds[label]) for label in labels])
    return labels, 0.1 + 0.6 * np.eye(4)[seen]


def test_two_styles_taken_for_each_other_are_a_case() -> None:
    labels, probabilities = draw(0.35)
    cases = find_pair_cases("style", CLASSES, labels, probabilities, np.empty((0, 2), int))
    assert cases[["given", "predicted"]].to_numpy().tolist() == [["Cubism", "Expressionism"]]
    assert cases["subject"].isna().all()
    assert cases.loc[0, "shift_low"] > 0.1
    assert cases.loc[0, "works"] == 200
    rows = cases.loc[0, "rows"]
    assert set(labels[rows]) <= {0, 1}
    assert cases.dtypes.astype(str).to_dict() == CASES.dtypes


def test_mistakes_spread_evenly_are_no_case() -> None:
    found = [
        len(find_pair_cases("genre", CLASSES, *draw(0.03, seed), np.empty((0, 2), int)))
        for seed in range(20)
    ]
    assert np.mean(found) <= 0.1


def test_pictures_under_both_labels_make_a_case_by_themselves() -> None:
    labels, probabilities = draw(0.03)
    shared = np.array([[0, 200], [1, 201], [2, 202], [3, 4]])
    cases = find_pair_cases("style", CLASSES, labels, probabilities, shared)
    assert cases[["given", "predicted"]].to_numpy().tolist() == [["Cubism", "Rococo"]]
    assert cases.loc[0, "shared"] == 3
    assert "3 pictures are filed under both" in cases.loc[0, "sentence"]
