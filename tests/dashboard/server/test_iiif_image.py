"""The IIIF Image API: regions, sizes, rotations, and what is refused."""

import io
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.artifacts import Run
from dashboard.server import iiif
from dashboard.server.iiif import VIEWER_URL, build_routes, build_viewer_routes, info_url
from dashboard.server.iiif_image import (
    MAX_AREA,
    MAX_SIDE,
    IiifRefused,
    ImageRequest,
    Plan,
    build_info,
    draw_answer,
    parse_region,
    parse_rotation,
    parse_size,
    plan_answer,
)


@pytest.fixture
def image() -> Image.Image:
    """600 x 400; red is the column's share, green the row's."""
    red, green = np.meshgrid(np.linspace(0, 255, 600), np.linspace(0, 255, 400))
    return Image.fromarray(np.dstack([red, green, 0 * red]).astype(np.uint8))


@pytest.fixture
def client(run: Run) -> Iterator[TestClient]:
    routes = [*build_routes({"synthetic-1": run}.get), *build_viewer_routes()]
    with TestClient(Starlette(routes=routes), follow_redirects=False) as client:
        yield client


def open_answer(image: Image.Image, address: str) -> Image.Image:
    region, size, rotation, last = address.split("/")
    quality, _, kind = last.partition(".")
    request = ImageRequest(region, size, rotation, quality, kind)
    return Image.open(io.BytesIO(draw_answer(image, plan_answer(request, image.size))))


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("full", (0, 0, 600, 400)),
        ("square", (100, 0, 500, 400)),
        ("10,20,30,40", (10, 20, 40, 60)),
        ("590,390,100,100", (590, 390, 600, 400)),
        ("pct:25,50,50,50", (150, 200, 450, 400)),
        ("pct:0.5,0,1.5,100", (3, 0, 12, 400)),
    ],
)
def test_regions(text: str, box: tuple[int, int, int, int]) -> None:
    assert parse_region(text, (600, 400)) == box


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("max", (600, 400)),
        ("300,", (300, 200)),
        (",100", (150, 100)),
        ("pct:50", (300, 200)),
        ("20,300", (20, 300)),
        ("!300,300", (300, 200)),
        ("!900,900", (600, 400)),
        ("^1200,", (1200, 800)),
        ("^!900,900", (900, 600)),
        ("^pct:200", (1200, 800)),
    ],
)
def test_sizes(text: str, size: tuple[int, int]) -> None:
    assert parse_size(text, (600, 400)) == size


@pytest.mark.parametrize(
    "text", ["", "all", "1,2,3", "1,2,0,5", "600,0,5,5", "-1,0,5,5", "1.5,0,5,5", "pct:nan,0,1,1"]
)
def test_a_region_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(IiifRefused, match="Region"):
        parse_region(text, (600, 400))


@pytest.mark.parametrize(
    "text", ["", ",", "0,", "601,", "full", "pct:101", "^9000,", "^,99999", "!,", "1,2,3", "^"]
)
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(IiifRefused, match="Size"):
        parse_size(text, (600, 400))


@given(st.text(max_size=12))
def test_no_text_leads_anywhere_but_to_an_answer_or_a_refusal(text: str) -> None:
    for parse in (lambda t: parse_region(t, (60, 40)), lambda t: parse_size(t, (60, 40))):
        with suppress(IiifRefused):
            assert all(part >= 0 for part in parse(text))
    with pytest.raises(IiifRefused):
        parse_rotation(f"x{text}")


def test_a_tile_shows_its_part_of_the_picture(image: Image.Image) -> None:
    tile = open_answer(image, "300,200,300,200/150,/0/default.png")
    assert tile.size == (150, 100)
    red, green, _ = np.asarray(tile)[0, 0].tolist()
    assert (red, green) == pytest.approx((128, 128), abs=2)


def test_rotation_is_clockwise_and_mirroring_comes_first(image: Image.Image) -> None:
    turned = open_answer(image, "full/max/90/default.png")
    assert turned.size == (400, 600)
    assert turned.getpixel((399, 0)) == image.getpixel((0, 0))
    mirrored = open_answer(image, "full/max/!0/default.png")
    assert mirrored.getpixel((599, 0)) == image.getpixel((0, 0))


def test_qualities_and_formats(image: Image.Image) -> None:
    assert open_answer(image, "full/60,/0/gray.jpg").mode == "L"
    bitonal = np.asarray(open_answer(image, "full/60,/0/bitonal.png"))
    assert set(np.unique(bitonal)) == {0, 255}
    for last in ("default.webp", "sepia.jpg"):
        with pytest.raises(IiifRefused):
            open_answer(image, f"full/max/0/{last}")


def test_info_describes_tiles_down_to_one() -> None:
    info = build_info("http://here/iiif/3/r:0", (1000, 700))
    assert info["tiles"] == [{"width": 256, "height": 256, "scaleFactors": [1, 2, 4]}]
    assert info["sizes"] == [
        {"width": 250, "height": 175},
        {"width": 500, "height": 350},
        {"width": 1000, "height": 700},
    ]
    assert build_info("x", (100, 90))["tiles"][0]["scaleFactors"] == [1]


def test_info_of_a_painting_names_itself_and_its_size(client: TestClient, run: Run) -> None:
    found = client.get(info_url("synthetic-1", 3))
    info = json.loads(found.content)
    assert info["id"] == "http://testserver/iiif/3/synthetic-1:3"
    with Image.open(run.image_folder / str(run.paintings.at[3, "image"])) as stored:
        assert (info["width"], info["height"]) == stored.size
    as_ld = client.get(info_url("synthetic-1", 3), headers={"Accept": "application/ld+json"})
    assert as_ld.headers["content-type"].startswith("application/ld+json")


def test_an_address_without_more_leads_to_the_info(client: TestClient) -> None:
    found = client.get("/iiif/3/synthetic-1:3")
    assert found.status_code == 303
    assert found.headers["location"] == info_url("synthetic-1", 3)  # behind a proxy, too


def test_an_image_is_served_to_be_kept(client: TestClient) -> None:
    found = client.get("/iiif/3/synthetic-1:3/full/!32,32/0/default.jpg")
    assert found.headers["content-type"] == "image/jpeg"
    assert "immutable" in found.headers["cache-control"]
    assert max(Image.open(io.BytesIO(found.content)).size) == 32


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("synthetic-1:60/info.json", 404),
        ("synthetic-1:x/info.json", 404),
        ("other:0/info.json", 404),
        ("..%2f..:0/info.json", 404),
        ("synthetic-1:0/full/max/0", 404),
        ("synthetic-1:0/full/max/0/default.gif", 400),
        ("synthetic-1:0/full/9999,/0/default.jpg", 400),
        ("synthetic-1:0/full/max/45/default.jpg", 400),
    ],
)
def test_anything_else_is_refused(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"/iiif/3/{path}").status_code == status


def test_the_viewer_comes_from_here(client: TestClient) -> None:
    found = client.get(VIEWER_URL)
    assert found.status_code == 200
    assert "OpenSeadragon" in found.text
    assert client.get("/vendor/..%2fapp.py").status_code == 404


def test_an_answer_is_bounded_by_its_area_as_the_info_says(image: Image.Image) -> None:
    info = build_info("x", image.size)
    limits = (info["maxWidth"], info["maxHeight"], info["maxArea"])
    assert limits == (MAX_SIDE, MAX_SIDE, MAX_AREA)
    with pytest.raises(IiifRefused, match=r"8,388,608 in all"):
        parse_size("^8192,8192", image.size)
    assert parse_size("^4096,2048", image.size) == (4096, 2048)
    for asked in ("^max", "^!8192,2000"):
        width, height = parse_size(asked, image.size)
        assert width * height <= MAX_AREA
        assert width / height == pytest.approx(1.5, rel=1e-3)
    assert parse_size("^max", image.size)[0] > 3500


def test_what_is_larger_than_an_answer_may_be_is_shown_within_the_limits() -> None:
    size = (6000, 4000)
    width, height = parse_size("max", size)
    assert width * height <= MAX_AREA < 6000 * 4000
    assert width / height == pytest.approx(1.5, rel=1e-3)
    info = build_info("x", size)
    assert all(each["width"] * each["height"] <= MAX_AREA for each in info["sizes"])
    with pytest.raises(IiifRefused, match="Size"):
        parse_size("6000,4000", size)
    assert parse_size("256,", (256, 256)) == (256, 256)  # tiles of any part are small


def test_two_large_ones_are_drawn_at_once_the_next_is_told_to_come_back(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing, release, most = threading.Semaphore(0), threading.Event(), []
    count = 0

    def draw(_: Image.Image, plan: Plan) -> bytes:
        nonlocal count
        if plan.area > iiif.LARGE_AREA:
            count += 1
            most.append(count)
            drawing.release()
            release.wait(300)
            count -= 1
        return b"drawn"

    monkeypatch.setattr(iiif, "draw_answer", draw)
    monkeypatch.setattr(iiif, "PATIENCE", 0.3)
    large, small = (f"/iiif/3/synthetic-1:0/full/^{w},{w}/0/default.png" for w in (2048, 64))
    app = Starlette(routes=build_routes({"synthetic-1": run}.get))
    with TestClient(app) as client, ThreadPoolExecutor(4) as pool:
        first = [pool.submit(client.get, large) for _ in range(2)]
        assert all(drawing.acquire(timeout=300) for _ in range(2))
        third = client.get(large)
        assert (third.status_code, third.headers["retry-after"]) == (503, "5")
        assert client.get(small).content == b"drawn"
        release.set()
        assert [each.result(300).content for each in first] == [b"drawn"] * 2
        assert client.get(large).content == b"drawn"
    assert max(most) == 2
