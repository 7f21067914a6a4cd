"""What the verdict panel shows, proposes and signs with."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize, expect

from core.reviews import open_log
from tests.dashboard.browser.conftest import PICTURES, Visit
from tests.dashboard.browser.verdict_panel.conftest import Desk, begin, rows_of, wait_until_free

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES: list[ViewportSize] = [
    {"width": 1440, "height": 900},
    {"width": 1280, "height": 720},
    {"width": 390, "height": 844},
]


# Notes each button that could be pressed while no picture was drawn.
WATCH_BUTTONS = """
  window.early = []
  new MutationObserver(() => {
    const image = document.querySelector(".ae-panel > figure img")
    if (image?.complete && image.naturalWidth) return
    const acts = ".ae-panel [data-verdict], .ae-panel .rest button"
    for (const each of document.querySelectorAll(acts))
      if (!each.disabled) window.early.push(each.textContent)
  }).observe(document, { subtree: true, childList: true, attributes: true })
"""


def test_no_button_acts_before_the_picture_is_there(visit: Visit) -> None:
    """Not even between the page's arrival and its scripts'."""
    visit.page.add_init_script(WATCH_BUTTONS)
    page = begin(visit)
    expect(page.locator("button[data-verdict=right]")).to_be_enabled()
    assert page.evaluate("window.early") == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_all_that_is_signed_is_in_view(visit: Visit, size: ViewportSize) -> None:
    visit.page.set_viewport_size(size)
    page = begin(visit)
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"desk-{size['width']}.png")
    inside = page.evaluate(
        """() => {
          const wanted = ".ae-panel button[data-verdict], .ae-panel .chip, .ae-panel .right"
          const box = (each) => each.getBoundingClientRect()
          const seen = (each) => each.checkVisibility()
          const boxes = [...document.querySelectorAll(wanted)].filter(seen).map(box)
          const picture = document.querySelector(".ae-panel > figure").getBoundingClientRect()
          return [...boxes.map(({ top, bottom, left, right }) =>
            top > 50 && bottom <= innerHeight && left >= 0 && right <= innerWidth),
            picture.top > 50 && picture.bottom <= innerHeight]
        }"""
    )
    assert inside == [True] * 9
    if size["width"] > 640:
        expect(page.locator("[data-act=undo]")).to_be_in_viewport(ratio=1)
        panel, picture = (
            page.locator(name).bounding_box() for name in (".ae-panel", ".ae-panel > figure")
        )
        assert panel is not None
        assert picture is not None
        assert picture["width"] >= 0.6 * panel["width"]
        assert picture["height"] >= 0.75 * size["height"]
    label = page.locator(".ae-panel .given").inner_text()
    said = " ".join(page.locator(".ae-panel .reason").all_inner_texts())
    assert page.locator(".ae-panel .answer").inner_text().startswith("The model ")
    assert f"Labelled {label}" not in said  # the chip has said so
    card = page.locator("button[data-verdict=wrong]")
    chosen = page.get_by_label("If wrong, the correct").evaluate("e => e.selectedOptions[0].text")
    expect(card).to_have_text(f"3 Wrong: {chosen}")
    expect(page.locator(".ae-panel .proposed b")).to_have_text(chosen)
    options = page.get_by_label("If wrong, the correct").locator("option").all_inner_texts()
    other = next(each for each in options if each not in (chosen, "Unknown"))
    page.get_by_label("If wrong, the correct").select_option(label=other)
    expect(page.locator(".ae-panel .proposed")).to_have_text(f"Your proposal {other}")
    page.get_by_label("If wrong, the correct").select_option(label="Unknown")
    expect(page.locator(".ae-panel .proposed")).to_be_hidden()
    colours = page.locator(".verdicts button").evaluate_all(
        "all => new Set(all.map((b) => getComputedStyle(b).backgroundColor)).size"
    )
    assert colours == 1  # nothing looks chosen
    expect(page.locator(".st-key-signed")).to_contain_text("Signed as Ada")
    expect(page.locator(".st-key-signed")).to_be_in_viewport()


def test_another_term_is_signed_only_when_it_was_asked_for_again(visit: Visit, desk: Desk) -> None:
    page = begin(visit)
    wrong = page.locator("button[data-verdict=wrong]")
    page.get_by_label("If wrong, the correct").select_option(label="Another term…")
    term = page.get_by_label("Another term", exact=True)
    term.fill("Impress")
    expect(wrong).to_have_text("3 Wrong: Impress")
    term.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    assert term.evaluate("term => term === document.activeElement")
    page.keyboard.press("Enter")  # takes the term, signs nothing
    page.keyboard.press("Enter")  # presses the button: asks
    expect(page.get_by_text("'Impress' is not a style of this collection.")).to_be_visible()
    for key in ("Enter", "3", "1"):  # Enter goes back, to the term, where keys are letters
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    assert rows_of(desk) == []
    term.fill("Impress")
    wrong.click()
    page.get_by_role("button", name="Record anyway").click()
    expect(page.locator(".ae-panel .told")).to_contain_text("should be Impress")
    log = open_log(desk.verdicts)
    assert log.load_all()["proposed"].tolist() == ["Impress"]
    log.close()


def test_a_class_written_otherwise_is_that_class(visit: Visit) -> None:
    page = begin(visit)
    options = page.get_by_label("If wrong, the correct").locator("option").all_inner_texts()
    assert options[0] == "Unknown"
    assert options[-1] == "Another term…"
    page.get_by_label("If wrong, the correct").select_option(label="Another term…")
    page.get_by_label("Another term", exact=True).fill(f" {options[1].upper()}")
    expect(page.locator("button[data-verdict=wrong]")).to_have_text(f"3 Wrong: {options[1]}")


def test_the_name_survives_a_reload_and_can_be_changed(visit: Visit) -> None:
    page = begin(visit, "Åsa Ö.")
    page.reload()
    wait_until_free(page)
    page.get_by_role("button", name="Signed as Åsa Ö.").click()
    page.get_by_label("Name to sign with").fill("Bo")
    page.get_by_role("button", name="Change").click()
    expect(page.locator(".ae-panel .signed")).to_have_text("Signed as Bo")
    page.wait_for_function("document.cookie.includes('artextract_reviewer=Bo')")
    visit.open("/outliers")
    expect(page.get_by_role("button", name="Signed as Bo")).to_be_visible()
    cookie = next(c for c in page.context.cookies() if c["name"] == "artextract_reviewer")
    assert (cookie["value"], cookie["sameSite"]) == ("Bo", "Strict")


@pytest.mark.parametrize("value", ["%E2%80%AEadA", "%00Ada", "%20", "%FF", "x" * 400])
def test_a_name_that_somebody_else_left_there_signs_nothing(
    visit: Visit, desk: Desk, value: str
) -> None:
    cookie = {"name": "artextract_reviewer", "value": value, "url": desk.address}
    visit.page.context.add_cookies([cookie])  # type: ignore[list-item]
    visit.open("/reviews")
    expect(visit.page.get_by_label("Your name, to sign your verdicts")).to_be_visible()
