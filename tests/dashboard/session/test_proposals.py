"""Which label is proposed: the strongest evidence first, never the given one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.artifacts import open_run
from dashboard.runs.open_run import OpenRun
from dashboard.runs.table import build_table
from dashboard.selection.several_labels import EVERY, Tally, count_labels
from dashboard.session.proposals import choose_proposal, find_proposal
from tests.synthetic_run import TERMS, build_run

CHANCES = {"Cubism": 0.6, "Realism": 0.3, "Impressionism": 0.02, "Fauvism": 0.001}
IDEAS = {"all": "Realism", "model": "Cubism"}


def propose(
    given: str | None = "Cubism",
    artist: Sequence[str] = (),
    copies: Sequence[str] = (),
    chances: dict[str, float] = CHANCES,
    ideas: dict[str, Any] = IDEAS,
) -> str | None:
    works, same = (count_labels([label] for label in labels) for labels in (artist, copies))
    return choose_proposal([given] if given else [], works, same, chances, ideas).label


@pytest.mark.parametrize(
    ("works", "label"),
    [
        (["Impressionism"] * 3, "Impressionism"),
        (["Impressionism"] * 2, "Realism"),  # too few to say anything
        (["Impressionism"] * 8 + ["Fauvism"], "Realism"),  # one of nine is not nearly all
        (["Impressionism"] * 9 + ["Fauvism"], "Impressionism"),
        (["Impressionism"] * 18 + ["Fauvism"] * 2, "Impressionism"),
        (["Impressionism"] * 17 + ["Fauvism"] * 3, "Realism"),
        (["Cubism"] * 30, "Realism"),  # that is the given label
        (["Fauvism"] * 30, "Realism"),  # the model rules it out
        (["Suprematism"] * 30, "Realism"),  # no label that is learned
    ],
)
def test_an_artists_other_works_go_before_what_the_model_sees(works: list[str], label: str) -> None:
    assert propose(artist=works) == label


def test_it_says_why() -> None:
    found = choose_proposal(
        ["Cubism"], count_labels([["Impressionism"]] * 4), Tally(), CHANCES, IDEAS
    )
    assert found.why.replace("\u00a0", " ") == "the label of 4 of 4 other works by the artist"
    assert choose_proposal(["Cubism"], Tally(), Tally(), CHANCES, IDEAS).why == "all"


def test_a_work_of_several_labels_counts_under_each() -> None:
    works = [["Fauvism", "Impressionism"], ["Impressionism"], ["Realism", "Impressionism"]]
    found = choose_proposal(["Cubism"], count_labels(works), Tally(), CHANCES, IDEAS)
    assert found.label == "Impressionism"
    assert found.why.replace("\u00a0", " ") == "the label of 3 of 3 other works by the artist"
    found = choose_proposal(["Cubism"], Tally(), count_labels(works[:2]), CHANCES, IDEAS)
    assert found.label == "Impressionism"


def test_copies_go_before_the_model_when_they_agree() -> None:
    assert propose(copies=["Fauvism"]) == "Fauvism"
    assert propose(copies=["Fauvism", "Realism"]) == "Realism"
    assert propose(copies=["Cubism"]) == "Realism"
    assert propose(artist=["Impressionism"] * 3, copies=["Fauvism"]) == "Impressionism"


def test_the_given_label_is_never_proposed() -> None:
    assert propose(given="Realism") == "Cubism"
    assert propose(ideas={"all": "Cubism", "model": "Cubism"}) is None
    assert propose(ideas={"all": float("nan"), "model": None}) is None


def test_what_a_run_holds_is_gathered(opened: OpenRun) -> None:
    """Of five other works one is a copy, and one has no label."""
    table, row, rows = opened.table.copy(), 4, [10, 11, 12, 13, 14]
    chances = opened.run.probabilities("style")[row]
    given = table.loc[row, "given_style"]
    likeliest = np.argsort(-chances)
    other = next(c for c in np.array(opened.run.classes("style"))[likeliest] if c != given)
    table["artist"] = table["artist"].astype("object")
    table.loc[[row, *rows], "artist"] = "Berthe Morisot"
    table[EVERY] = table[EVERY].astype("object")
    table.loc[rows, EVERY] = other
    table.loc[[row, 13], "duplicate_group"] = 77
    table.loc[14, EVERY] = None

    def why() -> str:
        return find_proposal(OpenRun(opened.run, table), row, "style").why.replace("\u00a0", " ")

    assert why() == "the label of 3 of 3 other works by the artist"
    table.loc[[row, *rows], "artist"] = "Unknown artist"  # many hands
    assert why() == "the label of 1 copy of the picture"
    table.loc[[row, 13], "duplicate_group"] = -1
    assert why() in {"all evidence together", "the model's answer"}


def test_other_tasks_have_no_proposal(opened: OpenRun) -> None:
    assert find_proposal(opened, 4, "artist").label is None


def test_terms_of_the_vocabulary_alone_are_proposed_and_no_broader_or_narrower_ones(
    tmp_path: Path,
) -> None:
    run = open_run(build_run(tmp_path, vocabulary=TERMS))
    opened = OpenRun(run, build_table(run))
    assert opened.list_terms("style") == [
        ("Baroque", ""),
        ("Cubism", ""),
        ("Analytical Cubism", "Cubism"),
        ("Minimalism", ""),
        ("Post_Impressionism", ""),
        ("Symbolism", "Post-Impressionism"),
    ]
    assert opened.list_terms("genre") == [(each, "") for each in run.classes("genre")]
    own = opened.table["given_style"].astype("str")
    proposed = [find_proposal(opened, row, "style").label for row in range(len(run))]
    kin = {"Symbolism", "Post_Impressionism"}
    assert not any({label, given} <= kin for label, given in zip(proposed, own, strict=True))
    assert sum(label is not None for label in proposed) > 10


@pytest.mark.parametrize(
    ("printed", "share", "label"),
    [
        ("Rembrandt", 0.1, "Hals"),
        ("Rembrandt", 0.6, None),
        ("Workshop of Rembrandt", 0.1, "Hals"),
        ("Workshop of Somebody Else", np.nan, "Hals"),  # whose hand was not learned
        ("Workshop of Hals", 0.1, None),  # as it is linked: no work of his own
    ],
)
def test_another_hand_is_proposed_where_it_is_nearer_than_the_one_named(
    opened: OpenRun, printed: str, share: float, label: str | None
) -> None:
    table = opened.table.assign(
        attribution_share=share, attribution_hand_share=0.6, attribution_hand="Hals", artist=printed
    )
    found = find_proposal(opened.with_table(table), 0, "artist")
    assert found.label == label
    assert found.why == ("the nearest hand, at 60\u00a0%" if label else "")
