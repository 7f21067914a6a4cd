"""Which parts of a picture drive the answer: on request, for uploads and paintings."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Final

import numpy as np
import streamlit as st

from core.artifacts import RunError
from core.classify import Classifier, Explanation
from core.images.pixels import compute_square
from core.tasks import Task
from dashboard.components.chart import render_chart
from dashboard.components.page import describe_error, render_empty, render_note
from dashboard.figures.heat import build_heat
from dashboard.figures.reading import build_reading
from dashboard.runs.model_cache import load_classifier
from dashboard.runs.open_run import OpenRun
from dashboard.server.images import image_url
from dashboard.words import class_name, percent, picture_text

_KEPT: Final = "artextract.explanation"  # the last one: a new class or opacity runs no model
NOTE: Final = (  # for ``LabelWord.fill``
    "The model sees each part of the picture alone, on a blank canvas. <b>Red</b> parts favour the "
    "chosen answer more than the rest of the picture does, <b>blue</b> parts less. This shows what "
    "drives this model, not what defines the {style}."
)
READING_NOTE: Final = (  # for ``LabelWord.fill``
    "The model reads the picture in columns from left to right. Each point is its answer while "
    "the rest is still blank."
)


def render_painting_explanation(opened: OpenRun, row: int) -> None:
    """The explanation of the painting in ``row``, as the published model sees it."""
    run = opened.run
    painting = opened.table.loc[row].to_dict()
    predicted = painting["predicted"]
    render_explanation(
        lambda: load_classifier(run),
        f"painting.{row}",
        lambda: compute_square(run.load_image(row), run.manifest.image_size),
        image_url(run.run_id, row, "640"),
        picture_text(painting),
        predicted if isinstance(predicted, str) else "",
    )


def compare_answers(published: str, out_of_fold: str) -> str:
    """Whose answer the overlay explains, and whether the page above speaks of another one."""
    explains = "This explains the published model, which has learned from this painting."
    if published == out_of_fold:
        return f"{explains} It sees {class_name(published)}, and so does the model that has not."
    return (
        f"{explains} <b>It sees {escape(class_name(published))}; the model that has not, whose "
        f"answer stands above, sees {escape(class_name(out_of_fold))}.</b> Choose which to explain."
    )


@st.fragment
def render_explanation(
    find_classifier: Callable[[], Classifier],
    subject: str,
    load_pixels: Callable[[], np.ndarray],
    picture: str,
    alt: str,
    out_of_fold: str = "",
) -> None:
    """A switch that shows the overlay and the reading from left to right.

    ``find_classifier`` and ``load_pixels``, which returns (S, S, 3) uint8, are called once the
    switch is on; a broken file of the run is named. ``subject`` tells pictures apart within the
    run, ``picture`` is an address to show, ``alt`` its text. ``out_of_fold``: the style predicted
    by a model that was not trained on the picture; empty for an upload.
    """
    if not st.toggle("Explain the answer", key=f"explain.{subject}"):
        return
    try:
        with st.spinner("Running the model"):
            classifier = find_classifier()
            explanation = _explain(classifier, subject, load_pixels)
    except RunError as error:
        render_empty("The model cannot be run", describe_error(error))
        return
    controls, below = st.container(), st.container()
    with controls:
        task, chosen = _render_choice(classifier, explanation, subject)
        if task == "style" and out_of_fold:
            answer = classifier.run.classes(task)[int(explanation.reading[task][-1].argmax())]
            render_note(compare_answers(answer, out_of_fold))
        opacity = st.slider(
            "Overlay opacity", 0, 100, 60, format="%d %%", key=f"explain.opacity.{subject}"
        )
    classes = classifier.run.classes(task)
    name = class_name(classes[chosen])
    left, right = below.columns([1, 1], gap="large")
    left.html(
        build_overlay(
            picture,
            build_heat(explanation.cells[task][..., chosen]),
            opacity / 100,
            f"{alt}. Overlay: the parts that favour {name} more and less",
        )
    )
    left.html(f'<p class="ae-note">{classifier.run.manifest.word.fill(NOTE)}</p>')
    reading = explanation.reading[task]
    with right:
        st.html(f"<h3>From left to right</h3><p class='ae-note'>{READING_NOTE}</p>")
        render_chart(
            build_reading(reading, classes, chosen),
            f"Probability of {name} by share of the picture read",
            key=f"explain.reading.{subject}",
        )


def build_overlay(picture: str, heat: str, opacity: float, alt: str) -> str:
    """HTML of the picture with the overlay, ``opacity`` 0 to 1."""
    return (
        f'<figure class="ae-picture ae-overlay"><img src="{escape(picture)}" alt="{escape(alt)}">'
        f'<img class="layer" src="{escape(heat)}" alt="" style="opacity:{opacity:.2f}"></figure>'
    )


def _explain(
    classifier: Classifier, subject: str, load_pixels: Callable[[], np.ndarray]
) -> Explanation:
    key = (classifier.run.run_id, subject)
    kept: tuple[tuple[str, str], Explanation] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != key:
        kept = key, classifier.explain(load_pixels())
        st.session_state[_KEPT] = kept
    return kept[1]


def _render_choice(
    classifier: Classifier, explanation: Explanation, subject: str
) -> tuple[Task, int]:
    """The task and the class to explain; the model's own answer to begin with."""
    tasks = classifier.run.manifest.tasks
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    task: Task = tasks[0]
    if len(tasks) > 1:
        task = (
            left.segmented_control(
                "Task",
                tasks,
                default=tasks[0],
                format_func=classifier.run.manifest.word.title,
                key=f"explain.task.{subject}",
            )
            or tasks[0]
        )
    classes, answer = classifier.run.classes(task), explanation.reading[task][-1]
    order = np.argsort(-answer, kind="stable").tolist()
    chosen = right.selectbox(
        "Answer to explain",
        order,
        format_func=lambda place: f"{class_name(classes[place])}, {percent(float(answer[place]))}",
        key=f"explain.class.{task}.{subject}",
    )
    return task, int(chosen)
