"""New collection: what a table holds, what is open about it, and the command that trains on it.

Nothing is trained here, and nothing is kept.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from html import escape
from typing import Final

import streamlit as st

from core.collection.doctor.examine import Answer, OpenQuestion
from core.collection.doctor.told import Told
from core.collection.reading.tables import TABLE_SUFFIXES
from core.errors import UserError
from core.text import show_line
from dashboard.access import sign_in
from dashboard.components.page import (
    render_empty,
    render_facts,
    render_head,
    render_note,
    render_section,
    render_table,
)
from dashboard.settings import UPLOAD_MEGABYTES, load_settings
from dashboard.views.new_collection.source import Table, find_below, look_once, take_upload
from dashboard.words import count, percent, plain

LEAD: Final = (
    "Look at a museum's table before training on it: which column plays which role, what is open, "
    "which rows would be read. Nothing is trained here, and nothing is kept."
)
SOURCES: Final = ("Upload", "On this server")
ROLES: Final = ("Role", "Column", "Filled", "Samples", "Other columns")
ACCOUNT: Final = ("What", "Was", "Reason", "Which")
_OTHERS: Final = 2  # columns named beside the chosen one
_SAMPLE: Final = 24  # characters of one


def render() -> None:
    """The page."""
    render_head("New collection", "What does this table hold?", LEAD)
    if not sign_in.may_review():
        render_empty("Reviewers only", ["Ask whoever keeps the list of people for that role."])
        return
    table = _take_table()
    if table is None:
        return
    first = look_once(table, {})
    if first.refusal:
        render_empty("This is not read", [escape(first.refusal)])
        return
    above = st.container()
    told, flags = _ask(table, first)
    with above:
        _render_parts(told)
    _render_command(table, told, flags)
    _render_account(told)


def _take_table() -> Table | None:
    source = st.segmented_control(
        "Source", SOURCES, default=SOURCES[0], label_visibility="collapsed", key="new.from"
    )
    if source == SOURCES[1]:
        return _find_table()
    file = st.file_uploader(
        "A table",
        type=[suffix[1:] for suffix in TABLE_SUFFIXES],
        max_upload_size=UPLOAD_MEGABYTES,
        label_visibility="collapsed",
    )
    return take_upload(file) if file is not None else None


def _find_table() -> Table | None:
    root = load_settings().collections
    text = st.text_input("Path below the folder of collections", placeholder="museum/works.csv")
    if not text.strip() or root is None:
        return None
    try:
        return find_below(root, text)
    except UserError as error:
        st.warning(plain(str(error)))
        return None


def _ask(table: Table, told: Told) -> tuple[Told, list[str]]:
    """Asks what is open until nothing new is; returns what is known then, and the flags."""
    columns: dict[str, str] = {}
    flags: list[str] = []
    asked: set[str] = set()
    while fresh := [each for each in told.questions if each.role not in asked]:
        if not asked:
            render_section("Open questions", "Each answer goes into the command below.")
        for question in fresh:
            asked.add(question.role)
            answer = _render_question(table, question, told.rows)
            if answer is None:
                continue
            flags.append(answer.flags)
            if answer.column:
                columns[question.role] = answer.column
        told = look_once(table, columns)
    return told, flags


def _render_question(table: Table, question: OpenQuestion, rows: int) -> Answer | None:
    return st.selectbox(
        plain(question.text),
        question.answers,
        index=None,
        format_func=lambda answer: _describe_answer(answer, rows),
        placeholder="Leave open",
        key=f"new.{table.identity}.{question.role}",
    )


def _describe_answer(answer: Answer, rows: int) -> str:
    if answer.filled is None:
        return answer.flags
    share = percent(answer.filled / rows) if rows else ""
    return f"{answer.column}: {share} filled, {' · '.join(answer.samples)}"


def _render_parts(told: Told) -> None:
    render_facts(
        [
            (f"{told.rows:,}", "rows"),
            (f"{told.columns:,}", "columns"),
            *([(told.recognised, "recognised as")] if told.recognised else []),
        ]
    )
    render_table(
        ROLES,
        (
            (
                part.word,
                part.column or "none",
                percent(part.filled / told.rows) if part.column and told.rows else "",
                " · ".join(show_line(sample, _SAMPLE) for sample in part.samples),
                _list(part.others),
            )
            for part in told.parts
        ),
    )


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_OTHERS]) + (", ..." if len(names) > _OTHERS else "")


def _render_command(table: Table, told: Told, flags: Iterable[str]) -> None:
    render_section("The command", "It repeats this look, then says what training would need.")
    words = ["python", "train.py", shlex.quote(table.shown), *flags, "--dry-run"]
    st.code(" ".join(words), language=None, wrap_lines=True)
    if told.questions:
        render_note(f"{count(len(told.questions), 'question')} still open.")
    if told.hindrance:
        st.warning(plain(told.hindrance))


def _render_account(told: Told) -> None:
    render_section("What would be read, and what not")
    lines = (
        (count(each.number, each.kind), each.fate, each.reason, ", ".join(each.names))
        for each in told.account
    )
    render_table(ACCOUNT, lines)
    for note in told.notes:
        render_note(escape(note))
