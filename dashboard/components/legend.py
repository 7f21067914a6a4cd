"""Legends as text that wraps: beside a chart they would take its room on a phone."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.figures.palette import Mark
from dashboard.words import TERMS

_GLYPHS: Final = {"circle": "●", "diamond": "◆", "square": "■", "triangle-up": "▲", "cross": "✚"}


def build_legend(values: pd.Series, marks: dict[str, Mark], name: Callable[[str], str]) -> str:
    """HTML of the marks of those ``values`` that occur, each with its count."""
    counts = values.value_counts()
    entries = (
        f'<span title="{escape(TERMS.get(value, ""))}">'
        f'<span class="glyph" aria-hidden="true" style="color:{mark.colour}">'
        f"{_GLYPHS[mark.symbol]}</span>{escape(name(value))} <b>{counts[value]:,}</b></span>"
        for value, mark in marks.items()
        if counts.get(value, 0)
    )
    return f'<div class="ae-legend">{"".join(entries)}</div>'


def render_legend(values: pd.Series, marks: dict[str, Mark], name: Callable[[str], str]) -> None:
    st.html(build_legend(values, marks, name))
