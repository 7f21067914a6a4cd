"""Curators' verdicts and sets: append-only logs in a database, and results computed from them."""

from core.reviews.database import Stamp
from core.reviews.entry import UNDONE, VERDICTS, Entry, Verdict
from core.reviews.errors import (
    ReviewsError,
    ReviewsNewer,
    ReviewsReadOnly,
    SetRefused,
    VerdictRefused,
    WorklistRefused,
)
from core.reviews.log import COLUMNS, ReviewLog, open_log
from core.reviews.sets import NamedSet, SetLog
from core.reviews.worklists import Worklist, WorklistLog

__all__ = [
    "COLUMNS",
    "UNDONE",
    "VERDICTS",
    "Entry",
    "NamedSet",
    "ReviewLog",
    "ReviewsError",
    "ReviewsNewer",
    "ReviewsReadOnly",
    "SetLog",
    "SetRefused",
    "Stamp",
    "Verdict",
    "VerdictRefused",
    "Worklist",
    "WorklistLog",
    "WorklistRefused",
    "open_log",
]
