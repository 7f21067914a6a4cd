"""Thumbnails beside a painting: similar ones, copies, other works by the artist."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.components.gallery import Link, build_thumbnails
from dashboard.runs.open_run import OpenRun
from dashboard.selection.likeness import MOST_ALIKE
from dashboard.session import state
from dashboard.session.alike import open_alike
from dashboard.words import class_name, similarity_text


def render_neighbours(opened: OpenRun, rows: np.ndarray, similarities: np.ndarray) -> None:
    """Thumbnails of paintings ``rows``, each with its label and similarity (-1 to 1)."""
    notes = [
        f"{_label(opened, row)} · {similarity_text(float(similarity))}"
        for row, similarity in zip(rows, similarities, strict=True)
    ]
    render_thumbnails(opened, rows, notes)


def render_more_like_this(opened: OpenRun, embedding: np.ndarray) -> None:
    """A button to the paintings most like the picture of ``embedding`` (D,), as a gallery."""
    st.button(
        "Find more like this",
        icon=":material/image_search:",
        help=f"The {MOST_ALIKE} most similar paintings, on the map and as a gallery.",
        on_click=open_alike,
        args=(opened, embedding),
    )


def render_labelled(
    opened: OpenRun,
    rows: np.ndarray,
    link: Link = state.link_to_painting,
    seen: np.ndarray | None = None,
) -> None:
    """Thumbnails of paintings ``rows``, each with its label and what a model sees instead.

    ``seen`` (N,): styles by another model than the one that named each painting's.
    """
    answers = opened.table["predicted"].astype(object).to_numpy() if seen is None else seen
    notes = [_given_and_seen(opened, row, answers[row]) for row in rows]
    render_thumbnails(opened, rows, notes, link)


def render_thumbnails(
    opened: OpenRun, rows: np.ndarray, notes: list[str], link: Link = state.link_to_painting
) -> None:
    """Thumbnails of paintings ``rows``, each with its line of ``notes`` and a link of its key."""
    table = opened.table.loc[rows]
    st.html(build_thumbnails(table, opened.run.run_id, link, notes))


def _given_and_seen(opened: OpenRun, row: int, predicted: object) -> str:
    label = _label(opened, row)
    if not isinstance(predicted, str) or predicted in opened.list_labels(row):
        return label
    return f"{label} → {class_name(predicted)}"


def _label(opened: OpenRun, row: int) -> str:
    """``"Cubism"``, ``"Cubism; Dada"`` of several, or that there is none."""
    return "; ".join(map(class_name, opened.list_labels(row))) or "No label"
