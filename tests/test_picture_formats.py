from __future__ import annotations

import pytest
from PIL import features

from core.picture_formats import FORMATS, HEAD_BYTES, SUFFIXES, describe_other, find_format
from tests.images.painted import paint, to_bytes


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("JPEG", "JPEG"), ("MPO", "JPEG"), ("PNG", "PNG"), ("WEBP", "WebP"), ("TIFF", "TIFF")),
        *(("BMP", "BMP"), ("GIF", "GIF"), ("AVIF", "AVIF"), ("JPEG2000", "JPEG 2000")),
    ],
)
def test_a_format_is_told_by_its_first_bytes(kind: str, name: str) -> None:
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow was built without AVIF")
    found = find_format(to_bytes(paint(1), kind)[:HEAD_BYTES])
    assert found is not None
    assert found.name == name


def test_a_jpeg_after_a_line_break_is_one() -> None:
    assert find_format(b"\r\n" + to_bytes(paint(1))) is find_format(to_bytes(paint(1)))


def test_no_ending_belongs_to_two_formats() -> None:
    assert len(set(SUFFIXES)) == len(SUFFIXES)
    assert {".jpg", ".jfif", ".jpe", ".tif", ".jp2", ".heic", ".avif"} <= set(SUFFIXES)
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in SUFFIXES)
    assert len({each.name for each in FORMATS}) == len(FORMATS)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"", "empty file"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "git lfs pull"),
        (b"8BPS\0\1", "Photoshop"),
        (b"<!DOCTYPE html><title>403", "web page"),
        (b'{"error": 403}', "JSON"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\x0a\xfa\x1f", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\n <svg xmlns=", "SVG"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "camera's raw file"),
        (b"FUJIFILMCCD-RAW 0201", "camera's raw file"),
        (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2", "video"),
        (bytes(40), "not an image"),
    ],
)
def test_what_is_no_picture_is_named(head: bytes, said: str) -> None:
    assert find_format(head) is None
    assert said in describe_other(head)
