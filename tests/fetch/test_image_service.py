"""The size that is asked of an IIIF server, by what it says it can do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.fetch.image_service import parse_info

V2 = {
    "@context": "http://iiif.io/api/image/2/context.json",
    "@id": "https://a.org/iiif/x",
    "protocol": "http://iiif.io/api/image",
    "width": 6000,
    "height": 4000,
}
V3 = {
    "@context": "http://iiif.io/api/image/3/context.json",
    "id": "https://a.org/iiif/x",
    "type": "ImageService3",
    "protocol": "http://iiif.io/api/image",
    "width": 6000,
    "height": 4000,
}
LEVEL = "http://iiif.io/api/image/2/level{}.json"
SIZES = [{"width": w, "height": h} for w, h in ((150, 100), (1500, 1000), (3000, 2000))]


@pytest.mark.parametrize(
    ("info", "size"),
    [
        (V2 | {"profile": [LEVEL.format(2)]}, "!1024,1024"),
        (V2 | {"profile": LEVEL.format(1)}, "1024,"),
        (V2 | {"profile": LEVEL.format(1), "width": 3000, "height": 6000}, "512,"),
        (V2 | {"profile": [LEVEL.format(1), {"supports": ["sizeByConfinedWh"]}]}, "!1024,1024"),
        (V2 | {"profile": LEVEL.format(0)}, "full"),
        (V2 | {"profile": LEVEL.format(0), "sizes": SIZES}, "1500,"),
        (V2 | {"profile": LEVEL.format(0), "sizes": SIZES[:1]}, "150,"),
        (V2 | {"profile": [LEVEL.format(2)], "width": 900, "height": 700}, "full"),
        (V2 | {"profile": [LEVEL.format(2), {"maxWidth": 800}]}, "!800,800"),
        (V3 | {"profile": "level2"}, "!1024,1024"),
        (V3 | {"profile": "level1"}, "1024,"),
        (V3 | {"profile": "level0"}, "max"),
        (V3 | {"profile": "level0", "sizes": SIZES}, "1500,1000"),
        (V3 | {"profile": "level0", "extraFeatures": ["sizeByW"]}, "1024,"),
        (V3 | {"profile": "level2", "width": 1024, "height": 1024}, "max"),
        (V3 | {"profile": "level2", "maxArea": 250_000}, "!500,500"),
    ],
)
def test_the_size_is_one_that_the_server_gives(info: dict[str, Any], size: str) -> None:
    parsed = parse_info(json.dumps(info).encode())
    assert parsed is not None
    assert parsed.request("https://a.org/iiif/x", 1024) == (
        f"https://a.org/iiif/x/full/{size}/0/default.jpg"
    )


def test_version_1_calls_its_quality_native() -> None:
    info = {
        "@context": "http://library.stanford.edu/iiif/image-api/1.1/context.json",
        "@id": "https://a.org/iiif/x",
        "width": 6000,
        "height": 4000,
        "profile": "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level1",
    }
    parsed = parse_info(json.dumps(info).encode())
    assert parsed is not None
    assert parsed.request("b", 1024) == "b/full/1024,/0/native.jpg"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[1]",
        b"{}",
        b"[" * 100_000,
        json.dumps({"width": 5, "height": 5}).encode(),
        json.dumps(V2 | {"width": -1}).encode(),
        json.dumps(V2 | {"width": "6000"}).encode(),
        json.dumps(V2 | {"width": True}).encode(),
    ],
)
def test_anything_else_is_no_image(content: bytes) -> None:
    assert parse_info(content) is None
