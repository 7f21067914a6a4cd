"""Cost of all findings on the whole of WikiArt's labels.

python -m bench.findings_scale [--rows 81444] [--width 512] [--map] [--folder label files]

Artists, years, styles and genres are the official label files'; embeddings are drawn around
a centre a style and a centre an artist, the folds' answers around the style. Timed: neighbours of
all paintings, ``compute_findings`` (five folds' neighbours, ranking, duplicates, media, cases,
sentences), and with ``--map`` the style map. Other ``--rows`` show how each scales; beyond the
lists' length the same labels come again. Thumbnails lie on the disk, as in training.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

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
BLOCK = 4_096  # paintings drawn at a time
WATCHED_EVERY = 0.2  # seconds
TEXTURE, CONTENT = 80, 192  # channels, as EfficientNet-Lite0 has them


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=81_444)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--folder", type=Path, default=LABELS)
    parser.add_argument("--map", action="store_true")
    options = parser.parse_args()
    console, rng = Console(width=120), np.random.default_rng(0)
    paintings = list_paintings(options.folder, options.rows, rng)
    with tempfile.TemporaryDirectory() as folder:
        evidence = make_evidence(paintings, options.width, Path(folder), rng)
        report(evidence, options.map, console)


def report(evidence: Evidence, with_map: bool, console: Console) -> None:
    """Prints what each stage takes."""
    console.print(describe(evidence), f"inputs: {measure_own():.2f} GB of its own")
    embeddings = find_embeddings(evidence)
    with timed(console, "neighbours of all"):
        neighbours, similarities = find_neighbours(embeddings, NEIGHBOURS)
    evidence = Evidence(**{**vars(evidence), "neighbours": neighbours})
    with timed(console, "compute_findings"):
        findings = compute_findings(evidence)
    console.print(findings.cases["type"].value_counts().to_dict())
    if with_map:
        with timed(console, "style map"):
            compute_map(embeddings, neighbours, similarities, seed=0)


def list_paintings(folder: Path, rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """``rows`` of the listed paintings, drawn without repetition where there are as many."""
    listed = paintings_from_lists(folder)
    if rows <= len(listed):
        chosen = np.sort(rng.choice(len(listed), rows, replace=False))
        return listed.iloc[chosen].reset_index(drop=True)
    again = listed.iloc[np.arange(rows) % len(listed)].reset_index(drop=True)
    lap = pd.Series(np.arange(rows) // len(listed)).astype("str")
    return again.assign(key=again["key"] + "#" + lap)


def make_evidence(
    paintings: pd.DataFrame, width: int, folder: Path, rng: np.random.Generator
) -> Evidence:
    """Evidence about real labels; one embedding serves as every fold's. Thumbnails lie in
    ``folder``.
    """
    count = len(paintings)
    tasks: dict[Task, TaskEvidence] = {}
    for task in ("style", "genre"):
        labels, classes = pd.factorize(paintings[f"given_{task}"], sort=True)
        tasks[task] = TaskEvidence(
            tuple(map(str, classes)), labels, draw_answers(labels, len(classes), rng)
        )
    artists = pd.factorize(paintings["artist"])[0]
    styles = tasks["style"].labels
    embeddings = draw_embeddings(artists, styles, width, rng)
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
        draw_thumbnails(folder, count, rng),
        rng.normal(size=(count, EPOCHS)).astype(np.float16),
        texture=embeddings[:, :TEXTURE],
        content=embeddings[:, -CONTENT:],
    )


def draw_embeddings(
    artists: np.ndarray, styles: np.ndarray, width: int, rng: np.random.Generator
) -> np.ndarray:
    """(N, width) float16 unit rows around a centre a style and one an artist."""
    hands = 0.6 * rng.standard_normal((artists.max() + 2, width), dtype=np.float32)
    centres = 0.8 * rng.standard_normal((styles.max() + 2, width), dtype=np.float32)
    embeddings = np.empty((len(artists), width), dtype=np.float16)
    for start in range(0, len(artists), BLOCK):
        rows = slice(start, start + BLOCK)
        drawn = hands[artists[rows]] + centres[styles[rows]]
        drawn += rng.standard_normal(drawn.shape, dtype=np.float32)
        embeddings[rows] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return embeddings


def draw_thumbnails(folder: Path, count: int, rng: np.random.Generator) -> np.ndarray:
    """(count, SIDE, SIDE, 3) uint8, on the disk."""
    shape = (count, SIDE, SIDE, 3)
    file = np.lib.format.open_memmap(folder / "thumbnails.npy", "w+", np.uint8, shape)
    for start in range(0, count, BLOCK):
        some = file[start : start + BLOCK]
        some[:] = np.frombuffer(rng.bytes(some.size), np.uint8).reshape(some.shape)
    return file


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
    done, seen = Event(), [measure_own()]

    def watch() -> None:
        while not done.wait(WATCHED_EVERY):
            seen.append(measure_own())

    with ThreadPoolExecutor(1) as pool:
        pool.submit(watch)
        try:
            yield
        finally:
            done.set()
    console.print(
        f"{what}: {time.perf_counter() - started:.1f} s, "
        f"{time.process_time() - processor:.1f} s of processor time, "
        f"peak {max(seen):.2f} GB of its own, {measure_memory():.2f} GB with files read"
    )


def measure_own() -> float:
    """Resident memory that no file backs, GB: a system out of memory cannot drop it."""
    resident, shared = map(int, Path("/proc/self/statm").read_text().split()[1:3])
    return (resident - shared) * resource.getpagesize() / 1e9


def measure_memory() -> float:
    """Peak resident memory so far, GB; pages of files that are read count as well."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
