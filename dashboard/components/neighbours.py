"""Thumbnails beside a painting: similar ones, copies, other works by the artist."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.components.gallery import Link, build_thumbnails
from dashboard.runs.open_run import OpenRun
from dashboard.session import state
from dashboard.words import class_name, similarity_text


def render_neighbours(opened: OpenRun, rows: np.ndarray, similarities: np.ndarray) -> None:
    """Thumbnails of paintings ``rows``, each with its label and similarity (-1 to 1)."""
    notes = [
        f"{_label(given)} · {similarity_text(float(similarity))}"
        for given, similarity in zip(opened.table["given"].loc[rows], similarities, strict=True)
    ]
    render_thumbnails(opened, rows, notes)


def render_labelled(opened: OpenRun, rows: np.ndarray, link: Link = state.link_to_painting) -> None:
    """Thumbnails of paintings ``rows``, each with its label and what the model sees instead."""
    table = opened.table.loc[rows, ["given", "predicted"]]
    render_thumbnails(opened, rows, [_given_and_seen(*pair) for pair in table.to_numpy()], link)


def render_thumbnails(
    opened: OpenRun, rows: np.ndarray, notes: list[str], link: Link = state.link_to_painting
) -> None:
    """Thumbnails of paintings ``rows``, each with its line of ``notes`` and a link of its key."""
    table = opened.table.loc[rows]
    st.html(build_thumbnails(table, opened.run.run_id, link, notes))


def _given_and_seen(given: object, predicted: object) -> str:
    if pd.isna(predicted) or given == predicted:  # type: ignore[call-overload]
        return _label(given)
    return f"{_label(given)} → {class_name(str(predicted))}"


def _label(given: object) -> str:
    return class_name(given) if isinstance(given, str) else "No label"
