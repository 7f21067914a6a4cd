"""Whose hand: what a picture, its year and the nearest works say of the artist who is named.

A label is doubted by a likelihood ratio. The artist head gives each hand a chance, which hands with
many works share in largely by their number; so the named hand's odds are held against its share of
the collection, and the doubt is the probability that the attribution is wrong where one in
``WRONG`` of all is. Works under reserve ("Workshop of ...") were taught to nobody: of them only the
nearest hand is told. Where a hand has too few works, or a picture is unlike anything here, nothing
is said. The settings were chosen on planted swaps (bench/attributions.py, bench/LOG.md).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.special import expit

from core.collection.reading.attribution import Attribution, parse_attribution
from core.findings.evidence import Hands, TaskEvidence
from core.findings.labels.neighbour_evidence import PRIOR_NEIGHBOURS
from core.findings.labels.periods import PRIOR_WORKS, SPREAD_YEARS
from core.findings.novelty import UNLIKE

WRONG: Final = 20  # attributions of which one is taken to be wrong before a picture is looked at
FEWEST_WORKS: Final = 8  # pictures by a hand from which anything is said of it
NEAREST_WEIGHT: Final = 0.3  # of the nearest works, which the head has seen too
CANDIDATES: Final = 8  # hands that the model finds likeliest, among which the others are weighed
FLOOR: Final = 1e-3  # no model alone rules a hand out
DOUBTED: Final = 0.5
BLOCK_ROWS: Final = 8_192  # works whose hands are sorted at once


def judge_attributions(
    hands: Hands, years: np.ndarray, duplicates: np.ndarray, near: np.ndarray, novelty: np.ndarray
) -> pd.DataFrame:
    """A row a work: ``attribution``, one of ``wording.STATES``, null where nobody is named, or
    where no fold looked at a work that is not under reserve; ``attribution_doubt``, 0 to 1, null
    where it cannot be said or is under reserve; ``attribution_hand``, the likeliest hand but the
    one named, null where it cannot be said; ``attribution_hand_share`` and ``attribution_share``,
    0 to 1, by all evidence, of that hand and
    of the named one; ``attribution_works``: pictures by the named artist here, without this one.

    ``years`` (N,) float with NaN, ``duplicates`` (N,) ids of one picture's copies, ``near`` (N, k)
    rows of the nearest works that the fold learned from, -1 for none, ``novelty`` (N,) with NaN.
    """
    task = hands.task
    made = _read_makers(hands)
    named, is_reserved, is_named = _read_names(hands, made)
    is_own = task.labels >= 0
    pictures = _count_pictures(task.labels, duplicates, len(task.classes))
    unlearned = _count_unlearned(made, named, duplicates)
    works = np.where(named >= 0, pictures[np.maximum(named, 0)] - is_own, unlearned)
    share, other, other_share = _weigh(task, named, years, duplicates, near)
    can_tell = task.is_scored & ~(novelty >= UNLIKE)
    is_judged = can_tell & is_own & (works >= FEWEST_WORKS - 1)
    prior = _compute_prior(task.labels, len(task.classes))
    doubt = _doubt(share, prior[np.maximum(named, 0)])
    is_named &= is_own | (
        named < 0
    )  # of a label that was not learned, for a verdict's sake, nothing
    state = np.select(
        [is_reserved, ~is_named | ~task.is_scored, ~is_judged, doubt >= DOUBTED],
        ["under reserve", "", "too few to say", "in doubt"],
        "as named",
    )
    is_told = is_judged | (is_reserved & can_tell)
    names = np.array([*task.classes, None], dtype=object)
    return pd.DataFrame(
        {
            "attribution": pd.Series(state, dtype="str").mask(state == ""),
            "attribution_doubt": np.where(is_judged, doubt, np.nan),
            "attribution_hand": pd.Series(names[np.where(is_told, other, -1)], dtype="str"),
            "attribution_hand_share": np.where(is_told, other_share, np.nan),
            "attribution_share": np.where(is_told, share, np.nan),
            "attribution_works": works.clip(0),
        }
    )


def _read_makers(hands: Hands) -> list[Attribution]:
    nobody = Attribution("unknown", None)
    return [parse_attribution(n) if isinstance(n, str) else nobody for n in hands.printed]


def _read_names(hands: Hands, made: list[Attribution]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N,) class of the person whom each work is by or linked to, -1 for none that was learned;
    (N,) bool, the reserve; (N,) bool, anybody is named.
    """
    places = {name: place for place, name in enumerate(hands.task.classes)}
    linked = np.array([places.get(each.artist or "", -1) for each in made], dtype=np.int64)
    is_named = np.array([each.artist is not None for each in made], dtype=bool)
    is_by = np.array([each.relation == "by" for each in made], dtype=bool)
    own = hands.task.labels
    return np.where(own >= 0, own, linked), is_named & ~is_by & (own < 0), is_named


def _count_unlearned(
    made: list[Attribution], named: np.ndarray, duplicates: np.ndarray
) -> np.ndarray:
    """(N,) other pictures by an artist of too few works to be learned; 0 for all others."""
    names = pd.Series([each.artist for each in made], dtype="str").mask(named >= 0)
    is_by = np.array([each.relation == "by" for each in made], dtype=bool)
    own = pd.DataFrame({"name": names, "picture": duplicates})[is_by & names.notna()]
    pictures = own.drop_duplicates()["name"].value_counts()
    counted = names.map(pictures).fillna(0).to_numpy(dtype=np.int64)
    return np.asarray(counted - (is_by & (counted > 0)))


def _count_pictures(labels: np.ndarray, duplicates: np.ndarray, classes: int) -> np.ndarray:
    """(K,) different pictures by each hand."""
    known = labels >= 0
    pictures = np.unique(np.stack([labels[known], duplicates[known]], axis=1), axis=0)
    return np.bincount(pictures[:, 0], minlength=classes)


def _weigh(
    task: TaskEvidence,
    named: np.ndarray,
    years: np.ndarray,
    duplicates: np.ndarray,
    near: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N,) share of the named hand by all evidence, the likeliest other one, and its share.

    Only the ``CANDIDATES`` likeliest hands and the named one are weighed; the others keep what the
    head gives them.
    """
    classes = len(task.classes)
    most = min(CANDIDATES, classes)
    top = _find_likeliest(task.probabilities, most)
    asked = np.column_stack([np.maximum(named, 0), top])  # (N, m)
    is_asked = np.ones(asked.shape, dtype=bool)
    is_asked[:, 0] = named >= 0
    is_asked[:, 1:] = top != named[:, None]
    chances = np.take_along_axis(task.probabilities, asked, axis=1)
    prior = _compute_prior(task.labels, classes)
    odds = _weigh_years(task.labels, years, duplicates, asked, prior)
    odds += NEAREST_WEIGHT * _weigh_nearest(task.labels, near, asked, prior)
    weighed = np.where(is_asked, (chances + FLOOR) * np.exp(odds), 0.0)
    rest = 1 - np.where(is_asked, chances, 0).sum(axis=1) + FLOOR * (classes - most)
    shares = weighed / (weighed.sum(axis=1) + rest.clip(0))[:, None]
    others = shares.copy()
    others[:, 0] = np.where(named >= 0, 0, -1)
    place = others.argmax(axis=1)[:, None]
    best = np.take_along_axis(asked, place, axis=1)[:, 0]
    is_reserved = (named >= 0) & (task.labels < 0) & (shares[:, 0] >= others.max(axis=1))
    other = np.where(is_reserved, named, best)  # under reserve the hand named may be the nearest
    share = np.where(is_reserved, shares[:, 0], others.max(axis=1))
    return np.where(named >= 0, shares[:, 0], np.nan), other, share


def _find_likeliest(probabilities: np.ndarray, most: int) -> np.ndarray:
    """(N, ``most``) classes of the highest ``probabilities`` (N, K) of each row, in any order.

    By blocks: places of a thousand hands for a million works would take twice what the chances do.
    """
    likeliest = np.empty((len(probabilities), most), dtype=np.int64)
    for start in range(0, len(probabilities), BLOCK_ROWS):
        some = slice(start, start + BLOCK_ROWS)
        likeliest[some] = np.argpartition(-probabilities[some], most - 1, axis=1)[:, :most]
    return likeliest


def _weigh_years(
    labels: np.ndarray,
    years: np.ndarray,
    duplicates: np.ndarray,
    asked: np.ndarray,
    prior: np.ndarray,
) -> np.ndarray:
    """(N, m) log of how much commoner each hand is around the work's year than in any year.

    Of other pictures alone, each copy in part; kernel and prior as of ``compute_period_odds``.
    """
    odds = np.zeros(asked.shape)
    dated = np.flatnonzero(~np.isnan(years) & (labels >= 0))
    rows = np.flatnonzero(~np.isnan(years))
    if not len(dated):
        return odds
    pictures = pd.Series(1, index=dated).groupby([duplicates[dated], labels[dated]])
    parts = 1 / pictures.transform("size").to_numpy()
    known, at = np.unique(years[dated], return_inverse=True)
    counts = np.zeros((len(known), len(prior)))
    np.add.at(counts, (at, labels[dated]), parts)
    listed, place = np.unique(years[rows], return_inverse=True)
    sums = (1 / (1 + ((listed[:, None] - known) / SPREAD_YEARS) ** 2)) @ counts  # (Y, K)
    found = sums[place[:, None], asked[rows]]
    total = sums.sum(axis=1)[place]
    is_own = asked[rows] == labels[rows][:, None]
    found = np.maximum(found - is_own, 0)  # its own picture, made in its own year
    total = np.maximum(total - (labels[rows] >= 0), 0)
    usual = prior[asked[rows]]
    share = (found + PRIOR_WORKS * usual) / (total + PRIOR_WORKS)[:, None]
    odds[rows] = np.log(share / usual)
    return odds


def _weigh_nearest(
    labels: np.ndarray, near: np.ndarray, asked: np.ndarray, prior: np.ndarray
) -> np.ndarray:
    """(N, m) log odds of each hand among the nearest works of a known hand."""
    found = np.where(near >= 0, labels[near], -1)
    hits = np.stack([(found == each[:, None]).sum(axis=1) for each in asked.T], axis=1)
    total = (found >= 0).sum(axis=1)[:, None]
    usual = prior[asked]
    share = (hits + PRIOR_NEIGHBOURS * usual) / (total + PRIOR_NEIGHBOURS)
    return np.asarray(np.log(share / usual))


def _compute_prior(labels: np.ndarray, classes: int) -> np.ndarray:
    """(K,) share of each hand among the works of known hands."""
    works = np.bincount(labels[labels >= 0], minlength=classes) + 0.5
    return np.asarray(works / works.sum())


def _doubt(share: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """(N,) probability that the named hand is wrong: its ``share`` against its ``prior``."""
    least = np.nan_to_num(share, nan=0.5).clip(1e-9, 1 - 1e-9)
    against = np.log((1 - least) / least) - np.log((1 - prior) / prior)
    doubt: np.ndarray = expit(against - np.log(WRONG - 1))
    return doubt
