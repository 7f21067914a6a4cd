"""What kind of case an artist is, once the works are seen elsewhere more than is usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

CaseType = Literal[
    "no frame of reference",
    "label arguable",
    "likely mislabelled",
    "mixed oeuvre",
    "seen elsewhere",
    "overlapping labels",
    "as expected",
    "too few to say",
    "no works",
]

CASE_TYPES: Final[dict[CaseType, str]] = {
    "no frame of reference": "Unlike anything here, and seen in a style far from its own.",
    "label arguable": "Made like another style, before that style began here.",
    "likely mislabelled": "Seen in a neighbouring style, or filed under both.",
    "mixed oeuvre": "Moves between styles over the years.",
    "seen elsewhere": "Seen in another style more often than is usual; why is open.",
    "overlapping labels": "Two labels for much the same pictures.",
    "as expected": "Seen in its own style as often as other works of it.",
    "too few to say": "Fewer works than a statement needs.",
    "no works": "Not in this collection.",
}


@dataclass(frozen=True)
class CaseSettings:
    """Where the lines between cases lie.

    ``min_works``: judged works an artist needs. ``rate``: false-discovery rate of the cases,
    and of those who move between styles.
    ``min_shift``: no case is made of less, however sure. ``consistent``: share of the works seen
    in the one style, for a type that names it, or in any other, for one that names none.
    ``novel``: mean novelty from which on nothing here is like the works, 1: the outer fence of the
    collection's own (``core.findings.novelty``). ``sure``: mean
    confidence of the works seen elsewhere.
    ``adjacent``: another style is a neighbour when the given one is mistaken for it at least this
    many times as often as for the average style. ``years_before``: how much earlier than the
    style's beginning the works must be. ``minor_share`` and ``minor_works``: what a second style
    needs to be part of an oeuvre.
    """

    min_works: int = 5
    rate: float = 0.05
    min_shift: float = 0.1
    consistent: float = 0.5
    novel: float = 1.0
    sure: float = 0.5
    adjacent: float = 1.5
    years_before: float = 5.0
    minor_share: float = 0.15
    minor_works: int = 3


@dataclass(frozen=True)
class Traits:
    """What is known of an artist who may be a case.

    ``given`` and ``target``: the main label and the style the works are seen in instead.
    ``consistency``: share of works seen in ``target``; ``elsewhere``: in any other style.
    ``novelty`` and ``confidence``: means, NaN where not known. ``is_adjacent``: the two styles are
    often mistaken for each other. ``carries_both``: own works or copies of them carry ``target``
    too. ``years_early``: how many years before ``target`` begins the works were made, NaN where not
    known. ``moves``: the given styles differ in years.
    """

    given: int
    target: int
    consistency: float
    elsewhere: float
    novelty: float
    confidence: float
    is_adjacent: bool
    carries_both: bool
    years_early: float
    moves: bool


def choose_type(traits: Traits, settings: CaseSettings) -> CaseType:
    """The type of an artist whose shift is a discovery; the most specific that fits.

    An early date is the strongest fact and comes first; then labels that contradict each other
    among the artist's own works, over years (mixed) or not (mislabelled); then the nearness of the
    two styles; then novelty.
    """
    is_consistent = traits.consistency >= settings.consistent
    if is_consistent and traits.years_early >= settings.years_before:
        return "label arguable"
    if traits.moves:
        return "mixed oeuvre"
    if is_consistent and traits.carries_both:
        return "likely mislabelled"
    if is_consistent and traits.is_adjacent:
        return "likely mislabelled"
    sure = np.isnan(traits.confidence) or traits.confidence >= settings.sure
    if sure and traits.novelty >= settings.novel and traits.elsewhere >= settings.consistent:
        return "no frame of reference"
    return "seen elsewhere"
