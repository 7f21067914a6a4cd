"""The full answer to one picture: sentences, bars, a label to try, similar paintings, the map."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Final

import numpy as np
import streamlit as st

from core.artifacts import ArtifactBroken, Run
from core.classify import Classification, Classifier
from core.classify.judgement import judge_label
from core.classify.novelty import Novelty
from core.scores import SCORES
from core.tasks import Task
from dashboard.components.answers import build_answers
from dashboard.components.explanation import render_explanation, render_painting_explanation
from dashboard.components.neighbours import render_more_like_this, render_neighbours
from dashboard.components.page import describe_error, render_empty, render_note, render_section
from dashboard.components.point_cloud import (
    Ring,
    Scene,
    render_point_cloud,
    ring_paintings,
)
from dashboard.runs.model_cache import load_classifier
from dashboard.runs.open_run import OpenRun
from dashboard.selection.select import thresholds_in_force
from dashboard.server.images import image_url
from dashboard.session import state
from dashboard.session.uploads import Upload
from dashboard.words import (
    answer_sentence,
    class_name,
    painting_byline,
    painting_title,
    picture_text,
    quadrant_name,
    term_html,
)

_KEPT: Final = "artextract.painting_answer"
MAP_HEIGHT = 460
NO_LABEL = "none"
UNUSUAL = (
    "**Unusual for this collection.** Novelty {value}; 0 is its middle, and nothing usual lies "
    "beyond 1: read the answers with care."
)
NOVEL = (
    "**Unlike anything here.** Novelty {value}; nothing usual here lies beyond 1. It may not be a "
    "painting, or be of a kind that the model has never seen. The answers mean little."
)
ODD_ONE_OUT = "**Hardly like anything else here.** Novelty {value}; nothing usual lies beyond 1."


def render_upload(opened: OpenRun, classifier: Classifier, upload: Upload, preview: str) -> None:
    """Everything about an upload; ``preview`` is the address of the picture."""
    answer = upload.answer
    if answer is None:
        render_empty(
            "This picture was refused", [f"{escape(upload.name)}: {escape(upload.reason)}."]
        )
        return
    size = f"{upload.width:,} x {upload.height:,} pixels"
    caption = ", ".join(filter(None, (upload.name, size, upload.note)))
    _render_head(opened, answer, preview, caption, upload.subject)
    render_section("Explanation")
    render_explanation(
        lambda: classifier, upload.subject, lambda: answer.pixels, preview, upload.name
    )
    _render_place(opened, answer, "Your picture")


def render_painting_answer(opened: OpenRun, row: int) -> None:
    """The published model's answer to a painting of the collection, as if it were uploaded."""
    run = opened.run
    painting = opened.table.loc[row].to_dict()
    st.button("Classify another picture", on_click=state.reset, args=("subject",))
    st.html(f"<h2>{escape(painting_title(painting))}</h2>")
    render_note(
        f"{escape(painting_byline(painting))}. The published model was trained on this "
        "painting, so it is surer here than it would be of a new one. The findings come from a "
        f"model that was not trained on it ({term_html('out of fold', 'out of fold')})."
    )
    try:
        with st.spinner("Classifying the picture"):
            answer = _answer_once(run, row)
    except ArtifactBroken as error:
        render_empty("This picture cannot be read", describe_error(error))
        return
    given = painting["given"] if isinstance(painting["given"], str) else ""
    picture = image_url(run.run_id, row, "640")
    caption = picture_text(painting)
    _render_head(opened, answer, picture, caption, f"painting.{row}", given, is_known=True)
    render_section("Explanation")
    render_painting_explanation(opened, row)
    _render_place(opened, answer, painting_title(painting))


def _answer_once(run: Run, row: int) -> Classification:
    """The answer to a painting; kept, so that another look at the page runs no model."""
    kept: tuple[tuple[str, int], Classification] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != (run.run_id, row):
        classifier = load_classifier(run)
        answer = classifier.classify(run.load_image(row, classifier.stored_side))
        st.session_state[_KEPT] = kept = (run.run_id, row), answer
    return kept[1]


def _render_head(
    opened: OpenRun,
    answer: Classification,
    picture: str,
    caption: str,
    subject: str,
    given: str = "",
    is_known: bool = False,
) -> None:
    left, facts = st.columns([1, 1], gap="large")
    left.html(
        f'<figure class="ae-picture"><img src="{escape(picture)}" alt="{escape(caption)}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )
    with facts:
        novelty = answer.novelty
        if novelty is not None and (warning := _warn_of(novelty, is_known)):
            st.warning(warning.format(value=write_novelty(novelty)), icon=":material/help:")
        sentences = [
            answer_sentence(task, opened.run.classes(task)[int(each.argmax())], float(each.max()))
            for task, each in answer.probabilities.items()
        ]
        st.html(f'<p class="ae-lead ae-answer">{escape(". ".join(sentences))}.</p>')
        label = _render_label(opened, answer, subject, given)
        if novelty is not None:
            render_note(
                f"{term_html('novelty', word=opened.word)}: {write_novelty(novelty)}. 0 is the "
                "middle of this collection; beyond 1, nothing here is alike."
            )
        for task, each in answer.probabilities.items():
            _render_bars(opened, task, each, label if task == "style" else "")


def write_novelty(novelty: Novelty) -> str:
    """``"1.34"``, as on a painting's page."""
    return SCORES["novelty"].write(novelty.value)


def _warn_of(novelty: Novelty, is_known: bool) -> str:
    """How far to trust the answer; ``is_known``: the picture is from the collection."""
    if novelty.is_unlike:
        return ODD_ONE_OUT if is_known else NOVEL
    return UNUSUAL if novelty.is_unusual else ""


def _render_label(opened: OpenRun, answer: Classification, subject: str, given: str) -> str:
    """A style to compare with the answer, and the quadrant it would give."""
    classes = opened.run.classes("style")
    options = [NO_LABEL, *sorted(classes, key=class_name)]
    chosen = st.selectbox(
        f"{opened.word.capital} on its label",
        options,
        index=options.index(given) if given in classes else 0,
        format_func=lambda name: "No label" if name == NO_LABEL else class_name(name),
        key=f"classify.label.{subject}",
    )
    if chosen == NO_LABEL:
        return ""
    place, vocabulary = classes.index(chosen), opened.run.vocabulary
    kin = None
    if vocabulary is not None:
        kin = np.array([vocabulary.compare(chosen, each) is not None for each in classes])
    lines = opened.run.manifest.thresholds
    judged = judge_label(answer.probabilities["style"], place, lines, kin)
    quadrant = judged.quadrant
    named = term_html(quadrant, quadrant_name(quadrant).lower(), opened.word)
    render_note(
        f"Labelled {escape(class_name(chosen))}, it would be {named}: {term_html('loss', 'loss')} "
        f"{judged.loss:.2f}, answer {judged.rank} of {len(classes)}."
    )
    return str(chosen)


def _render_bars(opened: OpenRun, task: Task, probabilities: np.ndarray, given: str) -> None:
    title = escape(opened.word.title(task))
    answers = build_answers(probabilities, opened.run.classes(task), given)
    st.html(f'<p class="ae-kicker">{title}</p>{answers}')


def build_place(opened: OpenRun, neighbours: np.ndarray, label: str) -> tuple[Ring, ...]:
    """Rings on the map for a picture: on its most similar painting, then on the others.

    A mean of their places could lie where no painting is. ``neighbours`` (n,) are rows, the most
    similar first; those without a place are left out.
    """
    rings = ring_paintings(opened, neighbours, "map", "found")
    return tuple(
        ring if at else replace(ring, label=label, kind="upload") for at, ring in enumerate(rings)
    )


def _render_place(opened: OpenRun, answer: Classification, label: str) -> None:
    near = answer.placement
    render_section("Most similar paintings")
    render_more_like_this(opened, answer.embedding)
    render_neighbours(opened, near.neighbours, near.similarities)
    rings = build_place(opened, near.neighbours, label)
    if not rings:
        return
    there = f"on the {opened.word.singular} map"
    seer = opened.run.manifest.laid_out_by
    by = f" Similar to the published model, that is; the map is by {escape(seer)}." if seer else ""
    render_section(
        f"Position {there}",
        f"At the most similar painting. The other rings are the next {len(rings) - 1}: where they "
        f"lie far apart, the place says little.{by}",
    )
    cloud = Scene(
        layout="map",
        colour="given",
        thresholds=thresholds_in_force(opened, state.current()),
        alt=f"Position of the picture {there}",
        rings=rings,
        height=MAP_HEIGHT,
    )
    render_point_cloud(opened, cloud, key="cloud.answer")
