"""What is done with the paintings of a list, and with those of them that are ticked."""

from __future__ import annotations

import numpy as np

from core.reviews import ReviewLog
from dashboard.runs.open_run import OpenRun
from dashboard.selection.ticks import format_ticks
from tests.dashboard.pages import open_as, open_menu, text_of


def test_what_is_ticked_and_filtered_out_is_told_and_not_judged(
    log: ReviewLog, opened: OpenRun
) -> None:
    is_cubist = opened.table["given"] == "Cubism"
    rows = [*np.flatnonzero(is_cubist)[:2], *np.flatnonzero(~is_cubist)[:3]]
    ticked = format_ticks(map(int, rows), len(opened.table))
    for filters, text, judged in (
        ({"given": "Cubism"}, "5 ticked, 3 of them not in this list", 2),
        ({}, "5 ticked", 5),
    ):
        app = open_menu(open_as("Ada", "outliers", ticked=ticked, **filters), "bulk.menu")
        shown = text_of(app).replace("<b>", "").replace("</b>", "")
        assert text in shown
        assert ("not in this list" in shown) == bool(filters)
        typed = next(field for field in app.text_input if field.label.startswith("Type "))
        assert typed.label.startswith(f"Type {judged} ")
