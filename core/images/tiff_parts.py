"""A page of a TIFF read strip by strip or tile by tile, and averaged as it is read."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from PIL import Image
from tifffile import TiffPage

from core.images.loaded import ImageRefused, join_notes
from core.images.samples import Levels, find_levels
from core.images.tiff_layout import LAB, PALETTE, WHITE_IS_ZERO, Layout, describe_layout

_SEPARATE: Final = 2  # PlanarConfiguration: each channel has its own parts
_JPEG_TABLES: Final = 347
_STATED: Final = ((340, 341), (280, 281))  # the smallest and the largest sample, as files say it
_WHITE: Final = {"CMYK": (0,), "LAB": (255, 128, 128)}


def count_held(page: TiffPage) -> int:
    """Pixels of the largest part, which is decoded at once."""
    if page.is_tiled:
        return int(page.tilewidth) * int(page.tilelength)
    return int(page.imagewidth) * min(int(page.rowsperstrip), int(page.imagelength))


def read_in_parts(data: bytes, page: TiffPage, factor: int) -> tuple[Image.Image, str]:
    """The page, each pixel the mean of ``factor`` x ``factor``, over white, and a note.

    The mode is L, RGB, CMYK, YCbCr or LAB. Raises ``ImageRefused`` for what is not read or missing.
    """
    layout = describe_layout(page)
    sums = _Sums(page, layout, factor)
    sums.read(data)
    if layout.has_alpha and sums.is_hidden:
        note = join_notes(layout.note, "its alpha channel, which hides all of it, is left out")
        layout = replace(layout, samples=layout.samples[:-1], has_alpha=False, note=note)
        sums = _Sums(page, layout, factor)
        sums.read(data)
    return sums.finish()


class _Sums:
    """Sums of a page's samples over squares of ``factor`` pixels, and what is seen on the way."""

    def __init__(self, page: TiffPage, layout: Layout, factor: int) -> None:
        self._page, self._layout, self._factor = page, layout, factor
        self._size = int(page.imagelength), int(page.imagewidth)
        rows, columns = (-(-side // factor) for side in self._size)
        colours = {"L": 1, "CMYK": 4}.get(self._layout.mode, 3)
        self._colours = np.zeros((rows, columns, colours), np.float32)
        self._alpha = np.zeros((rows, columns, 1), np.float32)
        self._low, self._high = np.inf, -np.inf

    @property
    def is_hidden(self) -> bool:
        """Whether the alpha lets nothing through."""
        return not self._alpha.any()

    def read(self, data: bytes) -> None:
        """Adds every part; raises ``ImageRefused`` where one is missing."""
        page = self._page
        parts = self._count_parts()
        planes = self._layout.samples if page.planarconfig == _SEPARATE else (0,)
        for number in range(parts):
            read = [self._decode(data, number + parts * plane) for plane in planes]
            part = np.concatenate([pixels for pixels, _, _ in read], axis=-1)
            if part.shape[-1] > len(self._layout.samples):
                part = part[..., self._layout.samples]
            self._add(part, *read[0][1:])

    def _count_parts(self) -> int:
        """Parts that one channel, or all of them together, consist of."""
        page = self._page
        if page.is_tiled:
            sides = (page.tilelength, page.tilewidth)
        else:
            sides = (min(int(page.rowsperstrip), self._size[0]), self._size[1])
        down, across = (-(-size // int(side)) for size, side in zip(self._size, sides, strict=True))
        return down * across

    def _decode(self, data: bytes, index: int) -> tuple[np.ndarray, int, int]:
        """Pixels (height, width, samples) of one part, and its place from top and left."""
        page = self._page
        if index >= min(len(page.dataoffsets), len(page.databytecounts)):
            raise ImageRefused("truncated file")
        start, size = page.dataoffsets[index], page.databytecounts[index]
        if not size or start + size > len(data):
            raise ImageRefused("truncated file")
        tables = page.tags.valueof(_JPEG_TABLES)
        part, place, _ = page.decode(data[start : start + size], index, jpegtables=tables)
        if part is None:
            raise ImageRefused("truncated file")
        return part[0], int(place[2]), int(place[3])

    def _add(self, part: np.ndarray, top: int, left: int) -> None:
        part = part[: self._size[0] - top, : self._size[1] - left]
        colours, alpha = part, None
        if self._layout.has_alpha:
            colours, alpha = part[..., :-1], part[..., -1:]
        colours = self._unpack(colours)
        for seen in (colours,) if alpha is None else (colours, alpha):
            self._low = min(self._low, float(seen.min()))
            self._high = max(self._high, float(seen.max()))
        if alpha is not None:
            alpha = alpha.astype(np.float32)
            if not self._layout.is_associated:
                colours = colours * alpha
            self._sum(self._alpha, alpha, top, left)
        self._sum(self._colours, colours, top, left)

    def _unpack(self, colours: np.ndarray) -> np.ndarray:
        """Numbers that may be averaged."""
        page = self._page
        if page.photometric == PALETTE:
            entries: np.ndarray = np.asarray(page.colormap).T
            looked_up: np.ndarray = entries[colours[..., 0]]
            return looked_up
        if page.photometric == LAB:  # a* and b* are signed, and are lifted above 0
            lifted: np.ndarray = colours.copy()
            lifted[..., 1:] ^= colours.dtype.type(1 << (8 * colours.dtype.itemsize - 1))
            return lifted
        if colours.dtype.kind == "f":
            finite: np.ndarray = np.nan_to_num(colours, nan=0.0, posinf=0.0, neginf=0.0)
            return finite
        return colours.astype(np.uint8) if colours.dtype.kind == "b" else colours

    def _sum(self, into: np.ndarray, part: np.ndarray, top: int, left: int) -> None:
        for axis, start in enumerate((top, left)):
            if self._factor > 1:
                places = np.arange(start, start + part.shape[axis])
                edges = np.flatnonzero(places % self._factor == 0)
                edges = edges if len(edges) and edges[0] == 0 else np.append(0, edges)
                part = np.add.reduceat(part, edges, axis=axis, dtype=np.float32)
        row, column = top // self._factor, left // self._factor
        into[row : row + part.shape[0], column : column + part.shape[1]] += part

    def finish(self) -> tuple[Image.Image, str]:
        levels = self._find_levels()
        counts = np.multiply.outer(*(self._count(side) for side in self._size))[..., None]
        note = [self._layout.note, levels.note]
        white = np.array(_WHITE.get(self._layout.mode, (255,)), np.float32)
        is_negative = self._page.photometric == WHITE_IS_ZERO
        cover = self._alpha / (counts * (levels.white or 1.0))
        if self._layout.has_alpha:
            parts = counts * cover if self._layout.is_associated else self._alpha
            means = self._colours / np.where(parts > 0, parts, 1)
            pixels = levels.scale(means) * cover + (0 if is_negative else white) * (1 - cover)
        else:
            pixels = levels.scale(self._colours / counts)
        pixels = (255 - pixels) if is_negative else pixels
        image = _build_image(self._layout.mode, (pixels + 0.5).astype(np.uint8))
        return image, join_notes(*note)

    def _count(self, side: int) -> np.ndarray:
        """How many pixels of one side fall into each square."""
        return np.bincount(np.arange(side) // self._factor).astype(np.float32)

    def _find_levels(self) -> Levels:
        page = self._page
        kind = "u" if page.dtype is None or page.dtype.kind == "b" else page.dtype.kind
        bits = 16 if page.photometric == PALETTE else int(page.bitspersample)
        if self._layout.mode in {"LAB", "YCbCr"}:  # whose colours always fill their range
            return Levels(0, 2**bits - 1)
        return find_levels(kind, bits, self._low, self._high, _read_stated(page))


def _read_stated(page: TiffPage) -> tuple[float, float] | None:
    """The smallest and the largest sample of all channels, where the file's tags state both."""
    for tags in _STATED:
        values = [page.tags.valueof(tag) for tag in tags]
        low, high = (each if isinstance(each, tuple) else (each,) for each in values)
        if low and high and all(isinstance(each, int | float) for each in (*low, *high)):
            return float(min(low)), float(max(high))
    return None


def _build_image(mode: str, pixels: np.ndarray) -> Image.Image:
    """(H, W, C) uint8 as an image."""
    if mode == "LAB":
        pixels = pixels ^ np.array([0, 0x80, 0x80], np.uint8)  # as TIFF has it, signed
    height, width, _ = pixels.shape
    return Image.frombytes(mode, (width, height), np.ascontiguousarray(pixels).tobytes())
