"""Makers that one cell lists with commas, told from one maker whose name has a comma.

"Charles Eames, Ray Eames" are two, "Eames, Charles" is one. A column that holds a value for each
maker, in brackets or as numbers ("(American) (American)", "1671, 1672"), counts them. Without one
they stay one maker, and are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import pandas as pd

from core.collection.reading.makers import is_full_name, strip_life
from core.collection.wording import list_some

_IN_BRACKETS: Final = re.compile(r"\s*(?:\([^()]*\)\s*)+")
_NUMBERS: Final = re.compile(r"\s*\d+(?:\s*,\s*\d+)*\s*")
_BETWEEN: Final = re.compile(r"\s*,\s*|\s+/\s+")
_SAMPLE: Final = 200  # filled cells by which most columns are seen to count nothing
_SURE: Final = 0.99  # of the names without a comma, which have one value each


def part_makers(artists: pd.Series, others: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """``artists`` with ";" between makers that a column of ``others`` counts, and a question on
    those that look like several and are not counted. All share an index; null stays null.
    """
    joint = artists[artists.notna() & artists.str.contains(_BETWEEN, na=False)]
    if joint.empty:
        return artists, []
    counts = _count_makers(artists, joint.index, others)
    names = [str(name) for name in joint]
    parted = [_part(name, count) for name, count in zip(names, counts, strict=True)]
    alone = set(artists.drop(joint.index).dropna().unique())
    doubted = [
        name
        for name, parts in zip(names, parted, strict=True)
        if parts is None and _looks_like_several(name, alone)
    ]
    told = pd.Series(
        ["; ".join(parts or [name]) for name, parts in zip(names, parted, strict=True)],
        index=joint.index,
        dtype=artists.dtype,
    )
    return artists.where(~artists.index.isin(told.index), told.reindex(artists.index)), _ask(
        doubted
    )


def _count_makers(artists: pd.Series, joint: pd.Index, others: pd.DataFrame) -> list[int | None]:
    """How many makers each row of ``joint`` has; None where no column tells, or two differ."""
    counting = [
        counts[counts.notna()]
        for name in others
        if (counts := _read_counts(artists, others[name])) is not None
    ]
    told: list[int | None] = []
    for row in joint:
        said = {int(counts[row]) for counts in counting if row in counts.index}
        told.append(said.pop() if len(said) == 1 else None)
    return told


def _read_counts(artists: pd.Series, values: pd.Series) -> pd.Series | None:
    """How many values each cell holds; None for a column that does not count the makers."""
    filled = values.astype("str").str.strip()
    filled = filled[(filled != "") & artists.notna()]
    if not _are_lists(filled.head(_SAMPLE)) or not _are_lists(filled):
        return None
    in_brackets = filled.str.contains("(", regex=False)
    counts = (filled.str.count(r"\(")).where(in_brackets, filled.str.count(",") + 1)
    parts = artists[filled.index].str.count(_BETWEEN.pattern) + 1
    is_plain = parts == 1
    agrees = bool((counts <= parts)[~is_plain].all()) and bool((counts > 1).any())
    lone = (counts[is_plain] == 1).mean() if is_plain.any() else 1.0
    return counts if agrees and lone >= _SURE else None


def _are_lists(filled: pd.Series) -> bool:
    return len(filled) > 0 and any(
        bool(filled.str.fullmatch(form).all()) for form in (_IN_BRACKETS, _NUMBERS)
    )


def _part(name: str, count: int | None) -> list[str] | None:
    """The makers in ``name``, of whom there are ``count``; None where that does not tell."""
    parts = _BETWEEN.split(name.strip())
    if count == 1:
        return [name]
    if count == len(parts):
        return parts
    if count is not None and count * 2 == len(parts):  # "Eames, Charles, Eames, Ray"
        return [", ".join(parts[place : place + 2]) for place in range(0, len(parts), 2)]
    return None


def _looks_like_several(name: str, alone: set[str]) -> bool:
    parts = _BETWEEN.split(strip_life(name).strip())
    if len(parts) < 2:
        return False
    return all(part in alone for part in parts) or all(map(is_full_name, parts))


def _ask(doubted: Iterable[str]) -> list[str]:
    names = [f'"{name}"' for name in dict.fromkeys(doubted)]
    if not names:
        return []
    return [
        f"Is each of these several makers? Each was read as one: {list_some(names, 3)}. If so, put "
        "';' between them in the table."
    ]
