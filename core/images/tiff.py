"""TIFF, of which museums hold every kind: any depth, any channels, pyramids, giants.

libtiff, by way of Pillow, reads what it reads right: up to 8 bits a sample, in usual colours. The
rest is read in parts by tifffile and imagecodecs, and averaged as it is read, so that a scan of a
thousand megapixels never lies in memory whole.
"""

from __future__ import annotations

import io
import logging
from typing import Final

from PIL import Image, TiffImagePlugin
from tifffile import TiffFile, TiffFileError

from core.images.loaded import ImageRefused, Loaded, PixelLimits, fit, join_notes
from core.images.tiff_layout import READ_IN_PARTS
from core.images.tiff_pages import Choice, choose_page
from core.images.tiff_parts import count_held, read_in_parts
from core.sizes import MEGAPIXEL

# Above this a smaller copy in the file is used if it is large enough; below, only the original.
GIANT: Final = 50 * MEGAPIXEL
_MARGIN: Final = 2  # a copy, or what is averaged while it is read, is this many times the target

# Pillow's libtiff: compressions, and how many samples a pixel in each kind of colour.
_LIBTIFF: Final = {1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34925, 50000}
_USUAL: Final = {0: {1}, 1: {1, 2}, 2: {3, 4}, 3: {1}, 5: {4}, 6: {3}, 8: {3}}
_RAW: Final = 1
_TOGETHER, _COLOURS = 1, 3  # PlanarConfiguration; samples that libtiff joins itself
_PROFILE, _ORIENTATION = 34675, 274  # tags

logging.getLogger("tifffile").addHandler(logging.NullHandler())  # else it writes to the terminal


def load_tiff(data: bytes, short_side: int | None, limits: PixelLimits) -> Loaded:
    """The painting in a TIFF; raises ``ImageRefused``, and what Pillow raises for damage."""
    try:
        with TiffFile(io.BytesIO(data)) as file:
            choice = choose_page(file)
            page = choice.page
            pixels = int(page.imagewidth) * int(page.imagelength)
            # Pillow opens the first page, which it may not read, before it turns to another; and
            # it does not know a BigTIFF whose numbers begin with the high byte.
            is_known = not (file.is_bigtiff and file.byteorder == ">")
            is_easy = is_known and choice.place == 0 and pixels <= GIANT
            if _is_usual(choice) and (is_easy or page.compression not in READ_IN_PARTS):
                limits.check(int(page.imagewidth), int(page.imagelength), pixels)
                return _load_by_libtiff(data, choice)
            return _load_in_parts(data, choice, short_side, limits)
    except TiffFileError as error:
        raise SyntaxError(str(error)) from error


def _is_usual(choice: Choice) -> bool:
    """Whether Pillow reads the page right."""
    page = choice.page
    depths = {1, 2, 4, 8} if page.samplesperpixel == 1 else {8}
    return (
        choice.place is not None
        and page.bitspersample in depths
        and page.sampleformat == 1
        and page.compression in _LIBTIFF
        and (page.planarconfig == _TOGETHER or page.samplesperpixel == _COLOURS)
        and page.samplesperpixel in _USUAL.get(int(page.photometric), ())
    )


def _load_by_libtiff(data: bytes, choice: Choice) -> Loaded:
    parts = zip(choice.page.dataoffsets, choice.page.databytecounts, strict=False)
    if choice.page.compression != _RAW and any(at + size > len(data) for at, size in parts):
        raise ImageRefused("truncated file")  # which libtiff writes to the terminal
    source = TiffImagePlugin.TiffImageFile(io.BytesIO(data))
    source.seek(choice.place or 0)
    source.load()  # turns itself upright
    profile = source.info.get("icc_profile")
    return Loaded(source, *source.size, profile=profile, note=choice.note)


def _load_in_parts(
    data: bytes, choice: Choice, short_side: int | None, limits: PixelLimits
) -> Loaded:
    page = choice.page
    width, height = int(page.imagewidth), int(page.imagelength)
    target = fit(width, height, short_side)
    read = page
    if width * height > GIANT:
        enough = (each for each in choice.smaller if each.imagewidth >= _MARGIN * target[0])
        read = next(enough, page)
    limits.check(int(read.imagewidth), int(read.imagelength), count_held(read))
    factor = max(1, int(read.imagewidth) // (_MARGIN * target[0]))
    image, note = read_in_parts(data, read, factor)
    if factor > 1:  # the last squares may be cut off: they count for what they hold
        box = (0, 0, read.imagewidth / factor, read.imagelength / factor)
        image = image.resize(target, Image.Resampling.LANCZOS, box)
    return Loaded(
        image,
        width,
        height,
        orientation=int(page.tags.valueof(_ORIENTATION, 1)),
        profile=page.tags.valueof(_PROFILE),
        note=join_notes(choice.note, note),
    )
