from __future__ import annotations

import io
import pickle
import struct
import threading
import warnings
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile, features

from core.images.decode import decode_image, decode_picture
from core.images.fingerprints import compute_perceptual_hash
from core.images.loaded import ImageRefused, PixelLimits, TooLarge
from tests.images.painted import mean_difference, paint, to_bytes

PAINTING = paint(1, 96, 64)
SMALL = PixelLimits(whole=10**6, parts=10**6)


def swapped_profile() -> bytes:
    """An RGB profile whose red and green primaries have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {profile[at : at + 4].decode(): at for at in range(132, 132 + 12 * profile[131], 12)}
    red, green = tags["rXYZ"], tags["gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


def with_orientation(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    out = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 99)), (b"IEND", b"")):
        crc = struct.pack(">I", zlib.crc32(kind + body))
        out += struct.pack(">I", len(body)) + kind + body + crc
    return out


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_out_upright(kind: str, orientation: int) -> None:
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow was built without AVIF")
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    lying = PAINTING.transpose(undo[orientation]) if orientation > 1 else PAINTING
    options = {} if kind in {"PNG", "TIFF"} else {"quality": 95}
    data = to_bytes(lying, kind, exif=with_orientation(orientation), **options)
    decoded = decode_picture(data, short_side=32)
    assert (decoded.width, decoded.height) == (96, 64)
    upright = PAINTING.resize((48, 32), Image.Resampling.LANCZOS)
    assert mean_difference(decoded.image, upright) < 4


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_formats_are_told_by_content(kind: str) -> None:
    image = decode_image(to_bytes(PAINTING, kind))
    assert image.mode == "RGB"
    assert mean_difference(image, PAINTING) < (12 if kind == "GIF" else 4)


def test_cmyk_becomes_the_same_colours() -> None:
    data = to_bytes(PAINTING.convert("CMYK"), quality=95)
    assert Image.open(io.BytesIO(data)).mode == "CMYK"
    assert mean_difference(decode_image(data), PAINTING) < 4


def test_sixteen_bits_keep_their_brightness() -> None:
    ramp = np.linspace(0, 65535, 256 * 40).reshape(40, 256).astype(np.uint16)
    expected = Image.fromarray((ramp >> 8).astype(np.uint8)).convert("RGB")
    for kind in ("PNG", "TIFF"):
        assert mean_difference(decode_image(to_bytes(Image.fromarray(ramp), kind)), expected) < 1


def test_deep_tiffs_keep_their_brightness() -> None:
    ramp = np.linspace(0, 1, 256 * 40).reshape(40, 256)
    expected = Image.fromarray((ramp * 255).astype(np.uint8)).convert("RGB")
    for samples in (ramp.astype(np.float32), (ramp * (2**31 - 1)).astype(np.int32)):
        assert (
            mean_difference(decode_image(to_bytes(Image.fromarray(samples), "TIFF")), expected) < 1
        )


def test_palette_and_one_bit() -> None:
    assert mean_difference(decode_image(to_bytes(PAINTING.quantize(256), "PNG")), PAINTING) < 8
    stripes = Image.fromarray(np.tile([0, 255], (32, 16)).astype(np.uint8)).convert("1")
    image = decode_image(to_bytes(stripes, "PNG"))
    assert np.array_equal(np.asarray(image)[0, :4, 0], [0, 255, 0, 255])


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB", "L"])
def test_transparency_lies_over_white(mode: str) -> None:
    """As alpha, as a transparent palette entry, and as a colour that stands for nothing."""
    black = Image.new({"P": "L", "RGBA": "RGB", "LA": "L"}.get(mode, mode), (64, 64))
    if mode in {"RGBA", "LA"}:
        alpha = Image.new("L", (64, 64), 0)
        alpha.paste(255, (32, 0, 64, 64))
        black.putalpha(alpha)
        data = to_bytes(black, "PNG")
    else:
        black.paste(1 if mode != "RGB" else (1, 1, 1), (32, 0, 64, 64))
        none = {"P": b"\0", "RGB": (0, 0, 0), "L": 0}[mode]
        black = black.convert("P") if mode == "P" else black
        data = to_bytes(black, "PNG", transparency=none)
    pixels = np.asarray(decode_image(data, short_side=64))
    assert pixels[:, :30].min() == 255
    assert pixels[:, 34:].max() <= 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_icc_profile_is_converted(kind: str) -> None:
    """In a profile with red and green swapped, red ink is a green picture."""
    data = to_bytes(Image.new("RGB", (40, 40), (255, 0, 0)), kind, icc_profile=swapped_profile())
    red, green, blue = np.asarray(decode_image(data))[20, 20]
    assert (red < 60, green > 200, blue < 60) == (True, True, True)


def test_an_srgb_profile_leaves_every_pixel_as_it_is() -> None:
    """So that the common case costs nothing and loses nothing to rounding."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert decode_image(to_bytes(PAINTING, "PNG", icc_profile=profile)) == PAINTING


def test_a_useless_icc_profile_is_ignored() -> None:
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"no profile at all", grey):
        data = to_bytes(PAINTING, "PNG", icc_profile=profile)
        assert mean_difference(decode_image(data), PAINTING) == 0


def test_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue", "lime")]
    for kind in ("GIF", "WEBP", "PNG"):
        data = to_bytes(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
        red, _, blue = np.asarray(decode_image(data))[15, 20]
        assert red > 240
        assert blue < 15


@pytest.mark.parametrize("short_side", [32, 64, 100, None])
def test_shrinks_to_the_short_side_and_never_enlarges(short_side: int | None) -> None:
    decoded = decode_picture(to_bytes(paint(2, 300, 64)), short_side=short_side)
    assert (decoded.width, decoded.height) == (300, 64)
    assert decoded.image.size == ((150, 32) if short_side == 32 else (300, 64))


def test_an_endless_scroll_still_fits_a_jpeg() -> None:
    image = decode_image(to_bytes(Image.new("RGB", (70_000, 40)), "PNG"), short_side=384)
    assert image.size == (16_384, 9)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "progressive"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_truncated_files_are_refused(kind: str, share: float) -> None:
    if kind == "progressive":
        data = to_bytes(paint(3, 400, 300), progressive=True)
    else:
        data = to_bytes(paint(3, 400, 300), kind)
    with pytest.raises(ImageRefused, match=r"truncated file|damaged file"):
        decode_image(data[: int(len(data) * share)], short_side=64)


def test_a_truncated_jpeg_is_called_so() -> None:
    data = to_bytes(paint(3, 400, 300))
    with pytest.raises(ImageRefused) as refusal:
        decode_image(data[: len(data) // 2])
    assert refusal.value.reason == "truncated file"


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    with pytest.raises(ImageRefused) as refusal:
        decode_image(png_header(12_000, 30_000))
    assert refusal.value.reason == (
        "12,000 x 30,000 pixels, 360.0 megapixels; the limit for one that is not stored in parts "
        "is 179, and --max-megapixels sets another"
    )
    limits = PixelLimits(whole=5000, parts=5000)
    with pytest.raises(TooLarge, match="100 x 51 pixels"):
        decode_image(to_bytes(Image.new("RGB", (100, 51))), limits=limits)
    assert decode_image(to_bytes(Image.new("RGB", (100, 50))), limits=limits).size == (100, 50)


def test_a_size_that_pillow_only_warns_of_is_decoded() -> None:
    """Some real paintings have more than Pillow's 89 million pixels."""
    large = to_bytes(Image.new("L", (10_000, 9_500), 76), quality=90)
    assert decode_image(large, short_side=64).getpixel((30, 30)) == (76, 76, 76)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"<!DOCTYPE html><title>404</title>", b"%PDF-1.7", b"\0" * 500, b"BM", b"GIF89a"),
        *(b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 ", b"II*\0"),
    ],
)
def test_what_is_no_image_is_refused(data: bytes) -> None:
    with pytest.raises(ImageRefused) as refusal:
        decode_image(data)
    assert refusal.value.reason in str(refusal.value)
    copy = pickle.loads(pickle.dumps(refusal.value))
    assert (copy.reason, str(copy)) == (refusal.value.reason, str(refusal.value))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "JPEG2000"])
def test_damaged_bytes_give_a_picture_or_a_refusal(kind: str) -> None:
    rng = np.random.default_rng(0)
    exif = {} if kind in {"BMP", "GIF", "JPEG2000"} else {"exif": with_orientation(6)}
    whole = to_bytes(paint(4, 60, 40), kind, **exif)
    for _ in range(150):
        data = bytearray(whole)
        for at in rng.integers(8, min(len(data), 700), 4):
            data[at] = rng.integers(256)
        with suppress(ImageRefused):
            assert decode_image(bytes(data), short_side=32, limits=SMALL).mode == "RGB"


def test_damaged_exif_is_no_reason_to_warn_or_refuse() -> None:
    block = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(range(200))
    data = to_bytes(PAINTING, quality=95, exif=block)
    assert mean_difference(decode_image(data), PAINTING) < 4


def test_nothing_of_the_process_is_changed() -> None:
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters))
    decode_image(to_bytes(PAINTING, "TIFF"))
    with pytest.raises(ImageRefused):
        decode_image(png_header(60_000, 60_000))
    after = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters))
    assert after == before


def test_threads_get_what_one_thread_gets() -> None:
    files = [to_bytes(paint(seed), kind) for seed in range(6) for kind in ("JPEG", "TIFF", "GIF")]
    alone = [decode_image(data).tobytes() for data in files]
    together: list[bytes] = [b""] * len(files)

    def decode(at: int) -> None:
        together[at] = decode_image(files[at]).tobytes()

    threads = [threading.Thread(target=decode, args=(at,)) for at in range(len(files))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


@pytest.mark.paintings
def test_real_paintings_survive_a_detour_through_other_formats(wikiart_mini: Path) -> None:
    for path in sorted(wikiart_mini.glob("*/*.jpg"))[::600]:
        plain = decode_image(path.read_bytes())
        for kind in ("PNG", "TIFF", "WEBP"):
            again = decode_image(to_bytes(plain, kind))
            same = compute_perceptual_hash(plain) ^ compute_perceptual_hash(again)
            assert same.bit_count() <= 4
