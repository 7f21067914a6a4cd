"""What browsers show and a decoder may refuse, or shows otherwise."""

from __future__ import annotations

import struct
import zlib

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from core.images.decode import (
    LEAST_SIDE,
    SMALL,
    SMALL_SIDE,
    decode_image,
    decode_original,
    decode_picture,
)
from core.images.loaded import ImageRefused, PixelLimits, TooLarge
from tests.images.painted import mean_difference, paint, to_bytes
from tests.images.test_decode import swapped_profile

PAINTING = paint(1, 96, 64)
PNG = to_bytes(PAINTING, "PNG")


def add_chunk(kind: bytes, body: bytes) -> bytes:
    """The painting as a PNG with one chunk more, before its pixels."""
    crc = struct.pack(">I", zlib.crc32(kind + body))
    return PNG[:33] + struct.pack(">I", len(body)) + kind + body + crc + PNG[33:]


def reason_of(data: bytes) -> str:
    with pytest.raises(ImageRefused) as refusal:
        decode_picture(data, short_side=32)
    return refusal.value.reason


@pytest.mark.parametrize(
    "chunk",
    [
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"x" * 2_500_000),
        (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"x" * 90_000_000)),
        (b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 2_500_000)),
        (b"tEXt", b"Comment\0" + b"x" * 70_000_000),
        (b"zTXt", b"Comment\0\0not compressed"),
        (b"iCCP", b"profile\0\0" + zlib.compress(b"x" * 2_500_000)),
        (b"iCCP", b"profile\0\0not compressed"),
        (b"iCCP", b"profile\0\0" + zlib.compress(b"x" * 90_000_000)),
    ],
    ids=[
        "XMP",
        "bomb",
        "text",
        "much",
        "broken text",
        "long profile",
        "broken profile",
        "profile bomb",
    ],
)
def test_metadata_of_any_length_is_no_reason_to_refuse(chunk: tuple[bytes, bytes]) -> None:
    assert decode_image(add_chunk(*chunk)) == PAINTING


def test_a_profile_is_found_beside_texts() -> None:
    data = to_bytes(Image.new("RGB", (40, 40), (255, 0, 0)), "PNG", icc_profile=swapped_profile())
    text = b"Comment\0" + b"x" * 100
    crc = struct.pack(">I", zlib.crc32(b"tEXt" + text))
    data = data[:33] + struct.pack(">I", len(text)) + b"tEXt" + text + crc + data[33:]
    red, green, _ = np.asarray(decode_image(data))[20, 20]
    assert (red < 60, green > 200) == (True, True)


@pytest.mark.parametrize(("gamma", "expected"), [(1.0, 188), (0.5, 137), (1 / 1.8, 146)])
def test_a_gamma_that_the_file_states_is_applied(gamma: float, expected: int) -> None:
    """A mid grey of 128 whose samples are the light, or nearly, is brighter on a screen."""
    grey = to_bytes(Image.new("RGB", (40, 40), (128, 128, 128)), "PNG")
    body = struct.pack(">I", round(gamma * 100_000))
    crc = struct.pack(">I", zlib.crc32(b"gAMA" + body))
    chunk = struct.pack(">I", 4) + b"gAMA" + body + crc
    shown = decode_image(grey[:33] + chunk + grey[33:]).getpixel((20, 20))
    assert shown == (expected,) * 3
    profile = b"sRGB" + b"\0"
    said = struct.pack(">I", 1) + profile + struct.pack(">I", zlib.crc32(profile))
    assert decode_image(grey[:33] + chunk + said + grey[33:]).getpixel((20, 20)) == (128,) * 3


@pytest.mark.parametrize("gamma", [45_455, 46_000, 0])
def test_the_usual_gamma_changes_nothing(gamma: int) -> None:
    assert decode_image(add_chunk(b"gAMA", struct.pack(">I", gamma))) == PAINTING


@pytest.mark.parametrize("before", [b"\n", b"\r\n", b"\xef\xbb\xbf", b" \t\r\n"])
def test_what_a_server_put_before_a_jpeg_is_skipped(before: bytes) -> None:
    data = to_bytes(PAINTING, quality=95)
    assert decode_image(before + data) == decode_image(data)


@pytest.mark.parametrize("short_side", [None, 40, 20])
def test_a_lossless_jpeg_is_read_at_every_size(short_side: int | None) -> None:
    pixels = np.asarray(paint(1, 480, 320))
    data = bytes(imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=1))
    decoded = decode_picture(data, short_side=short_side)
    small = paint(1, 480, 320).resize(decoded.image.size, Image.Resampling.LANCZOS)
    assert mean_difference(decoded.image, small) < 2


def test_kinds_of_jpeg_that_are_not_read_are_named() -> None:
    deep = np.asarray(PAINTING).astype(np.uint16) * 16
    data = bytes(imagecodecs.jpeg8_encode(deep, bitspersample=12))
    assert reason_of(data) == "a JPEG of 12 bits a colour, which is not read; save it with 8"
    hierarchical = to_bytes(PAINTING).replace(b"\xff\xc0", b"\xff\xc5", 1)
    assert reason_of(hierarchical).startswith("a hierarchical JPEG")


def test_a_jpeg_shrinks_while_it_is_decoded_and_so_may_be_a_giant() -> None:
    data = to_bytes(paint(1, 960, 640))
    limits = PixelLimits(whole=20_000, parts=1_000_000)
    assert decode_picture(data, short_side=64, limits=limits).image.size == (96, 64)
    progressive = to_bytes(paint(1, 960, 640), progressive=True)
    with pytest.raises(TooLarge, match=r"960 x 640 pixels, 0\.6 megapixels; the limit for one"):
        decode_picture(progressive, short_side=64, limits=limits)
    with pytest.raises(TooLarge):
        decode_picture(data, limits=limits)


def test_limits_by_megapixels_never_lower_what_is_read_in_parts() -> None:
    usual = PixelLimits.of(None)
    assert usual == PixelLimits()
    assert PixelLimits.of(240) == PixelLimits(whole=240_000_000, parts=usual.parts)
    assert PixelLimits.of(4000) == PixelLimits(whole=4_000_000_000, parts=4_000_000_000)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (16, 16), (1, 5000), (5000, 31)])
def test_what_shows_no_painting_is_refused(width: int, height: int) -> None:
    data = to_bytes(Image.new("RGB", (width, height), "red"), "PNG")
    with pytest.raises(ImageRefused, match="too small to judge") as refusal:
        decode_original(data, short_side=384)
    assert f"{width:,} x {height:,} pixels" in refusal.value.reason
    assert decode_picture(data).width == width


@pytest.mark.parametrize(("side", "note"), [(LEAST_SIDE, SMALL), (SMALL_SIDE, "")])
def test_a_thumbnail_is_said(side: int, note: str) -> None:
    assert decode_original(to_bytes(paint(1, 200, side)), short_side=384).note == note
