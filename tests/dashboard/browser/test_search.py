"""The search box in a browser: its key, its suggestions by keyboard, and where it leads."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_suggestion_is_taken_by_keyboard_from_any_page(visit: Visit) -> None:
    visit.open("/cases")
    page, press = visit.page, visit.page.keyboard.press
    box = page.get_by_role("combobox", name="Search paintings")
    press("/")
    expect(box).to_be_focused()
    expect(page.get_by_text("in title, artist or style, all words")).to_be_visible()
    page.keyboard.type("-given:cubism pica")
    option = page.get_by_role("option", name=re.compile("Pablo Picasso"))
    expect(option).to_have_id("ae-suggestion-0")  # the list of all that was typed
    press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "ae-suggestion-0")
    press("Enter")
    expect(page).to_have_url(re.compile(r"/outliers\?.*text=-given"))
    visit.settle()
    expect(box).to_have_value('-given:cubism artist:"Pablo Picasso"')
    expect(page.locator(".ae-card").first).to_contain_text("Pablo Picasso")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()


def test_the_enter_that_ends_a_composition_searches_nothing(visit: Visit) -> None:
    visit.open("/outliers")
    box = visit.page.get_by_role("combobox", name="Search paintings")
    box.fill("picasso")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    assert box.evaluate("box => box === document.activeElement")  # a search leaves it at once
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_url(re.compile("text=picasso"))


def test_the_search_of_a_list_is_changed_and_emptied_in_place(visit: Visit) -> None:
    visit.open("/outliers?text=picasso")
    page = visit.page
    box = page.get_by_role("combobox", name="Search paintings")
    expect(box).to_have_value("picasso")
    box.fill("rembrandt")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    box.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("text=rembrandt"))
    visit.settle()
    box.fill("")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("text="))
    page.go_back()
    expect(box).to_have_value("rembrandt")
