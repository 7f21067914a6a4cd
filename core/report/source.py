"""Where a picture was fetched from, as a link, and the rights to it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit

from core.text import is_missing, show_line

LONGEST: Final = 90  # characters of an address; the link has all of them


def describe_source(painting: Mapping[Any, Any]) -> str:
    """HTML of one line; "" for a painting of whose source and rights the run knows nothing."""
    address, rights = painting.get("source_url"), painting.get("rights")
    parts = [] if is_missing(address) else [f"Source: {_link(str(address))}"]
    parts += [] if is_missing(rights) else [f"Rights: {escape(str(rights))}"]
    return " · ".join(parts)


def _link(address: str) -> str:
    """The address as a link to the web, which the reader follows or not; text for any other."""
    shown = escape(show_line(address, LONGEST))
    try:
        parts = urlsplit(address)
    except ValueError:
        return shown
    is_web = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    if not is_web:
        return shown
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{shown}</a>'
