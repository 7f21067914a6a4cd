"""Progress of a review: labels judged, errors found, errors expected to remain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd

from core.collection.wording import count_of
from core.intervals import CONFIDENCE, NORMAL_REACH, compute_wilson
from core.reviews.places import find_places
from core.text import percent

PAUSE: Final = timedelta(minutes=10)  # a longer gap between verdicts ends a sitting
ENOUGH: Final = 25  # labels judged before shares and estimates are told
PACE_OVER: Final = 50  # latest verdicts that the pace is taken from
_SHIFTS: Final = np.linspace(-8, 8, 1601)  # of log odds, over which the posterior is summed
_PRIOR_SPREAD: Final = 2.0  # log odds: allows the score's odds a factor of 7 either way
_EDGE: Final = 1e-4  # no score counts as certain


@dataclass(frozen=True)
class Share:
    """``hits`` of ``count``, with its 95 % interval; all 0 to 1."""

    hits: int
    count: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Remaining:
    """How many wrong labels there may be among the paintings not judged; 95 % interval."""

    expected: float
    low: float
    high: float


def find_wrong(standing: pd.DataFrame) -> pd.Series:
    """Whether each label judged right or wrong is wrong to half of its reviewers; index: places.

    ``standing``: verdicts in force on one task.
    """
    told = standing[standing["verdict"].isin(("right", "outlier", "wrong"))]
    places = find_places(told)
    is_wrong = told["verdict"] == "wrong"
    share: pd.Series = is_wrong.groupby([places["key"], places["of_several"]]).mean()
    return share >= 0.5


def compute_precision(standing: pd.DataFrame) -> Share:
    """Wrong labels among those judged right or wrong (Wilson's interval)."""
    wrong = find_wrong(standing)
    hits, count = int(wrong.sum()), len(wrong)
    low, high = compute_wilson(hits, count)
    return Share(hits, count, hits / count if count else float("nan"), low, high)


def describe_precision(found: Share) -> str:
    """``"5 of 25 labels judged were wrong (20 %; 95 % interval 9 % to 39 %)"``."""
    return (
        f"{found.hits} of {count_of(found.count, 'label')} judged were wrong "
        f"({percent(found.value)}; 95 % interval {percent(found.low)} to {percent(found.high)})"
    )


def estimate_left(paintings: pd.DataFrame, standing: pd.DataFrame) -> Remaining:
    """Wrong labels among the ``paintings`` (key, score; NaN where not scored) not judged yet.

    ``standing``: verdicts in force on one task, those on other paintings aside. A score is that of
    all of a work's labels: it is wrong where all that were judged are.
    """
    scored = paintings[paintings["score"].notna()]
    wrong = find_wrong(standing[standing["key"].isin(scored["key"])]).groupby("key").min()
    scores = scored["score"].to_numpy(float)
    judged = scored["key"].isin(wrong.index).to_numpy()
    return estimate_remaining(
        scores[judged],
        wrong.loc[scored.loc[judged, "key"]].to_numpy(dtype=bool),
        scores[~scored["key"].isin(standing["key"]).to_numpy()],
    )


def describe_remaining(found: Remaining) -> str:
    """``"12 (3 to 25)"``."""
    return f"{found.expected:,.0f} ({found.low:,.0f} to {found.high:,.0f})"


def estimate_remaining(scores: np.ndarray, wrong: np.ndarray, unjudged: np.ndarray) -> Remaining:
    """Wrong labels among ``unjudged`` (m,), from how ``scores`` (n,) fared on judged paintings.

    Scores are 0 to 1, high is suspicious; ``wrong`` (n,) bool. The score is taken for a chance
    that is off by one shift of its log odds: the shift's posterior, under a normal prior about 0,
    is summed on a grid (recalibration in the large; Cox, 1958). Verdicts come from the top of the
    queue, so that the estimate trusts the score's order below it.
    """
    judged, open_ = _log_odds(scores), _log_odds(unjudged)
    chance = _expit(judged[:, None] + _SHIFTS)
    likelihood = np.where(wrong[:, None], np.log(chance), np.log1p(-chance)).sum(axis=0)
    posterior = likelihood - 0.5 * (_SHIFTS / _PRIOR_SPREAD) ** 2
    weights = np.exp(posterior - posterior.max())
    weights /= weights.sum()
    expected, spread = _sum_chances(open_)
    below = np.cumsum(weights)
    low, high = np.interp([0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2], below, expected)
    noise = NORMAL_REACH * np.sqrt(float(weights @ spread))
    return Remaining(float(weights @ expected), max(0.0, float(low - noise)), float(high + noise))


def measure_pace(times: pd.Series) -> float | None:
    """Median seconds between one reviewer's latest verdicts, pauses left out; None before two."""
    gaps = times.sort_values().diff().dropna()
    gaps = gaps[gaps <= PAUSE].tail(PACE_OVER)
    return float(gaps.dt.total_seconds().median()) if len(gaps) else None


def measure_streak(times: pd.Series) -> int:
    """How many verdicts the reviewer's latest sitting holds: no pause of ten minutes among them."""
    if times.empty:
        return 0
    gaps = times.sort_values().diff()
    return int((gaps > PAUSE).cumsum().value_counts().sort_index().iloc[-1])


def _sum_chances(log_odds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Expected count and its variance at each shift; scores are binned, which 81,444 need not."""
    counts, edges = np.histogram(log_odds, bins=400, range=(-10, 10))
    chance = _expit((edges[:-1] + edges[1:])[:, None] / 2 + _SHIFTS)
    return counts @ chance, counts @ (chance * (1 - chance))


def _log_odds(scores: np.ndarray) -> np.ndarray:
    clipped = np.clip(scores.astype(float), _EDGE, 1 - _EDGE)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _expit(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(1 / (1 + np.exp(-values)), 1e-12, 1 - 1e-12))
