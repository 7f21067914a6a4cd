"""Locations of verdicts, and how to show them: never with a password.

A password may stand before the host, in the query, encoded, or in an address too broken to be read;
and the database's own messages repeat it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus, urlsplit
from urllib.request import url2pathname

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.reviews.errors import ReviewsError

REVIEWS: Final = "ARTEXTRACT_REVIEWS"  # of the environment: where the verdicts are
PLACE: Final = "artifacts/reviews.sqlite"  # otherwise
HIDDEN: Final = "***"
# What the query of a PostgreSQL URL may say and everybody may read.
_HARMLESS: Final = frozenset(
    (
        *("host", "hostaddr", "port", "dbname", "user", "sslmode", "channel_binding"),
        *("application_name", "connect_timeout", "target_session_attrs"),
    )
)
# Looks like an address of a server, and is none: "postgresql:/ada:secret@host", "password=x".
_BROKEN: Final = re.compile(
    r"\s*(:/|(postgres\w*|mysql|mariadb|sqlite)\b[\w+ ]*:)|.*\bpassword\s*=", re.IGNORECASE
)
_UNREADABLE: Final = "an address that cannot be read"
_SHORTEST: Final = 3  # a shorter secret stands in every sentence; its URL does not


def parse_url(where: str | Path) -> URL:
    """``where`` as a URL of SQLAlchemy; raises ``ReviewsError`` for what is neither kind."""
    if isinstance(where, Path) or ("://" not in where and not _BROKEN.match(where)):
        return URL.create("sqlite", database=str(_expand(Path(where))))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        # Not "from error": that one repeats the address.
        raise _refuse(_UNREADABLE) from None
    if "@" in (url.host or ""):  # the rest of a password that holds an @, as such
        raise _refuse(_UNREADABLE)
    if url.get_backend_name() in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite" or not url.database or url.host or url.username:
        raise _refuse(describe_url(url))
    if "?" in where:  # SQLAlchemy would open what stands before it
        raise ReviewsError(
            "The address of the database of verdicts ends at its question mark",
            found=f"{describe_url(url)}?",
            expected="a path",
            remedy="Leave sqlite:/// out and give the path as it is.",
        )
    return url


def describe_url(url: URL) -> str:
    """``url`` without secrets."""
    if url.get_backend_name() == "sqlite" and not url.host and not url.username:
        path = str(url.database)
        return url2pathname(urlsplit(path).path) if "uri" in url.query else path
    shown = {
        name: value if name in _HARMLESS else (HIDDEN if isinstance(value, str) else (HIDDEN,))
        for name, value in url.query.items()
    }
    said = url.set(query=shown).render_as_string(hide_password=True)
    return hide_secrets(said.replace(quote_plus(HIDDEN), HIDDEN), url)


def hide_secrets(text: str, url: URL) -> str:
    """``text`` of a database or driver, without the secrets of ``url``."""
    for secret in sorted(_find_secrets(url), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _find_secrets(url: URL) -> set[str]:
    """The password and what the query holds, as they may be written."""
    held = [str(url.password or "")]
    for name, value in url.query.items():
        values = (value,) if isinstance(value, str) else value
        held += [each for each in values if name not in _HARMLESS]
    written = {form(each) for each in held for form in (str, quote, quote_plus, _quote_all)}
    return {each for each in written if len(each) >= _SHORTEST}


def _expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # "~backup.sqlite" names a file, not the home of a person
        return path


def _quote_all(text: str) -> str:
    return quote(text, safe="")


def _refuse(found: str) -> ReviewsError:
    return ReviewsError(
        "The address of the database of verdicts is of neither kind",
        found=found,
        expected="a path (SQLite), or postgresql://user:password@host/database",
        remedy="In a password, write @ as %40, / as %2F, : as %3A.",
    )
