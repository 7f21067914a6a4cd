"""Which paintings filters keep, and how many each value would show: tables in, rows out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.selection.facet_kinds import Choice, Chosen, Facet, Flags, Membership, Range
from dashboard.selection.facets import FACETS
from dashboard.selection.filters import Filters, active_filters

Active = tuple[tuple[str, Chosen], ...]  # filters in force
KEPT_MASKS: Final = 8  # a byte a painting each
KEPT_ROWS: Final = 2  # eight bytes a painting that is kept
KEPT_COUNTS: Final = 64


class Filtering:
    """What filters keep of ``table`` (N rows). Answers are kept: what one step of a page has found
    the next one knows, and so does who clears a filter or takes it up again.
    """

    def __init__(self, table: pd.DataFrame, facets: Iterable[Facet] = FACETS.values()) -> None:
        """``facets``: those whose values are counted, as they are offered."""
        self.table = table
        self._counted = {
            facet.name: facet
            for facet in facets
            if isinstance(facet, Choice | Flags | Membership | Range)
        }
        self._mask = lru_cache(KEPT_MASKS)(self._find_mask)
        self._rows = lru_cache(KEPT_ROWS)(self._find_rows)
        self._count = lru_cache(KEPT_COUNTS)(self._count_values)

    def find_rows(self, filters: Filters) -> np.ndarray:
        """(n,) rows that every filter keeps, ascending; not to be written to."""
        return self._rows(self._list_active(filters))

    def count(self, name: str, filters: Filters) -> Mapping[Any, int]:
        """The values of the facet ``name`` among what all *other* filters keep. A value that occurs
        in the table, but not there, counts 0.
        """
        return self._count(name, _leave_out(self._list_active(filters), name))

    def count_without(self, filters: Filters) -> dict[str, int]:
        """For each active filter, how many paintings would show if that one were dropped."""
        active = self._list_active(filters)
        return {name: len(self._rows(_leave_out(active, name))) for name, _ in active}

    def _list_active(self, filters: Filters) -> Active:
        return tuple(active_filters(self.table, filters).items())

    def _count_values(self, name: str, others: Active) -> Mapping[Any, int]:
        counts = self._counted[name].count(self.table, self._rows(others))
        if not others:
            return counts
        return {value: counts.get(value, 0) for value in self._count(name, ())}

    def _find_rows(self, active: Active) -> np.ndarray:
        kept = np.ones(len(self.table), dtype=bool)
        for name, chosen in active:
            kept &= self._mask(name, chosen)
        rows = np.flatnonzero(kept)
        rows.flags.writeable = False
        return rows

    def _find_mask(self, name: str, chosen: Chosen) -> np.ndarray:
        return FACETS[name].keep(self.table, chosen)


def _leave_out(active: Active, name: str) -> Active:
    return tuple(each for each in active if each[0] != name)
