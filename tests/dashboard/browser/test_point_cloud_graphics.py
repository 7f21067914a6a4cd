"""The point cloud on graphics that fail, that are old, that are not there, and on fine screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.dashboard.browser.cloud import Cloud, heading
from tests.dashboard.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Put into a page: its browser knows the first WebGL only.
OLDER = """
  const get = HTMLCanvasElement.prototype.getContext
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind === "webgl2" ? null : get.call(this, kind, ...rest)
  }"""


@pytest.fixture
def map_page(visit: Visit) -> Cloud:
    visit.open("/map")
    return Cloud(visit, "map")


def test_a_lost_context_comes_back(map_page: Cloud) -> None:
    page = map_page.page
    before = map_page.coloured()
    assert before > 100
    page.evaluate("""() => {
      const host = document.querySelector("[data-testid=stBidiComponentIsolated]")
      const canvas = host.shadowRoot.querySelector("canvas.points")
      window.loser = canvas.getContext("webgl2").getExtension("WEBGL_lose_context")
      window.loser.loseContext()
    }""")
    map_page.visit.until(lambda: map_page.coloured() < before / 2)
    page.evaluate("window.loser.restoreContext()")
    map_page.visit.until(lambda: map_page.coloured() == pytest.approx(before, rel=0.05))


def test_points_are_drawn_with_the_older_webgl(visit: Visit) -> None:
    visit.page.add_init_script(OLDER)
    visit.open("/map")
    cloud = Cloud(visit, "map")
    assert cloud.coloured() > 100
    version = visit.page.evaluate("""() => document
      .querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot
      .querySelector("canvas.points").getContext("webgl").getParameter(7938)""")
    assert version.startswith("WebGL 1")


@pytest.mark.parametrize("address", ["/map?given=Cubism", "/map"])
def test_points_look_alike_kept_as_a_picture_and_drawn_directly(visit: Visit, address: str) -> None:
    visit.open(address)
    cloud = Cloud(visit, "map")
    kept = cloud.pixels().astype(int)
    assert cloud.coloured() > 100
    visit.page.add_init_script(OLDER)  # which keeps no picture
    visit.open(address)
    drawn = Cloud(visit, "map").pixels().astype(int)
    assert (np.abs(kept - drawn).max(axis=2) > 8).mean() < 0.0005


def test_without_webgl_the_server_draws(blind_visit: Visit) -> None:
    blind_visit.open("/map")
    cloud = Cloud(blind_visit, "map")
    expect(blind_visit.page.get_by_text("This browser has no WebGL")).to_be_visible()
    blind_visit.settle()
    cloud.visit.until(lambda: cloud.coloured() > 100)
    cloud.tool("Draw around points").click()
    cloud.draw((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
    expect(heading(blind_visit)).to_contain_text("in the selection")


@pytest.fixture
def sharp_visit(browser: Any, server: str) -> Iterator[Visit]:
    context = browser.browser.new_context(
        viewport={"width": 1280, "height": 900}, device_scale_factor=1.5, color_scheme="dark"
    )
    visit = Visit(context.new_page(), server)
    yield visit
    context.close()
    assert visit.errors == []


def test_a_scaled_display_gets_all_its_pixels(sharp_visit: Visit) -> None:
    sharp_visit.open("/map")
    cloud = Cloud(sharp_visit, "map")
    canvas = sharp_visit.page.locator("canvas.points")
    shown, real = canvas.evaluate("canvas => [canvas.clientWidth, canvas.width]")
    assert real == round(shown * 1.5)
    assert cloud.pixels()[30, 30].max() < 60  # dark
