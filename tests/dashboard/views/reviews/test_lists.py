"""Verdicts listed, disputed, shown elsewhere; others' hidden until one's own is given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.reviews import ReviewLog
from dashboard.components.downloads import draw_up_list
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.settings import OPEN_REVIEW
from dashboard.words import class_name
from tests.dashboard.pages import (
    cards_of,
    judge,
    open_as,
    open_page,
    panel_of,
    rerun,
    text_of,
)
from tests.dashboard.views.reviews.conftest import record_two
from tests.reviews.conftest import say


def test_a_disagreement_is_shown_with_figures(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    app = open_as("Ada", "reviews", section="disagreements")
    text = text_of(app)
    assert "1 painting judged differently" in text
    assert "Krippendorff" in text
    assert "Label is right (Ada) · Wrong label (Bo)" in text
    assert sorted(app.dataframe[0].value["Reviewer"]) == ["Ada", "Bo"]


def test_a_disagreement_is_settled_in_place_by_a_verdict_that_says_so(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    record_two(log, labels)
    key, given = next(iter(labels.items()))
    log.record([say(key, "unsure", "Cy", given=given)])  # who has judged sees what others said
    app = open_as("Cy", "reviews", section="disagreements")
    assert "Settle one" in text_of(app)
    judge(app, "right")
    settled = log.load_standing().set_index("reviewer")["settles"]
    assert settled["Cy"] == "yes"
    assert settled[["Ada", "Bo"]].isna().all()
    assert "No disagreements are open" in text_of(rerun(app))
    assert panel_of(app)["card"] is None  # which still undoes
    history = text_of(open_as("Cy", "painting", painting=key))
    assert "Label is right, which settles the disagreement" in history


def test_unsure_settles_nothing(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    key, given = next(iter(labels.items()))
    log.record([say(key, "unsure", "Cy", given=given)])
    app = open_as("Cy", "reviews", section="disagreements")
    judge(app, "unsure")
    assert log.load_standing()["settles"].isna().all()
    assert "1 painting judged differently" in text_of(rerun(app))


def test_a_dispute_on_a_label_that_the_painting_lost_is_listed_and_cannot_be_settled(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    key = next(iter(labels))
    for name, verdict in (("Ada", "right"), ("Bo", "wrong")):
        log.record([say(key, verdict, name, given="Rococo")])
    app = open_as("Ada", "reviews", section="disagreements")
    assert "1 painting judged differently" in text_of(app)
    assert "Settle one" not in text_of(app)


def test_verdicts_are_listed_and_marked_on_cards(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    assert "2 verdicts" in text_of(open_as("Ada", "reviews", section="verdicts"))
    app = open_as("Ada", "outliers", reviews="disputed")
    assert cards_of(app) == 1
    assert "Wrong label (Bo)" in text_of(app)
    assert "59 paintings" in text_of(open_page("outliers", reviews="no"))


def test_the_list_names_the_painting_and_the_label_that_was_judged(
    opened: OpenRun, log: ReviewLog, labels: dict[str, str]
) -> None:
    key, given = next(iter(labels.items()))
    before = "Pointillism"  # a label that the run does not have any more
    log.record([say(key, "wrong", "Ada", given=before, proposed=given), say("gone.jpg", "right")])
    app = open_as("Ada", "reviews", section="verdicts")
    assert f"Labelled Pointillism. Wrong: should be {class_name(given)} (Ada)" in text_of(app)
    painting = opened.run.paintings.set_index("key").loc[key]
    gone, told = app.dataframe[0].value.to_dict("records")
    assert (told["Title"], told["Artist"]) == (painting["title"], painting["artist"])
    assert (told["Given"], told["Painting"]) == ("Pointillism", key)
    assert pd.isna(gone["Title"])


def test_a_section_opens_by_an_address_saved_under_its_old_name(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    record_two(log, labels)
    app = open_as("Ada", "reviews", desk="disagreements")
    assert "judged differently" in text_of(app)
    assert app.query_params["section"] == "disagreements"
    assert "desk" not in app.query_params


def test_the_list_of_verdicts_is_filtered_by_its_link(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    record_two(log, labels)
    app = open_as(
        "Ada", "reviews", section="verdicts", verdicts="wrong", reviewers=["Bo", "Nobody"]
    )
    assert "1 verdict" in text_of(app)
    assert app.dataframe[0].value["Reviewer"].tolist() == ["Bo"]
    app.multiselect(key="widget.reviewers").set_value(["Ada"])
    app.multiselect(key="widget.verdicts").set_value([])
    rerun(app)
    assert app.dataframe[0].value["Reviewer"].tolist() == ["Ada"]
    assert app.query_params["reviewers"] == "Ada"
    assert "verdicts" not in app.query_params


def test_the_painting_shows_its_history(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    log.undo("Bo")
    text = text_of(open_as("Ada", "outliers", painting=next(iter(labels))))
    assert "Undone" in text
    assert "Label is right" in text


def others_verdicts(app: AppTest) -> str:
    """All that a page says, in its tables, too."""
    tables = " ".join(frame.value.to_csv() for frame in app.dataframe)
    return f"{text_of(app)} {tables}"


PLACES: dict[str, tuple[str, dict[str, str]]] = {
    "list": ("reviews", {"section": "verdicts"}),
    "disagreements": ("reviews", {"section": "disagreements"}),
    "gallery": ("outliers", {}),
    "disputed": ("outliers", {"reviews": "disputed"}),
    "painting": ("painting", {}),
    "queue": ("reviews", {}),
}


@pytest.mark.parametrize("place", PLACES)
def test_anothers_verdict_is_hidden_until_ones_own_is_given(
    log: ReviewLog, labels: dict[str, str], place: str
) -> None:
    path, params = PLACES[place]
    key, given = next(iter(labels.items()))
    if place == "painting":
        params = {"painting": key}
    for name in ("Bo", "Cy"):
        log.record([say(key, "wrong" if name == "Bo" else "unsure", name, given=given, note="Why")])
    before = others_verdicts(open_as("Ada", path, **params))
    for told in ("Bo", "Cy,", "Wrong label (", "Why"):
        assert told not in before
    if place in {"list", "disagreements", "painting"}:
        assert "2 verdicts by other reviewers are hidden" in before
    log.record([say(key, "right", "Ada", given=given)])
    if place != "queue":
        assert "Bo" in others_verdicts(open_as("Ada", path, **params))


def test_open_review_shows_all(
    log: ReviewLog, labels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, given = next(iter(labels.items()))
    log.record([say(key, "wrong", "Bo", given=given)])
    monkeypatch.setenv(OPEN_REVIEW, "1")
    assert "Wrong label (Bo)" in text_of(open_as("Ada", "outliers"))
    assert "1 verdict" in text_of(open_as("Ada", "reviews", section="verdicts"))


def test_a_list_to_take_along_holds_no_verdict_that_is_hidden(
    opened: OpenRun, log: ReviewLog, labels: dict[str, str]
) -> None:
    key, given = next(iter(labels.items()))
    log.record([say(key, "wrong", "Bo", given=given)])
    rows = np.arange(2)
    for name, told in (("Ada", False), (None, True)):
        seen = review_cache.load_seen(opened, log, name)
        listed = draw_up_list(opened.run, rows, (), None, seen, "csv").decode()
        assert ("Bo" in listed) is told
