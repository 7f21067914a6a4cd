"""Years that do not fit: works made before their style begins here, or after it ends."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from core.findings.oeuvre.other_works import part_unknown

MIN_DATED: Final = 20  # dated works that a style needs to have years
EDGE_SHARE: Final = 0.02  # of a style's works that may lie outside its years
EDGE_ARTISTS: Final = 3  # artists who must have painted it before it counts as begun


def compute_style_years(
    years: np.ndarray, labels: np.ndarray, artists: np.ndarray, classes: int
) -> pd.DataFrame:
    """When each style begins and ends in this collection; index 0..K-1.

    Columns ``dated`` (works), ``begins``, ``ends`` (years; NaN with fewer than ``MIN_DATED`` dated
    works or ``EDGE_ARTISTS`` artists). A style has begun once ``EDGE_ARTISTS`` artists and
    ``EDGE_SHARE`` of its works are there, so that neither a misdated work nor one artist's
    mislabelled oeuvre moves it; likewise its end. ``years`` (N,) float with NaN, ``labels`` (N,)
    with -1, ``artists`` (N,) with -1 for unknown, each of whom counts alone.
    """
    artist_ids = part_unknown(artists)
    table = np.full((classes, 2), np.nan)
    dated = np.zeros(classes, dtype=np.int32)
    for style in range(classes):
        rows = np.flatnonzero((labels == style) & ~np.isnan(years))
        dated[style] = len(rows)
        if len(rows) >= MIN_DATED and len(np.unique(artist_ids[rows])) >= EDGE_ARTISTS:
            table[style, 0] = _find_edge(years[rows], artist_ids[rows])
            table[style, 1] = -_find_edge(-years[rows], artist_ids[rows])
    return pd.DataFrame({"dated": dated, "begins": table[:, 0], "ends": table[:, 1]})


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
