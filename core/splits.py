"""Seeded folds, stratified by style; a group is never split."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold

from core.fold_codes import LEFT_OUT, NOT_SCORED

BUNDLES: Final = 100  # of single paintings a stratum that are dealt to the folds


def build_groups(*memberships: np.ndarray) -> np.ndarray:
    """Group ids (N,) int64 such that rows that share an id in any membership share a group.

    Each membership is (N,), ids of any hashable kind; null means no membership.
    """
    count = len(memberships[0])
    rows, nodes, offset = [], [], count
    for membership in memberships:
        codes = pd.factorize(pd.Series(membership), use_na_sentinel=True)[0]
        known = np.flatnonzero(codes >= 0)
        rows.append(known)
        nodes.append(codes[known] + offset)
        offset += int(codes.max(initial=-1)) + 1
    row, node = np.concatenate(rows), np.concatenate(nodes)
    graph = coo_array((np.ones(len(row), dtype=bool), (row, node)), shape=(offset, offset))
    groups: np.ndarray = connected_components(graph, directed=False)[1][:count]
    return groups.astype(np.int64)


def join_groups(groups: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Group ids (N,) int64 such that rows of one group share one, and so do the two of each pair.

    ``groups`` (N,) ids; ``pairs`` (P, 2) rows.
    """
    shape = (len(groups), len(groups))
    links = coo_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=shape)
    return build_groups(groups, connected_components(links, directed=False)[1])


def assign_folds(strata: np.ndarray, groups: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Fold (N,) int8 of each row, 0 to folds-1; a group lies in one fold, strata are balanced.

    ``strata`` (N,) class indices, -1 for none. No fold is empty. Classes smaller than the number of
    folds are in some folds only. Raises ``ValueError`` when there are fewer groups than folds.
    """
    if (separate := len(np.unique(groups))) < folds:
        raise ValueError(f"{separate} groups cannot fill {folds} folds")
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    fold = np.full(len(strata), NOT_SCORED, dtype=np.int8)
    bundles = _bundle_singles(strata, groups, seed)
    for number, (_, held_out) in enumerate(
        splitter.split(strata, _merge_rare(strata, folds), bundles)
    ):
        fold[held_out] = number
    return _fill_empty(fold, groups, folds)


def _fill_empty(fold: np.ndarray, groups: np.ndarray, folds: int) -> np.ndarray:
    """``fold`` with a group in each: the splitter balances classes, and may leave a fold empty
    where there are few more groups than folds. Moves the smallest group of the fullest fold.
    """
    for number in np.setdiff1d(np.arange(folds), fold):
        _, first, sizes = np.unique(groups, return_index=True, return_counts=True)
        fullest = np.bincount(fold[first]).argmax()
        candidates = np.flatnonzero(fold[first] == fullest)
        moved = candidates[sizes[candidates].argmin()]
        fold[groups == groups[first[moved]]] = number
    return fold


def _bundle_singles(strata: np.ndarray, groups: np.ndarray, seed: int) -> np.ndarray:
    """Groups (N,) that join single paintings of a stratum into at most ``BUNDLES`` bundles. The
    splitter's time grows with the number of groups: a minute for WikiArt's 80,000.
    """
    _, codes, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    single = np.flatnonzero(sizes[codes] == 1)
    shuffled = np.random.default_rng(seed).permutation(single)
    place = pd.Series(shuffled).groupby(strata[shuffled]).cumcount().to_numpy() % BUNDLES
    names, stratum = np.unique(strata[shuffled], return_inverse=True)
    bundles = codes + BUNDLES * len(names)
    bundles[shuffled] = stratum * BUNDLES + place
    return bundles


def _merge_rare(strata: np.ndarray, folds: int) -> np.ndarray:
    """Merges strata with fewer rows than folds; joins them to the largest if still too few."""
    names, codes, counts = np.unique(strata, return_inverse=True, return_counts=True)
    rare = counts < folds
    place = np.where(rare, len(names), np.arange(len(names)))
    if counts[rare].sum() < folds:
        place[rare] = counts.argmax()
    return place[codes]


def assign_official(split: pd.Series, groups: np.ndarray) -> np.ndarray:
    """Fold (N,) int8 for the official split: its validation list is fold 0, its train list -1.

    Paintings in neither list, and those that share a group with a validation painting, are left out
    of training (-2).
    """
    scored = (split == "val").to_numpy(dtype=bool)
    known = (split == "train").to_numpy(dtype=bool) & ~np.isin(groups, groups[scored])
    return np.select([scored, known], [0, NOT_SCORED], default=LEFT_OUT).astype(np.int8)


def hold_out_validation(
    strata: np.ndarray, groups: np.ndarray, rows: np.ndarray, share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """``rows`` split into (training, validation), about ``share`` of them in the second. No class
    is held out entirely, since it could not be learned. The second is empty where nothing labelled
    may be separated from the rest: such a part would say nothing.
    """
    separate = len(np.unique(groups[rows]))
    parts = min(max(2, round(1 / share)), separate)
    if separate < 2:
        return rows, rows[:0]
    held_out = assign_folds(strata[rows], groups[rows], parts, seed) == 0
    classes = strata[rows]
    whole = held_out & (classes >= 0) & ~np.isin(classes, classes[~held_out])
    held_out &= ~np.isin(groups[rows], groups[rows[whole]])
    held_out &= (classes[held_out] >= 0).any()
    return rows[~held_out], rows[held_out]
