"""Whose hand: what is said of works whose makers are known."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.findings.evidence import Hands, TaskEvidence
from core.findings.hands import attribution
from core.findings.hands.attribution import FEWEST_WORKS, judge_attributions
from core.findings.hands.wording import STATES, describe_attribution
from core.text import NBSP

NAMES = ("Corot", "Hals", "Leyster", "Rembrandt")
WORKS = 12  # each
SWAPPED, RESERVED, UNKNOWN, ALONE, UNSEEN = 5, 6, 7, 8, 9


def judge(
    unseen: int = UNSEEN,
    novelty: dict[int, float] | None = None,
    years: np.ndarray | None = None,
    near: np.ndarray | None = None,
    duplicates: np.ndarray | None = None,
    works: int = WORKS,
) -> Any:
    """Four hands, each seen as itself at .97; row 5, by Hals, is called a Rembrandt."""
    truth = np.tile(np.arange(4), works)
    labels = truth.copy()
    labels[SWAPPED] = 3
    printed = np.array(NAMES, dtype=object)[labels]
    for row, name in {
        RESERVED: "Workshop of Rembrandt",
        UNKNOWN: None,
        ALONE: "Somebody Else",
    }.items():
        printed[row], labels[row] = name, -1
    probabilities = 0.01 + 0.96 * np.eye(4)[truth]
    probabilities[unseen] = 0
    count = len(truth)
    told = np.full(count, 0.0)
    for row, value in (novelty or {}).items():
        told[row] = value
    found = judge_attributions(
        Hands(printed, TaskEvidence(NAMES, labels, probabilities)),
        np.full(count, np.nan) if years is None else years,
        np.arange(count) if duplicates is None else duplicates,
        np.full((count, 20), -1) if near is None else near,
        told,
    )
    return found.assign(artist=printed)


def test_a_work_seen_as_another_hand_is_in_doubt_and_the_others_are_not() -> None:
    found = judge()
    assert found["attribution"].value_counts()["in doubt"] == 1
    assert found.loc[SWAPPED, "attribution"] == "in doubt"
    assert found.loc[SWAPPED, "attribution_hand"] == "Hals"
    assert found["attribution_doubt"].idxmax() == SWAPPED
    assert found["attribution"].iloc[0] == "as named"
    assert set(found["attribution"].dropna()) == set(STATES)


def test_works_are_weighed_alike_wherever_a_block_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = judge()
    monkeypatch.setattr(attribution, "CANDIDATES", 2)  # fewer than the hands: those are chosen
    chosen = judge()
    monkeypatch.setattr(attribution, "BLOCK_ROWS", 7)
    pd.testing.assert_frame_equal(judge(), chosen)
    assert chosen["attribution_hand"].equals(whole["attribution_hand"])


def test_the_doubt_is_the_chance_of_an_error_where_one_in_twenty_is() -> None:
    """By hand: the odds of the label against its share, against 19 to 1."""
    found = judge()
    share, works = found.loc[SWAPPED, "attribution_share"], WORKS
    prior = (works + 0.5) / (4 * WORKS - 3 + 4 * 0.5)
    odds = (1 - share) / share * prior / (1 - prior) / 19
    assert found.loc[SWAPPED, "attribution_doubt"] == pytest.approx(odds / (1 + odds))
    assert share == pytest.approx(0.011 / 1.004, rel=0.01)


def test_a_hand_named_under_reserve_has_a_nearest_hand_and_no_doubt() -> None:
    found = judge().loc[RESERVED]
    assert found["attribution"] == "under reserve"
    assert np.isnan(found["attribution_doubt"])
    assert found["attribution_hand"] == "Leyster"  # as it is seen, not as it is linked
    assert 0 < found["attribution_share"] < found["attribution_hand_share"] < 1


def test_nothing_is_said_of_nobody_nor_of_what_no_fold_saw() -> None:
    found = judge()
    assert found.loc[[UNKNOWN, UNSEEN], "attribution"].isna().all()
    assert found.loc[[UNKNOWN, UNSEEN, ALONE], "attribution_doubt"].isna().all()
    assert found.loc[ALONE, "attribution"] == "too few to say"


def test_a_work_under_reserve_that_no_fold_saw_is_under_reserve_without_a_hand() -> None:
    found = judge(unseen=RESERVED).loc[RESERVED]
    assert found["attribution"] == "under reserve"
    assert found[["attribution_hand", "attribution_share"]].isna().all()
    told = describe_attribution(found.to_dict() | {"artist": "Workshop of Hals"})
    assert told == (
        "Workshop of Hals: cannot be told, as no fold's model looked at the work "
        f"({found['attribution_works']} other pictures by Hals here)."
    )


def test_few_works_and_unlike_pictures_are_too_few_to_say() -> None:
    few = judge(works=FEWEST_WORKS - 1)
    assert "in doubt" not in set(few["attribution"].drop(SWAPPED))
    assert few["attribution"].iloc[0] == "too few to say"
    unlike = judge(novelty={SWAPPED: 1.2})
    assert unlike.loc[SWAPPED, "attribution"] == "too few to say"
    assert pd.isna(unlike.loc[SWAPPED, "attribution_hand"])


def test_copies_of_one_picture_are_one_work() -> None:
    copies = np.zeros(4 * WORKS, dtype=int)
    assert set(judge(duplicates=copies)["attribution"].dropna()) == {
        "under reserve",
        "too few to say",
    }


def test_the_year_speaks_for_the_hand_that_worked_then() -> None:
    years = 1600.0 + 100 * np.tile(np.arange(4), WORKS)
    plain = judge()
    assert judge(years=years)["attribution_doubt"].iloc[0] < plain["attribution_doubt"].iloc[0]
    years[4] = 1900.0  # a Corot, in the years of the Rembrandts here
    late = judge(years=years)
    assert late["attribution_doubt"].iloc[4] > plain["attribution_doubt"].iloc[4]


def test_a_work_does_not_speak_for_itself_by_its_year() -> None:
    years = np.full(4 * WORKS, np.nan)
    years[0] = 1600.0
    found, plain = judge(years=years), judge()
    assert found["attribution_share"].iloc[0] == pytest.approx(plain["attribution_share"].iloc[0])


def test_the_nearest_works_speak_for_their_hand() -> None:
    near = np.full((4 * WORKS, 20), -1)
    near[0, :3] = [3, 11, 15]  # Rembrandts
    found, plain = judge(near=near)["attribution_doubt"], judge()["attribution_doubt"]
    assert float(found[0]) > float(plain[0])


def test_sentences_say_what_is_known() -> None:
    found = judge()
    rows = found.to_dict("records")
    assert describe_attribution(rows[SWAPPED]).startswith("Attribution in doubt, ")
    assert f"by Rembrandt at 1{NBSP}%, by Hals at 97{NBSP}%" in describe_attribution(rows[SWAPPED])
    assert "(11 other pictures by Rembrandt here)" in describe_attribution(rows[SWAPPED])
    reserved = describe_attribution(rows[RESERVED])
    assert reserved.startswith("Workshop of Rembrandt: nearest hand: Leyster at 97")
    assert "another than named; Rembrandt at 1" in reserved
    assert re.match(r"Doubt of the attribution [^:]+: by Corot at ", describe_attribution(rows[0]))
    assert "too few to say" in describe_attribution(rows[ALONE])
    assert describe_attribution(rows[UNKNOWN]) == ""
    assert describe_attribution({"artist": "Corot"}) == ""  # an older run


def test_sentences_name_the_artist_whom_verdicts_named() -> None:
    row = judge().to_dict("records")[SWAPPED]
    told = f"by Rembrandt at 1{NBSP}%, by Hals at 97{NBSP}%"
    for printed in ("Corot", "Workshop of Rembrandt", None):
        changed = row | {"artist": printed, "given_artist": "Rembrandt"}
        assert told in describe_attribution(changed)
    assert describe_attribution(row | {"given_artist": "Rembrandt"}) == describe_attribution(row)
    assert describe_attribution(row | {"given_artist": None}) == describe_attribution(row)


def test_pictures_by_a_hand_that_was_not_learned_are_counted() -> None:
    printed = np.array([*("Corot", "Hals") * 6, *["Hans Hofmann"] * 4, "Follower of Hans Hofmann"])
    labels = np.array([*(0, 1) * 6, *[-1] * 5])
    duplicates = np.arange(17)
    duplicates[13] = 12  # two pictures of one
    found = judge_attributions(
        Hands(printed.astype(object), TaskEvidence(NAMES[:2], labels, np.full((17, 2), 0.5))),
        np.full(17, np.nan),
        duplicates,
        np.full((17, 5), -1),
        np.zeros(17),
    )
    found["artist"] = printed
    found["given_artist"] = pd.Series([*printed[:16], None], dtype=object)
    assert found["attribution_works"].tolist() == [5] * 12 + [2] * 4 + [3]
    told = describe_attribution(found.iloc[12].to_dict()).replace(NBSP, " ")
    assert told == "Hans Hofmann: too few to say (2 other pictures by Hans Hofmann here)."
    unlike = describe_attribution(found.iloc[12].to_dict() | {"novelty": 1.2}).replace(NBSP, " ")
    assert unlike == (
        "Hans Hofmann: cannot be told, as the picture is unlike anything here "
        "(2 other pictures by Hans Hofmann here)."
    )
    reserved = describe_attribution(found.iloc[16].to_dict())
    assert reserved.startswith("Follower of Hans Hofmann: nearest hand: ")
    assert reserved.endswith(", another than named.")
