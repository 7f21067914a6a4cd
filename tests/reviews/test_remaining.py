"""Wrong labels left: against simulated collections and reviewers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.reviews.log import build_table
from core.reviews.remaining import (
    compute_false_alarms,
    describe_false_alarms,
    estimate_left,
    estimate_remaining,
    find_undoubted,
)
from tests.reviews.conftest import say


def simulate(shift: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose log odds are off by ``shift``, and which labels are wrong."""
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-4, 2, 4000)
    return 1 / (1 + np.exp(-log_odds)), rng.random(4000) < 1 / (1 + np.exp(-log_odds - shift))


@pytest.mark.parametrize("shift", [-1.5, 0.0, 1.0])
@pytest.mark.parametrize(("misses", "alarms"), [(0.0, 0.0), (0.15, 0.08)])
def test_the_estimate_of_what_remains_holds_the_truth(
    shift: float, misses: float, alarms: float
) -> None:
    held = 0
    for seed in range(20):
        scores, wrong = simulate(shift, seed)
        order = np.argsort(-scores)
        seen, left = order[:200], order[200:]
        chance = np.where(wrong[seen], 1 - misses, alarms)
        said = np.random.default_rng(seed).random(200) < chance
        found = estimate_remaining(scores[seen], said, scores[left])
        held += found.low <= wrong[left].sum() <= found.high
        assert found.low <= found.expected <= found.high
    assert held >= 18


def test_more_verdicts_make_the_estimate_narrower() -> None:
    scores, wrong = simulate(0, 0)
    order = np.argsort(-scores)
    widths = []
    for count in (25, 100, 800):
        found = estimate_remaining(scores[order[:count]], wrong[order[:count]], scores[order[800:]])
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)


def test_labels_that_nothing_doubts_bound_what_lies_below_the_queue() -> None:
    scores, wrong = simulate(0, 0)
    order = np.argsort(-scores)
    top, calm = order[:100], order[-200:]
    rest = scores[order[100:-200]]
    alone = estimate_remaining(scores[top], wrong[top], rest)
    both = np.concatenate([top, calm])
    mixed = estimate_remaining(scores[both], wrong[both], rest)
    assert mixed.high < alone.high


def test_certain_scores_and_no_paintings_left_are_no_trouble() -> None:
    found = estimate_remaining(np.array([1.0, 0.0]), np.array([True, False]), np.array([]))
    assert found.expected == found.high == 0


PAINTINGS = pd.DataFrame(
    {
        "key": list("abcde"),
        "given": ["Cubism", "Cubism", "Cubism", None, "Cubism"],
        "predicted": ["Cubism", "Cubism", "Baroque", "Baroque", "Cubism"],
        "score": [0.001, 0.5, 0.01, np.nan, 0.02],
    }
)


def test_undoubted_is_what_the_model_gives_as_well_and_no_evidence_speaks_against() -> None:
    assert find_undoubted(PAINTINGS).tolist() == [True, False, False, False, True]


def test_false_alarms_are_counted_on_labels_that_nothing_doubts() -> None:
    standing = build_table(
        [say("a", "wrong"), say("b", "wrong"), say("e", "right"), say("gone", "wrong")]
    )
    found = compute_false_alarms(PAINTINGS, standing)
    assert (found.hits, found.count) == (1, 2)
    assert "1 of 2 labels that nothing doubts was called wrong" in describe_false_alarms(found)
    assert describe_false_alarms(compute_false_alarms(PAINTINGS, standing[:0])) == ""


def test_a_verdict_on_a_label_beside_the_one_that_nothing_doubts_is_no_false_alarm() -> None:
    several = [
        say("a", "right", of_several="Cubism"),
        say("a", "wrong", given="Dada", of_several="Dada"),
    ]
    found = compute_false_alarms(PAINTINGS.astype({"given": "category"}), build_table(several))
    assert (found.hits, found.count) == (0, 1)


def test_a_painting_without_a_score_is_left_aside() -> None:
    standing = build_table([say(key, "right") for key in "abce"])
    assert estimate_left(PAINTINGS, standing).high == 0
