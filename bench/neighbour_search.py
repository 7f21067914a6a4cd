"""Nearest paintings of very large collections: search in cells against the search of everything.

python -m bench.neighbour_search artifacts/<run> [--rows 81444 300000] [--directions 128 512]

Embeddings are drawn between those of a run: a painting lies among the ``NEAR`` nearest of a real
one, with noise of ``NOISE`` of a number's spread. Recall of the 20 nearest is of ``ASKED`` rows
that are also compared with every other. With as many directions as an embedding has numbers, all of
a cell is compared in full. The processor time of a search of everything is worked out from them.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.findings_scale import measure_memory
from core.findings import cells
from core.findings.neighbours import INDEX_FROM, find_nearest, find_neighbours, take_nearest

K, ASKED = 20, 1_000
PART = INDEX_FROM // 2  # rows, few enough to be compared with one by one
NEAR, BETWEEN, NOISE = 20, 5, 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--rows", type=int, nargs="*", default=[81_444, 300_000])
    parser.add_argument("--directions", type=int, nargs="*", default=[cells.DIRECTIONS, 512])
    parser.add_argument("--probed", type=int, nargs="*", default=[cells.PROBED])
    options = parser.parse_args()
    real = np.load(options.run / "embeddings.npy").astype(np.float32)
    table = Table("paintings", "directions", "cells", "recall", "processor, s", "clock, s", "GB")
    for rows in options.rows:
        vectors = draw_between(real, rows, np.random.default_rng(0))
        exact, spent = search_everything(vectors)
        table.add_row(f"{rows:,}", "", "all", "1", f"{spent * rows / ASKED:.0f}")
        for directions in options.directions:
            for probed in options.probed:
                table.add_row(f"{rows:,}", *measure(vectors, exact, directions, probed))
    Console(width=110).print(table)


def draw_between(real: np.ndarray, rows: int, rng: np.random.Generator) -> np.ndarray:
    """(rows, D) float32 unit vectors among ``real`` (n, D)."""
    near, _ = find_neighbours(real, NEAR)
    spread = NOISE * real.std(axis=0)
    vectors = np.empty((rows, real.shape[1]), dtype=np.float32)
    for start in range(0, rows, 4096):
        some = vectors[start : start + 4096]
        first = rng.integers(len(real), size=len(some))
        places = near[first[:, None], rng.integers(near.shape[1], size=(len(some), BETWEEN))]
        shares = rng.dirichlet(np.ones(BETWEEN), len(some)).astype(np.float32)
        some[:] = np.einsum("qs,qsd->qd", shares, real[places])
        some += spread * rng.standard_normal(some.shape, dtype=np.float32)
        some /= np.linalg.norm(some, axis=1, keepdims=True)
    return vectors


def search_everything(vectors: np.ndarray) -> tuple[np.ndarray, float]:
    """(ASKED, K) the nearest others of the first rows, and seconds of processor time."""
    started = time.process_time()
    parts = np.array_split(vectors, -(-len(vectors) // PART))
    edges = np.cumsum([0, *(len(part) for part in parts)])
    found = [find_nearest(vectors[:ASKED], part, K + 1) for part in parts]
    rows = np.concatenate([near + edge for (near, _), edge in zip(found, edges, strict=False)], 1)
    values = np.concatenate([similar for _, similar in found], axis=1)
    values[rows == np.arange(ASKED)[:, None]] = -np.inf
    order = np.argsort(-values, axis=1, kind="stable")[:, :K]
    return np.take_along_axis(rows, order, axis=1), time.process_time() - started


def measure(vectors: np.ndarray, exact: np.ndarray, directions: int, probed: int) -> list[str]:
    """A row of the table: a search of all ``vectors`` in cells."""
    cells.DIRECTIONS = min(directions, vectors.shape[1])  # type: ignore[misc]
    clock, processor = time.perf_counter(), time.process_time()
    rows, _ = cells.search_cells(vectors, vectors, K + 1, take_nearest, probed)
    spent, waited = time.process_time() - processor, time.perf_counter() - clock
    hits = [np.isin(known, found).mean() for known, found in zip(exact, rows[:ASKED], strict=True)]
    share = f"{probed} of {int(cells.CELLS * np.sqrt(len(vectors)))}"
    figures = (f"{np.mean(hits):.3f}", f"{spent:.0f}", f"{waited:.0f}", f"{measure_memory():.1f}")
    return [str(cells.DIRECTIONS), share, *figures]


if __name__ == "__main__":
    main()
