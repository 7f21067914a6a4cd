"""Majority of reviewers, and who disagrees with whom."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from core.reviews.log import build_table
from core.reviews.majority import decide, find_disagreements
from core.tasks import FURTHER
from tests.reviews.conftest import say

BAROQUE = {"verdict": "wrong", "proposed": "Baroque"}
REALISM = {"verdict": "wrong", "proposed": "Realism"}
WRONG, RIGHT, UNSURE = {"verdict": "wrong"}, {"verdict": "right"}, {"verdict": "unsure"}
OUTLIER, BAD = {"verdict": "outlier"}, {"verdict": "bad image"}


PAINTINGS = pd.DataFrame(
    {
        "key": ["Cubism/a.jpg"],
        "given_style": ["Cubism"],
        "given_artist": [None],
        "given_genre": ["portrait"],
    }
)
IS_BAROQUE = {"verdict": "right", "given": "Baroque"}
NOT_BAROQUE = {"verdict": "wrong", "given": "Baroque"}
BACK = {"verdict": "wrong", "given": "Baroque", "proposed": "Cubism"}


def table_of(*verdicts: dict) -> pd.DataFrame:
    return build_table(say(reviewer=f"R{n}", **each) for n, each in enumerate(verdicts))


@pytest.mark.parametrize(
    ("verdicts", "outcome", "proposed"),
    [
        ([RIGHT], "keep", None),
        ([RIGHT, OUTLIER, WRONG], "keep", None),
        ([BAROQUE], "relabel", "Baroque"),
        ([BAROQUE, BAROQUE, RIGHT], "relabel", "Baroque"),
        ([BAROQUE, REALISM], "mislabelled", None),
        ([BAROQUE, BAROQUE, REALISM], "relabel", "Baroque"),
        ([BAROQUE, WRONG], "mislabelled", None),
        ([BAROQUE, RIGHT], "undecided", None),
        ([BAROQUE, UNSURE, UNSURE], "relabel", "Baroque"),
        ([BAD, BAD, RIGHT], "not a painting", None),
        # Said of a run that had learned a correction.
        ([IS_BAROQUE], "relabel", "Baroque"),
        ([BAROQUE, IS_BAROQUE], "relabel", "Baroque"),
        ([BAROQUE, IS_BAROQUE, RIGHT], "relabel", "Baroque"),
        ([BAROQUE, NOT_BAROQUE], "undecided", None),
        ([NOT_BAROQUE], "changed", None),
        ([BACK], "keep", None),
    ],
)
def test_the_majority_decides_and_the_unsure_abstain(
    verdicts: list[dict], outcome: str, proposed: str | None
) -> None:
    (row,) = decide(table_of(*verdicts), PAINTINGS).to_dict("records")
    assert row["outcome"] == outcome
    assert (None if pd.isna(row["proposed"]) else row["proposed"]) == proposed
    assert row["given"] == "Cubism"


def test_a_verdict_that_settles_counts_alone_until_another_is_given() -> None:
    late = datetime.now(UTC) + timedelta(minutes=1)
    settled = {**RIGHT, "settles": "yes", "time": late}
    told = table_of(BAROQUE, BAROQUE, settled)
    (row,) = decide(told, PAINTINGS).to_dict("records")
    assert (row["outcome"], row["votes"], row["reviewers"]) == ("keep", 1, 1)
    assert find_disagreements(told).empty
    again = table_of(BAROQUE, BAROQUE, settled, {**BAROQUE, "time": late + timedelta(minutes=1)})
    assert decide(again, PAINTINGS).loc[0, "outcome"] == "relabel"
    assert len(find_disagreements(again)) == 4


def test_who_is_unsure_settles_nothing() -> None:
    late = {"settles": "yes", "time": datetime.now(UTC) + timedelta(minutes=1)}
    told = table_of(BAROQUE, BAROQUE, RIGHT, {**UNSURE, **late})
    (row,) = decide(told, PAINTINGS).to_dict("records")
    assert (row["outcome"], row["votes"], row["reviewers"]) == ("relabel", 2, 3)
    assert len(find_disagreements(told)) == 3


def test_who_is_only_unsure_decides_nothing() -> None:
    assert decide(table_of(UNSURE), PAINTINGS).empty
    assert decide(table_of(), PAINTINGS).empty


@pytest.mark.parametrize(
    ("verdicts", "rows"),
    [
        ([RIGHT, OUTLIER], 0),
        ([RIGHT, UNSURE], 0),
        ([BAROQUE, BAROQUE], 0),
        ([BAROQUE, REALISM], 2),
        ([RIGHT, WRONG, UNSURE], 2),
        ([BAROQUE, IS_BAROQUE], 0),
        ([RIGHT, IS_BAROQUE], 2),
        ([RIGHT, BACK], 0),
    ],
)
def test_disagreements_are_where_the_outcome_differs(verdicts: list[dict], rows: int) -> None:
    assert len(find_disagreements(table_of(*verdicts))) == rows


def test_different_tasks_do_not_disagree() -> None:
    table = build_table([say(), say(task="genre", reviewer="Bo", verdict="wrong")])
    assert find_disagreements(table).empty
    assert len(decide(table, PAINTINGS)) == 2


def test_of_several_labels_each_is_decided_by_itself() -> None:
    paintings = pd.DataFrame(
        {
            "key": ["Cubism/a.jpg"],
            "given_style": ["A"],
            FURTHER: pd.Series([("B",)], dtype="object"),
            "given_genre": [None],
            "given_artist": [None],
        }
    )
    standing = build_table(
        [
            say(given="A", of_several="A"),
            say(verdict="wrong", given="B", proposed="C", of_several="B"),
            say(verdict="wrong", given="B", reviewer="Bo"),  # from before it had two
            say(verdict="wrong", given="Z", reviewer="Cy", of_several="Z"),  # gone since
        ]
    )
    decided = decide(standing, paintings).set_index("given")
    assert decided["outcome"].to_dict() == {"A": "keep", "B": "mislabelled", "Z": "changed"}
    assert decided.loc["B", "votes"] == 2


def test_what_settles_one_of_several_counts_against_verdicts_from_before_it_had_several() -> None:
    now = datetime.now(UTC)
    settled = {"settles": "yes", "time": now + timedelta(minutes=2)}
    dada = {"verdict": "wrong", "proposed": "Dada", "of_several": "Cubism"}
    told = table_of(RIGHT, RIGHT, {**dada, "time": now + timedelta(minutes=1)}, {**dada, **settled})
    works = PAINTINGS.assign(**{FURTHER: pd.Series([("Realism",)], dtype="object")})
    (row,) = decide(told, works).to_dict("records")
    assert (row["outcome"], row["proposed"], row["reviewers"]) == ("relabel", "Dada", 1)


def test_reviewers_disagree_only_on_the_same_label() -> None:
    standing = build_table(
        [
            say(given="A", of_several="A"),
            say(verdict="wrong", given="B", of_several="B", reviewer="Bo"),
        ]
    )
    assert find_disagreements(standing).empty


def test_a_work_of_several_hands_is_not_the_artists() -> None:
    told = build_table([say(verdict="several hands", task="artist", given="Hals")])
    works = PAINTINGS.assign(given_artist=["Hals"])
    (row,) = decide(told, works).to_dict("records")
    assert (row["task"], row["outcome"]) == ("artist", "mislabelled")
