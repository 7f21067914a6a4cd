"""Assigning a set of paintings to a person as a worklist."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.reviews import NamedSet
from core.reviews.entry import MAX_NAME
from core.tasks import Task
from dashboard.components.apart import draw_whole
from dashboard.components.signature import render_signature, take_signature
from dashboard.runs.open_run import OpenRun
from dashboard.session import messages, worklists

_PERSON: Final = "person"
_TASK: Final = "task"
_SECOND: Final = "second"


def render_assign_fields(opened: OpenRun, key: str, *, is_optional: bool) -> None:
    """Who, which labels, and whether it is a second review; read by ``assign``."""
    st.text_input(
        "For" + (" (optional: makes it a worklist)" if is_optional else ""),
        key=f"{key}.{_PERSON}",
        max_chars=MAX_NAME,
        placeholder="Name or address they sign with",
    )
    tasks = opened.reviewed
    if len(tasks) > 1:
        st.segmented_control(
            "Labels to judge",
            tasks,
            format_func=lambda task: opened.word.title(task),
            default=tasks[0],
            required=True,
            key=f"{key}.{_TASK}",
        )
    st.toggle(
        "A second review",
        key=f"{key}.{_SECOND}",
        help="Blind: others' verdicts stay hidden until this person has given theirs, also where "
        "the dashboard shows all verdicts.",
    )


def has_person(key: str) -> bool:
    """Whether somebody was named."""
    return bool(str(st.session_state.get(f"{key}.{_PERSON}", "")).strip())


def assign(opened: OpenRun, found: NamedSet, key: str) -> bool:
    """Assigns ``found`` as the fields of ``key`` say; False if that fails."""
    chosen = st.session_state.get(f"{key}.{_TASK}")
    task: Task = "artist" if chosen == "artist" else "style"
    is_second = bool(st.session_state.get(f"{key}.{_SECOND}"))
    return worklists.assign(
        opened, found, str(st.session_state[f"{key}.{_PERSON}"]), task, is_second=is_second
    )


def render_assign(opened: OpenRun, found: NamedSet) -> None:
    """A menu that assigns the set to a person, in a part of its own (``components.apart``)."""
    key = f"assign-{found.id}"
    menu = st.popover(
        "Assign",
        icon=":material/assignment_ind:",
        type="tertiary",
        key=f"{key}.menu",
        on_change="rerun",
    )
    if not menu.open:
        return
    with menu, st.form(f"{key}.form", border=False):
        render_assign_fields(opened, key, is_optional=False)
        render_signature(f"{key}.reviewer")
        messages.render_trouble(key)
        st.form_submit_button("Assign", type="primary", on_click=_assign, args=(opened, found, key))


def _assign(opened: OpenRun, found: NamedSet, key: str) -> None:
    take_signature(f"{key}.reviewer")
    assign(opened, found, key)
    messages.keep_trouble(key)
    draw_whole()
