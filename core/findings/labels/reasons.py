"""Sentences that say what was found, in the order a curator wants them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from core.text import class_name

MOST_REASONS: Final = 6
LEAST_WEIGHT: Final = 0.3  # nats: a witness that says less is not quoted
NOVEL: Final = 0.95
DOUBTED: Final = 0.5  # from here up the oeuvre's labels are rather wrong than sound
SAME_PHASE: Final = 5  # years around an artist's works of a style
TELLING: Final = {"copy": 5.0, "filed twice": 3.0, "novelty": 1.0, "dynamics": 0.75, "medium": 0.5}

# What ``write_reasons`` reads of each painting; weights are nats against the given label.
FACTS: Final = (
    *("given", "predicted", "confidence", "suggested", "artist", "year"),
    *("weight_picture", "weight_labels", "weight_sights", "weight_years", "weight_neighbours"),
    *("oeuvre_works", "oeuvre_given", "oeuvre_suggested", "oeuvre_doubt"),
    *("given_from", "given_to", "suggested_from", "suggested_to"),
    *("given_begins", "given_ends", "anachronism_given", "suggested_begins", "suggested_ends"),
    *("anachronism_suggested", "neighbour_given", "neighbour_suggested", "neighbour_artists"),
    *("copy_labels", "filed_twice", "novelty", "medium", "lenses"),
)


def write_reasons(facts: pd.DataFrame) -> pd.Series:
    """The sentences on each painting, one a line: what speaks against its label, heaviest first,
    then, after *But*, what speaks for it. ``facts`` has the columns ``FACTS``. Neighbours, copies,
    novelty, training and medium are told for what they are; the ranking score does without them.
    """
    texts = [
        "\n".join(_order(list(_weigh(row)))) for row in facts[list(FACTS)].itertuples(index=False)
    ]
    return pd.Series(texts, index=facts.index, dtype="str")


def _order(weighed: list[tuple[float, str]]) -> list[str]:
    """Against the label, heaviest first; then for it. The first pair is the disagreement."""
    (weight, opening), *rest = weighed
    against = sorted((pair for pair in rest if pair[0] >= LEAST_WEIGHT), key=lambda p: -p[0])
    place = sum(pair[0] > max(weight, 0) for pair in against)
    lines = [text for _, text in against]
    lines.insert(place if weight > 0 else 0, opening)
    favour = sorted((pair for pair in rest if pair[0] <= -LEAST_WEIGHT), key=lambda p: p[0])
    lines += [f"But {text[0].lower()}{text[1:]}" if weight > 0 else text for _, text in favour]
    return lines[:MOST_REASONS]


def _weigh(row: Any) -> Iterator[tuple[float, str]]:
    """Weight in nats against the given label, and sentence; the disagreement first."""
    weight = row.weight_picture if isinstance(row.given, str) else 0.0
    yield (0.0 if np.isnan(weight) else weight), _sentence(row.given, row.predicted, row.confidence)
    if isinstance(row.given, str) and isinstance(row.suggested, str):
        yield from _weigh_oeuvre(row)
        yield from _weigh_year(row)
        yield from _weigh_neighbours(row)
    if isinstance(row.copy_labels, str):
        yield TELLING["copy"], f"A copy of the same picture is labelled {row.copy_labels}."
    elif row.filed_twice:
        yield TELLING["filed twice"], "The same file name stands in two folders."
    if row.novelty >= NOVEL:
        yield TELLING["novelty"], f"Unlike anything here: more so than {_share(row.novelty)}."
    if row.lenses == "both":
        yield TELLING["dynamics"], "In training, too, the model never came to accept the label."
    if isinstance(row.medium, str) and row.medium != "painting":
        looks = "Monochrome" if row.medium == "monochrome" else f"Looks like a {row.medium}"
        yield TELLING["medium"], f"{looks}: it may be odd for that alone."


def _weigh_oeuvre(row: Any) -> Iterator[tuple[float, str]]:
    if row.oeuvre_works > 0:
        works, given, other = (
            int(n) for n in (row.oeuvre_works, row.oeuvre_given, row.oeuvre_suggested)
        )
        text = (
            f"Of {works} other {'work' if works == 1 else 'works'} by {row.artist} here "
            f"{_count(given)} labelled {class_name(row.given)}"
        )
        if row.suggested != row.given:
            text += f", {_count(other)} {class_name(row.suggested)}"
        yield row.weight_labels, f"{text}."
    if row.oeuvre_doubt >= DOUBTED and row.weight_sights >= LEAST_WEIGHT:
        text = "The artist's other works are seen elsewhere as well: all may be filed wrongly."
        yield row.weight_sights, text


def _weigh_year(row: Any) -> Iterator[tuple[float, str]]:
    if np.isnan(row.year):
        return
    year = int(row.year)
    if row.anachronism_given:
        outside = _outside(year, row.given, row.anachronism_given, row.given_begins, row.given_ends)
        yield max(row.weight_years, LEAST_WEIGHT), outside
    elif row.suggested != row.given and row.anachronism_suggested:
        outside = _outside(
            *(year, row.suggested, row.anachronism_suggested),
            *(row.suggested_begins, row.suggested_ends),
        )
        yield min(row.weight_years, -LEAST_WEIGHT), outside
    elif row.weight_years >= LEAST_WEIGHT:
        rather = f"{class_name(row.suggested)} than {class_name(row.given)}"
        yield row.weight_years, f"Around {year} the works here are rather {rather}."
    yield from _weigh_phases(row, year)


def _weigh_phases(row: Any, year: int) -> Iterator[tuple[float, str]]:
    """An artist who moved on is no error: the label may fit the years in which it was painted."""
    given, other = class_name(row.given), class_name(row.suggested)
    fits = row.given_from - SAME_PHASE <= year <= row.given_to + SAME_PHASE
    fits_other = row.suggested_from - SAME_PHASE <= year <= row.suggested_to + SAME_PHASE
    span = f"{row.given_from:.0f} to {row.given_to:.0f}"
    if row.given_from <= row.given_to and not fits:
        text = f"The artist's {given} works here date from {span}, this from {year}."
        yield LEAST_WEIGHT, text
    elif fits and not fits_other and row.suggested_from <= row.suggested_to:
        span_other = f"{row.suggested_from:.0f} to {row.suggested_to:.0f}"
        yield (
            -LEAST_WEIGHT,
            f"The artist's {given} works here date from {span}, as this does; the {other} works "
            f"from {span_other}.",
        )


def _outside(year: int, style: str, apart: float, begins: float, ends: float) -> str:
    edge = f"begins in {begins:.0f}" if apart < 0 else f"ends in {ends:.0f}"
    return f"Painted {year}; the {class_name(style)} here {edge}."


def _weigh_neighbours(row: Any) -> Iterator[tuple[float, str]]:
    if row.neighbour_artists > 0 and row.suggested != row.given:
        hands = int(row.neighbour_artists)
        text = (
            f"Of the nearest works, by {hands} {'artist' if hands == 1 else 'artists'}, "
            f"{row.neighbour_given:.0%} are labelled {class_name(row.given)}, "
            f"{row.neighbour_suggested:.0%} {class_name(row.suggested)}."
        ).replace("%", " %")
        yield row.weight_neighbours, text


def _count(works: int) -> str:
    return {0: "none is", 1: "1 is"}.get(works, f"{works} are")


def _share(share: float) -> str:
    return f"{share:.0%} of the collection".replace("%", " %")


def _sentence(given: str | float, predicted: str | float, confidence: float) -> str:
    if not isinstance(predicted, str):
        if isinstance(given, str):
            return f"Labelled {class_name(given)}; not judged in this run."
        return "No label, and not scored in this run."
    sure = f"{confidence:.0%}".replace("%", " %")
    if not isinstance(given, str):
        return f"No label; the model sees {class_name(predicted)}, {sure} sure."
    if given == predicted:
        return f"Labelled {class_name(given)}; the model agrees, {sure} sure."
    return f"Labelled {class_name(given)}; the model sees {class_name(predicted)}, {sure} sure."
