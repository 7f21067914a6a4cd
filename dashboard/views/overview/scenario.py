"""How well the model knows the paintings of one set, beside the whole collection."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from core.findings.labels.reliability import compute_calibration_error, compute_reliability
from core.intervals import compute_wilson
from dashboard.components.chart import render_chart
from dashboard.components.page import render_note, render_section, render_table
from dashboard.figures.calibration import build_comparison
from dashboard.runs.open_run import OpenRun
from dashboard.selection.facets import FACETS, SET
from dashboard.selection.several_labels import EVERY, split_labels
from dashboard.selection.verdicts import SETS
from dashboard.session import named_sets, state
from dashboard.words import count, percent, term_html

MEASURES: Final = (
    "Paintings, labelled and scored",
    "Accuracy",
    "Accuracy, 95 % interval",
    "Mean confidence",
    "Calibration error",
)
ENOUGH: Final = 30  # scored paintings before bins of confidence are drawn


@dataclass(frozen=True)
class Quality:
    """On ``paintings`` labelled and scored: ``hits`` where the answer is one of the labels.

    ``interval``: of the accuracy, 95 %. ``confidence``: the mean, 0 to 1. ``reliability`` as
    ``compute_reliability``.
    """

    paintings: int
    hits: int
    interval: tuple[float, float]
    confidence: float
    calibration_error: float
    reliability: pd.DataFrame

    @property
    def accuracy(self) -> float:
        return self.hits / self.paintings


def measure_quality(table: pd.DataFrame, rows: np.ndarray) -> Quality | None:
    """Of the paintings ``rows`` of ``table``; None where none of them is labelled and scored."""
    scored = table[[EVERY, "predicted", "confidence", "loss"]].iloc[rows]
    scored = scored[scored["loss"].notna()]
    if scored.empty:
        return None
    labels = scored[EVERY].astype(object)
    pairs = zip(scored["predicted"].astype(object), labels, strict=True)
    is_right = np.array([answer in split_labels(every) for answer, every in pairs])
    confidence = scored["confidence"].to_numpy(dtype=float)
    hits = int(is_right.sum())
    return Quality(
        len(scored),
        hits,
        compute_wilson(hits, len(scored)),
        float(confidence.mean()),
        compute_calibration_error(confidence, is_right),
        compute_reliability(confidence, is_right),
    )


def render_scenario(opened: OpenRun) -> None:
    """A set to choose, and how it compares; nothing where there is no set."""
    sets = {each.id: each.name for each in named_sets.list_sets()}
    if not sets or SETS not in opened.table:
        return
    render_section("One set beside the whole", "Out of fold, by the labels as they are given.")
    chosen = state.current().filters.get(SET, ())
    picked = st.selectbox(
        "Set",
        list(sets),
        index=list(sets).index(chosen[0]) if chosen and chosen[0] in sets else None,
        format_func=sets.__getitem__,
        placeholder="Choose a set",
        key=state.key_of("scenario"),
        on_change=state.taker("scenario", _take),
    )
    if picked is None:
        return
    rows = np.flatnonzero(FACETS[SET].keep(opened.table, (picked,)))
    of_set = measure_quality(opened.table, rows)
    whole = measure_quality(opened.table, np.arange(len(opened.table)))
    if of_set is None or whole is None:
        render_note("None of its paintings in this run is labelled and scored.")
        return
    _render_comparison(sets[picked], of_set, whole)


def _take(picked: str | None) -> None:
    state.set_filter(SET, (picked,) if picked else ())


def _render_comparison(name: str, of_set: Quality, whole: Quality) -> None:
    cells = zip(MEASURES, _list_cells(of_set), _list_cells(whole), strict=True)
    error = term_html("calibration error", "calibration error")
    left, right = st.columns(2, gap="large")
    with left:
        render_table(("", "The set", "The whole collection"), cells, numbers=2)
        render_note(
            f"Of few paintings the {error} is above 0 by chance alone, so that a small set looks "
            "worse than it is. Where a painting has several labels, each of them is right."
        )
    with right:
        if of_set.paintings < ENOUGH:
            missing = f"{count(of_set.paintings, 'painting')}; from {ENOUGH} on"
            render_note(f"{escape(missing)}, its confidence is drawn against its accuracy.")
            return
        render_chart(
            build_comparison(of_set.reliability, whole.reliability, name), "Reliability of a set"
        )


def _list_cells(quality: Quality) -> list[str]:
    """The figures of ``MEASURES``."""
    low, high = quality.interval
    return [
        f"{quality.paintings:,}",
        percent(quality.accuracy),
        f"{percent(low)} to {percent(high)}",
        percent(quality.confidence),
        f"{quality.calibration_error:.3f}",
    ]
