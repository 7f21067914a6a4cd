"""What a curator does without a mouse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from bench.server import serve
from dashboard.session.shortcuts import list_shortcuts
from tests.dashboard.browser.conftest import Visit
from tests.dashboard.pages import NAMES, PATHS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOCUSED = ".ae-card > a:focus"


def sign_in(visit: Visit, name: str) -> None:
    visit.open("/reviews")
    visit.page.get_by_label("Your name, to sign your verdicts").fill(name)
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("button", name="Undo")).to_be_visible()
    visit.settle()


def listen(visit: Visit) -> None:
    """Waits until keys are heard."""
    expect(visit.page.locator("html[data-keys=heard]")).to_have_count(1)


def dialog(visit: Visit) -> Locator:
    return visit.page.get_by_role("dialog", name="Keyboard shortcuts")


def focused_title(visit: Visit) -> str:
    return visit.page.locator(FOCUSED).locator(".title").inner_text()


@pytest.fixture
def gallery(visit: Visit) -> Visit:
    """The Outliers page, signed in, by a link within the session."""
    sign_in(visit, "Ada")
    visit.page.get_by_role("link", name="Outliers").click()
    expect(visit.page.locator("h1")).to_have_text("Paintings that do not fit their label")
    visit.settle()
    listen(visit)
    return visit


def test_ten_paintings_are_judged_without_a_mouse(gallery: Visit) -> None:
    page, press = gallery.page, gallery.page.keyboard.press
    press("g")
    titles = []
    for _ in range(5):  # from card to card
        titles.append(focused_title(gallery))
        press("1")
        card = page.locator(".ae-card", has=page.locator("a:focus"))
        expect(card.locator(".verdict-summary")).to_have_text("✓ Label is right (Ada)")
        gallery.settle()
        assert focused_title(gallery) == titles[-1]
        press("ArrowRight")
    press("Enter")
    for _ in range(5):  # from painting to painting
        expect(page.locator("h1")).not_to_have_text(titles[-1])
        gallery.settle()
        titles.append(page.locator("h1").inner_text())
        press("4")
        expect(page.locator(".ae-history li").first).to_contain_text("Unsure Ada")
        gallery.settle()
        last = page.url
        press("j")
        expect(page).not_to_have_url(last)
    press("b")
    expect(page.locator("h1")).to_have_text("Paintings that do not fit their label")
    expect(page.locator(FOCUSED)).to_have_count(1)  # where one was, not at the top
    assert len(set(titles)) == 10
    expect(page.locator(".ae-card .verdict-summary", has_text="Ada")).to_have_count(10)


def test_a_verdict_by_key_can_be_taken_back(gallery: Visit) -> None:
    page = gallery.page
    page.keyboard.press("g")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    card = page.locator(".ae-card", has=page.locator("a:focus"))
    expect(card.locator(".verdict-summary")).to_contain_text("Genuine outlier (Ada)")
    gallery.settle()
    page.keyboard.press("u")
    expect(card.locator(".verdict-summary", has_text="Genuine outlier (Ada)")).to_have_count(0)


def test_a_key_judges_the_label_that_its_card_asks_about_or_nothing(gallery: Visit) -> None:
    page = gallery.page
    page.keyboard.press("g")
    card = page.locator(".ae-card", has=page.locator("a:focus"))
    card.evaluate("card => { card.dataset.asked = 'Of_another_filter' }")
    before = card.locator(".verdict-summary").all_inner_texts()
    page.keyboard.press("1")
    said = "was shown with the label Of another filter, and another one is asked about by now"
    expect(page.get_by_test_id("stToast")).to_contain_text(said)
    gallery.settle()
    assert card.locator(".verdict-summary").all_inner_texts() == before


def test_without_a_name_a_key_judges_nothing_and_says_why(visit: Visit) -> None:
    visit.open("/outliers")
    listen(visit)
    visit.page.keyboard.press("g")
    visit.page.keyboard.press("1")
    expect(visit.page.get_by_text("Enter your name on the Reviews page first")).to_be_visible()


def test_arrows_home_and_end_move_the_focus_and_it_is_seen(visit: Visit) -> None:
    visit.open("/outliers")
    listen(visit)
    page = visit.page
    cards = page.locator(".ae-card > a")
    page.keyboard.press("g")
    expect(cards.nth(0)).to_be_focused()
    assert (
        page.locator(FOCUSED).locator("img").evaluate("i => getComputedStyle(i).outlineStyle")
        == "solid"
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(cards.nth(2)).to_be_focused()
    page.keyboard.press("ArrowDown")
    below = page.locator(FOCUSED).bounding_box()
    above = cards.nth(2).bounding_box()
    assert below is not None
    assert above is not None
    assert below["y"] > above["y"]
    assert below["x"] == pytest.approx(above["x"], abs=2)
    page.keyboard.press("ArrowUp")
    expect(cards.nth(2)).to_be_focused()
    page.keyboard.press("End")
    expect(cards.last).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cards.last).to_be_focused()
    page.keyboard.press("Home")
    expect(cards.nth(0)).to_be_focused()


@pytest.mark.parametrize("path", PATHS)
def test_a_question_mark_lists_the_keys_of_the_page(visit: Visit, path: str) -> None:
    visit.open(f"/{path}")
    listen(visit)
    visit.page.keyboard.press("?")
    expect(dialog(visit)).to_be_visible()
    headings = [title for title, _ in list_shortcuts(path or NAMES[0])]
    expect(dialog(visit).get_by_role("heading", level=3)).to_have_text(headings)
    visit.page.keyboard.press("Escape")
    expect(dialog(visit)).to_be_hidden()


def test_a_question_mark_lists_the_keys_where_no_run_is_open(
    built: Path, tmp_path: Path, visit: Visit
) -> None:
    """A page of its own, no run at all, and one that does not open."""
    broken = tmp_path / "broken"
    (broken / "run-1").mkdir(parents=True)
    (broken / "run-1" / "manifest.json").write_text("{}")
    (tmp_path / "empty").mkdir()
    for root, path in ((built, "new-collection"), (tmp_path / "empty", ""), (broken, "")):
        place = str(tmp_path / "reviews.sqlite")
        with serve(root, place, "--collections", str(tmp_path)) as (visit.server, _):
            visit.open(f"/{path}")
            listen(visit)
            visit.page.keyboard.press("?")
            expect(dialog(visit)).to_be_visible()
            expect(dialog(visit).get_by_role("heading", level=3).last).to_have_text("Anywhere")
            visit.page.goto("about:blank")


def test_the_list_of_keys_opens_by_a_button_and_keeps_the_other_keys_away(visit: Visit) -> None:
    visit.open("/outliers")
    visit.page.get_by_role("button", name="Keys").click()
    expect(dialog(visit)).to_be_visible()
    visit.page.keyboard.press("g")
    expect(visit.page.locator(FOCUSED)).to_have_count(0)
    visit.page.get_by_role("button", name="Close").click()
    expect(dialog(visit)).to_be_hidden()
    expect(visit.page.get_by_role("button", name="Keys")).to_be_focused()


def test_letters_in_a_field_stay_letters(gallery: Visit) -> None:
    field = gallery.page.get_by_role("combobox", name="Search paintings")
    field.click()
    gallery.page.keyboard.type("g1?ujb")
    expect(field).to_have_value("g1?ujb")
    expect(dialog(gallery)).to_be_hidden()
    expect(gallery.page).to_have_url(re.compile("/outliers"))
    expect(gallery.page.locator(FOCUSED)).to_have_count(0)


def test_undo_is_seen_and_done_again_by_key(gallery: Visit) -> None:
    page = gallery.page
    gallery.open("/reviews")
    title = page.locator(".ae-panel h2")
    expect(page.locator("button[data-verdict=unsure]")).to_be_enabled()
    first = title.inner_text()
    page.keyboard.press("4")
    expect(title).not_to_have_text(first)
    expect(page.locator("[data-act=undo]")).to_be_enabled()
    page.keyboard.press("u")
    expect(page.get_by_test_id("stToast")).to_contain_text(f"Undone: Unsure, {first}.")
    expect(title).to_have_text(first)
    expect(page.locator("[data-act=redo]")).to_have_text(f"Y Redo: Unsure, {first}")
    expect(page.locator("[data-act=redo]")).to_be_enabled()
    page.keyboard.press("y")
    expect(title).not_to_have_text(first)
    expect(page.locator("[data-act=redo]")).to_be_hidden()


def test_a_painting_is_compared_without_leaving_it(gallery: Visit) -> None:
    page = gallery.page
    gallery.open("/reviews")
    right = page.locator("button[data-verdict=right]")
    expect(right).to_be_enabled()
    address, shown = page.url, page.locator(".ae-panel h2").inner_text()
    page.keyboard.press("c")
    compared = page.locator(".ae-panel .compared")
    expect(compared).to_be_visible()
    headings = compared.locator("h3")
    expect(headings.first).to_contain_text("By the artist, labelled ")
    given = page.locator(".ae-panel .given").inner_text()
    proposed = page.locator(".ae-panel .proposed b").inner_text()
    expect(headings.nth(1)).to_have_text(f"Nearest {given} by others")
    expect(headings.nth(2)).to_have_text(f"Nearest {proposed} by others")
    expect(compared.locator("img").first).to_have_js_property("complete", True)
    assert page.url == address
    assert page.locator(".ae-panel h2").inner_text() == shown
    box = compared.locator("img").first.bounding_box()
    assert box is not None
    page.keyboard.press("+")
    scales = page.locator(".ae-panel img").evaluate_all(
        "all => [...new Set(all.map((each) => getComputedStyle(each).transform))]"
    )
    assert scales == ["matrix(1.5, 0, 0, 1.5, 0, 0)"]  # all of them
    expect(right).to_be_enabled()
    page.keyboard.press("1")
    expect(page.locator(".ae-panel h2")).not_to_have_text(shown)
    expect(page.locator(".ae-panel > figure img")).to_have_css(
        "transform", "matrix(1, 0, 0, 1, 0, 0)"
    )
    expect(compared).to_be_visible()  # beside the next one too
    expect(page.locator("[data-act=compare]")).to_have_attribute("aria-pressed", "true")
    expect(right).to_be_enabled()
    page.keyboard.press("c")
    expect(compared).to_be_hidden()
