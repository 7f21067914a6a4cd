"""Pairs of labels that overlap."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

import numpy as np
import pytest
from scipy.stats import hypergeom

from core.artifacts.schema import CASES
from core.findings.cases.pairs import find_pair_cases

CLASSES = ("Cubism", "Expressionism", "Rococo", "Ukiyo_e")
ALONE = np.full(400, -1)


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
    cases = find_pair_cases("style", CLASSES, labels, probabilities, np.empty((0, 2), int), ALONE)
    assert cases[["given", "predicted"]].to_numpy().tolist() == [["Cubism", "Expressionism"]]
    assert cases["subject"].isna().all()
    assert cases["shift_low"][0] > 0.1
    assert cases.loc[0, "works"] == 200
    rows = cases["rows"][0]
    assert set(labels[rows]) <= {0, 1}
    assert cases.dtypes.astype(str).to_dict() == CASES.dtypes


def test_of_hands_only_pictures_under_both_make_a_case() -> None:
    labels, probabilities = draw(0.35)
    none, shared = np.empty((0, 2), int), np.array([[0, 200], [1, 201], [2, 202]])
    for filed, expected in ((none, []), (shared, [["Cubism", "Rococo"]])):
        cases = find_pair_cases(
            "style", CLASSES, labels, probabilities, filed, ALONE, by_answers=False
        )
        assert cases[["given", "predicted"]].to_numpy().tolist() == expected


def test_a_term_and_its_broader_term_are_no_pair() -> None:
    labels, probabilities = draw(0.35)
    broader = np.zeros((4, 4), dtype=bool)
    broader[0, 1] = True
    shared = np.array([[0, 100], [1, 101], [2, 102]])
    cases = find_pair_cases("style", CLASSES, labels, probabilities, shared, ALONE, broader=broader)
    assert cases.empty


def test_mistakes_spread_evenly_are_no_case() -> None:
    found = [
        len(find_pair_cases("genre", CLASSES, *draw(0.03, seed), np.empty((0, 2), int), ALONE))
        for seed in range(20)
    ]
    assert np.mean(found) <= 0.1


def test_pictures_under_both_labels_make_a_case_by_themselves() -> None:
    labels, probabilities = draw(0.03)
    shared = np.array([[0, 200], [1, 201], [2, 202], [3, 4]])
    cases = find_pair_cases("style", CLASSES, labels, probabilities, shared, ALONE)
    assert cases[["given", "predicted"]].to_numpy().tolist() == [["Cubism", "Rococo"]]
    assert cases.loc[0, "shared"] == 3
    assert "3 pictures are filed under both" in str(cases.at[0, "sentence"])


def test_one_painter_makes_no_pair_and_many_do() -> None:
    labels, probabilities = draw(0.03)
    artists = np.arange(400) // 10  # ten artists a style
    probabilities[:70] = 0.1 + 0.6 * np.eye(4)[1]  # Cubism seen as Expressionism
    one = np.where(np.arange(400) < 70, 0, artists)
    few = find_pair_cases("style", CLASSES, labels, probabilities, np.empty((0, 2), int), one)
    assert few.empty
    many = find_pair_cases("style", CLASSES, labels, probabilities, np.empty((0, 2), int), artists)
    assert many[["given", "predicted"]].to_numpy().tolist() == [["Cubism", "Expressionism"]]
    behind = int(many["artists"][0])
    assert behind >= 7
    assert f"{behind} artists have such works" in str(many.at[0, "sentence"])
    assert many.loc[0, "works"] == 200


@pytest.mark.parametrize("seed", range(8))
def test_parts_that_make_whole_votes_are_counted_as_whole(seed: int) -> None:
    """Sevenths and tenths do not add up as binary fractions."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(4), 210)
    hands = np.arange(840) // np.where(labels < 2, 10, 7)
    seen = rng.choice(4, size=840)
    filed_twice = np.array([(first * 210, second * 210) for first, second in PAIRS] * 3)
    cases = find_pair_cases("style", CLASSES, labels, np.eye(4)[seen], filed_twice, hands)
    cells = zip(labels.tolist(), seen.tolist(), strict=True)
    votes = {
        cell: Fraction(works, 10 if cell[0] < 2 else 7) for cell, works in Counter(cells).items()
    }
    expected = {
        (CLASSES[first], CLASSES[second]): compute_p_value(votes, first, second)
        for first, second in PAIRS
    }
    found = {(row.given, row.predicted): row.p_value for row in cases.itertuples()}
    assert found == pytest.approx(expected, rel=1e-6)


PAIRS = list(combinations(range(4), 2))


def compute_p_value(votes: dict[tuple[int, int], Fraction], first: int, second: int) -> float:
    """The pair's p-value from exact votes."""
    pair = {first, second}
    own = sum(each for (label, _), each in votes.items() if label in pair)
    chances = 2 * sum(each for (label, _), each in votes.items() if label not in pair)
    swapped = votes.get((first, second), 0) + votes.get((second, first), 0)
    others = sum(each for (a, b), each in votes.items() if a not in pair and b in pair)
    tried, least = ceil(own), floor(swapped)
    return float(
        hypergeom.sf(least - 1, tried + floor(chances), least + ceil(others), tried)
        if least
        else 1.0
    )
