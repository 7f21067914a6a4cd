"""Planted label errors with the real trainer: what fine-tuning changes in bench.label_errors.

python -m bench.trained_label_errors [--kinds uniform confusion] [--seeds 0] [--folds 3]
    [--profile small] [--backbone tf_efficientnet_lite0 --image-size 160] [--maps auto]
    [--second-opinion tf_efficientnet_lite1]

Each trial moves 5 % of the labels, as bench.label_errors does and on the same paintings, and trains
a profile on them: of small a quarter of an hour a trial on two cores, so that each one's answers
are kept in ``--answers`` and not trained again. Every score ranks the same answers. With
``--second-opinion`` a second table ranks them pooled with that backbone's, as in training.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import get_args

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
from core.training.backbone import Maps
from core.training.config import TrainConfig
from core.training.opinions import Adviser, pool, weigh_opinions
from core.training.plain import ask_plain
from core.training.profiles import PROFILES
from core.training.work import WorkFolder

RATE = 0.05


def main() -> None:
    arguments = _parse()
    console, bench = Console(width=150), load_bench(arguments.data, None)
    source = SourceOptions(data=str(arguments.data), labels=arguments.labels)
    ground = prepare_ground(
        TrainConfig(
            collection=source,
            artifacts=arguments.artifacts,
            folds=arguments.folds,
            profile=arguments.profile,
            backbone=arguments.backbone,
            image_size=arguments.image_size,
            maps=arguments.maps,
        )
    )
    if not ground.subject.paintings["key"].equals(bench.paintings["key"]):
        raise SystemExit("The two benchmarks read different paintings.")
    confusion = count_confusions(bench, compute_answers(bench, bench.truth, 0))
    seen = [look(ground, each) for each in Adviser.list_from(arguments.second_opinion)]
    for kind in arguments.kinds:
        trials = []
        for seed in arguments.seeds:
            labels = plant(bench, kind, RATE, confusion, np.random.default_rng(7 * seed + 1))
            file = (
                arguments.answers / f"{name_recipe(arguments)}{kind}-{seed}-{arguments.folds}.npz"
            )
            trials.append(keep_answers(file, ground, bench, labels, seed))
        show(console, bench, trials, f"{kind}, {RATE:.0%}")
        if seen:
            heard = [
                hear(ground, trial, seen, seed)
                for trial, seed in zip(trials, arguments.seeds, strict=True)
            ]
            show(console, bench, heard, f"{kind}, {RATE:.0%}, with {arguments.second_opinion}")


def name_recipe(arguments: argparse.Namespace) -> str:
    """What is not as the small profile has it, each part with a dash behind it."""
    parts = [
        arguments.profile if arguments.profile != "small" else None,
        arguments.maps if arguments.maps != "auto" else None,
        arguments.backbone,
        arguments.image_size,
    ]
    return "".join(f"{part}-" for part in parts if part)


def show(console: Console, bench: Bench, trials: list[Answers], title: str) -> None:
    """Prints what every score finds in ``trials``, and how well they are calibrated."""
    hits = [(trial.probabilities.argmax(axis=1) == bench.truth).mean() for trial in trials]
    title = f"{title}, {len(trials)} seeds; accuracy {np.mean(hits):.3f}"
    console.print(build_table(bench, trials, title))
    for trial in trials:
        console.print(compare_calibration(trial.uncalibrated, trial.probabilities, trial.labels))


def look(ground: Ground, adviser: Adviser) -> np.ndarray:
    """(N, C) what ``adviser`` sees, kept between calls."""
    work = WorkFolder(ground.config.artifacts, {"opinions on": ground.subject.fingerprint})
    images = ground.subject.paintings["image"].tolist()
    return adviser.compute_features(ground.subject.store, images, work, ground.processes)


def hear(ground: Ground, trial: Answers, seen: list[np.ndarray], seed: int) -> Answers:
    """``trial`` pooled with plain models of what advisers have ``seen``, in the same folds."""
    fold = assign_folds(trial.labels, ground.subject.groups, ground.config.folds, seed)
    classes = trial.probabilities.shape[1]
    said = [ask_plain([each], trial.labels, fold, classes).probabilities for each in seen]
    sources = [trial.probabilities, *said]
    weights = weigh_opinions(sources, trial.labels, fold)
    shares = weights / weights.sum(axis=1, keepdims=True)
    return replace(
        trial,
        probabilities=pool(sources, weights, fold),
        uncalibrated=pool(sources, shares, fold),
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
    parser.add_argument("--profile", choices=PROFILES, default="small")
    parser.add_argument("--backbone")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--maps", choices=get_args(Maps), default="auto")
    parser.add_argument("--second-opinion")
    return parser.parse_args()


if __name__ == "__main__":
    main()
