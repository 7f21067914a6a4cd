"""What an update of another run took over, and what it scored."""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np

from core.fold_codes import LEFT_OUT
from dashboard.components.neighbours import render_labelled
from dashboard.components.page import render_note, render_section
from dashboard.runs.open_run import OpenRun

SHOWN: Final = 12  # new works


def render_update(opened: OpenRun) -> None:
    """The section on an update; nothing on a run that was trained."""
    told = opened.run.manifest.since
    if told is None:
        return
    render_section("An update, not a training")
    for line in told.describe(opened.word):
        render_note(escape(line))
    table = opened.table
    new = table[(table["fold"] == LEFT_OUT) & table["predicted"].notna()]
    if new.empty:
        return
    doubted = new.sort_values("score", ascending=False, kind="stable").index[:SHOWN]
    render_section("New works", "The most doubted first.")
    render_labelled(opened, np.asarray(doubted))
