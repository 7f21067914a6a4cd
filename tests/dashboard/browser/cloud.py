"""The cloud of an open page, as tests point at it."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from playwright.sync_api import Locator

from dashboard.server.assets import module_url
from tests.dashboard.browser.conftest import SLOW, Visit

PLACE_OF = """async ([folder, layout, row]) => {
  const { load } = await import(`${folder}points.js`)
  const { View } = await import(`${folder}view.js`)
  const fetched = performance.getEntriesByType("resource").map((entry) => entry.name)
  const address = fetched.find((name) => name.includes(".bin?v="))
  const column = (await load(address)).columns.get(layout)
  const host = document.querySelector("[data-testid=stBidiComponentIsolated]")
  const stage = host.shadowRoot.querySelector(".stage")
  const view = new View(layout, column)
  view.resize(stage.clientWidth, stage.clientHeight)
  return view.toScreen(column.values[2 * row] / 65534, column.values[2 * row + 1] / 65534)
}"""


class Cloud:
    """The cloud of ``layout`` on a page that is open, or opens in place of one with another."""

    def __init__(self, visit: Visit, layout: str) -> None:
        self.visit, self.page, self.layout = visit, visit.page, layout
        self.stage = self.page.locator(f'.stage[data-drawn][data-layout="{layout}"]')
        self.stage.wait_for(timeout=SLOW)
        self.stage.scroll_into_view_if_needed()

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where the share (x, y) of the stage is on the page."""
        box = self.stage.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def point(self, row: int) -> tuple[float, float]:
        """Where painting ``row`` is on the page, unzoomed."""
        x, y = self.page.evaluate(PLACE_OF, [module_url(""), self.layout, row])
        box = self.stage.bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def draw(self, *corners: tuple[float, float]) -> None:
        """Drags along corners given as shares of the stage."""
        first, *rest = (self.at(*corner) for corner in corners)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for corner in rest:
            self.page.mouse.move(*corner, steps=6)
        self.page.mouse.up()

    def tool(self, label: str) -> Locator:
        return self.page.get_by_role("toolbar").get_by_role("button", name=label)

    def entry(self, label: str) -> Locator:
        return self.page.locator(".legend").get_by_role("button", name=label)

    def pixels(self) -> np.ndarray:
        """(h, w, 3) of the points' canvas as it is on the screen, once it has come to rest."""
        self.page.mouse.move(0, 0)
        seen = [self.look()]

        def is_at_rest() -> bool:
            seen.append(self.look())
            return np.array_equal(seen[-2], seen[-1])

        self.visit.until(is_at_rest)
        return seen[-1]

    def look(self) -> np.ndarray:
        """(h, w, 3) of the points' canvas, wherever the pointer is and whatever still moves."""
        return np.asarray(Image.open(io.BytesIO(self.stage.screenshot())).convert("RGB"))

    def coloured(self) -> int:
        """Pixels that are neither grey nor nearly so."""
        pixels = self.pixels().astype(int)
        return int((np.ptp(pixels, axis=2) > 60).sum())


def heading(visit: Visit) -> Locator:
    return visit.page.locator('[data-testid="stMain"] h2').first
