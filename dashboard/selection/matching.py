"""Which paintings a search finds, and which of its words nothing here is called by."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from dashboard.selection.folding import fold_text
from dashboard.selection.query import Query, Term, parse_query
from dashboard.selection.several_labels import EVERY, split_labels
from dashboard.selection.verdicts import (
    DISPUTED,
    KINDS,
    OPEN,
    REVIEWED,
    SET_NAMES,
    VERDICT_NAMES,
)
from dashboard.words import class_name

SEARCHED: Final = "searched"  # column of folded titles
SEARCHED_ARTIST: Final = "searched_artist"  # categorical column of folded artists
WORD: Final = "label_word"  # in the attributes of a table: what its labels are called
_FLAGS: Final = {"any": REVIEWED, "none": OPEN, "disputed": DISPUTED}  # beside kinds of verdict
VERDICT_WORDS: Final = (*VERDICT_NAMES, *_FLAGS)

Mask = np.ndarray  # (N,) bool
Names = Callable[[str], tuple[str, ...]]  # a category -> the folded names that it holds


def read_query(table: pd.DataFrame, text: str) -> Query:
    """``text`` as a search of ``table``, whose own word for its labels is a field as well."""
    return parse_query(text, str(table.attrs.get(WORD, "style")))


def match(table: pd.DataFrame, query: Query) -> Mask:
    """(N,) bool: every term of ``query`` holds of the painting; all of them without any term."""
    kept = np.ones(len(table), dtype=bool)
    for term in query.terms:
        kept &= match_term(table, term) != term.is_negated
    return kept


def match_term(table: pd.DataFrame, term: Term) -> Mask:
    """(N,) bool: the value is found, whether or not the term is negated."""
    match term.field:
        case "year":
            return _match_years(table, term)
        case "title":
            return _match_title(table, term)
        case "verdict":
            return _match_verdict(table, term.value)
        case "":
            return _match_any(table, term)
        case field:
            return _match_names(table, field, term.value)


def list_unmatched(table: pd.DataFrame, query: Query, word: str) -> list[str]:
    """A sentence for each field that asks for what is nowhere in ``table``.

    ``word``: what the labels are called, in the singular.
    """
    what = {
        "artist": "No artist's name contains",
        "given": f"No given {word} contains",
        "seen": f"No predicted {word} contains",
        "set": "No set's name contains",
        "title": "No title contains",
    }
    said = []
    for term in query.terms:
        if term.field == "verdict" and find_verdicts(term.value) == []:
            known = ", ".join(VERDICT_WORDS[:-1])
            said.append(f"“{term.value}” is no verdict: write {known} or {VERDICT_WORDS[-1]}.")
        elif term.field in what and not match_term(table, term).any():
            said.append(f"{what[term.field]} “{term.value}”.")
    return said


def find_verdicts(value: str) -> list[str]:
    """Those of ``VERDICT_WORDS`` that a folded ``value`` means: ``"label is right"`` as well."""
    asked = value.replace("-", " ").replace("_", " ")
    shown = {fold_text(name): str(verdict) for verdict, name in VERDICT_NAMES.items()}
    return [each for each in VERDICT_WORDS if each in (asked, shown.get(asked))]


@lru_cache(maxsize=65_536)
def fold_labels(every: str) -> tuple[str, ...]:
    """The labels that a category of ``EVERY`` holds, folded as they read on a page."""
    return tuple(fold_text(class_name(label)) for label in split_labels(every))


def _fold_lines(names: str) -> tuple[str, ...]:
    return tuple(fold_text(name) for name in names.split("\n"))


def _keep(name: str) -> tuple[str, ...]:
    return (name,)


_NAMES: Final[dict[str, tuple[str, Names]]] = {
    "artist": (SEARCHED_ARTIST, _keep),
    "given": (EVERY, fold_labels),
    "seen": ("predicted", fold_labels),
    "set": (SET_NAMES, _fold_lines),
}


def _match_any(table: pd.DataFrame, term: Term) -> Mask:
    """In title, artist, label or, for a number, year."""
    found = _match_title(table, term)
    for field in ("artist", "given"):
        found = found | _match_names(table, field, term.value, by_part=True)
    return found if term.years is None else found | _match_years(table, term)


def _match_title(table: pd.DataFrame, term: Term) -> Mask:
    found = table[SEARCHED].str.contains(term.value, regex=False)
    mask: Mask = found.to_numpy(dtype=bool, na_value=False)
    return mask


def _match_years(table: pd.DataFrame, term: Term) -> Mask:
    low, high = term.years or (-np.inf, np.inf)
    years = table["year"].to_numpy(dtype=np.float32, na_value=np.nan)
    with np.errstate(invalid="ignore"):
        found: Mask = (years >= low) & (years <= high)
    return found


def _match_names(table: pd.DataFrame, field: str, value: str, by_part: bool = False) -> Mask:
    """By whole names where one is called ``value``, else, or ``by_part``, by those that hold it."""
    column, names = _NAMES[field]
    if column not in table:
        return np.zeros(len(table), dtype=bool)
    known = [names(str(category)) for category in table[column].cat.categories]
    wanted = [value in each for each in known]
    if by_part or not any(wanted):
        wanted = [any(value in name for name in each) for each in known]
    return _take(table[column], wanted)


def _match_verdict(table: pd.DataFrame, value: str) -> Mask:
    found = np.zeros(len(table), dtype=bool)
    for asked in find_verdicts(value) if KINDS in table else ():
        if asked in _FLAGS:
            found |= table[_FLAGS[asked]].to_numpy()
        else:
            kinds = table[KINDS]
            found |= _take(kinds, [asked in str(each).split("\n") for each in kinds.cat.categories])
    return found


def _take(column: pd.Series, wanted: list[bool]) -> Mask:
    """(N,) bool: the category is ``wanted``."""
    if not any(wanted):
        return np.zeros(len(column), dtype=bool)
    mask: Mask = np.array([*wanted, False])[column.cat.codes]  # code -1, no value, is the last
    return mask
