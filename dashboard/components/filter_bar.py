"""The sidebar's filters and thresholds, shared by the pages that list paintings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.label_word import LabelWord
from core.text import show_line
from dashboard.components.page import render_empty
from dashboard.runs.open_run import OpenRun
from dashboard.selection.facet_kinds import UNKNOWN, Choice, Facet, Flags, Membership, Range
from dashboard.selection.faceted_table import FacetedTable
from dashboard.selection.facets import FACETS, SET
from dashboard.selection.filters import (
    active_filters,
    list_lacking,
)
from dashboard.selection.likeness import LIKE, parse_alike
from dashboard.selection.select import facet_in_force
from dashboard.session import named_sets, state
from dashboard.words import TERMS, count, lacks_score, percent, plain

# Always in view.
_FIRST: Final = ("quadrant", SET, "given", "predicted", "artist", "years")
_HERE: Final = (*_FIRST, "text", LIKE)  # all that are not among the further ones
_GAP: Final = "\u2002·\u2002"  # between a value and its count


def render_filter_bar(opened: OpenRun, place: DeltaGenerator) -> None:
    """Draws the filters with their counts, after ``drop_unknown``."""
    faceted = facet_in_force(opened, state.current())
    table = faceted.table
    filters = state.current().filters
    first = [facet for facet in opened.facets if facet.name in _FIRST]
    with place:
        # At the top: an open list that closes on the click would move the button away.
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Show")
            if active_filters(table, filters):
                st.button("Clear filters", on_click=state.clear_filters, type="tertiary")
        for label in list_lacking(table, filters):
            st.caption(lacks_score(label))
        if alike := len(parse_alike(filters.get(LIKE, ()), len(table))):
            _render_alike(alike)
        _render_facets(faceted, first)
        rest = [facet for facet in opened.facets if facet.name not in _HERE]
        if rest:
            key = state.seed("more", any(facet.name in filters for facet in rest))
            more = st.expander("More filters", key=key, on_change="rerun")
            if more.open:
                with more:
                    _render_facets(faceted, rest)


def _render_alike(paintings: int) -> None:
    """What is shown is what is most like one picture, and the way back to all."""
    st.caption(f"The {count(paintings, 'painting')} most like one picture, by the published model.")
    st.button("Show all again", on_click=state.set_filter, args=(LIKE, ()))


def _render_facets(faceted: FacetedTable, facets: list[Facet]) -> None:
    filters, table = state.current().filters, faceted.table
    for facet in facets:
        if isinstance(facet, Choice | Flags | Membership):
            _render_values(facet, faceted.count(facet, filters))
        if isinstance(facet, Membership):
            _render_missing(facet, faceted)
        if isinstance(facet, Range):
            _render_range(facet, facet.ends(table), faceted.count(facet, filters))


def render_nothing_shown(opened: OpenRun) -> None:
    """Why no painting is shown, and which filter to remove first."""
    filters, word = state.current().filters, opened.word
    faceted = facet_in_force(opened, state.current())
    without = faceted.count_without(filters)
    lines = ["No painting matches all filters."]
    helpful = sorted(((n, name) for name, n in without.items() if n), reverse=True)
    names = {name: escape(word.fill(FACETS[name].label)) for _, name in helpful}
    lines += [
        f"Without the filter on <b>{names[name]}</b>: {count(n, 'painting')}."
        for n, name in helpful
    ]
    if not helpful:
        lines.append("Removing one filter is not enough: clear them all in the sidebar.")
    render_empty("Nothing to show", lines)


def drop_unknown(table: pd.DataFrame, word: LabelWord) -> None:
    """Removes from the filters the values that this collection does not have, and says so."""
    for name, chosen in active_filters(table, state.current().filters).items():
        known = FACETS[name].drop_unknown(table, chosen)
        lost = [value for value in chosen if value not in known]
        if name == SET and lost:
            st.toast("A set in this link is not, or no longer, here: the filter was removed.")
        elif lost:
            what = plain(f"{word.fill(FACETS[name].label)} “{show_line(', '.join(lost))}”")
            st.toast(f"{what} is not in this run: the filter was removed.")
        state.set_filter(name, known)


def _render_missing(facet: Membership, faceted: FacetedTable) -> None:
    """How many paintings of the chosen sets this run does not have."""
    here = faceted.count(facet, {})
    for each in named_sets.list_sets():
        if each.id in state.current().filters.get(SET, ()) and here[each.id] < len(each.keys):
            gone = len(each.keys) - here[each.id]
            st.caption(f"{plain(each.name)}: {count(gone, 'painting')} not in this run.")


def _render_values(facet: Choice | Flags | Membership, counts: Mapping[str, int]) -> None:
    """Values with their counts: side by side if few, else a searchable list."""
    chosen = state.current().filters.get(facet.name, ())
    short = _is_short(facet)
    options = [value for value, n in counts.items() if n or short or value in chosen]
    # The browser knows options by their labels, whose counts have changed.
    key = state.show(facet.name, list(chosen))
    read = _reader(facet)
    common: dict[str, Any] = {
        # Pills read Markdown, lists do not.
        "format_func": lambda value: (
            f"{plain(read(value)) if short else read(value)}{_GAP}{counts.get(value, 0):,}"
        ),
        "key": key,
        "help": facet.help or None,
        "on_change": state.taker(facet.name, _take_values),
        "args": (facet, tuple(counts)),
    }
    if short:
        st.pills(facet.label, options, selection_mode="multi", **common)
    else:
        st.multiselect(facet.label, options, placeholder="All", select_all=False, **common)


def _is_short(facet: Choice | Flags | Membership) -> bool:
    return isinstance(facet, Flags) or (isinstance(facet, Choice) and facet.is_short)


def _reader(facet: Choice | Flags | Membership) -> Callable[[str], str]:
    """The function that writes a value for the screen."""
    if not isinstance(facet, Membership):
        return facet.show
    names = named_sets.read_names()
    return lambda value: names.get(value, value)


def _take_values(
    chosen: list[str], facet: Choice | Flags | Membership, values: tuple[str, ...]
) -> None:
    """Takes the choice; a label with outdated counts still means its value."""
    read = _reader(facet)
    by_name = {read(value): value for value in values}
    names = (str(value).rpartition(_GAP)[0] for value in chosen)
    found = [
        value if value in values else by_name.get(name, "")
        for value, name in zip(chosen, names, strict=True)
    ]
    state.set_filter(facet.name, [value for value in found if value])


def _render_range(facet: Range, ends: tuple[float, float], counts: Mapping[float, int]) -> None:
    chosen = state.current().filters.get(facet.name, ())
    low, high = (float(np.clip(end, *ends)) for end in facet.parse(chosen))
    kind = float if facet.step < 1 else int
    key = state.seed(facet.name, (kind(low), kind(high)))
    st.slider(
        facet.label,
        kind(ends[0]),
        kind(ends[1]),
        step=kind(facet.step),
        format="percent" if facet.percent else "%.2f" if facet.step < 1 else "%d",
        key=key,
        help=facet.help or None,
        on_change=state.taker(facet.name, _take_range),
        args=(facet, ends),
    )
    st.html(build_histogram(counts, low, high, facet))
    if facet.unknown and chosen:
        st.checkbox(
            facet.unknown,
            key=state.seed(f"{facet.name}.{UNKNOWN}", UNKNOWN in chosen),
            on_change=state.taker(facet.name, _take_range),
            args=(facet, ends),
        )


def _take_range(chosen: tuple[float, float], facet: Range, ends: tuple[float, float]) -> None:
    keep_unknown = bool(st.session_state.get(state.key_of(f"{facet.name}.{UNKNOWN}")))
    state.set_filter(facet.name, facet.format(*chosen, keep_unknown, ends))


def build_histogram(counts: Mapping[float, int], low: float, high: float, facet: Range) -> str:
    """HTML of bars, lower edge -> paintings; those outside ``low`` to ``high`` are faint."""
    edges = list(counts)
    width = edges[1] - edges[0]
    most = max(counts.values()) or 1
    bars = (
        f'<i title="{_show(edge, facet)} to {_show(edge + width, facet)}: '
        f'{count(n, "painting")}" '
        f'class="{"" if edge + width > low and edge <= high else "out"}" '
        f'style="height:{100 * (n / most) ** 0.5:.0f}%"></i>'
        for edge, n in counts.items()
    )
    return f'<div class="ae-histogram" aria-hidden="true">{"".join(bars)}</div>'


def _show(value: float, facet: Range) -> str:
    if facet.percent:
        return percent(value)
    return f"{value:.2f}" if facet.step < 1 else f"{value:.0f}"


def render_thresholds(opened: OpenRun, place: DeltaGenerator) -> None:
    """Sliders for the thresholds (loss, confidence) between the quadrants."""
    defaults, top = opened.thresholds, opened.ceiling
    with place:
        st.header("Thresholds")
        _render_threshold("loss", "High loss from", defaults.loss, top)
        _render_threshold("confidence", "High confidence from", defaults.confidence, 1.0)
        if state.current().loss is not None or state.current().confidence is not None:
            st.button("Reset thresholds", on_click=state.reset, args=("loss", "confidence"))


def _render_threshold(name: str, label: str, default: float, top: float) -> None:
    """One slider. It moves in hundredths; an untouched threshold keeps its exact value."""
    start = min(round(default, 2), top)
    asked = getattr(state.current(), name)
    value = st.slider(
        label,
        0.0,
        top,
        step=0.01,
        key=state.seed(name, start if asked is None else min(max(asked, 0.0), top)),
        help=TERMS[name],
    )
    moved = abs(value - start) > 0.001
    state.update(**{name: round(value, 2) if moved else None})
