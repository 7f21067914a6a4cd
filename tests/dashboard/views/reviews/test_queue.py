"""Verdicts given on the Reviews page, taken back, skipped and signed."""

from __future__ import annotations

import re

import pytest

from core.reviews import ReviewLog, remaining
from core.reviews.entry import list_verdicts
from core.reviews.remaining import find_undoubted
from dashboard.runs.open_run import OpenRun
from dashboard.selection.state import State
from dashboard.settings import OPEN_REVIEW
from dashboard.words import plain
from tests.dashboard.pages import (
    has_panel,
    judge,
    open_as,
    open_page,
    panel_of,
    press,
    rerun,
    send,
    text_of,
)
from tests.dashboard.views.reviews.conftest import open_queue, record_two, shown
from tests.reviews.conftest import say


@pytest.mark.parametrize("verdict", list_verdicts("style"))
def test_each_verdict_is_recorded_and_the_next_painting_comes(log: ReviewLog, verdict: str) -> None:
    app = open_queue()
    before = shown(app)
    judge(app, verdict)
    (row,) = log.load_standing().to_dict("records")
    assert (row["verdict"], row["reviewer"], row["task"]) == (verdict, "Ada", "style")
    assert (row["key"], row["run_id"]) == (before, "synthetic-1")
    assert len(row["model_hash"]) == len(row["content_hash"]) == 64
    assert shown(app) != before


def test_attributions_have_a_queue_of_their_own(log: ReviewLog) -> None:
    app = open_queue()
    app.session_state["queue.task"] = "artist"
    rerun(app)
    card = panel_of(app)["card"]
    assert (card["task"], card["called"]) == ("artist", "artist")
    assert "several hands" in card["verdicts"]
    assert card["answer"].startswith(("Attribution in doubt", "Doubt of the attribution"))
    judge(app, "several hands")
    (row,) = log.load_standing().to_dict("records")
    assert (row["task"], row["verdict"], row["given"]) == ("artist", "several hands", card["label"])
    assert shown(app) != card["painting"]


def test_the_nearest_hand_is_proposed_and_another_can_be_chosen(log: ReviewLog) -> None:
    app = open_queue()
    app.session_state["queue.task"] = "artist"
    rerun(app)
    card = panel_of(app)["card"]
    assert f"by {card['proposed']} at " in card["answer"]
    assert card["proposed"] != card["label"]
    judge(app, "wrong", proposed="Rembrandt" if card["label"] != "Rembrandt" else "Jackson Pollock")
    (row,) = log.load_standing().to_dict("records")
    assert row["proposed"] in ("Rembrandt", "Jackson Pollock")


def test_a_style_is_never_called_the_work_of_several_hands(log: ReviewLog) -> None:
    app = open_queue()
    assert "several hands" not in panel_of(app)["card"]["verdicts"]
    judge(app, "several hands")
    assert log.load_all().empty
    assert "a verdict on an artist" in panel_of(app)["told"]["text"]


def test_a_wrong_label_proposes_what_the_evidence_names(log: ReviewLog) -> None:
    app = open_queue()
    judge(app, "wrong")
    (row,) = log.load_standing().to_dict("records")
    assert isinstance(row["proposed"], str)
    assert row["proposed"] != row["given"]


def test_a_press_that_arrives_twice_counts_once(log: ReviewLog) -> None:
    app = open_queue()
    said = {"kind": "verdict", "painting": shown(app), "task": "style", "verdict": "right"}
    for _ in range(2):
        send(app, said | {"id": "a" * 32})
    assert log.load_all()["id"].tolist() == ["a" * 32]
    again = open_queue()  # another visit, and a press that borrows the id
    send(again, said | {"id": "a" * 32, "painting": shown(again)})
    assert len(log.load_all()) == 1
    assert "was already used" in again.warning[0].value


def test_two_presses_on_one_card_count_once(log: ReviewLog) -> None:
    app = open_queue()
    said = {"kind": "verdict", "painting": shown(app), "task": "style", "note": ""}
    send(app, said | {"verdict": "right"}, said | {"verdict": "wrong"})
    assert log.load_all()["verdict"].tolist() == ["right"]
    assert "was no longer the painting shown" in app.warning[0].value


def test_a_press_on_a_painting_that_is_not_shown_is_refused_by_its_name(log: ReviewLog) -> None:
    app = open_queue()
    gone = panel_of(app)["card"]
    judge(app, "right")
    judge(app, "wrong", painting=gone["painting"])
    assert log.load_all()["verdict"].tolist() == ["right"]
    assert plain(f"“{gone['title']}” was no longer the painting shown") in app.warning[0].value
    assert panel_of(app)["told"]["done"] is False
    judge(app, "unsure", painting="no/*such*.jpg [x](http://y)")
    assert len(log.load_all()) == 1
    assert plain("“no/*such*.jpg [x](http://y)”") in app.warning[0].value  # not read as Markdown


def test_a_term_of_no_class_is_recorded_only_when_it_is_meant(log: ReviewLog) -> None:
    app = open_queue()
    judge(app, "wrong", proposed="Impress")
    assert log.load_all().empty
    assert "'Impress' is not a style of this collection" in app.warning[0].value
    judge(app, "wrong", proposed="Impress", confirmed=True)
    name, text, broader = panel_of(app)["card"]["classes"][0]
    assert broader == ""
    judge(app, "wrong", proposed=f"  {text.upper()} ")
    assert log.load_standing()["proposed"].tolist() == ["Impress", name]


def test_undo_takes_back_the_rows_it_names_and_they_come_up_again(log: ReviewLog) -> None:
    app = open_queue()
    first = shown(app)
    for _ in range(3):
        judge(app, "right")
    rows = panel_of(app)["undoable"]["rows"][:2]
    for _ in range(2):  # the second time there is nothing left to do
        send(app, {"kind": "undo", "rows": rows})
    assert log.load_standing()["key"].tolist() == [first]
    assert len(log.load_all()) == 5


def test_what_is_undone_is_said_comes_back_at_once_and_can_be_recorded_again(
    log: ReviewLog,
) -> None:
    app = open_queue()
    first, title = shown(app), panel_of(app)["card"]["title"]
    judge(app, "unsure", note="the varnish")
    judge(app, "right")
    assert panel_of(app)["redoable"] == ""
    rows = panel_of(app)["undoable"]["rows"]
    send(app, {"kind": "undo", "rows": [rows[1]]})
    assert app.toast[0].value == plain(f"Undone: Unsure, {title}.")
    assert shown(app) == first
    assert panel_of(app)["redoable"] == f"Unsure, {title}"
    for _ in range(2):  # the second time there is nothing left to do
        send(app, {"kind": "redo"})
    again = log.load_standing().set_index("key").loc[first]
    assert (again["verdict"], again["note"], again["reviewer"]) == ("unsure", "the varnish", "Ada")
    assert len(log.load_all()) == 4
    assert shown(app) != first


def test_a_new_verdict_ends_what_can_be_recorded_again(log: ReviewLog) -> None:
    app = open_queue()
    judge(app, "unsure")
    send(app, {"kind": "undo", "rows": panel_of(app)["undoable"]["rows"]})
    judge(app, "right")
    assert panel_of(app)["redoable"] == ""
    send(app, {"kind": "redo"})
    assert log.load_standing()["verdict"].tolist() == ["right"]


def test_nobody_takes_back_anothers_verdict(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    app = open_queue()
    bos = log.load_latest("Bo", 1)[0].id
    send(app, {"kind": "undo", "rows": [bos]})
    assert len(log.load_standing()) == 2


def test_a_skipped_painting_waits_without_a_verdict(log: ReviewLog) -> None:
    app = open_queue()
    first = shown(app)
    send(app, {"kind": "skip", "painting": first})
    second = shown(app)
    assert second != first
    send(app, {"kind": "skip", "painting": first})  # late: the next one is not skipped for it
    assert shown(app) == second
    assert log.load_all().empty
    press(app, "Show the 1 skipped again")
    assert shown(app) == first


def test_a_second_review_is_called_blind_only_where_it_is(
    log: ReviewLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = open_queue().toggle(key="queue.second").help
    assert said == "Their verdicts stay hidden until you have given yours."
    monkeypatch.setenv(OPEN_REVIEW, "1")
    said = open_queue().toggle(key="queue.second").help
    assert said.startswith("Others' verdicts are shown here before yours")


def test_a_second_review_holds_what_others_judged_and_tells_nothing_of_it(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    app = open_queue()
    firsts = [shown(app)]
    judge(app, "wrong")
    firsts.append(shown(app))
    judge(app, "right", note="by its varnish")
    other = open_as("Bo", "reviews")
    assert shown(other) not in firsts
    other.toggle(key="queue.second").set_value(True)
    rerun(other)
    assert shown(other) in firsts
    assert "2 waiting" in text_of(other)
    assert "varnish" not in text_of(other)
    assert "1 verdict by other reviewers is hidden until you give yours" in text_of(other)
    for _ in firsts:
        judge(other, "unsure")
    assert panel_of(other)["card"] is None
    assert len(log.load_standing()) == 4


def test_a_painting_judged_under_two_labels_counts_once_among_those_by_you(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    key = next(iter(labels))
    log.record([say(key, given=each, of_several=each) for each in ("Cubism", "Dada")])
    said = text_of(open_as("Ada", "reviews"))
    assert "<dt>by you</dt><dd>1</dd>" in said
    assert "<dt>paintings judged</dt><dd>1</dd>" in said


@pytest.mark.usefixtures("log")
def test_a_queue_can_keep_to_the_filters(labels: dict[str, str]) -> None:
    app = open_as("Ada", "reviews", given="Cubism")
    app.toggle(key="queue.within").set_value(True)
    rerun(app)
    for _ in range(3):
        assert labels[shown(app)] == "Cubism"
        judge(app, "unsure")
    app.session_state["artextract.state"] = State(filters={"given": ("Baroque",)})
    rerun(app)
    assert labels[shown(app)] == "Baroque"
    assert "queue.within" not in {each.key for each in open_as("Ada", "reviews").toggle}


def test_without_a_name_nothing_can_be_said(log: ReviewLog) -> None:
    app = open_page("reviews")
    assert not has_panel(app)
    assert log.load_all().empty


@pytest.mark.parametrize("name", ["\u202eadA", "A\u0000da", "Ada\u200b", " ", "."])
@pytest.mark.usefixtures("log")
def test_what_is_no_name_signs_nothing(name: str) -> None:
    app = open_page("reviews")
    app.text_input[0].set_value(name)
    press(app, "Start reviewing")
    assert not has_panel(app)
    assert app.error


def test_after_twenty_five_verdicts_the_page_tells_what_was_found(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    app = open_queue()
    assert "25 more verdicts" in text_of(app)
    left = [key for key in labels if key != shown(app)]
    log.record([say(key, "right", given=labels[key]) for key in left[:24]])
    judge(app, "wrong")
    text = text_of(app)
    assert "1 of 25 labels judged were wrong" in text
    assert "95 % interval" in text
    assert "wrong labels" in text
    assert any("25 verdicts" in toast.value for toast in app.toast)


def test_labels_that_nothing_doubts_are_mixed_in_and_what_was_said_of_them_is_told(
    log: ReviewLog,
    opened: OpenRun,
    labels: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remaining, "UNDOUBTED", 0.3)  # this run has none of so low a score
    calm = opened.table.loc[find_undoubted(opened.table), "key"].tolist()
    assert calm
    app = open_as("Ada", "reviews")
    app.select_slider(key="queue.check").set_value(0.2)
    rerun(app)
    seen = []
    for _ in range(12):
        seen.append(shown(app))
        judge(app, "wrong" if seen[-1] in calm else "right", proposed=None)
    mixed = [key for key in seen if key in calm]
    assert 0 < len(mixed) < 12
    log.record([say(key, "right", given=labels[key]) for key in labels if key not in calm][:25])
    text = text_of(open_as("Ada", "reviews"))
    assert f"{len(mixed)} of {len(mixed)}" in text
    assert re.search("that nothing doubts (was|were) called wrong", text)
