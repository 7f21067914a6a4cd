"""The first steps: once, on the first page, out of the way of what is looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.dashboard.browser.conftest import VIEWPORT, Visit
from tests.dashboard.browser.test_keyboard import listen

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def first(browser: BrowserContext, server: str) -> Iterator[Visit]:
    """A visit by a browser that was never here."""
    assert browser.browser is not None
    context = browser.browser.new_context(viewport=VIEWPORT)
    visit = Visit(context.new_page(), server)
    yield visit
    context.close()
    assert visit.errors == []


def tour(visit: Visit) -> Locator:
    return visit.page.get_by_role("region", name="First steps")


def test_three_steps_by_keyboard_then_never_again(first: Visit) -> None:
    page, press = first.page, first.page.keyboard.press
    first.open("/")
    expect(tour(first)).to_contain_text("1 of 3")
    tour(first).get_by_role("link", name="Outliers").focus()
    press("Tab")
    press("Tab")
    expect(tour(first).get_by_role("button", name="Next")).to_be_focused()
    press("Enter")
    expect(tour(first)).to_contain_text("Judge. Reviews shows one doubtful label at a time")
    press("Enter")
    expect(tour(first)).to_contain_text("3 of 3")
    expect(tour(first).get_by_role("button", name="Back")).to_be_focused()  # Next has ended
    press("Escape")
    expect(tour(first)).to_be_hidden()
    page.reload()
    first.settle()
    expect(tour(first)).to_be_hidden()


def test_it_lies_over_nothing(first: Visit) -> None:
    first.open("/")
    expect(tour(first)).to_be_visible()
    box = tour(first).bounding_box()
    assert box is not None
    for other in ("h1", ".ae-lead", ".ae-facts"):
        place = first.page.locator(other).first.bounding_box()
        assert place is not None
        assert place["y"] + place["height"] <= box["y"] or place["y"] >= box["y"] + box["height"]


@pytest.mark.parametrize("path", ["/outliers", "/?run=synthetic-1", "/reviews?section=verdicts"])
def test_whoever_follows_a_link_is_not_stopped(first: Visit, path: str) -> None:
    first.open(path)
    listen(first)
    expect(tour(first)).to_be_hidden()
    if path == "/outliers":
        first.page.get_by_role("link", name="Overview").click()
        expect(first.page.get_by_text("Start here")).to_be_visible()
        first.settle()
        expect(tour(first)).to_be_hidden()
