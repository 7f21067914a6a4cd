"""Copies of one picture, verified pair by pair, and copies whose labels disagree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.findings.copies.borders import find_borders, trim_borders
from core.findings.copies.likeness import compute_likeness
from core.findings.neighbours import even_out, find_nearest, find_neighbours
from core.findings.several import put_together

NONE: Final = -1
ALL_PAIRS_UP_TO: Final = 12  # of a larger group each picture is paired with the first only
SURE_LIKENESS: Final = 0.95  # of two thumbnails, to call two pictures one without a like hash
HASH_LIKENESS: Final = 0.92  # where the hashes are alike as well
CLOSE_SHARE: Final = 1e-3  # of random pairs that lie as close in the embedding: near enough
RANDOM_PAIRS: Final = 20_000
CLOSE_NEIGHBOURS: Final = 5
SMALL: Final = 8  # pixels a side, in which pictures without their borders are searched for


@dataclass(frozen=True)
class Duplicates:
    """``group`` (N,): paintings with one picture share a number; -1 for none.

    ``pairs``: ``left`` < ``right`` (rows), ``by_hash`` (the perceptual hash finds them alike),
    ``similarity`` (cosine, -1 to 1), ``likeness`` (of thumbnails, -1 to 1), ``verified``,
    ``labels_disagree``. NaN for what was not given. ``labels_disagree`` (N,) bool: a verified
    copy carries another label. ``twins`` (N,) object: as ``find_twins``.
    """

    group: np.ndarray
    pairs: pd.DataFrame
    labels_disagree: np.ndarray
    twins: np.ndarray


def find_duplicates(
    keys: pd.Series,
    labels: np.ndarray,
    hash_groups: np.ndarray,
    embeddings: np.ndarray | None = None,
    neighbours: np.ndarray | None = None,
    thumbnails: np.ndarray | None = None,
    by_sight: np.ndarray | None = None,
    further: np.ndarray | None = None,
    broader: np.ndarray | None = None,
) -> Duplicates:
    """Verifies the groups found by perceptual hash, and adds copies that only the embedding finds.

    A pair of one hash group is confirmed by its thumbnails (``HASH_LIKENESS``) or, without them or
    where they are blank, by lying closer in the embedding than nearly all random pairs. A pair of
    close neighbours with other hashes (a border, a crop) must have thumbnails alike
    (``SURE_LIKENESS``). Without embeddings and thumbnails, the hash decides. ``hash_groups``
    (N,), ``embeddings`` (N, D) L2-normalised, ``neighbours`` (N, k), ``thumbnails`` (N, S, S, 3)
    uint8. ``by_sight`` (P, 2): what ``find_by_sight`` found before, in other features. ``further``
    (N, m): the other labels of works of several, in any order. ``broader`` (K, K) bool: labels of
    which one is a broader term than the other do not disagree.
    """
    by_hash = _pair_groups(hash_groups)
    seen = np.empty((0, 2), dtype=np.int64) if by_sight is None else by_sight
    if thumbnails is not None and embeddings is not None and neighbours is not None:
        near = _pair_neighbours(neighbours, hash_groups)
        close = _compute_similarity(embeddings, near) >= _closeness(embeddings)
        seen = np.unique(np.concatenate([seen, near[close]]), axis=0)
    pairs = np.concatenate([by_hash, seen])
    table = pd.DataFrame({"left": pairs[:, 0], "right": pairs[:, 1]})
    table["by_hash"] = np.arange(len(pairs)) < len(by_hash)
    table["similarity"] = _compute_similarity(embeddings, pairs)
    table["likeness"] = np.nan if thumbnails is None else compute_likeness(thumbnails, pairs)
    table["verified"] = _verify(table, embeddings)
    both = (labels[pairs] >= 0).all(axis=1)
    every = np.sort(put_together(labels, further), axis=1)
    differ = both & (every[pairs[:, 0]] != every[pairs[:, 1]]).any(axis=1)
    if broader is not None:
        differ[differ] = _find_apart(every[pairs[differ]], broader | broader.T)
    table["labels_disagree"] = differ
    table = table[table["by_hash"] | table["verified"]].reset_index(drop=True)
    return Duplicates(
        group=_group(table, len(labels)),
        pairs=table,
        labels_disagree=_mark(table[table["verified"] & table["labels_disagree"]], len(labels)),
        twins=find_twins(keys),
    )


def find_by_sight(
    features: np.ndarray,
    thumbnails: np.ndarray,
    hash_groups: np.ndarray,
    on_rows: Callable[[int], None] | None = None,
) -> np.ndarray:
    """(P, 2) int64 rows i < j that show one picture, cropped or framed, in different hash groups.

    ``features`` (N, C): any description of the pictures; ``thumbnails`` (N, S, S, 3) uint8;
    ``hash_groups`` (N,) ids. ``on_rows`` receives how many more were searched for. The thumbnails
    of all close neighbours are compared: how close a copy lies depends on the collection's size.
    A picture with a border looks for its neighbours without it as well, by its thumbnail: features
    take the border for a part of the picture.
    """
    neighbours, _ = find_neighbours(even_out(features), CLOSE_NEIGHBOURS, on_rows)
    framed = _pair_framed(thumbnails, hash_groups)
    pairs = np.unique(np.concatenate([_pair_neighbours(neighbours, hash_groups), framed]), axis=0)
    alike: np.ndarray = pairs[compute_likeness(thumbnails, pairs) >= SURE_LIKENESS]
    return alike


def find_twins(keys: pd.Series) -> np.ndarray:
    """(N,) object: the file name that occurs in two folders; None for other paintings. Names
    without ``_``, and files in no folder, are ignored.
    """
    parts = keys.astype("str").str.rpartition("/")
    names = parts[2].where((parts[0] != "") & parts[2].str.contains("_", regex=False))
    is_twin = names.notna() & names.duplicated(keep=False)
    return names.astype("object").where(is_twin, None).to_numpy()


def pair_twins(twins: np.ndarray) -> np.ndarray:
    """(P, 2) int64 rows i < j that bear one file name in different folders."""
    names = pd.factorize(twins)[0]
    return _pair_groups(np.where(names >= 0, names, -1 - np.arange(len(names))))


def _find_apart(labels: np.ndarray, kin: np.ndarray) -> np.ndarray:
    """(P,) bool: one of a pair has a label that the other has at no depth.

    ``labels`` (P, 2, m) of both, -1 for none; ``kin`` (K, K) bool.
    """
    left, right = labels[:, 0, :, None], labels[:, 1, None, :]
    same = ((left == right) | kin[left, right]) & (left >= 0) & (right >= 0)
    lacks = (~same.any(axis=2) & (labels[:, 0] >= 0)).any(axis=1)
    return np.asarray(lacks | (~same.any(axis=1) & (labels[:, 1] >= 0)).any(axis=1))


def _pair_groups(groups: np.ndarray) -> np.ndarray:
    """(P, 2) int64 pairs i < j within each group; of large groups the pairs with the first."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=groups.min(initial=0) - 1))
    parts = [np.empty((0, 2), dtype=np.int64)]
    for rows in np.split(order, starts[1:]):
        if 1 < len(rows) <= ALL_PAIRS_UP_TO:
            parts.append(rows[np.stack(np.triu_indices(len(rows), 1), axis=1)])
        elif len(rows) > 1:
            parts.append(np.stack([np.full(len(rows) - 1, rows[0]), rows[1:]], axis=1))
    return np.concatenate(parts)


def _pair_framed(thumbnails: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """(P, 2) int64 pairs i < j, each once: a picture with a border and one that is like its inside,
    whole or inside a border of its own, and in another hash group.
    """
    borders = find_borders(thumbnails)
    rows = np.flatnonzero(borders.any(axis=1))
    inside = _shrink(trim_borders(thumbnails[rows], borders[rows]))
    every = np.concatenate([_shrink(thumbnails), inside])
    sources = np.concatenate([np.arange(len(thumbnails)), rows])
    nearest, _ = find_nearest(inside, every, CLOSE_NEIGHBOURS + 1)  # one is the inside itself
    return _pair(rows, sources[nearest], groups)


def _shrink(thumbnails: np.ndarray) -> np.ndarray:
    """(N, 192) float32 unit rows: ``SMALL`` x ``SMALL`` colours without their mean."""
    count, side = thumbnails.shape[:2]
    tiles = thumbnails.reshape(count, SMALL, side // SMALL, SMALL, side // SMALL, 3)
    small = tiles.mean(axis=(2, 4), dtype=np.float32)
    small -= small.mean(axis=(1, 2), keepdims=True)
    vectors = small.reshape(count, 3 * SMALL**2)
    unit: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return unit


def _pair_neighbours(neighbours: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """(P, 2) int64 pairs i < j of close neighbours that no hash group holds, each once."""
    return _pair(np.arange(len(neighbours)), neighbours[:, :CLOSE_NEIGHBOURS], groups)


def _pair(rows: np.ndarray, others: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """(P, 2) int64 pairs i < j of each of ``rows`` (n,) with its ``others`` (n, k), each once."""
    near = others.astype(np.int64)
    left = np.repeat(rows, near.shape[1])
    pairs = np.unique(np.sort(np.stack([left, near.ravel()], axis=1), axis=1), axis=0)
    apart: np.ndarray = pairs[groups[pairs[:, 0]] != groups[pairs[:, 1]]]
    return apart


def _compute_similarity(embeddings: np.ndarray | None, pairs: np.ndarray) -> np.ndarray:
    similarity = np.full(len(pairs), np.nan)
    if embeddings is not None:
        for start in range(0, len(pairs), 65536):
            some = slice(start, start + 65536)
            left, right = embeddings[pairs[some, 0]], embeddings[pairs[some, 1]]
            similarity[some] = np.einsum("nd,nd->n", left.astype(np.float32), right)
    return similarity


def _closeness(embeddings: np.ndarray) -> float:
    """The similarity that only ``CLOSE_SHARE`` of random pairs reach."""
    rng = np.random.default_rng(0)
    pairs = rng.integers(len(embeddings), size=(RANDOM_PAIRS, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    if len(pairs) == 0:
        return 1.0
    return float(np.quantile(_compute_similarity(embeddings, pairs), 1 - CLOSE_SHARE))


def _verify(table: pd.DataFrame, embeddings: np.ndarray | None) -> np.ndarray:
    likeness, similarity = table["likeness"].to_numpy(), table["similarity"].to_numpy()
    if np.isnan(likeness).all() and embeddings is None:
        return table["by_hash"].to_numpy()
    close = similarity >= (_closeness(embeddings) if embeddings is not None else np.inf)
    compared = likeness != 0  # NaN: no thumbnails; 0: a blank picture, which looks like any other
    confirmed = np.where(compared & ~np.isnan(likeness), likeness >= HASH_LIKENESS, close)
    verified: np.ndarray = (table["by_hash"].to_numpy() & confirmed) | (likeness >= SURE_LIKENESS)
    return verified


def _group(table: pd.DataFrame, count: int) -> np.ndarray:
    """(N,) group ids over the verified pairs, -1 for pictures without a copy."""
    pairs = table.loc[table["verified"], ["left", "right"]].to_numpy()
    links = coo_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), (count, count))
    groups = connected_components(links, directed=False)[1]
    return np.where(np.bincount(groups)[groups] > 1, groups, NONE)


def _mark(pairs: pd.DataFrame, count: int) -> np.ndarray:
    marked = np.zeros(count, dtype=bool)
    marked[pairs[["left", "right"]].to_numpy().ravel()] = True
    return marked
