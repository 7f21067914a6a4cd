"""Undoing and redoing a visitor's latest verdicts, and saying so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import streamlit as st

from core.reviews import Entry, ReviewLog
from dashboard.access import sign_in
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.selection.verdicts import describe_verdict
from dashboard.session import messages, visitor
from dashboard.session.ahead import skipped
from dashboard.words import count

UNDOABLE: Final = 200  # of a reviewer's verdicts that the page offers to undo
_UNDONE: Final = "artextract.undone"
_RETURNED: Final = "artextract.returned"


def load_undoable(log: ReviewLog, opened: OpenRun) -> tuple[list[str], str]:
    """Ids of the visitor's latest verdicts, latest first, and what the latest says."""
    latest = log.load_latest(visitor.reviewer(), UNDOABLE)
    if not latest:
        return [], ""
    return [entry.id for entry in latest], _describe(opened, latest[0])


def find_redoable(opened: OpenRun) -> str:
    """What pressing redo would record again, in words; empty where nothing was just undone."""
    undone = _list_undone()
    if len(undone) > 1:
        return count(len(undone), "verdict")
    return _describe(opened, undone[0]) if undone else ""


def returned(called: str) -> str | None:
    """Key of the painting whose verdict on labels ``called`` so was undone last: it is shown again
    at once.
    """
    key, judged = st.session_state.get(_RETURNED, (None, None))
    return key if judged == called else None


def take_back(opened: OpenRun, rows: Sequence[str]) -> str:
    """Says what it undid, and returns that."""
    sign_in.require_reviewer()
    undone = review_cache.open_reviews().take_back(visitor.reviewer(), rows)
    review_cache.look_again()
    if not undone:
        return messages.say("Nothing more was undone: these verdicts no longer stand.")
    skipped().difference_update(entry.key for entry in undone)
    st.session_state[_UNDONE] = [
        replace(entry, id=uuid4().hex, supersedes=None) for entry in undone
    ]
    st.session_state[_RETURNED] = undone[0].key, undone[0].task
    many = f"{len(undone)} verdicts, the latest: " if len(undone) > 1 else ""
    return messages.say(f"Undone: {many}{_describe(opened, undone[0])}.")


def redo() -> str:
    """Records again what was undone last, the earliest first; returns what it says of it.

    The ids were made when it was undone: once, however often a press that was broken off comes.
    """
    sign_in.require_reviewer()
    undone = [entry for entry in reversed(_list_undone()) if entry.reviewer == visitor.reviewer()]
    if not undone:
        return messages.say("Nothing was undone just now.")
    now = datetime.now(UTC)
    review_cache.open_reviews().record([replace(entry, time=now) for entry in undone])
    review_cache.look_again()
    forget_returned(undone[-1].key)
    return messages.say(f"{count(len(undone), 'verdict')} recorded again.")


def _list_undone() -> list[Entry]:
    """What was undone last, the latest first, under the ids with which it is recorded again."""
    undone: list[Entry] = st.session_state.get(_UNDONE, [])
    return undone


def _describe(opened: OpenRun, entry: Entry) -> str:
    """``"Wrong label: Cubism, La mort"``."""
    task = "style" if entry.task == opened.word.singular else entry.task
    said = describe_verdict(entry.verdict, entry.proposed, task, entry.of_several)
    return f"{said}, {opened.find_title(entry.key)}"


def forget_returned(key: str) -> None:
    """The painting ``key`` is not shown again at once, though its verdict was undone."""
    if st.session_state.get(_RETURNED, (None, None))[0] == key:
        del st.session_state[_RETURNED]


def forget_undone() -> None:
    """What was undone before a new verdict cannot be recorded again."""
    st.session_state.pop(_UNDONE, None)
