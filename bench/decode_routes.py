"""Decode routes and store quality, on real paintings where there are any.

python -m bench.decode_routes [folder of JPEGs]

First table: ways to shrink a 1400 x 1100 JPEG to a short side of 384, in images a second on
one core and PSNR against a full decode with Lanczos. Second table: what the stored JPEG's quality
costs in bytes and fidelity.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyvips
import simplejpeg
from PIL import Image
from rich.console import Console
from rich.table import Table
from scipy.ndimage import gaussian_filter

from core.images.decode import decode_image

PAINTINGS = Path(__file__).resolve().parents[2] / "shared" / "wikiart-mini"
SHORT_SIDE = 384
SECONDS = 2.0


def main(folder: Path) -> None:
    console = Console(width=100)
    tiles = load_tiles(folder, 700)
    for width, height in [(1400, 1100), (3000, 2400)]:
        sources = [make_mosaic(tiles, width, height, seed) for seed in range(8)]
        console.print(build_route_table(sources, f"{width} x {height} -> {SHORT_SIDE}"))
    console.print(build_quality_table(tiles[:300]))


def load_tiles(folder: Path, count: int) -> list[Image.Image]:
    """Native pixels of paintings, cropped off their JPEG grid; painted noise where none are."""
    rng = np.random.default_rng(0)
    paths = sorted(folder.glob("*/*.jpg"))
    if not paths:
        noise = [gaussian_filter(rng.normal(size=(216, 216, 3)), (2, 2, 0)) for _ in range(count)]
        return [Image.fromarray((128 + 300 * tile).clip(0, 255).astype(np.uint8)) for tile in noise]
    chosen = rng.choice(len(paths), min(count, len(paths)), replace=False)
    return [Image.open(paths[at]).convert("RGB").crop((3, 5, 219, 221)) for at in chosen]


def make_mosaic(tiles: list[Image.Image], width: int, height: int, seed: int) -> bytes:
    """JPEG of ``width`` x ``height`` filled with paintings at their native resolution."""
    rng = np.random.default_rng(seed)
    canvas = Image.new("RGB", (width, height))
    for top in range(0, height, 216):
        for left in range(0, width, 216):
            canvas.paste(tiles[rng.integers(len(tiles))], (left, top))
    return encode(canvas, 90, 2)


def encode(image: Image.Image, quality: int, subsampling: int, optimize: bool = False) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=subsampling, optimize=optimize)
    return out.getvalue()


def fit(width: int, height: int) -> tuple[int, int]:
    scale = SHORT_SIDE / min(width, height)
    return round(width * scale), round(height * scale)


def decode_pillow(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    return image.resize(fit(*image.size), Image.Resampling.LANCZOS)


def decode_draft(data: bytes, margin: float, filter_: Image.Resampling) -> Image.Image:
    """JPEG scaled while it is decoded, to no less than ``margin`` times the target."""
    image = Image.open(io.BytesIO(data))
    target = fit(*image.size)
    image.draft(None, (round(target[0] * margin), round(target[1] * margin)))
    return image.resize(target, filter_)


def decode_simplejpeg(data: bytes) -> Image.Image:
    height, width, _, _ = simplejpeg.decode_jpeg_header(data)
    target = fit(width, height)
    pixels = simplejpeg.decode_jpeg(
        data, fastdct=True, fastupsample=True, min_height=target[1], min_width=target[0]
    )
    return Image.fromarray(pixels).resize(target, Image.Resampling.BICUBIC)


def decode_pyvips(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as header:
        width, height = fit(*header.size)
    image = pyvips.Image.thumbnail_buffer(data, width, height=height, size="force")
    return Image.fromarray(image.numpy())


ROUTES: dict[str, Callable[[bytes], Image.Image]] = {
    "Pillow, Lanczos (reference)": decode_pillow,
    "Pillow draft, Lanczos": lambda data: decode_draft(data, 1, Image.Resampling.LANCZOS),
    "Pillow draft, bicubic": lambda data: decode_draft(data, 1, Image.Resampling.BICUBIC),
    "Pillow draft from 1.5x, Lanczos": lambda data: decode_draft(
        data, 1.5, Image.Resampling.LANCZOS
    ),
    "simplejpeg scaled, bicubic": decode_simplejpeg,
    "pyvips thumbnail": decode_pyvips,
    "ours: core.images.decode": lambda data: decode_image(data, short_side=SHORT_SIDE),
}


def build_route_table(sources: list[bytes], title: str) -> Table:
    table = Table("route", "images/s a core", "PSNR dB", "SSIM", title=title, title_justify="left")
    truth = [np.asarray(decode_pillow(data)) for data in sources]
    for name, route in ROUTES.items():
        images = [np.asarray(route(data)) for data in sources]
        psnr = np.mean([compute_psnr(*pair) for pair in zip(truth, images, strict=True)])
        ssim = np.mean([compute_ssim(*pair) for pair in zip(truth, images, strict=True)])
        rate = measure_rate(route, sources)
        table.add_row(name, f"{rate:.0f}", f"{psnr:.1f}" if psnr < 99 else "exact", f"{ssim:.4f}")
    return table


def measure_rate(route: Callable[[bytes], Image.Image], sources: list[bytes]) -> float:
    """Images a second of processor time, which a busy machine or a thread pool does not change."""
    done, started, began = 0, time.process_time(), time.monotonic()
    while time.monotonic() - began < SECONDS:
        route(sources[done % len(sources)])
        done += 1
    return done / (time.process_time() - started)


def build_quality_table(tiles: list[Image.Image]) -> Table:
    """Sizes are scaled from the tiles to a stored 384 x 490 picture."""
    table = Table(
        "quality", "chroma", "kB a picture", "GB for 81,444", "PSNR dB", "SSIM", "encode ms"
    )
    table.title, scale = "Stored JPEG", SHORT_SIDE * 490 / (216 * 216)
    for quality in (80, 85, 88, 90, 92, 95):
        for chroma, subsampling in (("4:2:0", 2), ("4:4:4", 0)):
            started = time.process_time()
            files = [encode(tile, quality, subsampling) for tile in tiles]
            cost = (time.process_time() - started) / len(tiles) * scale
            size = np.mean([len(file) for file in files]) * scale
            psnr, ssim = compare_files(tiles, files)
            table.add_row(
                str(quality),
                chroma,
                f"{size / 1e3:.0f}",
                f"{size * 81_444 / 1e9:.1f}",
                f"{psnr:.1f}",
                f"{ssim:.4f}",
                f"{cost * 1e3:.1f}",
            )
    return table


def compare_files(tiles: list[Image.Image], files: list[bytes]) -> tuple[float, float]:
    pairs = [
        (np.asarray(tile), np.asarray(Image.open(io.BytesIO(file))))
        for tile, file in zip(tiles, files, strict=True)
    ]
    psnr = np.mean([compute_psnr(*pair) for pair in pairs])
    return float(psnr), float(np.mean([compute_ssim(*pair) for pair in pairs]))


def compute_psnr(a: np.ndarray, b: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB over all channels; high is alike."""
    error = np.mean((a.astype(np.float64) - b) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def compute_ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Mean structural similarity of the luma (Wang et al. 2004, Gaussian of 1.5), up to 1."""
    x, y = (image.astype(np.float64) @ (0.299, 0.587, 0.114) for image in (a, b))
    mean_x, mean_y = gaussian_filter(x, 1.5), gaussian_filter(y, 1.5)
    var_x = gaussian_filter(x * x, 1.5) - mean_x**2
    var_y = gaussian_filter(y * y, 1.5) - mean_y**2
    both = gaussian_filter(x * y, 1.5) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean_x * mean_y + c1) * (2 * both + c2)
    return float(np.mean(top / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PAINTINGS)
