"""Search on the style map: who is found, who is in focus, and what the link keeps."""

from __future__ import annotations

import re

import pytest

from core.artifacts import Run
from dashboard.runs.open_run import OpenRun
from dashboard.selection.state import State
from dashboard.session import state
from dashboard.views.style_map import map_search
from dashboard.views.style_map.map_search import render_map_search
from tests.dashboard.pages import open_page, press, rerun, text_of

pytestmark = pytest.mark.usefixtures("root")

PLACE = r"\d+ of \d+: <b>"  # of the painting in focus among those found


def test_what_is_found_comes_most_suspicious_first_and_the_link_keeps_it(run: Run) -> None:
    app = open_page("map")
    app.text_input(key="widget.find").set_value("PABLO picasso")
    rerun(app)
    theirs = run.paintings["artist"] == "Pablo Picasso"
    order = run.findings["score"][theirs].sort_values(ascending=False, kind="stable").index
    assert app.query_params["find"] == "PABLO picasso"
    assert app.query_params["focus"] == run.paintings.loc[order[0], "key"]
    assert f"1 of {theirs.sum()}: <b>{run.paintings.loc[order[0], 'title']}</b>" in text_of(app)
    press(app, "Next")
    assert app.query_params["focus"] == run.paintings.loc[order[1], "key"]
    press(press(app, "Previous"), "Previous")
    assert f"{theirs.sum()} of {theirs.sum()}:" in text_of(app)


def test_the_list_below_is_not_narrowed() -> None:
    assert "60 paintings" in text_of(open_page("map", find="picasso"))


def test_a_link_reopens_its_painting(run: Run) -> None:
    key = str(run.paintings.at[7, "key"])
    app = open_page("map", find="painting", focus=key)
    assert re.search(PLACE, text_of(app))
    assert "<b>Painting 7</b>" in text_of(app)
    assert app.query_params["focus"] == key
    alone = text_of(open_page("map", focus=key))
    assert "<b>Painting 7</b>" in alone
    assert not re.search(PLACE, alone)


def test_words_that_nothing_has_are_said() -> None:
    app = open_page("map", find="no such words")
    assert "Nothing here fits this search" in text_of(app)
    assert "focus" not in app.query_params


@pytest.mark.parametrize("find", [{}, {"find": "painting"}])
def test_a_painting_of_another_run_is_passed_over_and_said(find: dict[str, str]) -> None:
    app = open_page("map", focus="gone.jpg", **find)
    assert [toast.value for toast in app.toast] == ["The painting in this link is not in this run."]
    assert "ae-gallery" in text_of(app)
    assert app.query_params.get("focus") != "gone.jpg"
    assert not rerun(app).toast


def test_rings_are_limited_and_the_one_in_focus_is_among_them(
    opened: OpenRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_search, "MOST", 5)
    last = opened.table.sort_values("score").iloc[0]
    monkeypatch.setattr(state, "current", lambda: State(find="painting", focus=last["key"]))
    found = render_map_search(opened)
    assert len(found.rings) == 6
    assert found.focus == last.name
    assert [ring.label for ring in found.rings if ring.label] == [last["title"]]
