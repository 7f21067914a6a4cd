"""Style accuracy on real paintings: ours beside simpler baselines, on the same folds.

python -m bench.style_accuracy [--data ../shared/wikiart-mini] [--seeds 0 1 2] [--folds 5]
    [--profile small] [--image-size 160] [--methods ...] [--groupings picture artist]

A run of hours can be resumed: each row is kept in ``--rows`` as it is measured, the
frozen activations in ``--artifacts``. Several may share the work, each with other ``--seeds``.

Baselines: the commonest style; each artist's commonest style (no picture); logistic regression on
the frozen backbone's pooled features. Ours with each way of turning columns into vectors, and with
global average pooling in the place of the sequence head. Ordinary folds and artist-disjoint folds.
Styles that come from another source than the rest are left out: their image processing would
identify them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, top_k_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.collection.open import SourceOptions, open_collection
from core.findings.labels.metrics import compute_artist_majority_accuracy
from core.images.store import build_store
from core.training.activations import (
    Activations,
    Shown,
    compute_features,
    compute_stem_activations,
)
from core.training.config import TrainConfig
from core.training.folds import Scores, Trainer
from core.training.frozen import Frozen, compute_frozen
from core.training.labels import Labels
from core.training.model import build_model
from core.training.processes import Processes
from core.training.profiles import PROFILES
from core.training.room import measure_room
from core.training.run import describe_model
from core.training.subject import Subject, build_subject
from core.training.views import PRESETS
from core.training.work import WorkFolder

SCORES = ["accuracy", "top3", "macro F1"]
OTHER_SOURCES = ("Symbolism", "Action_painting")

OURS: dict[str, dict[str, Any]] = {
    "ours, columns by mean": {"columns": "mean"},
    "ours, columns flattened": {"columns": "flatten"},
    "ours, columns reduced": {"columns": "reduced"},
    "ours, of the last map alone": {"maps": "last"},
    "ours, pooling for the GRU": {"style_head": "pooled"},
}


@dataclass(frozen=True)
class Ground:
    """One collection with its activations, computed once for every fold, seed and setting.

    ``channels``: of the last feature map, which come first.
    """

    config: TrainConfig
    subject: Subject
    stem: Shown | None
    features: Activations
    processes: Processes
    channels: int

    @property
    def labels(self) -> np.ndarray:
        return self.subject.labels.indices["style"]


def main() -> None:
    arguments = _parse()
    ground = prepare_ground(_config(arguments))
    for seed in arguments.seeds:
        _measure(ground, seed, arguments)
    table = pd.read_csv(arguments.rows)
    scores = table.groupby(["folds", "method"], sort=False)[SCORES].agg(["mean", "std"])
    styles = len(ground.subject.labels.classes["style"])
    print(f"{len(ground.labels):,} paintings, {styles} styles, {table['seed'].nunique()} seeds")
    print((scores * 100).round(1).to_string())


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/wikiart-mini"))
    parser.add_argument("--labels", type=Path, default=Path("../shared/wikiart-labels"))
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"))
    parser.add_argument("--rows", type=Path, default=Path("artifacts/style_accuracy.csv"))
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--profile", choices=PROFILES, default="small")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--frozen-epochs", type=int, default=TrainConfig.frozen_epochs)
    parser.add_argument("--tuning-epochs", type=int, default=TrainConfig.tuning_epochs)
    parser.add_argument("--methods", nargs="*", choices=OURS, default=list(OURS))
    parser.add_argument("--groupings", nargs="*", default=["picture", "artist"])
    return parser.parse_args()


def _config(arguments: argparse.Namespace) -> TrainConfig:
    source = SourceOptions(data=str(arguments.data), labels=arguments.labels)
    return TrainConfig(
        collection=source,
        artifacts=arguments.artifacts,
        profile=arguments.profile,
        image_size=arguments.image_size,
        folds=arguments.folds,
        frozen_epochs=arguments.frozen_epochs,
        tuning_epochs=arguments.tuning_epochs,
    )


def prepare_ground(config: TrainConfig) -> Ground:
    """Paintings of styles from one source, their activations kept in ``config.artifacts``: as a
    run keeps them where no activations of blocks are.
    """
    collection = open_collection(config.collection)
    kept = collection.paintings[~collection.paintings["given_style"].isin(OTHER_SOURCES)]
    collection = replace(collection, paintings=kept.reset_index(drop=True))
    processes = Processes()
    config = config.resolve(has_gpu=processes.device.type == "cuda", paintings=len(collection))
    store = build_store(collection, config.artifacts / "images", short_side=config.short_side)
    subject = build_subject(config, collection, store)
    model = build_model(describe_model(config, subject.labels))
    spec = {"backbone": config.backbone, "size": config.image_size, "views": config.views}
    spec |= {"maps": model.spec.maps}
    channels = model.tail.heads.of_last
    work = WorkFolder(config.artifacts, spec | {"activations of": subject.fingerprint})
    if not config.tuning_epochs or config.views == "online":
        images = subject.paintings["image"].tolist()
        once = compute_frozen(config, model, store, images, work, processes)
        return Ground(config, subject, once.stem, once.features, processes, channels)
    stem = compute_stem_activations(
        model.stem,
        store,
        subject.paintings["image"].tolist(),
        model.spec.image_size,
        PRESETS[config.views],
        work,
        processes,
    )
    room = measure_room(model, int(config.batch_size or 1), processes)
    stem = stem.place(room)
    # Whole maps serve every way of reading columns.
    features = compute_features(model.tail.top, stem, "flatten", work, processes)
    placed = features.place(room - stem.resident)
    return Ground(config, subject, stem, placed, processes, channels)


def _measure(ground: Ground, seed: int, arguments: argparse.Namespace) -> None:
    """Adds a row for each method and grouping to ``arguments.rows``, unless it has one."""
    for grouping in arguments.groupings:
        config = replace(ground.config, seed=seed, group_by=grouping)
        subject = build_subject(config, ground.subject.collection, ground.subject.store)
        for method, score in _list_methods(ground, config, subject, arguments.methods).items():
            row = {"folds": f"by {grouping}", "seed": seed, "method": method}
            if not _holds(arguments.rows, row):
                _add(arguments.rows, row | score())


def _list_methods(
    ground: Ground, config: TrainConfig, subject: Subject, ours: list[str]
) -> dict[str, Callable[[], dict[str, float]]]:
    """What measures each method on the folds of ``subject``."""
    artists, labels = subject.paintings["artist"], ground.labels
    return {
        "commonest style": lambda: _score_majority(labels),
        "artist's commonest style": lambda: {
            "accuracy": compute_artist_majority_accuracy(artists, labels, subject.fold)
        },
        "logistic regression": lambda: _score(_regress(ground, subject.fold), labels),
    } | {
        method: partial(_score_ours, ground, replace(config, **OURS[method]), subject)
        for method in ours
    }


def _holds(path: Path, row: dict[str, object]) -> bool:
    if not path.exists():
        return False
    return bool((pd.read_csv(path)[list(row)] == pd.Series(row)).all(axis=1).any())


def _add(path: Path, row: dict[str, object]) -> None:
    print(row, flush=True)
    line = pd.DataFrame([row], columns=["folds", "seed", "method", *SCORES])
    line.to_csv(path, mode="a", header=not path.exists(), index=False)


def _score_ours(ground: Ground, config: TrainConfig, subject: Subject) -> dict[str, float]:
    return _score(_train(ground, config, subject), ground.labels)


def _train(ground: Ground, config: TrainConfig, subject: Subject) -> np.ndarray:
    """Out-of-fold probabilities of our model."""
    scores = score_folds(ground, config, subject.labels, subject.fold)
    return scores.probabilities["style"]


def score_folds(ground: Ground, config: TrainConfig, labels: Labels, fold: np.ndarray) -> Scores:
    """What our models say when taught ``labels`` in ``fold`` (N,)."""
    with open_trainer(ground, config, labels) as trainer:
        return trainer.score_folds(fold)


@contextmanager
def open_trainer(ground: Ground, config: TrainConfig, labels: Labels) -> Iterator[Trainer]:
    """A trainer of a new model on ``labels``; what it keeps goes when it is closed."""
    model = build_model(describe_model(config, labels))
    features = ground.features
    if model.spec.maps == "last":
        features = replace(features, values=features.values[:, :, : ground.channels])
    none = np.empty((len(ground.labels), 0), dtype=np.float32)  # of what no fold reads
    with tempfile.TemporaryDirectory() as folder:
        yield Trainer(
            config,
            model,
            labels,
            ground.subject.groups,
            Frozen(features, ground.stem, moments=none, texture=none, content=None),
            WorkFolder(Path(folder), {}),
            ground.processes,
        )


def _regress(ground: Ground, fold: np.ndarray) -> np.ndarray:
    """Out-of-fold probabilities of logistic regression on pooled features of the whole picture."""
    values = ground.features.values
    pooled = np.concatenate(
        [
            np.asarray(values[start : start + 256, 0, : ground.channels], np.float32).mean((2, 3))
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
