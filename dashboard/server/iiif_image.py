"""IIIF Image API 3.0, level 2: what an address asks for, and the picture that answers it.

https://iiif.io/api/image/3.0/. Pure functions; ``dashboard.server.iiif`` serves the pictures.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageOps

CONTEXT: Final = "http://iiif.io/api/image/3/context.json"
TILE: Final = 256
FORMATS: Final = {"jpg": ("JPEG", "image/jpeg"), "png": ("PNG", "image/png")}
QUALITIES: Final = ("default", "color", "gray", "bitonal")
MAX_SIDE: Final = 8192  # pixels of an answer, enlarged ones too
MAX_AREA: Final = 1 << 23  # the same, width by height

Box = tuple[int, int, int, int]  # left, top, right, bottom
Size = tuple[int, int]  # width, height


class IiifRefused(ValueError):
    """An address that asks for what the specification or this server does not allow."""


@dataclass(frozen=True)
class ImageRequest:
    """The four parts of an image address, as they stand there, and the format."""

    region: str
    size: str
    rotation: str
    quality: str
    format: str


@dataclass(frozen=True)
class Plan:
    """What an address asks of an image, in its pixels; ``degrees`` are clockwise."""

    box: Box
    size: Size
    degrees: int
    is_mirrored: bool
    quality: str
    format: str

    @property
    def area(self) -> int:
        """Pixels of the answer."""
        return self.size[0] * self.size[1]


def build_info(identifier: str, size: Size) -> dict[str, Any]:
    """``info.json`` of an image of ``size``; ``identifier`` is its full address."""
    width, height = size
    scales = [2**power for power in range(_powers(size) + 1)]
    return {
        "@context": CONTEXT,
        "id": identifier,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": width,
        "height": height,
        "sizes": [
            {"width": math.ceil(width / scale), "height": math.ceil(height / scale)}
            for scale in reversed(scales)
            if _fits((math.ceil(width / scale), math.ceil(height / scale)))
        ],
        "maxWidth": MAX_SIDE,
        "maxHeight": MAX_SIDE,
        "maxArea": MAX_AREA,
        "tiles": [{"width": TILE, "height": TILE, "scaleFactors": scales}],
        "extraFormats": ["png"],
        "extraQualities": ["color", "gray", "bitonal"],
        "extraFeatures": ["mirroring", "rotationBy90s", "sizeUpscaling"],
    }


def plan_answer(request: ImageRequest, size: Size) -> Plan:
    """What ``request`` asks of an image of ``size``; raises ``IiifRefused``."""
    if request.format not in FORMATS:
        raise IiifRefused(f"Format {request.format[:20]!r} is none of {', '.join(FORMATS)}.")
    if request.quality not in QUALITIES:
        raise IiifRefused(f"Quality {request.quality[:20]!r} is none of {', '.join(QUALITIES)}.")
    box = parse_region(request.region, size)
    region = (box[2] - box[0], box[3] - box[1])
    return Plan(
        box,
        parse_size(request.size, region),
        *parse_rotation(request.rotation),
        request.quality,
        request.format,
    )


def draw_answer(image: Image.Image, plan: Plan) -> bytes:
    """The encoded picture that ``plan`` makes of ``image`` (RGB)."""
    part = image.resize(plan.size, Image.Resampling.LANCZOS, box=plan.box, reducing_gap=3.0)
    part = ImageOps.mirror(part) if plan.is_mirrored else part
    part = part.rotate(-plan.degrees, expand=True) if plan.degrees else part
    buffer = io.BytesIO()
    _colour(part, plan.quality).save(buffer, FORMATS[plan.format][0], quality=88)
    return buffer.getvalue()


def parse_region(text: str, size: Size) -> Box:
    """The part of an image of ``size`` that ``text`` means, cut at the image's edges."""
    width, height = size
    if text == "full":
        return 0, 0, width, height
    if text == "square":
        side = min(size)
        left, top = (width - side) // 2, (height - side) // 2
        return left, top, left + side, top + side
    is_share = text.startswith("pct:")
    numbers = _numbers(text.removeprefix("pct:"), 4, "region")
    if not is_share and any(not number.is_integer() for number in numbers):
        raise IiifRefused(f"Region {text!r} is not in whole pixels.")
    x, y, w, h = numbers
    if is_share:
        x, w, y, h = x * width / 100, w * width / 100, y * height / 100, h * height / 100
    left, top = round(x), round(y)
    right, bottom = min(round(x + w), width), min(round(y + h), height)
    if right <= left or bottom <= top:
        raise IiifRefused(f"Region {text!r} holds nothing of an image of {width} x {height}.")
    return left, top, right, bottom


def parse_size(text: str, region: Size) -> Size:
    """Pixels of the answer for a ``region`` of that many; larger only after ``^``."""
    may_grow = text.startswith("^")
    body = text.removeprefix("^")
    size = _read_size(body, region, may_grow)
    if min(size) < 1 or not _fits(size):
        raise IiifRefused(
            f"Size {text[:40]!r} is nothing, or more than {MAX_SIDE:,} pixels a side or "
            f"{MAX_AREA:,} in all."
        )
    if not may_grow and (size[0] > region[0] or size[1] > region[1]):
        raise IiifRefused(f"Size {text!r} is larger than the region; ask with ^ to enlarge.")
    return size


def _read_size(body: str, region: Size, may_grow: bool) -> Size:
    width, height = region
    if body == "max":
        return _fit_largest(region, may_grow)
    if body.startswith("pct:"):
        (share,) = _numbers(body.removeprefix("pct:"), 1, "size")
        return max(1, round(width * share / 100)), max(1, round(height * share / 100))
    found = re.fullmatch(r"(!?)(\d{0,5}),(\d{0,5})", body)
    if not found or not (found[2] or found[3]):
        raise IiifRefused(f"Size {body!r} is none of max, w,  ,h  w,h  !w,h  pct:n.")
    if not found[3]:
        return int(found[2]), max(1, round(height * int(found[2]) / width))
    if not found[2]:
        return max(1, round(width * int(found[3]) / height)), int(found[3])
    wanted = int(found[2]), int(found[3])
    if not found[1]:
        return wanted
    scale = min(wanted[0] / width, wanted[1] / height)
    scale = scale if may_grow else min(scale, 1.0)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _fits(size: Size) -> bool:
    return max(size) <= MAX_SIDE and size[0] * size[1] <= MAX_AREA


def _fit_largest(region: Size, may_grow: bool) -> Size:
    """The largest answer for ``region``: its own size, or where the limits are."""
    if _fits(region) and not may_grow:
        return region
    width, height = region
    scale = min(MAX_SIDE / max(region), math.sqrt(MAX_AREA / (width * height)))
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))


def parse_rotation(text: str) -> tuple[int, bool]:
    """Degrees clockwise (0, 90, 180, 270) and whether it is mirrored first."""
    body = text.removeprefix("!")
    if body not in {"0", "90", "180", "270"}:
        raise IiifRefused(f"Rotation {text!r} is none of 0, 90, 180, 270, nor mirrored with !.")
    return int(body), text.startswith("!")


def _colour(image: Image.Image, quality: str) -> Image.Image:
    if quality == "gray":
        return image.convert("L")
    return image.convert("1").convert("L") if quality == "bitonal" else image


def _numbers(text: str, count: int, what: str) -> list[float]:
    parts = text.split(",")
    if len(parts) != count or not all(re.fullmatch(r"\d{1,6}(\.\d{1,10})?", p) for p in parts):
        raise IiifRefused(f"{what.capitalize()} {text!r} should be {count} numbers from 0 up.")
    return [float(part) for part in parts]


def _powers(size: Size) -> int:
    """How often the image can be halved until it fits one tile."""
    return max(0, math.ceil(math.log2(max(size) / TILE)))
