"""JPEG 2000, museums' archive format: read at the resolution that is needed."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Final

from PIL import Jpeg2KImagePlugin

from core.images.loaded import ImageRefused, Loaded, PixelLimits, fit

_CODESTREAM: Final = b"\xff\x4f\xff\x51"
_SIZE, _CODING, _TILE = 0xFF51, 0xFF52, 0xFF90  # markers
_HOLDERS: Final = {b"jp2h", b"jpch", b"jplh", b"cgrp"}  # boxes that hold boxes
_MOST_LEVELS: Final = 32
_MOST_CHANNELS: Final = 4


def load_jpeg_2000(data: bytes, short_side: int | None, limits: PixelLimits) -> Loaded:
    """The picture, halved while it is read as often as its target and its levels allow."""
    channels, levels = _read_header(data)
    if channels > _MOST_CHANNELS:
        raise ImageRefused(f"a JPEG 2000 of {channels} channels; up to {_MOST_CHANNELS} are read")
    source = Jpeg2KImagePlugin.Jpeg2KImageFile(io.BytesIO(data))
    width, height = source.size
    target = fit(width, height, short_side)
    times = min(width // target[0], height // target[1]).bit_length() - 1
    halvings = max(0, min(times, levels))
    limits.check(width, height, (width >> halvings) * (height >> halvings))
    source.reduce = halvings
    source.load()
    return Loaded(source, width, height, profile=_find_profile(data))


def _read_header(data: bytes) -> tuple[int, int]:
    """Channels, and how often the picture can be halved; raises ``struct.error`` where cut off."""
    at = 0 if data.startswith(_CODESTREAM) else data.find(_CODESTREAM)
    if at < 0:
        raise SyntaxError("no codestream")
    at, channels, levels = at + 2, 0, 0
    while True:
        marker, length = struct.unpack_from(">HH", data, at)
        if marker == _SIZE:
            (channels,) = struct.unpack_from(">H", data, at + 38)
        elif marker == _CODING:
            levels = min(data[at + 9], _MOST_LEVELS)
        elif marker == _TILE:
            return channels, levels
        at += 2 + length


def _find_profile(data: bytes) -> bytes | None:
    """The ICC profile of a JP2 or JPX file."""
    for kind, body in _list_boxes(data):
        if kind == b"colr" and body[:1] in {b"\2", b"\3"}:
            return bytes(body[3:])
    return None


def _list_boxes(data: bytes | memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Every box before the pixels, those inside others included."""
    view, at = memoryview(data), 0
    while at + 8 <= len(view):
        length, kind = struct.unpack_from(">I4s", view, at)
        if kind == b"jp2c" or length < 8:  # the pixels; a box to the end, or a very long one
            return
        body = view[at + 8 : at + length]
        yield kind, body
        if kind in _HOLDERS:
            yield from _list_boxes(body)
        at += length
