"""Agreement of reviewers beyond chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.reviews.entry import SETTLES
from core.reviews.majority import read_claims
from core.reviews.places import PLACE, find_places


@dataclass(frozen=True)
class Agreement:
    """``alpha``: Krippendorff's, -1 to 1, 1 is perfect, 0 is chance; NaN where all codes are the
    same.

    ``kappa``: Cohen's for each pair of reviewers, same scale. ``labels``: how many were judged by
    two reviewers or more, of several labels of a work each by itself; ``shared``: by each pair.
    """

    alpha: float
    kappa: dict[tuple[str, str], float]
    shared: dict[tuple[str, str], int]
    labels: int


def compute_agreement(standing: pd.DataFrame) -> Agreement:
    """Agreement of the verdicts in force on the same label, unsure ones included.

    A verdict and its proposed label form one code; right and remarkable are the same code. Sources:
    Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), nominal data; Cohen (1960).
    Who settles a disagreement has seen it, and counts for neither.
    """
    standing = standing[standing["settles"] != SETTLES]
    frame = find_places(standing).assign(reviewer=standing["reviewer"], said=_code(standing))
    ratings = frame.pivot_table(
        index=list(PLACE), columns="reviewer", values="said", aggfunc="last"
    )
    names = list(map(str, ratings.columns))
    pairs = [(a, b) for place, a in enumerate(names) for b in names[place + 1 :]]
    kappa, shared = {}, {}
    for left, right in pairs:
        both = ratings[[left, right]].dropna()
        if len(both):
            kappa[left, right] = compute_kappa(both[left].to_numpy(), both[right].to_numpy())
            shared[left, right] = len(both)
    counts = _count_codes(ratings)
    return Agreement(compute_alpha(counts), kappa, shared, int((counts.sum(axis=1) > 1).sum()))


def compute_alpha(counts: np.ndarray) -> float:
    """Krippendorff's alpha of ``counts`` (paintings, codes), how many reviewers gave each code."""
    counts = counts[counts.sum(axis=1) > 1].astype(float)
    if not len(counts):
        return float("nan")
    raters = counts.sum(axis=1)
    observed = ((raters**2 - (counts**2).sum(axis=1)) / (raters - 1)).sum()
    totals = counts.sum(axis=0)
    expected = (totals.sum() ** 2 - (totals**2).sum()) / (totals.sum() - 1)
    return float(1 - observed / expected) if expected else float("nan")


def compute_kappa(left: np.ndarray, right: np.ndarray) -> float:
    """Cohen's kappa of two reviewers' codes (n,); NaN where both use a single code."""
    codes = np.unique(np.concatenate([left, right]))
    shares = [np.array([(side == code).mean() for code in codes]) for side in (left, right)]
    chance = float(shares[0] @ shares[1])
    return float(((left == right).mean() - chance) / (1 - chance)) if chance < 1 else float("nan")


def _code(standing: pd.DataFrame) -> pd.Series:
    """The code of each verdict on the label that was judged first on its painting and task."""
    claims = read_claims(standing)
    first = standing["given"].fillna("").groupby([standing["key"], standing["task"]])
    is_first = claims["label"] == first.transform("first")
    other = claims["says"] + " " + claims["label"].where(~is_first, "it")
    return other.where(claims["says"].isin(("is", "is not")), claims["says"])


def _count_codes(ratings: pd.DataFrame) -> np.ndarray:
    """(paintings, codes) int64."""
    codes = pd.unique(pd.Series(ratings.to_numpy().ravel()).dropna())
    return np.stack(
        [(ratings == code).sum(axis=1).to_numpy() for code in codes] or [np.zeros(len(ratings))],
        axis=1,
    )
