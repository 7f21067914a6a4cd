"""Cases: oeuvres and pairs of labels that do not fit, and the watched artists."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from core.findings.cases.kinds import CASE_TYPES
from core.findings.cases.sentences import name_case
from dashboard.components.gallery import build_strip
from dashboard.components.links import open_link
from dashboard.components.page import render_empty, render_head, render_note, render_section
from dashboard.runs.cases import find_case
from dashboard.runs.open_run import OpenRun
from dashboard.session import state
from dashboard.views.cases.story import render_story
from dashboard.words import class_name, count, term_html

LEAD: Final = (  # for ``LabelWord.fill``
    "Artists whose works are seen in another {style} than their labels, or in {styles} that began "
    "later, more often than is usual for those labels, by a model that never saw the artist. Some "
    "would stand out by chance, so each of the two is held to a "
    f"{term_html('false discovery', 'false-discovery rate')} of 5 %. Also artists whose works, "
    "taken together, are unlike those of others and surely seen in another {style}, pairs of "
    "labels that the collection gives to similar pictures, and artists whose attributions are in "
    "doubt more often than is usual."
)
FIRST: Final = 12  # cases of a type that are shown with pictures; the others follow in a line
PICTURES: Final = 4


def render(opened: OpenRun) -> None:
    """The list of cases, or the one that the address names."""
    cases = opened.run.cases
    asked = state.current().case
    case = find_case(opened, asked)
    if case is not None:
        render_story(opened, case)
        return
    if asked:
        st.toast("The case in this link is not in this run.")
        state.update(case="")
    render_head("Cases", "Oeuvres and labels that do not fit", opened.word.fill(LEAD))
    _render_watched(opened, cases[cases["watched"]])
    rest = cases[~cases["watched"]]
    if not len(rest):
        render_empty("No other case", ["No oeuvre or pair of labels stands out in this run."])
    for kind, meaning in CASE_TYPES.items():
        of_type = rest[rest["type"] == kind]
        if len(of_type):
            told = escape(opened.word.fill(meaning))
            render_section(f"{class_name(kind)}: {count(len(of_type), 'case')}", told)
            _render_cards(opened, of_type.head(FIRST))
            _render_others(of_type.iloc[FIRST:])


def _render_watched(opened: OpenRun, watched: pd.DataFrame) -> None:
    """Those with works here as cards, the others in one line."""
    if not len(watched):
        return
    render_section("Watched artists", "These artists are always listed.")
    has_works = watched["works"] > 0
    if has_works.any():
        _render_cards(opened, watched[has_works], with_type=True)
    absent = [name_case(case) for case in watched[~has_works].to_dict("records")]
    if absent:
        render_note(f"No works in this collection: {escape(', '.join(absent))}.")


def _render_cards(opened: OpenRun, cases: pd.DataFrame, with_type: bool = False) -> None:
    cards = "".join(build_card(opened, case, with_type) for case in cases.to_dict("records"))
    st.html(f'<div class="ae-cases">{cards}</div>')


def build_card(opened: OpenRun, case: Mapping[Any, Any], with_type: bool = False) -> str:
    """HTML of one case: its clearest works, its name as a link, and what was found.

    ``with_type`` names its type, for lists that hold several.
    """
    rows = opened.run.case_rows(case["case"])[:PICTURES]
    pictures = build_strip(opened, rows)
    pictures = pictures or '<p class="ae-note">No pictures.</p>'
    kicker = f'<p class="ae-kicker">{escape(case["type"])}</p>' if with_type else ""
    link = open_link(state.link_to("cases", case=case["case"], painting=""))
    return (
        f'<article class="ae-case"><div class="strip">{pictures}</div>{kicker}'
        f"<h3>{link}{escape(name_case(case))}</a></h3><p>{escape(case['sentence'])}</p></article>"
    )


def _render_others(cases: pd.DataFrame) -> None:
    if not len(cases):
        return
    links = ", ".join(
        f"{open_link(state.link_to('cases', case=case['case'], painting=''))}"
        f"{escape(name_case(case))}</a>"
        for case in cases.to_dict("records")
    )
    st.html(f'<p class="ae-note">Also: {links}.</p>')
