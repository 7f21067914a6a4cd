"""What comes next: suspicious first, varied, without what a curator need not see."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.reviews.log import build_table
from core.reviews.queue import build_queue, mix_in
from tests.reviews.conftest import say

NOTHING = build_table([])


def collection(**columns: object) -> pd.DataFrame:
    count = max(len(c) for c in columns.values() if isinstance(c, list | np.ndarray))
    base = {
        "key": [f"{n}.jpg" for n in range(count)],
        "artist": [f"artist {n}" for n in range(count)],
        "given": "Cubism",
        "suggested": "Baroque",
        "score": np.linspace(1, 0, count),
        "duplicate_group": -1,
        "medium": "in colour",
    }
    return pd.DataFrame(base | columns)


def test_without_other_reasons_the_order_is_that_of_the_score() -> None:
    table = collection(score=[0.2, 0.9, 0.5], given=["A", "B", "C"])
    assert build_queue(table, NOTHING, 3).tolist() == [1, 2, 0]


def test_one_artist_does_not_fill_the_queue() -> None:
    artists = ["same"] * 10 + [f"other {n}" for n in range(10)]
    table = collection(artist=artists, score=[0.9] * 10 + [0.7] * 10)
    head = build_queue(table, NOTHING, 6)
    assert 1 <= sum(row < 10 for row in head) <= 3
    assert sorted(build_queue(table, NOTHING, 99)) == list(range(20))  # none is lost


def test_one_confusion_does_not_fill_the_queue() -> None:
    given = ["A"] * 30 + ["B"] * 30
    table = collection(given=given, score=[0.9] * 30 + [0.8] * 30)
    head = build_queue(table, NOTHING, 12)
    assert 2 <= sum(row >= 30 for row in head) < 12


def test_unknown_artists_are_not_one_artist() -> None:
    table = collection(artist=[None, None, "known"], score=[0.9, 0.8, 0.79])
    assert build_queue(table, NOTHING, 3).tolist() == [0, 1, 2]


def test_drawings_and_copies_stay_out_unless_wanted() -> None:
    table = collection(
        score=[0.9, 0.8, 0.7, 0.6],
        medium=["strokes on paper", None, "in colour", "black and white"],
        duplicate_group=[-1, 4, 4, -1],
    )
    assert build_queue(table, NOTHING, 9).tolist() == [1]
    assert build_queue(table, NOTHING, 9, copies=True).tolist() == [1, 2]
    assert build_queue(table, NOTHING, 9, only_paintings=False).tolist() == [0, 1, 3]


def test_what_was_judged_is_out_and_so_are_its_copies() -> None:
    table = collection(score=[0.9, 0.8, 0.7], duplicate_group=[4, 4, -1])
    assert build_queue(table, build_table([say("0.jpg")]), 9).tolist() == [2]


@pytest.mark.parametrize("column", ["score", "given"])
def test_what_has_no_label_or_score_is_out(column: str) -> None:
    table = collection(**{column: [None, 0.5 if column == "score" else "A"]})
    assert build_queue(table, NOTHING, 9).tolist() == [1]


def test_verdicts_teach_which_confusion_is_worth_looking_at() -> None:
    given = ["A", "B"] * 40
    table = collection(given=given, score=[0.9] * 80)
    verdicts = [say(f"{n}.jpg", verdict=("wrong", "right")[n % 2]) for n in range(20)]
    head = build_queue(table, build_table(verdicts), 10)
    assert sum(given[row] == "A" for row in head) >= 8


def test_the_queue_is_the_same_every_time() -> None:
    rng = np.random.default_rng(0)
    table = collection(score=rng.random(300), artist=[f"{n % 40}" for n in range(300)])
    assert build_queue(table, NOTHING, 50).equals(build_queue(table, NOTHING, 50))


def test_paintings_are_mixed_in_at_about_the_rate_each_once_and_the_same_again() -> None:
    queue, others = np.arange(200), np.arange(1000, 1100)
    mixed = mix_in(queue, others, 0.1, 0, "Ada")
    assert mixed[mixed < 1000].tolist() == queue.tolist()
    inside = mixed[mixed >= 1000]
    assert len(set(inside)) == len(inside)
    assert 8 <= len(inside) <= 40
    assert mix_in(queue, others, 0.1, 0, "Ada").tolist() == mixed.tolist()
    assert mix_in(queue, others, 0.1, 0, "Bo").tolist() != mixed.tolist()


def test_what_is_mixed_in_waits_in_the_queue_no_second_time() -> None:
    queue, others = np.arange(40), np.arange(20, 40)  # a small collection, which waits as a whole
    mixed = mix_in(queue, others, 0.3, 0, "Ada")
    assert sorted(mixed) == queue.tolist()
    assert mixed.tolist() != queue.tolist()


def test_a_queue_built_anew_mixes_the_same_paintings_at_the_same_places() -> None:
    queue, others = np.arange(100), np.arange(1000, 1100)
    before = mix_in(queue, others, 0.2, 0, "Ada")
    judged = before[:30]
    assert (judged >= 1000).any()
    queue, others = np.setdiff1d(queue, judged), np.setdiff1d(others, judged)
    assert mix_in(queue, others, 0.2, 30, "Ada")[:50].tolist() == before[30:80].tolist()


def test_a_painting_of_the_queue_is_not_mixed_in_as_well() -> None:
    mixed = mix_in(np.arange(40), np.arange(80), 0.5, 0, "Ada")
    assert len(set(mixed)) == len(mixed)


def test_nothing_is_mixed_in_where_nothing_is_left() -> None:
    assert mix_in(np.arange(9), np.array([], dtype=int), 0.5, 0, "Ada").tolist() == list(range(9))
