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
from dashboard.words import class_name, plain


def render_run_picker(entries: list[Listing]) -> Listing:
    """The run to show: the link's, else the newest that opens. Shows a choice when several, and a
    switch between the fields that one command learned.
    """
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
    _render_fields(list_fields(entries, by_id[chosen]), chosen)
    return by_id[chosen]


def list_fields(entries: Sequence[Listing], chosen: Listing) -> dict[str, str]:
    """The runs on all fields of the family of ``chosen``, what their labels are called by run id.

    Of several runs on a field the one made nearest to ``chosen``. Empty for a run of no family.
    """
    if chosen.run is None or (family := chosen.run.manifest.family) is None:
        return {}
    nearest: dict[str, str] = {}
    for entry in sorted(entries, key=lambda each: abs(each.created - chosen.created)):
        if entry.run is not None and entry.error is None and entry.run.manifest.family == family:
            nearest.setdefault(entry.run.manifest.word.capital, entry.run_id)
    return {nearest[name]: name for name in sorted(nearest)}


def _render_fields(fields: dict[str, str], chosen: str) -> None:
    if len(fields) < 2:
        return
    with st.sidebar:
        st.segmented_control(
            "Labels",
            list(fields),
            format_func=fields.__getitem__,
            required=True,
            key=state.show("field", chosen),
            on_change=state.taker("field", _take_field),
            help="Which labels of these paintings the pages are about.",
        )


def _take_field(run: str) -> None:
    """Opens the run on another field; what was chosen among the labels of this one is left."""
    if run == state.current().run:
        return
    filters = {
        name: chosen
        for name, chosen in state.current().filters.items()
        if name not in ("given", "predicted")
    }
    state.go(state.page(), run=run, filters=filters, case="", hidden=())


def name_runs(entries: Sequence[Listing]) -> dict[str, str]:
    """What tells runs apart, by id: ``"Demo, 23 Nov 2026, 14:05"``.

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
    name = class_name(entry.name)
    if entry.run is not None and entry.run.manifest.family is not None:
        name = f"{name}, {entry.run.manifest.word.plural}"
    made = datetime.fromtimestamp(entry.created)
    return f"{name}, {made.day} {made:%b %Y, %H:%M}"  # short, for a narrow field


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
