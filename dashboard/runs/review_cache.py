"""Verdicts, sets and worklists, and a run's table with them, kept between visits.

They are read anew where the database says that anything changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from core.reviews import NamedSet, ReviewLog, Stamp, Worklist, open_log
from core.reviews.blind import find_seen
from core.reviews.of_run import take_standing
from dashboard.runs.cache import stamp_run
from dashboard.runs.open_run import OpenRun
from dashboard.runs.verdict_columns import add_sets, add_verdicts
from dashboard.settings import load_settings

_LOOKS: Final[ContextVar[dict[str, tuple[Stamp, ...]] | None]] = ContextVar("looks", default=None)
VISITORS: Final = 6  # whose view of the verdicts is kept; each is as long as the run's table


@dataclass(frozen=True)
class Seen:
    """Verdicts in force that a visitor may see; ``hidden``: how many more there are."""

    rows: pd.DataFrame
    hidden: int


def open_reviews() -> ReviewLog:
    """The log of verdicts; raises ``ReviewsError``."""
    return _open_reviews(load_settings().reviews_place)


def check_reviews() -> None:
    """Raises ``ReviewsError`` unless verdicts can be recorded."""
    log = open_reviews()
    log.check()
    if log.trouble is not None:
        raise log.trouble


@contextmanager
def one_look() -> Iterator[None]:
    """Within it the database is asked once whether anything changed: a page shows one state of it.

    ``look_again`` forgets the answer, as whoever writes within it must.
    """
    token = _LOOKS.set({})
    try:
        yield
    finally:
        _LOOKS.reset(token)


def look(log: ReviewLog) -> tuple[Stamp, ...]:
    """The stamps of the verdicts, the sets and the worklists; raises ``ReviewsError``."""
    known = _LOOKS.get()
    if known is None:
        return log.stamps()
    if log.place not in known:
        known[log.place] = log.stamps()
    return known[log.place]


def look_again() -> None:
    """After a write: what ``one_look`` saw holds no more."""
    if known := _LOOKS.get():
        known.clear()


def load_standing(opened: OpenRun, log: ReviewLog) -> pd.DataFrame:
    """The verdicts in force on labels of this run, by its own tasks, those on a painting that was
    renamed under the name it has in this run; raises ``ReviewsError``.
    """
    folder = opened.run.folder
    return _follow(str(folder), stamp_run(folder), log.place, look(log)[0], opened, log)


def load_seen(opened: OpenRun, log: ReviewLog, reviewer: str | None) -> Seen:
    """The verdicts in force that ``reviewer`` may see; None sees all. Raises ``ReviewsError``."""
    folder = opened.run.folder
    return _load_seen(
        str(folder), stamp_run(folder), log.place, look(log)[0], reviewer, opened, log
    )


def load_sets(log: ReviewLog) -> tuple[NamedSet, ...]:
    """The named sets, the newest first; raises ``ReviewsError``."""
    return _load_sets(log.place, look(log)[1], log)


def load_worklists(log: ReviewLog) -> tuple[Worklist, ...]:
    """The worklists, the oldest first; raises ``ReviewsError``."""
    return _load_worklists(log.place, look(log)[1:], log)


def find_set(set_id: str) -> NamedSet | None:
    """The named set of that id; raises ``ReviewsError``."""
    return next((each for each in load_sets(open_reviews()) if each.id == set_id), None)


def attach_reviews(opened: OpenRun, log: ReviewLog, reviewer: str | None, name: str) -> OpenRun:
    """``opened`` with what reviewers said of each painting, and its sets.

    ``reviewer`` as for ``load_seen``; ``name``: whose own verdicts are marked as such.
    Raises ``ReviewsError``.
    """
    folder = opened.run.folder
    whose = reviewer, name
    return _attach_reviews(
        str(folder), stamp_run(folder), log.place, look(log)[:2], whose, opened, log
    )


@st.cache_resource(show_spinner=False, max_entries=2)
def _open_reviews(place: str) -> ReviewLog:
    return open_log(place)


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_standing(place: str, stamp: Stamp, _log: ReviewLog) -> pd.DataFrame:
    return _log.load_standing()


@st.cache_resource(show_spinner=False, max_entries=3)
def _follow(
    folder: str, run_stamp: int, place: str, stamp: Stamp, _opened: OpenRun, _log: ReviewLog
) -> pd.DataFrame:
    return take_standing(_load_standing(place, stamp, _log), _opened.run)


@st.cache_resource(show_spinner=False, max_entries=VISITORS)
def _load_seen(
    folder: str,
    run_stamp: int,
    place: str,
    stamp: Stamp,
    reviewer: str | None,
    _opened: OpenRun,
    _log: ReviewLog,
) -> Seen:
    standing = _follow(folder, run_stamp, place, stamp, _opened, _log)
    if reviewer is None:
        return Seen(standing, 0)
    seen = standing[find_seen(standing, standing, reviewer).to_numpy()]
    return Seen(seen, len(standing) - len(seen))


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_worklists(place: str, stamps: tuple[Stamp, ...], _log: ReviewLog) -> tuple[Worklist, ...]:
    return _log.worklists.load()


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_sets(place: str, stamp: Stamp, _log: ReviewLog) -> tuple[NamedSet, ...]:
    return _log.sets.load()


@st.cache_resource(show_spinner=False, max_entries=VISITORS)
def _attach_reviews(
    folder: str,
    run_stamp: int,
    place: str,
    stamps: tuple[Stamp, ...],
    whose: tuple[str | None, str],
    _opened: OpenRun,
    _log: ReviewLog,
) -> OpenRun:
    verdicts, sets = stamps
    where = folder, run_stamp, place, verdicts
    standing = _follow(*where, _opened, _log)
    seen = _load_seen(*where, whose[0], _opened, _log).rows
    table = add_verdicts(_opened.table, standing, seen, whose[1])
    return _opened.with_table(add_sets(table, _load_sets(place, sets, _log)))
