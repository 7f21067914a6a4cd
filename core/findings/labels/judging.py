"""The labels of one collection under judgement: the evidence gathered, and the ranking from it."""

from __future__ import annotations

import numpy as np

from core.findings.labels.neighbour_evidence import compute_neighbour_odds
from core.findings.labels.periods import compute_period_odds
from core.findings.labels.ranking import (
    CHOSEN,
    Ranking,
    RankingSettings,
    choose_witness,
    compute_ranking,
    pool_answers,
    read_pictures,
)
from core.findings.oeuvre.other_works import Oeuvre, tally_oeuvre
from core.findings.several import list_entries


def judge_labels(
    probabilities: np.ndarray,
    labels: np.ndarray,
    artists: np.ndarray,
    years: np.ndarray,
    duplicates: np.ndarray,
    unseen: np.ndarray | None = None,
    plain: np.ndarray | None = None,
    counts_by_others: np.ndarray | None = None,
    settings: RankingSettings = CHOSEN,
    further: np.ndarray | None = None,
    accepted: np.ndarray | None = None,
) -> tuple[Oeuvre, Ranking]:
    """What the artists' other works say of N labels, and the ranking by all evidence.

    ``probabilities`` (N, K) out of fold, zero rows where not scored; ``labels`` (N,) with -1;
    ``artists`` as ``code_artists``; ``years`` (N,) float with NaN; ``duplicates`` (N,) group ids;
    ``unseen`` (N, K) of the witness that never saw the artist; ``plain`` (N, K) of plain models,
    out of fold: they judge the picture beside the folds' models. ``counts_by_others`` (N, K) of
    ``compute_neighbour_evidence``. ``further`` (N, m): the other labels of works of several, which
    count under each. ``accepted`` (N, m'): ``further`` and what is right of a work besides, by
    default ``further`` alone.
    """
    shown = read_pictures(probabilities, plain)
    witness = choose_witness(probabilities, unseen)
    pooled = pool_answers(shown, witness)
    oeuvre = tally_oeuvre(labels, pooled, artists, duplicates, further)
    count, classes = probabilities.shape
    rows, every = list_entries(labels, further)
    near = (
        None if counts_by_others is None else compute_neighbour_odds(counts_by_others, oeuvre.prior)
    )
    ranking = compute_ranking(
        shown,
        labels,
        artists,
        duplicates,
        oeuvre,
        compute_period_odds(years[rows], every, artists[rows], duplicates[rows], classes)[:count],
        near,
        settings,
        witness,
        further,
        accepted,
    )
    return oeuvre, ranking
