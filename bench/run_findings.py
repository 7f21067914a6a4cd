"""Quality of a published run's findings: calibration, natural truth, cases, the top ten.

python -m bench.run_findings artifacts/<run> [artifacts/demo/truth.csv]

Nothing is trained. Calibration is measured before and after, beside two temperatures that no run
may use (the best for the scored paintings) and the error that perfect calibration would show by
chance in as many paintings. Natural truth: works filed in two style folders against all others.
With the demo's truth, the score is measured on its planted errors, and the cases on its planted
painters.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from sklearn.metrics import average_precision_score, roc_auc_score

from core.artifacts import Run, open_run
from core.findings.labels.calibration import (
    apply_fold_temperatures,
    compare_calibration,
    fit_fold_temperatures,
    fit_temperature,
)
from core.findings.labels.reasons import tell
from core.findings.labels.reliability import compute_calibration_error
from core.tasks import Task

SMALLEST = 2.0**-24  # of a float16
EXPECTED = {
    "no_frame_of_reference": "no frame of reference",
    "ahead_of_their_time": "label arguable",
    "oeuvre_mislabelled": "likely mislabelled",
}


def main() -> None:
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    run, console = open_run(Path(sys.argv[1])), Console(width=150)
    console.print(build_calibration_table(run))
    if (natural := build_natural_table(run)) is not None:
        console.print(natural)
    if len(sys.argv) == 3:
        console.print(build_planted_table(run, Path(sys.argv[2])))
    console.print(build_top_table(run))
    counts = run.cases.value_counts(["kind", "type"], sort=False).reset_index()
    told = (f"{kind}, {name}: {n}" for kind, name, n in counts.itertuples(index=False))
    console.print("; ".join(told))


def build_calibration_table(run: Run) -> Table:
    """One row a task and way of calibrating."""
    table = Table(
        *("task", "calibrated", "temperatures", "ECE", "adaptive", "Brier", "log loss", "by chance")
    )
    for task in run.manifest.tasks:
        labels, logits, fold = _read_answers(run, task)
        folds = range(int(fold.max()) + 1)
        ways = {
            "not at all": (1.0,) * len(folds),
            "as in the run": run.manifest.temperatures[task][: len(folds)],
            "by the other folds": fit_fold_temperatures(logits, labels, fold),
            "best for each fold": tuple(
                fit_temperature(logits[fold == k], labels[fold == k]) for k in folds
            ),
        }
        for way, temperatures in ways.items():
            shown = apply_fold_temperatures(logits, fold, temperatures)
            facts = compare_calibration(shown, shown, labels).loc["after"]
            table.add_row(
                *(task, way, " ".join(f"{t:.3f}" for t in temperatures)),
                *(f"{value:.4f}" for value in facts),
                f"{_draw_error(shown.max(axis=1)):.4f}",
            )
    return table


def _read_answers(run: Run, task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, logits (up to a constant a row) and folds of the judged paintings."""
    known = run.predictions(task)["given"].dropna()
    rows = known.index.to_numpy()
    fold = run.paintings["fold"].to_numpy()[rows]
    labels = pd.Categorical(known, categories=list(run.classes(task))).codes.astype(int)
    temperatures = np.array(run.manifest.temperatures[task])[fold]
    shown = np.maximum(run.probabilities(task)[rows].astype(np.float64), SMALLEST)
    return labels, np.log(shown) * temperatures[:, None], fold


def _draw_error(confidence: np.ndarray) -> float:
    """Mean ECE if each answer were right with exactly its stated probability."""
    rng = np.random.default_rng(0)
    draws = (rng.random(len(confidence)) < confidence for _ in range(100))
    return float(np.mean([compute_calibration_error(confidence, right) for right in draws]))


def build_natural_table(run: Run) -> Table | None:
    """Does the ranking lift what is filed twice?"""
    return _compare_scores(run, run.findings["filed_twice"], "filed in two folders")


def build_planted_table(run: Run, truth: Path) -> Table | None:
    """On the demo: does it lift the planted errors, and are the planted painters typed?"""
    kinds = pd.read_csv(truth).set_index("key")["kind"].reindex(run.paintings["key"])
    kinds = kinds.reset_index(drop=True)
    planted = run.paintings[kinds.isin(EXPECTED)].drop_duplicates("artist")
    artists = run.cases[run.cases["kind"] == "artist"]
    found = artists.set_index("subject")["type"].reindex(planted["artist"])
    wrong = kinds.isin(["swapped_label", "oeuvre_mislabelled"])
    table = _compare_scores(run, wrong, "planted errors")
    if table is not None:
        table.caption = "; ".join(
            f"{name}: {kind}, planted {EXPECTED[kinds[row]]}"
            for (name, kind), row in zip(found.items(), planted.index, strict=True)
        )
    return table


def _compare_scores(run: Run, wrong: pd.Series, title: str) -> Table | None:
    """``wrong`` (N,) among the judged, by the score and by the loss; None without any."""
    score = run.findings["score"].dropna()
    wrong = wrong.loc[score.index]
    if not wrong.any():
        return None
    loss = run.predictions("style")["loss"].loc[score.index]
    table = Table("by", "AUROC", "AP", "median percentile", "in the first tenth")
    table.title = f"{title}: {wrong.sum()} of {len(wrong):,}"
    for name, values in (("score", score), ("loss", loss)):
        place = values.rank(pct=True)[wrong]
        table.add_row(
            name,
            f"{roc_auc_score(wrong, values):.3f}",
            f"{average_precision_score(wrong, values):.3f}",
            f"{place.median():.2f}",
            f"{(place > 0.9).mean():.2f}",
        )
    return table


def build_top_table(run: Run, count: int = 10) -> Table:
    """The paintings that a curator sees first, with their reasons."""
    table = Table("painting", "score", "reasons", title="most suspicious", show_lines=True)
    top = run.findings["score"].nlargest(count)
    for row in top.index.to_numpy():
        table.add_row(
            str(run.paintings.at[row, "key"]),
            f"{top[row]:.4f}",
            "\n".join(tell(run.read_reasons([row])[0]).lines),
        )
    return table


if __name__ == "__main__":
    main()
