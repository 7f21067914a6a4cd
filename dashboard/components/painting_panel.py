"""One painting up close: the picture, what was said of it, and what it resembles."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from core.tasks import Task, given_column
from dashboard import state
from dashboard.components import filter_bar
from dashboard.components.gallery import build_thumbnails
from dashboard.components.page import build_bars
from dashboard.components.verdicts import render_painting_verdicts
from dashboard.data import OpenRun
from dashboard.filters import place_quadrants
from dashboard.image_routes import image_url
from dashboard.words import (
    TASK_NAMES,
    class_name,
    painting_byline,
    painting_title,
    percent,
    picture_text,
    plain,
    quadrant_name,
    scores_line,
    term_html,
    verdict_sentence,
)

TOP = 5
NEIGHBOURS = 12


def render_open_painting(opened: OpenRun) -> None:
    """The panel of the painting that the address names, if this run has it."""
    key = state.current().painting
    if not key:
        return
    rows = np.flatnonzero((opened.table["key"] == key).to_numpy())
    if not len(rows):
        st.toast("The painting of this link is not in this run.")
        state.update(painting="")
        return
    row = int(rows[0])
    title = painting_title(opened.table.loc[row].to_dict())
    st.dialog(plain(title), width="large", on_dismiss=_close)(_render_panel)(opened, row)


def _close() -> None:
    state.update(painting="")


def _render_panel(opened: OpenRun, row: int) -> None:
    run = opened.run
    lines = filter_bar.lines(run.manifest.thresholds)
    painting = place_quadrants(opened.table.loc[[row]], *lines).loc[row].to_dict()
    picture, facts = st.columns([1, 1], gap="large")
    picture.html(
        f'<figure class="ae-picture"><img src="{escape(image_url(run.run_id, row, "640"))}" '
        f'alt="{escape(picture_text(painting))}"></figure>'
    )
    with facts:
        render_facts(painting)
        render_answers(opened, row)
    render_painting_verdicts(opened, row)
    render_nearest(opened, row)


def render_answers(opened: OpenRun, row: int) -> None:
    """What the model makes of it, task by task."""
    for task in opened.run.manifest.tasks:
        _render_answers(opened, row, task)


def render_facts(painting: dict[Any, Any]) -> None:
    quadrant = str(painting["quadrant"])
    reason = painting["reason"]
    found = reason if isinstance(reason, str) and reason else f"{verdict_sentence(painting)}."
    parts = [
        f'<p class="ae-label"><span class="byline">{escape(painting_byline(painting))}</span><br>'
        f"{escape(found)}</p>",
        f'<p class="ae-note">{term_html(quadrant, quadrant_name(quadrant))}'
        f" · {escape(scores_line(painting))}</p>",
    ]
    st.html("".join(parts))


def _render_answers(opened: OpenRun, row: int, task: Task) -> None:
    probabilities = opened.run.probabilities(task)[row]
    if not probabilities.any():
        return
    given = opened.table.loc[row, given_column(task)]
    bars = build_answers(probabilities, opened.run.classes(task), str(given))
    st.html(f'<p class="ae-kicker">{TASK_NAMES[task]}</p>{bars}')


def build_answers(probabilities: np.ndarray, classes: tuple[str, ...], given: str = "") -> str:
    """HTML bars of the most probable classes; the given one is marked, and added when lower."""
    order = np.argsort(-probabilities, kind="stable")[:TOP].tolist()
    given = given if given in classes else ""
    if given and classes.index(given) not in order:
        order.append(classes.index(given))
    return build_bars(
        (_answer_label(classes[place], given), float(probabilities[place]), place == order[0])
        for place in order
    )


def _answer_label(name: str, given: str) -> str:
    label = escape(class_name(name))
    return f"{label} <small>(label)</small>" if name == given else label


def render_nearest(opened: OpenRun, row: int) -> None:
    run = opened.run
    rows, similarities = run.neighbours[row], run.similarities[row]
    st.html('<p class="ae-kicker" style="margin-top:1.2rem">Nearest paintings</p>')
    render_neighbours(opened, rows[:NEIGHBOURS], similarities[:NEIGHBOURS])


def render_neighbours(opened: OpenRun, rows: np.ndarray, similarities: np.ndarray) -> None:
    """Thumbnails of paintings ``rows``, each with its label and similarity (-1 to 1)."""
    table = opened.table.loc[rows]
    notes = [
        f"{class_name(given) if isinstance(given, str) else 'No label'} · "
        f"{percent(max(0.0, float(similarity)))} alike"
        for given, similarity in zip(table["given"], similarities, strict=True)
    ]
    st.html(
        build_thumbnails(table, opened.run.run_id, lambda key: state.link_to(painting=key), notes)
    )
