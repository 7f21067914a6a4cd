"""Several pictures at once: plain files, and zips treated as untrusted."""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from core.classify.zip_names import read_names
from core.images.loaded import ImageRefused
from core.sizes import MEGABYTE

SHOWN_NAME: Final = 120  # characters
_ENTRY: Final = b"PK\x01\x02"  # what every entry of a zip's directory begins with
_READ_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1


@dataclass(frozen=True)
class ZipLimits:
    """``entries`` in one zip, ``entry_bytes`` of one unpacked, ``total_bytes`` of all together."""

    entries: int = 200
    entry_bytes: int = 40 * MEGABYTE
    total_bytes: int = 1024 * MEGABYTE


@dataclass(frozen=True)
class BatchItem:
    """One file: its ``data``, or the ``reason`` why it is left out. ``name`` is safe to show."""

    name: str
    data: bytes = b""
    reason: str = ""


def is_zip(data: bytes) -> bool:
    """By content, not by file name."""
    return data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def count_pictures(data: bytes) -> int:
    """How many items ``unpack`` will give: 1 for a plain file, 0 for a zip that is refused."""
    if not is_zip(data):
        return 1
    try:
        with _open_zip(data, ZipLimits().entries) as archive:
            return len(_list_pictures(archive))
    except ImageRefused:
        return 0


def unpack(name: str, data: bytes, limits: ZipLimits | None = None) -> Iterator[BatchItem]:
    """The file itself, or each picture in it if it is a zip; one in memory at a time.

    Entries are read up to the limits, whatever sizes the zip's directory claims. Folders and macOS
    metadata are skipped. Raises ``ImageRefused`` for a zip that cannot be opened at all or holds
    too many entries.
    """
    limits = limits or ZipLimits()
    if not is_zip(data):
        yield BatchItem(show_name(name), data)
        return
    left = limits.total_bytes
    with _open_zip(data, limits.entries) as archive:
        names = read_names(archive.infolist())
        for entry in _list_pictures(archive):
            item = _read_entry(archive, entry, show_name(names[entry]), left, limits)
            left -= len(item.data)
            yield item


def show_name(name: str) -> str:
    """A file's name as text: no folders or control characters, at most ``SHOWN_NAME``."""
    last = PurePosixPath(name.replace("\\", "/")).name or name
    clean = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in last)
    clean = " ".join(clean.split()) or "unnamed"
    return clean if len(clean) <= SHOWN_NAME else f"{clean[: SHOWN_NAME - 1]}…"


def read_form_name(name: str) -> str:
    """The name of a file as it was before a browser put it into a form.

    Browsers escape three signs in it and no other, not even the percent sign.
    """
    for escape, sign in (("%22", '"'), ("%0D", "\r"), ("%0A", "\n")):
        name = name.replace(escape, sign)
    return name


def _open_zip(data: bytes, limit: int) -> zipfile.ZipFile:
    # Counted before it is parsed: a directory of a million entries would cost half a gigabyte.
    if data.count(_ENTRY) > limit:
        raise ImageRefused(f"a zip of more than {limit:,} files; the limit is {limit:,}")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise ImageRefused(f"damaged zip ({error})") from error


def _list_pictures(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [entry for entry in archive.infolist() if _may_be_picture(entry)]


def _may_be_picture(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts if part != "..")
    return not entry.is_dir() and not hidden


def _read_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: int, limits: ZipLimits
) -> BatchItem:
    """One entry, of which at most ``left`` bytes are still to be unpacked."""
    if entry.flag_bits & _ENCRYPTED:
        return BatchItem(name, reason="it is encrypted; remove the password from the zip")
    if entry.compress_type not in _READ_METHODS:
        return BatchItem(name, reason="compressed by an unsupported method; use deflate")
    try:
        with archive.open(entry) as file:
            data = file.read(min(limits.entry_bytes, left) + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        return BatchItem(name, reason=f"damaged in the zip ({error})")
    if len(data) > limits.entry_bytes:
        size = f"{limits.entry_bytes / MEGABYTE:,.0f} MB"
        return BatchItem(name, reason=f"it unpacks to more than the limit of {size} a file")
    if len(data) > left:
        total = f"{limits.total_bytes / MEGABYTE:,.0f} MB"
        return BatchItem(name, reason=f"the zip unpacks to more than the limit of {total}")
    return BatchItem(name, data)
