"""The main path in Firefox: look, find, judge, take back, compare, classify."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.dashboard.browser import firefox_relay
from tests.dashboard.browser.conftest import SLOW, VIEWPORT, Visit
from tests.dashboard.browser.test_keyboard import dialog, listen

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIREFOX = os.environ.get("FIREFOX", "/usr/bin/firefox-esr")


@pytest.fixture
def fox(playwright: Playwright, server: str, tmp_path: Path) -> Iterator[Visit]:
    """A visit by Firefox, which must ask no other host. What it says in its console of answers that
    it broke off is not judged: Chromium's console is, in all other tests.
    """
    if not Path(FIREFOX).exists():
        pytest.skip(f"no Firefox at {FIREFOX}: set FIREFOX to one")
    start = tmp_path / "firefox"
    relay = f"{sys.executable} {firefox_relay.__file__} {FIREFOX}"
    start.write_text(f'#!/bin/sh\nexec {relay} "$@"\n')
    start.chmod(0o755)
    started = playwright.firefox.launch(channel="moz-firefox", executable_path=start)
    visit = Visit(started.new_context(viewport=VIEWPORT).new_page(), server)
    yield visit
    started.close()
    assert visit.foreign == []


def test_the_main_path_in_firefox(fox: Visit) -> None:
    page, press = fox.page, fox.page.keyboard.press
    fox.open("/")
    expect(page.get_by_role("region", name="First steps")).to_be_visible()
    fox.open("/reviews")
    name = page.get_by_label("Your name, to sign your verdicts")
    name.click()
    name.press_sequentially("Ada")
    name.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    fox.settle()
    page.get_by_role("link", name="Outliers").click()
    expect(page.locator("h1")).to_have_text("Paintings that do not fit their label")
    page.locator(".stage[data-drawn]").wait_for(timeout=SLOW)
    listen(fox)
    press("?")
    expect(dialog(fox)).to_be_visible()
    press("Escape")
    press("g")
    press("x")
    expect(page.get_by_text("1 ticked", exact=True)).to_be_visible()
    fox.settle()
    press("1")
    card = page.locator(".ae-card", has=page.locator("a:focus"))
    expect(card.locator(".verdict-summary")).to_have_text("✓ Label is right (Ada)")
    fox.settle()
    press("Enter")
    expect(page.locator(".ae-viewer")).to_be_visible()
    expect(page.locator(".ae-history li").first).to_contain_text("Label is right Ada")
    fox.open("/reviews")
    title = page.locator(".ae-panel h2")
    for key in "124":
        expect(page.locator("button[data-verdict=right]")).to_be_enabled()
        before = title.inner_text()
        press(key)
        expect(title).not_to_have_text(before)
    expect(page.locator("[data-act=undo]")).to_be_enabled()
    press("u")
    expect(title).to_have_text(before)
    expect(page.locator(".ae-panel .told")).to_contain_text("Undone: Unsure")
    expect(page.locator("button[data-verdict=right]")).to_be_enabled()
    press("c")
    expect(page.locator(".ae-panel .compared img").first).to_have_js_property("complete", True)
    fox.open("/classify")
    page.locator(".ae-card > a").first.click()
    expect(page.locator(".ae-answer").first).to_be_visible()
