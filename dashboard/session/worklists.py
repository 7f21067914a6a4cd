"""Worklists in a session: listing, assigning and taking them back, and the one worked on."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.reviews import NamedSet, ReviewLog, Worklist
from core.reviews.worklists import Assigned, follow_worklists
from core.tasks import Task
from dashboard.access import sign_in
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.session import ahead, messages, visitor
from dashboard.session.changes import change_log

WORKED_ON: Final = "artextract.worklist"  # its id, in the session


def list_worklists(opened: OpenRun, log: ReviewLog) -> list[Assigned]:
    """Those whose set has paintings of this run, on labels that it has; raises ``ReviewsError``."""
    worklists = review_cache.load_worklists(log)
    if not worklists:
        return []
    standing, sets = review_cache.load_standing(opened, log), review_cache.load_sets(log)
    found = follow_worklists(worklists, sets, opened.run.paintings, standing, opened.word)
    return [each for each in found if each.task in opened.reviewed]


def find_worked_on(opened: OpenRun, log: ReviewLog) -> Assigned | None:
    """The visitor's own worklist that the queue keeps to; None for the whole collection."""
    chosen = st.session_state.get(WORKED_ON)
    if not chosen:
        return None
    for each in list_worklists(opened, log):
        if each.worklist.id == chosen and each.worklist.person == visitor.reviewer():
            return each
    return None


def work_on(worklist: Worklist | None) -> None:
    """Lets the queue keep to a worklist from now on; None lets it have all again."""
    st.session_state[WORKED_ON] = worklist.id if worklist else None
    ahead.forget_promises()


def assign(opened: OpenRun, found: NamedSet, person: str, task: Task, *, is_second: bool) -> bool:
    """Assigns the set; False if that fails, and the reason is shown."""

    def add(log: ReviewLog) -> Worklist:
        sign_in.require_signer(person)
        return log.worklists.assign(
            found.id,
            person,
            opened.word.name(task),
            visitor.reviewer(),
            opened.run.run_id,
            is_second=is_second,
        )

    is_done = change_log(add)
    if is_done:
        messages.say(f"“{found.name}” is now a worklist of {person.strip()}.")
    return is_done


def take_back(worklist: Worklist) -> None:
    """Ends it; its set and the verdicts stay."""
    if change_log(lambda log: log.worklists.take_back(worklist, visitor.reviewer())):
        messages.say(
            f"The worklist of {worklist.person} was taken back. Its set and the verdicts stay."
        )
