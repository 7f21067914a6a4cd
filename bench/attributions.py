"""Planted wrong attributions on real paintings: our doubt against the loss of the artist head.

python -m bench.attributions [folder in WikiArt's form, or of the demo]

Of works by artists with LEAST works or more, 5 % get another artist who has works of the same
style. The attributions as planted are learned by five folds of a logistic regression on frozen
features, calibrated across folds as in training, and both scores rank the same out-of-fold
probabilities; so does cleanlab. Then the same with nothing planted: how many works are called in
doubt, and how many hands are cases. Last, planted for cases: two pairs of hands exchange a third of
their works (*exchanged*), or two hands get works of others, two thirds as many as their own
(*scattered*). Symbolism and Action painting are left out: they come from
another download. Intervals: bootstrap over artists, all seeds together.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from cleanlab.rank import get_label_quality_scores
from rich.console import Console
from rich.table import Table
from sklearn.metrics import average_precision_score

from bench.planted_errors import FOLDS, PAINTINGS, Bench, build_bench, fit_regression, load_bench
from core.collection.sources.museum import open_museum
from core.findings.evidence import FoldView, Hands, TaskEvidence
from core.findings.hands.attribution import judge_attributions
from core.findings.hands.cases import find_hand_cases
from core.findings.labels.calibration import (
    apply_fold_temperatures,
    compute_adaptive_calibration_error,
    fit_fold_temperatures,
)
from core.findings.labels.losses import compute_losses
from core.findings.labels.neighbour_evidence import compute_neighbour_evidence
from core.images.decode import decode_image
from core.images.loaded import ImageRefused
from core.splits import assign_folds

LEAST: Final = 8  # works of an artist from which the head learns the hand
RATE, SEEDS, RESAMPLES = 0.05, (0, 1, 2), 400
CASE_SEEDS: Final = range(10, 20)  # none of those on which the cases' settings were chosen
SIZES: Final = ((8, 11), (12, 15), (16, 1000))  # works by the named artist


@dataclass(frozen=True)
class Trial:
    """What is said of N works taught ``labels`` (N,), -1 for none; ``wrong`` (N,) as planted."""

    labels: np.ndarray
    wrong: np.ndarray
    probabilities: np.ndarray
    found: pd.DataFrame

    @property
    def judged(self) -> np.ndarray:
        return self.found["attribution_doubt"].notna().to_numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=PAINTINGS)
    options = parser.parse_args()
    console, bench = Console(width=150), open_bench(options.folder)
    truth, names = code_hands(bench)
    console.print(f"{(truth >= 0).sum():,} works by {len(names)} artists with {LEAST} or more")
    trials = [run_trial(bench, truth, names, seed, RATE) for seed in SEEDS]
    console.print(build_scores(trials))
    console.print(build_sizes(trials))
    clean = [run_trial(bench, truth, names, seed, 0.0) for seed in SEEDS]
    console.print(build_clean(bench, clean, names))
    console.print(build_cases(bench, truth, names))


def open_bench(folder: Path) -> Bench:
    """The demo is known by its table; the pictures that it holds damaged are left out."""
    table = folder / "paintings.csv"
    if not table.is_file():
        return load_bench(folder, None)
    collection = open_museum(table, name="demo")
    is_whole = [
        _is_readable(collection.reader.read(image)) for image in collection.paintings["image"]
    ]
    return build_bench(replace(collection, paintings=collection.paintings[is_whole]))


def _is_readable(data: bytes) -> bool:
    try:
        decode_image(data)
    except ImageRefused:
        return False
    return True


def code_hands(bench: Bench) -> tuple[np.ndarray, tuple[str, ...]]:
    """(N,) class of each work's artist, -1 for those with fewer works, and the classes."""
    artists = bench.paintings["given_artist"]
    works = artists.value_counts()
    names = tuple(sorted(works.index[works >= LEAST]))
    return pd.Index(names).get_indexer(artists).astype(np.int64), names


def swap(bench: Bench, truth: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """``truth`` with ``rate`` of the attributions moved to an artist with works of that style."""
    labels, known = truth.copy(), np.flatnonzero(truth >= 0)
    for row in rng.permutation(known)[: round(rate * len(known))]:
        peers = np.unique(truth[known[bench.truth[known] == bench.truth[row]]])
        peers = peers[peers != truth[row]]
        if len(peers):
            labels[row] = rng.choice(peers)
    return labels


def exchange(
    bench: Bench, truth: np.ndarray, rng: np.random.Generator, pairs: int = 2
) -> tuple[np.ndarray, set[int]]:
    """``truth`` where ``pairs`` of hands that share a style have exchanged a third of the smaller's
    works, and who they are.
    """
    labels, moved = truth.copy(), set[int]()
    for hand in _draw_hands(truth, rng):
        if len(moved) == 2 * pairs:
            break
        peers = sorted(set(truth[_find_alike(bench, truth, hand)].tolist()) - moved)
        if hand in moved or not peers:
            continue
        other = int(rng.choice(peers))
        own, theirs = np.flatnonzero(truth == hand), np.flatnonzero(truth == other)
        share = min(len(own), len(theirs)) // 3
        labels[rng.permutation(own)[:share]] = other
        labels[rng.permutation(theirs)[:share]] = hand
        moved |= {hand, other}
    return labels, moved


def scatter(
    bench: Bench, truth: np.ndarray, rng: np.random.Generator, hands: int = 2
) -> tuple[np.ndarray, set[int]]:
    """``truth`` where ``hands`` got works of others of their styles, two thirds as many as their
    own, and who they are.
    """
    labels, moved = truth.copy(), set[int]()
    for hand in _draw_hands(truth, rng)[:hands]:
        rows = _find_alike(bench, labels, hand)
        rows = rows[~np.isin(labels[rows], [*moved])]
        labels[rng.permutation(rows)[: (truth == hand).sum() * 2 // 3]] = hand
        moved.add(hand)
    return labels, moved


def _draw_hands(truth: np.ndarray, rng: np.random.Generator) -> list[int]:
    """Those with 14 works at most, in random order."""
    works = np.bincount(truth[truth >= 0])
    hands: list[int] = rng.permutation(np.flatnonzero(works <= 14)).tolist()
    return hands


def _find_alike(bench: Bench, labels: np.ndarray, hand: int) -> np.ndarray:
    """Rows of other hands' works in the styles of ``hand``."""
    styles = np.unique(bench.truth[labels == hand])
    return np.flatnonzero((labels >= 0) & (labels != hand) & np.isin(bench.truth, styles))


def run_trial(
    bench: Bench, truth: np.ndarray, names: tuple[str, ...], seed: int, rate: float
) -> Trial:
    """The folds' answers to ``rate`` of the attributions swapped, and what is said of them."""
    labels = swap(bench, truth, rate, np.random.default_rng(7 * seed + 1))
    return judge(bench, truth, labels, names, seed)


def judge(
    bench: Bench, truth: np.ndarray, labels: np.ndarray, names: tuple[str, ...], seed: int
) -> Trial:
    """The folds' answers to the attributions as planted, and what is said of them."""
    fold = assign_folds(np.where(labels >= 0, labels, len(names)), bench.groups, FOLDS, seed)
    logits = np.full((len(labels), len(names)), -30.0)
    views = []
    for number in range(FOLDS):
        held_out, others = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        training = others[labels[others] >= 0]
        model = fit_regression(bench.features[training], labels[training])
        said, scaled = model.decision_function(bench.features), model[0].transform(bench.features)
        logits[np.ix_(held_out, model[-1].classes_)] = said[held_out]
        unit = scaled / np.linalg.norm(scaled, axis=1, keepdims=True)
        views.append(FoldView(held_out, others, unit[held_out], unit[others]))
    temperatures = fit_fold_temperatures(logits, labels, fold)
    probabilities = apply_fold_temperatures(logits, fold, temperatures)
    nobody = np.full(len(labels), -1)
    near = compute_neighbour_evidence(tuple(views), labels, nobody, bench.duplicates, len(names))
    printed = np.array([*names, None], dtype=object)[labels]
    found = judge_attributions(
        Hands(printed, TaskEvidence(names, labels, probabilities)),
        bench.years,
        bench.duplicates,
        near.rows,
        np.full(len(labels), np.nan),
    )
    return Trial(labels, labels != truth, probabilities, found)


def list_scores(trial: Trial) -> dict[str, np.ndarray]:
    """Each score of the judged works, high is suspicious."""
    rows = trial.judged
    labels, shown = trial.labels[rows], trial.probabilities[rows]
    return {
        "ours, attribution_doubt": trial.found["attribution_doubt"].to_numpy()[rows],
        "loss of the artist head": compute_losses(shown, labels),
        "cleanlab normalised margin": 1
        - get_label_quality_scores(labels, shown, method="normalized_margin"),
    }


def build_scores(trials: list[Trial]) -> Table:
    """AP of each score, the mean over seeds, with 95 % intervals over artists drawn anew."""
    rng = np.random.default_rng(0)
    count = max(int(trial.labels.max()) for trial in trials) + 1
    draws = [np.ones(count), *rng.multinomial(count, np.full(count, 1 / count), RESAMPLES)]
    found: dict[str, list[float]] = {}
    for drawn in draws:
        each: dict[str, list[float]] = {}
        for trial in trials:
            rows = trial.judged
            weights, wrong = drawn[trial.labels[rows]], trial.wrong[rows]
            for name, score in list_scores(trial).items():
                value = average_precision_score(wrong, score, sample_weight=weights)
                each.setdefault(name, []).append(value)
        for name, values in each.items():
            found.setdefault(name, []).append(float(np.mean(values)))
    wrong = float(np.mean([trial.wrong[trial.judged].mean() for trial in trials]))
    table = Table("score", "AP", "95 %", "less loss, 95 %", title=f"{wrong:.3f} of them planted")
    losses = np.array(found["loss of the artist head"])
    for name, values in found.items():
        low, high = np.quantile(values[1:], [0.025, 0.975])
        ahead = np.quantile((np.array(values) - losses)[1:], [0.025, 0.975])
        gain = f"{ahead[0]:+.3f} to {ahead[1]:+.3f}"
        table.add_row(name, f"{values[0]:.3f}", f"{low:.3f} to {high:.3f}", gain)
    return table


def build_sizes(trials: list[Trial]) -> Table:
    """By the number of works: accuracy and calibration of the head, and of the doubt."""
    head = ("works by the named", "works judged", "head right", "head's calibration error")
    table = Table(*head, "doubt, mean", "wrong", "called in doubt", "of them wrong")
    for low, high in (*SIZES, (0, 1000)):
        parts = []
        for trial in trials:
            works = np.bincount(trial.labels[trial.labels >= 0])[np.maximum(trial.labels, 0)]
            rows = trial.judged & (works >= low) & (works <= high)
            shown, labels = trial.probabilities[rows], trial.labels[rows]
            parts.append(
                {
                    "doubt": trial.found["attribution_doubt"].to_numpy()[rows],
                    "wrong": trial.wrong[rows],
                    "in doubt": trial.found["attribution"].eq("in doubt").to_numpy()[rows],
                    "sure": shown.max(axis=1),
                    "right": shown.argmax(axis=1) == labels,
                }
            )
        told = pd.concat([pd.DataFrame(part) for part in parts])
        doubted = told[told["in doubt"]]
        error = compute_adaptive_calibration_error(
            told["sure"].to_numpy(), told["right"].to_numpy()
        )
        cells = [f"{len(told):,}", f"{told['right'].mean():.3f}", f"{error:.3f}"]
        cells += [f"{told['doubt'].mean():.3f}", f"{told['wrong'].mean():.3f}"]
        cells += [f"{len(doubted)}", f"{doubted['wrong'].mean():.2f}"]
        table.add_row("all" if low == 0 else f"{low} to {high}", *cells)
    return table


def list_cases(bench: Bench, trial: Trial, names: tuple[str, ...]) -> list[str]:
    """Artists who are cases."""
    printed = np.array([*names, None], dtype=object)[trial.labels]
    hands = Hands(printed, TaskEvidence(names, trial.labels, trial.probabilities))
    cases = find_hand_cases(hands, trial.found, bench.years, bench.duplicates)
    return [str(name) for name in cases["subject"]]


def build_clean(bench: Bench, trials: list[Trial], names: tuple[str, ...]) -> Table:
    """With nothing planted: works called in doubt, and hands that become cases."""
    table = Table("seed", "works judged", "in doubt", "share", "cases", title="no swaps")
    for seed, trial in zip(SEEDS, trials, strict=True):
        doubted = int(trial.found["attribution"].eq("in doubt").sum())
        judged, cases = int(trial.judged.sum()), list_cases(bench, trial, names)
        cells = (f"{judged:,}", f"{doubted}", f"{doubted / judged:.3f}", f"{len(cases)}")
        table.add_row(str(seed), *cells)
    return table


def build_cases(bench: Bench, truth: np.ndarray, names: tuple[str, ...]) -> Table:
    """Cases where nothing is planted, and where hands are: how many are false, how many found."""
    table = Table("planted", "draws", "hands planted", "cases", "of them false", "power")
    plants = {
        "nothing": lambda _: (truth, set[int]()),
        "single works": lambda rng: (swap(bench, truth, RATE, rng), set[int]()),
        "exchanged": lambda rng: exchange(bench, truth, rng),
        "scattered": lambda rng: scatter(bench, truth, rng),
    }
    for name, plant in plants.items():
        planted = found = right = 0
        for seed in CASE_SEEDS:
            labels, moved = plant(np.random.default_rng(seed))
            cases = list_cases(bench, judge(bench, truth, labels, names, seed), names)
            planted, found = planted + len(moved), found + len(cases)
            right += len({names[hand] for hand in moved} & set(cases))
        power = f"{right / planted:.2f}" if planted else ""
        cells = (str(len(CASE_SEEDS)), str(planted), str(found), str(found - right), power)
        table.add_row(name, *cells)
    return table


if __name__ == "__main__":
    main()
