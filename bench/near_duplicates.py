"""Which synthetic copies of paintings are found, and which other pairs are taken for copies.

python -m bench.near_duplicates [folder in WikiArt's form]

Adds copies of 120 paintings (rescaled, recompressed, mirrored, cropped, framed) to all the others
and counts which are found, by hash alone and verified, and which verified pairs are neither planted
nor copies of one file.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image, ImageEnhance, ImageOps
from rich.console import Console
from rich.table import Table

from bench.planted_errors import PAINTINGS, fingerprint_pictures
from core.collection.sources.wikiart import open_wikiart
from core.findings.copies.duplicates import find_duplicates
from core.findings.neighbours import find_neighbours
from core.images.decode import decode_image
from core.images.fingerprints import group_near_duplicates

COPIED, TEXTURED, NEIGHBOURS = 120, 35.0, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=PAINTINGS)
    Console(width=120).print(build_copies_table(parser.parse_args().folder))


def build_copies_table(folder: Path) -> Table:
    """Recall a kind of copy, and what else was found."""
    collection, rng = open_wikiart(folder), np.random.default_rng(0)
    keys = collection.paintings["key"].tolist()
    images = [decode_image(collection.reader.read(i)) for i in collection.paintings["image"]]
    chosen = rng.choice(len(images), COPIED, replace=False)
    made = [(kind, row, make(images[row])) for kind, make in KINDS.items() for row in chosen]
    fingerprints = fingerprint_pictures([*images, *(image for _, _, image in made)])
    groups = group_near_duplicates(
        fingerprints["hashes"], fingerprints["signatures"], fingerprints["mirrors"]
    )
    embeddings = fingerprints["features"] - fingerprints["features"].mean(axis=0)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    neighbours, _ = find_neighbours(embeddings, NEIGHBOURS)
    names = pd.Series([*keys, *(f"{kind}/{row}.jpg" for kind, row, _ in made)])
    labels, thumbnails = np.zeros(len(names), dtype=int), fingerprints["thumbnails"]
    found = find_duplicates(names, labels, groups, embeddings, neighbours, thumbnails)
    source = np.array([*range(len(keys)), *(row for _, row, _ in made)])
    kinds = np.array([*["painting"] * len(keys), *(kind for kind, _, _ in made)])
    contrast = thumbnails.mean(axis=3).std(axis=(1, 2))
    textured = contrast[source] >= TEXTURED
    table = Table("copy", "n", "by hash", "found", "n, flat", "by hash", "found")
    together = (found.group >= 0) & (found.group == found.group[source])
    for kind in KINDS:
        cells = [kind]
        for rows in ((kinds == kind) & textured, (kinds == kind) & ~textured):
            hashed = (groups == groups[source])[rows].mean()
            cells += [str(rows.sum()), f"{hashed:.2f}", f"{together[rows].mean():.2f}"]
        table.add_row(*cells)
    pairs = found.pairs[found.pairs["verified"]]
    strange = pairs[source[pairs["left"]] != source[pairs["right"]]]
    real = strange[(strange["right"] < len(keys))]
    files = pd.Series(keys).str.rpartition("/")[2]
    one = files[real["left"]].to_numpy() == files[real["right"]].to_numpy()
    table.title = (
        f"{len(keys):,} paintings; verified pairs: {len(pairs)}, of two paintings {len(real)}"
    )
    table.caption = f"{one.sum()} of these under one file name; the others: " + "; ".join(
        f"{files[a]} + {files[b]}" for a, b in real.loc[~one, ["left", "right"]].to_numpy()
    )
    return table


def crop(image: Image.Image, share: float) -> Image.Image:
    """The middle, ``share`` of each side cut away."""
    x, y = round(image.width * share), round(image.height * share)
    return image.crop((x, y, image.width - x, image.height - y))


def recompress(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def frame(image: Image.Image, share: float) -> Image.Image:
    return ImageOps.expand(image, round(image.width * share), "white")


KINDS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "rescaled to half": lambda image: image.resize((image.width // 2, image.height // 2)),
    "JPEG quality 30": partial(recompress, quality=30),
    "mirrored": ImageOps.mirror,
    "cropped by 4 %": partial(crop, share=0.04),
    "cropped by 8 %": partial(crop, share=0.08),
    "cropped by 12 %": partial(crop, share=0.12),
    "border of 3 %": partial(frame, share=0.03),
    "border of 8 %": partial(frame, share=0.08),
    "brighter, mirrored, cropped by 4 %": lambda image: ImageEnhance.Brightness(
        crop(ImageOps.mirror(image), 0.04)
    ).enhance(1.15),
}


if __name__ == "__main__":
    main()
