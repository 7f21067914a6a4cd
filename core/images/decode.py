"""Decodes any picture into upright sRGB pixels, or states why it cannot be used.

The image store and the Classify page share this. It keeps no state, changes no setting of Pillow
and emits no warnings.
"""

from __future__ import annotations

import re
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image

from core.images.colour import lay_over_white, to_eight_bits, to_srgb
from core.images.jpeg_2000 import load_jpeg_2000
from core.images.loaded import ImageRefused, Loaded, PixelLimits, fit, join_notes
from core.images.plain import describe_unread_jpeg, load_jpeg, load_other, load_png
from core.picture_formats import (
    JPEG,
    JPEG_2000,
    PNG,
    TIFF,
    WEBP,
    PictureFormat,
    describe_other,
    find_format,
)

LEAST_SIDE: Final = 32  # pixels; in less, nothing of a painting can be seen
SMALL_SIDE: Final = 64  # in less, brushwork cannot, and the picture may be a thumbnail
SMALL: Final = f"small: fewer than {SMALL_SIDE} pixels a side"
_DAMAGE: Final = (
    OSError,
    SyntaxError,  # how Pillow's plugins say "broken header"
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPPING: Final = {5, 6, 7, 8}
_UNREAD: Final = re.compile(
    r"unsupported|not supported|not implemented|unknown pixel mode|not configured|cannot handle",
    re.IGNORECASE,
)
_quiet_lock = threading.RLock()


@dataclass(frozen=True)
class Decoded:
    """``image`` is RGB, sRGB, upright and shrunk; width and height are the upright original's.

    ``untouched``: the source is a baseline RGB JPEG whose pixels are ``image`` as they stand.
    ``note``: what was guessed or left out, a phrase for the user, mostly "".
    """

    image: Image.Image
    width: int
    height: int
    untouched: bool
    note: str = ""


def decode_image(
    data: bytes, *, short_side: int | None = None, limits: PixelLimits | None = None
) -> Image.Image:
    """Upright sRGB picture whose short side is at most ``short_side`` (never enlarged).

    EXIF orientation is applied, transparency is laid over white, an embedded ICC profile is
    converted (an unreadable one is ignored), an animation gives its first frame, a TIFF its largest
    page. Raises ``ImageRefused`` for a truncated, damaged, oversized or unknown file.
    """
    return decode_picture(data, short_side=short_side, limits=limits).image


def decode_original(data: bytes, *, short_side: int, limits: PixelLimits | None = None) -> Decoded:
    """As ``decode_picture``, for a file that somebody brings: refuses what shows no painting."""
    decoded = decode_picture(data, short_side=short_side, limits=limits)
    side = min(decoded.width, decoded.height)
    if side < LEAST_SIDE:
        raise ImageRefused(
            f"too small to judge, {decoded.width:,} x {decoded.height:,} pixels; "
            f"{LEAST_SIDE} a side are the least"
        )
    if side < SMALL_SIDE:
        return replace(decoded, note=join_notes(decoded.note, SMALL))
    return decoded


def decode_picture(
    data: bytes, *, short_side: int | None = None, limits: PixelLimits | None = None
) -> Decoded:
    """As ``decode_image``, with the size of the original and what was guessed."""
    kind = find_format(data)
    if kind is None:
        raise ImageRefused(describe_other(data[:64]))
    with _quiet(kind, data):
        try:
            loaded = _load(kind, data, short_side, limits or PixelLimits())
            return _finish(loaded, short_side)
        except ImageRefused:
            raise
        except MemoryError as error:
            raise ImageRefused("decoding it needs more memory than there is") from error
        except _DAMAGE as error:
            raise ImageRefused(_describe_failure(kind, data, error)) from error


@contextmanager
def _quiet(kind: PictureFormat, data: bytes) -> Iterator[None]:
    """Suppresses Pillow's metadata warnings for the rarer formats.

    Python's warning filters belong to the whole process, hence the lock, and hence no filter at
    all for the formats that do not warn: JPEG, WebP, PNG without animation.
    """
    if kind in {JPEG, WEBP} or (kind is PNG and b"acTL" not in data[:4096]):
        yield
        return
    with _quiet_lock, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def _load(kind: PictureFormat, data: bytes, short_side: int | None, limits: PixelLimits) -> Loaded:
    if kind is JPEG:
        return load_jpeg(data, short_side, limits)
    if kind is PNG:
        return load_png(data, short_side, limits)
    if kind is JPEG_2000:
        return load_jpeg_2000(data, short_side, limits)
    if kind is TIFF:
        # tifffile takes 0.15 s to import, and few collections hold a TIFF
        from core.images.tiff import load_tiff

        return load_tiff(data, short_side, limits)
    return load_other(kind, data, short_side, limits)


def _finish(loaded: Loaded, short_side: int | None) -> Decoded:
    width, height = loaded.width, loaded.height
    target = fit(width, height, short_side)
    plain, guess = to_eight_bits(loaded.image)
    image = to_srgb(lay_over_white(_shrink(plain, target)), loaded.profile, loaded.gamma)
    untouched = loaded.is_plain and image.size == (width, height) and loaded.orientation == 1
    if loaded.orientation in _TURNS:
        image = image.transpose(_TURNS[loaded.orientation])
    if loaded.orientation in _SWAPPING:
        width, height = height, width
    image = image.copy() if image is loaded.image else image
    image.info = {}  # the pixels are sRGB now; a profile left here would be saved with them
    return Decoded(image, width, height, untouched, join_notes(loaded.note, guess))


def _shrink(image: Image.Image, target: tuple[int, int]) -> Image.Image:
    if image.size == target:
        return image
    return image.resize(target, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _describe_failure(kind: PictureFormat, data: bytes, error: Exception) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, Image.DecompressionBombError):
        return said
    if kind is JPEG and (unread := describe_unread_jpeg(data)):
        return unread
    if _UNREAD.search(said):
        return f"a kind of {kind.name} that is not read ({said[:120]})"
    if isinstance(error, EOFError | struct.error) or "truncat" in said.lower():
        return "truncated file"
    if data.startswith(b"RIFF") and int.from_bytes(data[4:8], "little") + 8 > len(data):
        return "truncated file"
    return f"damaged file ({said[:120]})"
