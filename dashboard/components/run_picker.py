"""Which run is open, and the pages shown when none can be opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path

import streamlit as st

from core.artifacts import Listing, RunError
from dashboard.components.page import describe_error, render_empty, render_head
from dashboard.session import state
from dashboard.words import class_name, day, plain


def render_run_picker(entries: list[Listing]) -> Listing:
    """The run to show: the link's, else the newest that opens. Shows a choice when several."""
    by_id = {entry.run_id: entry for entry in entries}
    asked = state.current().run
    if asked and asked not in by_id:
        st.toast(f"Run {plain(asked)} in this link is no longer here.")
        state.reset("run")
    start = asked if asked in by_id else _newest(entries).run_id
    chosen = start
    if len(entries) > 1:
        names = name_runs(entries)
        with st.sidebar:
            chosen = st.selectbox(
                "Run",
                list(by_id),
                format_func=names.__getitem__,
                key=state.seed("run", start),
                help="One training of the model on one collection. The newest comes first.",
            )
    state.update(run=chosen)
    return by_id[chosen]


def name_runs(entries: Sequence[Listing]) -> dict[str, str]:
    """What tells runs apart, by id: ``"Demo, 23 November 2026, 14:05"``.

    Runs with the same name get their ids added; one that does not open says so.
    """
    names = {entry.run_id: _describe_run(entry) for entry in entries}
    often = Counter(names.values())
    return {
        run_id: name if often[name] == 1 else f"{name} ({run_id})" for run_id, name in names.items()
    }


def _describe_run(entry: Listing) -> str:
    if entry.error is not None:
        return f"{entry.run_id} (cannot be opened)"
    return f"{class_name(entry.name)}, {day(datetime.fromtimestamp(entry.created))}"


def render_no_run(root: Path) -> None:
    """The page of an empty artifacts folder."""
    render_head("ArtExtract curator", "No run yet")
    render_empty(
        "What to do",
        [
            f"There is no finished run in <code>{escape(str(root))}</code>.",
            "Train one: <code>make train DATA=&lt;folder of paintings&gt;</code>, or a small demo: "
            "<code>make train DATA=demo</code>.",
            "Runs kept elsewhere? Start with "
            "<code>python -m dashboard --artifacts &lt;folder&gt;</code>.",
            "A run appears here once it is finished. Reload this page.",
        ],
    )


def render_broken_run(run_id: str, error: RunError) -> None:
    """The page of a run that does not open: what is wrong and how to fix it."""
    render_head(f"Run {run_id}", "This run cannot be opened")
    elsewhere = "If there are other runs, choose one in the sidebar."
    render_empty("What is wrong", [*describe_error(error), elsewhere])


def _newest(entries: list[Listing]) -> Listing:
    return next((entry for entry in entries if entry.error is None), entries[0])
