"""How bytes and pixels are counted, and the setting that bounds a picture."""

from __future__ import annotations

from typing import Final

from core.errors import UserError

MEGABYTE: Final = 1_000_000  # as browsers, upload fields and file managers count
MEGAPIXEL: Final = 1_000_000
# Twice a professional scan of today. A picture of that size takes half a gigabyte as it is turned
# and shrunk, in each decoding process of a server that many people share.
UPLOAD_MEGAPIXELS: Final = 120
_MOST_MEGAPIXELS: Final = 100_000


def require_megapixels(value: float) -> None:
    """Raises ``UserError`` for a limit that no picture or no machine can meet."""
    if not 1 <= value <= _MOST_MEGAPIXELS:
        raise UserError(
            "--max-megapixels is out of range",
            found=f"{value:g}",
            expected=f"1 to {_MOST_MEGAPIXELS:,}",
            remedy="Give the megapixels of the largest picture: its width times its height, in "
            "millions.",
        )
