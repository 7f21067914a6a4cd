"""Pictures made to break a decoder: each is refused in words, and the guard answers the next."""

from __future__ import annotations

import io
import os
import signal
import struct
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from fcntl import ioctl
from pathlib import Path
from termios import FIONREAD

import imagecodecs
import numpy as np
import psutil
import pytest
from PIL import Image, features
from pillow_heif import from_pillow

from core.images.decode import decode_picture
from core.images.guard import (
    PICTURES_A_CHILD,
    DecodingGuard,
    GuardBusy,
    GuardClosed,
    GuardLimits,
)
from core.images.loaded import ImageRefused
from core.sizes import MEGABYTE, UPLOAD_MEGAPIXELS
from tests.images.painted import mean_difference, paint, to_bytes
from tests.images.tiffs import write_tiff

KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIC", "JPEG2000", "progressive")
# Read by libraries of their own: deep samples in parts, JPEG 2000 inside a TIFF and deep.
DEEP = ("deep TIFF", "TIFF of JPEG 2000", "deep JPEG 2000")
GOOD = to_bytes(paint(1, 96, 64))
LONGEST = 60  # seconds


@pytest.fixture(scope="module")
def guard() -> Iterator[DecodingGuard]:
    with closing(DecodingGuard()) as guard:
        yield guard


def encode(image: Image.Image, kind: str) -> bytes:
    if kind == "HEIC":
        buffer = io.BytesIO()
        from_pillow(image).save(buffer, quality=90)
        return buffer.getvalue()
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow was built without AVIF")
    if kind in DEEP:
        samples = np.asarray(image.convert("RGB")).astype(np.uint16) * 257
        if kind == "deep JPEG 2000":
            return bytes(imagecodecs.jpeg2k_encode(samples, level=0, reversible=True))
        coding = {"tile": (32, 32)} if kind == "deep TIFF" else {"compression": "jpeg2000"}
        return write_tiff(samples, photometric="rgb", **coding)
    if kind == "progressive":
        return to_bytes(image, "JPEG", progressive=True)
    return to_bytes(image, kind)


def refusal_of(guard: DecodingGuard, data: bytes) -> str:
    with pytest.raises(ImageRefused) as refusal:
        guard.decode(data, short_side=64)
    return refusal.value.reason


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG of 8-bit grey whose data is ``rows``."""
    out = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")):
        crc = struct.pack(">I", zlib.crc32(kind + body))
        out += struct.pack(">I", len(body)) + kind + body + crc
    return out


@pytest.mark.parametrize("kind", [*KINDS, *DEEP])
def test_pixels_are_those_of_the_plain_decoder(guard: DecodingGuard, kind: str) -> None:
    data = encode(paint(2, 300, 200), kind)
    guarded, plain = guard.decode(data, short_side=100), decode_picture(data, short_side=100)
    assert guarded.image == plain.image
    assert (guarded.width, guarded.height) == (300, 200)
    assert mean_difference(guarded.image, paint(2, 300, 200).resize((150, 100))) < 12


@pytest.mark.parametrize("kind", [*KINDS, *DEEP])
@pytest.mark.parametrize("tenth", range(10))
def test_truncated_at_every_tenth(guard: DecodingGuard, kind: str, tenth: int) -> None:
    data = encode(paint(3, 200, 150), kind)
    assert refusal_of(guard, data[: len(data) * tenth // 10])
    assert guard.decode(GOOD, short_side=64).height == 64


@pytest.mark.slow
def test_thousands_of_flipped_bytes(guard: DecodingGuard) -> None:
    """Each case is answered with a picture or a reason; no child hangs."""
    rng = np.random.default_rng(7)
    outcomes: Counter[str] = Counter()
    started = time.monotonic()
    kinds = [*KINDS[:9], *DEEP]
    for kind in kinds:
        whole = encode(paint(4, 60, 40), kind)
        for _ in range(250):
            data = bytearray(whole)
            for at in rng.integers(0, len(data), rng.integers(1, 6)):
                data[at] ^= 1 << rng.integers(8)
            try:
                decoded = guard.decode(bytes(data), short_side=32)
                assert decoded.image.mode == "RGB"
                outcomes["answered"] += 1
            except ImageRefused as refusal:
                outcomes["refused"] += 1
                outcomes["too long"] += "took too long" in refusal.reason
    assert outcomes["answered"] + outcomes["refused"] == 250 * len(kinds)
    assert outcomes["answered"] > 100
    assert outcomes["refused"] > 100
    assert outcomes["too long"] == 0
    assert time.monotonic() - started < 300


@pytest.mark.parametrize(
    "make",
    [
        lambda: png(50_000, 50_000, bytes(1000)),
        lambda: to_bytes(Image.new("1", (12_000, 11_000)), "TIFF", compression="group4"),
        lambda: to_bytes(Image.new("1", (12_000, 11_000)), "GIF"),
        lambda: to_bytes(Image.new("L", (16_000, 8_000)), "WEBP", lossless=True, method=0),
    ],
    ids=["PNG", "TIFF", "GIF", "WEBP"],
)
def test_bombs_are_refused_by_their_header(guard: DecodingGuard, make: Callable[[], bytes]) -> None:
    bomb = make()
    assert len(bomb) < MEGABYTE
    before = guard.process_ids
    reason = refusal_of(guard, bomb)
    assert "the limit for one that is not stored in parts is 120" in reason
    assert guard.process_ids == before


def test_more_memory_than_there_may_be_is_refused() -> None:
    """A small file below the pixel limit that unpacks to more than a child may hold."""
    bomb = png(9_000, 9_000, bytes(9_001 * 9_000))
    with closing(DecodingGuard(GuardLimits(memory_bytes=180 * MEGABYTE), children=1)) as guard:
        assert "more than the limit of 180 MB of memory" in refusal_of(guard, bomb)
        assert guard.decode(GOOD, short_side=64).image.size == (96, 64)


def test_more_megapixels_come_with_the_memory_and_time_that_they_need() -> None:
    usual, more = GuardLimits.of(UPLOAD_MEGAPIXELS), GuardLimits.of(2 * UPLOAD_MEGAPIXELS)
    assert usual == GuardLimits()
    assert more.pixels.whole == 2 * usual.pixels.whole
    assert more.memory_bytes == 2 * usual.memory_bytes
    assert more.seconds == 2 * usual.seconds
    assert more.file_bytes == usual.file_bytes
    assert GuardLimits.of(10).memory_bytes == usual.memory_bytes
    large = png(13_000, 10_000, bytes(13_001 * 10_000))
    with closing(DecodingGuard(GuardLimits.of(130), children=1)) as guard:
        assert guard.decode(large, short_side=64).width == 13_000


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    slow = png(10_000, 10_000, bytes(10_001 * 10_000))
    with closing(DecodingGuard(GuardLimits(seconds=0.05), children=1)) as guard:
        (before,) = guard.process_ids
        assert refusal_of(guard, slow) == "decoding it took too long; the limit is 0.05 s"
        (after,) = guard.process_ids
        assert after != before
    with closing(DecodingGuard(children=1)) as guard:
        assert guard.decode(GOOD, short_side=64).height == 64


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads Linux's /proc")
def test_a_child_that_dies_costs_one_picture() -> None:
    with closing(DecodingGuard(children=1)) as guard, ThreadPoolExecutor(1) as pool:
        guard.decode(GOOD, short_side=64)
        (pid,) = guard.process_ids
        os.kill(pid, signal.SIGSTOP)
        asked = pool.submit(refusal_of, guard, GOOD)
        wait_until_asked(pid)
        os.kill(pid, signal.SIGSEGV)
        os.kill(pid, signal.SIGCONT)
        assert "the decoder failed on it" in asked.result()
        assert guard.decode(GOOD, short_side=64).height == 64


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads Linux's /proc")
def test_a_child_that_died_idle_is_replaced_unnoticed() -> None:
    with closing(DecodingGuard(children=1)) as guard:
        guard.decode(GOOD, short_side=64)
        (pid,) = guard.process_ids
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
        assert guard.decode(GOOD, short_side=64).height == 64


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.005)


def wait_until_asked(pid: int) -> None:
    """Until a picture lies in the pipe to a child that was stopped."""
    with Path(f"/proc/{pid}/fd/0").open("rb", buffering=0) as requests:
        wait_until(lambda: ioctl(requests, FIONREAD, bytes(4)) != bytes(4))


def test_children_are_renewed_before_they_grow_old() -> None:
    with closing(DecodingGuard(children=1)) as guard:
        (before,) = guard.process_ids
        for _ in range(PICTURES_A_CHILD):
            guard.decode(GOOD, short_side=64)
        assert guard.process_ids != [before]


def test_closing_ends_the_children() -> None:
    guard = DecodingGuard()
    guard.decode(GOOD, short_side=64)
    ids = guard.process_ids
    guard.close()
    for pid in ids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="reads Linux's /proc")
def test_closing_wakes_who_waits_and_who_is_answered() -> None:
    """Though every child is busy: a cache that was cleared left them waiting for ever."""
    guard = DecodingGuard(GuardLimits(seconds=2 * LONGEST, wait_seconds=2 * LONGEST), children=1)
    assert guard.decode(GOOD, short_side=64).height == 64
    os.kill(guard.process_ids[0], signal.SIGSTOP)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(guard.decode, GOOD, short_side=64) for _ in range(4)]
        wait_until_asked(guard.process_ids[0])
        guard.close()
        for each in waiting:
            with pytest.raises(GuardClosed, match="no longer decoded"):
                each.result(timeout=LONGEST)
    guard.close()
    with pytest.raises(GuardClosed):
        guard.decode(GOOD, short_side=64)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in guard.process_ids))


def test_nobody_waits_for_ever_for_a_free_child() -> None:
    limits = GuardLimits(seconds=5, wait_seconds=0.1)
    with closing(DecodingGuard(limits, children=1)) as guard, ThreadPoolExecutor(1) as pool:
        guard.decode(GOOD, short_side=64)
        os.kill(guard.process_ids[0], signal.SIGSTOP)
        slow = pool.submit(guard.decode, GOOD, short_side=64)
        wait_until_asked(guard.process_ids[0])
        with pytest.raises(GuardBusy, match="busy"):
            guard.decode(GOOD, short_side=64)
        assert "too long" in str(slow.exception(timeout=LONGEST))
        assert guard.decode(GOOD, short_side=64).height == 64


def test_a_child_may_write_no_file_and_hold_little(guard: DecodingGuard) -> None:
    guard.decode(GOOD, short_side=64)
    for pid in guard.process_ids:
        limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
        found = {line[:26].strip(): line[26:].split()[0] for line in limits[1:]}
        if found["Max file size"] == "unlimited":
            continue  # not greeted yet: it is still starting
        assert found["Max file size"] == "0"
        assert found["Max core file size"] == "0"
        assert int(found["Max address space"]) == GuardLimits().memory_bytes


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads Linux's /proc")
def test_a_child_knows_no_secret_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTEXTRACT_REVIEWS", "postgresql://ada:secret@host/verdicts")
    with closing(DecodingGuard(children=1)) as guard:
        guard.decode(GOOD, short_side=64)
        environment = Path(f"/proc/{guard.process_ids[0]}/environ").read_text()
    assert "OPENBLAS_NUM_THREADS=1" in environment
    assert "secret" not in environment


def test_a_large_file_is_refused_unread(guard: DecodingGuard) -> None:
    assert refusal_of(guard, bytes(41 * MEGABYTE)) == "41.0 MB; the limit is 40 MB a file"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04",
        b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>",
    ],
)
def test_what_poses_as_a_picture_is_refused(guard: DecodingGuard, data: bytes) -> None:
    assert refusal_of(guard, data)


@pytest.mark.parametrize(("width", "height"), [(32, 32), (30_000, 40), (40, 30_000), (32, 60_000)])
def test_odd_proportions_are_answered(guard: DecodingGuard, width: int, height: int) -> None:
    decoded = guard.decode(to_bytes(Image.new("RGB", (width, height)), "PNG"), short_side=64)
    assert (decoded.width, decoded.height) == (width, height)
    assert max(decoded.image.size) <= 16_384


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_answered(guard: DecodingGuard, mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    image = Image.new("L", (48, 36), 200).convert("I;16" if mode == "I;16" else mode)
    assert guard.decode(to_bytes(image, kind), short_side=36).image.size == (48, 36)


def test_an_animation_gives_its_first_frame(guard: DecodingGuard) -> None:
    frames = [Image.new("RGB", (48, 36), colour) for colour in ("red", "blue")]
    data = to_bytes(frames[0], "GIF", save_all=True, append_images=frames[1:])
    red, _, blue = np.asarray(guard.decode(data, short_side=30).image)[15, 20]
    assert (red > 240, blue < 15) == (True, True)


def test_nothing_of_the_metadata_comes_back(guard: DecodingGuard) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)  # where it was taken
    exif[0x010F] = "camera"
    decoded = guard.decode(to_bytes(paint(1), exif=exif, comment=b"private"), short_side=30)
    assert decoded.image.info == {}
    assert not decoded.image.getexif()
