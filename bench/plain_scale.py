"""Cost of the plain models on the whole of WikiArt's labels.

python -m bench.plain_scale [--rows 81444] [--folder label files]

Styles and artists are the official label files'. Features are real ones of wikiart-mini, drawn
again for each painting with noise of ``NOISE`` of a channel's spread, so that the channels hang
together as they do in paintings. Timed: one of the five folds of the models beside the network, and
all five of the witness that never saw the artist.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from bench.findings_scale import LABELS, measure_memory
from bench.planted_errors import PAINTINGS, load_bench
from core.collection.sources.wikiart_labels import paintings_from_lists
from core.findings.oeuvre.other_works import code_artists, part_unknown
from core.fold_codes import NOT_SCORED
from core.splits import assign_folds
from core.training.plain import ask_plain
from core.training.unseen import ask_unseen

FOLDS, NOISE = 5, 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=81_444)
    parser.add_argument("--folder", type=Path, default=LABELS)
    options = parser.parse_args()
    console, rng = Console(width=120), np.random.default_rng(0)
    paintings = paintings_from_lists(options.folder)
    chosen = np.sort(rng.choice(len(paintings), min(options.rows, len(paintings)), replace=False))
    paintings = paintings.iloc[chosen].reset_index(drop=True)
    styles, names = pd.factorize(paintings["given_style"], sort=True)
    kinds = draw_features(styles, rng)
    fold = assign_folds(styles, np.arange(len(styles)), FOLDS, 0)
    first = np.where(fold == 0, 0, NOT_SCORED)  # the others are learned from
    hands = part_unknown(code_artists(paintings["artist"]))
    plain, peak = measure(lambda: ask_plain(kinds[-1:], styles, first, len(names)))
    table = Table("models", "processor, s", "five folds, s", "peak, GB")
    table.add_row("plain, a fold", f"{plain:.0f}", f"{FOLDS * plain:.0f}", f"{peak:.2f}")
    unseen, peak = measure(lambda: ask_unseen(kinds, styles, hands, len(names), 0))
    table.add_row("unseen artists", f"{unseen:.0f}", f"{unseen:.0f}", f"{peak:.2f}")
    widths = " and ".join(str(each.shape[1]) for each in kinds)
    table.title = f"{len(styles):,} paintings, {len(names)} styles, {widths} channels"
    console.print(table)


def draw_features(styles: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """(N, C) float32 each: for a painting of a style, a real one of a style that stands for it."""
    bench = load_bench(PAINTINGS, None)
    stand_ins = [np.flatnonzero(bench.truth == n) for n in range(len(bench.classes))]
    rows = np.array([rng.choice(stand_ins[style % len(stand_ins)]) for style in styles])
    kinds = []
    for real in bench.kinds:
        drawn = NOISE * rng.standard_normal((len(styles), real.shape[1]), dtype=np.float32)
        drawn *= real.std(axis=0)
        drawn += real[rows]
        kinds.append(drawn)
    return kinds


def measure(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor time of ``work``, and the process's peak memory so far in GB."""
    started = time.process_time()
    work()
    return time.process_time() - started, measure_memory()


if __name__ == "__main__":
    main()
