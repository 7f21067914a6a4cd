"""The search box: on every page, in force wherever a list is, and open about what it misread."""

from __future__ import annotations

import pytest

from core.label_word import name_labels
from dashboard.components.search_box import describe_fields
from dashboard.runs.open_run import OpenRun
from dashboard.selection.select import select
from dashboard.selection.state import State
from tests.dashboard.pages import NAMES, cards_of, open_page, search, search_box_of, text_of

pytestmark = pytest.mark.usefixtures("root")


@pytest.mark.parametrize("page", ["", *NAMES[1:]])
def test_every_page_has_it(page: str) -> None:
    box = search_box_of(open_page(page))
    assert box["address"] == "/suggestions/synthetic-1.json"
    assert box["value"] == ""


def test_on_a_list_it_filters_in_place_and_the_link_keeps_it() -> None:
    app = search(open_page("outliers", given="Cubism"), "PAINTING pollóck")
    assert app.query_params["text"] == "PAINTING pollóck"
    assert app.query_params["given"] == "Cubism"
    assert search_box_of(app)["value"] == "PAINTING pollóck"
    text = text_of(open_page("outliers", text="PAINTING pollóck"))
    assert "Jackson Pollock" in text
    assert "Rembrandt" not in text
    assert "text" not in search(app, "  ").query_params


def test_elsewhere_it_opens_what_it_finds_and_nothing_else() -> None:
    app = search(open_page("cases", given="Cubism"), "pollock")
    assert app.query_params["text"] == "pollock"
    assert "given" not in app.query_params


def test_a_search_of_a_list_is_not_shown_where_it_is_not_in_force() -> None:
    assert search_box_of(open_page("cases", text="pollock"))["value"] == ""


def test_all_that_follows_a_selection_follows_the_search(opened: OpenRun) -> None:
    everything = select(opened, State()).rows
    found = select(opened, State(filters={"text": ("artist:pollock -given:cubism",)})).rows
    table = opened.table
    by_hand = (table["artist"] == "Jackson Pollock") & (table["given"] != "Cubism")
    assert set(found) == set(table.index[by_hand])
    assert 0 < len(found) < len(everything)


def test_what_is_misread_or_not_here_is_said() -> None:
    text = text_of(open_page("outliers", text='given:kubism artist: "open'))
    assert "No given style contains “kubism”." in text
    assert "A quotation mark is not closed" in text
    assert "Nothing to show" in text


def test_hostile_words_are_text() -> None:
    app = open_page("map", text="given:<b>x</b> <i>:y")
    assert "&lt;b&gt;x" in text_of(app)
    assert "<b>x" not in text_of(app)


def test_without_a_query_nothing_is_said() -> None:
    app = open_page("outliers")
    assert "ae-remarks" not in text_of(app)
    assert cards_of(app) == 24


def test_help_names_the_fields_by_the_word_of_the_run() -> None:
    typed = [each for each, _ in describe_fields(name_labels("art movement"))]
    assert "art_movement:" in typed
