"""A TIFF comes out as it looks in the program that wrote it, or is refused by its true reason."""

from __future__ import annotations

import io
import logging
import struct
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.images.decode import decode_picture
from core.images.loaded import ImageRefused, PixelLimits, TooLarge
from core.images.tiff import GIANT
from tests.images.painted import mean_difference
from tests.images.tiffs import grey, painted, write_pages, write_tiff

PAINTING = Image.fromarray(painted())
GREY = Image.fromarray(grey()).convert("RGB")
DEEP = grey().astype(np.uint16) * 257


def differ(data: bytes, expected: Image.Image) -> float:
    return mean_difference(decode_picture(data).image, expected)


def reason_of(data: bytes) -> str:
    with pytest.raises(ImageRefused) as refusal:
        decode_picture(data)
    return refusal.value.reason


@pytest.mark.parametrize("white_is_zero", [False, True])
@pytest.mark.parametrize("bits", [1, 4, 8, 12, 14, 16, 32])
def test_every_depth_keeps_its_brightness(bits: int, white_is_zero: bool) -> None:
    """Stored as it is: the bits of a sample are those that the file states."""
    kind = np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32
    samples = np.round(grey() / 255 * (2**bits - 1)).astype(kind)
    expected = Image.fromarray(np.round(samples / (2**bits - 1) * 255).astype(np.uint8))
    samples = (2**bits - 1 - samples).astype(kind) if white_is_zero else samples
    if bits in {1, 4}:
        data = pack(samples, bits, 0 if white_is_zero else 1)
    else:
        photometric = "miniswhite" if white_is_zero else "minisblack"
        packed = {"bitspersample": bits} if bits in {12, 14} else {}
        data = write_tiff(samples, photometric=photometric, **packed)
    assert differ(data, expected.convert("RGB")) < 1


def pack(samples: np.ndarray, bits: int, photometric: int) -> bytes:
    """An uncompressed TIFF of fewer than 8 bits a sample, which tifffile does not write."""
    height, width = samples.shape
    rows = (samples[..., None] >> np.arange(bits - 1, -1, -1)) & 1
    body = np.packbits(rows.reshape(height, -1).astype(np.uint8), axis=1).tobytes()
    tags = [(256, width), (257, height), (258, bits), (259, 1), (262, photometric), (273, 8)]
    tags += [(277, 1), (278, height), (279, len(body))]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    start = 8 + len(body)
    return (
        struct.pack("<2sHI", b"II", 42, start)
        + body
        + struct.pack("<H", len(tags))
        + entries
        + bytes(4)
    )


@pytest.mark.parametrize("white_is_zero", [False, True])
@pytest.mark.parametrize("bits", [8, 10, 12, 14])
def test_few_bits_in_many_are_found_and_said(bits: int, white_is_zero: bool) -> None:
    samples = np.round(grey() / 255 * (2**bits - 1)).astype(np.uint16)
    samples = samples.max() - samples if white_is_zero else samples
    data = write_tiff(samples, photometric="miniswhite" if white_is_zero else "minisblack")
    assert differ(data, GREY) < 1
    said = decode_picture(data).note
    assert said == f"16-bit samples: 0 taken as black, {2**bits - 1:,} as white"


def test_few_bits_in_many_of_a_colour_picture() -> None:
    samples = np.round(painted() / 255 * 4095).astype(np.uint16)
    data = write_tiff(samples, photometric="rgb")
    assert differ(data, PAINTING) < 1
    assert "4,095 as white" in decode_picture(data).note


def test_a_full_range_is_not_spread_and_nothing_is_said() -> None:
    decoded = decode_picture(write_tiff(DEEP, photometric="minisblack"))
    assert decoded.note == ""
    assert mean_difference(decoded.image, GREY) < 1


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        ((DEEP.astype(np.int32) - 32768).astype(np.int16), "-32,768 taken as black, 32,767"),
        ((DEEP >> 1).astype(np.int16), "0 taken as black, 32,767 as white"),
        ((grey().astype(np.int16) - 128).astype(np.int8), "-128 taken as black, 127 as white"),
        (np.round(grey() / 255 * 4095).astype(np.int16), "0 taken as black, 4,095 as white"),
    ],
    ids=["around zero", "above zero", "8 bits", "12 bits"],
)
def test_signed_samples(samples: np.ndarray, said: str) -> None:
    data = write_tiff(samples, photometric="minisblack")
    assert differ(data, GREY) < 1.5
    assert decode_picture(data).note.startswith("signed ")
    assert said in decode_picture(data).note


@pytest.mark.parametrize(
    ("scale", "shift", "kind"),
    [
        (scale, shift, kind)
        for kind in (np.float16, np.float32, np.float64)
        for scale, shift in ((1, 0), (255, 0), (4095, 0), (65535, 0), (2, -1), (7e5, 0))
        if scale < float(np.finfo(kind).max)
    ],
)
def test_floating_point(scale: float, shift: float, kind: type) -> None:
    data = write_tiff((grey() / 255 * scale + shift).astype(kind), photometric="minisblack")
    assert differ(data, GREY) < 1
    assert (
        "taken as white" in decode_picture(data).note.replace("as white", "taken as white")
    ) == ((scale, shift) != (1, 0))


def test_floating_point_colours_and_holes() -> None:
    samples = (painted() / 255).astype(np.float32)
    data = write_tiff(samples, photometric="rgb", predictor=3, compression="zlib")
    assert differ(data, PAINTING) < 1
    samples[:4, :4] = np.nan
    assert decode_picture(write_tiff(samples, photometric="rgb")).image.getpixel((1, 1)) == (
        0,
        0,
        0,
    )


def test_the_range_that_the_file_states_is_taken() -> None:
    samples = (grey() / 255 * 600 + 100).astype(np.float32)
    stated = [(340, 11, 1, 0.0, True), (341, 11, 1, 1000.0, True)]
    decoded = decode_picture(write_tiff(samples, photometric="minisblack", extratags=stated))
    lowest, highest = np.asarray(decoded.image).min(), np.asarray(decoded.image).max()
    assert (lowest, highest) == (26, 179)
    assert "1,000 as white" in decoded.note


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("extra", [1, 2, 3])
def test_channels_that_are_no_colours_are_left_out_and_said(
    extra: int, depth: type, planar: str
) -> None:
    most = np.iinfo(depth).max // 255
    bands = [painted(seed=5)] + [painted(seed=9)[..., :1]] * extra
    samples: np.ndarray = np.concatenate(bands, axis=-1).astype(depth) * most
    if planar == "separate":
        samples = np.moveaxis(samples, -1, 0)
    data = write_tiff(
        samples, photometric="rgb", planarconfig=planar, extrasamples=["unspecified"] * extra
    )
    assert differ(data, PAINTING) < 1
    if not (extra == 1 and depth is np.uint8 and planar == "contig"):
        assert (
            f"{extra} of {3 + extra} channels left out" in decode_picture(data).note or extra == 1
        )


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("colours", ["grey", "rgb", "cmyk"])
def test_alpha_lies_over_white(colours: str, depth: type, planar: str) -> None:
    bands = {"grey": grey()[..., None], "rgb": painted()}.get(colours)
    if bands is None:
        bands = np.asarray(PAINTING.convert("CMYK"))
    alpha = np.zeros((*bands.shape[:2], 1), np.uint8)
    alpha[:, 48:] = 255
    samples = np.concatenate([bands, alpha], axis=-1)
    top = 1 if depth is np.float32 else np.iinfo(depth).max
    samples = (samples / 255 * top).astype(depth)
    if planar == "separate":
        samples = np.moveaxis(samples, -1, 0)
    photometric = {"grey": "minisblack", "rgb": "rgb", "cmyk": "separated"}[colours]
    data = write_tiff(
        samples, photometric=photometric, planarconfig=planar, extrasamples=["unassalpha"]
    )
    expected = (GREY if colours == "grey" else PAINTING).copy()
    expected.paste("white", (0, 0, 48, 64))
    assert differ(data, expected) < 2


def test_an_alpha_that_hides_everything_is_left_out_and_said() -> None:
    samples = np.concatenate(
        [painted().astype(np.uint16) * 257, np.zeros((64, 96, 1), np.uint16)], 2
    )
    data = write_tiff(samples, photometric="rgb", extrasamples=["unassalpha"])
    assert differ(data, PAINTING) < 1
    assert "alpha" in decode_picture(data).note


def test_an_alpha_by_which_the_colours_are_multiplied() -> None:
    alpha = np.full((64, 96, 1), 0.5)
    samples = np.concatenate([painted() / 255 * alpha, alpha], axis=2) * 65535
    data = write_tiff(samples.astype(np.uint16), photometric="rgb", extrasamples=["assocalpha"])
    half = Image.blend(PAINTING, Image.new("RGB", PAINTING.size, "white"), 0.5)
    assert differ(data, half) < 1


@pytest.mark.parametrize("tile", [None, (32, 32)])
@pytest.mark.parametrize(
    ("compression", "predictor"),
    [
        *(
            (name, predictor)
            for name in ("lzw", "zlib", "zstd", "lzma")
            for predictor in (False, True)
        ),
        *((name, False) for name in ("packbits", "jpeg2000", None)),
    ],
)
def test_compressions_of_deep_samples(
    compression: str | None, predictor: bool, tile: tuple[int, int] | None
) -> None:
    samples = painted().astype(np.uint16) * 257
    options: dict[str, Any] = {"tile": tile} if tile else {"rowsperstrip": 7}
    data = write_tiff(
        samples, photometric="rgb", compression=compression, predictor=predictor, **options
    )
    assert differ(data, PAINTING) < 2


@pytest.mark.parametrize("compression", ["jpeg", "webp", "jpeg2000", "lzw", "zstd"])
def test_compressions_of_ordinary_samples(compression: str) -> None:
    data = write_tiff(painted(), photometric="rgb", compression=compression)
    assert differ(data, PAINTING) < 4


def test_sixteen_bit_lab_and_icc_lab() -> None:
    lab = PAINTING.convert("RGB")
    from PIL import ImageCms

    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    bands = np.frombuffer(to_lab.apply(lab).tobytes("raw", "LAB"), np.uint8).reshape(64, 96, 3)
    signed = bands.copy()
    deep = signed.astype(np.uint16) << 8
    assert differ(write_tiff(deep, photometric="cielab"), PAINTING) < 3
    lifted = (signed ^ np.array([0, 128, 128], np.uint8)).astype(np.uint16) << 8
    assert differ(write_tiff(lifted, photometric="icclab"), PAINTING) < 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_deep_samples(orientation: int) -> None:
    lying = PAINTING
    undo = {
        **{2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180},
        **{4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE},
        **{6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE},
        8: Image.Transpose.ROTATE_270,
    }
    if orientation > 1:
        lying = lying.transpose(undo[orientation])
    samples = np.asarray(lying).astype(np.uint16) * 257
    tag = [(274, 3, 1, orientation, True)]
    decoded = decode_picture(write_tiff(samples, photometric="rgb", extratags=tag))
    assert (decoded.width, decoded.height) == (96, 64)
    assert mean_difference(decoded.image, PAINTING) < 1


TARGET = painted(48, 40, seed=8)
LARGE_TARGET = painted(seed=8)


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_painting_is_the_largest_page(place: int, depth: type) -> None:
    """Before it or after it lie a thumbnail and a colour target."""
    painting: np.ndarray = painted().astype(depth) * (np.iinfo(depth).max // 255)
    pages = [(TARGET, {"photometric": "rgb"}), (painted(24, 16), {"photometric": "rgb"})]
    pages.insert(place, (painting, {"photometric": "rgb"}))
    decoded = decode_picture(write_pages(*pages))
    assert (decoded.width, decoded.height) == (96, 64)
    assert mean_difference(decoded.image, PAINTING) < 1
    assert decoded.note == "the largest of 2 pages"


@pytest.mark.parametrize(
    "other",
    [
        (LARGE_TARGET, {"photometric": "rgb", "subfiletype": 1}),
        (LARGE_TARGET[..., 0] > 100, {"photometric": "mask", "subfiletype": 4}),
    ],
    ids=["reduced", "mask"],
)
def test_a_page_marked_as_reduced_or_as_a_mask_is_not_the_painting(
    other: tuple[np.ndarray, dict[str, Any]],
) -> None:
    """Even where it is as large."""
    decoded = decode_picture(write_pages(other, (painted(), {"photometric": "rgb"})))
    assert mean_difference(decoded.image, PAINTING) < 1
    assert decoded.note == ""


def test_of_pages_of_one_size_one_named_as_a_target_comes_last() -> None:
    target = {"photometric": "rgb", "extratags": [(285, 2, 0, "X-Rite ColorChecker", True)]}
    decoded = decode_picture(
        write_pages((LARGE_TARGET, target), (painted(), {"photometric": "rgb"}))
    )
    assert mean_difference(decoded.image, PAINTING) < 1
    assert decoded.note == "page 2 of 2, of which none is larger"


def test_of_pages_of_one_size_the_first_is_taken_and_said() -> None:
    decoded = decode_picture(write_tiff(painted(), LARGE_TARGET, LARGE_TARGET, photometric="rgb"))
    assert mean_difference(decoded.image, PAINTING) < 1
    assert decoded.note == "page 1 of 3, of which none is larger"


def test_the_painting_may_lie_below_another_page() -> None:
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as file:
        small: dict[str, Any] = {"subfiletype": 1, "photometric": "rgb", "metadata": None}
        file.write(painted(24, 16), subifds=1, **small)
        file.write(painted(), photometric="rgb", metadata=None)
    assert differ(out.getvalue(), PAINTING) < 1


def test_a_giant_is_read_from_a_copy_that_is_large_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy has other colours here, to tell which was read."""
    monkeypatch.setattr("core.images.tiff.GIANT", 10_000)
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as file:
        tiles: dict[str, Any] = {"tile": (64, 64), "photometric": "rgb", "metadata": None}
        file.write(painted(480, 320), subifds=2, **tiles)
        file.write(255 - painted(240, 160), subfiletype=1, **tiles)
        file.write(painted(48, 32), subfiletype=1, **tiles)
    decoded = decode_picture(out.getvalue(), short_side=64)
    assert (decoded.width, decoded.height, decoded.image.size) == (480, 320, (96, 64))
    negative = Image.fromarray(255 - painted())
    assert mean_difference(decoded.image, negative) < 4
    whole = decode_picture(out.getvalue(), short_side=128).image
    assert mean_difference(whole.resize((96, 64)), PAINTING) < 4


@pytest.mark.parametrize(
    "options", [{"rowsperstrip": 7}, {"tile": (48, 80)}, {"rowsperstrip": 320}]
)
@pytest.mark.parametrize("photometric", ["rgb", "minisblack", "palette"])
def test_what_is_averaged_while_it_is_read(photometric: str, options: dict[str, Any]) -> None:
    """Parts of any size, whose edges are not those of the squares that are averaged."""
    samples = painted(485, 323) if photometric == "rgb" else grey(485, 323)
    if photometric == "palette":
        ramp = np.arange(256, dtype=np.uint16) * 257
        options = options | {"colormap": np.stack([ramp, ramp[::-1], ramp])}
        expected = Image.merge(
            "RGB", [Image.fromarray(each) for each in (samples, 255 - samples, samples)]
        )
        data = write_tiff(samples, photometric="palette", bigtiff=True, **options)
    else:
        expected = Image.fromarray(samples).convert("RGB")
        data = write_tiff(samples.astype(np.uint16) * 257, photometric=photometric, **options)
    decoded = decode_picture(data, short_side=40)
    assert (decoded.width, decoded.height) == (485, 323)
    small = expected.resize(decoded.image.size, Image.Resampling.LANCZOS)
    assert mean_difference(decoded.image, small) < 1


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("bigtiff", [False, True])
def test_numbers_may_begin_with_either_byte(byteorder: str, bigtiff: bool) -> None:
    form = {"byteorder": byteorder, "bigtiff": bigtiff}
    assert differ(write_tiff(painted(), photometric="rgb", **form), PAINTING) < 1
    tiled = write_tiff(painted(), photometric="rgb", tile=(32, 32), compression="zlib", **form)
    assert differ(tiled, PAINTING) < 1


def test_a_giant_in_small_parts_is_read_within_the_limit_of_what_is_held() -> None:
    limits = PixelLimits(whole=20_000, parts=200_000)
    tiled = write_tiff(painted(480, 320).astype(np.uint16) * 257, photometric="rgb", tile=(64, 64))
    assert decode_picture(tiled, short_side=64, limits=limits).image.size == (96, 64)
    single = write_tiff(
        painted(480, 320).astype(np.uint16) * 257, photometric="rgb", rowsperstrip=320
    )
    with pytest.raises(TooLarge, match="not stored in parts"):
        decode_picture(single, short_side=64, limits=limits)
    with pytest.raises(TooLarge, match="480 x 320 pixels"):
        decode_picture(tiled, short_side=64, limits=PixelLimits(whole=20_000, parts=100_000))
    assert GIANT > 1_000_000


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            write_tiff(painted(), photometric="rgb", compression="lerc"),
            "compressed by LERC; not read",
        ),
        (
            write_tiff(grey(), photometric="cfa", extratags=[(33421, 3, 2, (2, 2), True)]),
            "CFA colours",
        ),
        (write_tiff(grey().astype(np.complex64), photometric="minisblack"), "samples of a kind"),
        (
            write_tiff(
                np.stack([grey()] * 5, -1),
                photometric="minisblack",
                planarconfig="contig",
                extrasamples=["unspecified"] * 4,
            ),
            "5 channels",
        ),
        (
            write_tiff(
                np.stack([grey()] * 5, -1).astype(np.uint16),
                photometric="separated",
                extrasamples=["unspecified"],
                extratags=[(332, 3, 1, 2, True)],
            ),
            "inks are not CMYK",
        ),
    ],
    ids=["compression", "camera raw", "complex", "channels", "inks"],
)
def test_what_is_not_read_is_named_and_not_called_damaged(data: bytes, said: str) -> None:
    assert said in reason_of(data)
    assert "damaged" not in reason_of(data)


@pytest.mark.parametrize(
    ("depth", "compression"),
    [
        (np.uint8, "lzw"),
        (np.uint8, "jpeg"),
        (np.uint8, None),
        (np.uint16, "lzw"),
        (np.uint16, None),
    ],
)
def test_a_truncated_one_is_called_so(depth: type, compression: str | None) -> None:
    samples: np.ndarray = painted(200, 150).astype(depth)
    data = write_tiff(samples, photometric="rgb", compression=compression, rowsperstrip=16)
    offsets = data.find(b"\x11\x01")  # StripOffsets: the directory lies before the pixels
    assert 0 < offsets < 200
    assert reason_of(data[: len(data) * 2 // 3]) == "truncated file"


def test_nothing_is_written_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    data = bytearray(write_tiff(DEEP, photometric="minisblack"))
    data[8:12] = b"\xff\xff\xff\xff"
    with suppress(ImageRefused):
        decode_picture(bytes(data))
    assert capfd.readouterr().err == ""
    assert logging.getLogger("tifffile").handlers


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_layout_gives_the_picture_or_a_reason(data: st.DataObject) -> None:
    """Any depth, channels, order, part and page: never another picture, never a traceback."""
    depth: Any = data.draw(st.sampled_from([np.uint8, np.uint16, np.uint32, np.int16, np.float32]))
    photometric = data.draw(st.sampled_from(["rgb", "minisblack", "miniswhite"]))
    extra = data.draw(st.lists(st.sampled_from(["unspecified", "unassalpha"]), max_size=2))
    width, height = data.draw(st.tuples(st.integers(34, 90), st.integers(34, 90)))
    options: dict[str, Any] = data.draw(
        st.sampled_from([{"rowsperstrip": 5}, {"tile": (16, 32)}, {"compression": "lzw"}])
    )
    top = 1 if depth is np.float32 else np.iinfo(depth).max
    colours = painted(width, height) if photometric == "rgb" else grey(width, height)[..., None]
    stored = 255 - colours if photometric == "miniswhite" else colours
    opaque = np.full((height, width, 1), 255, np.uint8)
    bands = np.concatenate([stored] + [opaque] * len(extra), axis=-1)
    samples = (bands / 255 * top).astype(depth)
    separate = data.draw(st.booleans()) and samples.shape[-1] > 1
    if separate:
        samples = np.moveaxis(samples, -1, 0)
    file = write_tiff(
        samples if samples.shape[-1] > 1 or separate else samples[..., 0],
        photometric=photometric,
        planarconfig="separate" if separate else "contig" if samples.shape[-1] > 1 else None,
        extrasamples=extra or None,
        **options,
    )
    if photometric != "rgb" and extra == ["unspecified"] * 2:
        assert "3 channels" in reason_of(file)
        return
    expected = Image.fromarray(colours if photometric == "rgb" else colours[..., 0]).convert("RGB")
    assert differ(file, expected) < 2
