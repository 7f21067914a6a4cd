"""Cost of all findings on the whole of WikiArt's labels.

python -m bench.findings_scale [--rows 81444] [--width 512] [--stages neighbours findings map]
    [--keep FOLDER] [--folder label files]

Artists, years, styles and genres are the official label files'; embeddings are drawn around
a centre a style and a centre an artist, the folds' answers around the style and the artist. The
model that never saw the artist sees one oeuvre in twenty in another style. Timed: neighbours of
all paintings, ``compute_findings`` (five folds' neighbours, which are timed apart, ranking,
duplicates, media, attributions, cases, sentences), and the style map. Other ``--rows`` show how
each scales; beyond the lists' length the same labels come again. Thumbnails and the folds'
embeddings lie on the disk, as in training, and so do the answers on artists, which a training
holds. With ``--keep`` the stages can be run by several calls, also beside each other: neighbours
that an earlier one found there are read.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
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
from core.findings.evidence import Evidence, FoldView, Hands, TaskEvidence
from core.findings.neighbours import find_neighbours
from core.images.thumbnails import SIDE
from core.projection import compute_map
from core.tasks import Task

LABELS = Path(__file__).resolve().parents[2] / "shared" / "wikiart-labels"
FOLDS, NEIGHBOURS, EPOCHS = 5, 20, 10
STAGES = ("neighbours", "findings", "map")
COPIES = 0.01
MISLABELLED = 0.05  # of the artists
BLOCK = 4_096  # paintings drawn at a time
WATCHED_EVERY = 0.2  # seconds
TEXTURE, CONTENT = 80, 192  # channels, as EfficientNet-Lite0 has them


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=81_444)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--folder", type=Path, default=LABELS)
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=STAGES[:2])
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    console, rng = Console(width=120), np.random.default_rng(0)
    paintings = list_paintings(options.folder, options.rows, rng)
    with tempfile.TemporaryDirectory() as passing:
        folder: Path = options.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        evidence = make_evidence(paintings, options.width, folder, rng)
        console.print(describe(evidence), f"inputs: {measure_own():.2f} GB of its own")
        report(evidence, options.stages, folder, console)


def report(evidence: Evidence, stages: Sequence[str], folder: Path, console: Console) -> None:
    """Prints what each of ``stages`` takes. Neighbours are kept in ``folder``."""
    embeddings = find_embeddings(evidence)
    files = folder / "neighbours.npy", folder / "similarities.npy"
    if "neighbours" in stages:
        with timed(console, "neighbours of all"):
            found = find_neighbours(embeddings, NEIGHBOURS)
        for file, values in zip(files, found, strict=True):
            np.save(file, values)
    neighbours, similarities = (np.load(file) for file in files)
    if "findings" in stages:
        report_findings(Evidence(**{**vars(evidence), "neighbours": neighbours}), console)
    if "map" in stages:
        with timed(console, "style map"):
            compute_map(embeddings, neighbours, similarities, seed=0)


def report_findings(evidence: Evidence, console: Console) -> None:
    searched, started = 0, time.process_time()

    def count(rows: int) -> None:
        nonlocal searched
        searched += rows
        if searched == len(evidence.paintings):
            spent = time.process_time() - started
            console.print(f"the folds' neighbours: {spent:.1f} s of processor time")

    with timed(console, "compute_findings"):
        findings = compute_findings(evidence, on_rows=count)
    console.print(findings.cases["type"].value_counts().to_dict())


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
    """Evidence about real labels; one embedding serves as every fold's. Thumbnails and the folds'
    embeddings lie in ``folder``.
    """
    count = len(paintings)
    tasks: dict[Task, TaskEvidence] = {}
    for task in ("style", "genre"):
        labels, names = pd.factorize(paintings[f"given_{task}"], sort=True)
        tasks[task] = TaskEvidence(
            tuple(map(str, names)), labels, draw_answers(labels, len(names), rng)
        )
    artists = pd.factorize(paintings["artist"])[0]
    styles, classes = tasks["style"].labels, len(tasks["style"].classes)
    embeddings = draw_embeddings(artists, styles, width, rng)
    fold = rng.integers(FOLDS, size=count)
    duplicates = np.arange(count)
    copies = rng.choice(count - 1, round(COPIES * count), replace=False)
    duplicates[copies] = copies + 1
    return Evidence(
        paintings[["key", "artist", "year"]],
        tasks,
        duplicates,
        tuple(store_fold(embeddings, fold, number, folder) for number in range(FOLDS)),
        embeddings,
        None,
        draw_thumbnails(folder, count, rng),
        rng.normal(size=(count, EPOCHS)).astype(np.float16),
        texture=embeddings[:, :TEXTURE],
        content=embeddings[:, -CONTENT:],
        unseen=draw_answers(shift_oeuvres(styles, artists, rng), classes, rng),
        plain=draw_answers(styles, classes, rng),
        hands=draw_hands(folder, paintings["artist"], rng),
    )


def shift_oeuvres(styles: np.ndarray, artists: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N,) the styles in which works are seen: of one artist in twenty, another than the label."""
    is_shifted = rng.random(artists.max() + 2) < MISLABELLED  # the last for works of nobody
    return np.where(is_shifted[artists], (styles + 1) % (styles.max() + 1), styles)


def draw_hands(folder: Path, artists: pd.Series, rng: np.random.Generator) -> Hands:
    """The artists as a task, whose answers, on the disk, favour the artist: more than half of the
    chance, on average.
    """
    labels, classes = pd.factorize(artists, sort=True)
    shape, path = (len(labels), len(classes)), folder / "hands.npy"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        file = np.lib.format.open_memmap(unfinished, "w+", np.float32, shape)
        for start in range(0, len(labels), BLOCK):
            some = labels[start : start + BLOCK]
            drawn = rng.standard_exponential((len(some), len(classes)), dtype=np.float32)
            named = np.flatnonzero(some >= 0)
            drawn[named, some[named]] *= 2 * len(classes)
            file[start : start + BLOCK] = drawn / drawn.sum(axis=1, keepdims=True)
        unfinished.rename(path)
    answers = np.load(path, mmap_mode="r")
    printed = artists.to_numpy(dtype=object)
    return Hands(printed, TaskEvidence(tuple(map(str, classes)), labels, answers))


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
    """(count, SIDE, SIDE, 3) uint8, on the disk; those that lie there already."""
    shape, path = (count, SIDE, SIDE, 3), folder / "thumbnails.npy"
    if path.exists():
        return np.load(path, mmap_mode="r")
    unfinished = path.with_suffix(".part")
    file = np.lib.format.open_memmap(unfinished, "w+", np.uint8, shape)
    for start in range(0, count, BLOCK):
        some = file[start : start + BLOCK]
        some[:] = np.frombuffer(rng.bytes(some.size), np.uint8).reshape(some.shape)
    unfinished.rename(path)
    return file


def store_fold(embeddings: np.ndarray, fold: np.ndarray, number: int, folder: Path) -> FoldView:
    """As fold ``number`` of ``fold`` (N,) sees them; what it learned from lies in ``folder``."""
    path = folder / f"learned-{number}.npy"
    if not path.exists():
        np.save(path, embeddings[fold != number])
    inside, outside = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
    return FoldView(inside, outside, embeddings[inside], np.load(path, mmap_mode="r"))


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
