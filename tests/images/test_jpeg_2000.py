"""JPEG 2000 as museums' archives hold it."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image, ImageCms

from core.images.decode import decode_picture
from core.images.jpeg_2000 import load_jpeg_2000
from core.images.loaded import ImageRefused, PixelLimits, TooLarge
from tests.images.painted import mean_difference, paint, to_bytes

LIMITS = PixelLimits()
PAINTING = paint(1, 960, 640)


def encode(pixels: np.ndarray, **options: Any) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(pixels, level=0, reversible=True, **options))


@pytest.mark.parametrize("container", ["jp2", "j2k"])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_files_and_bare_codestreams(mode: str, container: str) -> None:
    image = PAINTING.convert(mode)
    decoded = decode_picture(encode(np.asarray(image), codecformat=container))
    assert mean_difference(decoded.image, image.convert("RGB")) < 1


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("colours", ["grey", "rgb"])
def test_every_depth_keeps_its_whites(colours: str, bits: int) -> None:
    image = PAINTING if colours == "rgb" else PAINTING.convert("L")
    kind = np.uint8 if bits == 8 else np.uint16
    samples = np.round(np.asarray(image) / 255 * (2**bits - 1)).astype(kind)
    decoded = decode_picture(encode(samples, bitspersample=bits))
    assert mean_difference(decoded.image, image.convert("RGB")) < 1


@pytest.mark.parametrize(("short_side", "halvings"), [(64, 3), (300, 1), (640, 0), (None, 0)])
def test_only_the_resolution_that_is_needed_is_decoded(
    short_side: int | None, halvings: int
) -> None:
    loaded = load_jpeg_2000(encode(np.asarray(PAINTING)), short_side, LIMITS)
    assert (loaded.width, loaded.height) == (960, 640)
    assert loaded.image.size == (960 >> halvings, 640 >> halvings)
    decoded = decode_picture(encode(np.asarray(PAINTING)), short_side=short_side)
    small = PAINTING.resize(decoded.image.size, Image.Resampling.LANCZOS)
    assert mean_difference(decoded.image, small) < 4


@pytest.mark.parametrize("width", [*range(960, 977), 991, 1009])
@pytest.mark.parametrize("height", [640, 641, 655])
def test_any_size_can_be_halved(width: int, height: int) -> None:
    """Pillow fails where a side, halved, has less than half a pixel over."""
    painting = paint(1, width, height)
    decoded = decode_picture(encode(np.asarray(painting)), short_side=64)
    assert (decoded.width, decoded.height) == (width, height)
    small = painting.resize(decoded.image.size, Image.Resampling.LANCZOS)
    assert mean_difference(decoded.image, small) < 5


@pytest.mark.parametrize("tile", [(256, 256), (100, 70)])
def test_tiles_can_be_halved(tile: tuple[int, int]) -> None:
    painting = paint(1, 967, 641)
    data = to_bytes(painting, "JPEG2000", tile_size=tile, irreversible=False)
    decoded = decode_picture(data, short_side=100)
    small = painting.resize(decoded.image.size, Image.Resampling.LANCZOS)
    assert mean_difference(decoded.image, small) < 5


def test_a_picture_that_begins_off_its_grid_is_read_whole() -> None:
    painting = paint(1, 967, 641)
    data = to_bytes(painting, "JPEG2000", offset=(5, 3), tile_size=(2000, 2000), tile_offset=(0, 0))
    decoded = decode_picture(data, short_side=64)
    small = painting.resize(decoded.image.size, Image.Resampling.LANCZOS)
    assert mean_difference(decoded.image, small) < 3


def test_a_file_of_few_resolutions_is_halved_no_more_than_it_can_be() -> None:
    data = encode(np.asarray(PAINTING), resolutions=2)
    assert load_jpeg_2000(data, 64, LIMITS).image.size == (480, 320)


def test_the_limit_is_of_what_is_decoded() -> None:
    data = encode(np.asarray(PAINTING))
    limits = PixelLimits(whole=100_000, parts=1_000_000)
    assert decode_picture(data, short_side=64, limits=limits).image.size == (96, 64)
    with pytest.raises(TooLarge, match="not stored in parts"):
        decode_picture(data, limits=limits)
    with pytest.raises(TooLarge, match="960 x 640 pixels"):
        decode_picture(data, short_side=64, limits=PixelLimits(100_000, 500_000))


def test_an_embedded_profile_is_converted() -> None:
    """In a profile with red and green swapped, red ink is a green picture."""
    from tests.images.test_decode import swapped_profile

    plain = to_bytes(Image.new("RGB", (64, 64), (255, 0, 0)), "JPEG2000")
    box = b"colr\2\0\0" + swapped_profile()
    box = (len(box) + 4).to_bytes(4, "big") + box
    at = plain.find(b"colr") - 4
    length = int.from_bytes(plain[at : at + 4], "big")
    header = plain.find(b"jp2h") - 4
    size = int.from_bytes(plain[header : header + 4], "big") - length + len(box)
    data = plain[:header] + size.to_bytes(4, "big") + plain[header + 4 : at] + box
    red, green, _ = np.asarray(decode_picture(data + plain[at + length :]).image)[20, 20]
    assert (red < 60, green > 200) == (True, True)


def test_an_odd_profile_is_ignored() -> None:
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert len(grey) > 100
    data = to_bytes(PAINTING, "JPEG2000", irreversible=False)
    assert mean_difference(decode_picture(data).image, PAINTING) < 1


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_deep_transparency_lies_over_white(mode: str) -> None:
    samples = np.asarray(PAINTING.convert(mode)).astype(np.uint16) * 257
    samples = samples.copy()
    samples[:, :480, -1] = 0
    pixels = np.asarray(decode_picture(encode(samples)).image)
    assert pixels[:, :480].min() == 255
    whole = np.asarray(PAINTING.convert(mode[:-1]).convert("RGB"))
    assert np.abs(pixels[:, 480:].astype(int) - whole[:, 480:]).max() <= 1


def test_few_bits_in_many_are_found_and_said() -> None:
    samples = np.round(np.asarray(PAINTING) / 255 * 4095).astype(np.uint16)
    decoded = decode_picture(encode(samples))
    assert mean_difference(decoded.image, PAINTING) < 1
    assert "4,095 as white" in decoded.note


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9])
def test_a_cut_off_one_is_refused_or_whole_but_coarse(share: float) -> None:
    data = encode(np.asarray(PAINTING))
    with pytest.raises(ImageRefused, match=r"truncated file|damaged file"):
        decode_picture(data[: int(len(data) * share)])


def test_more_channels_than_are_read_are_named() -> None:
    data = encode(np.stack([np.asarray(PAINTING.convert("L"))] * 5, axis=-1))
    with pytest.raises(ImageRefused, match="a JPEG 2000 of 5 channels"):
        decode_picture(data)
