"""The stories of artists on real paintings: are planted ones told, and nobody else's?

python -m bench.stories [folder in WikiArt's form] [--draws 2]

*No frame of reference*: of a style one artist with eight works or more is kept, all others of it
are dropped, and the artist is filed under a style drawn at random. *Label arguable*: the works of a
Minimalist with five or more are redated fifty years back and filed under Symbolism. The witness
that never saw the artist then learns from the pretrained backbone's features, novelty is that of a
run, and the artists' cases are found as in a run, where plain models stand for the network. What
every other artist is called is counted in the same collections.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from bench.planted_errors import FOLDS, PAINTINGS, fingerprint_collection
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
EARLY_STYLE, EARLY_LABEL, YEARS_BACK = "Minimalism", "Symbolism", 50


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
    ground, console = load_ground(options.folder), Console(width=150)
    head = ("story", "style", "artist", "filed under", "novelty", "confidence")
    table = Table(*head, "elsewhere", "p", "q", "type", "others so typed")
    told: dict[str, list[bool]] = {story: [] for story in STORIES}
    others: list[tuple[int, int]] = []
    for story, style, artist, filed, draw in list_plants(ground.table, options.draws):
        found, tested = judge(ground, story, style, artist, filed, draw)
        own = found[found["subject"] == artist].iloc[0]
        rest = found[found["subject"] != artist]
        stray = int(rest["type"].isin(STORIES).sum())
        told[story].append(own["type"] == story)
        others.append((stray, tested - 1))
        figures = (own["novelty"], own["confidence"], own["observed"])
        row = (*(f"{value:.2f}" for value in figures), f"{own['p_value']:.1g}")
        table.add_row(
            story, style, artist, filed, *row, f"{own['q_value']:.2g}", own["type"], str(stray)
        )
    console.print(table)
    for story, hits in told.items():
        console.print(f"{story}: {sum(hits)} of {len(hits)} so typed")
    stray, tested = np.sum(others, axis=0)
    console.print(f"other artists so typed: {stray} of {tested:,} ({stray / tested:.2%})")


def load_ground(folder: Path) -> Ground:
    """All styles of ``folder``, with features as ``bench.planted_errors`` caches them."""
    collection = open_wikiart(folder)
    cache = np.load(fingerprint_collection(collection))
    table, moments = collection.paintings, cache["moments"]
    duplicates = group_near_duplicates(cache["hashes"], cache["signatures"], cache["mirrors"])
    return Ground(
        table,
        [cache["features"].astype(np.float32), moments.astype(np.float32)],
        take_layers(moments),
        duplicates,
        build_groups(duplicates, find_twins(table["key"])),
    )


def list_plants(table: pd.DataFrame, draws: int) -> list[tuple[str, str, str, str, int]]:
    """Story, style, artist, the label to file under, and number of the draw."""
    makers = table[code_artists(table["artist"]) >= 0]
    counts = makers.groupby(["given_style", "artist"]).size().rename("works").reset_index()
    counts = counts.sort_values(["works", "artist"], ascending=[False, True])
    styles = sorted(table["given_style"].unique())
    rng, plants = np.random.default_rng(0), []
    for style, rows in counts[counts["works"] >= LEAST_WORKS].groupby("given_style"):
        for artist in rows["artist"].head(MOST_ARTISTS):
            for draw in range(draws):
                filed = str(rng.choice([each for each in styles if each != style]))
                plants.append((STORIES[0], str(style), str(artist), filed, draw))
    is_early = (counts["given_style"] == EARLY_STYLE) & (
        counts["works"] >= CaseSettings().min_works
    )
    for artist in counts.loc[is_early, "artist"]:
        plants += [
            (STORIES[1], EARLY_STYLE, str(artist), EARLY_LABEL, draw) for draw in range(draws)
        ]
    return plants


def judge(
    ground: Ground, story: str, style: str, artist: str, filed: str, draw: int
) -> tuple[pd.DataFrame, int]:
    """The artists' cases of a collection with one planted, and how many artists were tested."""
    table = ground.table.copy()
    is_own = (table["artist"] == artist) & (table["given_style"] == style)
    keep = np.ones(len(table), dtype=bool)
    if story == STORIES[0]:
        keep = ((table["given_style"] != style) | is_own).to_numpy()
        keep = keep & ((table["artist"] != artist) | is_own).to_numpy()
    else:
        table.loc[is_own, "year"] -= YEARS_BACK
    table.loc[is_own, "given_style"] = filed
    table = table[keep].reset_index(drop=True)
    duplicates = np.unique(ground.duplicates[keep], return_inverse=True)[1]
    groups = np.unique(ground.groups[keep], return_inverse=True)[1]
    names = table["artist"].to_numpy(dtype=object)
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
        names,
        artists,
        labels,
        unseen.probabilities,
        compute_novelty([each[keep] for each in ground.layers], artists, duplicates),
        years,
        duplicates,
    )
    spans = compute_style_years(years, labels, artists, len(classes), ranked.score >= DOUBTED)
    works = pd.Series(artists[artists >= 0]).value_counts()
    tested = int((works >= CaseSettings().min_works).sum())
    return find_artist_cases(gallery, spans, (artist,)), tested


if __name__ == "__main__":
    main()
