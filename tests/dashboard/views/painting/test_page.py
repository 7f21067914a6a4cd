"""A painting's page, and the list that it was opened from."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from core.artifacts import Run, open_run
from core.classify import Classifier
from core.findings.labels.reasons import tell
from dashboard.components import explanation
from tests.dashboard.pages import cards_of, key_of_first_card, open_page, rerun, text_of


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("path", ["", "outliers", "map", "classify"])
def test_the_painting_of_a_link_to_any_page_opens_on_its_own(path: str) -> None:
    key = key_of_first_card(open_page("outliers", order="artist"))
    app = open_page(path, painting=key)
    text = text_of(app)
    assert "Most similar paintings" in text
    assert "By the same artist" in text
    assert app.query_params["painting"] == key
    assert app.query_params["origin"] == (path or "overview")


@pytest.mark.usefixtures("root")
def test_a_painting_says_all_that_was_found(root: Path) -> None:
    run = open_run(root / "synthetic-1")
    row = int(run.reasons["row"].value_counts().index[0])
    text = text_of(open_page("painting", painting=run.paintings.loc[row, "key"]))
    told = tell(run.read_reasons([row])[0])
    assert len(told.lines) > 2
    for line in (*told.against, *told.favour):
        assert escape(line).replace("\u00a0", " ") in text
    for heading in ("Model answers", "During training", "On the style map"):
        assert heading in text
    assert len(app_tasks(text)) == 3


def app_tasks(text: str) -> list[str]:
    return [name for name in ("Style", "Artist", "Genre") if f"<h3>{name}</h3>" in text]


def test_a_painting_asks_no_model_until_it_is_wanted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Run] = []
    load = explanation.load_classifier

    def count(run: Run) -> Classifier:
        asked.append(run)
        return load(run)

    monkeypatch.setattr(explanation, "load_classifier", count)
    key = open_run(root / "synthetic-1").paintings.loc[0, "key"]
    app = open_page("painting", painting=key)
    assert not asked
    app.toggle(key="explain.painting.0").set_value(True)
    rerun(app)
    assert len(asked) == 1


@pytest.mark.usefixtures("root")
def test_a_painting_shows_its_copies() -> None:
    app = open_page("outliers", duplicates="copies")
    assert cards_of(app) == 2
    assert "Copies of this picture" in text_of(
        open_page("painting", painting=key_of_first_card(app))
    )


@pytest.mark.usefixtures("root")
def test_next_and_previous_walk_the_list_that_the_painting_was_opened_from() -> None:
    listed = open_page("outliers", given="Cubism", order="year")
    works = cards_of(listed)
    app = open_page(
        "painting",
        given="Cubism",
        order="year",
        origin="outliers",
        painting=key_of_first_card(listed),
    )
    assert f"1 of {works}" in text_of(app)
    assert app.button(key="previous").disabled
    seen = [app.query_params["painting"]]
    while not app.button(key="next").disabled:
        app.button(key="next").click()
        rerun(app)
        seen.append(app.query_params["painting"])
    assert len(set(seen)) == len(seen) == works
    app.button(key="previous").click()
    assert rerun(app).query_params["painting"] == seen[-2]


@pytest.mark.usefixtures("root")
def test_a_painting_outside_its_list_has_no_neighbours_in_it() -> None:
    key = key_of_first_card(open_page("outliers", given="Cubism"))
    app = open_page("painting", painting=key, given="Baroque", origin="outliers")
    assert app.button(key="next").disabled
    assert app.button(key="previous").disabled


@pytest.mark.usefixtures("root")
def test_a_painting_that_is_not_here_is_said() -> None:
    text = text_of(open_page("outliers", painting="<nowhere>.jpg"))
    assert "Painting not found" in text
    assert "&lt;nowhere&gt;.jpg" in text
