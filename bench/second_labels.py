"""Wrong labels among several a work, planted on real paintings: ours against loss and cleanlab.

python -m bench.second_labels [folder in WikiArt's form]

*Added*: a tenth of the works gets a wrong second label, along the model's confusions, before or
after its own. *Replaced*: besides, another tenth has its own label replaced by a wrong one; the
second labels are left out of that measure. Labels as planted are learned in equal parts by five
folds of a logistic regression on frozen features and by the witnesses, as in training; every score
ranks single labels by the same answers. Natural errors lower every score alike.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from cleanlab.multilabel_classification.filter import find_multilabel_issues_per_class
from rich.console import Console
from rich.table import Table
from sklearn.metrics import average_precision_score

from bench.planted_errors import (
    FOLDS,
    PAINTINGS,
    Bench,
    ask_witnesses,
    compute_answers,
    count_confusions,
    fit_regression,
    load_bench,
)
from core.findings.labels.judging import judge_labels
from core.findings.several import doubt_each, put_together
from core.splits import assign_folds
from core.training.plain import answer_folds

SHARE: Final = 0.1
SEEDS: Final = (0, 1, 2)
NAMES: Final = (
    "ours: doubt of one label",
    "ours: chance by all evidence",
    "loss of each label",
    "loss, parts of a work made whole",
    "cleanlab's multi-label filter",
)


@dataclass(frozen=True)
class Planted:
    """``labels`` (N,), ``further`` (N, 1); ``added`` and ``replaced`` (N, 2): which are wrong."""

    labels: np.ndarray
    further: np.ndarray
    added: np.ndarray
    replaced: np.ndarray


def main() -> None:
    console = Console(width=150)
    bench = load_bench(Path(sys.argv[1]) if len(sys.argv) > 1 else PAINTINGS, None)
    confusion = count_confusions(bench, compute_answers(bench, bench.truth, 0))
    found: dict[tuple[str, str], list[float]] = {}
    for seed in SEEDS:
        planted = plant_both(bench, confusion, seed)
        scores = score_labels(bench, planted, seed)
        is_second = planted.added.any(axis=1, keepdims=True)
        every = put_together(planted.labels, planted.further)
        for kind, wrong, kept in (
            ("added, all labels", planted.added, every >= 0),
            ("added, works of two", planted.added, (every >= 0) & is_second),
            ("replaced", planted.replaced, (every >= 0) & ~is_second),
        ):
            measured = planted.replaced if kind.startswith("added") else planted.added
            for name, score in scores.items():
                some = kept & ~measured
                value = average_precision_score(wrong[some], score[some])
                found.setdefault((kind, name), []).append(float(value))
    console.print(build_table(found, bench))


def plant_both(bench: Bench, confusion: np.ndarray, seed: int) -> Planted:
    """A tenth of the works with a wrong second label, another tenth with a wrong one alone."""
    rng, count = np.random.default_rng(7 * seed + 1), len(bench.truth)
    odds = (confusion + 1e-9) * (1 - np.eye(len(bench.classes)))
    odds /= odds.sum(axis=1, keepdims=True)
    some = rng.permutation(count)
    second, moved = np.split(some[: 2 * round(SHARE * count)], 2)
    every = np.column_stack([bench.truth, np.full(count, -1)])
    wrong = np.zeros((2, count, 2), dtype=bool)
    every[second, 1] = [rng.choice(len(odds), p=odds[bench.truth[row]]) for row in second]
    every[moved, 0] = [rng.choice(len(odds), p=odds[bench.truth[row]]) for row in moved]
    wrong[0, second, 1] = wrong[1, moved, 0] = True
    turned = second[rng.random(len(second)) < 0.5]
    every[turned], wrong[:, turned] = every[turned][:, ::-1], wrong[:, turned][:, :, ::-1]
    return Planted(every[:, 0], every[:, 1:], *wrong)


def score_labels(bench: Bench, planted: Planted, seed: int) -> dict[str, np.ndarray]:
    """(N, 2) each of ``NAMES``, high is suspicious."""
    labels, further, classes = planted.labels, planted.further, len(bench.classes)
    fold = assign_folds(labels, bench.groups, FOLDS, seed)
    net = answer_folds(bench.kinds[:1], labels, fold, classes, fit_regression, further=further)
    witnesses = ask_witnesses(bench, labels, fold, seed, further)
    _, ranking = judge_labels(
        net.probabilities,
        labels,
        bench.artists,
        bench.years,
        bench.duplicates,
        witnesses["unseen"],
        witnesses["plain"],
        further=further,
    )
    every = put_together(labels, further)
    own = np.take_along_axis(net.probabilities, np.maximum(every, 0), axis=1)
    chance = np.take_along_axis(ranking.combined, np.maximum(every, 0), axis=1)
    parts = (every >= 0).sum(axis=1, keepdims=True)
    scores = (
        doubt_each(ranking.combined, labels, further),
        1 - chance,
        -np.log(np.maximum(own, 1e-12)),
        -np.log(np.clip(parts * own, 1e-12, 1)),
        _ask_cleanlab(every, net.probabilities, own),
    )
    return dict(zip(NAMES, scores, strict=True))


def _ask_cleanlab(every: np.ndarray, probabilities: np.ndarray, own: np.ndarray) -> np.ndarray:
    """(N, 2) 1 up for a label that is found to be an issue, the less likely the higher."""
    names = [row[row >= 0].tolist() for row in every]
    by_class = find_multilabel_issues_per_class(names, probabilities)
    issues = by_class[0] if isinstance(by_class, tuple) else by_class
    is_found = np.take_along_axis(np.asarray(issues), np.maximum(every, 0), axis=1)
    return is_found * (2 - own)


def build_table(found: dict[tuple[str, str], list[float]], bench: Bench) -> Table:
    """Mean average precision over the seeds, with the lowest and highest."""
    kinds = list(dict.fromkeys(kind for kind, _ in found))
    title = f"{len(bench.truth):,} paintings, {len(bench.classes)} styles, AP of {len(SEEDS)} seeds"
    table = Table("score", *kinds, title=title)
    for name in NAMES:
        cells = [found[kind, name] for kind in kinds]
        table.add_row(name, *(f"{np.mean(c):.3f} ({min(c):.3f} to {max(c):.3f})" for c in cells))
    return table


if __name__ == "__main__":
    main()
