"""Each label of a work of several is asked about by itself, the most doubtful one first."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.reviews.asked import ask_several
from core.reviews.log import build_table
from core.reviews.queue import build_queue, choose_pool
from core.tasks import FURTHER
from tests.reviews.conftest import say

NOTHING = build_table([])


def collection() -> pd.DataFrame:
    """One work of three labels, of which Dada is doubted, and two of one."""
    return pd.DataFrame(
        {
            "key": ["three", "sure", "odd"],
            "artist": ["A", "B", "C"],
            "given": ["Cubism", "Rococo", "Rococo"],
            FURTHER: pd.Series([("Dada", "Realism"), None, None], dtype="object"),
            "suggested": "Baroque",
            "score": [0.1, 0.05, 0.6],
            "doubted_label": ["Dada", None, None],
            "label_doubt": [0.9, np.nan, np.nan],
            "duplicate_group": -1,
            "medium": "in colour",
        }
    )


def judged(*labels: str, verdict: str = "right") -> pd.DataFrame:
    return build_table(
        [say("three", verdict=verdict, given=label, of_several=label) for label in labels]
    )


@pytest.mark.parametrize(
    ("done", "asked"),
    [
        ((), ("Dada", 0.9)),
        (("Dada",), ("Cubism", 0.1)),
        (("Dada", "Cubism"), ("Realism", 0.1)),
        (("Realism",), ("Dada", 0.9)),
    ],
)
def test_the_doubted_label_comes_first_then_the_others(
    done: tuple[str, ...], asked: tuple[str, float]
) -> None:
    table = ask_several(collection(), judged(*done))
    assert tuple(table.loc[0, ["given", "score"]]) == asked
    assert not table["judged"].any()
    assert table.loc[1:, "given"].tolist() == ["Rococo", "Rococo"]


def test_a_work_leaves_the_queue_once_all_its_labels_are_judged() -> None:
    table, first = collection(), judged("Dada")
    assert build_queue(table, NOTHING, 9).tolist() == [0, 2, 1]  # by the doubt of one label
    assert build_queue(table, first, 9).tolist() == [2, 0, 1]
    assert build_queue(table, judged("Dada", "Cubism", "Realism"), 9).tolist() == [2, 1]
    assert choose_pool(table, first, True, False).loc[0, "given"] == "Cubism"


def test_what_is_no_painting_is_asked_about_once() -> None:
    assert ask_several(collection(), judged("Dada", verdict="bad image"))["judged"].tolist() == [
        *(True, False, False)
    ]


@pytest.mark.parametrize(("given", "left"), [("Dada", "Cubism"), ("Fauvism", "Dada")])
def test_a_verdict_from_before_is_on_the_label_it_names_or_on_the_one_in_front(
    given: str, left: str
) -> None:
    before = build_table([say("three", given=given)])
    table = ask_several(collection(), before)
    assert table.loc[0, "given"] == left
    both = pd.concat([before, judged("Realism", left)], ignore_index=True)
    assert ask_several(collection(), both).loc[0, "judged"]


def test_without_what_tells_the_doubted_label_the_one_in_front_comes_first() -> None:
    table = collection().drop(columns=["doubted_label", "label_doubt"])
    assert ask_several(table, NOTHING).loc[0, "given"] == "Cubism"
