"""Progress of a review: labels judged, errors found, the pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pandas as pd

from core.collection.wording import count_of
from core.intervals import compute_wilson
from core.reviews.majority import find_overruled
from core.reviews.places import find_places
from core.text import percent

WRONG: Final = ("wrong", "several hands")  # verdicts against the label
PAUSE: Final = timedelta(minutes=10)  # a longer gap between verdicts ends a sitting
ENOUGH: Final = 25  # labels judged before shares and estimates are told
PACE_OVER: Final = 50  # latest verdicts that the pace is taken from


@dataclass(frozen=True)
class Share:
    """``hits`` of ``count``, with its 95 % interval; all 0 to 1."""

    hits: int
    count: int
    value: float
    low: float
    high: float


def find_wrong(standing: pd.DataFrame) -> pd.Series:
    """Whether each label judged right or wrong is wrong to half of its reviewers; index: places.

    ``standing``: verdicts in force on one task, of which those that a later one settled count no
    more.
    """
    standing = standing[~find_overruled(standing)]
    told = standing[standing["verdict"].isin(("right", "outlier", *WRONG))]
    places = find_places(told)
    is_wrong = told["verdict"].isin(WRONG)
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
