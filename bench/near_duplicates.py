"""Which synthetic copies of paintings are found, and which other pairs are taken for copies.

python -m bench.near_duplicates [folder in WikiArt's form]

Each kind of copy of 120 paintings (rescaled, recompressed, mirrored, cropped, framed) is laid
beside all paintings, one kind at a time. Counted: which share a group with their original, by hash
alone and in the end, and which verified pairs are of two pictures that neither the copying nor a
common file name explains.
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

from bench.planted_errors import PAINTINGS, fingerprint_collection, fingerprint_pictures
from core.collection.sources.wikiart import open_wikiart
from core.findings.copies.duplicates import Duplicates, find_by_sight, find_duplicates
from core.findings.neighbours import find_neighbours
from core.images.decode import decode_image
from core.images.fingerprints import group_near_duplicates

COPIED, TEXTURED, NEIGHBOURS = 120, 35.0, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=PAINTINGS)
    Console(width=120).print(build_copies_table(parser.parse_args().folder))


def build_copies_table(folder: Path) -> Table:
    """Recall of each kind of copy, and what else was found."""
    collection, rng = open_wikiart(folder), np.random.default_rng(0)
    names = collection.paintings["key"].str.rpartition("/")[2].to_numpy()
    originals = dict(np.load(fingerprint_collection(collection)))
    chosen = rng.choice(len(names), COPIED, replace=False)
    files = collection.paintings["image"]
    images = [decode_image(collection.reader.read(files[row])) for row in chosen]
    source = np.concatenate([np.arange(len(names)), chosen])
    table = Table("copy", "n", "by hash", "found", "n, flat", "by hash", "found", "strangers")
    for kind, make in KINDS.items():
        copies = fingerprint_pictures(make(image) for image in images)
        prints = {name: np.concatenate([originals[name], copies[name]]) for name in copies}
        groups, found = find_copies(prints)
        together = (found.group >= 0) & (found.group == found.group[source])
        contrast = prints["thumbnails"].mean(axis=3).std(axis=(1, 2))[source]
        is_copy = np.arange(len(source)) >= len(names)
        cells = [kind]
        for rows in (is_copy & (contrast >= TEXTURED), is_copy & (contrast < TEXTURED)):
            hashed = (groups == groups[source])[rows].mean()
            cells += [str(rows.sum()), f"{hashed:.2f}", f"{together[rows].mean():.2f}"]
        pairs = found.pairs.loc[found.pairs["verified"], ["left", "right"]].to_numpy()
        shown = names[source]
        strange = pairs[shown[pairs[:, 0]] != shown[pairs[:, 1]]]
        real = strange[strange[:, 1] < len(names)]
        table.add_row(*cells, str(len(strange) - len(real)))
    table.title = f"{len(names):,} paintings, of which {len(real)} pairs are taken for one picture"
    table.caption = "; ".join(f"{names[a]} + {names[b]}" for a, b in real)
    return table


def find_copies(prints: dict[str, np.ndarray]) -> tuple[np.ndarray, Duplicates]:
    """Groups (n,) by hash, and what the findings say of pictures with these fingerprints."""
    groups = group_near_duplicates(prints["hashes"], prints["signatures"], prints["mirrors"])
    embeddings = prints["features"] - prints["features"].mean(axis=0)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    neighbours, _ = find_neighbours(embeddings, NEIGHBOURS)
    by_sight = find_by_sight(prints["features"], prints["thumbnails"], groups)
    count = len(groups)
    keys, labels = pd.Series(np.arange(count).astype(str)), np.zeros(count, dtype=int)
    duplicates = find_duplicates(
        keys, labels, groups, embeddings, neighbours, prints["thumbnails"], by_sight
    )
    return groups, duplicates


def crop(image: Image.Image, share: float) -> Image.Image:
    """The middle, ``share`` of each side cut away."""
    x, y = round(image.width * share), round(image.height * share)
    return image.crop((x, y, image.width - x, image.height - y))


def recompress(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def frame(image: Image.Image, share: float, colour: str = "white") -> Image.Image:
    return ImageOps.expand(image, round(image.width * share), colour)


def mount(image: Image.Image) -> Image.Image:
    """On ivory board, a seventh of the width and a fifth of the height on each side."""
    left, top = round(image.width * 0.15), round(image.height * 0.2)
    return ImageOps.expand(image, (left, top), "#ece8de")


KINDS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "rescaled to half": lambda image: image.resize((image.width // 2, image.height // 2)),
    "JPEG quality 30": partial(recompress, quality=30),
    "mirrored": ImageOps.mirror,
    "cropped by 4 %": partial(crop, share=0.04),
    "cropped by 8 %": partial(crop, share=0.08),
    "cropped by 12 %": partial(crop, share=0.12),
    "border of 3 %": partial(frame, share=0.03),
    "border of 8 %": partial(frame, share=0.08),
    "border of 15 %": partial(frame, share=0.15),
    "border of 25 %": partial(frame, share=0.25),
    "black border of 8 %": partial(frame, share=0.08, colour="black"),
    "grey border of 15 %": partial(frame, share=0.15, colour="#808080"),
    "mount": mount,
    "brighter, mirrored, cropped by 4 %": lambda image: ImageEnhance.Brightness(
        crop(ImageOps.mirror(image), 0.04)
    ).enhance(1.15),
}


if __name__ == "__main__":
    main()
