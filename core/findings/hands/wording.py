"""What is said of a work's hand, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from core.collection.reading.attribution import parse_attribution
from core.collection.wording import count_of
from core.findings.novelty import UNLIKE
from core.text import is_missing, percent

COLUMNS: Final = (
    *("attribution", "attribution_doubt", "attribution_hand"),
    *("attribution_hand_share", "attribution_share", "attribution_works"),
)
STATES: Final[dict[str, str]] = {
    "in doubt": "The work is seen as another hand's than the one that is named: the attribution is "
    "more likely wrong than right.",
    "under reserve": "The collection itself names the hand under reserve: attributed to, workshop "
    "of, after and the like. No model learned these works.",
    "as named": "The attribution is more likely right than wrong.",
    "too few to say": "Of the named artist there are too few works here to know the hand, or the "
    "picture is unlike anything here.",
}


def describe_attribution(painting: Mapping[Any, Any]) -> str:
    """One sentence on a work's hand, of a row with ``judge_attributions``' columns, ``artist`` as
    printed and ``given_artist``, which counts where verdicts named another; empty where nobody is
    named. Without the columns, as in an older run, empty too.
    """
    if any(name not in painting for name in COLUMNS):
        return ""
    state = painting["attribution"]
    printed = _name_artist(painting.get("artist"), painting.get("given_artist"))
    if is_missing(state) or is_missing(printed):
        return ""
    hand, others = painting["attribution_hand"], int(painting["attribution_works"])
    name = parse_attribution(str(printed)).artist
    by = f"{count_of(others, 'other picture')} by {name}" if name else ""
    if state == "under reserve" and not is_missing(hand):
        rest = f"nearest hand: {hand} at {percent(painting['attribution_hand_share'])}"
        if name and hand == name:
            return f"{printed}: {rest}, as named ({count_of(others, 'picture')} by {name} here)."
        share = painting["attribution_share"]
        is_known = name and others and not is_missing(share)
        own = f"; {name} at {percent(share)}" if is_known else ""
        return f"{printed}: {rest}, another than named{own}."
    known = f"{by} here" if by else "no hand named"
    if painting.get("novelty", math.nan) >= UNLIKE:  # NaN of a run without texture and content
        return f"{printed}: cannot be told, as the picture is unlike anything here ({known})."
    if state == "under reserve":
        return f"{printed}: cannot be told, as no fold's model looked at the work ({known})."
    if state == "too few to say":
        return f"{printed}: too few to say ({known})."
    chances = (
        f"by {printed} at {percent(painting['attribution_share'])}, "
        f"by {hand} at {percent(painting['attribution_hand_share'])} ({by} here)"
    )
    doubt = percent(painting["attribution_doubt"])
    if state == "in doubt":
        return f"Attribution in doubt, {doubt}: {chances}."
    return f"Doubt of the attribution {doubt}: {chances}."


def name_artists(paintings: pd.DataFrame) -> pd.Series:
    """(N,) the artist whom the sentence on each work's hand is about; null for none."""
    pairs = zip(paintings["artist"], paintings["given_artist"], strict=True)
    names = [_name_artist(printed, label) for printed, label in pairs]
    return pd.Series(names, index=paintings.index, dtype="str")


def _name_artist(printed: Any, label: Any) -> Any:
    """As printed, unless the label is another: then verdicts named it."""
    made = None if is_missing(printed) else parse_attribution(str(printed)).maker
    return printed if is_missing(label) or label == made else label
