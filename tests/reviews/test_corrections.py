"""What verdicts do to the labels that are learned, under each policy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.reviews import Entry, ReviewLog
from core.reviews.corrections import LOW_WEIGHT, Corrections, Policy, plan_corrections
from core.reviews.log import build_table
from core.tasks import FURTHER
from tests.reviews.conftest import say

RELABEL = {"verdict": "wrong", "proposed": "Baroque"}


@pytest.fixture
def paintings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": [f"{n}.jpg" for n in range(5)],
            "given_style": "Cubism",
            "given_genre": "landscape",
            "given_artist": "Someone",
            "split": ["train", "val", "train", None, "train"],
        }
    )


def plan(
    paintings: pd.DataFrame, *verdicts: Entry, policy: Policy = "relabel", keep: bool = False
) -> Corrections:
    return plan_corrections(paintings, build_table(verdicts), policy, keep_validation=keep)


def learned(corrections: Corrections, paintings: pd.DataFrame) -> list[str | None]:
    labels = corrections.mask(corrections.relabel(paintings))["given_style"]
    return [None if pd.isna(label) else label for label in labels]


@pytest.mark.parametrize(
    ("policy", "expected", "weight"),
    [("relabel", "Baroque", 1.0), ("drop", None, 1.0), ("downweight", "Cubism", LOW_WEIGHT)],
)
def test_a_wrong_label_by_policy(
    paintings: pd.DataFrame, policy: Policy, expected: str | None, weight: float
) -> None:
    corrections = plan(paintings, say("2.jpg", **RELABEL), policy=policy)
    assert learned(corrections, paintings) == ["Cubism", "Cubism", expected, "Cubism", "Cubism"]
    assert corrections.weigh("style", 5).tolist() == [1, 1, weight, 1, 1]
    assert (paintings["given_style"] == "Cubism").all()  # the table itself is untouched


@pytest.mark.parametrize("policy", ["relabel", "drop"])
def test_a_wrong_label_without_a_better_one_is_not_learned(
    paintings: pd.DataFrame, policy: Policy
) -> None:
    corrections = plan(paintings, say("2.jpg", "wrong"), policy=policy)
    assert learned(corrections, paintings)[2] is None


def test_what_is_no_painting_is_learned_for_no_task(paintings: pd.DataFrame) -> None:
    masked = plan(paintings, say("0.jpg", "bad image"), policy="downweight").mask(paintings)
    assert masked.loc[0, ["given_style", "given_genre", "given_artist"]].isna().all()


def test_right_and_remarkable_labels_stay(paintings: pd.DataFrame) -> None:
    corrections = plan(paintings, say("0.jpg"), say("2.jpg", "outlier"))
    assert learned(corrections, paintings) == ["Cubism"] * 5
    assert corrections.summarise()["done"] == {"keep": 2}


def test_the_official_validation_list_is_never_touched_silently(paintings: pd.DataFrame) -> None:
    verdict = say("1.jpg", **RELABEL)
    corrections = plan(paintings, verdict, keep=True)
    assert learned(corrections, paintings) == ["Cubism"] * 5
    assert "validation list" in " ".join(corrections.describe())
    assert learned(plan(paintings, verdict), paintings)[1] == "Baroque"


def test_what_cannot_be_applied_is_told(paintings: pd.DataFrame) -> None:
    corrections = plan(
        paintings,
        say("gone.jpg", **RELABEL),
        say("0.jpg", **RELABEL),
        say("0.jpg", "right", reviewer="Bo"),
        say("2.jpg", "wrong", given="Realism"),
    )
    assert learned(corrections, paintings) == ["Cubism"] * 5
    assert corrections.summarise()["left_aside"] == {
        "the given label has changed since it was judged": 1,
        "the painting is not in this collection": 1,
        "the reviewers do not agree": 1,
    }


def test_a_label_mended_at_the_source_counts_as_done(paintings: pd.DataFrame) -> None:
    paintings.loc[2, "given_style"] = "Baroque"
    corrections = plan(paintings, say("2.jpg", **RELABEL))
    assert corrections.summarise()["done"] == {"keep": 1}


@pytest.mark.parametrize("reviewer", ["Ada", "Bo"])
def test_a_correction_that_is_confirmed_on_the_next_run_stays(
    lone_log: ReviewLog, paintings: pd.DataFrame, reviewer: str
) -> None:
    lone_log.record([say("2.jpg", **RELABEL)])
    lone_log.record([say("2.jpg", "right", reviewer=reviewer, given="Baroque")])
    corrections = plan_corrections(
        paintings, lone_log.load_standing(), "relabel", keep_validation=False
    )
    assert learned(corrections, paintings)[2] == "Baroque"


def test_equal_corrections_have_equal_digests_whoever_gave_them(paintings: pd.DataFrame) -> None:
    one = plan(paintings, say("2.jpg", **RELABEL))
    same = plan(paintings, say("2.jpg", reviewer="Bo", note="sure", **RELABEL))
    other = plan(paintings, say("2.jpg", **RELABEL), policy="drop")
    assert one.digest == same.digest != other.digest


def test_no_verdicts_change_nothing(paintings: pd.DataFrame) -> None:
    corrections = plan(paintings)
    assert corrections.mask(corrections.relabel(paintings)).equals(paintings)
    assert np.array_equal(corrections.weigh("genre", 5), np.ones(5))


def build_several() -> pd.DataFrame:
    """Works of three, one, two and no styles."""
    return pd.DataFrame(
        {
            "key": [f"{n}.jpg" for n in range(4)],
            "given_style": pd.Series(["A", "A", "B", None], dtype="str"),
            FURTHER: pd.Series([("B", "C"), None, ("A",), None], dtype="object"),
            "given_genre": pd.Series([None] * 4, dtype="str"),
            "given_artist": pd.Series([None] * 4, dtype="str"),
            "split": None,
        }
    )


def list_styles(*verdicts: Entry, policy: Policy = "relabel") -> list[list[str]]:
    """Each work's styles after ``verdicts``, the one in front first."""
    paintings = build_several()
    corrections = plan(paintings, *verdicts, policy=policy)
    left = corrections.mask(corrections.relabel(paintings))
    return [
        [*([] if pd.isna(front) else [front]), *(others or ())]
        for front, others in zip(left["given_style"], left[FURTHER], strict=True)
    ]


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (say("0.jpg", "wrong", given="B", proposed="Z"), [["Z", "A", "C"], ["A"], ["B", "A"], []]),
        (say("0.jpg", "wrong", given="B", proposed="C"), [["C", "A"], ["A"], ["B", "A"], []]),
        (say("0.jpg", "wrong", given="A"), [["B", "C"], ["A"], ["B", "A"], []]),
        (say("1.jpg", "wrong", given="A"), [["A", "B", "C"], [], ["B", "A"], []]),
        (say("2.jpg", "right", given="A"), [["A", "B", "C"], ["A"], ["B", "A"], []]),
        (say("2.jpg", "bad image", given="A"), [["A", "B", "C"], ["A"], [], []]),
    ],
)
def test_a_verdict_on_one_of_several_labels_leaves_the_others(
    verdict: Entry, expected: list[list[str]]
) -> None:
    assert list_styles(verdict) == expected


def test_a_verdict_on_a_label_that_is_gone_from_several_changes_nothing() -> None:
    table = plan(build_several(), say("0.jpg", "wrong", given="Y")).table
    assert table["why"].tolist() == ["the given label has changed since it was judged"]


def test_verdicts_on_both_labels_of_a_work_are_both_followed() -> None:
    several = {"of_several": "B", "given": "B"}
    both = [
        say("0.jpg", "wrong", given="A", proposed="Z", of_several="A"),
        say("0.jpg", "wrong", **several),
    ]
    assert list_styles(*both)[0] == ["Z", "C"]
    kept = [say("0.jpg", "right", given="A", of_several="A"), say("0.jpg", "wrong", **several)]
    assert list_styles(*kept)[0] == ["A", "C"]


@pytest.mark.parametrize("policy", ["relabel", "drop", "downweight"])
def test_of_what_is_no_painting_no_other_label_is_learned_or_counted(policy: Policy) -> None:
    bad = say("0.jpg", "bad image", given="A", of_several="A")
    changed = say("0.jpg", "wrong", given="B", proposed="Z", of_several="B")
    other = say("1.jpg", "wrong", given=build_several()["given_style"][1], proposed="Z")
    for verdicts in ((bad, changed, other), (changed, other, bad)):
        paintings = build_several()
        planned = plan(paintings, *verdicts, policy=policy)
        own = planned.table[planned.table["key"] == "0.jpg"]
        assert set(own["action"]) == {"drop"}
        left = planned.mask(planned.relabel(paintings)).loc[0]
        assert pd.isna(left["given_style"])
        assert left[FURTHER] is None
        done = planned.summarise()["done"]
        assert done["drop"] == len(own) + (policy == "drop")
        assert done.get("relabel", 0) == (policy == "relabel")
