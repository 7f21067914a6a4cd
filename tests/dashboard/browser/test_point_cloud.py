"""The point cloud under real pointers, keys, and graphics that fail."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from core.artifacts import Run
from dashboard.components.point_cloud.modules import FOLDER, module_url
from dashboard.data import OpenRun
from dashboard.filters import inside, parse_outlines
from dashboard.points import build_columns, encode_rows, pack_points
from tests.dashboard.browser.conftest import SLOW, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

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
    """The cloud of a page that is open."""

    def __init__(self, visit: Visit, layout: str) -> None:
        self.visit, self.page, self.layout = visit, visit.page, layout
        self.stage = self.page.locator(".stage[data-drawn]")
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
        """(h, w, 3) of the points' canvas as it is on the screen."""
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(300)
        return np.asarray(Image.open(io.BytesIO(self.stage.screenshot())).convert("RGB"))

    def coloured(self) -> int:
        """Pixels that are neither grey nor nearly so."""
        pixels = self.pixels().astype(int)
        return int((np.ptp(pixels, axis=2) > 60).sum())


@pytest.fixture
def opened(run: Run) -> OpenRun:
    from dashboard.data import build_table

    return OpenRun(run, build_table(run))


@pytest.fixture
def map_page(visit: Visit) -> Cloud:
    visit.open("/map")
    return Cloud(visit, "map")


@pytest.fixture
def quadrants_page(visit: Visit) -> Cloud:
    visit.open("/outliers")
    return Cloud(visit, "quadrants")


def heading(visit: Visit) -> Locator:
    return visit.page.locator("h2").first


def evaluate_module(visit: Visit, body: str, argument: object = None) -> Any:
    """Runs ``body``, which sees ``folder`` and ``given``, on a page of the server."""
    visit.page.goto(f"{visit.server}/_stcore/health")
    return visit.page.evaluate(
        f"async ([folder, given]) => {{ {body} }}", [module_url(""), argument]
    )


def test_every_module_loads(visit: Visit) -> None:
    names = [path.name for path in FOLDER.glob("*.js")]
    body = """const loaded = await Promise.all(given.map((name) => import(folder + name)))
      return loaded.map((module) => Object.keys(module).length)"""
    assert all(evaluate_module(visit, body, names))


def test_the_browser_unpacks_what_the_server_packed(visit: Visit, opened: OpenRun) -> None:
    columns = build_columns(opened.table, opened.run.manifest.classes, opened.ceiling)
    body = """const { decode } = await import(folder + "points.js")
      const points = decode(Uint8Array.from(given).buffer)
      const columns = [...points.columns].map(([name, { values }]) => [name, [...values]])
      return Object.fromEntries(columns)"""
    found = evaluate_module(visit, body, list(pack_points(columns).body))
    assert list(found) == [column.name for column in columns]
    for column in columns:
        assert found[column.name] == column.values.reshape(-1).tolist()


def test_what_are_no_points_is_refused(visit: Visit) -> None:
    body = """const { decode } = await import(folder + "points.js")
      try { decode(new TextEncoder().encode("<!DOCTYPE html>").buffer) }
      catch (error) { return error.message }"""
    assert "no points" in evaluate_module(visit, body)


def test_the_browser_reads_the_rows_the_server_shows(visit: Visit) -> None:
    rows = np.random.default_rng(1).random(1003) < 0.3
    body = """const { decodeRows } = await import(folder + "points.js")
      return [...(await decodeRows(given, 1003))]"""
    assert evaluate_module(visit, body, encode_rows(rows)) == rows.astype(int).tolist()


def test_server_and_browser_agree_on_what_lies_inside(visit: Visit) -> None:
    rng = np.random.default_rng(2)
    outline = [[round(v, 3) for v in corner] for corner in rng.random((12, 2)).tolist()]
    points = rng.random((400, 2)).tolist()
    body = """const { contains, format, parse } = await import(folder + "outlines.js")
      const [outline] = parse(format([given.outline]))
      return given.points.map(([x, y]) => contains(outline, x, y))"""
    found = evaluate_module(visit, body, {"outline": outline, "points": points})
    x, y = np.array(points).T
    assert found == inside([tuple(map(tuple, outline))], x, y).tolist()


def test_a_long_outline_is_thinned_and_keeps_its_shape(visit: Visit) -> None:
    body = """const { simplify, format } = await import(folder + "outlines.js")
      const turns = Array.from({ length: 900 }, (_, step) => (step / 900) * 2 * Math.PI)
      const circle = turns.map((turn) => [500 + 400 * Math.cos(turn), 500 + 300 * Math.sin(turn)])
      return format([simplify(circle)])"""
    text = evaluate_module(visit, body)
    (outline,) = parse_outlines(text)
    assert len(outline) <= 48
    assert len(text) < 1000
    x, y = np.array(outline).T
    area = 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))
    assert area == pytest.approx(np.pi * 400 * 300, rel=0.02)


def test_a_lasso_selects_and_its_link_reopens_it(map_page: Cloud, opened: OpenRun) -> None:
    visit = map_page.visit
    map_page.tool("Draw around points").click()
    map_page.draw((0.25, 0.2), (0.6, 0.15), (0.7, 0.6), (0.4, 0.85), (0.22, 0.5), (0.25, 0.2))
    expect(heading(visit)).to_contain_text("in the selection")
    expect(visit.page).to_have_url(re.compile("region="))
    region = visit.page.evaluate("new URL(location.href).searchParams.get('region')")
    assert len(region) < 1000
    selected = inside(parse_outlines(region), opened.table["x"], opened.table["y"]).sum()
    assert 0 < selected < 60
    text = f"{selected}\u00a0painting{'s' if selected > 1 else ''} in the selection"
    expect(heading(visit)).to_have_text(text)
    visit.open(visit.page.url.removeprefix(visit.server))
    expect(heading(visit)).to_have_text(text)
    expect(visit.page.locator(".unseen").first).to_contain_text(f"{selected} of them are selected")
    visit.page.get_by_role("button", name="Clear selection").click()
    expect(heading(visit)).to_have_text(re.compile(r"^60.paintings$"))


def test_what_a_lasso_sends_is_small(map_page: Cloud) -> None:
    sent: list[int] = []

    def count(payload: str | bytes) -> None:
        sent.append(len(payload))

    # The socket is open already: a fresh visit is heard from its start.
    page = map_page.page
    page.on("websocket", lambda socket: socket.on("framesent", count))
    map_page.visit.open("/map")
    again = Cloud(map_page.visit, "map")
    sent.clear()
    again.tool("Draw around points").click()
    steps = np.linspace(0, 2 * np.pi, 60)
    again.draw(*[(0.5 + 0.3 * float(np.cos(t)), 0.5 + 0.35 * float(np.sin(t))) for t in steps])
    expect(heading(again.visit)).to_contain_text("in the selection")
    again.visit.settle()
    assert 0 < sum(sent) < 2_500


def test_a_box_selects_among_the_quadrants(quadrants_page: Cloud) -> None:
    visit = quadrants_page.visit
    quadrants_page.stage.focus()
    visit.page.keyboard.press("b")
    quadrants_page.draw((0.5, 0.1), (0.98, 0.7))
    expect(heading(visit)).to_contain_text("in the selection")
    area = visit.page.evaluate("new URL(location.href).searchParams.get('area')")
    (outline,) = parse_outlines(area)
    assert len(outline) == 4
    visit.page.keyboard.press("Escape")
    expect(visit.page).not_to_have_url(re.compile("area="))


def test_a_click_opens_the_painting_under_it(map_page: Cloud, opened: OpenRun) -> None:
    row = int(opened.table["x"].idxmax())  # lies apart from all others
    map_page.page.mouse.click(*map_page.point(row))
    expect(map_page.page).to_have_url(re.compile("/painting\\?"))
    expect(map_page.page.locator("h1")).to_have_text(str(opened.table.loc[row, "title"]))
    expect(map_page.page).to_have_url(re.compile("painting="))


def test_the_card_says_what_is_under_the_pointer(map_page: Cloud, opened: OpenRun) -> None:
    row = int(opened.table["x"].idxmin())
    map_page.page.mouse.move(*map_page.point(row))
    card = map_page.page.locator(".card")
    expect(card).to_be_visible()
    expect(card.locator(".title")).to_have_text(f"Painting {row}")
    expect(card.locator(".verdict")).to_contain_text("Labelled")
    expect(card.locator("img")).to_have_js_property("complete", True)
    assert card.locator("img").evaluate("picture => picture.naturalWidth") > 0
    map_page.page.mouse.move(*map_page.at(0.5, 1.2))
    expect(card).to_be_hidden()


def test_titles_are_text(map_page: Cloud, opened: OpenRun) -> None:
    title = "<script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'> 🎨 " * 4
    facts = {"title": title, "byline": "b", "verdict": "v", "picture": "", "alt": "", "key": "k"}
    map_page.page.route("**/points/*/*.json", lambda route: route.fulfill(body=json.dumps(facts)))
    map_page.page.mouse.move(*map_page.point(int(opened.table["x"].idxmin())))
    expect(map_page.page.locator(".card .title")).to_have_text(title.strip())
    assert map_page.page.evaluate("window.harmed") is None


def test_a_line_can_be_dragged(quadrants_page: Cloud) -> None:
    page = quadrants_page.page
    line = page.locator(".threshold.loss")
    before = float(line.get_attribute("aria-valuenow") or "nan")
    box = line.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=6)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"loss=\d"))
    after = page.evaluate("Number(new URL(location.href).searchParams.get('loss'))")
    assert after > before
    slider = page.get_by_test_id("stSidebar").get_by_role("slider", name="High loss from")
    expect(slider).to_have_value(str(after))


def test_a_line_moves_by_keys(quadrants_page: Cloud) -> None:
    page = quadrants_page.page
    line = page.locator(".threshold.confidence")
    before = float(line.get_attribute("aria-valuenow") or "nan")
    line.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("new URL(location.href).searchParams.has('confidence')")
    after = page.evaluate("Number(new URL(location.href).searchParams.get('confidence'))")
    assert after == pytest.approx(before + 0.03, abs=0.011)


def test_the_legend_switches_a_class_off_and_on(map_page: Cloud) -> None:
    visit = map_page.visit
    entry = map_page.entry("Cubism")
    before = map_page.coloured()
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "false")
    expect(visit.page).to_have_url(re.compile("hidden=Cubism"))
    expect(heading(visit)).not_to_have_text(re.compile(r"^60.paintings$"))
    assert map_page.coloured() < before
    visit.open(visit.page.url.removeprefix(visit.server))
    expect(entry).to_have_attribute("aria-pressed", "false")
    entry.click()
    expect(visit.page).not_to_have_url(re.compile("hidden="))
    expect(heading(visit)).to_have_text(re.compile(r"^60.paintings$"))


def test_shift_and_click_shows_one_class_alone(map_page: Cloud) -> None:
    map_page.entry("Cubism").click(modifiers=["Shift"])
    expect(map_page.entry("Baroque")).to_have_attribute("aria-pressed", "false")
    expect(map_page.entry("Cubism")).to_have_attribute("aria-pressed", "true")
    expect(map_page.page).to_have_url(re.compile("hidden=Baroque"))


def test_scores_have_a_ramp_instead(visit: Visit) -> None:
    visit.open("/map?colour=loss")
    cloud = Cloud(visit, "map")
    expect(visit.page.locator(".legend .ramp")).to_contain_text("Loss")
    expect(visit.page.locator(".legend button")).to_have_count(0)
    assert cloud.coloured() > 50


def test_a_filter_leaves_the_others_as_ghosts(visit: Visit) -> None:
    visit.open("/map")
    everything = Cloud(visit, "map").coloured()
    visit.open("/map?given=Cubism")
    cloud = Cloud(visit, "map")
    assert 0 < cloud.coloured() < everything
    expect(visit.page.locator(".unseen").first).to_contain_text(re.compile(r"\d+ of 60 paintings"))


def test_keys_pan_zoom_and_open(map_page: Cloud) -> None:
    page = map_page.page
    whole = map_page.pixels()
    map_page.tool("Draw around points").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(map_page.stage).to_be_focused()
    page.keyboard.press("+")
    page.keyboard.press("+")
    zoomed = map_page.pixels()
    assert (whole != zoomed).any()
    page.keyboard.press("ArrowRight")
    moved = map_page.pixels()
    assert (moved != zoomed).any()
    page.keyboard.press("0")
    page.wait_for_timeout(200)
    page.keyboard.press("+")  # and a painting is near the middle
    expect(page.locator(".card")).to_be_visible()
    expect(page.locator("[aria-live]").last).not_to_be_empty()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/painting\\?"))


def test_the_wheel_zooms_in_and_shows_pictures(map_page: Cloud) -> None:
    page = map_page.page
    with page.expect_request(re.compile(r"/images/synthetic-1/\d+/160\.jpg")):
        page.mouse.move(*map_page.at(0.5, 0.5))
        for _ in range(6):
            page.mouse.wheel(0, -240)
            page.wait_for_timeout(40)


def test_the_page_scrolls_where_there_is_nothing_to_zoom_out_of(map_page: Cloud) -> None:
    page = map_page.page
    top = "document.querySelector('[data-testid=stMain]').scrollTop"
    page.mouse.move(*map_page.at(0.5, 0.5))
    before = page.evaluate(top)
    page.mouse.wheel(0, 300)
    page.wait_for_function(f"{top} > {before} + 50")


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
    page.wait_for_timeout(300)
    assert map_page.coloured() < before / 2
    page.evaluate("window.loser.restoreContext()")
    page.wait_for_timeout(500)
    assert map_page.coloured() == pytest.approx(before, rel=0.05)


def test_points_are_drawn_with_the_older_webgl(visit: Visit) -> None:
    visit.page.add_init_script("""
      const get = HTMLCanvasElement.prototype.getContext
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind === "webgl2" ? null : get.call(this, kind, ...rest)
      }""")
    visit.open("/map")
    cloud = Cloud(visit, "map")
    assert cloud.coloured() > 100
    version = visit.page.evaluate("""() => document
      .querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot
      .querySelector("canvas.points").getContext("webgl").getParameter(7938)""")
    assert version.startswith("WebGL 1")


def test_without_webgl_the_server_draws(blind_visit: Visit) -> None:
    blind_visit.open("/map")
    cloud = Cloud(blind_visit, "map")
    expect(blind_visit.page.get_by_text("This browser has no WebGL")).to_be_visible()
    blind_visit.settle()
    blind_visit.page.wait_for_timeout(500)
    assert cloud.coloured() > 100
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


def test_an_upload_is_ringed_on_the_map(visit: Visit) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), (180, 60, 40)).save(buffer, "JPEG")
    visit.open("/classify")
    visit.page.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
    )
    expect(visit.page.get_by_text("The model sees").first).to_be_visible()
    assert Cloud(visit, "map").coloured() > 100
    expect(visit.page.locator(".stage")).to_have_attribute(
        "aria-label", "Position of the picture on the style map"
    )


def test_the_cloud_survives_leaving_and_coming_back(map_page: Cloud) -> None:
    visit = map_page.visit
    fetched: list[str] = []
    visit.page.on("request", lambda request: fetched.append(request.url))
    visit.page.get_by_role("link", name="Outliers").click()
    Cloud(visit, "quadrants")
    visit.page.get_by_role("link", name="Style map").click()
    expect(visit.page.locator("h1")).to_have_text("What lies near what")
    assert Cloud(visit, "map").coloured() > 100
    assert not [url for url in fetched if ".bin" in url]
