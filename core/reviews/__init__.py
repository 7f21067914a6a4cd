"""Curators' verdicts: an append-only log in a database, and what follows from it."""

from core.reviews.entry import UNDONE, VERDICTS, Entry, Verdict
from core.reviews.errors import ReviewsError, ReviewsNewer, ReviewsReadOnly, VerdictRefused
from core.reviews.log import COLUMNS, ReviewLog, open_log

__all__ = [
    "COLUMNS",
    "UNDONE",
    "VERDICTS",
    "Entry",
    "ReviewLog",
    "ReviewsError",
    "ReviewsNewer",
    "ReviewsReadOnly",
    "Verdict",
    "VerdictRefused",
    "open_log",
]
