"""Cases in a sentence, with n and the interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.collection.wording import count_of
from core.findings.cases.kinds import ARGUABLE, FRAMELESS, CaseSettings
from core.label_word import STYLE, LabelWord
from core.text import NBSP, class_name, format_year, format_years, percent


def name_case(row: Mapping[Any, Any] | pd.Series) -> str:
    """``"Hilma af Klint"``, ``"Cubism and Expressionism"``."""
    if row["kind"] in ("artist", "hand"):
        return str(row["subject"])
    return f"{class_name(str(row['given']))} and {class_name(str(row['predicted']))}"


def describe_artist(row: Mapping[str, Any], word: LabelWord = STYLE) -> str:
    """An artist's case: what was tested, on how many works, against how many other artists.

    From a row of ``schema.CASES``, with ``carries`` (how many own works or copies carry the style
    they are seen in) and ``adjacent`` (the two styles are often confused) where those are known.
    """
    name, works, kind = row["subject"], int(row["works"]), row["type"]
    if kind == "no works":
        return f"{name}: no works in this collection."
    if kind == "too few to say":
        return f"{name}: too few to say (n = {works})."
    parts = [f"{name}, {count_of(works, 'work')}, mostly labelled {class_name(row['given'])}:"]
    parts.append(
        f"a model that never saw the artist {_tell_seen(row, word)}; "
        f"{percent(row['expected'])} is usual{_name_others(row)} "
        f"(shift {row['shift']:+.2f}, 95{NBSP}% interval {row['shift_low']:+.2f} to "
        f"{row['shift_high']:+.2f})."
    )
    if kind == "as expected":
        return " ".join(parts)
    if kind != "mixed oeuvre":
        share = percent(row["consistency"])
        parts.append(f"It sees {share} of the works as {class_name(row['predicted'])}.")
    return " ".join([*parts, *_explain(row, kind, word)])


def _tell_seen(row: Mapping[str, Any], word: LabelWord) -> str:
    """What the share of the works is, that the test is on."""
    share = percent(row["observed"])
    if row["type"] != ARGUABLE:
        return f"sees {share} in other {word.plural}"
    before, most = CaseSettings().years_before, CaseSettings().years_most
    return (
        f"finds a {word.singular} that began {before:.0f} to {most:.0f} years later likelier than "
        f"the label for {share}"
    )


def _name_others(row: Mapping[str, Any]) -> str:
    artists = row.get("artists")
    if artists is None or pd.isna(artists):
        return " for these labels"
    if artists == 0:
        return " for other labels, since no other artist has such works"
    return f" for these labels in the works of {count_of(int(artists), 'other artist')}"


def _explain(row: Mapping[str, Any], kind: str, word: LabelWord) -> list[str]:
    """What the type rests on, a sentence each."""
    predicted, given = class_name(row["predicted"]), class_name(row["given"])
    confused = f"{given} is often confused with {predicted}."
    if kind == "not proven":
        return [_explain_doubt(row)]
    if kind == ARGUABLE:
        begins = format_year(row["predicted_begins"])
        return [f"Painted {_span(row)}; a few works aside, {predicted} here begins in {begins}."]
    if kind == FRAMELESS:
        return [
            f"Taken together they are unlike the works of others: novelty {row['novelty']:.2f}, "
            "where what is usual for an artist here lies below 1.",
            f"Where it sees another {word.singular} it is {percent(row['confidence'])} sure.",
        ]
    if kind == "mixed oeuvre":
        return [f"The given {word.plural} follow each other over the years."]
    if kind == "likely mislabelled":
        carries = int(row.get("carries", 0))
        told = [f"{_count_carriers(carries)} labelled {predicted}."] if carries else []
        if not carries and not pd.isna(row["confidence"]):
            sure = percent(row["confidence"])
            told = [f"Where it sees another {word.singular} it is {sure} sure."]
        return told + ([f"But {confused}"] * bool(row.get("adjacent")))
    return [confused] if kind == "often confused" else ["The cause is unknown."]


def _explain_doubt(row: Mapping[str, Any]) -> str:
    """Why so high a share is no finding."""
    return (
        f"Not proven: artists differ by nature (p = {row['p_value']:.2g}), and among all that were "
        f"tested the false-discovery rate is {describe_rate(row['q_value'])}, where a finding may "
        f"have {percent(CaseSettings().rate)}."
    )


def describe_rate(q_value: float) -> str:
    """A false-discovery rate: ``"under 1 %"``; never ``"5 %"`` for one above a finding's limit."""
    told, limit = percent(q_value), percent(CaseSettings().rate)
    if q_value < 0.01:
        return f"under 1{NBSP}%"
    return f"over {limit}" if q_value > CaseSettings().rate and told == limit else told


def _count_carriers(works: int) -> str:
    verb = "work, or a copy, is" if works == 1 else "works, or copies, are"
    return f"{works} of the artist's own {verb}"


def describe_pair(row: Mapping[str, Any]) -> str:
    """One sentence on two labels that overlap, each artist counting once under a label."""
    first, second = class_name(row["given"]), class_name(row["predicted"])
    seen = (
        f"{percent(row['observed'])} of the works labelled either are seen as the other, each "
        f"artist counted once ({percent(row['expected'])} is usual)"
    )
    artists = row.get("artists")
    if artists is not None and not pd.isna(artists):
        verb = "has" if artists == 1 else "have"
        seen += f"; {count_of(int(artists), 'artist')} {verb} such works"
    if row["shared"]:
        files = "picture is" if row["shared"] == 1 else "pictures are"
        return f"{first} and {second}: {row['shared']} {files} filed under both; {seen}."
    return f"{first} and {second}: {seen}."


def describe_hand(row: Mapping[str, Any], near: int) -> str:
    """An artist's attributions, taken together; ``near``: how many of those in doubt are nearest to
    the hand ``predicted``.
    """
    works = int(row["works"])
    doubted = round(float(row["observed"]) * works)
    return (
        f"{row['subject']}: of {count_of(works, 'work')} {doubted} are seen as another hand's than "
        f"the one named, {percent(row['observed'])}; {percent(row['expected'])} is usual in the "
        f"works of {count_of(int(row['artists']), 'other artist')} (shift {row['shift']:+.2f}, "
        f"95{NBSP}% interval {row['shift_low']:+.2f} to {row['shift_high']:+.2f}). {near} of them "
        f"are nearest to {row['predicted']}."
    )


def _span(row: Mapping[str, Any]) -> str:
    first, last = row["first_year"], row["last_year"]
    return "in years unknown" if pd.isna(first) else format_years(first, last)
