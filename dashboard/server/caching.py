"""How long browsers keep what the dashboard's own routes serve."""

from __future__ import annotations

from typing import Final

IMMUTABLE: Final = "public, max-age=31536000, immutable"
SHORT: Final = "private, max-age=300"


def matches(header: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` header names ``etag``."""
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag in tags
