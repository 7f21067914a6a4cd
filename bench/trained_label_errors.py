"""Planted label errors with the real trainer: what fine-tuning changes in bench.label_errors.

python -m bench.trained_label_errors [--kinds uniform confusion] [--seeds 0] [--folds 3]

Each trial moves 5 % of the labels, as bench.label_errors does and on the same paintings, and trains
the default recipe on them: a quarter of an hour a trial on two cores, so that each one's answers
are kept in ``--answers`` and not trained again. Every score ranks the same answers.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from bench.label_errors import build_table
from bench.planted_errors import (
    KINDS,
    PAINTINGS,
    Answers,
    Bench,
    ask_witnesses,
    compute_answers,
    count_confusions,
    load_bench,
    plant,
)
from bench.style_accuracy import Ground, prepare_ground, score_folds
from core.collection.open import SourceOptions
from core.findings.labels.calibration import compare_calibration
from core.findings.labels.neighbour_evidence import compute_neighbour_evidence
from core.splits import assign_folds
from core.training.config import TrainConfig

RATE = 0.05


def main() -> None:
    arguments = _parse()
    console, bench = Console(width=150), load_bench(arguments.data, None)
    source = SourceOptions(data=str(arguments.data), labels=arguments.labels)
    ground = prepare_ground(
        TrainConfig(collection=source, artifacts=arguments.artifacts, folds=arguments.folds)
    )
    if not ground.subject.paintings["key"].equals(bench.paintings["key"]):
        raise SystemExit("The two benchmarks read different paintings.")
    confusion = count_confusions(bench, compute_answers(bench, bench.truth, 0))
    for kind in arguments.kinds:
        trials = []
        for seed in arguments.seeds:
            labels = plant(bench, kind, RATE, confusion, np.random.default_rng(7 * seed + 1))
            file = arguments.answers / f"{kind}-{seed}-{arguments.folds}.npz"
            trials.append(keep_answers(file, ground, bench, labels, seed))
        hits = [(t.probabilities.argmax(axis=1) == bench.truth).mean() for t in trials]
        title = f"{kind}, {RATE:.0%}, {len(trials)} seeds; accuracy {np.mean(hits):.3f}"
        console.print(build_table(bench, trials, title))
        for trial in trials:
            console.print(
                compare_calibration(trial.uncalibrated, trial.probabilities, trial.labels)
            )


def keep_answers(
    file: Path, ground: Ground, bench: Bench, labels: np.ndarray, seed: int
) -> Answers:
    """Answers of ``file``, trained first where there is none; the witnesses are asked anew."""
    fold = assign_folds(labels, ground.subject.groups, ground.config.folds, seed)
    if not file.is_file():
        answers = train_answers(ground, bench, labels, fold, seed)
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, **{name: v for name, v in vars(answers).items() if v is not None})
    return Answers(**dict(np.load(file)) | ask_witnesses(bench, labels, fold, seed))


def train_answers(
    ground: Ground, bench: Bench, labels: np.ndarray, fold: np.ndarray, seed: int
) -> Answers:
    """What the models of ``fold`` (N,), by the default recipe, say when taught ``labels`` (N,)."""
    given = ground.subject.labels
    taught = replace(given, indices=given.indices | {"style": labels})
    config = replace(ground.config, seed=seed)
    scores = score_folds(ground, config, taught, fold)
    near = compute_neighbour_evidence(
        scores.views, labels, bench.artists, bench.duplicates, len(bench.classes)
    )
    return Answers(
        labels,
        scores.probabilities["style"],
        scores.uncalibrated["style"],
        near.counts_by_others,
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=PAINTINGS)
    parser.add_argument("--labels", type=Path, default=PAINTINGS.parent / "wikiart-labels")
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"))
    parser.add_argument("--answers", type=Path, default=Path("artifacts/trained_label_errors"))
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=["uniform", "confusion"])
    parser.add_argument("--seeds", type=int, nargs="*", default=[0])
    parser.add_argument("--folds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
