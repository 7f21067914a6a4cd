"""The picture formats that are read: their names, the endings of their files, how they begin.

The one list: the decoder, the reader of folders and the upload page all ask here. What a file holds
is told by its first bytes, never by its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

HEAD_BYTES: Final = 320  # from which ``find_format`` tells a format
_BLANK: Final = b"\r\n\t \xef\xbb\xbf"  # that web servers put before a JPEG
_BMP_HEADERS: Final = {12, 40, 52, 56, 64, 108, 124}
_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_AVIF_BRANDS: Final = {b"avif", b"avis"}


@dataclass(frozen=True)
class PictureFormat:
    """One format. ``suffixes``: the endings of its files, lower case, with the dot."""

    name: str
    suffixes: tuple[str, ...]
    begins: Callable[[bytes], bool]


def _starts(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _read_brands(head: bytes) -> set[bytes]:
    """Major and compatible brands of an ISO base media file; none for any other file."""
    if head[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(head[:4], "big"), 256)
    return {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}


JPEG: Final = PictureFormat(
    "JPEG",
    (".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo"),
    lambda head: strip_blank(head).startswith(b"\xff\xd8\xff"),
)
PNG: Final = PictureFormat("PNG", (".png", ".apng"), _starts(b"\x89PNG\r\n\x1a\n"))
WEBP: Final = PictureFormat(
    "WebP", (".webp",), lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"
)
TIFF: Final = PictureFormat(
    "TIFF",
    (".tif", ".tiff", ".ptif", ".btf", ".tf8"),
    _starts(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
)
JPEG_2000: Final = PictureFormat(
    "JPEG 2000",
    (".jp2", ".jpx", ".jpf", ".j2k", ".j2c", ".jpc"),
    _starts(b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"),
)
BMP: Final = PictureFormat(
    "BMP",
    (".bmp", ".dib"),
    # the size of its header besides: "BM" alone also begins many a text
    lambda head: head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS,
)
GIF: Final = PictureFormat("GIF", (".gif",), _starts(b"GIF87a", b"GIF89a"))
AVIF: Final = PictureFormat(
    "AVIF", (".avif",), lambda head: bool(_AVIF_BRANDS & _read_brands(head))
)
HEIC: Final = PictureFormat(
    "HEIC", (".heic", ".heif", ".hif"), lambda head: bool(_HEIC_BRANDS & _read_brands(head))
)
FORMATS: Final = (JPEG, PNG, WEBP, TIFF, JPEG_2000, BMP, GIF, AVIF, HEIC)
SUFFIXES: Final = tuple(suffix for each in FORMATS for suffix in each.suffixes)
READ_FORMATS: Final = (
    ", ".join(each.name for each in FORMATS[:-1]) + f" and {FORMATS[-1].name}"
)  # for a sentence


def find_format(head: bytes) -> PictureFormat | None:
    """The format of a file whose first ``HEAD_BYTES`` or more are ``head``; None where not read."""
    return next((each for each in FORMATS if each.begins(head)), None)


def strip_blank(head: bytes) -> bytes:
    """``head`` without the line breaks, blanks and byte order mark that may precede a JPEG."""
    return head.lstrip(_BLANK)


# What is taken for a picture and is none, or one that is not read: how it begins, what it is.
_OTHERS: Final = (
    (b"version https://git-lfs", "not an image but a Git LFS pointer to one; run git lfs pull"),
    (b"8BPS", "a Photoshop document, which is not read; save it as TIFF or JPEG"),
    (b"\xff\x0a", "JPEG XL, which is not read; save it as TIFF, PNG or JPEG"),
    (b"\0\0\0\x0cJXL ", "JPEG XL, which is not read; save it as TIFF, PNG or JPEG"),
    (b"%PDF", "not an image but a PDF document; save its pages as TIFF or JPEG"),
    (b"<svg", "not an image but a drawing (SVG); save it as PNG"),
    (b"FUJIFILM", "a camera's raw file, which is not read; save it as TIFF or JPEG"),
    (b"{", "not an image but text (JSON); download the picture again"),
    (b"<", "not an image but a web page or other markup; download the picture again"),
)


def describe_other(head: bytes) -> str:
    """What a file is of which ``find_format`` knows no format, as a phrase."""
    if not head:
        return "empty file"
    if head[4:8] == b"ftyp":
        is_raw = b"crx " in _read_brands(head)
        return (
            "a camera's raw file, which is not read; save it as TIFF or JPEG"
            if is_raw
            else "not an image but a video or another file of that kind"
        )
    text = head.lstrip(_BLANK)
    found = next((said for begin, said in _OTHERS if text.startswith(begin)), None)
    return found or f"not an image (begins {head[:8]!r}); {READ_FORMATS} are read"
