"""A second opinion beside a frozen network: accuracy, planted errors found, and a map made of it.

python -m bench.second_opinions [--adviser tf_efficientnet_lite1] [--seed 0]

The network is a regression on frozen EfficientNet-Lite0 features, as in bench.label_errors, the
adviser a plain model of its own features in the same folds, pooled as in training; the witness that
never saw the artist learns from it as well. Accuracy is of original labels in folds by picture and
by artist; 5 % of them are moved, three ways, and ranked with and without the adviser. ``--seed``
fixes folds and errors. Of the map and of the neighbours by either network's features: how many of a
painting's twelve nearest have its style, and how many of those by other artists.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.neighbors import NearestNeighbors

from bench.label_errors import measure
from bench.planted_errors import (
    CACHE,
    FOLDS,
    KINDS,
    PAINTINGS,
    Answers,
    Bench,
    ask_witnesses,
    build_bench,
    compute_answers,
    count_confusions,
    gather_ranking_inputs,
    plant,
)
from core.collection.sources.wikiart import open_wikiart
from core.findings.neighbours import even_out, find_neighbours
from core.findings.oeuvre.other_works import part_unknown
from core.images.store import build_store
from core.projection import compute_map
from core.splits import assign_folds, build_groups
from core.training.opinions import Adviser, pool, weigh_opinions
from core.training.plain import ask_plain
from core.training.processes import Processes
from core.training.work import WorkFolder

RATE, RESAMPLES, NEAREST = 0.05, 500, 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=PAINTINGS)
    parser.add_argument("--adviser", default="tf_efficientnet_lite1")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    collection, console = open_wikiart(options.data), Console(width=110)
    bench = build_bench(collection)
    store = build_store(collection, CACHE / "images", short_side=384)
    place = {key: at for at, key in enumerate(collection.paintings["key"])}
    rows = [place[key] for key in bench.paintings["key"]]
    (adviser,) = Adviser.list_from(options.adviser)
    seen = adviser.compute_features(
        store,
        store.table["image"].tolist(),
        WorkFolder(CACHE, {"seen by": options.adviser}),
        Processes("cpu"),
    )[rows]
    console.print(show_layouts(bench, {"Lite0": bench.features, options.adviser: seen}))
    hands = replace(bench, groups=build_groups(bench.groups, part_unknown(bench.artists)))
    accuracy = Table(
        "folds", "network", "adviser", "both", "weight of the adviser", title="accuracy"
    )
    for name, each in (("by picture", bench), ("by artist", hands)):
        plain = compute_answers(each, each.truth, options.seed)
        accuracy.add_row(name, *judge(each, plain, seen, options.seed))
        if each is bench:
            confusion = count_confusions(bench, plain)
    console.print(accuracy)
    console.print(show_planted(bench, seen, confusion, options.seed))


def hear(
    bench: Bench, answers: Answers, seen: np.ndarray, seed: int
) -> tuple[Answers, np.ndarray, np.ndarray]:
    """``answers`` pooled with what a plain model of ``seen`` says, that alone, and the weights."""
    fold = assign_folds(answers.labels, bench.groups, FOLDS, seed)
    said = ask_plain([seen], answers.labels, fold, len(bench.classes)).probabilities
    sources = [answers.probabilities, said]
    weights = weigh_opinions(sources, answers.labels, fold)
    shares = weights / weights.sum(axis=1, keepdims=True)
    wider = replace(bench, kinds=(seen, *bench.kinds))  # the last is the plain models'
    heard = replace(
        answers,
        probabilities=pool(sources, weights, fold),
        **ask_witnesses(wider, answers.labels, fold, seed),
    )
    return heard, said, shares


def judge(bench: Bench, answers: Answers, seen: np.ndarray, seed: int) -> list[str]:
    """Cells of the table of accuracy."""
    heard, said, shares = hear(bench, answers, seen, seed)
    each = (answers.probabilities, said, heard.probabilities)
    right = [f"{(one.argmax(axis=1) == bench.truth).mean():.3f}" for one in each]
    return [*right, f"{shares[:, 1].mean():.2f}"]


def show_planted(bench: Bench, seen: np.ndarray, confusion: np.ndarray, seed: int) -> Table:
    """Average precision of our score, 95 % by drawing the paintings anew, and of the loss alone."""
    table = Table("planted", "network", "both", "difference, 95 %", "loss alone: network", "both")
    count, rng = len(bench.truth), np.random.default_rng(0)
    weights = rng.multinomial(count, np.full(count, 1 / count), RESAMPLES)
    weights = np.concatenate([np.ones((1, count), dtype=int), weights])
    for kind in KINDS[:3]:
        labels = plant(bench, kind, RATE, confusion, np.random.default_rng(7 * seed + 1))
        alone = compute_answers(bench, labels, seed)
        both, _, _ = hear(bench, alone, seen, seed)
        wrong = labels != bench.truth
        found = [
            measure(wrong, gather_ranking_inputs(bench, each).rank(), weights)[:, 0]
            for each in (alone, both)
        ]
        losses = [
            measure(wrong, -each.probabilities[np.arange(count), labels], weights[:1])[0, 0]
            for each in (alone, both)
        ]
        low, high = np.quantile((found[1] - found[0])[1:], [0.025, 0.975])
        table.add_row(
            kind,
            *(f"{each[0]:.3f}" for each in found),
            f"{found[1][0] - found[0][0]:+.3f}, {low:+.3f} to {high:+.3f}",
            *(f"{each:.3f}" for each in losses),
        )
    return table


def show_layouts(bench: Bench, kinds: dict[str, np.ndarray]) -> Table:
    """Of neighbours and maps by each kind of features: how alike the nearest are labelled."""
    table = Table("features", "near", "near, by others", "map", "map, by others")
    for name, features in kinds.items():
        layout = even_out(features)
        near, similar = find_neighbours(layout, 60)
        positions = compute_map(layout, near, similar, seed=0)
        on_map = NearestNeighbors(n_neighbors=60).fit(positions).kneighbors(return_distance=False)
        table.add_row(name, *(f"{each:.3f}" for by in (near, on_map) for each in rate(bench, by)))
    return table


def rate(bench: Bench, near: np.ndarray) -> tuple[float, float]:
    """Share of the ``NEAREST`` of ``near`` (N, k) with the painting's style, of all works and of
    those by other artists, where ``near`` holds any.
    """
    same = bench.truth[near] == bench.truth[:, None]
    artists = part_unknown(bench.artists)
    others = artists[near] != artists[:, None]
    others &= np.cumsum(others, axis=1) <= NEAREST
    return float(same[:, :NEAREST].mean()), float(same[others].mean())


if __name__ == "__main__":
    main()
