"""What people do on the point cloud, under real pointers and keys."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from dashboard.runs.open_run import OpenRun
from dashboard.selection.outlines import inside, parse_outlines
from tests.dashboard.browser.cloud import Cloud, heading
from tests.dashboard.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def map_page(visit: Visit) -> Cloud:
    visit.open("/map")
    return Cloud(visit, "map")


@pytest.fixture
def quadrants_page(visit: Visit) -> Cloud:
    visit.open("/outliers")
    return Cloud(visit, "quadrants")


def test_a_lasso_selects_and_its_link_reopens_it(map_page: Cloud, opened: OpenRun) -> None:
    visit = map_page.visit
    map_page.tool("Draw around points").click()
    map_page.draw((0.25, 0.2), (0.6, 0.15), (0.7, 0.6), (0.4, 0.85), (0.22, 0.5), (0.25, 0.2))
    expect(heading(visit)).to_contain_text("in the selection")
    expect(visit.page).to_have_url(re.compile("region="))
    region = visit.page.evaluate("new URL(location.href).searchParams.get('region')")
    assert len(region) < 1000
    selected = inside(
        parse_outlines(region), *(opened.table[axis].to_numpy() for axis in ("x", "y"))
    ).sum()
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
    expect(visit.page).to_have_url(re.compile("area="))
    area = visit.page.evaluate("new URL(location.href).searchParams.get('area')")
    (outline,) = parse_outlines(area)
    assert len(outline) == 4
    visit.page.keyboard.press("Escape")
    expect(visit.page).not_to_have_url(re.compile("area="))


def test_a_click_opens_the_painting_under_it(map_page: Cloud, opened: OpenRun) -> None:
    row = int(opened.table["x"].argmax())  # lies apart from all others
    map_page.page.mouse.click(*map_page.point(row))
    expect(map_page.page).to_have_url(re.compile("/painting\\?"))
    expect(map_page.page.locator("h1")).to_have_text(str(opened.table.loc[row, "title"]))
    expect(map_page.page).to_have_url(re.compile("painting="))


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("layout", ["quadrants", "map"])
def test_the_tools_cover_no_point(visit: Visit, layout: str, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.open("/outliers" if layout == "quadrants" else "/map")
    cloud = Cloud(visit, layout)
    cloud.stage.focus()
    visit.page.keyboard.press("l")
    cloud.draw((0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98))
    expect(cloud.tool("Clear the selection")).to_be_visible()  # the last tool to come
    bar = visit.page.get_by_role("toolbar", name="Tools of the point cloud")
    tools, stage = bar.bounding_box(), cloud.stage.bounding_box()
    assert tools is not None
    assert stage is not None
    assert tools["y"] + tools["height"] <= stage["y"]
    assert tools["x"] >= 0
    assert tools["x"] + tools["width"] <= width


def test_the_card_says_what_is_under_the_pointer(map_page: Cloud, opened: OpenRun) -> None:
    row = int(opened.table["x"].argmin())
    map_page.page.mouse.move(*map_page.point(row))
    card = map_page.page.locator(".card")
    expect(card).to_be_visible()
    expect(card.locator(".title")).to_have_text(f"Painting {row}")
    expect(card.locator(".reason")).to_contain_text("Labelled")
    expect(card.locator("img")).to_have_js_property("complete", True)
    assert card.locator("img").evaluate("picture => picture.naturalWidth") > 0
    map_page.page.mouse.move(*map_page.at(0.5, 1.2))
    expect(card).to_be_hidden()


def test_titles_are_text(map_page: Cloud, opened: OpenRun) -> None:
    title = "<script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'> 🎨 " * 4
    facts = {"title": title, "byline": "b", "verdict": "v", "picture": "", "alt": "", "key": "k"}
    map_page.page.route("**/points/*/*.json", lambda route: route.fulfill(body=json.dumps(facts)))
    map_page.page.mouse.move(*map_page.point(int(opened.table["x"].argmin())))
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
    at = "Number(new URL(location.href).searchParams.get('confidence'))"
    page.wait_for_function(f"Math.abs({at} - {before + 0.03}) <= 0.011")  # three steps of .01


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
    map_page.tool("Save as a picture").focus()
    page.keyboard.press("Tab")
    expect(map_page.stage).to_be_focused()
    page.keyboard.press("+")
    page.keyboard.press("+")
    zoomed = map_page.pixels()
    assert (whole != zoomed).any()
    page.keyboard.press("ArrowRight")
    moved = map_page.pixels()
    assert (moved != zoomed).any()
    page.keyboard.press("0")
    map_page.pixels()  # once it has come to rest
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
    expect(visit.page.locator("h1")).to_have_text("Similar paintings lie together")
    assert Cloud(visit, "map").coloured() > 100
    assert not [url for url in fetched if ".bin" in url]


@pytest.mark.parametrize("path", ["outliers", "map"])
def test_a_wide_window_shows_pictures_beside_the_cloud_and_lights_their_points(
    visit: Visit, path: str
) -> None:
    page = visit.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    visit.open(f"/{path}")
    cloud = Cloud(visit, "map" if path == "map" else "quadrants")
    image = page.locator(".ae-card img").first
    expect(image).to_be_in_viewport()
    stage, card = cloud.stage.bounding_box(), image.bounding_box()
    assert stage is not None
    assert card is not None
    assert card["x"] > stage["x"] + stage["width"]
    expect(image).to_have_js_property("complete", True)
    before = cloud.pixels()
    image.hover()
    cloud.visit.until(lambda: bool((cloud.look() != before).any()))
    cloud.visit.until(lambda: bool((cloud.pixels() == before).all()))  # the pointer has left
    page.set_viewport_size({"width": 1280, "height": 900})

    def is_below() -> bool:
        stage, card = cloud.stage.bounding_box(), image.bounding_box()
        assert stage is not None
        assert card is not None
        return card["y"] > stage["y"] + stage["height"]

    cloud.visit.until(is_below)


@pytest.mark.parametrize(("tool", "corners"), [("b", 2), ("l", 4)])
def test_keys_alone_draw_around_points(visit: Visit, tool: str, corners: int) -> None:
    """Right half of the cloud, from its middle to its right edge."""
    visit.open("/outliers")
    page, cloud = visit.page, Cloud(visit, "quadrants")
    whole = heading(visit).inner_text()
    cloud.stage.focus()
    page.keyboard.press(tool)
    ways = [("ArrowUp", 30), ("ArrowRight", 40), ("ArrowDown", 60), ("ArrowLeft", 40)]
    page.keyboard.press("Space")
    for way, steps in ways[: 2 if tool == "b" else 4]:
        for _ in range(steps):
            page.keyboard.press(way)
        if tool == "l":
            page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(heading(visit)).not_to_have_text(whole)
    visit.settle()
    chosen = int(heading(visit).inner_text().split()[0])
    assert 0 < chosen < int(whole.split()[0])
    expect(page).to_have_url(re.compile("area="))
    cloud.stage.focus()
    page.keyboard.press("Escape")
    expect(heading(visit)).to_have_text(whole)


def test_a_drawing_by_keys_is_told_and_can_be_given_up(visit: Visit) -> None:
    visit.open("/outliers")
    page, cloud = visit.page, Cloud(visit, "quadrants")
    address = page.url
    cloud.stage.focus()
    page.keyboard.press("l")
    page.keyboard.press("Space")
    live = page.locator("[aria-live=polite]", has_text="Corner 1 is set.")
    expect(live).to_have_count(1)
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.wait_for_timeout(500)
    assert page.url == address
