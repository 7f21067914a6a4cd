"""What is known of one painting: reasons, scores, the model's answers, similar paintings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import streamlit as st

from core.findings.hands.wording import describe_attribution
from core.findings.labels.reasons import Told
from core.tasks import given_column
from dashboard.components.answers import build_answers
from dashboard.components.neighbours import render_neighbours
from dashboard.components.page import render_note
from dashboard.runs.open_run import OpenRun
from dashboard.words import (
    list_measures,
    painting_byline,
    quadrant_name,
    term_html,
)

NEIGHBOURS: Final = 12


def render_facts(opened: OpenRun, painting: Mapping[Any, Any], told: Told) -> None:
    """Byline and quadrant, the sentences in full, the scores."""
    quadrant = str(painting["quadrant"])
    st.html(
        f'<p class="ae-label"><span class="byline">{escape(painting_byline(painting))}</span><br>'
        f"{term_html(quadrant, quadrant_name(quadrant), opened.word)}</p>"
        f'<p class="ae-lead">{escape(told.against[0])}</p>{_build_list(told.against[1:])}'
    )
    if told.favour:
        st.html(f'<p class="ae-kicker">For the label</p>{_build_list(told.favour)}')
    if hand := describe_attribution(painting):
        st.html(f'<p class="ae-kicker">The hand</p>{_build_list([hand])}')
    st.html(f'<dl class="ae-measures">{_build_measures(opened, painting)}</dl>')


def _build_list(lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul class="ae-reasons">{items}</ul>' if items else ""


def _build_measures(opened: OpenRun, painting: Mapping[Any, Any]) -> str:
    classes = len(opened.run.classes("style"))
    return "".join(
        f"<div><dt>{term_html(term, name, opened.word)}</dt><dd>{escape(value)}</dd></div>"
        for term, name, value in list_measures(painting, classes)
    )


def render_answers(opened: OpenRun, row: int) -> None:
    """The model's answers, the tasks side by side."""
    run = opened.run
    answers = {task: run.answer(task, row) for task in run.manifest.tasks}
    answered = [task for task in answers if answers[task].any()]
    if not answered:
        render_note("The model did not score this painting, so there is no answer to show.")
        return
    for column, task in zip(st.columns(len(answered), gap="large"), answered, strict=True):
        given = str(opened.table.loc[row, given_column(task)])
        bars = build_answers(answers[task], run.classes(task), given)
        column.html(f"<h3>{escape(run.manifest.word.title(task))}</h3>{bars}")


def render_nearest(opened: OpenRun, row: int) -> None:
    """The most similar paintings, most similar first."""
    rows, similarities = opened.run.neighbours[row], opened.run.similarities[row]
    render_neighbours(opened, rows[:NEIGHBOURS], similarities[:NEIGHBOURS])
