"""Worklists: who has which paintings to judge, and how far each is."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from core.reviews import ReviewLog, Worklist
from core.reviews.worklists import Assigned
from dashboard.access import sign_in
from dashboard.components.page import render_empty, render_section
from dashboard.runs.open_run import OpenRun
from dashboard.session import state, visitor, worklists
from dashboard.words import count, day, plain


def render_worklists(opened: OpenRun, log: ReviewLog) -> None:
    """The visitor's own first, then all as a table; progress of each."""
    listed = worklists.list_worklists(opened, log)
    if not listed:
        render_empty(
            "No worklists yet",
            [
                "Assign a set to a person: on <b>Sets</b>, or with <b>Save as a set</b> above a "
                "list on Outliers or the map."
            ],
        )
        return
    own = [each for each in listed if each.worklist.person == visitor.reviewer()]
    for each in own:
        _render_own(each)
    render_section(count(len(listed), "worklist"))
    st.dataframe(_build_rows(opened, listed), hide_index=True, column_config=_COLUMNS)
    if sign_in.may_review() and visitor.reviewer() and log.trouble is None:
        _render_take_back(listed)


_COLUMNS = {"Progress": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)}


def _render_own(each: Assigned) -> None:
    kind = "A second review: others' verdicts stay hidden." if each.worklist.is_second else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f"<p><b>{escape(each.found.name)}</b>, assigned to you by "
            f"{escape(each.worklist.reviewer)}: {escape(each.progress.describe())}. {kind}</p>",
            width="stretch",
        )
        st.button(
            "Work on it",
            key=f"work-{each.worklist.id}",
            type="primary",
            on_click=_work_on,
            args=(each.worklist,),
        )


def _work_on(worklist: Worklist) -> None:
    worklists.work_on(worklist)
    state.show("section", "queue")
    state.update(section="queue")


def _build_rows(opened: OpenRun, listed: list[Assigned]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Person": [each.worklist.person for each in listed],
            "Set": [each.found.name for each in listed],
            "Labels": [opened.word.title(each.task) for each in listed],
            "Kind": ["second review" if e.worklist.is_second else "review" for e in listed],
            "Judged": [each.progress.judged for each in listed],
            "Paintings": [each.progress.paintings for each in listed],
            "Progress": [each.progress.judged / each.progress.paintings for each in listed],
            "Assigned by": [each.worklist.reviewer for each in listed],
            "When (UTC)": [day(each.worklist.time) for each in listed],
        }
    )


def _render_take_back(listed: list[Assigned]) -> None:
    with st.popover("Take one back", icon=":material/undo:", type="tertiary"):
        for each in listed:
            st.button(
                plain(f"{each.worklist.person}: {each.found.name}"),
                key=f"take-back-{each.worklist.id}",
                on_click=worklists.take_back,
                args=(each.worklist,),
            )
