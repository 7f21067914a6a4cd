"""What a doubtful painting is compared with: works of its artist, and of both styles by others."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.collection.reading.attribution import parse_attribution
from dashboard.runs.open_run import OpenRun

SHOWN: Final = 3  # works of a kind

Rows = np.ndarray  # (n,) rows, the most similar first


def find_own(opened: OpenRun, row: int, label: str | None, count: int = SHOWN) -> Rows:
    """The artist's other works labelled ``label``, copies of the painting left out."""
    artist = _find_artist(opened, row)
    if artist is None or label is None:
        return np.array([], dtype=int)
    works = opened.find_works(artist)
    same = works[opened.has_label(label)[works]]
    return _sort(opened, row, same, count)


def find_hand(opened: OpenRun, row: int, artist: str, count: int = SHOWN) -> Rows:
    """Other works by ``artist``, copies of the painting left out."""
    return _sort(opened, row, opened.find_works(artist), count)


def find_others(opened: OpenRun, row: int, label: str | None, count: int = SHOWN) -> Rows:
    """Works labelled ``label`` by other artists; those by nobody known count as others'."""
    if label is None:
        return np.array([], dtype=int)
    artist = _find_artist(opened, row)
    keep = opened.has_label(label)
    if artist is not None:
        keep = keep & (opened.table["artist"].astype(object) != artist).to_numpy(dtype=bool)
    return _sort(opened, row, np.flatnonzero(keep), count)


def _find_artist(opened: OpenRun, row: int) -> str | None:
    printed = opened.table["artist"].iloc[row]
    return parse_attribution(printed).artist if isinstance(printed, str) else None


def _sort(opened: OpenRun, row: int, rows: Rows, count: int) -> Rows:
    """The ``count`` of ``rows`` that are most similar to ``row``, itself and copies left out."""
    rows = np.setdiff1d(rows, [row, *opened.find_copies(row)])
    embeddings = opened.run.embeddings
    likeness = embeddings[rows] @ embeddings[row]
    return rows[np.argsort(-likeness, kind="stable")[:count]]
