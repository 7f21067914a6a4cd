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
from core.collection.doctor.told import Line, Told
from core.collection.reading.roles import ROLES
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
from dashboard.views.new_collection.source import (
    Joined,
    Table,
    find_below,
    look_once,
    take_upload,
)
from dashboard.words import count, percent, plain

LEAD: Final = (
    "Look at a museum's table before training on it: which column plays which role, what is open, "
    "which rows would be read. Nothing is trained here, and nothing is kept."
)
SOURCES: Final = ("Upload", "On this server")
HEAD: Final = ("Role", "Column", "Filled", "Samples", "Others")
ACCOUNT: Final = ("What", "Was", "Reason", "Which")
_FROM: Final = "new.from"  # a key of the session
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
    joined = _take_joined()
    first = look_once(table, joined, {})
    if first.refusal:
        render_empty("This is not read", [escape(first.refusal)])
        return
    above = st.container()
    told, flags = _ask(table, joined, first)
    with above:
        _render_parts(told)
    _render_command(table, joined, told, flags)
    _render_account(told)


def _take_table() -> Table | None:
    st.segmented_control(
        "Source", SOURCES, default=SOURCES[0], label_visibility="collapsed", key=_FROM
    )
    return _take_file("Table", "museum/works.csv")


def _take_joined() -> Joined | None:
    """A second table, once it and the column of both are named."""
    with st.expander("Labels or pictures from a second table"):
        table = _take_file("Second table", "museum/terms.csv")
        on = st.text_input(
            "Column that both tables have (--on)", placeholder="objectid, or objectid=tmsid"
        )
        where = st.text_input("Only its rows where (--join-where)", placeholder="termtype=Style")
        if table is not None and not on.strip():
            render_note("It is joined once the column is named.")
    if table is None or not on.strip():
        return None
    return Joined(table, on.strip(), where.strip())


def _take_file(label: str, example: str) -> Table | None:
    if st.session_state.get(_FROM) == SOURCES[1]:
        return _find_table(label, example)
    file = st.file_uploader(
        label,
        type=[suffix[1:] for suffix in TABLE_SUFFIXES],
        max_upload_size=UPLOAD_MEGABYTES,
    )
    return take_upload(file) if file is not None else None


def _find_table(label: str, example: str) -> Table | None:
    root = load_settings().collections
    text = st.text_input(f"{label}: path below the folder of collections", placeholder=example)
    if not text.strip() or root is None:
        return None
    try:
        return find_below(root, text)
    except UserError as error:
        st.warning(plain(str(error)))
        return None


def _ask(table: Table, joined: Joined | None, told: Told) -> tuple[Told, list[str]]:
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
            columns[question.role] = answer.column
        told = look_once(table, joined, columns)
    return told, flags


def _render_question(table: Table, question: OpenQuestion, rows: int) -> Answer | None:
    """One of the table's columns; what else would answer it is told."""
    render_note(escape(question.text))
    columns = [answer for answer in question.answers if answer.column]
    for answer in question.answers:
        if not answer.column:
            render_note(f"A second table would bring it: <code>{escape(answer.flags)}</code>")
    offered = ",".join(answer.column for answer in columns)
    return st.selectbox(
        f"Column for the {ROLES[question.role].word}",
        columns,
        index=None,
        format_func=lambda answer: _describe_answer(answer, rows),
        placeholder="Leave open",
        key=f"new.{table.identity}.{question.role}.{offered}",
    )


def _describe_answer(answer: Answer, rows: int) -> str:
    share = percent((answer.filled or 0) / rows) if rows else ""
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
        HEAD,
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
        short=frozenset({0, 2}),
    )


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_OTHERS]) + (", ..." if len(names) > _OTHERS else "")


def _render_command(table: Table, joined: Joined | None, told: Told, flags: Iterable[str]) -> None:
    render_section("The command", "It repeats this look, then says what training would need.")
    words = ["python", "train.py", shlex.quote(table.shown), *_join_flags(joined), *flags]
    words.append("--dry-run")
    st.code(" ".join(words), language=None, wrap_lines=True)
    if told.questions:
        render_note(f"{count(len(told.questions), 'question')} still open.")
    if told.hindrance:
        st.warning(plain(told.hindrance))


def _join_flags(joined: Joined | None) -> list[str]:
    if joined is None:
        return []
    flags = ["--join", shlex.quote(joined.table.shown), "--on", shlex.quote(joined.on)]
    return flags + (["--join-where", shlex.quote(joined.where)] if joined.where else [])


def _name(line: Line) -> str:
    return ", ".join(line.names) + (", ..." if line.number > len(line.names) else "")


def _render_account(told: Told) -> None:
    render_section("What would be read, and what not")
    lines = (
        (count(each.number, each.kind), each.fate, each.reason, _name(each))
        for each in told.account
    )
    render_table(ACCOUNT, lines, short=frozenset({0, 1}))
    for note in told.notes:
        render_note(escape(note))
