"""The store's copy of a picture: one plain RGB JPEG without metadata."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from core.images.decode import Decoded

QUALITY: Final = 90  # chosen by measurement: bench/LOG.md, "Store quality"

_START_OF_SCAN, _APP0, _ADOBE, _COMMENT = 0xDA, 0xE0, 0xEE, 0xFE


def encode_stored(decoded: Decoded, data: bytes, quality: int = QUALITY) -> bytes:
    """JPEG of ``decoded``; ``data`` itself, without its metadata, where the pixels are unchanged.

    A second compression of a picture that already fits costs fidelity (44 dB) and, at the store's
    quality, 41 % more bytes (bench/LOG.md). Progressive and oversized files are encoded again: the
    former decode slowly at every epoch, the latter waste space.
    """
    if decoded.untouched:
        stripped = strip_metadata(data)
        if stripped is not None and len(stripped) <= decoded.width * decoded.height:
            return stripped
    return encode_jpeg(decoded.image, quality)


def encode_jpeg(image: Image.Image, quality: int = QUALITY) -> bytes:
    """Baseline JPEG of an RGB picture."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def strip_metadata(data: bytes) -> bytes | None:
    """The same JPEG without comments and application segments, EXIF and previews among them.

    None when the segments before the pixels are not in order. JFIF and Adobe segments stay: they
    say how the colours are coded.
    """
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _START_OF_SCAN:
            return b"".join([*kept, data[at:]])
        application = _APP0 < marker <= 0xEF and marker != _ADOBE
        if not application and marker != _COMMENT:
            kept.append(data[at : at + 2 + length])
        at += 2 + length
    return None
