"""Decodes any picture into upright sRGB pixels, or states why it cannot be used.

The image store and the Classify page share this function. It needs only Pillow and numpy, keeps no
state, changes no Pillow setting and emits no warnings.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from pi_heif import HeifImageFile
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
    features,
)

from core.errors import UserError

# Pillow's own line between "warn" and "refuse". The largest WikiArt files (107 million) are below
# it.
MAX_PIXELS: Final = 178_956_970
# A scroll of 40:1 stays readable, and a JPEG cannot hold more than 65,535 pixels a side.
MAX_LONG_SIDE: Final = 16_384
READ_FORMATS: Final = "JPEG, PNG, WebP, TIFF, BMP, GIF, AVIF and HEIC"

_DAMAGE: Final = (
    OSError,
    SyntaxError,  # how Pillow's plugins say "broken header"
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPPING: Final = {5, 6, 7, 8}
_RESIZABLE: Final = {"L", "LA", "RGB", "RGBA", "CMYK", "LAB"}
_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_ICC_SPACES: Final = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK", "LAB": "LAB"}
_quiet_lock = threading.RLock()


class ImageRefused(UserError):
    """A picture that cannot be used; ``reason`` is the sentence for quarantine.csv."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"This picture cannot be used: {reason}",
            remedy="Open it in an image editor and save it again, or leave it out.",
        )
        self.reason = reason

    def __reduce__(self) -> tuple[type[ImageRefused], tuple[str]]:
        return ImageRefused, (self.reason,)


@dataclass(frozen=True)
class Decoded:
    """``image`` is RGB, sRGB, upright and shrunk; width and height are the upright original's.

    ``untouched``: the source is a baseline RGB JPEG whose pixels are ``image`` as they stand.
    """

    image: Image.Image
    width: int
    height: int
    untouched: bool


def decode_image(
    data: bytes, *, short_side: int | None = None, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Upright sRGB picture whose short side is at most ``short_side`` (never enlarged).

    EXIF orientation is applied, transparency is laid over white, an embedded ICC profile is
    converted (an unreadable one is ignored), an animation gives its first frame. Raises
    ``ImageRefused`` for a truncated, damaged, oversized or unknown file.
    """
    return decode_picture(data, short_side=short_side, max_pixels=max_pixels).image


def decode_picture(
    data: bytes, *, short_side: int | None = None, max_pixels: int = MAX_PIXELS
) -> Decoded:
    """As ``decode_image``, with the size of the original."""
    plugin = _find_plugin(data)
    with _quiet(plugin, data):
        try:
            return _decode(plugin(io.BytesIO(data)), short_side, max_pixels)
        except ImageRefused:
            raise
        except MemoryError as error:
            raise ImageRefused("decoding it needs more memory than there is") from error
        except _DAMAGE as error:
            raise ImageRefused(_describe_damage(data, error)) from error


class _Jpeg(JpegImagePlugin.JpegImageFile):
    def _read_dpi_from_exif(self) -> None:
        """Skipped: resolution is not needed here, and Pillow warns about damaged EXIF blocks."""


def _find_plugin(data: bytes) -> type[ImageFile.ImageFile]:
    """The reader for the bytes' format, whatever the file's name.

    Readers are called directly: ``Image.open`` warns by a process-wide pixel limit.
    """
    head = data[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return _Jpeg
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WebPImagePlugin.WebPImageFile
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TiffImagePlugin.TiffImageFile
    if head.startswith(b"BM"):
        return BmpImagePlugin.BmpImageFile
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GifImagePlugin.GifImageFile
    if head[4:8] == b"ftyp":
        brands = _read_brands(data)
        if brands & {b"avif", b"avis"} and features.check("avif"):
            return AvifImagePlugin.AvifImageFile
        if brands & _HEIC_BRANDS:
            heic: type[ImageFile.ImageFile] = HeifImageFile
            return heic
    if not data:
        raise ImageRefused("empty file")
    raise ImageRefused(f"not an image (begins {head[:8]!r}); {READ_FORMATS} are read")


def _read_brands(data: bytes) -> set[bytes]:
    """Major and compatible brands of an ISO base media file."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}


@contextmanager
def _quiet(plugin: type[ImageFile.ImageFile], data: bytes) -> Iterator[None]:
    """Suppresses Pillow's metadata warnings for the rarer formats.

    Python's warning filters belong to the whole process, hence the lock, and hence no filter at
    all for the formats that do not warn: JPEG, WebP, PNG without animation.
    """
    still_png = plugin is PngImagePlugin.PngImageFile and b"acTL" not in data[:4096]
    if still_png or plugin in {_Jpeg, WebPImagePlugin.WebPImageFile}:
        yield
        return
    with _quiet_lock, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


def _decode(source: ImageFile.ImageFile, short_side: int | None, max_pixels: int) -> Decoded:
    width, height = source.size
    if width * height > max_pixels:
        raise ImageRefused(f"{width:,} x {height:,} pixels; the limit is {max_pixels:,} in all")
    orientation = _read_orientation(source.info.get("exif"))
    target = _fit(width, height, short_side)
    if isinstance(source, _Jpeg):
        source.draft(None, target)
    source.load()  # a TIFF turns itself upright here
    if source.size == (height, width) != (width, height):
        (width, height), target = source.size, (target[1], target[0])
    image = _shrink(_to_eight_bits(source), target)
    image = _to_srgb(_over_white(image), source.info.get("icc_profile"))
    untouched = (
        isinstance(source, _Jpeg)
        and source.mode == "RGB"
        and image.size == (width, height)
        and orientation == 1
        and not {"icc_profile", "progressive"} & source.info.keys()
    )
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
    if orientation in _SWAPPING:
        width, height = height, width
    image = image.copy() if image is source else image
    image.info = {}  # the pixels are sRGB now; a profile left here would be saved with them
    return Decoded(image, width, height, untouched)


def _fit(width: int, height: int, short_side: int | None) -> tuple[int, int]:
    if short_side is None:
        return width, height
    scale = min(1.0, short_side / min(width, height), MAX_LONG_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _shrink(image: Image.Image, target: tuple[int, int]) -> Image.Image:
    if image.size == target:
        return image
    return image.resize(target, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Same picture in a mode that can be resized: L, LA, RGB, RGBA, CMYK or LAB."""
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        return Image.fromarray(_scale_samples(np.asarray(image)))
    if image.mode == "1":
        return image.convert("L")
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in {"La", "RGBa"}:
        return image.convert(image.mode.upper())
    return image if image.mode in _RESIZABLE else image.convert("RGB")


def _scale_samples(samples: np.ndarray) -> np.ndarray:
    """(H, W) uint8 from deeper samples: 16 bits, 32 bits, or floats in 0..1 (else to their max)."""
    if samples.dtype.kind == "f":
        samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        top = max(1.0, float(samples.max()))
        return (samples.clip(0.0, top) * (255.0 / top) + 0.5).astype(np.uint8)
    if samples.dtype.itemsize == 2:
        return (samples.astype(np.uint16) >> 8).astype(np.uint8)
    samples = samples.clip(0)
    return (samples >> (8 if samples.max() < 1 << 16 else 23)).astype(np.uint8)


def _over_white(image: Image.Image) -> Image.Image:
    if image.mode not in {"LA", "RGBA"}:
        return image
    white = Image.new(image.mode.removesuffix("A"), image.size, "white")
    white.paste(image.convert(white.mode), mask=image.getchannel("A"))
    return white


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode == "LAB" or profile:
        transform = _build_transform(profile or b"", image.mode)
        if transform is not None:
            return transform.apply(image)
    return image if image.mode == "RGB" else image.convert("RGB")


@lru_cache(maxsize=8)
def _build_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Transform from the profile to sRGB; None where it is sRGB, unreadable or of another mode."""
    try:
        if mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        else:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip().upper() != _ICC_SPACES.get(mode):
            return None
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
        return None if mode == "RGB" and _changes_nothing(transform) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether this is sRGB to sRGB; tested on pixels, as profile names are not reliable."""
    levels = np.linspace(0, 255, 6).astype(np.uint8)
    colours = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(6, 36, 3)
    changed = np.asarray(transform.apply(Image.fromarray(colours)))
    return int(np.abs(changed.astype(int) - colours).max()) <= 2


def _read_orientation(exif: bytes | None) -> int:
    """EXIF orientation, 1 to 8; 1 when there is none or the block is damaged."""
    if not isinstance(exif, bytes):
        return 1
    block = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", block, 4)
        (count,) = struct.unpack_from(f"{order}H", block, start)
        for entry in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", block, start + 2 + 12 * entry)
            if (tag, kind) == (0x0112, 3):
                return int(value)
    except struct.error:
        return 1
    return 1


def _describe_damage(data: bytes, error: Exception) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, Image.DecompressionBombError):
        return said
    if isinstance(error, EOFError | struct.error) or "truncat" in said.lower():
        return "truncated file"
    if data.startswith(b"RIFF") and int.from_bytes(data[4:8], "little") + 8 > len(data):
        return "truncated file"
    return f"damaged file ({said[:120]})"
