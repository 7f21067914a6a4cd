"""Cards of a gallery beside the cloud: ticked, resized, lit from one to the other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.dashboard.browser.conftest import Visit
from tests.dashboard.browser.test_keyboard import listen

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TICKED = '.tick[aria-checked="true"]'
REDRAWN_AND_PRESSED = """() => {
    const link = document.activeElement
    link.replaceWith(link.cloneNode(true))
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }))
}"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def gallery(visit: Visit) -> Visit:
    visit.open("/outliers")
    listen(visit)
    return visit


def row_of(card: Locator) -> str:
    return str(card.get_attribute("data-row"))


def test_ticked_paintings_are_what_is_saved_and_downloaded(gallery: Visit) -> None:
    page, press = gallery.page, gallery.page.keyboard.press
    press("g")
    press("x")
    press("ArrowRight")
    press("x")
    expect(page.locator(TICKED)).to_have_count(2)
    expect(page.get_by_text("2 ticked", exact=True)).to_be_visible()
    gallery.settle()
    third = page.locator(".ae-card").nth(2)
    third.hover()
    third.get_by_role("checkbox").click()
    expect(page.get_by_text("3 ticked", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Judge all 3")).to_be_visible()
    rows = sorted(int(row_of(page.locator(".ae-card").nth(n))) for n in range(3))
    expect(page).to_have_url(re.compile(f"ticked={'.'.join(map(str, rows))}$"))
    gallery.page.reload()
    gallery.settle()
    expect(page.locator(TICKED)).to_have_count(3)
    page.get_by_role("button", name="Clear ticks").click()
    expect(page.locator(TICKED)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("ticked"))


def test_a_key_reaches_a_card_that_was_drawn_anew_a_moment_before(gallery: Visit) -> None:
    page = gallery.page
    page.keyboard.press("g")
    page.evaluate(REDRAWN_AND_PRESSED)
    expect(page.locator(TICKED)).to_have_count(1)
    expect(page.get_by_text("1 ticked", exact=True)).to_be_visible()


def test_the_size_of_the_pictures_is_kept_by_the_browser(gallery: Visit) -> None:
    page = gallery.page
    for size, is_told in (("110", False), ("320", True)):
        page.get_by_role("slider", name="Size of the pictures").fill(size)
        frame = page.locator(".ae-card .frame").first
        expect(frame).to_have_css("height", f"{round(1.1 * int(size))}px")
        expect(page.locator(".ae-card .first-reason").first).to_be_visible(visible=is_told)
    page.reload()
    gallery.settle()
    expect(page.locator(".ae-card .frame").first).to_have_css("height", "352px")
    page.evaluate("localStorage.clear()")


def test_a_point_under_the_pointer_lights_its_card_and_the_cloud_stays_in_sight(
    gallery: Visit,
) -> None:
    page = gallery.page
    page.set_viewport_size({"width": 1920, "height": 1000})
    gallery.settle()
    cloud = page.get_by_role("application")
    expect(cloud).to_have_attribute("data-ready", re.compile(r"\d"))
    box = cloud.bounding_box()
    assert box
    lit = page.locator(".ae-card.lit")
    for step in range(400):  # over the quadrant of the first cards, until a point is met
        across, down = divmod(step, 20)
        page.mouse.move(box["x"] + box["width"] - 8 - 12 * across, box["y"] + 20 + 12 * down)
        page.evaluate(TWO_FRAMES)
        if lit.count():
            break
    expect(lit).to_have_count(1)
    page.mouse.wheel(0, 0)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 900)")
    expect(cloud).to_be_in_viewport(ratio=0.9)


def test_ticks_are_reached_by_tab_and_one_too_many_is_said(gallery: Visit) -> None:
    page, press = gallery.page, gallery.page.keyboard.press
    press("g")
    press("Shift+Tab")
    tick = page.locator(".ae-card").first.get_by_role("checkbox")
    expect(tick).to_be_focused()
    expect(tick).to_have_css("opacity", "1")
    press("Space")
    expect(tick).to_have_attribute("aria-checked", "true")
    expect(page.get_by_text("1 ticked", exact=True)).to_be_visible()
    gallery.settle()
    page.evaluate("artextractTicks.rows = new Set([...Array(200).keys()].map((n) => n + 1000))")
    press("g")
    press("x")
    expect(page.get_by_test_id("stToast")).to_contain_text("200 paintings are ticked, and no more")
    expect(tick).to_have_attribute("aria-checked", "false")


def test_another_page_begins_at_its_top(gallery: Visit) -> None:
    page = gallery.page
    page.set_viewport_size({"width": 390, "height": 844})
    gallery.settle()
    main = page.get_by_test_id("stMain")
    page.locator(".ae-card > a").nth(3).scroll_into_view_if_needed()
    assert main.evaluate("main => main.scrollTop") > 500
    page.locator(".ae-card > a").nth(3).click()
    expect(page.locator(".ae-viewer")).to_be_visible()
    gallery.settle()
    assert main.evaluate("main => main.scrollTop") == 0
    expect(page.locator(".ae-viewer")).to_be_in_viewport()


def test_a_click_and_then_a_key_frame_no_whole_page(gallery: Visit) -> None:
    page = gallery.page
    main = page.get_by_test_id("stMain")
    page.locator("h1").click()
    expect(main).to_be_focused()
    page.keyboard.press("x")
    ring = "main => [main.matches(':focus-visible'), getComputedStyle(main, '::before').content]"
    assert main.evaluate(ring) == [True, "none"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(main).to_be_focused()
    assert main.evaluate(ring) == [True, '""']  # whoever comes by Tab sees where they are
