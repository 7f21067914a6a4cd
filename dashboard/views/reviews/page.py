"""Reviews: the queue of doubtful labels, verdicts, disagreements, export and import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from core.reviews import ReviewLog
from core.text import show_line
from dashboard.access import sign_in
from dashboard.components.page import render_head, render_short_head
from dashboard.components.verdicts import render_no_log
from dashboard.runs.open_run import OpenRun
from dashboard.session import messages, state, visitor
from dashboard.views.reviews.files import render_files
from dashboard.views.reviews.lists import render_disagreements, render_verdicts
from dashboard.views.reviews.queue import render_queue
from dashboard.views.reviews.worklists import render_worklists
from dashboard.words import plain

TITLE = "Are these labels right?"
LEAD = (
    "The most doubtful labels come first, mixed across artists and kinds of error. Decide for each "
    "whether the label is right. Nothing is overwritten: changing or undoing a verdict adds a row "
    "to the log."
)
SECTIONS: Final[dict[str, tuple[str, Callable[[OpenRun, ReviewLog], None]]]] = {
    "queue": ("Queue", render_queue),
    "worklists": ("Worklists", render_worklists),
    "verdicts": ("Verdicts", render_verdicts),
    "disagreements": ("Disagreements", render_disagreements),
    "files": ("Export and import", render_files),
}


def render(opened: OpenRun) -> None:
    """The page. Once a review has begun, title and sections share a line above the painting."""
    has_begun = bool(sign_in.may_review() and visitor.reviewer())
    with st.container(horizontal=has_begun, vertical_alignment="center"):
        if has_begun:
            render_short_head(TITLE)
        else:
            render_head("Reviews", TITLE, LEAD)
        sections = st.container(width="content" if has_begun else "stretch")
    log = visitor.find_log()
    messages.render_said()
    if log is None:
        render_no_log()
        return
    asked = state.current().section
    if asked not in SECTIONS:
        st.toast(f"Reviews has no section {plain(show_line(asked))}: the queue is shown.")
        asked = "queue"
    chosen = sections.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=lambda name: SECTIONS[name][0],
        required=True,
        key=state.seed("section", asked),
        label_visibility="collapsed",
    )
    state.update(section=chosen or "queue")
    SECTIONS[chosen or "queue"][1](opened, log)
