"""Paths as tables write them: quoted, percent-encoded, absolute, of another machine, of the web."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal
from urllib.parse import unquote

from core.collection.reading.files import safe_relative

Place = Literal["relative", "absolute", "web"]
_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "<": ">"}
# What is not seen at the ends of a path that Windows shows in a dialog, and people copy.
_UNSEEN: Final = " \t\r\n\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
_WEB: Final = re.compile(
    r"(?!file:)[a-z][a-z0-9+.-]+://|www\.|//[^/\\]+\.[a-z]{2,}/", re.IGNORECASE
)
_FILE: Final = re.compile(r"file:(//(localhost(?=/))?)?", re.IGNORECASE)
_DRIVE: Final = re.compile(r"/?[A-Za-z]:")
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")


def find_place(path: str) -> Place:
    """Where a table's path points: below a folder, into the root of a machine, into the web.

    >>> find_place("https://museum.org/1.jpg"), find_place("D:\\\\1.jpg"), find_place("a/1.jpg")
    ('web', 'absolute', 'relative')
    """
    text = _unquote(path)
    if _WEB.match(text):
        return "web"
    is_absolute = text.startswith(("/", "\\")) or _DRIVE.match(text) or _FILE.match(text)
    return "absolute" if is_absolute else "relative"


def plain_path(path: str) -> str:
    """A path without quotes and ``file://``, with ``/`` for the backslash."""
    text = _unquote(path)
    if match := _FILE.match(text):
        text = unquote(text[match.end() :])
        text = text[1:] if _DRIVE.match(text) and text.startswith("/") else text
    return text.replace("\\", "/")


def read_path(path: str, root: Path, strip_prefix: str | None = None) -> Iterator[tuple[str, str]]:
    """The places below ``root`` that a table's path may mean, the most literal first.

    Each comes with how it was read, a phrase that is empty for the path as it stands.
    ``strip_prefix`` is taken off paths that begin with it. None climbs out of ``root``.
    """
    seen: set[str] = set()
    for place, how in _readings(path, root, strip_prefix):
        if place not in seen:
            seen.add(place)
            yield place, how


def _readings(path: str, root: Path, strip_prefix: str | None) -> Iterator[tuple[str, str]]:
    if strip_prefix is not None and (rest := drop_prefix(path, strip_prefix)) is not None:
        yield from _spell(rest, "")
        return
    text = plain_path(path)
    if (safe := safe_relative(path)) is not None:
        yield safe, ""
    if text != path:
        yield from _spell(text, "a path in quotes, with file:// or with hidden characters")
    homes = _spellings(root)
    for spelled in dict.fromkeys((text, unquote(text))):
        yield from _spell(spelled, "")
        for home in homes:
            if (rest := drop_prefix(spelled, home)) is not None:
                yield from _spell(rest, "an absolute path into the image folder")
        parts = spelled.split("/")
        for place, part in enumerate(parts[:-1], start=1):
            if part == homes[0].rpartition("/")[2]:
                rest = "/".join(parts[place:])
                yield from _spell(rest, "a path that begins with the image folder's own name")


def drop_prefix(path: str, prefix: str) -> str | None:
    """``path`` below ``prefix``; ``None`` where it does not begin with it.

    >>> drop_prefix("D:\\\\Scans\\\\a.jpg", "d:/scans/")
    'a.jpg'
    """
    text, start = plain_path(path), plain_path(prefix).rstrip("/") + "/"
    same = text[: len(start)] == start
    if not same and _DRIVE.match(start):  # Windows does not tell cases apart
        same = text[: len(start)].casefold() == start.casefold()
    return text[len(start) :] if same else None


@lru_cache(maxsize=8)
def _spellings(root: Path) -> tuple[str, ...]:
    """The absolute path of ``root``, as it was given and without links."""
    return tuple(dict.fromkeys((root.absolute().as_posix(), root.resolve().as_posix())))


def _spell(text: str, how: str) -> Iterator[tuple[str, str]]:
    """``text`` as it stands, and with its percent signs decoded."""
    if (safe := safe_relative(text)) is not None:
        yield safe, how
    if _ENCODED.search(text) and (safe := safe_relative(unquote(text))) is not None:
        yield safe, how or "a percent-encoded path"


def _unquote(path: str) -> str:
    text = path.strip(_UNSEEN)
    while len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip(_UNSEEN)
    return text
