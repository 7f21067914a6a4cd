"""Cost of all findings on the whole of WikiArt's labels.

python -m bench.findings_scale [--rows 81444] [--width 512] [--map] [--folder label files]

Artists, years, styles and genres are the official label files'; embeddings are drawn around
a centre a style and a centre an artist, the folds' answers around the style. Timed: neighbours of
all paintings, ``compute_findings`` (five folds' neighbours, ranking, duplicates, media, cases,
sentences), and with ``--map`` the style map. Smaller ``--rows`` show how each scales.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from scipy.special import softmax

from core.collection.sources.wikiart_labels import paintings_from_lists
from core.findings.compute import compute_findings
from core.findings.evidence import Evidence, FoldView, TaskEvidence
from core.findings.neighbours import find_neighbours
from core.images.thumbnails import SIDE
from core.projection import compute_map
from core.tasks import Task

LABELS = Path(__file__).resolve().parents[2] / "shared" / "wikiart-labels"
FOLDS, NEIGHBOURS, EPOCHS = 5, 20, 10
COPIES = 0.01
TEXTURE, CONTENT = 80, 192  # channels, as EfficientNet-Lite0 has them


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=81_444)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--folder", type=Path, default=LABELS)
    parser.add_argument("--map", action="store_true")
    options = parser.parse_args()
    console, rng = Console(width=120), np.random.default_rng(0)
    paintings = paintings_from_lists(options.folder)
    chosen = np.sort(rng.choice(len(paintings), min(options.rows, len(paintings)), replace=False))
    evidence = make_evidence(paintings.iloc[chosen].reset_index(drop=True), options.width, rng)
    console.print(describe(evidence), f"inputs: {measure_memory():.2f} GB")
    embeddings = find_embeddings(evidence)
    with timed(console, "neighbours of all"):
        neighbours, similarities = find_neighbours(embeddings, NEIGHBOURS)
    evidence = Evidence(**{**vars(evidence), "neighbours": neighbours})
    with timed(console, "compute_findings"):
        findings = compute_findings(evidence)
    console.print(findings.cases["type"].value_counts().to_dict())
    if options.map:
        with timed(console, "style map"):
            compute_map(embeddings, neighbours, similarities, seed=0)


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
        tuple(view_fold(embeddings, fold == number) for number in range(FOLDS)),
        embeddings,
        None,
        rng.integers(0, 255, size=(count, SIDE, SIDE, 3), dtype=np.uint8),
        rng.normal(size=(count, EPOCHS)).astype(np.float16),
        texture=embeddings[:, :TEXTURE],
        content=embeddings[:, -CONTENT:],
    )


def view_fold(embeddings: np.ndarray, held_out: np.ndarray) -> FoldView:
    inside, outside = np.flatnonzero(held_out), np.flatnonzero(~held_out)
    return FoldView(inside, outside, embeddings[inside], embeddings[outside])


def draw_answers(labels: np.ndarray, classes: int, rng: np.random.Generator) -> np.ndarray:
    """(N, K) probabilities that favour the label: about 60 % are right."""
    logits = rng.gumbel(size=(len(labels), classes)) * 1.5
    logits[np.arange(len(labels)), np.maximum(labels, 0)] += 4
    return softmax(logits, axis=1).astype(np.float32)


def find_embeddings(evidence: Evidence) -> np.ndarray:
    """Those of the published model, which ``make_evidence`` always makes."""
    assert evidence.embeddings is not None
    return evidence.embeddings


def describe(evidence: Evidence) -> str:
    style = evidence.style
    return (
        f"{len(style.labels):,} paintings x {find_embeddings(evidence).shape[1]}, "
        f"{len(style.classes)} styles, {evidence.paintings['artist'].nunique():,} artists;"
    )


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
