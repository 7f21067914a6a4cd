"""A queue in which nobody has judged anything, and a witness of what is pressed there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bench.server import serve
from core.artifacts import open_run
from core.reviews import open_log
from tests.dashboard.browser.conftest import VIEWPORT, Visit
from tests.synthetic_run import build_run

PAINTINGS = 800  # about one in three looks like a painting
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


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("many")
    build_run(root, paintings=PAINTINGS)
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
