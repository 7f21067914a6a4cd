"""Paintings with labels moved on purpose, and the answers of folds trained on them; for benchmarks.

Labels are moved uniformly, along the confusions of a model, or whole oeuvres (all works of an
artist to one of the three nearest styles; of a large oeuvre to the nearest). The labels as planted
are then learned by five folds of a logistic regression on frozen features, calibrated across folds
as in training. Symbolism and Action painting are left out: they come from another download.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from core.collection.sources.wikiart import open_wikiart
from core.collection.table import Collection
from core.findings.copies.duplicates import find_twins
from core.findings.evidence import FoldView
from core.findings.labels.calibration import (
    apply_fold_temperatures,
    apply_temperature,
    fit_fold_temperatures,
)
from core.findings.labels.losses import compute_losses
from core.findings.labels.neighbour_evidence import (
    compute_neighbour_evidence,
    compute_neighbour_odds,
)
from core.findings.labels.periods import compute_period_odds
from core.findings.labels.ranking import (
    CHOSEN,
    RankingSettings,
    choose_witness,
    compute_ranking,
    pool_answers,
    read_pictures,
)
from core.findings.oeuvre.other_works import (
    NO_ARTIST,
    Oeuvre,
    code_artists,
    part_unknown,
    tally_oeuvre,
)
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
from core.training.backbone import Backbone
from core.training.plain import ask_plain
from core.training.texture import pool_moments, pool_places
from core.training.unseen import ask_unseen
from core.training.weights import load_backbone

PAINTINGS = Path(__file__).resolve().parents[2] / "shared" / "wikiart-mini"
LEFT_OUT = ("Symbolism", "Action_painting")
CACHE = Path(tempfile.gettempdir()) / "artextract-bench"
KINDS = ("uniform", "confusion", "oeuvre", "large oeuvre")
WORKS = {"oeuvre": (3, 40), "large oeuvre": (8, 16)}  # of an artist whose works are all moved
FOLDS, STRENGTH, SIZE = 5, 0.002, 160


@dataclass(frozen=True)
class Bench:
    """N paintings: ``features`` (N, D), ``truth`` (N,) original labels, codes and groups.

    ``kinds``: the features (N, C) that the witness that never saw the artist learns from, as in the
    trainer; the last are the plain models'.
    """

    paintings: pd.DataFrame
    features: np.ndarray
    classes: tuple[str, ...]
    truth: np.ndarray
    artists: np.ndarray
    years: np.ndarray
    duplicates: np.ndarray
    groups: np.ndarray
    kinds: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Answers:
    """Answers of folds trained on ``labels``; style counts of the nearest works by other artists.

    ``unseen`` (N, K): the witness that never saw the artist; ``plain`` (N, K): plain models in
    ordinary folds. ``in_sample`` (N,): the loss on what
    was learned, as the original notebook had it.
    """

    labels: np.ndarray
    probabilities: np.ndarray
    uncalibrated: np.ndarray
    counts_by_others: np.ndarray
    in_sample: np.ndarray | None = None
    unseen: np.ndarray | None = None
    plain: np.ndarray | None = None


def load_bench(folder: Path, features: Path | None) -> Bench:
    """Paintings of ``folder`` with frozen features, cached between calls."""
    return build_bench(open_wikiart(folder), features)


def build_bench(collection: Collection, features: Path | None = None) -> Bench:
    """As ``load_bench``, of any collection."""
    table = collection.paintings
    cache = np.load(fingerprint_collection(collection))
    keep = ~table["given_style"].isin(LEFT_OUT).to_numpy()
    values, moments = cache["features"], [cache["moments"]]
    if features is not None:
        given = np.load(features)
        place = pd.Index(given["keys"]).get_indexer(table["key"])
        keep &= place >= 0
        values, moments = given["features"][place], []
    table = table[keep].reset_index(drop=True)
    copies = (cache[name][keep] for name in ("hashes", "signatures", "mirrors"))
    duplicates = group_near_duplicates(*copies)
    twins = find_twins(table["key"])
    classes, truth = np.unique(table["given_style"].to_numpy(dtype=str), return_inverse=True)
    kinds = [np.asarray(each[keep], dtype=np.float32) for each in (values, *moments)]
    return Bench(
        table,
        kinds[0],
        tuple(map(str, classes)),
        truth,
        code_artists(table["artist"]),
        table["year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan),
        duplicates,
        build_groups(duplicates, twins),
        tuple(kinds),
    )


def fingerprint_collection(collection: Collection) -> Path:
    """File of what ``fingerprint_pictures`` says of every painting, computed once in 2 minutes."""
    file = CACHE / f"{collection.name}-{len(collection)}-{SIZE}-moments.npz"
    if not file.is_file():
        read = collection.reader.read
        images = (decode_image(read(image)) for image in collection.paintings["image"])
        CACHE.mkdir(exist_ok=True)
        np.savez(file, allow_pickle=False, **fingerprint_pictures(images))
    return file


def fingerprint_pictures(images: Iterable[Image.Image]) -> dict[str, np.ndarray]:
    """Frozen features (n, 1280), moments of blocks as the trainer takes them, hashes, mirrors,
    signatures and thumbnails of pictures.
    """
    backbone = Backbone(load_backbone("tf_efficientnet_lite0", SIZE, pretrained=True), 3, SIZE)
    columns: dict[str, list] = {}
    for image in images:
        with torch.inference_mode():
            seen = backbone.stem(torch.from_numpy(compute_square(image, SIZE)[None]))
            moments = [pool_moments(seen)]
            for number, layer in enumerate(backbone.top, start=1):
                seen = layer(seen)
                if number in backbone.block_layers:
                    moments.append(pool_moments(seen))
        row = {
            "features": pool_places(seen)[0].numpy(),
            "moments": torch.cat(moments, dim=1)[0].numpy(),
            "hashes": np.uint64(compute_perceptual_hash(image)),
            "mirrors": np.uint64(compute_mirror_hash(image)),
            "signatures": np.frombuffer(compute_signature(image), np.uint8),
            "thumbnails": np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX)),
        }
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return {name: np.stack(values) for name, values in columns.items()}


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
    if kind not in WORKS:
        for row in rng.choice(len(labels), wanted, replace=False):
            labels[row] = rng.choice(count, p=odds[labels[row]])
        return labels
    least, most = WORKS[kind]
    for artist in rng.permutation(bench.artists.max() + 1):
        rows = np.flatnonzero(bench.artists == artist)
        moved = (labels != bench.truth).sum()
        if moved >= wanted:
            break
        if least <= len(rows) <= most and moved + len(rows) <= 1.1 * wanted:
            main_style = np.bincount(bench.truth[rows]).argmax()
            near = np.argsort(-odds[main_style])[: 3 if kind == "oeuvre" else 1]
            chance = odds[main_style, near] / odds[main_style, near].sum()
            labels[rows] = rng.choice(near, p=chance)
    return labels


def compute_answers(bench: Bench, labels: np.ndarray, seed: int) -> Answers:
    """Five folds of a logistic regression, calibrated as the trainer does it."""
    count, classes = len(labels), len(bench.classes)
    fold = assign_folds(labels, bench.groups, FOLDS, seed)
    logits, seen = np.zeros((count, classes)), np.zeros((count, classes))
    fold_views = []
    for number in range(FOLDS):
        training, held_out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        model = fit_regression(bench.features[training], labels[training])
        said, scaled = model.decision_function(bench.features), model[0].transform(bench.features)
        logits[held_out] = said[held_out]
        seen[training] += apply_temperature(said[training], 1.0)
        unit = scaled / np.linalg.norm(scaled, axis=1, keepdims=True)
        fold_views.append(FoldView(held_out, training, unit[held_out], unit[training]))
    temperatures = fit_fold_temperatures(logits, labels, fold)
    near = compute_neighbour_evidence(
        tuple(fold_views), labels, bench.artists, bench.duplicates, classes
    )
    return Answers(
        labels,
        apply_fold_temperatures(logits, fold, temperatures),
        apply_temperature(logits, 1.0),
        near.counts_by_others,
        in_sample=compute_losses(seen / seen.sum(axis=1, keepdims=True), labels),
        **ask_witnesses(bench, labels, fold, seed),
    )


def ask_witnesses(
    bench: Bench,
    labels: np.ndarray,
    fold: np.ndarray,
    seed: int,
    further: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """(N, K) each: what the witness that never saw the artist, ``unseen``, and the ``plain`` models
    of ``fold`` say, taught ``labels`` and (N, m) ``further`` ones, -1 for none.
    """
    hands = build_groups(bench.groups, part_unknown(bench.artists))
    unseen = ask_unseen(bench.kinds, labels, hands, len(bench.classes), seed, further=further)
    if unseen is None:
        raise SystemExit("The witness needs the works of two artists or more.")
    plain = ask_plain(bench.kinds[-1:], labels, fold, len(bench.classes), further=further)
    return {"unseen": unseen.probabilities, "plain": plain.probabilities}


def fit_regression(
    features: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None
) -> Pipeline:
    """Logistic regression on ``features`` (n, D), standardised by its first step.

    ``weights`` (n,): how much each counts; all alike without.
    """
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3))
    return model.fit(features, labels, logisticregression__sample_weight=weights)


@dataclass(frozen=True)
class RankingInputs:
    """The arguments of ``compute_ranking``; ``rank`` calls it. ``shown`` (N, K): what the pictures
    say by all models of ordinary folds.
    """

    answers: Answers
    shown: np.ndarray
    artists: np.ndarray
    duplicates: np.ndarray
    oeuvre: Oeuvre
    period_odds: np.ndarray
    neighbour_odds: np.ndarray

    def rank(self, settings: RankingSettings = CHOSEN) -> np.ndarray:
        """Our score, (N,) 0 to 1."""
        return compute_ranking(
            self.shown,
            self.answers.labels,
            self.artists,
            self.duplicates,
            self.oeuvre,
            self.period_odds,
            self.neighbour_odds,
            settings,
            choose_witness(self.answers.probabilities, self.answers.unseen),
        ).score


def gather_ranking_inputs(
    bench: Bench, answers: Answers, artists: bool = True, years: bool = True
) -> RankingInputs:
    """With or without the collection's artists and years."""
    codes = bench.artists if artists else np.full_like(bench.artists, NO_ARTIST)
    dates = bench.years if years else np.full_like(bench.years, np.nan)
    labels, classes = answers.labels, len(bench.classes)
    witness = choose_witness(answers.probabilities, answers.unseen)
    shown = read_pictures(answers.probabilities, answers.plain)
    pooled = pool_answers(shown, witness)
    oeuvre = tally_oeuvre(labels, pooled, codes, bench.duplicates)
    return RankingInputs(
        answers,
        shown,
        codes,
        bench.duplicates,
        oeuvre,
        compute_period_odds(dates, labels, codes, bench.duplicates, classes),
        compute_neighbour_odds(answers.counts_by_others, oeuvre.prior),
    )
