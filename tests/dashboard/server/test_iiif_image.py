"""The IIIF Image API: regions, sizes, rotations, and what is refused."""

import io
import json
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.artifacts import Run
from dashboard.server.iiif import VIEWER_URL, build_routes, info_url
from dashboard.server.iiif_image import (
    IiifRefused,
    ImageRequest,
    answer,
    build_info,
    parse_region,
    parse_rotation,
    parse_size,
)


@pytest.fixture
def image() -> Image.Image:
    """600 x 400; red is the column's share, green the row's."""
    red, green = np.meshgrid(np.linspace(0, 255, 600), np.linspace(0, 255, 400))
    return Image.fromarray(np.dstack([red, green, 0 * red]).astype(np.uint8))


@pytest.fixture
def client(run: Run) -> Iterator[TestClient]:
    routes = build_routes({"synthetic-1": run}.get)
    with TestClient(Starlette(routes=routes), follow_redirects=False) as client:
        yield client


def open_answer(image: Image.Image, address: str) -> Image.Image:
    region, size, rotation, last = address.split("/")
    quality, _, kind = last.partition(".")
    request = ImageRequest(region, size, rotation, quality, kind)
    return Image.open(io.BytesIO(answer(image, request)))


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
    red, green, _ = tile.getpixel((0, 0))
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
    assert found.headers["access-control-allow-origin"] == "*"
    info = json.loads(found.content)
    assert info["id"] == "http://testserver/iiif/3/synthetic-1:3"
    with Image.open(run.image_folder / run.paintings.loc[3, "image"]) as stored:
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
