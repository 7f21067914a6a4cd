"""The columns that filters and search read, made once a run."""

from __future__ import annotations

import pandas as pd

from core.tasks import FURTHER
from dashboard.selection.facet_kinds import Choice
from dashboard.selection.facets import FACETS
from dashboard.selection.folding import fold_categories, fold_texts
from dashboard.selection.matching import SEARCHED, SEARCHED_ARTIST
from dashboard.selection.several_labels import EVERY, join_labels


def prepare_facets(table: pd.DataFrame) -> pd.DataFrame:
    """``table`` with the columns that the filters read: categories, folded text, flags."""
    added: dict[str, pd.Series] = {SEARCHED: fold_texts(table["title"])}
    if "duplicate_group" in table:
        added["has_copies"] = table["duplicate_group"] >= 0
    for flag, column in (("has_unfit_label", "unfit_label"), ("lacks_label", "missing_label")):
        if column in table:
            added[flag] = table[column].notna()
    for facet in FACETS.values():
        if isinstance(facet, Choice) and facet.column in table:
            added[facet.column] = facet.prepare(table[facet.column])
    added[SEARCHED_ARTIST] = fold_categories(added["artist"])
    added[EVERY] = added["given"] if "given" in added else pd.Series(dtype="category")
    if FURTHER in table and table[FURTHER].notna().any():
        added[EVERY] = join_labels(table["given"], table[FURTHER])
    return table.assign(**added)
