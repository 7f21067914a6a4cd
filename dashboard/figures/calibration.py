"""The model's confidence against how often it agrees with the given labels."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.frame import LEGEND_ABOVE, build_frame
from dashboard.figures.palette import ACCENT, NEUTRAL

HEIGHT = 340


def build_calibration(
    reliability: list[dict[str, Any]], uncalibrated: list[dict[str, Any]]
) -> go.Figure:
    """Reliability plot after and before calibration, point size by count.

    Both hold rows as ``metrics[task]["reliability"]`` does.
    """
    return _build([*reliability], [*uncalibrated], "After", "Before calibration", "Before")


def build_comparison(of_set: pd.DataFrame, whole: pd.DataFrame, name: str) -> go.Figure:
    """Reliability of the set called ``name`` beside the whole; rows of ``compute_reliability``."""
    shown = name.replace("<", "&lt;")
    sets, rest = of_set.to_dict("records"), whole.to_dict("records")
    return _build(sets, rest, shown, "The whole collection", "The whole")


def _build(
    reliability: list[Any], other: list[Any], name: str, other_name: str, other_short: str
) -> go.Figure:
    """The main line with points by count, the other one thin, and where both should lie."""
    rows = [row for row in reliability if row["paintings"]]
    largest = max((row["paintings"] for row in rows), default=1)
    figure = build_frame(
        HEIGHT,
        x={"title": "Confidence", "range": [0, 1.03], "tickformat": ".0%"},
        y={"title": "Agreement with the labels", "range": [0, 1.05], "tickformat": ".0%"},
        legend=LEGEND_ABOVE,
    )
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": NEUTRAL, "dash": "dot", "width": 1.5},
        name="Perfectly calibrated",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[row["confidence"] for row in other if row["paintings"]],
        y=[row["accuracy"] for row in other if row["paintings"]],
        mode="lines",
        name=other_name,
        hovertemplate=f"{other_short}: confidence %{{x:.0%}}, agreement %{{y:.0%}}<extra></extra>",
        line={"color": NEUTRAL, "width": 1.5},
    )
    figure.add_scatter(
        x=[row["confidence"] for row in rows],
        y=[row["accuracy"] for row in rows],
        mode="lines+markers",
        name=name,
        customdata=[row["paintings"] for row in rows],
        hovertemplate=(
            "Confidence %{x:.0%}, agreement %{y:.0%}<br>%{customdata:,} paintings<extra></extra>"
        ),
        line={"color": ACCENT, "width": 2},
        marker={
            "size": [6 + 14 * (row["paintings"] / largest) ** 0.5 for row in rows],
            "color": ACCENT,
        },
    )
    return figure
