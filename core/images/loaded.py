"""A picture as its file gives it, before it is turned, shrunk and brought to sRGB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from PIL import Image

from core.errors import UserError
from core.sizes import MEGAPIXEL

# A scroll of 40:1 stays readable, and a JPEG cannot hold more than 65,535 pixels a side.
MAX_LONG_SIDE: Final = 16_384


class ImageRefused(UserError):
    """A picture that cannot be used; ``reason`` is the sentence for quarantine.csv."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"This picture cannot be used: {reason}",
            remedy="Open it in an image editor and save it again, or leave it out.",
        )
        self.reason = reason

    def __reduce__(self) -> tuple[type[ImageRefused], tuple[str]]:
        return type(self), (self.reason,)


class TooLarge(ImageRefused):
    """A sound picture beyond what this machine was told to read; another time it may be read."""


@dataclass(frozen=True)
class PixelLimits:
    """Pixels of one picture. ``whole``: held in memory at once. ``parts``: read in parts, and
    reduced as they are read (baseline JPEG, JPEG 2000, TIFF in strips or tiles).
    """

    # Pillow's own line between "warn" and "refuse", about 700 MB of RGB. The largest WikiArt files
    # (107 million) are below it.
    whole: int = 178_956_970
    # Museums' largest scans; a JPEG of that size takes 180 MB (bench/LOG.md).
    parts: int = 1_000 * MEGAPIXEL

    @classmethod
    def of(cls, megapixels: float | None) -> Self:
        """``megapixels`` held whole, and no fewer read in parts; the defaults for None."""
        if megapixels is None:
            return cls()
        pixels = round(megapixels * MEGAPIXEL)
        return cls(pixels, max(pixels, cls.parts))

    def check(self, width: int, height: int, held: int) -> None:
        """Raises ``TooLarge`` for a picture of which ``held`` pixels are in memory at once."""
        for pixels, limit, how in (
            (held, self.whole, " for one that is not stored in parts"),
            (width * height, self.parts, ""),
        ):
            if pixels > limit:
                size = width * height / MEGAPIXEL
                raise TooLarge(
                    f"{width:,} x {height:,} pixels, {size:,.1f} megapixels; the limit{how} is "
                    f"{limit / MEGAPIXEL:,.0f}, and --max-megapixels sets another"
                )


@dataclass(frozen=True)
class Loaded:
    """``image`` in any mode, perhaps reduced while it was read, neither turned nor in sRGB.

    ``width``, ``height``: of the original as it lies in the file. ``orientation``: as EXIF counts,
    1 to 8. ``gamma``: of the samples where no profile says it, 0 where nothing does. ``is_plain``:
    a baseline RGB JPEG. ``note``: what was done to the samples, a phrase for the user.
    """

    image: Image.Image
    width: int
    height: int
    orientation: int = 1
    profile: bytes | None = None
    gamma: float = 0.0
    is_plain: bool = False
    note: str = ""


def join_notes(*notes: str) -> str:
    """One phrase of those that are not empty."""
    return "; ".join(note for note in notes if note)


def fit(width: int, height: int, short_side: int | None) -> tuple[int, int]:
    """Size of a picture whose short side is at most ``short_side``, never enlarged."""
    if short_side is None:
        return width, height
    scale = min(1.0, short_side / min(width, height), MAX_LONG_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
