"""How many wrong labels may be left among those not judged, and how often reviewers are wrong.

A verdict is taken for what a person says, who misses some wrong labels and calls some right ones
wrong. How often is not known: both rates have a prior. Paintings whose label nothing doubts, mixed
into the queue, tell how often "wrong" is said where nothing is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.collection.wording import count_of
from core.intervals import CONFIDENCE, NORMAL_REACH
from core.reviews.progress import Share, compute_precision, find_wrong
from core.text import percent

UNDOUBTED: Final = 0.02  # ranking score up to which a label that the model gives as well is one
# The posterior is summed over a grid. The log odds of a wrong label are a line in those of the
# score: its level at ``_TOP``, its slope; beside them some are wrong whatever the score says.
# Reviewers call right labels wrong, and miss wrong ones, at some rate.
_TOP: Final = 4.0  # log odds of the score: where a queue begins
_LEVELS: Final = np.linspace(-6, 10, 33)
_SLOPES: Final = np.array([0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.5])
_FLOORS: Final = np.array([0.0005, 0.003, 0.01, 0.02, 0.04, 0.07])
_ALARMS: Final = np.array([0.002, 0.015, 0.04, 0.08, 0.14])
_MISSES: Final = np.array([0.01, 0.06, 0.13, 0.25])
_LEVEL_SPREAD: Final = 4.0
_SLOPE_SPREAD: Final = 0.8  # of its logarithm
_FLOOR_PRIOR: Final = (0.7, 35.0)  # of beta distributions: hits, others
_ALARM_PRIOR: Final = (1.0, 29.0)
_MISS_PRIOR: Final = (1.0, 11.0)
_EDGE: Final = 1e-4  # no score counts as certain
_BINS: Final = np.linspace(-10, 10, 81)  # of log odds, in which paintings are counted
_MIDDLES: Final = (_BINS[:-1] + _BINS[1:]) / 2


@dataclass(frozen=True)
class Remaining:
    """How many wrong labels there may be among the paintings not judged; 95 % interval."""

    expected: float
    low: float
    high: float


def estimate_left(paintings: pd.DataFrame, standing: pd.DataFrame) -> Remaining:
    """Wrong labels among the ``paintings`` not judged yet.

    ``paintings``: key, given, predicted, score; NaN where not scored. ``standing``: verdicts in
    force on one task, those on other paintings aside. A score is that of all of a work's labels: it
    is wrong where all that were judged are.
    """
    scored = paintings[paintings["score"].notna()]
    is_named = scored["key"].isin(standing["key"]).to_numpy()
    named = scored[is_named]
    wrong = find_wrong(standing[standing["key"].isin(named["key"])]).groupby("key").min()
    judged = named[named["key"].isin(wrong.index)]
    return estimate_remaining(
        judged["score"].to_numpy(float),
        wrong.reindex(judged["key"]).to_numpy(dtype=bool),
        scored["score"].to_numpy(float)[~is_named],
    )


def find_undoubted(paintings: pd.DataFrame) -> np.ndarray:
    """(N,) bool: nothing speaks against the label: the model gives it, and the score of all
    evidence is ``UNDOUBTED`` at most.
    """
    agrees = paintings["given"].astype("object") == paintings["predicted"].astype("object")
    found: np.ndarray = (agrees & (paintings["score"] <= UNDOUBTED)).to_numpy(dtype=bool)
    return found


def compute_false_alarms(paintings: pd.DataFrame, standing: pd.DataFrame) -> Share:
    """How often "wrong" was said of labels that nothing doubts, as ``estimate_left`` takes it.

    Of several labels of a work, that of the one that the model gives as well.
    """
    named = paintings[paintings["key"].isin(standing["key"])]
    given = named.loc[find_undoubted(named)].set_index("key")["given"]
    said = standing[standing["key"].isin(given.index)]
    judged = said["key"].map(given.astype("object"))
    return compute_precision(said[said["of_several"].isna() | (said["of_several"] == judged)])


def describe_false_alarms(found: Share) -> str:
    """``"1 of 12 labels that nothing doubts was called wrong (8 %; 95 % interval 1 % to 35 %)."``;
    empty where none was judged.
    """
    if not found.count:
        return ""
    were = "was" if 1 in (found.hits, found.count) else "were"
    return (
        f"{found.hits} of {count_of(found.count, 'label')} that nothing doubts {were} called wrong "
        f"({percent(found.value)}; 95 % interval {percent(found.low)} to {percent(found.high)})."
    )


def describe_remaining(found: Remaining) -> str:
    """``"12 (3 to 25)"``."""
    return f"{found.expected:,.0f} ({found.low:,.0f} to {found.high:,.0f})"


def estimate_remaining(scores: np.ndarray, wrong: np.ndarray, unjudged: np.ndarray) -> Remaining:
    """Wrong labels among ``unjudged`` (m,), from how ``scores`` (n,) fared on judged paintings.

    Scores are 0 to 1, high is suspicious; ``wrong`` (n,) bool: what was said. The log odds of a
    wrong label are taken for a line in those of the score (recalibration; Cox, 1958) above a floor
    of errors that the score does not see, and a verdict for the truth with false alarms and misses
    (Rogan and Gladen, 1978). The posterior is summed on a grid. Verdicts come from the top of the
    queue: how far down errors go is known only as far as verdicts, or paintings mixed in, reach.
    """
    posterior = _weigh(_count_said(scores, wrong))
    counts = np.histogram(_log_odds(unjudged), bins=_BINS)[0]
    chance = _chances(_MIDDLES)
    expected, spread = chance @ counts, (chance * (1 - chance)) @ counts
    order = np.argsort(expected, axis=None)
    weights, values = posterior.ravel()[order], expected.ravel()[order]
    below = np.cumsum(weights) - weights / 2
    low, high = np.interp([0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2], below, values)
    noise = NORMAL_REACH * np.sqrt(float((posterior * spread).sum()))
    return Remaining(
        float(weights @ values),
        max(0.0, float(low - noise)),
        min(float(len(unjudged)), float(high + noise)),
    )


def _count_said(scores: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """(2, bins): paintings judged right, and wrong, by the log odds of their score."""
    odds = _log_odds(scores)
    return np.stack([np.histogram(odds[wrong == said], bins=_BINS)[0] for said in (False, True)])


def _weigh(said: np.ndarray) -> np.ndarray:
    """(floors, slopes, levels) posterior weights, 1 in all, over all rates of alarms and misses."""
    seen = said.any(axis=0)
    chance = _chances(_MIDDLES[seen])  # (floors, slopes, levels, bins)
    right, wrong = said[:, seen]
    prior = -0.5 * ((_LEVELS - _TOP) / _LEVEL_SPREAD) ** 2
    prior = prior - 0.5 * (np.log(_SLOPES)[:, None] / _SLOPE_SPREAD) ** 2
    prior = prior + _beta(_FLOORS, *_FLOOR_PRIOR)[:, None, None]
    logs = np.empty((len(_ALARMS), len(_MISSES), *prior.shape))
    rates = zip(_beta(_ALARMS, *_ALARM_PRIOR), _ALARMS, strict=True)
    for i, (alarm_weight, alarm) in enumerate(rates):
        for j, miss_weight in enumerate(_beta(_MISSES, *_MISS_PRIOR)):
            told = alarm + (1 - alarm - _MISSES[j]) * chance
            logs[i, j] = np.log(told) @ wrong + np.log1p(-told) @ right
            logs[i, j] += prior + alarm_weight + miss_weight
    weights = np.exp(logs - logs.max()).sum(axis=(0, 1))
    return np.asarray(weights / weights.sum())


def _beta(rates: np.ndarray, hits: float, others: float) -> np.ndarray:
    """Log weights of ``rates``, which stand for their surroundings, under a beta distribution."""
    density = (hits - 1) * np.log(rates) + (others - 1) * np.log1p(-rates)
    return np.asarray(density + np.log(np.gradient(rates)))


def _chances(log_odds: np.ndarray) -> np.ndarray:
    """(floors, slopes, levels, n) chances of a wrong label by the score's ``log_odds`` (n,)."""
    line = _SLOPES[:, None, None] * (log_odds - _TOP) + _LEVELS[:, None]
    seen = 1 / (1 + np.exp(-line))
    floors = _FLOORS[:, None, None, None]
    return np.asarray(np.clip(floors + (1 - floors) * seen, 1e-12, 1 - 1e-12))


def _log_odds(scores: np.ndarray) -> np.ndarray:
    clipped = np.clip(scores.astype(float), _EDGE, 1 - _EDGE)
    return np.asarray(np.log(clipped / (1 - clipped)))
