"""Worklists on the Reviews page: one's own first, worked on in the queue, blind where asked."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.reviews import ReviewLog, Worklist
from dashboard.runs import open_run, review_cache
from dashboard.session.worklists import WORKED_ON
from dashboard.settings import OPEN_REVIEW
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
from tests.dashboard.views.reviews.conftest import open_queue, shown
from tests.reviews.conftest import say


def assign(log: ReviewLog, keys: list[str], person: str = "Ada", second: bool = False) -> Worklist:
    made = log.sets.save("Doubts", keys, "Cy", "synthetic-1")
    return log.worklists.assign(made.id, person, "style", "Cy", "synthetic-1", is_second=second)


def work_on(name: str = "Ada") -> AppTest:
    return press(open_as(name, "reviews", section="worklists"), "Work on it")


def test_without_worklists_the_page_says_how_to_make_one(log: ReviewLog) -> None:
    assert "No worklists yet" in text_of(open_as("Ada", "reviews", section="worklists"))


def test_ones_own_is_told_with_its_progress_and_all_are_listed(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    keys = list(labels)[:4]
    assign(log, keys)
    log.record([say(keys[0], given=labels[keys[0]]), say(keys[1], "right", "Bo")])
    app = open_as("Ada", "reviews", section="worklists")
    assert "assigned to you by Cy: 1 of 4 paintings judged (25 %)" in text_of(app)
    (row,) = app.dataframe[0].value.to_dict("records")
    assert (row["Person"], row["Set"], row["Judged"], row["Paintings"]) == ("Ada", "Doubts", 1, 4)
    other = open_as("Bo", "reviews", section="worklists")
    assert "assigned to you" not in text_of(other)
    assert len(other.dataframe[0].value) == 1


def test_the_queue_keeps_to_the_worklist_whoever_judged_before(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    keys = list(labels)[:3]
    assign(log, keys)
    log.record([say(keys[1], "right", "Bo", given=labels[keys[1]])])
    app = work_on()
    judged = []
    for _ in keys:
        judged.append(shown(app))
        judge(app, "right")
        rerun(app)
    assert sorted(judged) == sorted(keys)
    assert "Every painting of this worklist has been judged" in text_of(app)
    press(app, "Leave it")
    assert shown(rerun(app)) not in keys


def test_a_second_review_is_blind_where_all_else_is_open(
    log: ReviewLog, labels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OPEN_REVIEW, "1")
    key = next(iter(labels))
    log.record([say(key, "wrong", "Bo", given=labels[key], note="an opinion")])
    assign(log, [key])
    assert "an opinion" in text_of(work_on())
    for each in log.worklists.load():
        log.worklists.take_back(each, "Cy")
    (found,) = log.sets.load()
    log.worklists.assign(found.id, "Ada", "style", "Cy", "synthetic-1", is_second=True)
    before = open_as("Ada", "painting", painting=key)  # nor before she works on it
    assert "an opinion" not in text_of(before)
    assert "an opinion" in text_of(open_as("Di", "painting", painting=key))
    app = work_on()
    assert "an opinion" not in text_of(app)
    judge(app, "right")
    assert "Every painting of this worklist" in text_of(rerun(app))
    assert len(log.load_standing()) == 2


def test_what_was_undone_elsewhere_does_not_come_into_a_worklist(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    app = open_queue()
    first = shown(app)
    judge(app, "right")
    send(app, {"kind": "undo", "rows": panel_of(app)["undoable"]["rows"]})
    assert shown(rerun(app)) == first
    key = next(key for key in reversed(list(labels)) if key != first)
    app.session_state[WORKED_ON] = assign(log, [key]).id
    review_cache.look_again()
    assert shown(rerun(app)) == key


def test_of_a_run_without_attributions_none_can_be_worked_on(
    log: ReviewLog, keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = log.sets.save("Hands", keys[:2], "Cy", "synthetic-1")
    log.worklists.assign(made.id, "Ada", "artist", "Cy", "synthetic-1", is_second=False)
    monkeypatch.setattr(open_run, "ATTRIBUTION", ("attribution", "a column that came later"))
    app = open_as("Ada", "reviews", section="worklists")
    assert "assigned to you" not in text_of(app)


def test_a_worklist_is_taken_back_and_its_set_stays(log: ReviewLog, keys: list[str]) -> None:
    made = assign(log, keys[:2])
    app = open_as("Bo", "reviews", section="worklists")
    app.button(key=f"take-back-{made.id}").click()
    rerun(app)
    assert log.worklists.load() == ()
    assert len(log.sets.load()) == 1


def test_overview_tells_how_far_all_are(log: ReviewLog, labels: dict[str, str]) -> None:
    keys = list(labels)[:4]
    assign(log, keys)
    log.record([say(keys[0], given=labels[keys[0]])])
    assert "1 worklist</a>: 1 of 4 paintings judged." in text_of(open_page())


def test_attributions_can_be_assigned_even_those_under_reserve(
    log: ReviewLog, keys: list[str]
) -> None:
    made = log.sets.save("Hands", keys[:2], "Cy", "synthetic-1")  # the first is by no learned hand
    log.worklists.assign(made.id, "Ada", "artist", "Cy", "synthetic-1", is_second=False)
    app = work_on()
    for _ in range(2):
        assert has_panel(app)
        judge(app, "unsure")
        rerun(app)
    told = log.load_standing()
    assert sorted(told["key"]) == sorted(keys[:2])
    assert set(told["task"]) == {"artist"}
