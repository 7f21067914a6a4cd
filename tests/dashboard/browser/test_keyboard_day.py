"""A curator's day by keys alone: nothing on the way needs a pointer."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from tests.dashboard.browser.cloud import heading
from tests.dashboard.browser.conftest import SLOW, Visit
from tests.dashboard.browser.test_keyboard import listen

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_TABS = 120
COUNT_POINTERS = """
window.pointers = 0
for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
  addEventListener(kind, () => { window.pointers += 1 }, true)
}
"""


def reach(visit: Visit, wanted: Locator) -> None:
    """Presses Tab until ``wanted`` has the focus."""
    wanted.wait_for()
    for _ in range(MOST_TABS):
        if wanted.evaluate("each => each === each.getRootNode().activeElement"):
            return
        visit.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def go(visit: Visit, name: str, title: str) -> None:
    """Follows the link ``name`` in the bar at the top."""
    reach(visit, visit.page.get_by_role("link", name=name, exact=True))
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("h1")).to_have_text(title)
    visit.settle()


def test_a_whole_day_by_keys_alone(visit: Visit, tmp_path: Path) -> None:
    page, press = visit.page, visit.page.keyboard.press
    page.add_init_script(COUNT_POINTERS)
    visit.open("/reviews")

    # Sign, compare, judge, take back, record again.
    reach(visit, page.get_by_label("Your name, to sign your verdicts"))
    page.keyboard.type("Ada")
    press("Enter")
    unsure = page.locator("button[data-verdict=unsure]")
    expect(unsure).to_be_enabled(timeout=SLOW)
    visit.settle()
    title = page.locator(".ae-panel h2")
    first = title.inner_text()
    press("c")
    expect(page.locator(".ae-panel .compared")).to_be_visible()
    press("c")
    expect(page.locator(".ae-panel .compared")).to_be_hidden()
    press("4")
    expect(title).not_to_have_text(first)
    expect(page.locator("[data-act=undo]")).to_be_enabled()
    press("u")
    expect(title).to_have_text(first)
    expect(page.locator("[data-act=redo]")).to_be_enabled()
    press("y")
    expect(title).not_to_have_text(first)
    visit.settle()

    # A box on the map, kept as a set.
    go(visit, "Style map", "Similar paintings lie together")
    stage = page.locator(".stage[data-drawn]")
    stage.wait_for(timeout=SLOW)
    whole = heading(visit).inner_text()
    reach(visit, stage)
    press("b")
    press("Space")
    for way, steps in (("ArrowUp", 30), ("ArrowRight", 40)):
        for _ in range(steps):
            press(way)
    press("Enter")
    expect(heading(visit)).not_to_have_text(whole)
    visit.settle()
    selected = int(heading(visit).inner_text().split()[0])
    assert 0 < selected < int(whole.split()[0])
    reach(visit, page.get_by_role("button", name="Save as a set"))
    press("Enter")
    reach(visit, page.get_by_label("Name of the set"))
    page.keyboard.type("Upper right")
    reach(visit, page.get_by_role("button", name=f"Save {selected}"))
    press("Enter")
    expect(page.get_by_test_id("stToast")).to_contain_text("as “Upper right”")
    press("Escape")
    visit.settle()

    # The set again, by its link.
    go(visit, "Sets", "Named selections")
    reach(visit, page.get_by_role("link", name="Upper right"))
    press("Enter")
    expect(page).to_have_url(re.compile("/outliers\\?.*set="))
    visit.settle()
    expect(heading(visit)).to_have_text(re.compile(f"^{selected}\\spainting"))
    listen(visit)
    press("g")
    press("1")
    card = page.locator(".ae-card", has=page.locator("a:focus"))
    expect(card.locator(".verdict-summary")).to_contain_text("Label is right (Ada)")
    visit.settle()

    # The verdicts as a file.
    go(visit, "Reviews", "Are these labels right?")
    reach(visit, page.get_by_role("radio", name="Queue"))
    for _ in range(5):
        press("ArrowRight")
        if page.get_by_role("radio", name="Export and import").get_attribute("aria-checked") == (
            "true"
        ):
            break
        press("Space")
        visit.settle()
    reach(visit, page.get_by_role("button", name="CSV", exact=True))
    with page.expect_download() as waiting:
        press("Enter")
    waiting.value.save_as(tmp_path / "verdicts.csv")
    log = pd.read_csv(tmp_path / "verdicts.csv")
    assert log["reviewer"].eq("Ada").all()
    assert log["verdict"].tolist()[-2:] == ["unsure", "right"]
    assert page.evaluate("window.pointers") == 0
