"""The sidebar's filters and lines, shared by the pages that show paintings one by one."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.artifacts import Thresholds
from dashboard import state
from dashboard.facets import FACETS, UNKNOWN, Choice, Facet, Flags, Range, Search
from dashboard.filters import Counts, Filters, active_filters, count_facets, place_quadrants
from dashboard.words import TERMS, count, percent, plain

LABELS: Final = {name: facet.label for name, facet in FACETS.items()}
_FIRST: Final = ("text", "quadrant", "given", "predicted", "artist", "years")  # not tucked away
_GAP: Final = "\u2002·\u2002"  # between a value and its count


def render_filter_bar(table: pd.DataFrame, place: DeltaGenerator) -> Filters:
    """Draws the filters for ``table`` with their counts; returns what they say."""
    _drop_unknown(table)
    filters = state.current().filters
    counts = count_facets(table, filters)
    offered = [facet for facet in FACETS.values() if facet.is_offered(table)]
    with place:
        st.subheader("Show")
        for facet in offered:
            if facet.name in _FIRST:
                _render_facet(facet, table, counts)
        rest = [facet for facet in offered if facet.name not in _FIRST]
        if rest:
            with st.expander("More filters", expanded=any(f.name in filters for f in rest)):
                for facet in rest:
                    _render_facet(facet, table, counts)
        if active_filters(table, filters):
            st.button("Clear filters", on_click=state.clear_filters)
    return filters


def _drop_unknown(table: pd.DataFrame) -> None:
    """Leaves out of the filters what this collection does not have."""
    for name, chosen in state.current().filters.items():
        facet = FACETS[name]
        if isinstance(facet, Choice) and facet.is_offered(table):
            known = set(table[facet.column].cat.categories)
            state.set_filter(name, [value for value in chosen if value in known])
        elif isinstance(facet, Flags):
            state.set_filter(name, [value for value in chosen if value in facet.flags])


def _render_facet(facet: Facet, table: pd.DataFrame, counts: Counts) -> None:
    if isinstance(facet, Choice | Flags):
        _render_values(facet, counts[facet.name])
    elif isinstance(facet, Range):
        _render_range(facet, table, counts[facet.name])
    elif isinstance(facet, Search):
        _render_search(facet)


def _render_values(facet: Choice | Flags, counts: dict[str, int]) -> None:
    """Values with their counts: side by side where they are few, else a list to type into."""
    chosen = state.current().filters.get(facet.name, ())
    short = isinstance(facet, Flags) or facet.is_short
    options = [value for value, n in counts.items() if n or short or value in chosen]
    # The browser knows options by their labels, and the counts in those have changed.
    key = state.show(facet.name, list(chosen))
    common: dict[str, Any] = {
        "format_func": lambda value: _label(facet, value, counts),
        "key": key,
        "help": facet.help or None,
        "on_change": _take_values,
        "args": (facet, tuple(counts)),
    }
    if short:
        st.pills(facet.label, options, selection_mode="multi", **common)
    else:
        st.multiselect(facet.label, options, placeholder="All", select_all=False, **common)


def _label(facet: Choice | Flags, value: str, counts: dict[str, int]) -> str:
    name = facet.show(value)
    if isinstance(facet, Flags) or facet.is_short:
        name = plain(name)  # pills read Markdown, lists do not
    return f"{name}{_GAP}{counts.get(value, 0):,}"


def _take_values(facet: Choice | Flags, values: tuple[str, ...]) -> None:
    """Takes what was chosen; a label that is older than the counts still means its value."""
    by_name = {facet.show(value): value for value in values}
    chosen = st.session_state[state.key_of(facet.name)]
    names = (str(value).rpartition(_GAP)[0] for value in chosen)
    found = [
        value if value in values else by_name.get(name, "")
        for value, name in zip(chosen, names, strict=True)
    ]
    state.set_filter(facet.name, [value for value in found if value])


def _render_range(facet: Range, table: pd.DataFrame, counts: dict[float, int]) -> None:
    chosen = state.current().filters.get(facet.name, ())
    ends = facet.ends(table)
    low, high = (float(np.clip(end, *ends)) for end in facet.parse(chosen))
    kind = float if facet.percent else int
    key = state.seed(facet.name, (kind(low), kind(high)))
    st.slider(
        facet.label,
        kind(ends[0]),
        kind(ends[1]),
        step=kind(facet.step),
        format="percent" if facet.percent else "%d",
        key=key,
        help=facet.help or None,
        on_change=_take_range,
        args=(facet, ends),
    )
    st.html(build_histogram(counts, low, high, facet.percent))
    if facet.unknown and chosen:
        st.checkbox(
            facet.unknown,
            key=state.seed(f"{facet.name}.{UNKNOWN}", UNKNOWN in chosen),
            on_change=_take_range,
            args=(facet, ends),
        )


def _take_range(facet: Range, ends: tuple[float, float]) -> None:
    low, high = st.session_state[state.key_of(facet.name)]
    keep_unknown = bool(st.session_state.get(state.key_of(f"{facet.name}.{UNKNOWN}")))
    state.set_filter(facet.name, facet.format(low, high, keep_unknown, ends))


def build_histogram(counts: dict[float, int], low: float, high: float, is_share: bool) -> str:
    """HTML of bars, lower edge -> paintings; those outside ``low`` to ``high`` are faint."""
    edges = list(counts)
    width = edges[1] - edges[0]
    most = max(counts.values()) or 1
    bars = (
        f'<i title="{_interval(edge, edge + width, is_share)}: {count(n, "painting")}" '
        f'class="{"" if edge + width > low and edge <= high else "out"}" '
        f'style="height:{100 * (n / most) ** 0.5:.0f}%"></i>'
        for edge, n in counts.items()
    )
    return f'<div class="ae-histogram" aria-hidden="true">{"".join(bars)}</div>'


def _interval(low: float, high: float, is_share: bool) -> str:
    if is_share:
        return f"{percent(low)} to {percent(high)}"
    return f"{low:.0f} to {high:.0f}"


def _render_search(facet: Search) -> None:
    chosen = state.current().filters.get(facet.name, ())
    st.text_input(
        facet.label,
        type="search",
        placeholder="Any words",
        key=state.seed(facet.name, " ".join(chosen)),
        icon=":material/search:",
        on_change=_take_search,
        args=(facet.name,),
    )


def _take_search(name: str) -> None:
    text = str(st.session_state[state.key_of(name)]).strip()
    state.set_filter(name, (text,) if text else ())


def render_lines(table: pd.DataFrame, defaults: Thresholds, place: DeltaGenerator) -> pd.DataFrame:
    """Sliders for the lines between quadrants; ``table`` with its quadrants by those lines."""
    highest = float(np.nan_to_num(table["loss"].quantile(0.999), nan=1.0))
    top = round(max(highest, 1.25 * defaults.loss, 1.0), 1)
    with place:
        st.subheader("Quadrant lines")
        loss = _render_line("loss", "High loss from", defaults.loss, top)
        confidence = _render_line("confidence", "High confidence from", defaults.confidence, 1.0)
        if state.current().loss is not None or state.current().confidence is not None:
            st.button("Reset lines", on_click=state.reset, args=("loss", "confidence"))
    return place_quadrants(table, loss, confidence)


def lines(defaults: Thresholds) -> tuple[float, float]:
    """The lines (loss, confidence) that are in force."""
    now = state.current()
    return (
        defaults.loss if now.loss is None else now.loss,
        defaults.confidence if now.confidence is None else now.confidence,
    )


def _render_line(name: str, label: str, default: float, top: float) -> float:
    """The slider of one line. It moves in hundredths, but an untouched line is the exact one."""
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
    return value if moved else default
