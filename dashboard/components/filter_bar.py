"""The sidebar's filters, shared by the pages that show paintings one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.artifacts import Thresholds
from core.findings.quadrants import QUADRANTS
from dashboard import state
from dashboard.filters import Filters, place_quadrants
from dashboard.words import TERMS, class_name, quadrant_name

LABELS: Final = {
    "given": "Given style",
    "predicted": "Predicted style",
    "artist": "Artist",
    "quadrant": "Quadrant",
}
_NAMES: Final[dict[str, Callable[[str], str]]] = {
    "given": class_name,
    "predicted": class_name,
    "artist": str,
    "quadrant": quadrant_name,
}


def render_filter_bar(table: pd.DataFrame, place: DeltaGenerator) -> Filters:
    """Filters for ``table``, which has a column for each of ``LABELS``."""
    with place:
        st.subheader("Show")
        for column, label in LABELS.items():
            options = _options(table, column)
            asked = [value for value in getattr(state.current(), column) if value in options]
            chosen = st.multiselect(
                label,
                options,
                format_func=_NAMES[column],
                key=state.seed(column, asked),
                placeholder="All",
                select_all=False,
                help=_quadrant_help() if column == "quadrant" else None,
            )
            state.update(**{column: tuple(chosen)})
        filters = state.current().filters
        if filters.active():
            st.button("Clear filters", on_click=state.reset, args=tuple(LABELS))
    return filters


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


def _options(table: pd.DataFrame, column: str) -> list[str]:
    present = set(table[column].dropna().unique())
    if column == "quadrant":
        return [name for name in QUADRANTS if name in present]
    return sorted(present, key=str.casefold)


def _quadrant_help() -> str:
    return "\n\n".join(f"**{quadrant_name(name)}**: {text}" for name, text in QUADRANTS.items())
