"""IIIF Image API: from what a server says of an image to the address of a picture of one size.

Versions 1 to 3; https://iiif.io/api/image/3.0/#5-image-information.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST_BYTES: Final = 2_000_000  # of an info.json
_ANY: Final = "sizeByConfinedWh"
_WIDTH: Final = "sizeByW"
# What each level of compliance can do of what is asked here, in every version.
_LEVELS: Final = (frozenset[str](), frozenset({_WIDTH}), frozenset({_WIDTH, _ANY}))


@dataclass(frozen=True)
class ImageInfo:
    """An image as its server offers it. ``width``, ``height`` in pixels; ``sizes`` ready-made.

    ``most``: longest side that the server gives, None where it sets no bound.
    """

    version: int
    width: int
    height: int
    features: frozenset[str]
    sizes: tuple[tuple[int, int], ...]
    most: int | None

    def request(self, base: str, size: int) -> str:
        """The address of the whole picture, its long side ``size`` pixels or what comes nearest."""
        quality = "native" if self.version == 1 else "default"
        return f"{base}/full/{self.choose_size(size)}/0/{quality}.jpg"

    def choose_size(self, size: int) -> str:
        """The size parameter; a picture that is smaller is asked for as it is, never enlarged."""
        whole = "max" if self.version == 3 else "full"
        bound = min(size, self.most or size)
        longest = max(self.width, self.height)
        if longest <= bound:
            return whole
        if _ANY in self.features:
            return f"!{bound},{bound}"
        if _WIDTH in self.features:
            return f"{max(1, self.width * bound // longest)},"
        large = [each for each in self.sizes if max(each) >= bound]
        if not self.sizes:
            return whole
        width, height = min(large, key=max) if large else max(self.sizes, key=max)
        if (width, height) == (self.width, self.height):
            return whole
        return f"{width},{height}" if self.version == 3 else f"{width},"


def parse_info(content: bytes) -> ImageInfo | None:
    """The image that ``content``, an ``info.json``, describes; None where it is something else."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not (_is_size(told.get("width"), told.get("height"))):
        return None
    version = _read_version(told)
    if version is None:
        return None
    level, named = _read_profile(told.get("profile"))
    named |= {str(each) for each in _list(told.get("extraFeatures"))}
    return ImageInfo(
        version=version,
        width=told["width"],
        height=told["height"],
        features=_LEVELS[level] | named,
        sizes=tuple(_read_sizes(told.get("sizes"))),
        most=_read_most(told),
    )


def _read_version(told: Mapping[str, Any]) -> int | None:
    contexts = " ".join(str(each) for each in _list(told.get("@context")))
    for version in (3, 2):
        if f"/image/{version}/" in contexts or told.get("type") == f"ImageService{version}":
            return version
    profile = str(told.get("profile"))
    is_first = "library.stanford.edu/iiif/image-api" in f"{contexts} {profile}"
    if is_first or "/image/1/" in contexts:
        return 1
    return 2 if "iiif.io/api/image/2" in profile else None


def _read_profile(profile: Any) -> tuple[int, set[str]]:
    """Level of compliance, 0 where none is told, and the features named besides."""
    level, named = 0, set[str]()
    for each in _list(profile):
        if isinstance(each, dict):
            named |= {str(one) for one in _list(each.get("supports"))}
        else:
            tail = str(each).rstrip("/").removesuffix(".json")[-6:]
            level = max(level, int(tail[-1]) if tail in ("level1", "level2") else 0)
    return level, named


def _read_sizes(sizes: Any) -> Iterable[tuple[int, int]]:
    for each in _list(sizes):
        if isinstance(each, dict) and _is_size(each.get("width"), each.get("height")):
            yield each["width"], each["height"]


def _read_most(told: Mapping[str, Any]) -> int | None:
    """The least bound that the server sets, as a longest side; for an area, that of a square."""
    asked = [told, *(each for each in _list(told.get("profile")) if isinstance(each, dict))]
    bounds = [each[name] for each in asked for name in ("maxWidth", "maxHeight") if name in each]
    bounds += [int(e["maxArea"] ** 0.5) for e in asked if _is_size(e.get("maxArea"), 1)]
    return min((bound for bound in bounds if _is_size(bound, 1)), default=None)


def _is_size(*values: Any) -> bool:
    return all(type(value) is int and 0 < value < 1 << 31 for value in values)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
