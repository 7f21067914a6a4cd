"""JPEG, PNG and the other formats that Pillow reads as they are."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Final

from pi_heif import HeifImageFile
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
    features,
)

from core.images.loaded import ImageRefused, Loaded, PixelLimits, fit
from core.picture_formats import AVIF, BMP, GIF, HEIC, WEBP, PictureFormat, strip_blank

_PLUGINS: Final[dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]]] = {
    WEBP.name: WebPImagePlugin.WebPImageFile,
    BMP.name: BmpImagePlugin.BmpImageFile,
    GIF.name: GifImagePlugin.GifImageFile,
    AVIF.name: AvifImagePlugin.AvifImageFile,
    HEIC.name: HeifImageFile,
}
_PNG_START: Final = 8  # bytes before the first chunk
_TEXTS: Final = {b"tEXt", b"zTXt", b"iTXt"}
_MOST_PROFILE: Final = 16_000_000  # bytes of an ICC profile, unpacked
# Second bytes of the markers that start a frame, and of those that no browser reads either.
_FRAMES: Final = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LOSSLESS: Final = {0xC3, 0xC7, 0xCB, 0xCF}
_HIERARCHICAL: Final = {0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF}


class _Jpeg(JpegImagePlugin.JpegImageFile):
    def _read_dpi_from_exif(self) -> None:
        """Skipped: resolution is not needed here, and Pillow warns about damaged EXIF blocks."""


def load_jpeg(data: bytes, short_side: int | None, limits: PixelLimits) -> Loaded:
    """A JPEG, shrunk while it is decoded."""
    data = strip_blank(data)
    source = _Jpeg(io.BytesIO(data))
    width, height = source.size
    if _find_frame(data)[0] not in _LOSSLESS:  # which cannot be shrunk while it is decoded
        source.draft(None, fit(width, height, short_side))
    is_progressive = "progressive" in source.info  # its coefficients are all held
    held = width * height if is_progressive else source.size[0] * source.size[1]
    limits.check(width, height, held)
    source.load()
    profile = source.info.get("icc_profile")
    return Loaded(
        source,
        width,
        height,
        orientation=read_orientation(source.info.get("exif")),
        profile=profile,
        is_plain=source.mode == "RGB" and not is_progressive and profile is None,
    )


def load_png(data: bytes, short_side: int | None, limits: PixelLimits) -> Loaded:
    """A PNG of any length of metadata; of an animation the first frame."""
    stripped, profile = _split_png(data)
    source = PngImagePlugin.PngImageFile(io.BytesIO(stripped))
    limits.check(*source.size, source.size[0] * source.size[1])
    source.load()
    is_told = profile is not None or "srgb" in source.info
    return Loaded(
        source,
        *source.size,
        orientation=read_orientation(source.info.get("exif")),
        profile=profile,
        gamma=0.0 if is_told else float(source.info.get("gamma", 0.0)),
    )


def load_other(
    kind: PictureFormat, data: bytes, short_side: int | None, limits: PixelLimits
) -> Loaded:
    """WebP, BMP, GIF, AVIF or HEIC, its first frame."""
    if kind is AVIF and not features.check("avif"):
        raise ImageRefused("AVIF, which this machine's Pillow does not read")
    source = _PLUGINS[kind.name](io.BytesIO(data))
    width, height = source.size
    limits.check(width, height, width * height)
    source.load()
    return Loaded(
        source,
        width,
        height,
        orientation=read_orientation(source.info.get("exif")),
        profile=source.info.get("icc_profile"),
    )


def describe_unread_jpeg(data: bytes) -> str | None:
    """What a sound JPEG is that is not read; None for all others."""
    marker, bits = _find_frame(strip_blank(data))
    if marker in _HIERARCHICAL:
        return "a hierarchical JPEG, which is not read; save it as a baseline JPEG"
    if marker and bits != 8:
        return f"a JPEG of {bits} bits a colour, which is not read; save it with 8"
    return None


def _find_frame(data: bytes) -> tuple[int, int]:
    """The second byte of the marker that names a JPEG's kind, and its bits; 0 and 0 without one."""
    at = 2
    while at + 5 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            return marker, data[at + 4]
        at += 2 + length
    return 0, 0


def read_orientation(exif: bytes | None) -> int:
    """EXIF orientation, 1 to 8; 1 when there is none or the block is damaged."""
    if not isinstance(exif, bytes):
        return 1
    block = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", block, 4)
        (count,) = struct.unpack_from(f"{order}H", block, start)
        for entry in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", block, start + 2 + 12 * entry)
            if (tag, kind) == (0x0112, 3):
                return int(value)
    except struct.error:
        return 1
    return 1


def _split_png(data: bytes) -> tuple[bytes, bytes | None]:
    """The PNG without its texts and its profile, and the profile.

    Pillow refuses a sound file whose texts or profile are longer than a limit of the whole process.
    """
    kept, start, at, profile = [], 0, _PNG_START, None
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if kind in _TEXTS or kind == b"iCCP":
            kept.append(data[start:at])
            start = end
            if kind == b"iCCP":
                profile = _unpack_profile(data[at + 8 : end - 4])
        at = end
    return (b"".join([*kept, data[start:]]) if kept else data), profile


def _unpack_profile(chunk: bytes) -> bytes | None:
    """The profile of an iCCP chunk: a name, a method, then the compressed profile."""
    _, _, packed = chunk.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], _MOST_PROFILE)
    except zlib.error:
        return None
    return profile if unpacker.eof else None
