"""The kinds of session that come to the door, as cookies: two with a right, the others without.

Cookies are signed with Streamlit's own signer, as its sign-in would have set them.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from itsdangerous import TimestampSigner, URLSafeTimedSerializer

COOKIE: Final = "_streamlit_user"
SECRET: Final = "9c1f0b7e5ad24c83b6e8f17d20a4953c7be16d08f2459a3ec0d7816b4f925ea3"
HOURS: Final = 3600.0

PEOPLE: Final = """reviewers = ["ada@museum.org", "quokka@museum.org", "out@museum.org"]
viewers = ["vic@museum.org", "rem@museum.org", "late@museum.org", "*@visitors.org"]
"""


@dataclass(frozen=True)
class Session:
    """A kind of session. ``may_look``: whether it has a right to the run."""

    name: str
    cookies: Mapping[str, str]
    may_look: bool = False

    @property
    def header(self) -> dict[str, str]:
        """The header that carries it; none where there is no cookie."""
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": pairs} if pairs else {}


def build_sessions(origin: str) -> list[Session]:
    """All kinds but those that something has to happen to first (``conftest``)."""
    return [
        Session("a reviewer", seal(claim("ada", origin)), may_look=True),
        Session("a viewer", seal(claim("vic", origin)), may_look=True),
        Session("nobody", {}),
        Session("not on the list", seal(claim("eve", origin))),
        Session("an address that is not verified", seal(claim("ada", origin, verified=False))),
        Session("signed in 13 hours ago", seal(claim("ada", origin), age=13 * HOURS)),
        Session("another secret", seal(claim("ada", origin), secret=SECRET[::-1])),
        Session("another dashboard's", seal(claim("ada", "http://127.0.0.1:1"))),
        Session("two cookies spliced", splice(origin)),
    ]


def claim(who: str, origin: str, verified: bool = True, **more: object) -> dict[str, Any]:
    """What a provider says of ``who``, as Streamlit keeps it."""
    now = int(time.time())
    return {
        "iss": "http://127.0.0.1:9",
        "sub": who,
        "aud": "curator",
        "iat": now,
        "exp": now + 3600,
        "email": f"{who}@museum.org",
        "name": who.title(),
        "email_verified": verified,
        "session": secrets.token_hex(16),  # two sign-ins of a second are two
        **more,
        "origin": origin,
        "is_logged_in": True,
        "provider": "default",
    }


def seal(
    claims: object, secret: str = SECRET, age: float = 0, name: str = COOKIE
) -> dict[str, str]:
    """The cookie ``name`` with ``claims``, signed ``age`` seconds ago."""
    return {name: sign(json.dumps(claims), secret, age, name)}


def sign(text: str, secret: str = SECRET, age: float = 0, name: str = COOKIE) -> str:
    """``text`` as Streamlit signs it, ``age`` seconds ago."""

    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time() - age)

    return str(URLSafeTimedSerializer(secret, salt=name, signer=Earlier).dumps(text))


def splice(origin: str, apart: float = HOURS) -> dict[str, str]:
    """The first half of a cookie whose address is not verified, the second of one whose is.

    Both were signed by the server, ``apart`` seconds one from the other, as it would split them.
    """
    wide = {"picture": "x" * 4000}
    unverified = json.dumps({**wide, **claim("ada", origin, verified=False)})
    verified = json.dumps({**wide, **claim("vic", origin, verified=True)})
    cut = unverified.index('"email_verified"')
    rest = verified[verified.index('"email_verified"') :]
    return {
        COOKIE: sign("chunks-2"),
        f"{COOKIE}_1": sign(unverified[:cut], age=apart, name=f"{COOKIE}_1"),
        f"{COOKIE}_2": sign(rest, name=f"{COOKIE}_2"),
    }
