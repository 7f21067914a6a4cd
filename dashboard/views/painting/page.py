"""Painting: one work up close, its findings and verdicts, and similar works."""

from __future__ import annotations

from html import escape
from typing import Any, Final
from urllib.parse import urljoin

import numpy as np
import streamlit as st

from core.collection.reading.attribution import parse_attribution
from core.label_word import LabelWord
from core.report.source import describe_source
from dashboard.components.chart import render_chart
from dashboard.components.evidence import render_answers, render_facts, render_nearest
from dashboard.components.explanation import render_painting_explanation
from dashboard.components.links import open_link
from dashboard.components.neighbours import render_labelled, render_more_like_this
from dashboard.components.page import render_empty, render_note, render_section
from dashboard.components.point_cloud import Scene, render_point_cloud, ring_painting
from dashboard.components.set_change import render_painting_sets
from dashboard.components.verdicts import render_painting_verdicts
from dashboard.figures.dynamics import build_dynamics
from dashboard.navigation import HIDDEN, PAGES, PAINTING_PAGE
from dashboard.runs.open_run import OpenRun
from dashboard.selection.select import thresholds_in_force
from dashboard.server.iiif_presentation import manifest_url
from dashboard.session import state
from dashboard.session.shortcuts import BACK, NEXT, PREVIOUS
from dashboard.views.painting.place import find_place, list_keys
from dashboard.views.painting.viewer import render_viewer
from dashboard.words import (
    class_name,
    count,
    is_missing,
    painting_title,
    picture_text,
    term_html,
)

FELLOWS: Final = 12  # other works of the artist
MAP_HEIGHT: Final = 360
ORIGINS: Final = PAGES.keys() - HIDDEN


def render(opened: OpenRun) -> None:
    """The page of the painting that the address names."""
    row = opened.find_row(state.current().painting)
    if row < 0:
        _render_missing()
        return
    thresholds = thresholds_in_force(opened, state.current())
    painting = opened.place_quadrants(thresholds).loc[row].to_dict()
    _render_way(opened)
    picture, facts = st.columns([11, 9], gap="large")
    with picture:
        render_viewer(opened.run.run_id, row, str(painting["key"]), picture_text(painting))
    with facts:
        st.html(f"<h1>{escape(painting_title(painting))}</h1>")
        render_painting_verdicts(opened, row)
        render_painting_sets(opened, row)
        render_facts(opened, painting, opened.tell([row])[0])
    render_section("Model answers")
    render_answers(opened, row)
    render_section(
        "Where the answer comes from",
        f"What drives this model, not what defines the {escape(opened.word.singular)}.",
    )
    render_painting_explanation(opened, row)
    _render_alike(opened, row)
    _render_dynamics_and_place(opened, row)
    _render_details(opened, row, painting)


def _render_missing() -> None:
    key = state.current().painting
    st.html("<h1>Painting not found</h1>")
    elsewhere = open_link(state.link_to("outliers", painting=""))
    known = f"This run has no painting <code>{escape(key)}</code>."
    render_empty(
        "What to do",
        [
            known if key else "The link names no painting.",
            "Another run may have it. If there are several, choose one in the sidebar.",
            f"Or search by title or artist on {elsewhere}Outliers</a>.",
        ],
    )


def _render_way(opened: OpenRun) -> None:
    """Back to the list, the place in it, the previous and the next painting."""
    now = state.current()
    listed = list_keys(opened, now.origin)
    place = find_place(listed, now.painting)
    name = PAGES[now.origin if now.origin in ORIGINS else "outliers"]
    with st.container(horizontal=True, vertical_alignment="center", key="way"):
        st.button(
            opened.word.fill(name),
            icon=":material/arrow_back:",
            on_click=state.go,
            args=(now.origin or "outliers",),
            kwargs={"painting": "", "origin": ""},
            type="tertiary",
            shortcut=BACK,
        )
        if place:
            st.html(
                f'<p class="ae-note">{place.number:,} of {place.paintings:,}</p>', width="content"
            )
        _render_step("Previous", PREVIOUS, place.previous if place else "")
        _render_step("Next", NEXT, place.following if place else "")


def _render_step(label: str, shortcut: str, key: str) -> None:
    st.button(
        label,
        key=label.lower(),
        on_click=state.open_painting,
        args=(key,),
        disabled=not key,
        shortcut=shortcut,
    )


def _render_alike(opened: OpenRun, row: int) -> None:
    _render_counted(opened, row)
    render_section(
        "Most similar paintings",
        f"{_describe_seer(opened)}, so these need not be the works that are counted "
        f"{term_html('out of fold', 'out of fold')} as a reason.",
    )
    render_more_like_this(opened, opened.run.embeddings[row])
    render_nearest(opened, row)
    copies = opened.find_copies(row)
    if len(copies):
        render_section("Copies of this picture", "Verified copies, crops and other scans.")
        render_labelled(opened, copies)
    _render_fellows(opened, row)


def _describe_seer(opened: OpenRun) -> str:
    """Which network says that paintings are alike."""
    manifest = opened.run.manifest
    if manifest.laid_out_by is None:
        return (
            "By the published model, most similar first. It was trained on this painting and its "
            "label"
        )
    updated = manifest.since is not None
    anew = " (works that an update looked up: by the published model)" if updated else ""
    return (
        f"By {escape(manifest.laid_out_by)}, another network as it was pretrained{anew}, most "
        "similar first (<i>Find more like this</i> asks the published model)"
    )


def _render_counted(opened: OpenRun, row: int) -> None:
    """The works that a sentence on the nearest counts, in a run that kept them."""
    kept = opened.run.counted_neighbours
    counted = np.array([], dtype=int) if kept is None else kept[row][kept[row] >= 0]
    if not len(counted):
        return
    render_section(
        "Nearest works out of fold",
        f"The {count(len(counted), 'work')} counted in the reason above, nearest first. A model "
        f"{term_html('out of fold', 'that was not trained on this painting')} found them among the "
        "works it was trained on. Below each: its label, and the model's answer where it differs.",
    )
    render_labelled(opened, counted)


def _render_fellows(opened: OpenRun, row: int) -> None:
    """The artist's other works, those of the nearest years first.

    Of a work under reserve ("Workshop of ...") those of the person it is linked to; of nobody's
    none.
    """
    table = opened.table
    printed = table.loc[row, "artist"]
    made = parse_attribution(None if is_missing(printed) else str(printed))
    artist = made.artist
    if artist is None:
        return
    rows = opened.find_works(artist)
    rows = rows[rows != row]
    title = "By the same artist" if made.maker else f"By {escape(artist)} without reserve"
    if not len(rows):
        render_section(title, f"No other work by {escape(artist)} here.")
        return
    years = table["year"].to_numpy(dtype=float, na_value=np.nan)
    apart = years[rows] if np.isnan(years[row]) else np.abs(years[rows] - years[row])
    shown = rows[np.argsort(apart, kind="stable")[:FELLOWS]]
    everything = state.link_alone("outliers", filters={"artist": (artist,)})
    works = count(len(rows), "other work" if made.maker else "work")
    render_section(
        f"{title}: {works}",
        f"{open_link(everything)}All works by {escape(artist)}</a>. "
        "Below each: its label, and the model's answer where it differs.",
    )
    render_labelled(opened, shown)


def _render_dynamics_and_place(opened: OpenRun, row: int) -> None:
    left, right = st.columns(2, gap="large")
    margins = opened.run.dynamics[row]
    with left:
        render_section("During training", _describe_dynamics(margins, opened.word))
        if margins.any():
            render_chart(build_dynamics(margins), "Margin of the label by epoch")
    with right:
        key = str(opened.table.loc[row, "key"])
        there = open_link(state.link_alone("map", focus=key))
        seer = escape(opened.run.manifest.laid_out_by or "the published model")
        render_section(
            f"On the {opened.word.singular} map",
            f"The ring, among all paintings of the collection, by {seer}. "
            f"{there}Show on the map</a>.",
        )
        thresholds = thresholds_in_force(opened, state.current())
        scene = Scene(
            layout="map",
            colour="given",
            thresholds=thresholds,
            alt=f"Position of the painting on the {opened.word.singular} map",
            rings=ring_painting(opened, row, "map"),
            height=MAP_HEIGHT,
            tools=False,
        )
        render_point_cloud(opened, scene, key="cloud.place")


def _describe_dynamics(margins: np.ndarray, word: LabelWord) -> str:
    term = term_html("training margin", "margin of the label", word)
    if not margins.any():
        return f"There is no {term} to show: no fold learned the painting's label."
    accepted = int(np.count_nonzero(margins > 0))
    return (
        f"The {term}, by epoch, the mean of the folds' models that learned from the painting. "
        "Above the line they agreed with the label: in "
        f"{accepted} of {count(len(margins), 'epoch')}."
    )


def _render_details(opened: OpenRun, row: int, painting: dict[Any, Any]) -> None:
    ask = state.link_to("classify", subject=str(painting["key"]), painting="", origin="")
    manifest = escape(manifest_url(opened.run.run_id, row))
    render_section(
        "Link and file",
        f"{open_link(ask)}Classify it with the published model</a>. For IIIF viewers: "
        f'<a href="{manifest}">manifest</a>, <a href="{manifest}?findings=1">manifest with what '
        "the model says</a>.",
    )
    link = state.link_alone(PAINTING_PAGE, painting=state.current().painting)
    address = urljoin(str(st.context.url or ""), link)
    st.code(address, language=None, wrap_lines=True)
    original = f"{int(painting['width']):,} × {int(painting['height']):,} pixels"
    fold = int(painting["fold"])
    scored = f"scored by fold {fold + 1}" if fold >= 0 else "not scored"
    if opened.run.manifest.since and fold < 0 and not is_missing(painting["predicted"]):
        scored = "scored by the published model, which never saw it"
    genre = painting["given_genre"]
    parts = [str(painting["key"]), original, scored]
    parts += [] if is_missing(genre) else [f"genre {class_name(str(genre))}"]
    render_note(escape(" · ".join(parts)))
    if source := describe_source(painting):
        render_note(source)
