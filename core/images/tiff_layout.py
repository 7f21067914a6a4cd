"""What the samples of a TIFF's page are: colours, alpha, others; and what of it is not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tifffile import COMPRESSION, PHOTOMETRIC, TiffPage

from core.images.loaded import ImageRefused

# None, LZW, JPEG, deflate, PackBits, LZMA, Zstandard, WebP, JPEG 2000.
READ_IN_PARTS: Final = {1, 5, 7, 8, 32773, 32946, 34925, 34926, 50000, 34927, 50001} | {
    *(33003, 33004, 33005, 34712),
}
_DECODED_TO_RGB: Final = {7, 34927, 50001}  # JPEG and WebP, whatever they hold
WHITE_IS_ZERO, PALETTE, _INKS, _YCBCR, LAB, _ICC_LAB = 0, 3, 5, 6, 8, 9
_COLOURS: Final = {
    **{WHITE_IS_ZERO: "L", 1: "L", 2: "RGB", PALETTE: "RGB", _INKS: "CMYK"},
    **{_YCBCR: "YCbCr", LAB: "LAB", _ICC_LAB: "LAB"},
}
_ASSOCIATED, _UNASSOCIATED = 1, 2  # alpha, as ExtraSamples names it
_INK_SET, _EXTRA = 332, 338  # tags


@dataclass(frozen=True)
class Layout:
    """``mode`` of the colours as Pillow names it, ``samples``: numbers of those that are looked at,
    the alpha last where ``has_alpha``. ``is_associated``: the colours are multiplied by it.
    """

    mode: str
    samples: tuple[int, ...]
    has_alpha: bool
    is_associated: bool
    note: str


def describe_layout(page: TiffPage) -> Layout:
    """Raises ``ImageRefused`` that names what of the page is not read."""
    _require_readable(page)
    mode = _COLOURS[int(page.photometric)]
    if mode == "YCbCr" and page.compression in _DECODED_TO_RGB:
        mode = "RGB"
    stored = 1 if page.photometric == PALETTE else {"L": 1, "CMYK": 4}.get(mode, 3)
    count, kinds = int(page.samplesperpixel), _read_extra(page)
    if count < stored:
        raise ImageRefused(f"a TIFF of {count} channels, too few for its colours")
    alphas = [at for at, kind in enumerate(kinds, stored) if kind in {_ASSOCIATED, _UNASSOCIATED}]
    alphas = [at for at in alphas if at < count][:1]
    others = count - stored - len(alphas)
    if mode == "L" and (others > 1 or (others and not kinds)):
        raise ImageRefused(f"a TIFF of {count} channels that does not say which are colours")
    return Layout(
        mode,
        (*range(stored), *alphas),
        bool(alphas),
        bool(alphas) and kinds[alphas[0] - stored] == _ASSOCIATED,
        f"{others} of {count} channels left out, which are no colours" if others else "",
    )


def _read_extra(page: TiffPage) -> list[int]:
    """What each sample beyond the colours is."""
    kinds = page.tags.valueof(_EXTRA, ())
    return [int(kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]


def _require_readable(page: TiffPage) -> None:
    if page.compression not in READ_IN_PARTS:
        raise ImageRefused(f"a TIFF compressed by {_name(COMPRESSION, page.compression)}; not read")
    if int(page.photometric) not in _COLOURS:
        raise ImageRefused(f"a TIFF in {_name(PHOTOMETRIC, page.photometric)} colours; not read")
    if page.photometric == _INKS and page.tags.valueof(_INK_SET, 1) != 1:
        raise ImageRefused("a TIFF whose inks are not CMYK; not read")
    kind = "" if page.dtype is None else page.dtype.kind
    if kind not in {"b", "u", "i", "f"} or not isinstance(page.bitspersample, int):
        raise ImageRefused(f"a TIFF of {page.bitspersample}-bit samples of a kind that is not read")
    if page.imagedepth != 1:
        raise ImageRefused("a TIFF of a volume, not of a picture; not read")


def _name(names: type[COMPRESSION] | type[PHOTOMETRIC], number: int) -> str:
    try:
        return names(number).name
    except ValueError:
        return f"method {number}"
