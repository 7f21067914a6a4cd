"""Who looks at a page, under which name verdicts are given, and which of them may be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import streamlit as st

from core.reviews import ReviewLog, ReviewsError, VerdictRefused
from core.reviews.blind import find_seen
from core.reviews.fields import take_own
from core.reviews.names import clean_name
from core.reviews.places import place_on_labels
from core.reviews.renamed import follow_renamed
from dashboard.access import sign_in
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.runs.review_cache import Seen
from dashboard.session import messages
from dashboard.settings import load_settings

NAME: Final = "artextract.reviewer"
COOKIE: Final = "artextract_reviewer"


def find_log() -> ReviewLog | None:
    """The log of verdicts; if it cannot be opened, None, and the reason is shown."""
    try:
        log = review_cache.open_reviews()
        review_cache.look(log)
    except ReviewsError as error:
        messages.warn(str(error))
        return None
    if log.trouble:
        messages.warn(str(log.trouble))
    return log


def attach(opened: OpenRun) -> OpenRun:
    """``opened`` with the verdicts; unchanged if they cannot be read."""
    try:
        log = review_cache.open_reviews()
        attached = review_cache.attach_reviews(opened, log, find_eyes(), reviewer())
    except ReviewsError as error:
        messages.warn(str(error))
        return opened
    if log.trouble:
        messages.warn(str(log.trouble))
    return attached


def reviewer() -> str:
    """Who gives verdicts here: the signed-in person, else the name given; empty until then."""
    if person := sign_in.find_person():
        return person.signature
    if NAME not in st.session_state:
        st.session_state[NAME] = read_remembered(st.context.cookies)
    return str(st.session_state[NAME])


def read_remembered(cookies: Mapping[str, str]) -> str:
    """The name that this browser signed with before; empty if it is not a valid name."""
    try:
        return clean_name(unquote(cookies.get(COOKIE, ""), errors="strict"))
    except (VerdictRefused, UnicodeDecodeError):
        return ""


def sign(name: str) -> bool:
    """Remembers who gives verdicts here; for an invalid name False, and the reason is shown."""
    try:
        st.session_state[NAME] = clean_name(name)
    except VerdictRefused as error:
        messages.warn(str(error))
        return False
    return True


def find_eyes() -> str | None:
    """Whose view of the verdicts this page shows (``review_cache.load_seen``); None shows all.

    Viewers give no verdicts to influence. ``--open-review`` shows all to everybody, except to those
    who have a second review to give.
    """
    if not sign_in.may_review() or (load_settings().open_review and not _gives_second_reviews()):
        return None
    return reviewer()


def _gives_second_reviews() -> bool:
    worklists = review_cache.load_worklists(review_cache.open_reviews())
    return any(each.is_second and each.person == reviewer() for each in worklists)


def load_seen(opened: OpenRun, log: ReviewLog) -> Seen:
    """The verdicts in force that may be seen on this page; raises ``ReviewsError``."""
    return review_cache.load_seen(opened, log, find_eyes())


def load_seen_history(opened: OpenRun, log: ReviewLog, key: str) -> Seen:
    """As ``load_seen``, of every row on one painting, undone and superseded ones too."""
    paintings = opened.run.paintings
    content = str(paintings["content_hash"].iat[opened.find_row(key)])
    rows = take_own(log.load_history(key, content), opened.word)
    rows = place_on_labels(follow_renamed(rows, paintings).verdicts, paintings)
    rows, eyes = rows[rows["key"] == key], find_eyes()
    if eyes is None or rows.empty:
        return Seen(rows, 0)
    standing = review_cache.load_standing(opened, log)
    seen = find_seen(rows, standing, eyes)
    hidden = rows.loc[~seen, "id"].isin(standing["id"])
    return Seen(rows[seen], int(hidden.sum()))
