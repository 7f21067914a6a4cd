"""What all findings cost on the whole of WikiArt's labels; what near-duplicates are found.

python -m bench.findings_scale [--rows 81444] [--width 512] [--map] [--folder label files]
python -m bench.findings_scale --copies [folder in WikiArt's form]

Artists, years, styles and genres are the official label files'; embeddings are drawn around
a centre a style and a centre an artist, the folds' answers around the style. Timed: neighbours of
all paintings, ``compute_findings`` (five folds' neighbours, ranking, duplicates, media, cases,
sentences), and with ``--map`` the style map. Smaller ``--rows`` show how each grows.

``--copies`` adds made-up copies of 120 paintings to all the others and counts which are found, by
hash alone and verified, and which verified pairs are neither planted nor copies of one file.
"""

from __future__ import annotations

import argparse
import io
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image, ImageEnhance, ImageOps
from rich.console import Console
from rich.table import Table
from scipy.special import softmax

from bench.planted_errors import PAINTINGS, look_at
from core.collection.wikiart import open_wikiart
from core.collection.wikiart_labels import paintings_from_lists
from core.findings.compute import compute_findings
from core.findings.duplicates import find_duplicates
from core.findings.evidence import Evidence, FoldView, TaskEvidence
from core.findings.neighbours import find_neighbours
from core.images.decode import decode_image
from core.images.fingerprints import group_near_duplicates
from core.images.thumbnails import SIDE
from core.projection import compute_map
from core.tasks import Task

LABELS = Path(__file__).resolve().parents[2] / "shared" / "wikiart-labels"
FOLDS, NEIGHBOURS, EPOCHS = 5, 20, 10
COPIES = 0.01
COPIED, TEXTURED = 120, 35.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=81_444)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--folder", type=Path, default=LABELS)
    parser.add_argument("--map", action="store_true")
    parser.add_argument("--copies", type=Path, nargs="?", const=PAINTINGS)
    options = parser.parse_args()
    if options.copies:
        Console(width=120).print(build_copies_table(options.copies))
        return
    console, rng = Console(width=120), np.random.default_rng(0)
    paintings = paintings_from_lists(options.folder)
    chosen = np.sort(rng.choice(len(paintings), min(options.rows, len(paintings)), replace=False))
    evidence = make_evidence(paintings.iloc[chosen].reset_index(drop=True), options.width, rng)
    console.print(describe(evidence), f"inputs: {measure_memory():.2f} GB")
    with timed(console, "neighbours of all"):
        neighbours, similarities = find_neighbours(evidence.embeddings, NEIGHBOURS)
    evidence = Evidence(**{**vars(evidence), "neighbours": neighbours})
    with timed(console, "compute_findings"):
        findings = compute_findings(evidence)
    console.print(findings.cases["type"].value_counts().to_dict())
    if options.map:
        with timed(console, "style map"):
            compute_map(evidence.embeddings, neighbours, similarities, seed=0)


def make_evidence(paintings: pd.DataFrame, width: int, rng: np.random.Generator) -> Evidence:
    """Evidence about real labels; one embedding serves as every fold's."""
    count = len(paintings)
    tasks: dict[Task, TaskEvidence] = {}
    for task in ("style", "genre"):
        labels, classes = pd.factorize(paintings[f"given_{task}"], sort=True)
        tasks[task] = TaskEvidence(
            tuple(map(str, classes)), labels, draw_answers(labels, len(classes), rng)
        )
    artists = pd.factorize(paintings["artist"])[0]
    embeddings = rng.normal(size=(count, width)).astype(np.float32)
    embeddings += 0.6 * rng.normal(size=(artists.max() + 2, width)).astype(np.float32)[artists]
    styles = tasks["style"].labels
    embeddings += 0.8 * rng.normal(size=(styles.max() + 2, width)).astype(np.float32)[styles]
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    embeddings = embeddings.astype(np.float16)
    fold = rng.integers(FOLDS, size=count)
    duplicates = np.arange(count)
    copies = rng.choice(count - 1, round(COPIES * count), replace=False)
    duplicates[copies] = copies + 1
    return Evidence(
        paintings[["key", "artist", "year"]],
        tasks,
        duplicates,
        tuple(view_fold(embeddings, fold == number, rng) for number in range(FOLDS)),
        embeddings,
        None,
        rng.integers(0, 255, size=(count, SIDE, SIDE, 3), dtype=np.uint8),
        rng.normal(size=(count, EPOCHS)).astype(np.float16),
    )


def view_fold(embeddings: np.ndarray, held_out: np.ndarray, rng: np.random.Generator) -> FoldView:
    inside, outside = np.flatnonzero(held_out), np.flatnonzero(~held_out)
    logits = rng.normal(size=len(inside))
    return FoldView(inside, outside, embeddings[inside], embeddings[outside], logits)


def draw_answers(labels: np.ndarray, classes: int, rng: np.random.Generator) -> np.ndarray:
    """(N, K) probabilities that favour the label: about 60 % are right."""
    logits = rng.gumbel(size=(len(labels), classes)) * 1.5
    logits[np.arange(len(labels)), np.maximum(labels, 0)] += 4
    return softmax(logits, axis=1).astype(np.float32)


def describe(evidence: Evidence) -> str:
    style = evidence.style
    return (
        f"{len(style.labels):,} paintings x {evidence.embeddings.shape[1]}, "
        f"{len(style.classes)} styles, {evidence.paintings['artist'].nunique():,} artists;"
    )


def build_copies_table(folder: Path) -> Table:
    """Recall a kind of copy, and what else was found."""
    collection, rng = open_wikiart(folder), np.random.default_rng(0)
    keys = collection.paintings["key"].tolist()
    images = [decode_image(collection.reader.read(i)) for i in collection.paintings["image"]]
    chosen = rng.choice(len(images), COPIED, replace=False)
    made = [(kind, row, make(images[row])) for kind, make in KINDS.items() for row in chosen]
    looks = look_at([*images, *(image for _, _, image in made)])
    groups = group_near_duplicates(looks["hashes"], looks["signatures"], looks["mirrors"])
    embeddings = looks["features"] - looks["features"].mean(axis=0)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    neighbours, _ = find_neighbours(embeddings, NEIGHBOURS)
    names = pd.Series([*keys, *(f"{kind}/{row}.jpg" for kind, row, _ in made)])
    labels, thumbnails = np.zeros(len(names), dtype=int), looks["thumbnails"]
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


@contextmanager
def timed(console: Console, what: str) -> Iterator[None]:
    started, processor = time.perf_counter(), time.process_time()
    yield
    console.print(
        f"{what}: {time.perf_counter() - started:.1f} s, "
        f"{time.process_time() - processor:.1f} s of processor time, "
        f"peak {measure_memory():.2f} GB"
    )


def measure_memory() -> float:
    """Peak resident memory so far, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
