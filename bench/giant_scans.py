"""Giant scans: seconds and peak memory of one picture brought to a short side of 384.

python -m bench.giant_scans [megapixels ...]

Each picture is decoded by each route in a process of its own. "Limit": the file's own bytes, which
every route holds. Making 1,000 megapixels takes 7 GB of memory.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import imagecodecs
import numpy as np
import pyvips
import tifffile
from PIL import Image

from bench.decode_routes import PAINTINGS, load_tiles
from core.images.decode import decode_image
from core.images.loaded import MAX_LONG_SIDE, PixelLimits

MEGAPIXELS = (181, 1000)
SHORT_SIDE = 384
MOST_JPEG_2000 = 200  # megapixels; making more takes more memory than most machines have
PROPORTIONS = 1.177  # width to height


def main(megapixels: tuple[int, ...]) -> None:
    print("| file | MB | " + " | ".join(f"{route}: s, MB" for route in ROUTES) + " |")
    print("|---" * (2 + len(ROUTES)) + "|")
    with tempfile.TemporaryDirectory() as folder:
        for size in megapixels:
            for name, path in write_files(Path(folder), size):
                told = [measure(route, path) for route in ROUTES]
                row = " | ".join([name, f"{path.stat().st_size / 1e6:,.0f}", *told])
                print(f"| {row} |", flush=True)
                path.unlink()


def write_files(folder: Path, megapixels: int) -> list[tuple[str, Path]]:
    pixels = make_scan(megapixels)
    files: dict[str, Callable[[Path], object]] = {}
    files["JPEG"] = lambda path: path.write_bytes(imagecodecs.jpeg8_encode(pixels, level=60))
    for name, options in (
        ("TIFF, JPEG tiles", {"tile": (512, 512), "compression": "jpeg", "photometric": "ycbcr"}),
        ("TIFF, LZW strips", {"rowsperstrip": 16, "compression": "lzw", "photometric": "rgb"}),
    ):
        files[name] = partial(tifffile.imwrite, data=pixels, **options)
    if megapixels <= MOST_JPEG_2000:
        files["JPEG 2000"] = lambda path: path.write_bytes(
            imagecodecs.jpeg2k_encode(pixels, level=40, codecformat="jp2", resolutions=7)
        )
    written = []
    for number, (name, write) in enumerate(files.items()):
        path = folder / f"{number}"
        write(path)
        written.append((f"{name}, {megapixels:,} Mpx", path))
    return written


def make_scan(megapixels: int) -> np.ndarray:
    """(H, W, 3) uint8: paintings side by side, a field of 16 repeated."""
    tiles = [np.asarray(tile) for tile in load_tiles(PAINTINGS, 16)]
    rows = [np.concatenate(tiles[at : at + 4], axis=1) for at in range(0, 16, 4)]
    field = np.concatenate(rows, axis=0)
    height = round((megapixels * 1e6 / PROPORTIONS) ** 0.5)
    width = round(height * PROPORTIONS)
    times = -(-height // len(field)), -(-width // len(field[0])), 1
    return np.ascontiguousarray(np.tile(field, times)[:height, :width])


def decode_by_us(data: bytes) -> None:
    decode_image(data, short_side=SHORT_SIDE, limits=PixelLimits.of(10_000))


def decode_by_vips(data: bytes) -> None:
    image = pyvips.Image.thumbnail_buffer(data, MAX_LONG_SIDE, height=SHORT_SIDE)
    Image.fromarray(image.numpy())


def decode_by_pillow(data: bytes) -> None:
    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.resize((round(SHORT_SIDE * PROPORTIONS), SHORT_SIDE), reducing_gap=3.0)


ROUTES: dict[str, Callable[[bytes], None]] = {
    "ours": decode_by_us,
    "pyvips": decode_by_vips,
    "Pillow, whole": decode_by_pillow,
}


def measure(route: str, path: Path) -> str:
    """Seconds of processor time and peak megabytes of ``route`` on the file."""
    command = [sys.executable, "-m", "bench.giant_scans", route, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or f"fails ({done.stderr.strip().splitlines()[-1][:60]})"


def run(route: str, path: Path) -> None:
    """In a process of its own: prints what ``measure`` tells."""
    data = path.read_bytes()
    started = time.process_time()
    ROUTES[route](data)
    seconds = time.process_time() - started
    # Of this program; getrusage would tell of the process that made the pictures and forked.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(f"{seconds:.1f}, {int(peak) * 1024 / 1e6:,.0f}")


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in ROUTES:
        run(sys.argv[1], Path(sys.argv[2]))
    else:
        main(tuple(int(each) for each in sys.argv[1:]) or MEGAPIXELS)
