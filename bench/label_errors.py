"""Planted label errors on real paintings: which score finds them, all on the same answers.

python -m bench.label_errors [folder in WikiArt's form] [--features file.npz] [--choose]

Labels are moved at 5 % and 10 %, three ways: uniformly, along the confusions of the model, and
whole oeuvres (all works of an artist to one neighbouring style). The labels as planted are then
learned by five folds of a logistic regression on frozen features, calibrated across folds, and
every score ranks the same out-of-fold probabilities. Natural errors count against all alike.

Other features, such as a trained model's, come as ``--features``: an ``.npz`` of ``keys`` (N,) and
``features`` (N, D). A model that has seen the labels before they were moved knows the answer: use
it for comparisons among scores only. ``--choose`` searches the ranking's settings by artists held
out. Symbolism and Action painting are left out: they come from another download.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from PIL import Image
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from core.collection.table import Collection
from core.collection.wikiart import open_wikiart
from core.findings.calibration import (
    apply_fold_temperatures,
    apply_temperature,
    compare_calibration,
    fit_fold_temperatures,
)
from core.findings.duplicates import find_filed_twice
from core.findings.evidence import FoldView
from core.findings.losses import compute_entropy, compute_losses
from core.findings.neighbour_evidence import compute_neighbour_evidence, compute_stranger_odds
from core.findings.oeuvre import (
    NO_ARTIST,
    Oeuvre,
    code_artists,
    compute_prior,
    tally_oeuvre,
)
from core.findings.periods import compute_period_odds
from core.findings.ranking import CHOSEN, RankingSettings, compute_ranking
from core.images.decode import decode_image
from core.images.fingerprints import (
    compute_mirror_hash,
    compute_perceptual_hash,
    compute_signature,
    group_near_duplicates,
)
from core.images.pixels import compute_square
from core.images.thumbnails import SIDE
from core.splits import assign_folds, build_groups
from core.training.weights import load_backbone

PAINTINGS = Path(__file__).resolve().parents[2] / "shared" / "wikiart-mini"
LEFT_OUT = ("Symbolism", "Action_painting")
CACHE = Path(tempfile.gettempdir()) / "artextract-bench"
KINDS, RATES, SEEDS = ("uniform", "confusion", "oeuvre"), (0.05, 0.10), (0, 1, 2)
FOLDS, STRENGTH, SIZE = 5, 0.002, 160
RESAMPLES = 200
MEASURES = ("AP", "AUROC", "P@50", "P@100", "R@10%")


@dataclass(frozen=True)
class Bench:
    """N paintings: ``features`` (N, D), ``truth`` (N,) labels as they came, codes and groups."""

    paintings: pd.DataFrame
    features: np.ndarray
    classes: tuple[str, ...]
    truth: np.ndarray
    artists: np.ndarray
    years: np.ndarray
    duplicates: np.ndarray
    groups: np.ndarray


@dataclass(frozen=True)
class Answers:
    """What folds say when taught ``labels``; counts of the nearest works by other artists.

    ``in_sample`` (N,): the loss on what was learned, as the original notebook had it.
    """

    labels: np.ndarray
    probabilities: np.ndarray
    uncalibrated: np.ndarray
    strangers: np.ndarray
    in_sample: np.ndarray | None = None


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


def load_bench(folder: Path, features: Path | None) -> Bench:
    """Paintings of ``folder`` with frozen features, cached between calls."""
    collection = open_wikiart(folder)
    table = collection.paintings
    cache = np.load(_fill_cache(collection))
    keep = ~table["given_style"].isin(LEFT_OUT).to_numpy()
    values = cache["features"]
    if features is not None:
        given = np.load(features)
        place = pd.Index(given["keys"]).get_indexer(table["key"])
        keep &= place >= 0
        values = given["features"][place]
    table = table[keep].reset_index(drop=True)
    copies = (cache[name][keep] for name in ("hashes", "signatures", "mirrors"))
    duplicates = group_near_duplicates(*copies)
    names = table["key"].str.rpartition("/")[2]
    twins = names.where(find_filed_twice(table["key"])).to_numpy()
    classes, truth = np.unique(table["given_style"].to_numpy(dtype=str), return_inverse=True)
    return Bench(
        table,
        np.asarray(values[keep], dtype=np.float32),
        tuple(map(str, classes)),
        truth,
        code_artists(table["artist"]),
        table["year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan),
        duplicates,
        build_groups(duplicates, twins),
    )


def _fill_cache(collection: Collection) -> Path:
    """Features and fingerprints of every painting, computed once: two minutes a core."""
    file = CACHE / f"{collection.name}-{len(collection)}-{SIZE}.npz"
    if not file.is_file():
        read = collection.reader.read
        images = (decode_image(read(image)) for image in collection.paintings["image"])
        CACHE.mkdir(exist_ok=True)
        np.savez(file, **look_at(images))
    return file


def look_at(images: Iterable[Image.Image]) -> dict[str, np.ndarray]:
    """Frozen features (n, 1280), hashes, mirrors, signatures and thumbnails of pictures."""
    model = load_backbone("tf_efficientnet_lite0", SIZE, pretrained=True)
    looks: dict[str, list] = {}
    for image in images:
        pixels = torch.from_numpy(compute_square(image, SIZE)[None]).permute(0, 3, 1, 2)
        with torch.inference_mode():
            features = model(pixels / 127.5 - 1).mean((2, 3))[0].numpy()
        look = {
            "features": features,
            "hashes": np.uint64(compute_perceptual_hash(image)),
            "mirrors": np.uint64(compute_mirror_hash(image)),
            "signatures": np.frombuffer(compute_signature(image), np.uint8),
            "thumbnails": np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX)),
        }
        for name, value in look.items():
            looks.setdefault(name, []).append(value)
    return {name: np.stack(values) for name, values in looks.items()}


def count_confusions(bench: Bench, answers: Answers) -> np.ndarray:
    """(K, K): probability mass that works of each style put on each."""
    confusion = np.zeros((len(bench.classes),) * 2)
    np.add.at(confusion, bench.truth, answers.probabilities)
    return confusion


def plant(
    bench: Bench, kind: str, rate: float, confusion: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Labels with about ``rate`` of them moved."""
    labels, count = bench.truth.copy(), len(bench.classes)
    odds = (np.ones_like(confusion) if kind == "uniform" else confusion + 1e-9) * (
        1 - np.eye(count)
    )
    odds /= odds.sum(axis=1, keepdims=True)
    wanted = round(rate * len(labels))
    if kind != "oeuvre":
        for row in rng.choice(len(labels), wanted, replace=False):
            labels[row] = rng.choice(count, p=odds[labels[row]])
        return labels
    for artist in rng.permutation(bench.artists.max() + 1):
        rows = np.flatnonzero(bench.artists == artist)
        moved = (labels != bench.truth).sum()
        if moved >= wanted:
            break
        if 3 <= len(rows) <= 40 and moved + len(rows) <= 1.1 * wanted:
            main_style = np.bincount(bench.truth[rows]).argmax()
            near = np.argsort(-odds[main_style])[:3]
            chance = odds[main_style, near] / odds[main_style, near].sum()
            labels[rows] = rng.choice(near, p=chance)
    return labels


def compute_answers(bench: Bench, labels: np.ndarray, seed: int) -> Answers:
    """Five folds of a logistic regression, calibrated as the trainer does it."""
    count, classes = len(labels), len(bench.classes)
    fold = assign_folds(labels, bench.groups, FOLDS, seed)
    logits, seen = np.zeros((count, classes)), np.zeros((count, classes))
    views = []
    for number in range(FOLDS):
        training, held_out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        scaled = StandardScaler().fit(bench.features[training]).transform(bench.features)
        model = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3)
        said = model.fit(scaled[training], labels[training]).decision_function(scaled)
        logits[held_out] = said[held_out]
        seen[training] += apply_temperature(said[training], 1.0)
        unit = scaled / np.linalg.norm(scaled, axis=1, keepdims=True)
        views.append(FoldView(held_out, training, unit[held_out], unit[training]))
    temperatures = fit_fold_temperatures(logits, labels, fold)
    near = compute_neighbour_evidence(
        tuple(views), labels, bench.artists, bench.duplicates, classes
    )
    return Answers(
        labels,
        apply_fold_temperatures(logits, fold, temperatures),
        apply_temperature(logits, 1.0),
        near.strangers,
        in_sample=compute_losses(seen / seen.sum(axis=1, keepdims=True), labels),
    )


@dataclass(frozen=True)
class Witnesses:
    """What ``compute_ranking`` is asked with; ``rank`` asks it."""

    answers: Answers
    artists: np.ndarray
    oeuvre: Oeuvre
    period_odds: np.ndarray
    stranger_odds: np.ndarray

    def rank(self, settings: RankingSettings = CHOSEN) -> np.ndarray:
        """Our score, (N,) 0 to 1."""
        asked = self.artists, self.oeuvre, self.period_odds, self.stranger_odds, settings
        return compute_ranking(self.answers.probabilities, self.answers.labels, *asked).score


def call_witnesses(
    bench: Bench, answers: Answers, artists: bool = True, years: bool = True
) -> Witnesses:
    """With or without what the collection knows of artists and years."""
    codes = bench.artists if artists else np.full_like(bench.artists, NO_ARTIST)
    dates = bench.years if years else np.full_like(bench.years, np.nan)
    labels, shown, classes = answers.labels, answers.probabilities, len(bench.classes)
    return Witnesses(
        answers,
        codes,
        tally_oeuvre(labels, shown, codes, bench.duplicates),
        compute_period_odds(dates, labels, codes, bench.duplicates, classes),
        compute_stranger_odds(answers.strangers, compute_prior(labels, classes)),
    )


def compute_scores(bench: Bench, answers: Answers) -> dict[str, np.ndarray]:
    """Every score, (N,) high is suspicious."""
    labels, shown = answers.labels, answers.probabilities
    loss, confidence = compute_losses(shown, labels), shown.max(axis=1)
    agrees = np.where(shown.argmax(axis=1) == labels, -1, 1)
    certainty = np.exp(-compute_entropy(shown) * np.log(shown.shape[1]))
    quality = partial(get_label_quality_scores, labels, shown, adjust_pred_probs=False)
    issues = np.zeros(len(labels))
    found = find_label_issues(labels, shown, return_indices_ranked_by="self_confidence")
    issues[found] = np.arange(len(found), 0, -1)
    scores = {
        "ours": call_witnesses(bench, answers).rank(),
        "ours, no artist": call_witnesses(bench, answers, artists=False).rank(),
        "ours, no year": call_witnesses(bench, answers, years=False).rank(),
        "ours, neither": call_witnesses(bench, answers, artists=False, years=False).rank(),
        "loss": loss,
        "loss x confidence": loss * confidence,
        "mistakenness": (agrees * certainty + 1) / 2,
        "cleanlab self-confidence": 1 - quality(method="self_confidence"),
        "cleanlab normalised margin": 1 - quality(method="normalized_margin"),
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
    """Means over the seeds, with 95 % bootstrap intervals of the average precision."""
    rng = np.random.default_rng(0)
    count = len(bench.truth)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    weights = np.concatenate([np.ones((1, count), dtype=int), drawn])
    results: dict[str, list[np.ndarray]] = {}
    for answers in trials:
        for name, score in compute_scores(bench, answers).items():
            measured = measure(answers.labels != bench.truth, score, weights)
            results.setdefault(name, []).append(measured)
    means = {name: np.mean(values, axis=0) for name, values in results.items()}
    table = Table("score", "AP", "95 %", *MEASURES[1:], "less loss, 95 %", title=title)
    for name, values in means.items():
        low, high = np.quantile(values[1:, 0], [0.025, 0.975])
        gain = np.quantile((values - means["loss"])[1:, 0], [0.025, 0.975])
        figures = [f"{value:.3f}" for value in values[0, 1:]]
        ahead = f"{gain[0]:+.3f} to {gain[1]:+.3f}"
        table.add_row(name, f"{values[0, 0]:.3f}", f"{low:.3f}-{high:.3f}", *figures, ahead)
    return table


def build_natural_table(bench: Bench, answers: Answers) -> Table:
    """Works filed in two style folders, nothing planted, against all others."""
    twice = find_filed_twice(bench.paintings["key"])
    whole = np.ones((1, len(twice)), dtype=int)
    title = f"filed in two folders: {twice.sum()} of {len(twice):,}, nothing planted"
    table = Table("score", "AUROC", "AP", "median percentile", "R@10%", title=title)
    for name, score in compute_scores(bench, answers).items():
        values = measure(twice, score, whole)[0]
        middle = np.median([(score < each).mean() for each in score[twice]])
        table.add_row(name, *(f"{v:.3f}" for v in (values[1], values[0], middle, values[4])))
    return table


def choose_settings(bench: Bench, trials: dict, console: Console) -> None:
    """Settings chosen on half of the artists and scored on the other half, both ways round.

    Best mean AP on single errors among those that beat the loss on every kind, with years and
    without: whole oeuvres are where artist evidence could do harm.
    """
    grid = [
        RankingSettings(doubt=doubt, burden=burden, sights=sights, strangers=strangers)
        for doubt, burden, sights, strangers in itertools.product(
            (0.5, 0.6, 0.7, 0.8, 1.0), (2.0, 2.5, 3.0, 3.5), (1.5, 2.0), (0.0, 0.1, 0.25)
        )
    ]
    called = [
        {key: call_witnesses(bench, answers, years=years) for key, answers in trials.items()}
        for years in (True, False)
    ]
    half = np.random.default_rng(0).permutation(bench.artists.max() + 1) % 2 == 0
    side = np.where(bench.artists >= 0, half[bench.artists], True)
    sides = (side, ~side)
    found = np.array([[[_score(bench, c, g, s) for c in called] for s in sides] for g in grid])
    losses = np.array([_score(bench, called[0], None, s) for s in sides])  # (2, kinds)
    ahead = (found >= losses[None, :, None]).all(axis=(2, 3))  # (settings, sides)
    single = found[:, :, 0, :4].mean(axis=2)
    for on, off in ((0, 1), (1, 0)):
        best = np.where(ahead[:, on], single[:, on], -1).argmax()
        console.print("chosen", grid[best], "AP held out:", found[best, off].round(3).tolist())
        console.print("loss alone:", losses[off].round(3).tolist())
    best = np.where(ahead.all(axis=1), single.mean(axis=1), -1).argmax()
    console.print("on all artists:", grid[best], found[best].mean(axis=0).round(3).tolist())


def _score(
    bench: Bench, called: dict, settings: RankingSettings | None, side: np.ndarray
) -> list[float]:
    """Average precision of each kind and rate over the paintings of one side."""
    whole = np.ones((1, side.sum()), dtype=int)
    found: dict[tuple[str, float], list[float]] = {}
    for (kind, rate, _), witnesses in called.items():
        answers = witnesses.answers
        loss = compute_losses(answers.probabilities, answers.labels)
        score = witnesses.rank(settings) if settings else loss
        wrong = (answers.labels != bench.truth)[side]
        found.setdefault((kind, rate), []).append(measure(wrong, score[side], whole)[0, 0])
    return [float(np.mean(values)) for values in found.values()]


if __name__ == "__main__":
    main()
