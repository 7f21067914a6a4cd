"""Years that do not fit: works made before their style begins here, or after it ends."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from core.findings.oeuvre.other_works import part_unknown

MIN_DATED: Final = 20  # dated works that a style needs to have years
EDGE_SHARE: Final = 0.05  # of a style's works that may lie outside its years
EDGE_ARTISTS: Final = 2  # artists who must have painted it before it counts as begun
LEAST_DATED: Final = 0.5  # of a style's works: the years of fewer say nothing of the style


def compute_style_years(
    years: np.ndarray,
    labels: np.ndarray,
    artists: np.ndarray,
    classes: int,
    doubted: np.ndarray | None = None,
) -> pd.DataFrame:
    """When each style begins and ends in this collection; index 0..K-1.

    Columns ``works``, ``dated`` (of them), ``begins``, ``ends`` (years; NaN where fewer than
    ``MIN_DATED`` works or ``LEAST_DATED`` of all are dated, or so few artists that it would end
    before it began). A style has begun once ``EDGE_ARTISTS`` artists and ``EDGE_SHARE`` of its
    works are there, so that neither a wrong label, nor a misdated work, nor one artist's
    mislabelled oeuvre moves it far; likewise its end. Works whose label is ``doubted`` (N,) bool
    have no part in the ends.
    ``years`` (N,) float with NaN, ``labels`` (N,) with -1, ``artists`` (N,) with -1 for unknown,
    each of whom counts alone.
    """
    artist_ids = part_unknown(artists)
    sound = np.ones(len(years), dtype=bool) if doubted is None else ~doubted
    table = np.full((classes, 2), np.nan)
    works, dated = np.zeros((2, classes), dtype=np.int32)
    for style in range(classes):
        mine = labels == style
        works[style], dated[style] = mine.sum(), (mine & ~np.isnan(years)).sum()
        rows = np.flatnonzero(mine & ~np.isnan(years) & sound)
        if dated[style] < LEAST_DATED * works[style] or len(rows) < MIN_DATED:
            continue
        if len(np.unique(artist_ids[rows])) >= EDGE_ARTISTS:
            begins = _find_edge(years[rows], artist_ids[rows])
            ends = -_find_edge(-years[rows], artist_ids[rows])
            table[style] = (begins, ends) if begins <= ends else np.nan
    edges = {"begins": table[:, 0], "ends": table[:, 1]}
    return pd.DataFrame({"works": works, "dated": dated, **edges})


def compute_anachronism(
    years: np.ndarray, styles: np.ndarray, style_years: pd.DataFrame
) -> np.ndarray:
    """(N,) years outside a style's span: below 0 too early, above 0 too late, 0 within it.

    ``styles`` (N,) the style asked about, -1 for none. NaN where the painting is undated or the
    style has too few dated works.
    """
    known = np.maximum(styles, 0)
    begins, ends = style_years["begins"].to_numpy()[known], style_years["ends"].to_numpy()[known]
    outside = np.minimum(years - begins, 0) + np.maximum(years - ends, 0)
    return np.where(styles >= 0, outside, np.nan)


def _find_edge(years: np.ndarray, artist_ids: np.ndarray) -> float:
    """The year by which enough artists and works have appeared."""
    order = np.argsort(years, kind="stable")
    _, first = np.unique(artist_ids[order], return_index=True)
    by_artists = int(np.sort(first)[EDGE_ARTISTS - 1])
    by_works = int(np.ceil(EDGE_SHARE * len(years))) - 1
    return float(years[order][max(by_artists, by_works)])
