"""Classify: drop in a picture, see what the model makes of it. Nothing is kept."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
import streamlit as st

from core.classify import Busy, Classification
from core.images.decode import ImageRefused
from core.tasks import Task
from dashboard.components.legend import render_legend
from dashboard.components.page import render_empty, render_head, render_section
from dashboard.components.painting_panel import build_answers, render_neighbours
from dashboard.data import OpenRun, load_classifier, load_service
from dashboard.figures.style_map import add_position, build_style_map, mark_values
from dashboard.settings import UPLOAD_MEGABYTES
from dashboard.words import TASK_NAMES, answer_sentence, class_name, count

LEAD = (
    "Drop in a photograph or scan of a painting. The model says which style it sees, and which "
    "paintings of the collection look most like it. The picture stays in memory and is forgotten "
    "when you leave."
)
FORMATS = ["jpg", "jpeg", "png", "webp", "tif", "tiff", "bmp", "gif", "avif"]
PREVIEW_PIXELS = 560
MAP_HEIGHT = 460
PATIENCE = 20.0  # seconds to wait for a place when many pictures are sent at once


def render(opened: OpenRun) -> None:
    """The page."""
    render_head("Classify", "What would the model call this?", LEAD)
    upload = st.file_uploader(
        "Picture", type=FORMATS, max_upload_size=UPLOAD_MEGABYTES, label_visibility="collapsed"
    )
    if upload is None:
        classes = opened.run.classes("style")
        st.caption(
            f"The model of this run knows {count(len(classes), 'style')}; "
            "it will name one of them whatever the picture shows."
        )
        return
    content = upload.getvalue()
    try:
        with st.spinner("Looking at the picture"):
            answered = load_service().classify(load_classifier(opened.run), content, PATIENCE)
            preview = build_preview(content)
    except (ImageRefused, Busy) as error:
        render_empty("This picture was refused", [escape(str(error))])
        return
    _render_answer(opened, preview, upload.name, answered.classification)


def build_preview(content: bytes) -> str:
    """The picture as a data URI, small enough to show; raises ``ImageRefused``."""
    image = load_service().guard.decode(content, short_side=PREVIEW_PIXELS).image
    image.thumbnail((2 * PREVIEW_PIXELS, 2 * PREVIEW_PIXELS))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _render_answer(opened: OpenRun, preview: str, name: str, answer: Classification) -> None:
    picture, facts = st.columns([1, 1], gap="large")
    picture.html(f'<figure class="ae-picture"><img src="{preview}" alt="{escape(name)}"></figure>')
    with facts:
        for task, probabilities in answer.probabilities.items():
            _render_task(opened.run.classes(task), task, probabilities)
    render_section("The paintings most like it")
    render_neighbours(opened, answer.placement.neighbours, answer.placement.similarities)
    render_section("Where it would lie", "Among its nearest paintings, on the style map.")
    classes = opened.run.classes("style")
    render_legend(opened.table["given"], mark_values("given", classes), class_name)
    figure = build_style_map(
        opened.table,
        opened.table.index,
        "given",
        classes,
        height=MAP_HEIGHT,
    )
    st.plotly_chart(
        add_position(figure, answer.placement.position, "Your picture"),
        config={"displayModeBar": False},
        alt="Position of the picture on the style map",
    )


def _render_task(classes: tuple[str, ...], task: Task, probabilities: np.ndarray) -> None:
    best = int(probabilities.argmax())
    sentence = escape(answer_sentence(task, classes[best], float(probabilities[best])))
    st.html(
        f'<p class="ae-kicker">{TASK_NAMES[task]}</p><p class="ae-label">{sentence}.</p>'
        f"{build_answers(probabilities, classes)}"
    )
