"""Thumbnails beside a painting: similar ones, copies, other works by the artist."""

from __future__ import annotations

import numpy as np
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


def render_labelled(
    opened: OpenRun,
    rows: np.ndarray,
    link: Link = state.link_to_painting,
    seen: np.ndarray | None = None,
) -> None:
    """Thumbnails of paintings ``rows``, each with its label and what a model sees instead.

    ``seen`` (N,): styles by another model than the one that named each painting's.
    """
    given = opened.table["given"].astype(object).to_numpy()[rows]
    answers = opened.table["predicted"].astype(object).to_numpy() if seen is None else seen
    notes = [_given_and_seen(*pair) for pair in zip(given, answers[rows], strict=True)]
    render_thumbnails(opened, rows, notes, link)


def render_thumbnails(
    opened: OpenRun, rows: np.ndarray, notes: list[str], link: Link = state.link_to_painting
) -> None:
    """Thumbnails of paintings ``rows``, each with its line of ``notes`` and a link of its key."""
    table = opened.table.loc[rows]
    st.html(build_thumbnails(table, opened.run.run_id, link, notes))


def _given_and_seen(given: object, predicted: object) -> str:
    if not isinstance(predicted, str) or given == predicted:
        return _label(given)
    return f"{_label(given)} → {class_name(predicted)}"


def _label(given: object) -> str:
    return class_name(given) if isinstance(given, str) else "No label"
