"""Cases at WikiArt's real sizes: how many are false where nothing is wrong, how many are found.

python -m bench.real_sizes [folder with the official label files]

The official style lists give artists and labels; whether a work is seen in another style is drawn:
each style has a usual rate (15 to 60 %), each artist one of its own around it (a beta
distribution, ``alpha + beta`` from 8, artists much unlike each other, to 80). How far the label
lags is normal around what gives that rate. Nothing planted, then twelve oeuvres of five works or
more, 85 % of which are seen elsewhere. Last, the unseen witness's answers as below, and twelve
oeuvres each filed under another style. With such answers and real years, nothing planted, the cases
are found as in a run, and those told as *label arguable* are counted.

Then the ranking score on real labels, artists and years: answers are drawn from a Dirichlet
distribution that is calibrated by construction (parameters: ``ANSWER`` x the shares of the styles,
and 1 for the label), the unseen witness's likewise, less sure. Nothing is planted, then 2 % of the
labels are moved uniformly, then along what the answers confuse.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from scipy.special import ndtri
from sklearn.metrics import average_precision_score

from core.findings.cases.artists import Gallery, compute_lags, find_artist_cases
from core.findings.cases.kinds import ARGUABLE, CaseSettings, is_finding
from core.findings.labels.anachronism import compute_style_years
from core.findings.labels.losses import compute_losses
from core.findings.labels.periods import compute_period_odds
from core.findings.labels.ranking import CHOSEN, compute_ranking, pool_answers
from core.findings.oeuvre.other_works import smooth_shares, tally_oeuvre
from core.findings.oeuvre.shift import compute_shifts

LABELS = Path(__file__).resolve().parents[2] / "shared" / "wikiart-labels"
DRAWS, PLANTED, SEEN_AWAY = 20, 12, 0.85
SPREADS = (8, 25, 80)
LAG = 2.0  # standard deviation of how far the labels of an artist's works lag, in log odds
SETTINGS = CaseSettings()
ANSWER, UNSEEN = 1.5, 2.2  # alpha of the answers, the labels aside
TASTE = 3.0  # alpha of the styles that the works of one artist are drawn to
MOVED, TOP = 0.02, 4_000


@dataclass(frozen=True)
class Drawn:
    """``lags`` (N,) of the labels; ``shift`` (A,) each artist's rate less the usual one, NaN where
    it is not known; ``planted``."""

    lags: np.ndarray
    labels: np.ndarray
    shift: np.ndarray
    planted: set[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=LABELS)
    labels, artists = load_lists(parser.parse_args().folder)
    console, rng = Console(width=120), np.random.default_rng(1)
    console.print(f"{len(labels):,} paintings, {artists.max() + 1:,} artists")
    head = ("spread", "false cases", "most", "interval covers", "false share", "power")
    table = Table(*head, title=f"{DRAWS} draws each; {PLANTED} oeuvres planted in the last two")
    for spread in (*SPREADS, None):
        clean = [judge(draw(labels, artists, spread, 0, rng), artists) for _ in range(DRAWS)]
        hit = [judge(draw(labels, artists, spread, PLANTED, rng), artists) for _ in range(DRAWS)]
        cases = [found for found, _, _ in clean]
        false = np.mean([(found - right) / max(found, 1) for found, right, _ in hit])
        power = np.mean([right / PLANTED for _, right, _ in hit])
        cover = np.mean([covered for _, _, covered in clean])
        figures = (np.mean(cases), np.max(cases), cover, false, power)
        name = "answers, drawn" if spread is None else str(spread)
        table.add_row(name, *(f"{figure:.3f}" for figure in figures))
    console.print(table)
    years, apart = load_years(parser.parse_args().folder), np.random.default_rng(2)
    told = [tell_stories(labels, artists, years, apart) for _ in range(DRAWS)]
    for name, counts in zip(("cases", ARGUABLE), zip(*told, strict=True), strict=True):
        console.print(
            f"nothing planted, answers drawn: {name} {np.mean(counts):.2f}, {max(counts)}"
        )
    console.print(build_ranking_table(years, labels, artists, rng))


def load_lists(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """(N,) styles and (N,) artists of the official lists."""
    table = _read(folder)
    slugs = table["path"].str.split("/").str[1].str.split("_").str[0]
    return table["style"].to_numpy(), pd.factorize(slugs)[0]


def load_years(folder: Path) -> np.ndarray:
    """(N,) years that the names end in; NaN where one does not."""
    years = _read(folder)["path"].str.extract(r"-(\d{4})\.jpg$")[0]
    return years.astype(float).to_numpy()


def _read(folder: Path) -> pd.DataFrame:
    parts = [
        pd.read_csv(folder / name, header=None, names=["path", "style"], encoding="latin-1")
        for name in ("style_train.csv", "style_val.csv")
    ]
    return pd.concat(parts, ignore_index=True)


def draw(
    labels: np.ndarray,
    artists: np.ndarray,
    spread: float | None,
    planted: int,
    rng: np.random.Generator,
) -> Drawn:
    """What a model sees that is right on some styles more often than on others."""
    if spread is None:
        return draw_moved(labels, artists, planted, rng)
    usual = rng.uniform(0.15, 0.6, labels.max() + 1)[labels]
    works = np.bincount(artists)
    mean = np.bincount(artists, usual) / works
    own = rng.beta(spread * mean, spread * (1 - mean)) - mean
    chances = np.clip(usual + own[artists], 0.001, 0.999)
    true = np.bincount(artists, chances) / works - mean
    chosen = rng.permutation(np.flatnonzero(works >= SETTINGS.min_works))[:planted]
    chances = np.where(np.isin(artists, chosen), SEEN_AWAY, chances)
    lags = LAG * (ndtri(chances) + rng.standard_normal(len(labels)))
    return Drawn(lags, labels, true, set(chosen.tolist()))


def draw_moved(
    labels: np.ndarray, artists: np.ndarray, planted: int, rng: np.random.Generator
) -> Drawn:
    """The unseen witness's answers; whole oeuvres filed under a style at random."""
    works, classes = np.bincount(artists), labels.max() + 1
    answers = draw_answers(labels, artists, UNSEEN, rng)
    chosen = rng.permutation(np.flatnonzero(works >= SETTINGS.min_works))[:planted]
    step = np.zeros(len(works), dtype=int)
    step[chosen] = rng.integers(1, classes, planted)
    moved = (labels + step[artists]) % classes
    nowhere = np.full(len(works), np.nan)
    return Drawn(compute_lags(answers, moved), moved, nowhere, set(chosen.tolist()))


def judge(drawn: Drawn, artists: np.ndarray) -> tuple[int, int, float]:
    """Cases found, those of them that were planted, and the share of intervals that cover."""
    alone, away = np.arange(len(artists)), (drawn.lags > 0).astype(float)
    table = compute_shifts(away, drawn.lags, drawn.labels, artists, alone, SETTINGS.min_works)
    is_case = [is_finding(row, SETTINGS) for row in table.to_dict("records")]
    found = set(table.index[is_case])
    true = drawn.shift[table.index]
    covered = ((table["shift_low"] <= true) & (true <= table["shift_high"]))[~np.isnan(true)]
    return len(found), len(found & drawn.planted), float(covered.mean())


def tell_stories(
    labels: np.ndarray, artists: np.ndarray, years: np.ndarray, rng: np.random.Generator
) -> tuple[int, int]:
    """How many artists are cases, and how many of them arguable, where nothing is planted."""
    count, classes = len(labels), int(labels.max()) + 1
    gallery = Gallery(
        tuple(f"Style {number}" for number in range(classes)),
        np.array([f"Artist {code}" for code in artists], dtype=object),
        artists,
        labels,
        draw_answers(labels, artists, UNSEEN, rng),
        np.full(count, np.nan),
        years,
        np.arange(count),
    )
    spans = compute_style_years(years, labels, artists, classes)
    kinds = find_artist_cases(gallery, spans, (), SETTINGS)["type"]
    return len(kinds), int((kinds == ARGUABLE).sum())


def build_ranking_table(
    years: np.ndarray, truth: np.ndarray, artists: np.ndarray, rng: np.random.Generator
) -> Table:
    """What the score ranks first: planted errors, and works unlike the rest of an oeuvre."""
    head = ("planted", "score", "AP", f"share of the top {TOP:,} outside the commonest style")
    answers, unseen = (draw_answers(truth, artists, alpha, rng) for alpha in (ANSWER, UNSEEN))
    right = [(each.argmax(axis=1) == truth).mean() for each in (answers, unseen)]
    table = Table(*head, title="accuracy {:.2f}, unseen {:.2f}".format(*right))
    for kind in ("nothing", "uniform", "confusion"):
        labels = move(truth, answers, kind, rng)
        outside = find_outside(labels, artists)
        table.add_section()
        table.add_row(kind, "all works", "", f"{outside.mean():.3f}")
        for name, score in rank(labels, answers, unseen, artists, years).items():
            top = np.argsort(-score, kind="stable")[:TOP]
            wrong = labels != truth
            found = f"{average_precision_score(wrong, score):.3f}" if wrong.any() else ""
            table.add_row(kind, name, found, f"{outside[top].mean():.3f}")
    return table


def draw_answers(
    truth: np.ndarray, artists: np.ndarray, alpha: float, rng: np.random.Generator
) -> np.ndarray:
    """(N, K) calibrated answers; each artist's works are drawn to styles of the artist's own."""
    shares = np.bincount(truth) / len(truth)
    taste = rng.standard_gamma(TASTE * shares, (artists.max() + 1, len(shares))) + 1e-6
    taste /= taste.sum(axis=1, keepdims=True)
    drawn = rng.standard_gamma(alpha * taste[artists] + np.eye(len(shares))[truth]) + 1e-9
    return drawn / drawn.sum(axis=1, keepdims=True)


def move(truth: np.ndarray, answers: np.ndarray, kind: str, rng: np.random.Generator) -> np.ndarray:
    """Labels with ``MOVED`` of them moved."""
    labels, classes = truth.copy(), answers.shape[1]
    if kind == "nothing":
        return labels
    odds = np.ones((classes, classes))
    if kind == "confusion":
        odds = np.zeros((classes, classes))
        np.add.at(odds, truth, answers)
    np.fill_diagonal(odds, 0)
    odds /= odds.sum(axis=1, keepdims=True)
    for row in rng.choice(len(labels), round(MOVED * len(labels)), replace=False):
        labels[row] = rng.choice(classes, p=odds[truth[row]])
    return labels


def find_outside(labels: np.ndarray, artists: np.ndarray) -> np.ndarray:
    """(N,) bool: the label is not the artist's commonest."""
    counts = np.zeros((artists.max() + 1, labels.max() + 1))
    np.add.at(counts, (artists, labels), 1)
    return np.asarray(counts.argmax(axis=1)[artists] != labels)


def rank(
    labels: np.ndarray,
    answers: np.ndarray,
    unseen: np.ndarray,
    artists: np.ndarray,
    years: np.ndarray,
) -> dict[str, np.ndarray]:
    """Scores, (N,) high is suspicious."""
    alone, classes = np.arange(len(labels)), answers.shape[1]
    loss = compute_losses(answers, labels)
    oeuvre = tally_oeuvre(labels, pool_answers(answers, unseen), artists, alone)
    odds = compute_period_odds(years, labels, artists, alone, classes)
    ours = compute_ranking(
        *(answers, labels, artists, alone, oeuvre, odds), settings=CHOSEN, witness=unseen
    )
    uncapped = compute_ranking(
        *(answers, labels, artists, alone, oeuvre, odds),
        settings=replace(CHOSEN, most_works=np.inf, established=np.inf, correlation=0.0),
        witness=unseen,
    )
    own = smooth_shares(oeuvre.labelled, oeuvre.prior)[alone, labels]
    return {
        "ours": ours.score,
        "ours, oeuvres without a cap": uncapped.score,
        "loss": loss,
        "loss, and how rare the label is in the oeuvre": loss - np.log(own),
    }


if __name__ == "__main__":
    main()
