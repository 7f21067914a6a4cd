"""Style maps of large collections: fewer epochs, or a sample laid out and the rest placed.

python -m bench.map_scale artifacts/<run> [--rows 20000 81444] [--share 0.25]

Embeddings are drawn between those of a run as bench.neighbour_search draws them. ``whole`` is
``compute_map`` as runs have it; ``sample`` lays out a share of the rows, each by its nearest within
the sample, and puts every other row at the mean of its nearest there, weighted by likeness;
``sample, then N`` lets UMAP go on from there with all rows for N epochs. Of 1,000 rows:
trustworthiness, and the share of the ``NEAR`` nearest embeddings that are among as many nearest on
the map.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from umap import UMAP

from bench.neighbour_search import draw_between
from core.findings.neighbours import find_nearest, find_neighbours
from core.projection import MIN_DISTANCE, NEIGHBOURS, compute_map, find_leading

KEPT, NEAR, ASKED, PLACED_BY = 24, 15, 1_000, 5
EPOCHS = (20, 50, 100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--rows", type=int, nargs="*", default=[20_000, 81_444])
    parser.add_argument("--share", type=float, default=0.25)
    options = parser.parse_args()
    real = np.load(options.run / "embeddings.npy").astype(np.float32)
    compute_map(real[:50], *find_neighbours(real[:50], KEPT), seed=0)  # compiles
    table = Table("paintings", "map", "trustworthiness", "preserved", "processor, s")
    for rows in options.rows:
        vectors = draw_between(real, rows, np.random.default_rng(0))
        for name, cells in measure_all(vectors, options.share).items():
            table.add_row(f"{rows:,}", name, *cells)
            print(rows, name, *cells, flush=True)
    Console(width=110).print(table)


def measure_all(vectors: np.ndarray, share: float) -> dict[str, tuple[str, ...]]:
    """Cells of the table by the name of the map."""
    neighbours, similarities = find_neighbours(vectors, KEPT)
    maps: dict[str, np.ndarray] = {}
    spent: dict[str, float] = {}

    def draw(name: str, make: Callable[[], np.ndarray]) -> None:
        started = time.process_time()
        maps[name] = make()
        spent[name] = time.process_time() - started

    draw("whole", lambda: compute_map(vectors, neighbours, similarities, seed=0))
    start = find_start(vectors)
    for epochs in EPOCHS:
        draw(f"whole, {epochs} epochs", partial(go_on, start, neighbours, similarities, epochs))
    sample = f"sample, {share:.0%}"
    draw(sample, lambda: place_by_sample(vectors, share))
    for epochs in EPOCHS[:2]:
        name, placed = f"{sample}, then {epochs} epochs", maps[sample]
        draw(name, partial(go_on, placed, neighbours, similarities, epochs))
        spent[name] += spent[sample]
    scores = score_all(vectors, maps)
    return {
        name: (*(f"{value:.3f}" for value in scores[name]), f"{spent[name]:.0f}") for name in maps
    }


def find_start(vectors: np.ndarray) -> np.ndarray:
    """(N, 2) as UMAP starts from principal components."""
    leading = find_leading(vectors)
    return leading * (10 / np.abs(leading).max())


def go_on(
    start: np.ndarray, neighbours: np.ndarray, similarities: np.ndarray, epochs: int
) -> np.ndarray:
    """(N, 2) after ``epochs`` from ``start`` (N, 2)."""
    rows = np.arange(len(start))
    near = np.column_stack([rows, neighbours[:, : NEIGHBOURS - 1]])
    far = np.column_stack([np.zeros(len(start)), 1 - similarities[:, : NEIGHBOURS - 1]]).clip(0)
    umap = UMAP(
        n_neighbors=NEIGHBOURS,
        min_dist=MIN_DISTANCE,
        metric="cosine",
        init=start.astype(np.float32),
        n_epochs=epochs,
        precomputed_knn=(near, far.astype(np.float32)),
        force_approximation_algorithm=True,
        random_state=0,
        n_jobs=1,
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "precomputed_knn.* is not an NNDescent object")
        positions: np.ndarray = umap.fit_transform(start)
    return positions


def place_by_sample(vectors: np.ndarray, share: float) -> np.ndarray:
    """(N, 2): a share of the rows laid out by themselves, the others among their nearest there."""
    rng = np.random.default_rng(0)
    chosen = np.sort(rng.choice(len(vectors), round(share * len(vectors)), replace=False))
    sample = vectors[chosen]
    laid_out = compute_map(sample, *find_neighbours(sample, NEIGHBOURS), seed=0)
    others = np.setdiff1d(np.arange(len(vectors)), chosen)
    near, similar = find_nearest(vectors[others], sample, PLACED_BY)
    weights = similar.clip(1e-3) ** 8
    weights /= weights.sum(axis=1, keepdims=True)
    positions = np.empty((len(vectors), 2), dtype=np.float32)
    positions[chosen] = laid_out
    positions[others] = np.einsum("qk,qkd->qd", weights, laid_out[near])
    return positions


def score_all(vectors: np.ndarray, maps: dict[str, np.ndarray]) -> dict[str, tuple[float, float]]:
    """Trustworthiness of ``NEAR`` neighbours on each map, and the share of neighbours preserved.

    Source: Venna and Kaski, "Neighborhood Preservation in Nonlinear Projection Methods" (2001).
    """
    count, penalty, kept = len(vectors), dict.fromkeys(maps, 0.0), dict.fromkeys(maps, 0.0)
    for row in np.random.default_rng(1).choice(count, ASKED, replace=False):
        likeness = vectors @ vectors[row]
        likeness[row] = -np.inf
        near = np.argpartition(-likeness, NEAR)[:NEAR]
        for name, positions in maps.items():
            distance = ((positions - positions[row]) ** 2).sum(axis=1)
            distance[row] = np.inf
            strange = np.setdiff1d(np.argpartition(distance, NEAR)[:NEAR], near)
            ranks = [int((likeness > likeness[each]).sum()) + 1 for each in strange]
            penalty[name] += sum(ranks) - NEAR * len(ranks)
            kept[name] += 1 - len(strange) / NEAR
    worst = ASKED * NEAR * (2 * count - 3 * NEAR - 1) / 2
    return {name: (1 - penalty[name] / worst, kept[name] / ASKED) for name in maps}


if __name__ == "__main__":
    main()
