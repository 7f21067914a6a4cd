"""Two people at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.dashboard.browser.conftest import VIEWPORT, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def stranger(browser: BrowserContext, server: str) -> Iterator[Visit]:
    """Somebody else, at another machine."""
    assert browser.browser is not None
    context = browser.browser.new_context(viewport=VIEWPORT)
    visit = Visit(context.new_page(), server)
    yield visit
    context.close()
    assert visit.errors == []


def test_nobody_sees_what_another_has_selected(visit: Visit, stranger: Visit) -> None:
    visit.open("/map?given=Cubism&region=-9,-9;9,-9;9,9;-9,9&hidden=Baroque&colour=predicted")
    heading = visit.page.locator('[data-testid="stMain"] h2').first
    expect(heading).to_contain_text("in the selection")
    mine = heading.inner_text()
    stranger.open("/map")
    expect(stranger.page.locator('[data-testid="stMain"] h2').first).to_have_text(
        re.compile(r"^60.paintings$")
    )
    assert "region" not in stranger.page.url
    assert "given" not in stranger.page.url
    stranger.page.get_by_role("link", name="Outliers").click()
    expect(stranger.page.locator("h1")).to_have_text("Paintings that do not fit their label")
    visit.page.get_by_label("Sort by").press("Enter")  # and a rerun brings nothing over
    visit.page.keyboard.press("Escape")
    expect(heading).to_have_text(mine)


def test_nobody_signs_with_anothers_name(visit: Visit, stranger: Visit) -> None:
    name = "Your name, to sign your verdicts"
    visit.open("/reviews")
    visit.page.get_by_label(name).fill("Ada")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("button", name="Undo")).to_be_visible()
    stranger.open("/reviews")
    expect(stranger.page.get_by_label(name)).to_be_visible()
    expect(stranger.page.get_by_role("button", name="Undo")).to_have_count(0)
