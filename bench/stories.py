"""The stories of artists on real paintings: are planted ones told, and nobody else's?

python -m bench.stories [folder in WikiArt's form] [--draws 2]

*No frame of reference*: of a style one artist with eight works or more is kept, all others of it
are dropped, and the artist is filed under a style drawn at random; likewise twelve pictures of one
kind of ``bench.non_paintings`` by a hand of their own, dated as the collection's middle. *Label
arguable*: the works of a Minimalist with five or more are redated fifty years back and filed under
Symbolism. Works of the artist in other styles are dropped. The witness that never saw the artist
then learns from the pretrained backbone's features, novelty is that of a run, and the artists'
cases are found as in a run, where plain models stand for the network. What every other artist is
called is counted in the same collections.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from bench.non_paintings import KINDS
from bench.novelty import shrink
from bench.planted_errors import FOLDS, PAINTINGS, fingerprint_collection, fingerprint_pictures
from bench.sculptures import take_layers
from core.collection.sources.wikiart import open_wikiart
from core.findings.cases.artists import Gallery, find_artist_cases
from core.findings.cases.kinds import CaseSettings
from core.findings.copies.duplicates import find_twins
from core.findings.labels.anachronism import compute_style_years
from core.findings.labels.judging import judge_labels
from core.findings.labels.weighing import DOUBTED
from core.findings.novelty import compute_novelty
from core.findings.oeuvre.other_works import code_artists, part_unknown
from core.images.fingerprints import group_near_duplicates
from core.splits import assign_folds, build_groups
from core.training.plain import ask_plain
from core.training.unseen import ask_unseen

STORIES = ("no frame of reference", "label arguable")
LEAST_WORKS, MOST_ARTISTS = 8, 3  # of an artist who is kept; of a style's artists
OUTSIDERS = ("text pages", "charts", "screenshots", "photographs")
WORKS = 12  # of each of a kind's hands
EARLY_STYLE, EARLY_LABEL, YEARS_BACK = "Minimalism", "Symbolism", 50
CONDITIONS = (
    *("observed", "expected", "shift_low", "p_value", "q_value"),
    *("consistency", "novelty", "confidence"),
)
MOST_FALSE = 0.02  # of the other artists


@dataclass(frozen=True)
class Plant:
    """An artist whose works of ``style`` are filed under ``filed``: ``story`` is to be told.

    ``style`` may be one of ``OUTSIDERS``. ``draw`` seeds the folds.
    """

    story: str
    style: str
    artist: str
    filed: str
    draw: int


@dataclass(frozen=True)
class Ground:
    """N paintings: the table, ``kinds`` of features (N, C), ``layers`` of novelty (N, C), groups of
    copies and of what shares a fold, both (N,).
    """

    table: pd.DataFrame
    kinds: list[np.ndarray]
    layers: list[np.ndarray]
    duplicates: np.ndarray
    groups: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=PAINTINGS)
    parser.add_argument("--draws", type=int, default=2, help="times that each artist is planted")
    options = parser.parse_args()
    ground, console = load_ground(options.folder), Console(width=200)
    plants = list_plants(ground.table, options.draws)
    told = [
        judge(ground, plant).assign(story=plant.story, outsiders=find_kind(plant), draw=plant.draw)
        for plant in plants
    ]
    artists = pd.concat(told, ignore_index=True)
    console.print(list_conditions(artists[artists["is_planted"]]))
    console.print(compare_conditions(artists))
    for (story, outsiders), some in artists.groupby(["story", "outsiders"], sort=False):
        planted = some["is_planted"]
        hits = (some.loc[planted, "type"] == story).sum()
        console.print(f"{story}, {outsiders}: {hits} of {planted.sum()} so typed")
        console.print(f"the artist by novelty: {rate_novelty(some)}")
    others = artists.loc[~artists["is_planted"], "type"].isin(STORIES)
    console.print(
        f"others typed as either: {others.sum()} of {len(others):,} ({others.mean():.2%})"
    )


def find_kind(plant: Plant) -> str:
    """What is planted: pictures of a kind, or paintings."""
    return plant.style if plant.style in OUTSIDERS else "paintings"


def list_conditions(planted: pd.DataFrame) -> Table:
    """What each planted artist was asked, one row a planting."""
    table = Table("story", "artist", "filed under", "works", "type", *CONDITIONS)
    for row in planted.to_dict("records"):
        names = (row["story"], row["subject"], row["given"], str(row["works"]), row["type"])
        table.add_row(*names, *(f"{row[name]:.2g}" for name in CONDITIONS))
    return table


def compare_conditions(artists: pd.DataFrame) -> Table:
    """Medians and tails of each condition, over planted and other artists."""
    table = Table("artists", "n", "quantile", *CONDITIONS)
    kinds = artists["story"].where(artists["is_planted"], "others")
    for kind, rows in artists.groupby(kinds, sort=False):
        for quantile in (0.02, 0.5, 0.98):
            figures = rows[list(CONDITIONS)].astype(float).quantile(quantile)
            row = (str(kind), f"{len(rows):,}", f"{quantile:.0%}")
            table.add_row(*row, *(f"{figure:.2g}" for figure in figures))
    return table


def rate_novelty(artists: pd.DataFrame) -> str:
    """How well the novelty of their works, taken together, tells planted artists from others."""
    planted, novelty = artists["is_planted"], artists["novelty"].to_numpy(dtype=float)
    area = roc_auc_score(planted, novelty)
    line = np.quantile(novelty[~planted], 1 - MOST_FALSE)
    found = (novelty[planted] > line).mean()
    return f"AUROC {area:.3f}; {found:.0%} found where {MOST_FALSE:.0%} of the others are"


def load_ground(folder: Path) -> Ground:
    """All styles of ``folder``, with features as ``bench.planted_errors`` caches them.

    The ``OUTSIDERS`` come last, each kind as a style of its own.
    """
    collection = open_wikiart(folder)
    shown = [dict(np.load(fingerprint_collection(collection)))]
    tables = [collection.paintings]
    year = int(collection.paintings["year"].median())
    for kind in OUTSIDERS:
        pictures = islice(KINDS[kind](np.random.default_rng(0)), MOST_ARTISTS * WORKS)
        shown.append(fingerprint_pictures(shrink(each) for each in pictures))
        hands = [f"{kind} {number // WORKS + 1}" for number in range(MOST_ARTISTS * WORKS)]
        tables.append(pd.DataFrame({"artist": hands, "given_style": kind, "year": year}))
        tables[-1]["key"] = [f"{kind}/{number}" for number in range(len(hands))]
    cache = {name: np.concatenate([each[name] for each in shown]) for name in shown[-1]}
    table, moments = pd.concat(tables, ignore_index=True), cache["moments"]
    duplicates = group_near_duplicates(cache["hashes"], cache["signatures"], cache["mirrors"])
    return Ground(
        table,
        [cache["features"].astype(np.float32), moments.astype(np.float32)],
        take_layers(moments),
        duplicates,
        build_groups(duplicates, find_twins(table["key"])),
    )


def list_plants(table: pd.DataFrame, draws: int) -> list[Plant]:
    """Every artist of whom a story is planted, ``draws`` times."""
    makers = table[code_artists(table["artist"]) >= 0]
    counts = makers.groupby(["given_style", "artist"]).size().rename("works").reset_index()
    counts = counts.sort_values(["works", "artist"], ascending=[False, True])
    styles = sorted(set(table["given_style"]) - set(OUTSIDERS))
    rng, plants = np.random.default_rng(0), []
    for style, rows in counts[counts["works"] >= LEAST_WORKS].groupby("given_style"):
        for artist in rows["artist"].head(MOST_ARTISTS):
            for draw in range(draws):
                filed = str(rng.choice([each for each in styles if each != style]))
                plants.append(Plant(STORIES[0], str(style), str(artist), filed, draw))
    is_early = (counts["given_style"] == EARLY_STYLE) & (
        counts["works"] >= CaseSettings().min_works
    )
    for artist in counts.loc[is_early, "artist"]:
        plants += [
            Plant(STORIES[1], EARLY_STYLE, str(artist), EARLY_LABEL, draw) for draw in range(draws)
        ]
    return plants


def judge(ground: Ground, plant: Plant) -> pd.DataFrame:
    """What is found of every artist, as ``schema.CASES``, in a collection with one planted."""
    table = ground.table.copy()
    is_by = table["artist"] == plant.artist
    is_own = is_by & (table["given_style"] == plant.style)
    keep = (is_own | ~(is_by | table["given_style"].isin(OUTSIDERS))).to_numpy()
    if plant.story == STORIES[0]:
        keep = keep & (is_own | (table["given_style"] != plant.style)).to_numpy()
    else:
        table.loc[is_own, "year"] -= YEARS_BACK
    table.loc[is_own, "given_style"] = plant.filed
    gallery, spans = build_gallery(ground, table, keep, plant.draw)
    found = find_artist_cases(gallery, spans, tuple(set(gallery.names[gallery.artists >= 0])))
    tested = found[found["p_value"].notna()]
    return tested.assign(is_planted=tested["subject"] == plant.artist)


def build_gallery(
    ground: Ground, table: pd.DataFrame, keep: np.ndarray, draw: int
) -> tuple[Gallery, pd.DataFrame]:
    """What the cases of the rows ``keep`` (N,) of ``table`` are drawn from; years of the styles."""
    table = table[keep].reset_index(drop=True)
    duplicates = np.unique(ground.duplicates[keep], return_inverse=True)[1]
    groups = np.unique(ground.groups[keep], return_inverse=True)[1]
    artists = code_artists(table["artist"])
    years = table["year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    classes, labels = np.unique(table["given_style"].to_numpy(dtype=str), return_inverse=True)
    kinds = [each[keep] for each in ground.kinds]
    hands = build_groups(groups, part_unknown(artists))
    unseen = ask_unseen(kinds, labels, hands, len(classes), draw)
    if unseen is None:
        raise SystemExit("The witness needs the works of two artists or more.")
    fold = assign_folds(labels, groups, FOLDS, draw)
    plain = ask_plain(kinds[-1:], labels, fold, len(classes)).probabilities
    _, ranked = judge_labels(plain, labels, artists, years, duplicates, unseen.probabilities)
    gallery = Gallery(
        tuple(map(str, classes)),
        table["artist"].to_numpy(dtype=object),
        artists,
        labels,
        unseen.probabilities,
        compute_novelty([each[keep] for each in ground.layers], artists, duplicates),
        years,
        duplicates,
    )
    spans = compute_style_years(years, labels, artists, len(classes), ranked.score >= DOUBTED)
    return gallery, spans


if __name__ == "__main__":
    main()
