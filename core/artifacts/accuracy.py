"""Accuracy on style three ways, to tell recognising the painter from seeing the style.

Guessing each artist's most common style without a picture; the model on ordinary folds, where it
may have seen other works of the artist; the model on artist-disjoint folds, where it saw none. One
run measures either kind of folds, so the other comes from a run over the same paintings and labels.
Where there is none, the run's own witness stands in: a linear model of frozen features that never
saw the artist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.artifacts.errors import RunError
from core.artifacts.manifest import Manifest
from core.artifacts.reader import Run

# What two runs may differ in without their figures being any less comparable.
_HARMLESS: Final = frozenset(
    (
        *("artifacts", "collection", "compile", "device", "dry_run", "name", "watch", "workers"),
        "verdict_policy",  # says nothing without verdicts, which are told
    )
)


@dataclass(frozen=True)
class ThreeWays:
    """Shares of paintings named right, 0 to 1; None if no run here has measured it.

    ``differences`` are the settings, other than the folds, in which ``partner`` differs.
    ``witness``: accuracy of the run's linear model of frozen features on unseen artists.
    """

    baseline: float | None
    ordinary: float | None
    disjoint: float | None
    partner: Run | None
    differences: tuple[str, ...] = ()
    witness: float | None = None


def compare_ways(run: Run, others: Iterable[Run]) -> ThreeWays:
    """The three figures, from ``run`` and the most alike of ``others``; raises ``RunError``."""
    partner = find_partner(run, others)
    pair = [each for each in (run, partner) if each is not None]
    disjoint = next((each for each in pair if is_artist_disjoint(each.manifest)), None)
    ordinary = next((each for each in pair if each is not disjoint), None)
    return ThreeWays(
        # If whole oeuvres are held out, there is no most common style to guess.
        None if ordinary is None else float(ordinary.metrics["artist_majority_accuracy"]),
        _measure(ordinary),
        _measure(disjoint),
        partner,
        () if partner is None else _list_others(run, partner),
        _measure_witness(run),
    )


def is_artist_disjoint(manifest: Manifest) -> bool:
    """Whether its folds keep the works of an artist together."""
    config = manifest.config
    return config.get("group_by") == "artist" and config.get("split", "folds") == "folds"


def find_partner(run: Run, others: Iterable[Run]) -> Run | None:
    """The run over the same paintings and labels with the other kind of folds.

    Of several the one with the fewest other differences, then the first; one whose figures cannot
    be read is passed over.
    """
    wanted = not is_artist_disjoint(run.manifest)
    fingerprint = run.manifest.collection.fingerprint
    fitting = [
        other
        for other in others
        if other.manifest.collection.fingerprint == fingerprint
        and is_artist_disjoint(other.manifest) == wanted
    ]
    by_likeness = sorted(fitting, key=lambda other: len(_list_others(run, other)))
    return next(filter(_has_metrics, by_likeness), None)


def list_differences(run: Run, other: Run) -> tuple[str, ...]:
    """Settings of ``other`` that differ and affect its figures."""
    left, right = run.manifest.config, other.manifest.config
    names = sorted((left.keys() | right.keys()) - _HARMLESS)
    return tuple(name for name in names if left.get(name) != right.get(name))


def _list_others(run: Run, other: Run) -> tuple[str, ...]:
    """The differences besides the kind of folds."""
    return tuple(name for name in list_differences(run, other) if name != "group_by")


def _has_metrics(run: Run) -> bool:
    try:
        run.verify_hashes("metrics.json")
        return "style" in run.metrics
    except RunError:
        return False


def _measure_witness(run: Run) -> float | None:
    figures = run.metrics.get("artists_unseen")
    return float(figures["accuracy"]) if figures and figures["paintings"] else None


def _measure(run: Run | None) -> float | None:
    return None if run is None else float(run.metrics["style"]["accuracy"])
