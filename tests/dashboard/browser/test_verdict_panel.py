"""A press judges the painting that was on the screen when the key went down, once, or nothing."""

from __future__ import annotations

import math
import random
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from bench.server import serve
from core.artifacts import open_run
from core.reviews import open_log
from tests.dashboard.browser.conftest import PICTURES, VIEWPORT, Visit
from tests.synthetic_run import build_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAINTINGS = 200
GAPS = (30, 1000)  # milliseconds between two keys, short ones as often as long ones
LONGEST = 300  # seconds for all of them
VERDICTS = {"1": "right", "2": "outlier", "3": "wrong", "4": "unsure", "5": "bad image"}
SIZES: list[ViewportSize] = [
    {"width": 1440, "height": 900},
    {"width": 1280, "height": 720},
    {"width": 390, "height": 844},
]
# Independent of the panel: before it hears of a key, what picture is drawn, and whether its buttons
# can be pressed.
WITNESS = """() => {
  window.seen = []
  const note = (key, event) => {
    const image = document.querySelector(".ae-panel > figure img")
    const button = document.querySelector(".ae-panel button[data-verdict=right]")
    const drawn = image && image.complete && image.naturalWidth > 0
    window.seen.push({
      key, repeat: Boolean(event.repeat), free: Boolean(drawn && button && !button.disabled),
      row: drawn ? Number(image.src.match(/\\/images\\/[^/]+\\/(\\d+)\\//)[1]) : -1,
    })
  }
  window.addEventListener("keydown", (event) => note(event.key, event), true)
  window.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-key]")
    if (button) note(button.dataset.key, event)
  }, true)
}"""


@dataclass
class Desk:
    """A server over more paintings than are judged, its verdicts, and keys by row."""

    address: str
    verdicts: Path
    keys: list[str]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("many")
    build_run(root, paintings=4 * PAINTINGS)  # about one in three looks like a painting
    return root


@pytest.fixture
def desk(gallery: Path, tmp_path: Path) -> Iterator[Desk]:
    """Nobody has judged anything there."""
    keys = open_run(gallery / "synthetic-1").paintings["key"].tolist()
    with serve(gallery, str(tmp_path / "reviews.sqlite")) as (address, _):
        yield Desk(address, tmp_path / "reviews.sqlite", keys)


@pytest.fixture
def visit(browser: BrowserContext, desk: Desk) -> Iterator[Visit]:
    """A reviewer's first visit, in a browser that knows no name."""
    assert browser.browser is not None
    context = browser.browser.new_context(viewport=VIEWPORT)
    visit = Visit(context.new_page(), desk.address)
    yield visit
    context.close()
    assert visit.errors == []
    assert visit.foreign == []


def begin(visit: Visit, name: str = "Ada") -> Page:
    """The queue, signed, its first painting drawn."""
    page = visit.page
    visit.open("/reviews")
    page.get_by_label("Your name, to sign your verdicts").fill(name)
    page.keyboard.press("Enter")
    wait_until_free(page)
    visit.settle()  # the field for the name keeps the focus until the script has ended
    page.evaluate(WITNESS)
    return page


def wait_until_free(page: Page) -> None:
    """Until the server has answered every press, and the painting on the screen can be judged."""
    page.wait_for_function("!window.artextractOutboxes?.panel?.waiting.length", timeout=60_000)
    expect(page.locator(".ae-panel button[data-verdict=right]")).to_be_enabled(timeout=60_000)


def seen(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("window.seen")
    return found


def rows_of(desk: Desk) -> list[tuple[str, str]]:
    """What the log holds, in its order: painting and verdict."""
    log = open_log(desk.verdicts)
    table = log.load_all()
    log.close()
    return list(zip(table["key"], table["verdict"], strict=True))


@contextmanager
def plainly(_: Desk) -> Iterator[None]:
    yield


@contextmanager
def under_load(_: Desk) -> Iterator[None]:
    """Two loops that leave the processors no rest."""
    with ExitStack() as stack:
        for __ in range(2):
            busy = stack.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            stack.callback(busy.kill)
        yield


@contextmanager
def behind_a_slow_database(desk: Desk) -> Iterator[None]:
    """Somebody else writes again and again: each verdict waits up to 1.5 s for its turn."""
    ended, chance = threading.Event(), random.Random(5)

    def hold() -> None:
        connection = sqlite3.connect(desk.verdicts, isolation_level=None, timeout=30)
        while not ended.is_set():
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(chance.uniform(0, 1.5))
            connection.execute("ROLLBACK")
            time.sleep(0.1)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    yield
    ended.set()
    holder.join()


@pytest.mark.parametrize("circumstance", [plainly, under_load, behind_a_slow_database])
def test_every_press_on_a_painting_in_view_is_one_row_for_it(
    visit: Visit, desk: Desk, circumstance: Callable[[Desk], Any]
) -> None:
    page, chance = begin(visit), random.Random(13)
    ends = time.monotonic() + LONGEST
    with circumstance(desk):
        for number in range(20 * PAINTINGS):
            page.keyboard.press(chance.choice("12345"))
            page.wait_for_timeout(math.exp(chance.uniform(*map(math.log, GAPS))))
            if number % 10 == 0 and sum(each["free"] for each in seen(page)) >= PAINTINGS:
                break
            assert time.monotonic() < ends, f"{len(rows_of(desk))} verdicts in {LONGEST} s"
        wait_until_free(page)
    pressed = [each for each in seen(page) if each["free"]]
    expected = [(desk.keys[each["row"]], VERDICTS[each["key"]]) for each in pressed]
    assert len(expected) >= PAINTINGS
    assert rows_of(desk) == expected
    assert len({key for key, _ in expected}) == len(expected)


def test_the_next_paintings_are_judged_before_the_server_has_answered(
    visit: Visit, desk: Desk
) -> None:
    page = begin(visit)
    shown = page.locator(".ae-panel > figure")
    judged = []
    with closing(sqlite3.connect(desk.verdicts, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")  # no verdict is recorded meanwhile
        for _ in range(3):
            judged.append(str(shown.get_attribute("data-painting")))
            page.keyboard.press("1")
            expect(shown).to_have_attribute("data-painting", re.compile(".+"))
            expect(page.locator(".ae-panel button[data-verdict=right]")).to_be_enabled()
        assert rows_of(desk) == []
        holder.execute("ROLLBACK")
    wait_until_free(page)
    assert rows_of(desk) == [(key, "right") for key in judged]
    assert len(set(judged)) == 3


def test_a_key_that_is_held_judges_once(visit: Visit, desk: Desk) -> None:
    page = begin(visit)
    for _ in range(60):
        page.keyboard.down("1")  # the first goes down, the others repeat
        page.wait_for_timeout(40)
    page.keyboard.up("1")
    wait_until_free(page)
    assert [each["repeat"] for each in seen(page)] == [False] + [True] * 59
    assert len(rows_of(desk)) == 1


def test_a_button_that_is_held_by_enter_judges_once(visit: Visit, desk: Desk) -> None:
    page = begin(visit)
    page.locator("button[data-verdict=unsure]").focus()
    for _ in range(60):
        page.keyboard.down("Enter")
        page.wait_for_timeout(40)
    page.keyboard.up("Enter")
    wait_until_free(page)
    assert len(rows_of(desk)) == 1
    expect(page.locator("button[data-verdict=unsure]")).to_be_focused()  # on to the next


def test_a_click_and_a_key_at_once_judge_once(visit: Visit, desk: Desk) -> None:
    page = begin(visit)
    for _ in range(5):
        page.evaluate(
            """() => {
              document.querySelector("button[data-verdict=right]").click()
              document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "3", bubbles: true }))
              document.querySelector("button[data-verdict=unsure]").click()
            }"""
        )
        page.wait_for_timeout(50)
        wait_until_free(page)
    assert [verdict for _, verdict in rows_of(desk)] == ["right"] * 5


def test_two_tabs_of_one_reviewer_judge_what_each_shows(visit: Visit, desk: Desk) -> None:
    page = begin(visit)
    other = Visit(visit.page.context.new_page(), desk.address)
    other.open("/reviews")  # signed by the name that the browser keeps
    wait_until_free(other.page)
    other.page.evaluate(WITNESS)
    for each in (page, other.page, page, other.page):
        each.bring_to_front()
        wait_until_free(each)
        each.keyboard.press("1")
    for each in (page, other.page):
        each.bring_to_front()
        wait_until_free(each)
    expected = [seen(each)[at]["row"] for at in (0, 1) for each in (page, other.page)]
    assert sorted(key for key, _ in rows_of(desk)) == sorted(desk.keys[row] for row in expected)


def test_a_press_that_was_lost_on_its_way_is_sent_again_and_counts_once(
    visit: Visit, desk: Desk
) -> None:
    page = begin(visit)
    page.evaluate(
        """() => {
          const send = WebSocket.prototype.send
          WebSocket.prototype.send = function (...given) {
            WebSocket.prototype.send = send  // one message is swallowed
          }
        }"""
    )
    page.keyboard.press("2")
    expect(page.locator(".ae-panel .told")).to_have_text("Recording…")
    expect(page.locator(".ae-panel .told")).to_contain_text("Genuine outlier", timeout=60_000)
    wait_until_free(page)
    assert [verdict for _, verdict in rows_of(desk)] == ["outlier"]


def test_a_picture_that_does_not_come_is_not_judged(visit: Visit, desk: Desk) -> None:
    visit.page.route("**/640.jpg", lambda route: route.abort())
    visit.open("/reviews")
    visit.page.get_by_label("Your name, to sign your verdicts").fill("Ada")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".ae-panel h2")).to_contain_text("Painting")
    visit.settle()
    visit.page.keyboard.press("1")
    visit.page.wait_for_timeout(1000)
    expect(visit.page.locator("button[data-verdict=right]")).to_be_disabled()
    expect(visit.page.get_by_role("button", name="Skip")).to_be_enabled()
    assert rows_of(desk) == []
    visit.errors.clear()  # the browser says that the picture did not come


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
          const boxes = [...document.querySelectorAll(wanted)].map(box)
          const picture = document.querySelector(".ae-panel > figure").getBoundingClientRect()
          return [...boxes.map(({ top, bottom, left, right }) =>
            top > 50 && bottom <= innerHeight && left >= 0 && right <= innerWidth),
            picture.top > 50 && picture.bottom <= innerHeight]
        }"""
    )
    assert inside == [True] * 9
    if size["width"] > 640:
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
    other = page.get_by_label("If wrong, the correct").locator("option").nth(-2).inner_text()
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
    page.get_by_label("Another term", exact=True).fill("Impress")
    expect(wrong).to_have_text("3 Wrong: Impress")
    page.keyboard.press("Enter")  # takes the term, signs nothing
    page.keyboard.press("Enter")  # presses the button: asks
    expect(page.get_by_text("'Impress' is not a style of this collection.")).to_be_visible()
    for key in ("Enter", "3", "1"):  # Enter goes back, to the term, where keys are letters
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    assert rows_of(desk) == []
    page.get_by_label("Another term", exact=True).fill("Impress")
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


def test_a_key_on_a_page_that_was_scrolled_away_shows_first(visit: Visit, desk: Desk) -> None:
    page = begin(visit)
    visit.open(f"/painting?origin=outliers&painting={quote(desk.keys[5])}")
    wait_until_free(page)
    page.locator(".ae-keys").scroll_into_view_if_needed()
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
    page.keyboard.press("3")
    expect(page.locator(".ae-panel .told")).to_contain_text("out of view")
    assert rows_of(desk) == []
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    page.keyboard.press("3")
    expect(page.locator(".ae-history li")).to_have_count(1)
    assert [key for key, _ in rows_of(desk)] == [desk.keys[5]]
