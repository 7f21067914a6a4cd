"""Giving verdicts in a session: who reviews, what was skipped, and what went wrong."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from core.errors import UserError
from core.reviews import Entry, ReviewLog, ReviewsError, Verdict
from core.tasks import Task, given_column
from dashboard.access import sign_in
from dashboard.runs import cache
from dashboard.runs.cache import OpenRun
from dashboard.server.middleware import request_log

MILESTONE: Final = 25  # verdicts after which the figures are worth another look
NAME: Final = "artextract.reviewer"
_SKIPPED: Final = "artextract.skipped"
_TROUBLE: Final = "artextract.review-trouble"
_SAID: Final = "artextract.review-said"


def find_log() -> ReviewLog | None:
    """The log of verdicts; None, and the reason is said, where it cannot be opened."""
    try:
        log = cache.open_reviews()
        log.check()
    except ReviewsError as error:
        warn(str(error))
        return None
    if log.trouble:
        warn(str(log.trouble))
    return log


def attach(opened: OpenRun) -> OpenRun:
    """``opened`` with what reviewers said; as it is where that cannot be read."""
    try:
        log = cache.open_reviews()
        attached = cache.attach_reviews(opened, log)
    except ReviewsError as error:
        warn(str(error))
        return opened
    if log.trouble:
        warn(str(log.trouble))
    return attached


def reviewer() -> str:
    """Who gives verdicts here: who signed in, else who was asked; empty until then."""
    if person := sign_in.find_person():
        return person.signature
    return str(st.session_state.get(NAME, "")).strip()


def sign(name: str) -> None:
    """Remembers who gives verdicts here; an empty name changes nothing."""
    if name.strip():
        st.session_state[NAME] = name.strip()


def record(
    opened: OpenRun, rows: list[int], task: Task, verdict: Verdict, proposed: str | None, note: str
) -> bool:
    """Puts one verdict on each painting of ``rows``; False, and it is said, where it cannot be."""
    try:
        sign_in.require_reviewer()
        entries = [build_entry(opened, row, task, verdict, proposed, note) for row in rows]
        cache.open_reviews().record(entries)
        request_log.VERDICTS.labels(verdict).inc(len(entries))
        request_log.tell("verdicts", verdict=verdict, count=len(entries))
    except UserError as error:
        warn(str(error))
        return False
    return True


def build_entry(
    opened: OpenRun, row: int, task: Task, verdict: Verdict, proposed: str | None, note: str
) -> Entry:
    """The row of the log for one painting; raises ``VerdictRefused``."""
    painting = opened.table.loc[row]
    given = painting[given_column(task)]
    return Entry(
        key=str(painting["key"]),
        content_hash=str(painting["content_hash"]),
        task=task,
        given=given if isinstance(given, str) else None,
        verdict=verdict,
        proposed=proposed if verdict == "wrong" else None,
        note=note.strip(),
        reviewer=reviewer(),
        run_id=opened.run.run_id,
        model_hash=opened.run.manifest.files["model.safetensors"].sha256,
    )


def undo(count: int = 1) -> list[Entry]:
    """Takes back the reviewer's last ``count`` verdicts; they come up again."""
    try:
        sign_in.require_reviewer()
        undone = cache.open_reviews().undo(reviewer(), count)
    except UserError as error:
        warn(str(error))
        return []
    skipped().difference_update(entry.key for entry in undone)
    return undone


def skipped() -> set[str]:
    """Keys of the paintings put aside in this session."""
    keys: set[str] = st.session_state.setdefault(_SKIPPED, set())
    return keys


def warn(text: str) -> None:
    """Something that went wrong, to be shown on the next run of the script."""
    st.session_state[_TROUBLE] = text


def say(text: str) -> None:
    """Something to be told once, on the next run of the script."""
    st.session_state[_SAID] = text


def render_said() -> None:
    """What went wrong or was done since the last run of the script."""
    if trouble := st.session_state.pop(_TROUBLE, ""):
        st.warning(trouble, icon=":material/warning:")
    if said := st.session_state.pop(_SAID, ""):
        st.toast(said)


def suggested_label(painting: dict[Any, Any], task: Task) -> str | None:
    """The style that all evidence names where it is not the given one; else what is predicted."""
    if task != "style":
        return None
    for name in ("suggested", "predicted"):
        label = painting.get(name)
        if isinstance(label, str) and label != painting.get("given"):
            return label
    return None
