"""What does a curator's hour gain? Planted errors, the queue, corrections, and a retrained model.

python -m bench.loop [folder in WikiArt's form]

Labels are moved at 5 % and 10 %, uniformly and along the model's confusions. The simulated reviewer
knows the original labels and judges 5 % of the paintings: those that the dashboard's queue
proposes, 25 at a time, each batch using the verdicts before it; or as many at random. A logistic
regression is trained on each set of corrections, on 128 principal components of frozen features
(see bench.planted_errors), whose out-of-fold answers are held against the labels as they came. The
folds of that comparison are drawn three times from the labels as they came, and are the same for
all sets of labels: other folds alone move the accuracy by more than a point.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from bench.planted_errors import (
    FOLDS,
    PAINTINGS,
    Answers,
    Bench,
    compute_answers,
    count_confusions,
    fit_regression,
    gather_ranking_inputs,
    load_bench,
    plant,
)
from core.reviews import Entry
from core.reviews.log import build_table
from core.reviews.queue import build_queue
from core.reviews.remaining import estimate_remaining
from core.splits import assign_folds

KINDS, RATES, SEEDS = ("uniform", "confusion"), (0.05, 0.10), (0, 1, 2)
FOLD_SEEDS = (0, 1, 2)
SHARE, BATCH, COMPONENTS = 0.05, 25, 128


@dataclass(frozen=True)
class Result:
    """Accuracies on the original labels, 0 to 1, and the errors that the reviewer found."""

    planted: float
    random: float
    queue: float
    found_random: int
    found_queue: int
    wrong: int
    judged: int
    estimate: tuple[float, float, float]


def main() -> None:
    # Fits of this size are about twenty times slower on two threads, which wait for each other.
    with threadpool_limits(1):
        compare()


def compare() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=PAINTINGS)
    console, bench = Console(width=150), load_bench(parser.parse_args().folder, None)
    reduced = PCA(COMPONENTS, random_state=0).fit_transform(bench.features)
    bench = replace(bench, features=reduced.astype(np.float32))
    confusion = count_confusions(bench, compute_answers(bench, bench.truth, 0))
    clean = measure_accuracy(bench, bench.truth)
    table = Table(
        *("errors", "as they came", "planted", "5 % at random", "5 % of the queue"),
        *("queue less random", "found at random", "found in queue", "estimate of the rest"),
        title=f"{len(bench.truth):,} paintings, accuracy out of fold, {len(SEEDS)} seeds",
    )
    for kind, rate in itertools.product(KINDS, RATES):
        results = []
        for seed in SEEDS:
            results.append(run_trial(bench, kind, rate, confusion, seed))
            console.print(kind, rate, seed, results[-1])
        table.add_row(f"{kind}, {rate:.0%}", f"{clean:.4f}", *describe(results))
    console.print(table)


def run_trial(bench: Bench, kind: str, rate: float, confusion: np.ndarray, seed: int) -> Result:
    """Plants errors, reviews in both orders, trains on both results."""
    labels = plant(bench, kind, rate, confusion, np.random.default_rng(7 * seed + 1))
    before = compute_answers(bench, labels, seed)
    wrong = labels != bench.truth
    count = round(SHARE * len(labels))
    score = gather_ranking_inputs(bench, before).rank()
    picked = review(bench, before, score, count)
    drawn = np.random.default_rng(seed).choice(len(labels), count, replace=False)
    rest = np.setdiff1d(np.arange(len(labels)), picked)
    left = estimate_remaining(score[picked], wrong[picked], score[rest])
    return Result(
        planted=measure_accuracy(bench, labels),
        random=measure_accuracy(bench, correct(bench, labels, drawn)),
        queue=measure_accuracy(bench, correct(bench, labels, picked)),
        found_random=int(wrong[drawn].sum()),
        found_queue=int(wrong[picked].sum()),
        wrong=int(wrong.sum()),
        judged=count,
        estimate=(left.low, left.expected, left.high),
    )


def review(bench: Bench, answers: Answers, score: np.ndarray, count: int) -> np.ndarray:
    """The first ``count`` rows in the queue's order."""
    names = np.array(bench.classes)
    others = answers.probabilities.copy()
    others[np.arange(len(score)), answers.labels] = -1
    table = pd.DataFrame(
        {
            "key": bench.paintings["key"],
            "artist": bench.paintings["artist"],
            "given": names[answers.labels],
            "suggested": names[others.argmax(axis=1)],
            "score": score,
            "duplicate_group": -1,
            "medium": None,
        }
    )
    entries: list[Entry] = []
    picked: list[int] = []
    while len(picked) < count:
        rows = build_queue(table, build_table(entries), min(BATCH, count - len(picked)))
        picked.extend(map(int, rows))
        entries += [judge(bench, answers, int(row)) for row in rows]
    return np.array(picked)


def judge(bench: Bench, answers: Answers, row: int) -> Entry:
    """The verdict of a reviewer who knows the original label."""
    given, true = answers.labels[row], bench.truth[row]
    return Entry(
        key=bench.paintings["key"][row],
        content_hash="",
        task="style",
        given=bench.classes[given],
        verdict="right" if given == true else "wrong",
        proposed=None if given == true else bench.classes[true],
        reviewer="bench",
        run_id="bench",
        model_hash="",
    )


def correct(bench: Bench, labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
    corrected = labels.copy()
    corrected[rows] = bench.truth[rows]
    return corrected


def measure_accuracy(bench: Bench, labels: np.ndarray) -> float:
    """Share of the labels as they came that a model taught ``labels`` names, out of fold."""
    hits = []
    for seed in FOLD_SEEDS:
        fold = assign_folds(bench.truth, bench.groups, FOLDS, seed)
        for number in range(FOLDS):
            taught, held_out = fold != number, fold == number
            model = fit_regression(bench.features[taught], labels[taught])
            predicted = model.predict(bench.features[held_out])
            hits.append(predicted == bench.truth[held_out])
    return float(np.concatenate(hits).mean())


def describe(results: list[Result]) -> list[str]:
    """Means over the seeds, the gain with its spread, and each seed's estimate of what is left."""
    gains = np.array([result.queue - result.random for result in results])
    accuracies = [
        f"{np.mean([getattr(result, name) for result in results]):.4f}"
        for name in ("planted", "random", "queue")
    ]
    found = [
        f"{np.mean([getattr(result, name) for result in results]):.0f} of "
        f"{np.mean([result.wrong for result in results]):.0f}"
        for name in ("found_random", "found_queue")
    ]
    left = [
        f"{result.estimate[1]:.0f} ({result.estimate[0]:.0f}-{result.estimate[2]:.0f}), "
        f"true {result.wrong - result.found_queue}"
        for result in results
    ]
    gain = f"{gains.mean():+.4f} ({gains.min():+.4f} to {gains.max():+.4f})"
    return [*accuracies, gain, *found, "\n".join(left)]


if __name__ == "__main__":
    main()
