"""Figures of a case: its share against the usual one, its styles, its years."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.findings.cases.kinds import ARGUABLE
from dashboard.figures.frame import LEGEND_ABOVE, build_frame
from dashboard.figures.palette import ACCENT, NEUTRAL
from dashboard.words import class_name, count, painting_byline, painting_title, percent

FEW_YEARS: Final = 8  # each then has its tick: half a year is none
BARS: Final = {"given": "Labelled", "seen": "Seen"}
FAINT: Final = "rgba(138, 133, 124, 0.45)"
_COLOURS: Final = {"given": NEUTRAL, "seen": ACCENT}


def build_shift(case: Mapping[Any, Any]) -> go.Figure:
    """The share seen elsewhere with its 95 % interval, and the usual share, on one line."""
    here = "Seen as later" if case.get("type") == ARGUABLE else "Seen elsewhere"
    usual, observed = float(case["expected"]), float(case["observed"])
    low, high = (np.clip(usual + float(case[end]), 0, 1) for end in ("shift_low", "shift_high"))
    is_pair = case["kind"] not in ("artist", "hand")
    works = "the votes" if is_pair else count(int(case["works"]), "work")
    usual_for = "works of other artists" if case["kind"] == "hand" else "such labels"
    figure = build_frame(
        150,
        x={"range": [-0.02, 1.02], "tickformat": ".0%", "title": f"Share of {works}"},
        y={"categoryorder": "array", "categoryarray": ["Usual", here]},
        showlegend=False,
    )
    figure.add_scatter(
        x=[observed],
        y=[here],
        mode="markers",
        name="Here",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - observed],
            "arrayminus": [observed - low],
            "color": ACCENT,
            "thickness": 2,
        },
        marker={"color": ACCENT, "size": 13},
        hovertemplate=f"{percent(observed)} of {works}, 95 % interval {percent(low)} to "
        f"{percent(high)}<extra></extra>",
    )
    figure.add_scatter(
        x=[usual],
        y=["Usual"],
        mode="markers",
        name="Usual",
        marker={"color": NEUTRAL, "size": 13, "symbol": "diamond"},
        hovertemplate=f"{percent(usual)} is usual for {usual_for}<extra></extra>",
    )
    return figure


def build_styles(shares: pd.DataFrame) -> go.Figure:
    """Bars of ``stories.compare_styles``, two a style."""
    figure = build_frame(
        110 + 40 * len(shares),
        x={"tickformat": ".0%", "rangemode": "tozero"},
        y={"autorange": "reversed"},
        barmode="group",
        bargap=0.3,
        legend=LEGEND_ABOVE | {"traceorder": "reversed"},
    )
    names = [class_name(str(style)) for style in shares.index]
    for column, label in reversed(BARS.items()):
        figure.add_bar(
            y=names,
            x=shares[column],
            name=label,
            orientation="h",
            marker={"color": _COLOURS[column]},
            hovertemplate=f"%{{y}}: %{{x:.0%}} {label.lower()}<extra></extra>",
        )
    return figure


def build_timeline(works: pd.DataFrame) -> go.Figure:
    """Each dated work at its year: a ring at each of its ``labels``, a dot at the style seen.

    A line joins them where what is seen is none of the labels.
    """
    dated = works[works["year"].notna() & works["predicted"].notna() & works["labels"].map(bool)]
    given = [[class_name(str(name)) for name in labels] for labels in dated["labels"]]
    seen = [class_name(str(name)) for name in dated["predicted"]]
    years = [int(year) for year in dated["year"]]
    texts = [
        f"{escape(painting_title(work))}<br>{escape(painting_byline(work))}"
        for work in dated.to_dict("records")
    ]
    rings = [
        (year, label, text)
        for year, labels, text in zip(years, given, texts, strict=True)
        for label in labels
    ]
    is_short = bool(years) and max(years) - min(years) < FEW_YEARS
    figure = build_frame(
        130 + 34 * len({*seen, *(label for _, label, _ in rings)}),
        x={"tickformat": "d", "dtick": 1 if is_short else None},
        legend=LEGEND_ABOVE,
    )
    joined = [
        (year, label, other)
        for year, labels, other in zip(years, given, seen, strict=True)
        for label in (labels if other not in labels else ())
    ]
    figure.add_scatter(
        x=[place for year, _, _ in joined for place in (year, year, None)],
        y=[place for _, label, other in joined for place in (label, other, None)],
        mode="lines",
        line={"color": FAINT, "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
    )
    dots = list(zip(years, seen, texts, strict=True))
    for name, places, symbol in (("Labelled", rings, "circle-open"), ("Seen", dots, "circle")):
        figure.add_scatter(
            x=[year for year, _, _ in places],
            y=[label for _, label, _ in places],
            mode="markers",
            name=name,
            text=[text for _, _, text in places],
            hovertemplate=f"%{{text}}<br>{name}: %{{y}}<extra></extra>",
            marker={
                "color": ACCENT if name == "Seen" else NEUTRAL,
                "size": 9 if name == "Seen" else 12,
                "symbol": symbol,
            },
        )
    return figure
