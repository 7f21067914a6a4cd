"""A stored picture as a run names it; always a JPEG of the image store."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from core.artifacts.files import read_below
from core.images.decode import decode_image
from core.images.loaded import PixelLimits
from core.images.names import IMAGE_NAME
from core.sizes import MEGABYTE

MOST_BYTES: Final = 64 * MEGABYTE
MOST_PIXELS: Final = 4096 * 16_384  # the store's largest short side by its longest long one
_JPEG: Final = b"\xff\xd8\xff"


@dataclass(frozen=True)
class StoredPicture:
    """``stores/store/name``, for instance ``images/0123456789abcdef/ab/ab....jpg``.

    ``stores`` may be a link, so that the pictures can lie on another disk; below it no link is
    followed.
    """

    stores: Path
    store: str
    name: str

    @property
    def path(self) -> Path:
        """Its path, for messages."""
        return self.stores / self.store / self.name

    def read(self) -> bytes:
        """Its bytes as stored; raises ``OSError`` for anything but a JPEG of the store."""
        if not re.fullmatch(IMAGE_NAME, self.name):
            raise OSError(errno.EINVAL, "not the name of a stored picture")
        data = read_below(self.stores, self.store, *self.name.split("/"), limit=MOST_BYTES)
        if not data.startswith(_JPEG):
            raise OSError(errno.EINVAL, "not a JPEG")
        return data

    def load(self, short_side: int | None = None) -> Image.Image:
        """In RGB, its short side at most ``short_side``; raises ``OSError``, ``ImageRefused``."""
        return decode_image(
            self.read(), short_side=short_side, limits=PixelLimits(MOST_PIXELS, MOST_PIXELS)
        )
