"""python -m bench.film_strip ARTIFACTS OUT.png: one curator's hour in ten pictures.

Starts a dashboard over the newest run of ARTIFACTS, with verdicts of its own that are thrown away,
goes through the hour in Chromium by keys and clicks, and joins the
screenshots. Each step waits for what it should show, and fails where that does not come.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from bench.browser import CHROMIUM, FLAGS, WEBGL
from bench.server import serve

SIZE: Final = (1280, 800)
COLUMNS: Final = 2
WIDTH: Final = 800  # pixels of each picture in the strip
GAP: Final = 12
COLOURS: Final = 256
SLOW: Final = 60_000  # milliseconds
IDLE: Final = "[data-testid='stApp'][data-test-script-state='notRunning']"


def settle(page: Page) -> None:
    """Waits until the page is drawn."""
    page.wait_for_selector("h1", timeout=SLOW)
    page.wait_for_selector(IDLE, timeout=SLOW)
    page.wait_for_timeout(1_200)  # pictures and links follow the script


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    settle(page)


def draw_around_points(page: Page) -> None:
    """A lasso around the top right of the cloud."""
    stage = page.locator(".stage[data-drawn]")
    stage.wait_for(timeout=SLOW)
    page.get_by_role("toolbar").get_by_role("button", name="Draw around points").click()
    box = stage.bounding_box()
    assert box is not None
    corners = ((0.62, 0.05), (0.98, 0.05), (0.98, 0.5), (0.62, 0.5), (0.62, 0.05))
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()
    expect(page.locator("h2", has_text="in the selection")).to_be_visible(timeout=SLOW)
    settle(page)


def look(page: Page) -> None:
    expect(page.get_by_role("region", name="First steps")).to_be_visible()


def select(page: Page) -> None:
    follow(page, "Outliers")
    draw_around_points(page)


def see_pictures(page: Page) -> None:
    page.locator(".ae-card img").first.evaluate(
        "each => each.closest('.ae-gallery').scrollIntoView({ block: 'start' })"
    )
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollBy(0, -110)")
    page.wait_for_timeout(800)


def keep_as_set(page: Page) -> None:
    page.get_by_role("button", name="Save as a set").click()
    page.get_by_label("Name of the set").fill("To look at in the store")
    page.get_by_label("Your name, to sign it").fill("Ada")
    page.get_by_role("button", name=re.compile(r"^Save \d")).click()
    expect(page.get_by_test_id("stToast")).to_contain_text("To look at in the store")
    settle(page)


def open_painting(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(".ae-card > a").first.click()
    page.locator(".ae-viewer.ready").wait_for(timeout=SLOW)
    settle(page)


def begin_review(page: Page) -> None:
    follow(page, "Reviews")
    expect(page.locator("button[data-verdict=unsure]")).to_be_enabled(timeout=SLOW)


def compare(page: Page) -> None:
    page.keyboard.press("c")
    expect(page.locator(".ae-panel .compared img").first).to_be_visible(timeout=SLOW)
    page.wait_for_timeout(1_000)


def take_back(page: Page) -> None:
    page.keyboard.press("c")
    expect(page.locator(".ae-panel .compared")).to_be_hidden(timeout=SLOW)
    settle(page)
    expect(page.locator("button[data-verdict=unsure]")).to_be_enabled(timeout=SLOW)
    title = page.locator(".ae-panel h2")
    first = title.inner_text()
    page.keyboard.press("4")
    expect(title).not_to_have_text(first, timeout=SLOW)
    expect(page.locator("[data-act=undo]")).to_be_enabled(timeout=SLOW)
    page.keyboard.press("u")
    expect(page.get_by_test_id("stToast")).to_contain_text("Undone", timeout=SLOW)
    expect(title).to_have_text(first, timeout=SLOW)


def search(page: Page) -> None:
    settle(page)
    page.get_by_role("combobox", name="Search paintings").click()
    page.keyboard.type("1880..1920")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("text="), timeout=SLOW)
    settle(page)
    see_pictures(page)


def take_along(page: Page) -> None:
    follow(page, "Reviews")
    page.get_by_role("radio", name="Export and import").click()
    expect(page.get_by_role("heading", name="For your catalogue")).to_be_visible(timeout=SLOW)
    settle(page)


STEPS: Final[tuple[Callable[[Page], None], ...]] = (
    *(look, select, see_pictures, keep_as_set, open_painting),
    *(begin_review, compare, take_back, search, take_along),
)


def shoot(address: str) -> list[Image.Image]:
    """A picture of the window after each step."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *WEBGL])
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.goto(address, timeout=SLOW)
        settle(page)
        pictures = []
        for step in STEPS:
            step(page)
            pictures.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        browser.close()
    return pictures


def join(pictures: list[Image.Image]) -> Image.Image:
    """The pictures as a sheet, in the order of reading."""
    height = WIDTH * SIZE[1] // SIZE[0]
    rows = -(-len(pictures) // COLUMNS)
    size = (COLUMNS * (WIDTH + GAP) + GAP, rows * (height + GAP) + GAP)
    sheet = Image.new("RGB", size, "#b9b4aa")
    for place, picture in enumerate(pictures):
        row, column = divmod(place, COLUMNS)
        small = picture.resize((WIDTH, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (GAP + column * (WIDTH + GAP), GAP + row * (height + GAP)))
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("artifacts", type=Path, help="folder of runs")
    parser.add_argument("out", type=Path, help="PNG to write")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(chosen.artifacts, str(Path(folder) / "reviews.sqlite")) as (address, _),
    ):
        pictures = shoot(address)
    join(pictures).quantize(COLOURS).save(chosen.out, optimize=True)
    print(f"{len(pictures)} pictures in {chosen.out}")


if __name__ == "__main__":
    main()
