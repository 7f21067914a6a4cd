"""The cookie of a sign-in: whose it is, since when, and which one it is.

Streamlit writes and signs it at the end of a sign-in, and reads it again for its pages. The claims
of a provider can be long: Streamlit would split them into several cookies, recombinable from
two sign-ins. The cookie is therefore rewritten with only the claims needed, in one piece
(``keep_whole``), and a cookie in pieces counts for nothing (``drop_pieces``).
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from itsdangerous import BadData, URLSafeTimedSerializer
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    decode_signed_value,
)
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

NAME: Final = USER_COOKIE_NAME
LONGEST: Final = 4096  # bytes, with its name: what a browser keeps of a cookie
LONGEST_CLAIM: Final = 320  # characters, as an address
CLAIMS: Final = ("email", "email_verified", "name", "sub", "iss", "provider", "origin")
_PIECE: Final = re.compile(rf"{NAME}_\d+")
_COOKIE: Final = re.compile(rf"(?:^|;)\s*{NAME}_\d+=[^;]*")
CLOCK: Final = timedelta(minutes=1)  # that servers of one museum may differ by


@dataclass(frozen=True)
class Session:
    """``claims`` of the provider, signed here at ``since``; ``id`` is not a secret.

    Two cookies that differ in their spelling alone are one session.
    """

    id: str
    claims: Mapping[str, Any]
    since: datetime

    def is_over(self, hours: float, now: datetime | None = None) -> bool:
        """Whether it has lasted ``hours``, or is dated in the future."""
        age = (now or datetime.now(UTC)) - self.since
        return not -CLOCK <= age < timedelta(hours=hours)


def read(cookies: Mapping[str, str]) -> Session | None:
    """The session of ``cookies``; None where nothing is signed, or it is in pieces.

    A cookie in pieces holds their number and no claims; the pieces are never read.
    """
    value = cookies.get(NAME, "")
    if not value or len(value) > LONGEST:
        return None
    signer = URLSafeTimedSerializer(get_cookie_secret(), salt=NAME)
    try:
        payload, since = signer.loads(value, return_timestamp=True)
        claims = json.loads(payload)
    except (BadData, ValueError, TypeError):
        return None
    if not isinstance(claims, dict):
        return None
    told = f"{payload}\n{since.isoformat()}"
    return Session(hashlib.sha256(told.encode()).hexdigest(), claims, since.astimezone(UTC))


def drop_pieces(header: str) -> str:
    """A ``Cookie`` header without the pieces of a session, for those who would join them."""
    return _COOKIE.sub("", header).lstrip("; ")


def keep_whole(headers: Iterable[str], seconds: int) -> list[str]:
    """``Set-Cookie`` headers in which a new session is one cookie, good for ``seconds``.

    ``headers`` are those of one answer; those of other cookies stay as they are.
    """
    kept, own = [], {}
    for header in headers:
        name = header.partition("=")[0].strip()
        if name == NAME or _PIECE.fullmatch(name):
            own[name] = header
        else:
            kept.append(header)
    claims = _read_new({name: _value_of(header) for name, header in own.items()})
    if claims is None:  # a sign-out: the cookie is removed
        return kept + list(own.values())
    kept += [header for name, header in own.items() if name != NAME and not _value_of(header)]
    return [*kept, _write(claims, own[NAME], seconds)]


def _read_new(cookies: Mapping[str, str]) -> dict[str, Any] | None:
    secret = get_cookie_secret()
    joined = get_cookie_with_chunks(
        lambda name: decode_signed_value(secret, name, cookies.get(name, "")), NAME
    )
    if joined is None:
        return None
    claims = json.loads(joined)
    return claims if isinstance(claims, dict) else None


def _write(claims: Mapping[str, Any], header: str, seconds: int) -> str:
    """The cookie with the ``claims`` needed, and the attributes that it had."""
    needed = {name: _shorten(claims[name]) for name in CLAIMS if name in claims}
    needed |= {
        "is_logged_in": claims.get("is_logged_in", False),
        "session": secrets.token_hex(16),  # so that two sign-ins of a second are two
    }
    value = create_signed_value(get_cookie_secret(), NAME, json.dumps(needed)).decode()
    attributes = header.partition(";")[2].split(";")
    kept = [each for each in attributes if not each.strip().lower().startswith(("max-age", "exp"))]
    return ";".join([f"{NAME}={value}", *kept, f" Max-Age={seconds}"])


def _shorten(claim: object) -> object:
    # A shortened address would be another one, so anything too long is left out.
    if isinstance(claim, str):
        return claim if len(claim) <= LONGEST_CLAIM else ""
    return claim if isinstance(claim, bool) or claim is None else ""


def _value_of(header: str) -> str:
    cookie: SimpleCookie = SimpleCookie()
    try:
        cookie.load(header)
    except CookieError:
        return ""
    return next((morsel.value for morsel in cookie.values()), "")
