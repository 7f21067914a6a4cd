"""Style accuracy on real paintings: ours beside what is simpler, on the same folds.

python -m bench.style_accuracy [--data ../shared/wikiart-mini] [--seeds 3]

Baselines: the commonest style; each artist's commonest style (no picture); logistic regression on
the frozen backbone's pooled features. Ours with each way of turning columns into vectors, and with
global average pooling in the place of the sequence head. Ordinary folds and artist-disjoint folds.
Styles that come from another source than the rest are left out: their processing trace tells them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, top_k_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.collection.open import SourceOptions, open_collection
from core.findings.metrics import compute_artist_majority_accuracy
from core.images.store import build_store
from core.training.activations import Activations, compute_features, compute_stem_activations
from core.training.config import TrainConfig
from core.training.folds import Trainer
from core.training.model import build_model
from core.training.processes import Processes
from core.training.run import describe_model
from core.training.subject import Subject, build_subject
from core.training.views import PRESETS
from core.training.work import WorkFolder

OTHER_SOURCES = ("Symbolism", "Action_painting")

OURS = {
    "ours": {},
    "ours, columns by mean": {"columns": "mean"},
    "ours, columns flattened": {"columns": "flatten"},
    "ours, columns reduced": {"columns": "reduced"},
    "ours, pooling for the GRU": {"style_head": "pooled"},
}


@dataclass(frozen=True)
class Ground:
    """One collection with its activations, computed once for every fold, seed and setting."""

    config: TrainConfig
    subject: Subject
    stem: Activations
    features: Activations
    processes: Processes

    @property
    def labels(self) -> np.ndarray:
        return self.subject.labels.indices["style"]


def main() -> None:
    arguments = _parse()
    config = _config(arguments)
    with tempfile.TemporaryDirectory() as folder:
        ground = _prepare(config, Path(folder))
        rows = [row for seed in range(arguments.seeds) for row in _measure(ground, seed, arguments)]
    table = pd.DataFrame(rows)
    summary = table.groupby(["folds", "method"], sort=False).agg(["mean", "std"])
    print(f"{len(ground.labels):,} paintings, {len(ground.subject.labels.classes['style'])} styles")
    print((summary.drop(columns="seed", level=0) * 100).round(1).to_string())


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/wikiart-mini"))
    parser.add_argument("--labels", type=Path, default=Path("../shared/wikiart-labels"))
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--methods", nargs="*", choices=OURS, default=["ours"])
    parser.add_argument("--groupings", nargs="*", default=["picture", "artist"])
    return parser.parse_args()


def _config(arguments: argparse.Namespace) -> TrainConfig:
    source = SourceOptions(data=str(arguments.data), labels=arguments.labels)
    return TrainConfig(collection=source, artifacts=arguments.artifacts)


def _prepare(config: TrainConfig, folder: Path) -> Ground:
    collection = open_collection(config.collection)
    kept = collection.paintings[~collection.paintings["given_style"].isin(OTHER_SOURCES)]
    collection = replace(collection, paintings=kept.reset_index(drop=True))
    processes = Processes()
    config = config.resolve(has_gpu=processes.device.type == "cuda", paintings=len(collection))
    store = build_store(collection, config.artifacts / "images", short_side=config.short_side)
    subject = build_subject(config, collection, store)
    model = build_model(describe_model(config, subject.labels))
    work = WorkFolder(folder, {})
    stem = compute_stem_activations(
        model.stem,
        store,
        subject.paintings["image"].tolist(),
        model.spec.image_size,
        PRESETS[config.views],
        work,
        processes,
    )
    features = compute_features(model.tail.top, stem, config.columns, work, processes)
    return Ground(config, subject, stem, features, processes)


def _measure(
    ground: Ground, seed: int, arguments: argparse.Namespace
) -> Iterator[dict[str, object]]:
    """One row a method and grouping."""
    for grouping in arguments.groupings:
        config = replace(ground.config, seed=seed, group_by=grouping)
        subject = build_subject(config, ground.subject.collection, ground.subject.store)
        head = {"folds": f"by {grouping}", "seed": seed}
        yield head | {"method": "commonest style"} | _score_majority(ground.labels)
        artists = subject.paintings["artist"]
        accuracy = compute_artist_majority_accuracy(artists, ground.labels, subject.fold)
        yield head | {"method": "artist's commonest style", "accuracy": accuracy}
        probabilities = _regress(ground, subject.fold)
        yield head | {"method": "logistic regression"} | _score(probabilities, ground.labels)
        for method in arguments.methods:
            probabilities = _train(ground, replace(config, **OURS[method]), subject)
            row = head | {"method": method} | _score(probabilities, ground.labels)
            print(row, flush=True)
            yield row


def _train(ground: Ground, config: TrainConfig, subject: Subject) -> np.ndarray:
    """Out-of-fold probabilities of our model."""
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            config,
            build_model(describe_model(config, subject.labels)),
            subject.labels,
            subject.groups,
            ground.stem,
            ground.features,
            WorkFolder(Path(folder), {}),
            ground.processes,
        )
        return trainer.score_folds(subject.fold).probabilities["style"]


def _regress(ground: Ground, fold: np.ndarray) -> np.ndarray:
    """Out-of-fold probabilities of logistic regression on pooled features of the whole picture."""
    values = ground.features.values
    pooled = np.concatenate(
        [
            np.asarray(values[start : start + 256, 0], dtype=np.float32).mean(axis=(2, 3))
            for start in range(0, len(values), 256)
        ]
    )
    labels = ground.labels
    probabilities = np.zeros((len(labels), labels.max() + 1))
    for number in np.unique(fold):
        known, held_out = fold != number, fold == number
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.003, max_iter=300))
        model.fit(pooled[known], labels[known])
        probabilities[held_out] = model.predict_proba(pooled[held_out])
    return probabilities


def _score(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    predicted = probabilities.argmax(axis=1)
    return {
        "accuracy": float((predicted == labels).mean()),
        "top3": float(top_k_accuracy_score(labels, probabilities, k=3)),
        "macro F1": float(f1_score(labels, predicted, average="macro")),
    }


def _score_majority(labels: np.ndarray) -> dict[str, float]:
    return {"accuracy": float(np.bincount(labels).max() / len(labels))}


if __name__ == "__main__":
    main()
