"""What kind of case an artist is, once the works are seen elsewhere more than is usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from core.findings.novelty import UNLIKE

CaseType = Literal[
    "no frame of reference",
    "label arguable",
    "likely mislabelled",
    "mixed oeuvre",
    "often confused",
    "seen elsewhere",
    "overlapping labels",
    "attributions in doubt",
    "not proven",
    "as expected",
    "too few to say",
    "no works",
]

ARGUABLE: Final[CaseType] = "label arguable"  # proven by a test of its own: later styles
FRAMELESS: Final[CaseType] = "no frame of reference"  # proven by the fence of oeuvres' novelty

# Texts for ``LabelWord.fill``.
CASE_TYPES: Final[dict[CaseType, str]] = {
    "no frame of reference": "Taken together less like the works of others than is usual among the "
    "artists here, and yet surely seen in other {styles}.",
    "label arguable": "Seen in {styles} that began here 5 to 80 years after the works, most of "
    "them and more often than is usual.",
    "likely mislabelled": "Surely seen in one other {style}, or partly filed under it.",
    "mixed oeuvre": "Moves between {styles} over the years.",
    "often confused": "Seen in another {style} more often than is usual; the two are often "
    "confused.",
    "seen elsewhere": "Seen in other {styles} more often than is usual; the cause is unknown.",
    "overlapping labels": "Two labels that are confused more often than is usual, or that share "
    "pictures filed under both.",
    "attributions in doubt": "Works named as one artist's of which more are seen as other hands' "
    "than is usual, even among artists who are hard to know.",
    "not proven": "Seen in other {styles} more often than is usual, by the 95 % interval; but "
    "artists differ, many were tested, and the false-discovery rate is over 5 %.",
    "as expected": "Seen in other {styles} about as often as is usual, or no more often than "
    "artists who differ may be.",
    "too few to say": "Fewer works than a statement needs.",
    "no works": "Not in this collection.",
}


@dataclass(frozen=True)
class CaseSettings:
    """Where the lines between cases lie.

    ``min_works``: judged works an artist needs. ``rate``: false-discovery rate of the cases,
    and of those who move between styles.
    ``min_shift``: no case is made of less, however sure, nor where the interval reaches to 0.
    ``consistent``: share of the works seen in the one style, for a type that names it, or in any
    other, for one that names none.
    ``novel``: novelty from which on the works, taken together, are unlike those of others, 1: the
    outer fence of the artists here (``compute_oeuvre_novelty``). ``sure``: mean confidence of the
    works seen elsewhere, by the model that never saw the artist.
    ``adjacent``: another style is a neighbour when the given one is mistaken for it at least this
    many times as often as for the average style. ``years_before`` and ``years_most``: how much
    earlier than the style's beginning the works must be, and may be. ``minor_share`` and
    ``minor_works``: what a second style needs to be part of an oeuvre.
    """

    min_works: int = 5
    rate: float = 0.05
    min_shift: float = 0.1
    consistent: float = 0.5
    novel: float = UNLIKE
    sure: float = 0.6
    adjacent: float = 1.5
    years_before: float = 5.0
    years_most: float = 80.0
    minor_share: float = 0.15
    minor_works: int = 3


@dataclass(frozen=True)
class Traits:
    """What is known of an artist who may be a case.

    ``given`` and ``target``: the main label and the style the works are seen in instead.
    ``consistency``: share of works seen in ``target``; ``elsewhere``: in any other style.
    ``novelty``: of the works taken together, as ``compute_oeuvre_novelty``; ``confidence``: mean of
    the works seen elsewhere; both NaN where not known. ``is_adjacent``: the two styles are
    often mistaken for each other. ``carries_both``: how many of the artist's own works, or copies
    of them, carry ``target``. ``years_early``: how many years before ``target`` begins the works
    were made, NaN where not known. ``is_ahead``: for ``consistent`` of the works or more a style
    that began later is likelier than the label, and how far the labels lie behind is a finding.
    ``moves``: the given styles differ in years.
    """

    given: int
    target: int
    consistency: float
    elsewhere: float
    novelty: float
    confidence: float
    is_adjacent: bool
    carries_both: int
    years_early: float
    is_ahead: bool
    moves: bool


def is_apart(shift: Mapping[Any, Any], settings: CaseSettings) -> bool:
    """Whether the 95 % interval of a row of ``compute_shifts`` lies above the usual share."""
    return bool(shift["shift_low"] > 0 and shift["shift"] >= settings.min_shift)


def is_finding(shift: Mapping[Any, Any], settings: CaseSettings) -> bool:
    """Whether a row of ``compute_shifts`` is apart, at a false-discovery rate that counts."""
    return is_apart(shift, settings) and bool(shift["q_value"] <= settings.rate)


def is_proven(kind: CaseType, shift: Mapping[Any, Any], settings: CaseSettings) -> bool:
    """Whether an artist of the type ``kind`` is told of, watched or not.

    A finding is. An oeuvre beyond the fence of all oeuvres needs no rate, since that is no test
    that one among many artists passes by chance.
    """
    return is_apart(shift, settings) if kind == FRAMELESS else is_finding(shift, settings)


def choose_quiet_type(shift: Mapping[Any, Any], moves: bool, settings: CaseSettings) -> CaseType:
    """The type of an artist whose ``shift`` is no discovery, who is watched all the same.

    One who is apart is not as expected; only that no artist would stand out so far by nature,
    among all that were tested, is not proven.
    """
    if moves:
        return "mixed oeuvre"
    return "not proven" if is_apart(shift, settings) else "as expected"


def choose_type(traits: Traits, settings: CaseSettings) -> CaseType:
    """The type of an artist whose shift is a discovery; the most specific that has its proof.

    The years of the works come first: of the labels (mixed) or before the other style began, where
    the two are not taken for each other anyway and the works are like some of others (arguable).
    Then labels that contradict each other among the artist's own works (mislabelled), novelty with
    a sure answer, and a sure answer alone (mislabelled). That two styles are often confused
    explains, and accuses nobody.
    """
    is_novel = traits.novelty >= settings.novel
    is_consistent = traits.consistency >= settings.consistent
    is_early = settings.years_before <= traits.years_early <= settings.years_most
    is_sure = traits.confidence >= settings.sure
    if traits.moves:
        return "mixed oeuvre"
    if traits.is_ahead and is_early and not traits.is_adjacent and not is_novel:
        return ARGUABLE
    if is_consistent and traits.carries_both:
        return "likely mislabelled"
    if is_sure and is_novel and traits.elsewhere >= settings.consistent:
        return FRAMELESS
    if is_consistent and is_sure:
        return "likely mislabelled"
    return "often confused" if is_consistent and traits.is_adjacent else "seen elsewhere"
