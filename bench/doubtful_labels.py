"""What doubtful labels do to the published model: its neighbours, its map, its answers to uploads.

python -m bench.doubtful_labels [--kinds uniform confusion] [--seed 0]

5 % of the labels are moved, as bench.label_errors does and on the same paintings. The published
model learns from four fifths of them by the short recipe (128 px, flips, 4 + 4 epochs): from the
labels as they are, weighed by 1 less the ranking score, or without those whose score is one half
or more. The score is of five folds on frozen features. The last fifth stands for uploads.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from scipy.special import softmax
from sklearn.neighbors import NearestNeighbors

from bench.planted_errors import (
    PAINTINGS,
    Bench,
    compute_answers,
    count_confusions,
    gather_ranking_inputs,
    load_bench,
    plant,
)
from bench.style_accuracy import Ground, open_trainer, prepare_ground
from core.collection.open import SourceOptions
from core.findings.labels.losses import compute_losses
from core.findings.neighbours import find_neighbours
from core.projection import compute_map
from core.splits import assign_folds
from core.training.config import TrainConfig
from core.training.folds import Scores
from core.training.labels import Labels
from core.training.loop import compute_answers as ask

RATE, NEAREST = 0.05, 12
KINDS = ("uniform", "confusion")
EPOCHS = [4, 4]


def main() -> None:
    arguments = _parse()
    console, bench = Console(width=150), load_bench(arguments.data, None)
    source = SourceOptions(data=str(arguments.data), labels=arguments.labels)
    ground = prepare_ground(
        TrainConfig(collection=source, artifacts=arguments.artifacts, image_size=128, views="flip")
    )
    if not ground.subject.paintings["key"].equals(bench.paintings["key"]):
        raise SystemExit("The two benchmarks read different paintings.")
    confusion = count_confusions(bench, compute_answers(bench, bench.truth, 0))
    for kind in arguments.kinds:
        rng = np.random.default_rng(7 * arguments.seed + 1)
        labels = plant(bench, kind, RATE, confusion, rng)
        console.print(_compare(ground, bench, labels, arguments.seed, f"{kind}, {RATE:.0%}"))


def _compare(ground: Ground, bench: Bench, labels: np.ndarray, seed: int, title: str) -> Table:
    answers = compute_answers(bench, labels, seed)
    score = gather_ranking_inputs(bench, answers).rank()
    uploads = assign_folds(labels, ground.subject.groups, 5, seed) == 0
    ways = {
        "as they are": np.ones(len(labels)),
        "weighed by 1 - score": 1 - score,
        "without those of .5 or more": (score < 0.5).astype(float),
    }
    table: Table | None = None
    for name, trust in ways.items():
        figures = _measure(ground, bench, labels, uploads, trust.astype(np.float32), seed)
        table = table or Table("labels", *figures, title=title)
        table.add_row(name, *(f"{value:.3f}" for value in figures.values()))
    assert table is not None
    return table


def _measure(
    ground: Ground,
    bench: Bench,
    labels: np.ndarray,
    uploads: np.ndarray,
    trust: np.ndarray,
    seed: int,
) -> dict[str, float]:
    """Figures of the published model; ``uploads`` (N,) are paintings whose labels it never saw."""
    given = ground.subject.labels
    taught = {task: np.where(uploads, -1, index) for task, index in given.indices.items()}
    embeddings, logits = _publish(
        ground,
        replace(given, indices=taught | {"style": np.where(uploads, -1, labels)}),
        trust,
        seed,
    )
    known = np.flatnonzero(~uploads)
    truth, told = bench.truth[known], labels[known]
    near, similarities = find_neighbours(embeddings[known], 24)
    positions = compute_map(embeddings[known], near, similarities, seed)
    search = NearestNeighbors(n_neighbors=NEAREST + 1).fit(positions)
    on_map = search.kneighbors(positions, return_distance=False)[:, 1:]
    near, moved = near[:, :NEAREST], told != truth
    said = softmax(logits[uploads], axis=1)
    answers = bench.truth[uploads]
    return {
        "near: same true style": float((truth[near] == truth[:, None]).mean()),
        "on the map": float((truth[on_map] == truth[:, None]).mean()),
        "moved, near: true style": float((truth[near[moved]] == truth[moved][:, None]).mean()),
        "moved, near: wrong label": float((truth[near[moved]] == told[moved][:, None]).mean()),
        "moved, map: true style": float((truth[on_map[moved]] == truth[moved][:, None]).mean()),
        "moved, map: wrong label": float((truth[on_map[moved]] == told[moved][:, None]).mean()),
        "uploads: accuracy": float((said.argmax(axis=1) == answers).mean()),
        "log loss": float(compute_losses(said, answers).mean()),
    }


def _publish(
    ground: Ground, labels: Labels, trust: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings (N, D) and style logits (N, K) of a model published on ``labels``."""
    config = replace(ground.config, seed=seed)
    with open_trainer(ground, config, labels) as trainer:
        nothing = pd.DataFrame()
        scores = Scores({}, {}, {}, EPOCHS, {}, labels, (), (), np.zeros((len(trust), 0)), nothing)
        published = trainer.publish(scores, trust)
        tail = trainer.model.tail
    if ground.stem is None:
        raise ValueError("the bench publishes a tuned network; these features are of a frozen one")
    logits, _ = ask(tail, ground.stem, np.arange(len(trust)), ground.processes)
    return published.embeddings, logits["style"]


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=PAINTINGS)
    parser.add_argument("--labels", type=Path, default=PAINTINGS.parent / "wikiart-labels")
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"))
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
