"""JPEG 2000, museums' archive format: read at the resolution that is needed."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from PIL import Image, Jpeg2KImagePlugin

from core.images.loaded import ImageRefused, Loaded, PixelLimits, fit
from core.images.samples import find_levels

_CODESTREAM: Final = b"\xff\x4f\xff\x51"
_SIZE, _CODING, _TILE = 0xFF51, 0xFF52, 0xFF90  # markers
_HOLDERS: Final = {b"jp2h", b"jpch", b"jplh", b"cgrp"}  # boxes that hold boxes
_YCC: Final = b"\x01\0\0\0\0\0\x12"  # how a box of colours begins that says sYCC
_PROFILES: Final = {b"\2", b"\3"}  # and one that holds an ICC profile
_MOST_LEVELS: Final = 32
_MOST_CHANNELS: Final = 4
_ROWS: Final = 256  # that are brought to 8 bits at once


@dataclass(frozen=True)
class _Header:
    """``bits`` of a sample, ``levels``: how often the picture can be halved; ``is_shifted``: it
    begins elsewhere than its grid does.
    """

    channels: int
    bits: int
    is_signed: bool
    levels: int
    is_shifted: bool

    @property
    def is_deep(self) -> bool:
        """Whether Pillow would show its whites as black, or its signed samples shifted."""
        return self.is_signed or (self.bits > 8 and self.channels > 1)


def load_jpeg_2000(data: bytes, short_side: int | None, limits: PixelLimits) -> Loaded:
    """The picture, halved while it is read as often as its target and its levels allow.

    Colours of more than 8 bits are read whole.
    """
    header = _read_header(data)
    if header.channels > _MOST_CHANNELS:
        raise ImageRefused(
            f"a JPEG 2000 of {header.channels} channels; up to {_MOST_CHANNELS} are read"
        )
    source = Jpeg2KImagePlugin.Jpeg2KImageFile(io.BytesIO(data))
    width, height = source.size
    target = fit(width, height, short_side)
    times = min(width // target[0], height // target[1]).bit_length() - 1
    can_halve = not (header.is_deep or header.is_shifted)
    halvings = max(0, min(times, header.levels)) if can_halve else 0
    limits.check(width, height, (width >> halvings) * (height >> halvings))
    colours = _find_colours(data)
    profile = bytes(colours[3:]) if colours[:1] in _PROFILES else None
    if header.is_deep:
        mode = "YCbCr" if colours.startswith(_YCC) else source.mode
        image, note = _decode_deep(data, mode, header)
        return Loaded(image, width, height, profile=profile, note=note)
    _halve(source, halvings)
    source.load()
    return Loaded(source, width, height, profile=profile)


def _halve(source: Jpeg2KImagePlugin.Jpeg2KImageFile, times: int) -> None:
    """As Pillow's own ``reduce``, which fails where a side does not end on a whole pixel."""
    (tile,) = source.tile
    codec, _, *rest = cast("tuple[Any, ...]", tile.args)
    width, height = (-(-side >> times) for side in source.size)
    source._size = width, height
    source.tile = [tile._replace(extents=(0, 0, *source.size), args=(codec, times, *rest))]


def _decode_deep(data: bytes, mode: str, header: _Header) -> tuple[Image.Image, str]:
    """The picture in ``mode``, 8 bits, and a note."""
    import imagecodecs  # for the few that need it

    samples = imagecodecs.jpeg2k_decode(data, numthreads=1)
    if samples.ndim == 2:
        samples = samples[..., None]
    low, high = float(samples.min()), float(samples.max())
    levels = find_levels("i" if header.is_signed else "u", header.bits, low, high)
    pixels = np.empty(samples.shape, np.uint8)
    for top in range(0, len(samples), _ROWS):
        rows = slice(top, top + _ROWS)
        pixels[rows] = levels.scale(samples[rows]) + 0.5
    mode = "L" if mode == "I;16" else mode
    size = len(pixels[0]), len(pixels)
    return Image.frombytes(mode, size, pixels.tobytes()), levels.note


def _read_header(data: bytes) -> _Header:
    """Of the codestream; raises ``struct.error`` where it is cut off."""
    at = 0 if data.startswith(_CODESTREAM) else data.find(_CODESTREAM)
    if at < 0:
        raise SyntaxError("no codestream")
    at, channels, depth, levels, origin = at + 2, 0, 0, 0, (0, 0)
    while True:
        marker, length = struct.unpack_from(">HH", data, at)
        if marker == _SIZE:
            channels, depth = struct.unpack_from(">HB", data, at + 38)
            origin = struct.unpack_from(">II", data, at + 14)
        elif marker == _CODING:
            levels = min(data[at + 9], _MOST_LEVELS)
        elif marker == _TILE:
            bits, is_signed = (depth & 0x7F) + 1, bool(depth & 0x80)
            return _Header(channels, bits, is_signed, levels, origin != (0, 0))
        at += 2 + length


def _find_colours(data: bytes) -> bytes:
    """What a JP2 or JPX file says of its colours: a method, two bytes, then a number or profile."""
    return next((bytes(body) for kind, body in _list_boxes(data) if kind == b"colr"), b"")


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
