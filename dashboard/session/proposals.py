"""The label to propose if the given one is wrong: the one that the strongest evidence names.

In this order: the label of nearly all of the artist's other works; that of the painting's copies;
what all evidence together names (``suggested``); the model's answer. The given label is never
proposed; if nothing names another, there is no proposal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from core.collection.reading.attribution import parse_attribution
from core.tasks import Task
from dashboard.runs.open_run import OpenRun
from dashboard.selection.several_labels import Tally, count_labels
from dashboard.words import count, percent

FEWEST_WORKS: Final = 3  # other works by an artist needed before their common label counts
NEARLY_ALL: Final = 0.9  # share of them with one label: of three to nine works, that is all
IDEAS: Final = {"all evidence together": "suggested", "the model's answer": "predicted"}
POSSIBLE: Final = 0.01  # chance that the model gives to a label, below which it rules it out


@dataclass(frozen=True)
class Proposal:
    """``label``, and ``why`` in a few words; ``label`` is None where nothing names another."""

    label: str | None = None
    why: str = ""


def find_proposal(opened: OpenRun, row: int, task: Task) -> Proposal:
    """The proposal for the painting ``row``: of styles by all evidence, of artists the nearest hand
    where that is nearer than the one named, of genres none.
    """
    if task == "artist":
        return _propose_hand(opened.table.iloc[row])
    if task != "style":
        return Proposal()
    return propose_styles(opened, [row])[0]


def propose_styles(opened: OpenRun, rows: list[int]) -> list[Proposal]:
    """The style to propose for each of the paintings ``rows``: what they need is read at once."""
    names, answers = opened.run.classes("style"), opened.run.answers("style", rows).tolist()
    artists = opened.table["artist"].iloc[rows].tolist()
    told = [opened.table[column].iloc[rows].tolist() for column in IDEAS.values()]
    found = []
    for row, artist, answer, *ideas in zip(rows, artists, answers, *told, strict=True):
        works, copies = _gather_works(opened, row, artist)
        chances = dict(zip(names, answer, strict=True))
        because = dict(zip(IDEAS, ideas, strict=True))
        found.append(choose_proposal(_list_barred(opened, row), works, copies, chances, because))
    return found


def _propose_hand(painting: pd.Series) -> Proposal:
    """Of a work under reserve only another hand than the one it is linked to is proposed."""
    hand, share = painting.get("attribution_hand"), painting.get("attribution_hand_share")
    named = painting.get("attribution_share")  # null of a hand that was not learned
    if not isinstance(hand, str) or share is None or named is None or share <= named:
        return Proposal()
    printed = painting.get("artist")
    if isinstance(printed, str) and parse_attribution(printed).artist == hand:
        return Proposal()
    return Proposal(hand, f"the nearest hand, at {percent(float(share))}")


def choose_proposal(
    given: Collection[str],
    artist: Tally,
    copies: Tally,
    chances: Mapping[str, float],
    ideas: Mapping[str, Any],
) -> Proposal:
    """The strongest proposal against ``given``: all labels that the painting has.

    ``artist``: the labels of the artist's other works, near-duplicates left out. At least
    ``FEWEST_WORKS`` of them, of which a share of ``NEARLY_ALL`` carries one label to which the
    model gives a chance of ``POSSIBLE``, are the strongest. ``copies``: those of the
    painting's near-duplicates, which must agree. ``chances``: of each label that is learned, 0 to
    1. ``ideas``: weaker labels by their reason, strongest first; what is no text is ignored.
    """
    label, works = artist.find_commonest()
    shared = works >= max(FEWEST_WORKS, NEARLY_ALL * artist.works)
    if shared and label not in given and chances.get(label, 0.0) >= POSSIBLE:
        whole = count(artist.works, "other work")
        return Proposal(label, f"the label of {works:,} of {whole} by the artist")
    label, same = copies.find_commonest()
    if same and same == copies.works and label not in given and label in chances:
        return Proposal(label, f"the label of {count(same, 'copy', 'copies')} of the picture")
    for why, idea in ideas.items():
        if isinstance(idea, str) and idea not in given:
            return Proposal(idea, why)
    return Proposal()


def _list_barred(opened: OpenRun, row: int) -> list[str]:
    """What is not proposed: the painting's labels, their broader and narrower terms, and labels
    that are no terms of the vocabulary.
    """
    own, vocabulary = opened.list_labels(row), opened.run.vocabulary
    if vocabulary is None:
        return own
    return own + [
        name
        for name in opened.run.classes("style")
        if name not in opened.terms or any(vocabulary.compare(name, each) for each in own)
    ]


def _gather_works(opened: OpenRun, row: int, artist: Any) -> tuple[Tally, Tally]:
    """Style labels of the other works by ``artist``, and of the painting's copies."""
    copies = opened.find_copies(row)
    others = Tally()
    if isinstance(artist, str) and parse_attribution(artist).maker is not None:
        by_artist = copies[np.isin(copies, opened.find_works(artist))] if len(copies) else copies
        own = [opened.list_labels(int(each)) for each in (row, *by_artist)]
        others = opened.tally_works(artist).without(own)
    return others, count_labels(opened.labels[copies])
