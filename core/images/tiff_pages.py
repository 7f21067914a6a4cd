"""Which page of a TIFF is the painting: not the thumbnail, the mask or the colour target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from tifffile import TiffFile, TiffPage

from core.images.loaded import ImageRefused

_MOST_PAGES: Final = 256  # that are looked at
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_MASK_COLOURS: Final = 4  # PhotometricInterpretation
_NAMES: Final = (269, 270, 285)  # DocumentName, ImageDescription, PageName
_TARGET: Final = re.compile(
    r"colou?r\s*(target|checker|chart|card|control)|test\s*(chart|target)|calibrat|\btarget\b"
    r"|gr[ae]y\s*(card|scale)|step\s*wedge|\bit8\b",
    re.IGNORECASE,
)
_SAME_SHAPE: Final = 0.02  # relative difference of two proportions that rounding explains


@dataclass(frozen=True)
class Choice:
    """The painting's ``page``, and its ``smaller`` copies in the file, the smallest first.

    ``place``: number of the page among those in a row, None for one below another. ``note``: what
    was chosen from, "" where there was no choice.
    """

    page: TiffPage
    place: int | None
    smaller: tuple[TiffPage, ...]
    note: str


def choose_page(file: TiffFile) -> Choice:
    """The largest page that is a picture of its own; the first of several alike.

    Pages marked as reduced or as masks are others' copies, wherever they lie; of pages of one size,
    those that are named as colour targets come last. Raises ``ImageRefused`` where there is none.
    """
    pages = list(islice(_list_pages(file), _MOST_PAGES))
    pictures = [(place, page) for place, page in pages if not _is_mask(page)]
    own = [each for each in pictures if not each[1].subfiletype & _REDUCED] or pictures
    if not own:
        raise ImageRefused("a TIFF without a picture")
    place, chosen = max(own, key=lambda each: (_count_pixels(each[1]), not _is_target(each[1])))
    alike = [(where, page) for where, page in pictures if _is_copy(page, chosen)]
    smaller = [page for where, page in alike if where is None or page.subfiletype & _REDUCED]
    others = sum(not _is_copy(page, chosen) for _, page in own) - 1
    note = f"the largest of {others + 1} pages" if others else ""
    if sum(_count_pixels(page) == _count_pixels(chosen) for _, page in own) > 1:
        note = f"page {(place or 0) + 1} of {others + 1}, of which none is larger"
    return Choice(chosen, place, tuple(sorted(smaller, key=_count_pixels)), note)


def _list_pages(file: TiffFile) -> Iterator[tuple[int | None, TiffPage]]:
    for place, page in enumerate(file.pages):
        whole = cast(TiffPage, page)
        yield place, whole
        for below in whole.pages or ():
            yield None, cast(TiffPage, below)


def _count_pixels(page: TiffPage) -> int:
    return int(page.imagewidth) * int(page.imagelength)


def _is_mask(page: TiffPage) -> bool:
    empty = not _count_pixels(page) or not page.dataoffsets
    return empty or bool(page.subfiletype & _MASK) or page.photometric == _MASK_COLOURS


def _is_target(page: TiffPage) -> bool:
    said = (page.tags.valueof(code) for code in _NAMES)
    return any(isinstance(text, str) and _TARGET.search(text) for text in said)


def _is_copy(page: TiffPage, of: TiffPage) -> bool:
    """Whether ``page`` is smaller than ``of`` and has its proportions."""
    ratio = page.imagewidth * of.imagelength / (page.imagelength * of.imagewidth)
    rounding = 1 / page.imagewidth + 1 / page.imagelength
    return _count_pixels(page) < _count_pixels(of) and abs(ratio - 1) < _SAME_SHAPE + rounding
