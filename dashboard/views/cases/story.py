"""The page of one case: what was found, in figures, and its works in time order."""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from core.findings.cases.kinds import ARGUABLE, CASE_TYPES, FRAMELESS, CaseSettings
from core.findings.cases.sentences import describe_rate, name_case
from core.label_word import LabelWord
from dashboard.components.apart import apart
from dashboard.components.chart import render_chart
from dashboard.components.downloads import render_downloads
from dashboard.components.links import open_link
from dashboard.components.neighbours import render_labelled, render_thumbnails
from dashboard.components.page import render_head, render_note, render_section
from dashboard.figures.story import build_shift, build_styles, build_timeline
from dashboard.runs.cases import find_works
from dashboard.runs.open_run import OpenRun
from dashboard.server.iiif_presentation import collection_url
from dashboard.session import state
from dashboard.session.shortcuts import BACK
from dashboard.views.cases.stories import compare_styles, find_counterparts
from dashboard.words import class_name, count, percent, similarity_text, term_html

SHOWN: Final = 60  # works in time order
COMPARED: Final = 4  # works that stand beside the nearest of the other style
COUNTERPARTS: Final = 4
NO_FINDING: Final = ("as expected", "mixed oeuvre")  # no other style to stand beside

_render_downloads = apart(render_downloads)


def render_story(opened: OpenRun, case: pd.Series) -> None:
    """Everything on ``case``, a row of the run's cases."""
    st.button(
        "All cases",
        icon=":material/arrow_back:",
        on_click=state.change,
        kwargs={"case": ""},
        type="tertiary",
        shortcut=BACK,
    )
    is_artist = case["kind"] == "artist"
    render_head(str(case["type"]), name_case(case), escape(str(case["sentence"])))
    render_note(escape(opened.word.fill(CASE_TYPES[case["type"]])))
    rows = find_works(opened, case)
    if not len(rows):
        return
    telling = opened.run.case_rows(str(case["case"]))
    heading = f"{name_case(case)}: {case['type']}"
    listed, lead = telling if len(telling) else rows, str(case["sentence"])
    _render_downloads(opened, listed, heading, "case", lead)
    collection = escape(collection_url(opened.run.run_id, case=str(case["case"])))
    render_note(f'For IIIF viewers: <a href="{collection}">these works as a collection</a>.')
    if pd.notna(case["observed"]):
        _render_figures(opened, case, rows)
    if is_artist:
        _render_years(opened, rows)
        if pd.notna(case["observed"]) and case["type"] not in NO_FINDING:
            _render_counterparts(opened, case)
    elif case["kind"] == "hand":
        _render_hand(opened, case, rows)
    else:
        _render_pair(opened, case, rows)


def _render_figures(opened: OpenRun, case: pd.Series, rows: np.ndarray) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        render_section("Compared with the usual share", describe_shift(case, opened.word))
        other = "hand" if case["kind"] == "hand" else opened.word.singular
        told = f"Share seen in another {other}, and the usual share"
        if case["type"] == ARGUABLE:
            told = f"Share for which a later {other} is likelier, and the usual share"
        render_chart(build_shift(case.to_dict()), told)
    with right:
        if case["kind"] == "artist":
            note = f"Shares of the {count(int(case['works']), 'judged work')}."
            if case["type"] == ARGUABLE:
                note = "Shares of all judged works, undated ones too."
            if any(len(opened.list_labels(int(row))) > 1 for row in rows):
                note += f" A work of several {opened.word.plural} counts in parts."
            render_section(f"By {opened.word.singular}", note)
            shares = compare_styles(opened, rows)
            told = f"Shares of {opened.word.plural}: given and seen"
            render_chart(build_styles(shares), told)


def describe_shift(case: pd.Series, word: LabelWord) -> str:
    """What the figure shows, and whether it is a finding."""
    q = float(case["q_value"])
    observed, usual = (percent(float(case[name])) for name in ("observed", "expected"))
    works = int(case["works"])
    if case["kind"] == "artist":
        judged = count(works, "judged work")
        told = f"{observed} of {judged} are seen in another {escape(word.singular)}"
        if case["type"] == ARGUABLE:
            told = (
                f"For {observed} of {count(works, 'dated work')} a {escape(word.singular)} that "
                "began 5 to 80 years later is likelier than the label"
            )
    elif case["kind"] == "hand":
        told = f"The attribution of {observed} of {count(works, 'judged work')} is in doubt"
    else:
        told = (
            f"Of {count(works, 'work')}, each artist counted once under a label, {observed} are "
            "seen as the other label"
        )
    held = f"{term_html('false discovery', 'False-discovery rate')}: {describe_rate(q)}"
    if q <= CaseSettings().rate:
        held += "."
    else:
        held += f"; a finding has at most {percent(CaseSettings().rate)}, so this is none."
        if case["shared"]:
            held += " It is listed for the pictures filed under both."
        elif case["type"] == FRAMELESS:
            held += " It is listed since the works, taken together, are unlike those of others."
    return f"{told}; {usual} is usual. The bar is the 95 % interval. {held}"


def _render_years(opened: OpenRun, rows: np.ndarray) -> None:
    works = opened.table.loc[rows].assign(
        predicted=opened.witness[rows], labels=opened.labels[rows]
    )
    render_section(
        "Works by year",
        "Below each picture: its label, and the answer of the model that the case rests on, where "
        "it differs.",
    )
    if works["year"].notna().any():
        render_chart(
            build_timeline(works), f"Given and seen {opened.word.singular} of each dated work"
        )
    render_labelled(opened, rows[:SHOWN], seen=opened.witness)
    if len(rows) > SHOWN:
        artist = str(works["artist"].iloc[0])
        link = state.link_alone("outliers", order="year", filters={"artist": (artist,)})
        render_note(f"First {SHOWN} shown. {open_link(link)}All {len(rows):,} works</a>.")


def _render_counterparts(opened: OpenRun, case: pd.Series) -> None:
    """The clearest works, each beside the most similar ones of the style it is seen in."""
    style, artist = str(case["predicted"]), str(case["subject"])
    rows = opened.run.case_rows(str(case["case"]))[:COMPARED]
    render_section(
        f"Side by side with {class_name(style)}",
        f"The clearest works, each beside the most similar {escape(class_name(style))} by other "
        "artists.",
    )
    found, likeness = find_counterparts(opened, rows, style, artist, COUNTERPARTS)
    if not found.size:
        render_note(f"No other artist's work here is labelled {escape(class_name(style))}.")
        return
    for row, others, similar in zip(rows, found, likeness, strict=True):
        left, right = st.columns([1, 4], gap="medium")
        with left:
            render_labelled(opened, np.array([row]), seen=opened.witness)
        with right:
            notes = [similarity_text(float(each)) for each in similar]
            render_thumbnails(opened, others, notes)


def _render_hand(opened: OpenRun, case: pd.Series, rows: np.ndarray) -> None:
    """The works whose attribution is doubted most, each with the hand that it is nearest to."""
    nearest = opened.table["attribution_hand"]
    doubt = opened.table["attribution_doubt"]
    telling = opened.run.case_rows(str(case["case"]))[:SHOWN]
    render_section(
        "The works in doubt first",
        "Below each picture: how much its attribution is doubted, and the nearest other hand.",
    )
    notes = [f"Doubt {percent(float(doubt.iloc[row]))}: {nearest.iloc[row]}" for row in telling]
    render_thumbnails(opened, telling, notes)
    printed = tuple(sorted(set(opened.table["artist"].iloc[rows].dropna())))
    link = state.link_alone("outliers", order="attribution_doubt", filters={"artist": printed})
    render_note(f"{open_link(link)}All works by {escape(', '.join(printed))}</a>.")


def _render_pair(opened: OpenRun, case: pd.Series, rows: np.ndarray) -> None:
    first, second = str(case["given"]), str(case["predicted"])
    render_section("The clearest works", "Labelled as one of the two, seen as the other.")
    render_labelled(opened, rows)
    if case["task"] != "style":
        return
    links = " ".join(
        f"{open_link(state.link_to_pair(given, seen))}Labelled {escape(class_name(given))}, "
        f"seen as {escape(class_name(seen))}</a>."
        for given, seen in ((first, second), (second, first))
    )
    render_note(f"All of them: {links}")
