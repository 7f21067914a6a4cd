"""Planted label errors on real paintings: compares scores on the same answers.

python -m bench.label_errors [folder in WikiArt's form] [--features file.npz] [--choose]

Labels are moved at 5 % and 10 %, four ways: uniformly, along the confusions of the model, whole
oeuvres (all works of an artist to one of the three nearest styles), and large oeuvres (8 to 16
works, to the nearest). The labels as planted are then learned by five folds of a logistic
regression on frozen features, calibrated across folds, and every score ranks the same out-of-fold
probabilities. Natural errors lower every score alike.

Other features, such as a trained model's, come as ``--features``: an ``.npz`` of ``keys`` (N,) and
``features`` (N, D). A model trained on the labels before they were moved has seen the truth: use it
only to compare scores. ``--choose`` searches the ranking's settings with artists held out.
Symbolism and Action painting are left out: they come from another download.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from rich.console import Console
from rich.table import Table

from bench.planted_errors import (
    KINDS,
    PAINTINGS,
    WORKS,
    Answers,
    Bench,
    compute_answers,
    count_confusions,
    gather_ranking_inputs,
    load_bench,
    plant,
)
from core.findings.copies.duplicates import find_twins
from core.findings.labels.calibration import compare_calibration
from core.findings.labels.losses import compute_entropy, compute_losses
from core.findings.labels.ranking import RankingSettings

RATES, SEEDS = (0.05, 0.10), (0, 1, 2)
RESAMPLES = 200
MEASURES = ("AP", "AUROC", "P@50", "P@100", "R@10%")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=PAINTINGS)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--choose", action="store_true")
    options = parser.parse_args()
    console, bench = Console(width=150), load_bench(options.folder, options.features)
    clean = compute_answers(bench, bench.truth, 0)
    confusion = count_confusions(bench, clean)
    trials = {
        (kind, rate, seed): compute_answers(
            bench, plant(bench, kind, rate, confusion, np.random.default_rng(7 * seed + 1)), seed
        )
        for kind, rate, seed in itertools.product(KINDS, RATES, SEEDS)
    }
    hits = (clean.probabilities.argmax(axis=1) == bench.truth).mean()
    console.print(
        f"{len(bench.truth):,} paintings, {len(bench.classes)} styles, accuracy {hits:.3f}"
    )
    if options.choose:
        choose_settings(bench, trials, console)
    for kind, rate in itertools.product(KINDS, RATES):
        some = [trials[kind, rate, seed] for seed in SEEDS]
        console.print(build_table(bench, some, f"{kind}, {rate:.0%}, {len(SEEDS)} seeds"))
    console.print(build_natural_table(bench, clean))
    console.print(compare_calibration(clean.uncalibrated, clean.probabilities, bench.truth))


def compute_scores(bench: Bench, answers: Answers) -> dict[str, np.ndarray]:
    """Every score, (N,) high is suspicious."""
    labels, shown = answers.labels, answers.probabilities
    loss, confidence = compute_losses(shown, labels), shown.max(axis=1)
    agrees = np.where(shown.argmax(axis=1) == labels, -1, 1)
    certainty = np.exp(-compute_entropy(shown) * np.log(shown.shape[1]))
    quality, adjusted = (
        partial(get_label_quality_scores, labels, shown, adjust_pred_probs=by_class)
        for by_class in (False, True)
    )
    issues = np.zeros(len(labels))
    found = find_label_issues(labels, shown, return_indices_ranked_by="self_confidence")
    issues[found] = np.arange(len(found), 0, -1)
    scores = {
        "ours": gather_ranking_inputs(bench, answers).rank(),
        "ours, no artist": gather_ranking_inputs(bench, answers, artists=False).rank(),
        "ours, no year": gather_ranking_inputs(bench, answers, years=False).rank(),
        "ours, neither": gather_ranking_inputs(bench, answers, artists=False, years=False).rank(),
        "loss": loss,
        "loss x confidence": loss * confidence,
        "mistakenness": (agrees * certainty + 1) / 2,
        "cleanlab self-confidence": 1 - quality(method="self_confidence"),
        "cleanlab normalised margin": 1 - quality(method="normalized_margin"),
        "cleanlab adjusted margin": 1 - adjusted(method="normalized_margin"),
        "cleanlab adjusted self-confidence": 1 - adjusted(method="self_confidence"),
        "cleanlab weighted entropy": -quality(method="confidence_weighted_entropy"),
        "cleanlab find_label_issues": issues,
    }
    if answers.in_sample is not None:
        scores["in-sample loss"] = answers.in_sample
    return scores


def measure(wrong: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(R, 5) ``MEASURES`` under each of R resamples; ``weights`` (R, N) counts of each painting."""
    order = np.argsort(-score, kind="stable")
    hits = weights[:, order] * wrong[order]
    drawn, found = np.cumsum(weights[:, order], axis=1), np.cumsum(hits, axis=1)
    total = found[:, -1:]
    precision = found / np.maximum(drawn, 1)
    right = weights[:, order] - hits
    below = np.cumsum(right[:, ::-1], axis=1)[:, ::-1] - right
    columns = [(hits * precision).sum(axis=1) / total[:, 0]]
    columns.append((hits * below).sum(axis=1) / (total[:, 0] * right.sum(axis=1)))
    rows = np.arange(len(weights))
    for depth in (50, 100, round(0.1 * len(score))):
        at = np.minimum((drawn < depth).sum(axis=1), len(score) - 1)
        columns.append(found[rows, at] / (drawn[rows, at] if depth <= 100 else total[:, 0]))
    return np.stack(columns, axis=1)


def build_table(bench: Bench, trials: list[Answers], title: str) -> Table:
    """Means over the seeds, with 95 % bootstrap intervals of the average precision.

    "AP, twins aside" leaves out works found in two folders: they carry no planted error, but one of
    their labels is wrong or both are defensible.
    """
    rng = np.random.default_rng(0)
    count = len(bench.truth)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    weights = np.concatenate([np.ones((1, count), dtype=int), drawn])
    twins = pd.notna(find_twins(bench.paintings["key"]))
    results: dict[str, list[np.ndarray]] = {}
    aside: dict[str, list[float]] = {}
    for answers in trials:
        planted = answers.labels != bench.truth
        others = (planted | ~twins).astype(int)[None]
        for name, score in compute_scores(bench, answers).items():
            results.setdefault(name, []).append(measure(planted, score, weights))
            aside.setdefault(name, []).append(float(measure(planted, score, others)[0, 0]))
    means = {name: np.mean(values, axis=0) for name, values in results.items()}
    head = ("score", "AP", "95 %", *MEASURES[1:], "less loss, 95 %", "AP, twins aside")
    table = Table(*head, title=title)
    for name, values in means.items():
        low, high = np.quantile(values[1:, 0], [0.025, 0.975])
        gain = np.quantile((values - means["loss"])[1:, 0], [0.025, 0.975])
        figures = [f"{value:.3f}" for value in values[0, 1:]]
        ahead = f"{gain[0]:+.3f} to {gain[1]:+.3f}"
        interval, apart = f"{low:.3f}-{high:.3f}", f"{np.mean(aside[name]):.3f}"
        table.add_row(name, f"{values[0, 0]:.3f}", interval, *figures, ahead, apart)
    return table


def build_natural_table(bench: Bench, answers: Answers) -> Table:
    """Works in two style folders, without planted errors, against all others."""
    twice = pd.notna(find_twins(bench.paintings["key"]))
    whole = np.ones((1, len(twice)), dtype=int)
    title = f"filed in two folders: {twice.sum()} of {len(twice):,}, nothing planted"
    table = Table("score", "AUROC", "AP", "median percentile", "R@10%", title=title)
    for name, score in compute_scores(bench, answers).items():
        values = measure(twice, score, whole)[0]
        middle = np.median([(score < each).mean() for each in score[twice]])
        table.add_row(name, *(f"{v:.3f}" for v in (values[1], values[0], middle, values[4])))
    return table


def choose_settings(bench: Bench, trials: dict, console: Console) -> None:
    """Settings chosen on half of the artists and scored on the other half, then the reverse.

    Best mean AP, single errors counting twice, among those that beat the loss on every kind, with
    years and without: on whole oeuvres, artist evidence could do harm. Large oeuvres only report.
    """
    trials = {key: answers for key, answers in trials.items() if key[0] != "large oeuvre"}
    grid = [
        RankingSettings(oeuvre_labels=exponent, oeuvre_predictions=seen, correlation=correlation)
        for exponent, seen, correlation in itertools.product(
            (1.0, 1.2, 1.4), (1.0, 2.0, 3.0), (0.15, 0.2)
        )
    ]
    inputs = [
        {key: gather_ranking_inputs(bench, answers, years=years) for key, answers in trials.items()}
        for years in (True, False)
    ]
    half = np.random.default_rng(0).permutation(bench.artists.max() + 1) % 2 == 0
    side = np.where(bench.artists >= 0, half[bench.artists], True)
    sides = (side, ~side, np.full_like(side, True))
    found = np.array([[_score(bench, each, g, sides) for each in inputs] for g in grid])
    found = found.transpose(0, 2, 1, 3)  # (settings, sides, years or none, kinds)
    losses = _score(bench, inputs[0], None, sides)  # (sides, kinds)
    ahead = np.all(found >= losses[None, :, None], axis=(2, 3))  # (settings, sides)
    weights = [1 if kind in WORKS else 2 for kind, _ in itertools.product(KINDS[:3], RATES)]
    mean = np.average(found[:, :, 0], axis=2, weights=weights)
    for on, off in ((0, 1), (1, 0)):
        best = np.where(ahead[:, on], mean[:, on], -1).argmax()
        console.print("chosen", grid[best], "AP held out:", found[best, off].round(3).tolist())
        console.print("loss alone:", losses[off].round(3).tolist())
    best = np.where(ahead[:, 2], mean[:, 2], -1).argmax()
    console.print("on all artists:", grid[best], found[best, 2].round(3).tolist())


def _score(
    bench: Bench, inputs: dict, settings: RankingSettings | None, sides: Sequence[np.ndarray]
) -> np.ndarray:
    """(sides, kinds) average precision of each kind and rate over the paintings of each side."""
    found: dict[tuple[str, float], list[list[float]]] = {}
    for (kind, rate, _), each in inputs.items():
        answers = each.answers
        loss = compute_losses(answers.probabilities, answers.labels)
        score, wrong = each.rank(settings) if settings else loss, answers.labels != bench.truth
        found.setdefault((kind, rate), []).append(
            [
                measure(wrong[side], score[side], np.ones((1, side.sum()), dtype=int))[0, 0]
                for side in sides
            ]
        )
    return np.array([np.mean(values, axis=0) for values in found.values()]).T


if __name__ == "__main__":
    main()
