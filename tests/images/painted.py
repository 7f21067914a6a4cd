"""Small synthetic paintings, as pixels, as files and as collections."""

from __future__ import annotations

import io
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from core.collection.table import Collection, FolderReader, build_paintings


def paint(seed: int, width: int = 120, height: int = 90) -> Image.Image:
    """A smooth random composition: a 6 x 5 grid of colours, blown up."""
    grid = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    return Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)


def to_bytes(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def mean_difference(a: Image.Image, b: Image.Image) -> float:
    """Mean absolute difference of two pictures of one size, 0..255."""
    assert a.size == b.size
    return float(np.abs(np.asarray(a, dtype=int) - np.asarray(b, dtype=int)).mean())


def fill_folder(root: Path, seeds: range) -> None:
    for seed in seeds:
        path = root / f"Style_{seed % 2}" / f"painter_{seed:04d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_bytes(paint(seed), quality=92))


def open_folder(root: Path, reader: FolderReader | None = None) -> Collection:
    files = [path.relative_to(root).as_posix() for path in root.rglob("*.*")]
    rows = pd.DataFrame({"key": files, "image": files})
    rows["given_style"] = rows["image"].str.split("/").str[0]
    paintings = build_paintings(rows, where=str(root))
    return Collection("test", "folder", str(root), paintings, reader or FolderReader(root))


@dataclass(frozen=True)
class LoggedReader(FolderReader):
    """Notes every file read, across processes; may be slow, and may die of one file."""

    log: Path
    delay: float = 0.0
    fatal: str = ""

    def read(self, image: str) -> bytes:
        if image == self.fatal:
            os._exit(1)
        with self.log.open("a") as log:
            log.write(f"{image}\n")
        time.sleep(self.delay)
        return super().read(image)

    def take(self) -> list[str]:
        """The files read since the last call."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines
