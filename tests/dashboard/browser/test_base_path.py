"""The dashboard below a path of a larger site, behind a proxy that strips the path or does not."""

from __future__ import annotations

import io
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from bench.server import find_port, serve
from core.artifacts import open_run
from tests.dashboard.browser.cloud import Cloud
from tests.dashboard.browser.conftest import Visit
from tests.dashboard.browser.path_proxy import PathProxy, serve_below

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BASE = "/museum/curator"


@pytest.fixture(scope="module", params=[True, False], ids=["stripped", "passed on"])
def proxied(
    request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, PathProxy]]:
    """Address of the larger site, and the proxy that serves it."""
    port, place = find_port(), str(tmp_path_factory.mktemp("verdicts") / "reviews.sqlite")
    site = f"http://127.0.0.1:{port}"
    with serve(built, place, "--base-path", BASE, "--public-address", site) as (address, _):
        proxy = PathProxy(address, BASE, strips=request.param)
        with serve_below(port, proxy) as site:
            yield site, proxy


@pytest.fixture
def visit(browser: BrowserContext, proxied: tuple[str, PathProxy]) -> Iterator[Visit]:
    browser.clear_cookies()
    site, proxy = proxied
    visit = Visit(browser.new_page(), site + BASE)
    yield visit
    visit.page.close()
    assert visit.errors == []
    assert visit.foreign == []
    assert proxy.strayed == []


def is_drawn(visit: Visit, image: str) -> None:
    visit.page.wait_for_function(
        "name => document.querySelector(name)?.naturalWidth > 0", arg=image
    )


def test_the_way_from_the_first_page_to_a_painting(visit: Visit) -> None:
    page = visit.page
    visit.open("/")
    expect(page).to_have_url(f"{visit.server}/?run=synthetic-1")
    page.get_by_test_id("stTopNav").get_by_role("link", name="Outliers").click()
    Cloud(visit, "quadrants")
    is_drawn(visit, ".ae-card img")
    page.locator(".ae-card a").first.click()
    expect(page.locator(".ae-viewer.ready")).to_be_visible()  # tiles by IIIF
    expect(page.locator("code")).to_contain_text(f"{visit.server}/painting?")
    visit.settle()
    page.reload()
    expect(page.locator(".ae-viewer.ready")).to_be_visible()


def test_uploads_and_downloads(visit: Visit) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), (180, 60, 40)).save(buffer, "JPEG")
    visit.open("/classify")
    visit.page.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
    )
    expect(visit.page.locator(".ae-answer")).to_contain_text("The model sees")
    visit.open("/outliers?given=Cubism")
    visit.page.get_by_role("button", name="Download").click()
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name="Table (CSV)").click()
    assert b"Cubism" in Path(waiting.value.path()).read_bytes()


def test_a_verdict_is_given(visit: Visit, built: Path) -> None:
    key = open_run(built / "synthetic-1").paintings["key"][5]
    visit.open("/reviews")
    visit.page.get_by_label("Your name, to sign your verdicts").fill("Ada")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("button[data-verdict=unsure]")).to_be_enabled()
    visit.settle()
    visit.open(f"/painting?painting={quote(key)}")
    expect(visit.page.locator("button[data-verdict=unsure]")).to_be_enabled()
    visit.page.keyboard.press("4")
    expect(visit.page.locator(".ae-history li")).to_contain_text("Unsure Ada")


def test_a_picture_names_itself_by_its_whole_address(proxied: tuple[str, PathProxy]) -> None:
    address = f"{proxied[0]}{BASE}/iiif/3/synthetic-1:3"
    with urllib.request.urlopen(address) as answer:  # led on to its description
        info = json.load(answer)
    assert info["id"] == address
    with urllib.request.urlopen(f"{info['id']}/full/max/0/default.jpg") as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
