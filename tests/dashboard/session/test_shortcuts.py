"""The help sheet tells the truth: every key of a button stands in the list of its page."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.label_word import STYLE, LabelWord
from core.reviews.entry import VERDICTS, list_verdicts
from dashboard.session import visitor
from dashboard.session.shortcuts import COMPARE, SKIP, TICK, UNDO, VERDICT_KEYS, list_shortcuts
from tests.dashboard.pages import (
    NAMES,
    has_panel,
    html_of_panel,
    key_of_first_card,
    open_page,
    panel_of,
    rerun,
)


def keys_of(page: str) -> list[str]:
    return [key for _, section in list_shortcuts(page) for key, _ in section]


def shortcuts_of(app: AppTest) -> set[str]:
    keys = {button.proto.shortcut.upper() for button in app.button if button.proto.shortcut}
    return keys | (keys_of_panel(app) if has_panel(app) else set())


def keys_of_panel(app: AppTest) -> set[str]:
    """What the panel's buttons that can be seen say that they listen to."""
    keys = set(re.findall(r'aria-keyshortcuts="(\w+)"', html_of_panel(app)))
    return keys if panel_of(app)["skips"] else keys - {SKIP, COMPARE}


def sign(app: AppTest) -> AppTest:
    app.session_state[visitor.NAME] = "Ada"
    return rerun(app)


@pytest.mark.usefixtures("root")
def test_every_key_of_a_button_is_listed_on_its_page() -> None:
    key = key_of_first_card(open_page("outliers"))
    judged = {
        "reviews": sign(open_page("reviews")),
        "painting": sign(open_page("painting", painting=key, origin="outliers")),
    }
    story = {"cases": open_page("cases", case="artist:Hilma af Klint")}
    others = {page: open_page(page) for page in NAMES[1:] if page not in judged | story}
    for page, app in (judged | story | others).items():
        assert page in others or shortcuts_of(app)
        assert page not in judged or {*VERDICT_KEYS.values(), UNDO} <= shortcuts_of(app)
        assert shortcuts_of(app) <= {key.upper() for key in keys_of(page)}


def test_every_verdict_has_a_key_of_its_own() -> None:
    assert set(VERDICT_KEYS) == set(VERDICTS)
    assert len(set(VERDICT_KEYS.values())) == len(VERDICT_KEYS)


@pytest.mark.parametrize("page", NAMES)
def test_no_heading_lists_a_key_twice(page: str) -> None:
    for _, section in list_shortcuts(page):
        keys = [key for key, _ in section]
        assert len(set(keys)) == len(keys)
    assert "?" in keys_of(page)


@pytest.mark.parametrize("word", [STYLE, LabelWord(singular="artist", plural="artists")])
def test_a_gallery_lists_the_verdicts_that_its_labels_can_have(word: LabelWord) -> None:
    for page in ("outliers", "map"):
        sections = dict(list_shortcuts(page, word))
        keys = [key for key, _ in sections["The focused picture"]]
        assert keys == [*(VERDICT_KEYS[each] for each in list_verdicts(word.singular)), UNDO, TICK]
