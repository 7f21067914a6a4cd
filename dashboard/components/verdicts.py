"""Verdicts on one painting: the buttons, each with its key, and what was said before."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from core.reviews import UNDONE, ReviewLog, Verdict
from core.reviews.entry import MAX_NAME, MAX_NOTE, VERDICTS
from core.tasks import Task, given_column
from dashboard.access import sign_in
from dashboard.components.page import render_note
from dashboard.components.shortcuts import UNDO, VERDICT_KEYS
from dashboard.runs.cache import OpenRun
from dashboard.selection.marks import VERDICT_NAMES, describe_verdict
from dashboard.session import reviewing
from dashboard.words import TASK_NAMES, class_name, day

Done = Callable[[], None]


def render_reviewer() -> bool:
    """Asks who reviews, once, where nobody has to sign in; whether verdicts can be given."""
    if not sign_in.may_review():
        render_note("You are here as a viewer: verdicts can be read, and are given by reviewers.")
        return False
    if reviewing.reviewer():
        return True
    with st.form("artextract.who", border=False):
        name = st.text_input(
            "Your name, to sign your verdicts", max_chars=MAX_NAME, autocomplete="name"
        )
        if st.form_submit_button("Begin to review"):
            if name.strip():
                reviewing.sign(name)
                st.rerun()
            st.error("A name is needed, so that others know whose verdicts they read.")
    return False


def render_verdict_buttons(opened: OpenRun, row: int, task: Task, place: str, done: Done) -> None:
    """Five verdicts with their keys, the label to propose, and a note.

    ``place`` tells the widgets of two such rows apart; ``done`` is called when one was recorded.
    """
    key = f"verdict.{place}.{row}.{task}"

    def give(verdict: Verdict) -> None:
        proposed = st.session_state.get(f"{key}.proposed")
        note = str(st.session_state.get(f"{key}.note", ""))
        if reviewing.record(opened, [row], task, verdict, proposed, note):
            done()

    with st.container(horizontal=True, gap="small"):
        for verdict, shortcut in VERDICT_KEYS.items():
            st.button(
                VERDICT_NAMES[verdict],
                key=f"{key}.{verdict}",
                shortcut=shortcut,
                help=VERDICTS[verdict],
                on_click=give,
                args=(verdict,),
                type="primary" if verdict == "wrong" else "secondary",
            )
    left, right = st.columns([1, 1], gap="small")
    _render_proposal(opened, row, task, f"{key}.proposed", left)
    right.text_input("Note", key=f"{key}.note", max_chars=MAX_NOTE, placeholder="Why, or a source")


def _render_proposal(
    opened: OpenRun, row: int, task: Task, key: str, place: st.delta_generator.DeltaGenerator
) -> None:
    painting = opened.table.loc[row].to_dict()
    classes = [name for name in opened.run.classes(task) if name != painting[given_column(task)]]
    suggested = reviewing.suggested_label(painting, task)
    place.selectbox(
        f"If wrong, the right {task}",
        classes,
        index=classes.index(suggested) if suggested in classes else None,
        format_func=class_name,
        key=key,
        accept_new_options=True,
        placeholder="Not known",
    )


def render_undo(done: Done) -> None:
    """Takes back the reviewer's last verdict, or several."""
    left, right = st.columns([1, 1], vertical_alignment="bottom", gap="small")
    count = right.number_input("Verdicts to undo", 1, 500, 1, key="verdict.undo-count")
    left.button(
        "Undo",
        key="verdict.undo",
        shortcut=UNDO,
        icon=":material/undo:",
        on_click=_undo,
        args=(int(count), done),
        help="Takes back your latest verdicts; the log keeps a row of it.",
        width="stretch",
    )


def _undo(count: int, done: Done) -> None:
    undone = reviewing.undo(count)
    if undone:
        reviewing.say(f"Took back {len(undone)} of your verdicts.")
        done()
    else:
        reviewing.say("You have no verdict to take back.")


def render_history(log: ReviewLog, key: str) -> None:
    """Everything that was said of one painting, undone and superseded rows too."""
    rows = log.load_history(key)
    if rows.empty:
        return
    standing = set(log.load_standing()["id"])
    lines = "".join(
        f'<li class="{"" if row["id"] in standing else "past"}">'
        f"<b>{escape(_describe(row))}</b> {escape(str(row['reviewer']))}, "
        f"{escape(day(row['time'].to_pydatetime()))} UTC"
        f"{'<br>' + escape(row['note']) if row['note'] else ''}</li>"
        for row in rows.to_dict("records")
    )
    st.html(f'<p class="ae-kicker">Verdicts</p><ul class="ae-history">{lines}</ul>')


def _describe(row: dict) -> str:
    if row["verdict"] == UNDONE:
        return "Undone"
    return describe_verdict(row["verdict"], row["proposed"], row["task"])


def render_painting_verdicts(opened: OpenRun, row: int) -> None:
    """Everything about verdicts on one painting: buttons for each task, and the history."""
    log = reviewing.find_log()
    reviewing.render_said()
    if log is None:
        return
    if log.trouble is None and render_reviewer():
        task = _choose_task(opened, row)
        render_verdict_buttons(opened, row, task, "painting", lambda: None)
    render_history(log, str(opened.table.loc[row, "key"]))


def _choose_task(opened: OpenRun, row: int) -> Task:
    tasks = opened.run.manifest.tasks
    if len(tasks) == 1:
        return tasks[0]
    chosen = st.segmented_control(
        "Verdict on the label of",
        tasks,
        default=tasks[0],
        required=True,
        format_func=lambda task: _name_label(opened, row, task),
        key=f"verdict.task.{row}",
    )
    return chosen or tasks[0]


def _name_label(opened: OpenRun, row: int, task: Task) -> str:
    given = opened.table.loc[row, given_column(task)]
    return f"{TASK_NAMES[task]}: {class_name(given) if isinstance(given, str) else 'none'}"


def render_no_log() -> None:
    render_note("Verdicts cannot be read or given at the moment; browsing goes on.")
