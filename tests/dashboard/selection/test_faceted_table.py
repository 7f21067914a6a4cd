"""What filters keep and count, and that they are asked once."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pandas as pd
import pytest

from dashboard.runs.open_run import OpenRun
from dashboard.selection.facet_kinds import Choice
from dashboard.selection.faceted_table import Counting, FacetedTable
from dashboard.selection.facets import FACETS, list_offered

COUNTED = {name: facet for name, facet in FACETS.items() if isinstance(facet, Counting)}
QUADRANT, YEARS = COUNTED["quadrant"], COUNTED["years"]


def test_filters_keep_what_every_one_of_them_keeps(opened: OpenRun) -> None:
    filters = {"given": ("Cubism", "Baroque"), "artist": ("Rembrandt",)}
    table = opened.table
    rows = FacetedTable(table).find_rows(filters)
    expected = table["given"].isin(["Cubism", "Baroque"]) & (table["artist"] == "Rembrandt")
    assert 0 < len(rows) < len(table)
    assert rows.tolist() == np.flatnonzero(expected).tolist()


def test_no_filter_keeps_everything(opened: OpenRun) -> None:
    assert len(FacetedTable(opened.table).find_rows({})) == len(opened.table)
    assert len(FacetedTable(opened.table).find_rows({"given": ()})) == len(opened.table)


def test_a_filter_on_a_column_that_is_not_there_is_none(opened: OpenRun) -> None:
    table = opened.table.drop(columns="given_genre")
    assert len(FacetedTable(table).find_rows({"genre": ("landscape",)})) == len(table)
    assert FACETS["genre"] not in list_offered(table)


@pytest.mark.parametrize("name", ["given", "predicted", "artist", "quadrant", "genre"])
def test_the_counts_of_a_facet_follow_the_others_but_not_itself(opened: OpenRun, name: str) -> None:
    filters = {"given": ("Cubism", "Baroque"), "quadrant": ("typical",), "years": ("..1840",)}
    others = {key: value for key, value in filters.items() if key != name}
    faceted = FacetedTable(opened.table)
    for value, n in faceted.count(COUNTED[name], filters).items():
        assert n == len(faceted.find_rows(others | {name: (value,)}))


def test_a_histogram_counts_every_painting_that_has_a_value(opened: OpenRun) -> None:
    filters = {"given": ("Cubism",), "years": ("1810..1820",)}
    counts = FacetedTable(opened.table).count(YEARS, filters)
    cubism = opened.table[opened.table["given"] == "Cubism"]
    assert sum(counts.values()) == cubism["year"].notna().sum()


def test_what_others_keep_none_of_is_counted_as_none(opened: OpenRun) -> None:
    faceted = FacetedTable(opened.table)
    everywhere = faceted.count(QUADRANT, {})
    assert all(everywhere.values())
    there = faceted.count(QUADRANT, {"quadrant": ("typical",), "given": ("nothing",)})
    assert there == dict.fromkeys(everywhere, 0)
    assert faceted.count(QUADRANT, {}) == everywhere


def test_each_filter_is_asked_once(opened: OpenRun, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    keep = Choice.keep

    def note(self: Choice, table: pd.DataFrame, chosen: tuple[str, ...]) -> np.ndarray:
        asked.append(chosen)
        return keep(self, table, chosen)

    monkeypatch.setattr(Choice, "keep", note)
    faceted = FacetedTable(opened.table)
    for filters in (
        {"artist": ("Rembrandt",), "quadrant": ("typical",)},
        {},
        {"artist": ("Rembrandt",)},
    ):
        faceted.find_rows(filters)
        for name in ("artist", "quadrant", "given", "years"):
            faceted.count(COUNTED[name], filters)
    assert asked == [("typical",), ("Rembrandt",)]


def test_the_filter_to_relax_is_counted(opened: OpenRun) -> None:
    filters = {"given": ("Cubism",), "artist": ("Nobody",)}
    without = FacetedTable(opened.table).count_without(filters)
    assert without == {"given": 0, "artist": int((opened.table["given"] == "Cubism").sum())}


def test_a_view_goes_with_its_last_user_without_a_search_for_garbage(opened: OpenRun) -> None:
    """What is frozen at the start of a server is never searched for garbage."""
    view = opened.with_table(opened.table.copy())
    for lines in ((opened.thresholds.loss, opened.thresholds.confidence), (0.5, 0.5)):
        faceted = view.faceted(lines)
        assert len(faceted.find_rows({"given": ("Cubism",)}))
        assert faceted.count(QUADRANT, {"given": ("Cubism",)})
    assert view.facets
    left = weakref.ref(view)
    gc.disable()
    try:
        del view, faceted
        assert left() is None
    finally:
        gc.enable()
