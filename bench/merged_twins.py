"""What becomes of works that are filed under two styles: as two paintings, and merged into one.

python -m bench.merged_twins [folder in WikiArt's form]

The works whose file name stands in two folders of the collection. As two paintings, each is judged
by its folder; merged, as ``--merge-twins`` does, each has both labels. Five folds of a logistic
regression on frozen features and the witnesses, as in training; everything else is the same.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.planted_errors import FOLDS, PAINTINGS, Bench, ask_witnesses, fit_regression, load_bench
from core.findings.copies.duplicates import find_twins
from core.findings.labels.judging import judge_labels
from core.findings.labels.losses import compute_losses
from core.findings.labels.quadrants import assign_quadrants, choose_thresholds
from core.findings.several import doubt_each, front_best, share_labels
from core.splits import assign_folds
from core.training.plain import answer_folds


def main() -> None:
    console = Console(width=150)
    bench = load_bench(Path(sys.argv[1]) if len(sys.argv) > 1 else PAINTINGS, None)
    twins = find_twins(bench.paintings["key"])
    merged, further = merge(bench, twins)
    apart = judge(bench, bench.truth, None)
    together = judge(merged, merged.truth, further)
    is_twin = np.array([name is not None for name in twins])
    is_both = further[:, 0] >= 0
    table = Table("quadrant", "as two paintings", "as one", title=_title(bench, is_twin, is_both))
    counts = [Counter(apart[0][is_twin]), Counter(together[0][is_both])]
    for name in sorted({*counts[0], *counts[1]}):
        table.add_row(name, *(str(each[name]) for each in counts))
    console.print(table)
    doubts, unfit = together[1][is_both], together[2][is_both]
    console.print(
        f"Accuracy {apart[3]:.3f} as two, {together[3]:.3f} as one, on all works; "
        f"one label gets less than a guess: {int(unfit.sum())} of {len(unfit)} works; "
        f"doubt of one label: median {np.nanmedian(doubts):.2f}, from .5 up "
        f"{int((doubts >= 0.5).sum())}"
    )


def _title(bench: Bench, is_twin: np.ndarray, is_both: np.ndarray) -> str:
    return (
        f"{len(bench.truth):,} files, of which {int(is_twin.sum())} of {int(is_both.sum())} works "
        "in two folders"
    )


def merge(bench: Bench, twins: np.ndarray) -> tuple[Bench, np.ndarray]:
    """``bench`` with one row a file name, and (n, 1) the style of its other folder, -1 for none."""
    first: dict[str, int] = {}
    other = np.full((len(bench.truth), 1), -1)
    kept = np.ones(len(bench.truth), dtype=bool)
    for row, name in enumerate(twins):
        if name is None:
            continue
        if name not in first:
            first[name] = row
            continue
        other[first[name], 0], kept[row] = bench.truth[row], False
    rows = {
        name: getattr(bench, name)[kept]
        for name in ("features", "truth", "artists", "years", "duplicates", "groups")
    }
    paintings = bench.paintings[kept].reset_index(drop=True)
    kinds = tuple(kind[kept] for kind in bench.kinds)
    return replace(bench, paintings=paintings, kinds=kinds, **rows), other[kept]


def judge(
    bench: Bench, labels: np.ndarray, further: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Quadrants, doubts of one label (NaN for works of one), whether one gets less than a guess,
    and the accuracy: the first answer is one of the work's labels.
    """
    classes = len(bench.classes)
    fold = assign_folds(labels, bench.groups, FOLDS, 0)
    net = answer_folds(bench.kinds[:1], labels, fold, classes, fit_regression, further=further)
    witnesses = ask_witnesses(bench, labels, fold, 0, further)
    shown = net.probabilities
    if further is not None:
        labels, further = front_best(shown, labels, further)
    _, ranking = judge_labels(
        shown,
        labels,
        bench.artists,
        bench.years,
        bench.duplicates,
        witnesses["unseen"],
        witnesses["plain"],
        further=further,
    )
    loss = compute_losses(share_labels(shown, labels, further), labels)
    agrees = shown.argmax(axis=1) == labels
    lines = choose_thresholds(shown, labels)
    known = np.ones(len(labels), dtype=bool)
    quadrants = assign_quadrants(loss, shown.max(axis=1), known, agrees, *lines).to_numpy()
    doubts, unfit = np.full(len(labels), np.nan), np.zeros(len(labels), dtype=bool)
    if further is not None:
        both = (further >= 0).any(axis=1)
        doubts[both] = doubt_each(ranking.combined, labels, further)[both].max(axis=1)
        second = shown[np.arange(len(labels)), np.maximum(further[:, 0], 0)]
        unfit = both & (second < 1 / classes)
    return quadrants, doubts, unfit, float(agrees.mean())


if __name__ == "__main__":
    main()
