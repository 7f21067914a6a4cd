"""What the last term of a search could become, with the paintings that it would leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.label_word import LabelWord
from dashboard.selection.facet_kinds import Choice
from dashboard.selection.facets import FACETS
from dashboard.selection.folding import fold_text
from dashboard.selection.matching import (
    VERDICT_WORDS,
    match,
    match_term,
    read_query,
)
from dashboard.selection.query import Term, name_field, parse_query, split_last, write_term
from dashboard.selection.verdicts import SET_NAMES

MOST: Final = 8  # suggestions
_OF_A_KIND: Final = 3  # where several kinds fit
_TITLE_LETTERS: Final = 3  # before titles are looked through


@dataclass(frozen=True)
class Suggestion:
    """``text``: the whole search with the term in place; ``name`` of its ``kind``, as they read.

    ``count``: paintings of the run of which the term holds, of those that the other terms find.
    """

    text: str
    name: str
    kind: str
    count: int


def suggest(table: pd.DataFrame, text: str, word: LabelWord) -> list[Suggestion]:
    """Completions of the last term of ``text``, the best first; none after a blank."""
    before, last = split_last(text)
    asked = _read_last(last, word)
    if asked is None:
        return []
    kept = match(table, read_query(table, before))
    found: list[Suggestion] = []
    for field, kind, names in _list_kinds(table, asked, kept, word):
        ranked = sorted(names, key=lambda each: (not _begins(each[0], asked.value), -each[1]))
        most = MOST if asked.field else _OF_A_KIND
        shown = name_field(word.singular) if field == "given" else field
        for name, count in ranked[:most]:
            term = write_term(shown, name, asked.is_negated)
            found.append(Suggestion(before + term, name, kind, count))
    return found[:MOST]


def suggest_own(table: pd.DataFrame) -> list[Suggestion]:
    """Terms on sets and verdicts, which depend on the visitor, each with what it finds alone."""
    own = []
    if SET_NAMES in table:
        lines = Choice("", "", column=SET_NAMES).count(table, np.arange(len(table)))
        names = dict.fromkeys(name for each in lines for name in each.split("\n"))
        own += [_count_own(table, "set", name) for name in names]
    own += [_count_own(table, "verdict", word) for word in VERDICT_WORDS]
    return [each for each in own if each.count]


def _count_own(table: pd.DataFrame, field: str, name: str) -> Suggestion:
    text = write_term(field, name)
    found = match(table, parse_query(text))
    return Suggestion(text, name, field.capitalize(), int(np.count_nonzero(found)))


def _read_last(last: str, word: LabelWord) -> Term | None:
    """The term to complete; None where there is nothing to complete."""
    terms = parse_query(last, word.singular).terms
    if len(terms) == 1 and terms[0].field != "year":
        return terms[0]
    return None


def _list_kinds(
    table: pd.DataFrame, asked: Term, kept: np.ndarray, word: LabelWord
) -> Iterator[tuple[str, str, list[tuple[str, int]]]]:
    """Field, kind, and the names of that kind that hold the term, with their counts above 0."""
    for field, facet, kind in (
        ("artist", "artist", "Artist"),
        ("given", "given", f"Given {word.singular}"),
        ("seen", "predicted", f"Predicted {word.singular}"),
    ):
        of_values = FACETS[facet]
        if asked.field in ("", field) and isinstance(of_values, Choice) and facet in table:
            counts = of_values.count(table, np.flatnonzero(kept)).items()
            yield field, kind, _hold(((of_values.show(value), n) for value, n in counts), asked)
    if asked.field == "title" or (not asked.field and len(asked.value) >= _TITLE_LETTERS):
        rows = np.flatnonzero(kept & match_term(table, Term(asked.value, "title")))
        titles = table["title"].iloc[rows].value_counts().index[:_OF_A_KIND]
        yield (
            "title",
            "Title",
            [(str(each), _count_titles(table, str(each), kept)) for each in titles],
        )


def _count_titles(table: pd.DataFrame, title: str, kept: np.ndarray) -> int:
    """Paintings of ``kept`` whose titles contain ``title``."""
    return int(np.count_nonzero(kept & match_term(table, Term(fold_text(title), "title"))))


def _hold(names: Iterable[tuple[str, int]], asked: Term) -> list[tuple[str, int]]:
    return [(name, n) for name, n in names if n and asked.value in fold_text(name)]


def _begins(name: str, value: str) -> bool:
    """Whether ``name`` or a word of it begins with ``value``."""
    return f" {fold_text(name)}".find(f" {value}") >= 0
