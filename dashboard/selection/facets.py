"""The filters that a list of paintings can have: to add one, add an entry to ``FACETS``."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.findings.hands.wording import STATES
from core.findings.labels.quadrants import QUADRANTS
from core.label_word import STYLE, LabelWord
from core.scores import SCORES, Score
from dashboard.selection.facet_kinds import (
    Choice,
    Facet,
    Flags,
    Labels,
    Like,
    Membership,
    Range,
    Search,
)
from dashboard.selection.likeness import LIKE
from dashboard.selection.verdicts import DISPUTED, OPEN, REVIEWED, SETS
from dashboard.words import TERMS, class_name, quadrant_name

SET: Final = "set"  # name of the filter by named sets


def filter_score(score: Score) -> Range:
    """The filter by ``score``, from an end to an end of its range."""
    has_ends = score.low is not None and score.high is not None
    return Range(
        score.filter,
        score.label,
        score.meaning,
        column=score.name,
        step=1.0 if score.unit in ("count", "place", "years") else 0.01,
        percent=score.unit == "share",
        bounds=(float(score.low or 0), float(score.high or 0)) if has_ends else None,
    )


FACETS: Final[dict[str, Facet]] = {
    facet.name: facet
    for facet in (
        Search("text", "Search"),
        Like(LIKE, "Most alike"),
        Choice(
            "quadrant",
            "Quadrant",
            "\n\n".join(f"**{quadrant_name(name)}**: {text}" for name, text in QUADRANTS.items()),
            column="quadrant",
            show=quadrant_name,
            order=tuple(QUADRANTS),
            is_short=True,
        ),
        Membership(
            SET,
            "Set",
            "Paintings saved as a set, on Outliers or the {Style} map.",
            column=SETS,
        ),
        Labels("given", "Given {style}", column="given", show=class_name),
        Choice("predicted", "Predicted {style}", column="predicted", show=class_name),
        Choice("artist", "Artist", column="artist"),
        Choice("genre", "Genre", column="given_genre", show=class_name),
        Range("years", "Years", column="year", unknown="Include undated works"),
        Choice(
            "medium", "Appearance", TERMS["medium"], column="medium", show=class_name, is_short=True
        ),
        Choice(
            "attribution",
            "Attribution",
            "\n\n".join(f"**{quadrant_name(name)}**: {text}" for name, text in STATES.items()),
            column="attribution",
            show=quadrant_name,
            order=tuple(STATES),
            is_short=True,
        ),
        Choice("hand", "Nearest hand", column="attribution_hand"),
        Flags(
            "duplicates",
            "Copies",
            TERMS["near-duplicate"],
            flags={
                "copies": ("has_copies", "Has copies"),
                "disagree": ("duplicate_disagrees", "Copies labelled differently"),
                "twice": ("filed_twice", "Filed twice"),
            },
        ),
        Flags(
            "several",
            "Several {styles}",
            "Of works of several {styles}: the model gives one of them less than a guess, while "
            "together they fit. Another may be missing where the model is sure of a {style} that "
            "is not given, while the given ones fit.",
            flags={
                "unfit": ("has_unfit_label", "One does not fit"),
                "missing": ("lacks_label", "Another may be missing"),
            },
        ),
        Flags(
            "reviews",
            "Reviewed",
            "Whether a curator has judged the painting.",
            flags={
                "yes": (REVIEWED, "Reviewed"),
                "no": (OPEN, "Not reviewed"),
                "disputed": (DISPUTED, "Reviewers disagree"),
            },
        ),
        *(filter_score(score) for score in SCORES.values() if score.filter),
    )
}


def list_offered(table: pd.DataFrame, word: LabelWord = STYLE) -> list[Facet]:
    """Those of ``FACETS`` by which there is anything to choose in ``table``, as ``word`` names
    them.
    """
    return [facet.called(word) for facet in FACETS.values() if facet.is_offered(table)]
