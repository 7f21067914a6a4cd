"""The one count of bytes."""

from __future__ import annotations

from typing import Final

MEGABYTE: Final = 1_000_000  # as browsers, upload fields and file managers count
