"""Which paintings filters keep, and how many each value would show: tables in, rows out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.selection.facet_kinds import Choice, Chosen, Flags, Membership, Range
from dashboard.selection.facets import FACETS
from dashboard.selection.filters import Filters, active_filters

Counting = Choice | Flags | Membership | Range  # the facets whose values are counted
Counts = Mapping[Any, int]
Active = tuple[tuple[str, Chosen], ...]  # filters in force
# Kept of each table. Of a million paintings masks and rows are 24 MB at most.
MASKS: Final = 8
ROWS: Final = 2
COUNTS: Final = 64


class FacetedTable:
    """What filters keep of ``table`` (N rows).

    Answers are kept: what one step of a page has found the next one knows, and a filter that is
    cleared or set again costs nothing new.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        # Nothing kept refers to this object: it goes with its table, without a search for garbage.
        mask = lru_cache(MASKS)(partial(_find_mask, table))
        self._rows = lru_cache(ROWS)(partial(_find_rows, len(table), mask))
        whole = lru_cache(COUNTS)(partial(_count_all, table))
        self._count = lru_cache(COUNTS)(partial(_count_among, table, self._rows, whole))

    def find_rows(self, filters: Filters) -> np.ndarray:
        """(n,) rows that every filter keeps, ascending; not to be written to."""
        return self._rows(self._list_active(filters))

    def count(self, facet: Counting, filters: Filters) -> Counts:
        """The values of ``facet`` among what all *other* filters keep. A value that occurs in the
        table, but not there, counts 0.
        """
        return self._count(facet, _leave_out(self._list_active(filters), facet.name))

    def count_without(self, filters: Filters) -> dict[str, int]:
        """For each active filter, how many paintings would show if that one were dropped."""
        active = self._list_active(filters)
        return {name: len(self._rows(_leave_out(active, name))) for name, _ in active}

    def _list_active(self, filters: Filters) -> Active:
        return tuple(active_filters(self.table, filters).items())


def _leave_out(active: Active, name: str) -> Active:
    return tuple(each for each in active if each[0] != name)


def _find_mask(table: pd.DataFrame, name: str, chosen: Chosen) -> np.ndarray:
    return FACETS[name].keep(table, chosen)


def _find_rows(
    paintings: int, mask: Callable[[str, Chosen], np.ndarray], active: Active
) -> np.ndarray:
    kept = np.ones(paintings, dtype=bool)
    for name, chosen in active:
        kept &= mask(name, chosen)
    rows = np.flatnonzero(kept)
    rows.flags.writeable = False
    return rows


def _count_all(table: pd.DataFrame, facet: Counting) -> Counts:
    return facet.count(table, np.arange(len(table)))


def _count_among(
    table: pd.DataFrame,
    rows: Callable[[Active], np.ndarray],
    whole: Callable[[Counting], Counts],
    facet: Counting,
    others: Active,
) -> Counts:
    """As ``FacetedTable.count``, by what the filters ``others`` keep."""
    if not others:
        return whole(facet)
    counts = facet.count(table, rows(others))
    return {value: counts.get(value, 0) for value in whole(facet)}
