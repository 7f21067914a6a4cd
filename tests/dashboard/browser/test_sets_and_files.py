"""Selections kept and taken along: drawn, saved, reopened by a link, downloaded."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Download, expect

from dashboard.runs.open_run import OpenRun
from tests.dashboard.browser.cloud import Cloud, heading
from tests.dashboard.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def download(visit: Visit, button: str) -> Download:
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name=button).click()
    return waiting.value


def content(found: Download) -> bytes:
    return Path(found.path()).read_bytes()


def test_a_lasso_is_saved_as_a_set_reopened_by_its_link_and_downloaded(visit: Visit) -> None:
    page = visit.page
    visit.open("/map")
    cloud = Cloud(visit, "map")
    cloud.tool("Draw around points").click()
    cloud.draw((0.25, 0.2), (0.6, 0.15), (0.7, 0.6), (0.4, 0.85), (0.22, 0.5), (0.25, 0.2))
    expect(heading(visit)).to_contain_text("in the selection")
    visit.settle()
    selected = int(re.findall(r"\d+", heading(visit).inner_text())[0])
    page.get_by_role("button", name="Save as a set").click()
    page.get_by_label("Name of the set").fill("Left of the middle")
    page.get_by_label("Your name, to sign it").fill("Ada")
    page.get_by_role("button", name=f"Save {selected}").click()
    expect(page.get_by_text("as “Left of the middle”")).to_be_visible()
    visit.settle()
    page.get_by_role("link", name="Sets").click()
    page.get_by_role("link", name="Left of the middle").click()
    expect(page).to_have_url(re.compile("/outliers\\?.*set="))
    expect(heading(visit)).to_have_text(f"{selected}\u00a0paintings")
    visit.settle()
    address = page.url.removeprefix(visit.server)
    visit.open(address)
    expect(heading(visit)).to_have_text(f"{selected}\u00a0paintings")
    expect(page.locator(".unseen").first).to_contain_text(f"{selected} of 60 paintings")
    page.get_by_role("button", name="Download").click()
    table = pd.read_csv(io.BytesIO(content(download(visit, "Table (CSV)"))))
    assert len(table) == selected
    assert {"key", "given_style", "predicted_style", "score", "reason", "verdict"} <= set(table)
    parquet = pd.read_parquet(io.BytesIO(content(download(visit, "Table (Parquet)"))))
    assert parquet["key"].tolist() == table["key"].tolist()


def test_a_dialog_says_itself_what_it_lacks(visit: Visit) -> None:
    page = visit.page
    visit.open("/outliers?given=Cubism")
    page.get_by_role("button", name="Save as a set").click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_label("Your name, to sign it").fill("Ada")
    body.get_by_role("button", name="Save ").click()
    expect(body.get_by_role("alert")).to_contain_text("Name the set")
    expect(body.get_by_role("alert")).to_be_in_viewport()


def test_judging_all_asks_for_the_name_in_place(visit: Visit) -> None:
    page = visit.page
    visit.open("/outliers?given=Cubism")
    page.get_by_role("button", name="Judge all").click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_role("button", name="Go on").click()
    expect(body.get_by_role("alert")).to_be_visible()
    body.get_by_label("Your name, to sign it").fill("Ada")
    body.get_by_role("button", name="Go on").click()
    expect(body.get_by_label("Verdict on every style label")).to_be_visible()


def test_a_search_on_the_map_rings_what_it_finds_and_flies_to_it(
    visit: Visit, opened: OpenRun
) -> None:
    page = visit.page
    visit.open("/map")
    cloud = Cloud(visit, "map")
    whole = cloud.pixels()
    page.get_by_label("Find on the map").fill("Painting 11")
    page.keyboard.press("Enter")
    expect(page.locator("p.ae-note b").first).to_have_text("Painting 11")
    expect(page).to_have_url(re.compile("find=Painting.11&focus="))
    visit.settle()
    cloud.visit.until(lambda: bool((cloud.pixels() != whole).any()))
    page.get_by_label("Find on the map").fill("klint")
    page.keyboard.press("Enter")
    number = int((opened.table["artist"] == "Hilma af Klint").sum())
    expect(page.get_by_text(f"1 of {number}:")).to_be_visible()
    visit.settle()
    page.get_by_role("button", name="Next", exact=True).click()
    second = page.locator("p.ae-note", has_text=f"2 of {number}:")
    expect(second).to_be_visible()
    visit.settle()
    text = second.inner_text()
    visit.open(page.url.removeprefix(visit.server))
    expect(second).to_have_text(text)
    middle = page.locator("p.ae-note b").first.inner_text()
    cloud = Cloud(visit, "map")
    page.mouse.move(*cloud.at(0.5, 0.5))
    expect(page.locator(".card .title")).to_have_text(middle)


def test_the_cloud_is_saved_with_what_its_colours_mean(visit: Visit) -> None:
    visit.open("/map")
    cloud = Cloud(visit, "map")
    found = download(visit, "Save as a picture")
    assert found.suggested_filename == "synthetic-map-given.png"
    picture = Image.open(io.BytesIO(content(found)))
    width, height = cloud.stage.evaluate("stage => [stage.clientWidth, stage.clientHeight]")
    assert picture.width == width
    assert picture.height > height + 40


def test_a_figure_is_saved_as_a_sharp_picture(visit: Visit, opened: OpenRun) -> None:
    key = str(opened.table.at[0, "key"])
    visit.open(f"/painting?painting={key}")
    chart = visit.page.get_by_test_id("stPlotlyChart").first
    chart.scroll_into_view_if_needed()
    chart.hover()
    with visit.page.expect_download() as waiting:
        chart.locator(".modebar-btn").first.click()
    assert waiting.value.suggested_filename == "margin-of-the-label-by-epoch.png"
    picture = Image.open(io.BytesIO(content(waiting.value)))
    box = chart.bounding_box()
    assert box is not None
    assert picture.width > 2.5 * box["width"]


def test_the_log_and_the_cleaned_labels_are_taken_along(visit: Visit) -> None:
    visit.open("/reviews?section=files")
    found = download(visit, "CSV")
    assert found.suggested_filename == "verdicts.csv"
    assert content(found).decode("utf-8-sig").startswith("key,")
    labels = zipfile.ZipFile(io.BytesIO(content(download(visit, "Label files (zip)"))))
    assert "style_train.csv" in labels.namelist()
