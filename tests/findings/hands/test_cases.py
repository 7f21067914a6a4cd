"""Artists whose attributions, taken together, are in doubt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from core.artifacts.schema import CASES
from core.findings.cases.kinds import CASE_TYPES
from core.findings.evidence import Hands, TaskEvidence
from core.findings.hands.attribution import FEWEST_WORKS
from core.findings.hands.cases import find_hand_cases

HANDS, WORKS, HELD, SPREAD = 80, 14, -4.0, 1.5
NAMES = tuple(f"Hand {number:02}" for number in range(HANDS))


def find(doubt: np.ndarray, works: int = WORKS, duplicates: np.ndarray | None = None) -> Any:
    """The cases of ``HANDS`` hands with ``works`` each whose doubts, log odds, are ``doubt``."""
    labels = np.repeat(np.arange(HANDS), works)
    told = pd.DataFrame({"attribution_doubt": expit(doubt.ravel()), "attribution_hand": NAMES[1]})
    hands = Hands(
        np.array(NAMES, dtype=object)[labels],
        TaskEvidence(NAMES, labels, np.full((len(labels), HANDS), 1 / HANDS)),
    )
    years = np.where(np.arange(len(labels)) % works == 0, np.nan, 1900.0 + labels)
    alone = np.arange(len(labels)) if duplicates is None else duplicates
    return find_hand_cases(hands, told, years, alone)


def draw(seed: int, spread: float = SPREAD) -> np.ndarray:
    """(HANDS, WORKS) log odds of doubt of hands that differ by ``spread``."""
    rng = np.random.default_rng(seed)
    return HELD + spread * rng.normal(size=(HANDS, 1)) + rng.normal(size=(HANDS, WORKS))


def test_a_hand_most_of_whose_works_are_in_doubt_is_a_case() -> None:
    doubt = draw(0, spread=0.5)
    doubt[7, :9] = 5
    cases = find(doubt)
    assert cases["subject"].tolist() == ["Hand 07"]
    assert cases.dtypes.astype(str).to_dict() == CASES.dtypes
    case = cases.iloc[0]
    assert case["case"] == "hand:Hand 07"
    assert case["type"] in CASE_TYPES
    assert case["works"] == WORKS
    assert case["observed"] == pytest.approx(9 / WORKS)
    assert (case["first_year"], case["last_year"], case["artists"]) == (1907, 1907, HANDS - 1)
    assert set(case["rows"][:9]) == set(range(7 * WORKS, 7 * WORKS + 9))
    assert f"of {WORKS} works 9 are seen as another hand's" in case["sentence"]
    assert "9 of them are nearest to Hand 01." in case["sentence"]


@pytest.mark.parametrize("spread", [0.0, 0.5, SPREAD, 3.0])
def test_hands_that_differ_by_nature_are_no_cases(spread: float) -> None:
    found = [len(find(draw(seed, spread))) for seed in range(10)]
    assert np.mean(found) <= 0.1


def test_the_case_of_a_hand_is_no_case_where_such_hands_are_common() -> None:
    doubt = draw(0, spread=3.0)
    doubt[7, :9] = 5
    assert find(doubt).empty


def test_of_few_works_and_of_works_that_were_not_judged_nothing_is_said() -> None:
    few = FEWEST_WORKS - 1
    doubt = draw(0, spread=0.5)
    doubt[7, :9] = 5
    assert find(doubt[:, :few], few).empty
    doubt[7, few:] = np.nan
    doubt[7, :few] = 5
    assert find(doubt).empty


def test_copies_of_one_picture_count_once() -> None:
    doubt = draw(0, spread=0.5)
    doubt[7, :9] = 5
    one = np.arange(doubt.size)
    one[7 * WORKS : 7 * WORKS + 9] = 7 * WORKS
    assert find(doubt, duplicates=one).empty  # six works are left


def test_the_sentence_counts_copies_once_throughout() -> None:
    doubt = draw(0, spread=0.5)
    doubt[7, :12] = 5
    copies = np.arange(doubt.size)
    copies[7 * WORKS : 7 * WORKS + 3] = 7 * WORKS
    case = find(doubt, duplicates=copies).iloc[0]
    assert f"of {WORKS - 2} works 10 are seen as another hand's" in case["sentence"]
    assert "10 of them are nearest to Hand 01." in case["sentence"]
    assert len(set(copies[case["rows"]])) == len(case["rows"]) == WORKS - 2
