"""The help sheet tells the truth: every key of a button stands in the list of its page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.reviews.entry import VERDICTS
from dashboard.components.shortcuts import VERDICT_KEYS, list_shortcuts
from dashboard.session import reviewing
from tests.dashboard.pages import key_of_first_card, open_page, rerun

PAGES = ("overview", "outliers", "map", "cases", "reviews", "painting", "classify", "compare")


def keys_of(page: str) -> list[str]:
    return [key for _, section in list_shortcuts(page) for key, _ in section]


def shortcuts_of(app: AppTest) -> set[str]:
    return {button.proto.shortcut.upper() for button in app.button if button.proto.shortcut}


def sign(app: AppTest) -> AppTest:
    app.session_state[reviewing.NAME] = "Ada"
    return rerun(app)


@pytest.mark.usefixtures("root")
def test_every_key_of_a_button_is_listed_on_its_page() -> None:
    key = key_of_first_card(open_page("outliers"))
    opened = {
        "reviews": sign(open_page("reviews")),
        "painting": sign(open_page("painting", painting=key, origin="outliers")),
        "cases": open_page("cases", case="artist:Hilma af Klint"),
    }
    for page, app in opened.items():
        assert shortcuts_of(app)
        assert shortcuts_of(app) <= {key.upper() for key in keys_of(page)}


def test_every_verdict_has_a_key_of_its_own() -> None:
    assert set(VERDICT_KEYS) == set(VERDICTS)
    assert len(set(VERDICT_KEYS.values())) == len(VERDICT_KEYS)


@pytest.mark.parametrize("page", PAGES)
def test_no_heading_lists_a_key_twice(page: str) -> None:
    for _, section in list_shortcuts(page):
        keys = [key for key, _ in section]
        assert len(set(keys)) == len(keys)
    assert "?" in keys_of(page)
