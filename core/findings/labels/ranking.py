"""The ranking score: how likely a given label is to be wrong, from all the evidence.

Two hypotheses are weighed for each painting. *The oeuvre's labels are sound*: the picture, the year
and the labels of the artist's other works are three sources of evidence, whose odds multiply. *The
whole oeuvre is mislabelled*: those labels carry no evidence, and the model's predictions for the
other works replace them. The second hypothesis gains weight as the pictures of the other works
contradict their labels more than is usual for works of those styles, to a model that never saw the
artist: one that did has learned the wrong labels with the hand; and as more oeuvres of the
collection are so than artists who differ by nature explain. Under it both models speak, half each.

Without an artist and a year, the score orders as the loss by what the pictures say. The settings
were chosen on planted errors, with artists held out (bench/label_errors.py, bench/LOG.md). Sources:
product of experts (Hinton, 2002); ranking by loss (Northcutt et al., JAIR 2021; Kuan & Mueller,
2022).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from scipy.special import softmax

from core.errors import UserError
from core.findings.labels.losses import find_judged
from core.findings.oeuvre.excess import doubt_by_excess
from core.findings.oeuvre.other_works import Oeuvre, part_unknown, smooth_shares
from core.findings.several import list_entries, share_labels


@dataclass(frozen=True)
class RankingSettings:
    """How much each source of evidence counts. All at least 0; 0 leaves the source out.

    Exponents: ``oeuvre_labels`` and ``oeuvre_predictions``, of the labels of the artist's other
    works and of the model's predictions for them; ``years``, of the year; ``neighbours``, of the
    nearest works by others. ``floor``: the least probability of a style.
    ``correlation``: of the evidence of two works by one artist, so that no oeuvre counts against
    its labels as more than 1 / ``correlation`` works. ``most_works``: for a label a larger oeuvre
    counts as this many. ``established``: a style that so many other works carry is no rarer in the
    oeuvre than any other. A phase of a long career is no error.
    """

    oeuvre_labels: float = 1.2
    oeuvre_predictions: float = 2.0
    years: float = 1.0
    neighbours: float = 0.0
    floor: float = 1e-3
    correlation: float = 0.15
    most_works: float = 5.0
    established: float = 20.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value >= 0:
                raise UserError(
                    f"The ranking setting {field.name}", found=str(value), expected="0 or more"
                )


CHOSEN: Final = RankingSettings()
POOL_FLOOR: Final = 1e-3  # no model alone rules a style out
OWN_FLOOR: Final = 1e-2  # least probability in sums over an oeuvre: one work never decides alone
USUAL_WORKS: Final = 10.0  # works of a style at which its mean counts half


@dataclass(frozen=True)
class Ranking:
    """``score`` (N,) 0 to 1, high is suspicious; NaN where there is no label or no answer.

    The sources, (N, K) log odds of each style against its share of the collection, 0 is no
    evidence: ``picture`` (log probabilities), ``oeuvre_labels``, ``oeuvre_predictions``, ``years``,
    ``neighbours``. ``oeuvre_doubt`` (N,) 0 to 1: probability that the artist's other works are
    mislabelled, all of them.
    ``combined`` (N, K): probability of each style by all sources, rows sum to 1.
    """

    score: np.ndarray
    combined: np.ndarray
    picture: np.ndarray
    oeuvre_labels: np.ndarray
    oeuvre_predictions: np.ndarray
    years: np.ndarray
    neighbours: np.ndarray
    oeuvre_doubt: np.ndarray


def compute_ranking(
    probabilities: np.ndarray,
    labels: np.ndarray,
    artists: np.ndarray,
    duplicates: np.ndarray,
    oeuvre: Oeuvre,
    period_odds: np.ndarray,
    neighbour_odds: np.ndarray | None = None,
    settings: RankingSettings = CHOSEN,
    witness: np.ndarray | None = None,
    further: np.ndarray | None = None,
    accepted: np.ndarray | None = None,
) -> Ranking:
    """Ranks N paintings by how likely their given style is wrong.

    ``probabilities`` (N, K) of ``read_pictures``, zero rows where not scored; ``labels`` (N,)
    with -1 for none; ``artists`` (N,) with -1 for unknown; ``duplicates`` (N,) group ids of one
    picture's copies; ``oeuvre`` of ``tally_oeuvre``, by ``pool_answers``;
    ``period_odds`` and ``neighbour_odds`` (N, K) log odds, 0 where nothing is known. ``witness``
    (N, K) of ``choose_witness``: who says whether an oeuvre's labels are to be doubted; by default
    ``probabilities``. ``further`` (N, m): the other labels of works of several: the score is the
    probability that none of a work's labels is right, nor any that is ``accepted`` (N, m') with
    them; by default ``further`` alone.
    """
    accepted = further if accepted is None else accepted
    picture = np.log(np.maximum(probabilities, 0) + settings.floor)
    votes = oeuvre.works / np.maximum(oeuvre.labelled.sum(axis=1), 1)  # of each label of a work
    labelled = oeuvre.labelled * votes[:, None]
    oeuvre_labels = _weigh_oeuvre(labelled, oeuvre.prior, settings)
    oeuvre_predictions = _weigh_oeuvre(oeuvre.seen, oeuvre.prior, settings)
    neighbours = np.zeros_like(picture) if neighbour_odds is None else neighbour_odds
    base = picture + settings.years * period_odds + settings.neighbours * neighbours
    judged = find_judged(probabilities, labels)
    told = probabilities if witness is None else witness
    pooled = np.log(pool_answers(probabilities, told) + settings.floor)
    told = np.log(np.maximum(told, 0) + settings.floor)
    bare = softmax(base - picture + told, axis=1)
    against = weigh_oeuvres(bare, labels, judged, artists, duplicates, settings, further, accepted)
    doubt = doubt_oeuvres(against, artists)
    sound = softmax(base + settings.oeuvre_labels * oeuvre_labels, axis=1)
    seen = settings.oeuvre_predictions * oeuvre_predictions
    mislabelled = softmax(base - picture + pooled + seen, axis=1)
    combined = (1 - doubt)[:, None] * sound + doubt[:, None] * mislabelled
    return Ranking(
        score=np.where(judged, _sum_others(combined, labels, accepted), np.nan),
        combined=combined,
        picture=picture,
        oeuvre_labels=oeuvre_labels,
        oeuvre_predictions=oeuvre_predictions,
        years=period_odds,
        neighbours=neighbours,
        oeuvre_doubt=np.where(judged, doubt, 0.0),
    )


def choose_witness(probabilities: np.ndarray, unseen: np.ndarray | None) -> np.ndarray:
    """(N, K) answers ``unseen`` of another model, such as the one that never saw the artist;
    ``probabilities`` of the ordinary folds where it did not judge (zero rows), or is None.
    """
    if unseen is None:
        return probabilities
    judged = unseen.sum(axis=1, keepdims=True) > 0
    return np.asarray(np.where(judged, unseen, probabilities))


def read_pictures(probabilities: np.ndarray, plain: np.ndarray | None) -> np.ndarray:
    """(N, K) what the pictures say: the mean of the folds' ``probabilities`` and those of ``plain``
    models, who err about other paintings: a style that either of them sees is not ruled out. Zero
    rows stay so; ``plain`` may be None. Source: linear opinion pool (Stone, Annals of Mathematical
    Statistics 1961).
    """
    if plain is None:
        return probabilities
    both = (probabilities + choose_witness(probabilities, plain)) / 2
    return np.where(probabilities.sum(axis=1, keepdims=True) > 0, both, 0.0)


def pool_answers(probabilities: np.ndarray, witness: np.ndarray) -> np.ndarray:
    """(N, K) geometric mean of two models' answers, rows summing to 1 (0 where nobody judged).

    A style must be likely to both. Source: logarithmic opinion pools (Genest & Zidek, Statistical
    Science 1986).
    """
    both = np.sqrt((probabilities.clip(0) + POOL_FLOOR) * (witness.clip(0) + POOL_FLOOR))
    both /= both.sum(axis=1, keepdims=True)
    return np.where(probabilities.sum(axis=1, keepdims=True) > 0, both, 0.0)


def _weigh_oeuvre(counts: np.ndarray, prior: np.ndarray, settings: RankingSettings) -> np.ndarray:
    """(N, K) log odds by ``counts`` (N, K) of an artist's other works."""
    counts = np.minimum(counts, settings.established)
    totals = counts.sum(axis=1, keepdims=True)
    kept = counts * np.minimum(1, settings.most_works / np.maximum(totals, 1e-9))
    odds: np.ndarray = np.log(smooth_shares(kept, prior) / prior)
    return odds


def doubt_oeuvres(evidence: np.ndarray, artists: np.ndarray) -> np.ndarray:
    """(N,) 0 to 1: probability that the artist's other works are mislabelled, all of them.

    ``evidence`` (N,) of ``weigh_oeuvres``, against how artists differ by nature.
    """
    doubt = np.zeros(len(evidence))
    asked = ~np.isnan(evidence)
    doubt[asked] = doubt_by_excess(evidence[asked], artists[asked])
    return doubt


def weigh_oeuvres(
    probabilities: np.ndarray,
    labels: np.ndarray,
    judged: np.ndarray,
    artists: np.ndarray,
    duplicates: np.ndarray,
    settings: RankingSettings = CHOSEN,
    further: np.ndarray | None = None,
    accepted: np.ndarray | None = None,
) -> np.ndarray:
    """(N,) nats: how strongly the artist's other works, together, contradict their labels.

    Log odds of the one style that suits the other works best against the given labels, summed over
    them, less what other artists' works of those styles usually show, corrected for the correlation
    of works by one artist. The painting itself has no say: one wrong label among right ones does
    not make its oeuvre doubtful, and so is still accused by it. Copies of a picture share one vote.
    NaN for an artist with one work: there is no oeuvre to doubt. Of several labels all hold
    together: none speaks against another. ``accepted`` as ``compute_ranking`` has it.
    """
    accepted = further if accepted is None else accepted
    logs = np.log(share_labels(probabilities, labels, accepted) + OWN_FLOOR)
    rows = np.flatnonzero(judged)
    against = logs[rows] - logs[rows, labels[rows]][:, None]
    also = None if further is None else further[rows]
    places, every = list_entries(labels[rows], also)
    against[places, every] = 0
    against -= _expect_usual(against, places, every, artists[rows])
    evidence = np.full(len(labels), np.nan)
    has_artist = artists[rows] >= 0
    known, against = rows[has_artist], against[has_artist]
    count = int(artists.max(initial=-1)) + 1
    picture, votes = _share_votes(artists[known], duplicates[known])
    against *= votes[:, None]
    own = _sum_rows(against, picture, int(picture.max(initial=-1)) + 1)[picture]
    others = _sum_rows(against, artists[known], count)[artists[known]] - own
    works = np.bincount(artists[known], votes, minlength=count)[artists[known]] - 1
    alike = 1 + (works - 1).clip(0) * settings.correlation
    evidence[known] = np.where(works > 0.5, others.max(axis=1) / alike, np.nan)
    return evidence


def _share_votes(artists: np.ndarray, duplicates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n,) ids of the pictures, from 0 up, and (n,) one over the number of each one's copies."""
    _, picture, copies = np.unique(
        np.stack([artists, duplicates], axis=1), axis=0, return_inverse=True, return_counts=True
    )
    picture = picture.ravel()
    return picture, 1 / copies[picture]


def _expect_usual(
    against: np.ndarray, rows: np.ndarray, labels: np.ndarray, artists: np.ndarray
) -> np.ndarray:
    """(n, K): mean of ``against`` over other artists' works of the same style, 0 at least.

    ``rows`` and ``labels`` (E,) of ``list_entries``: of a work's several styles the mean.
    """
    count, classes = against.shape
    _, own = np.unique(part_unknown(artists)[rows] * classes + labels, return_inverse=True)
    own_count = int(own.max(initial=-1)) + 1
    each = against[rows]
    sums = _sum_rows(each, labels, classes)[labels] - _sum_rows(each, own, own_count)[own]
    works = np.bincount(labels, minlength=classes)[labels] - np.bincount(own)[own]
    usual: np.ndarray = np.maximum(sums / (works + USUAL_WORKS)[:, None], 0)
    if len(rows) > count:
        usual = _sum_rows(usual, rows, count) / np.bincount(rows, minlength=count)[:, None]
    return usual


def _sum_rows(values: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """(count, K): sum of ``values`` (n, K) over the rows of each group."""
    columns = [np.bincount(groups, column, minlength=count) for column in values.T]
    return np.stack(columns, axis=1)


def _sum_others(
    shares: np.ndarray, labels: np.ndarray, further: np.ndarray | None = None
) -> np.ndarray:
    """(N,) probability of all styles but the given ones, 0 to 1.

    The sum distinguishes values that ``1 - p`` would round to the same number.
    """
    others = shares.copy()
    rows, every = list_entries(labels, further)
    others[rows, np.maximum(every, 0)] = 0
    wrong: np.ndarray = others.sum(axis=1).clip(0, 1)
    return wrong
