"""Verdicts on one painting: who signs, the panel, and the history."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from core.reviews import UNDONE, ReviewLog
from core.reviews.entry import MAX_NAME, SETTLES
from core.reviews.origins import Origin
from core.tasks import Task, given_column
from dashboard.access import sign_in
from dashboard.components.page import render_note
from dashboard.components.verdict_panel import render_verdict_panel
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.selection.verdicts import describe_verdict
from dashboard.session import messages, visitor
from dashboard.words import class_name, count, day, plain


def render_reviewer() -> bool:
    """Asks for a name where nobody has to sign in; returns whether verdicts can be given."""
    if not sign_in.may_review():
        render_note("You are a viewer: you can read verdicts, but only reviewers can give them.")
        return False
    if visitor.reviewer():
        return True
    with st.form("artextract.who", border=False):
        name = st.text_input(
            "Your name, to sign your verdicts", max_chars=MAX_NAME, autocomplete="name"
        )
        if st.form_submit_button("Start reviewing"):
            if visitor.sign(name):
                st.rerun()
            st.error("Enter your name, so that others know whose verdicts these are.")
    return False


def render_history(opened: OpenRun, log: ReviewLog, key: str) -> None:
    """The verdicts on one painting that the visitor may see, undone ones included."""
    seen = visitor.load_seen_history(opened, log, key)
    if seen.hidden:
        render_hidden(seen.hidden)
    if seen.rows.empty:
        return
    standing = set(review_cache.load_standing(opened, log)["id"])
    origins = log.find_origins(seen.rows["id"])
    lines = "".join(
        f'<li class="{"" if row["id"] in standing else "past"}">'
        f"<b>{escape(_describe(row))}</b> {escape(str(row['reviewer']))}, "
        f"{escape(day(row['time'].to_pydatetime()))} UTC"
        f"{escape(_describe_origin(origins.get(row['id'])))}"
        f"{'<br>' + escape(row['note']) if row['note'] else ''}</li>"
        for row in seen.rows.to_dict("records")
    )
    st.html(f'<p class="ae-kicker">Verdicts</p><ul class="ae-history">{lines}</ul>')


def _describe_origin(origin: Origin | None) -> str:
    if origin is None:
        return ""
    when = day(origin.time)
    return f" (imported by {origin.importer} from {origin.file}, {origin.sha256[:12]}, {when})"


def render_hidden(hidden: int) -> None:
    """How many verdicts are not shown, and why; nothing where all are."""
    if hidden:
        render_note(describe_hidden(hidden))


def describe_hidden(hidden: int) -> str:
    """``"2 verdicts by other reviewers are hidden until ..."``."""
    are = "is" if hidden == 1 else "are"
    return (
        f"{count(hidden, 'verdict')} by other reviewers {are} hidden until you give yours on the "
        "same label, so that reviewers judge independently."
    )


def _describe(row: dict[Any, Any]) -> str:
    if row["verdict"] == UNDONE:
        return "Undone"
    said = describe_verdict(row["verdict"], row["proposed"], row["task"], row["of_several"])
    return f"{said}, which settles the disagreement" if row["settles"] == SETTLES else said


def render_painting_verdicts(opened: OpenRun, row: int) -> None:
    """Everything about verdicts on one painting: the panel for each task, and the history."""
    log = visitor.find_log()
    messages.render_said()
    if log is None:
        return
    if log.trouble is None and render_reviewer():
        task, label = _choose_label(opened, row)
        asked = {} if label is None else {row: label}
        render_verdict_panel(opened, log, row, task, lambda: None, is_queue=False, asked=asked)
    render_history(opened, log, str(opened.table.loc[row, "key"]))


def _choose_label(opened: OpenRun, row: int) -> tuple[Task, str | None]:
    """Which label of the painting is judged: its task, and which of several styles."""
    several = opened.list_labels(row)
    choices: list[tuple[Task, str | None]] = []
    for task in opened.run.manifest.tasks:
        is_several = task == "style" and len(several) > 1
        choices += [(task, label) for label in several] if is_several else [(task, None)]
    if len(choices) == 1:
        return choices[0]
    chosen = st.segmented_control(
        "Label to judge",
        range(len(choices)),
        default=0,
        required=True,
        format_func=lambda place: _name_label(opened, row, *choices[place]),
        key=f"verdict.task.{row}",
    )
    return choices[chosen or 0]


def _name_label(opened: OpenRun, row: int, task: Task, label: str | None) -> str:
    given = label or opened.table.loc[row, given_column(task)]
    named = plain(class_name(given)) if isinstance(given, str) else "none"
    return f"{opened.word.title(task)}: {named}"


def render_no_log() -> None:
    render_note("Verdicts are unavailable at the moment. You can still browse.")
