"""Cases at WikiArt's real sizes: how many are false where nothing is wrong, how many are found.

python -m bench.real_sizes [folder with the official label files]

The official style lists give artists and labels; whether a work is seen in another style is drawn:
each style has a usual rate (15 to 60 %), each artist one of its own around it (a beta
distribution, ``alpha + beta`` from 8, artists much unlike each other, to 80). Nothing planted, then
twelve oeuvres of five works or more, 85 % of which are seen elsewhere.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from core.findings.cases.kinds import CaseSettings
from core.findings.oeuvre.shift import compute_shifts

LABELS = Path(__file__).resolve().parents[2] / "shared" / "wikiart-labels"
DRAWS, PLANTED, SEEN_AWAY = 20, 12, 0.85
SPREADS = (8, 25, 80)
SETTINGS = CaseSettings()


@dataclass(frozen=True)
class Drawn:
    """``away`` (N,) 0 or 1; ``shift`` (A,) each artist's rate less the usual one; ``planted``."""

    away: np.ndarray
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
    for spread in SPREADS:
        clean = [
            judge(draw(labels, artists, spread, 0, rng), labels, artists) for _ in range(DRAWS)
        ]
        hit = [
            judge(draw(labels, artists, spread, PLANTED, rng), labels, artists)
            for _ in range(DRAWS)
        ]
        cases = [found for found, _, _ in clean]
        false = np.mean([(found - right) / max(found, 1) for found, right, _ in hit])
        power = np.mean([right / PLANTED for _, right, _ in hit])
        cover = np.mean([covered for _, _, covered in clean])
        figures = (np.mean(cases), np.max(cases), cover, false, power)
        table.add_row(str(spread), *(f"{figure:.3f}" for figure in figures))
    console.print(table)


def load_lists(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """(N,) styles and (N,) artists of the official lists."""
    parts = [
        pd.read_csv(folder / name, header=None, names=["path", "style"], encoding="latin-1")
        for name in ("style_train.csv", "style_val.csv")
    ]
    table = pd.concat(parts, ignore_index=True)
    slugs = table["path"].str.split("/").str[1].str.split("_").str[0]
    return table["style"].to_numpy(), pd.factorize(slugs)[0]


def draw(
    labels: np.ndarray, artists: np.ndarray, spread: float, planted: int, rng: np.random.Generator
) -> Drawn:
    """Answers of a model that is right on some styles more often than on others."""
    usual = rng.uniform(0.15, 0.6, labels.max() + 1)[labels]
    works = np.bincount(artists)
    mean = np.bincount(artists, usual) / works
    own = rng.beta(spread * mean, spread * (1 - mean)) - mean
    chances = np.clip(usual + own[artists], 0.001, 0.999)
    true = np.bincount(artists, chances) / works - mean
    chosen = rng.permutation(np.flatnonzero(works >= SETTINGS.min_works))[:planted]
    chances = np.where(np.isin(artists, chosen), SEEN_AWAY, chances)
    return Drawn((rng.random(len(labels)) < chances).astype(float), true, set(chosen.tolist()))


def judge(drawn: Drawn, labels: np.ndarray, artists: np.ndarray) -> tuple[int, int, float]:
    """Cases found, those of them that were planted, and the share of intervals that cover."""
    alone = np.arange(len(labels))
    table = compute_shifts(drawn.away, labels, artists, alone, SETTINGS.min_works)
    is_case = (table["q_value"] <= SETTINGS.rate) & (table["shift"] >= SETTINGS.min_shift)
    found = set(table.index[is_case])
    true = drawn.shift[table.index]
    covered = ((table["shift_low"] <= true) & (true <= table["shift_high"])).mean()
    return len(found), len(found & drawn.planted), float(covered)


if __name__ == "__main__":
    main()
