"""Signing in: Streamlit's OpenID Connect, and the role that the list of people gives.

On when the settings name a list of people (``--people``). Pages ask ``find_person``, the gates ask
``read_session``: both end at the same cookie, which Streamlit signs, and at the same list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.auth_util import encode_provider_token, get_origin_from_redirect_uri

from core.errors import UserError
from core.reviews.reviewers import canonical_reviewer, drop_hidden
from dashboard.access import session_cookie
from dashboard.access.people import Role, load_people
from dashboard.access.providers import DEFAULT, list_providers
from dashboard.access.sign_outs import SignedOut
from dashboard.runs import review_cache
from dashboard.settings import load_settings

PLAIN: Final = re.compile(r"[^\s@]+@[^\s@]+")  # an address as it is: not nearly one, not two
SIGNED_OUT: Final = SignedOut(review_cache.open_reviews)


class NotAllowed(UserError):
    """An action that the person's role does not allow."""


@dataclass(frozen=True)
class Person:
    """Who signed in. ``role`` is None for somebody not on the list.

    ``name`` is what the provider shows, ``provider`` its name if there are several.
    """

    email: str
    name: str
    role: Role | None
    provider: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether this person may see anything."""
        return self.role is not None

    @property
    def signature(self) -> str:
        """The person in the log of verdicts: address and provider, never a display name."""
        return canonical_reviewer(
            f"{self.email} ({self.provider})" if self.provider else self.email
        )


def is_on() -> bool:
    """Whether people have to sign in."""
    return load_settings().people is not None


def find_person() -> Person | None:
    """Who is signed in on this page; None if nobody is, or sign-in is off."""
    return judge(dict(st.user)) if is_on() else None


def read_session(cookies: Mapping[str, str]) -> Person | None:
    """Who sent a request with ``cookies``; None without a signed session of ours that goes on."""
    session = session_cookie.read(cookies)
    if session is None or session.is_over(load_settings().session_hours):
        return None
    # As Streamlit does for its own connection: a session of another site under the same secret.
    if session.claims.get("origin") != get_origin_from_redirect_uri():
        return None
    return None if SIGNED_OUT.holds(session.id) else judge(session.claims)


def end_session(cookies: Mapping[str, str]) -> None:
    """Signs the session of ``cookies`` out; a copy of its cookie no longer counts."""
    if session := session_cookie.read(cookies):
        SIGNED_OUT.add(session.id)


def judge(claims: Mapping[str, Any]) -> Person | None:
    """The person whom a provider's ``claims`` describe; None if they describe nobody.

    An address that the provider has not verified could be anybody's: it gets no role. Nor does one
    of which it does not say so, unless the list of people trusts it.
    """
    if not claims.get("is_logged_in"):
        return None
    email = str(claims.get("email") or "")
    name = drop_hidden(str(claims.get("name") or "")).strip()
    provider = str(claims.get("provider") or "") if list_providers() != [DEFAULT] else ""
    return Person(email, name, _find_role(email, claims.get("email_verified")), provider)


def require_reviewer() -> None:
    """Raises ``NotAllowed`` unless whoever is on this page may give verdicts."""
    if may_review():
        return
    raise NotAllowed(
        "Only reviewers can give verdicts",
        found=_describe_role(find_person()),
        remedy="Ask whoever keeps the list of people for that role.",
    )


def require_signer(name: str) -> None:
    """Raises ``NotAllowed`` where people sign in, and no reviewer on the list signs as ``name``."""
    if not is_on():
        return
    providers = list_providers()
    endings = [""] if providers == [DEFAULT] else [f" ({each})".lower() for each in providers]
    signed = canonical_reviewer(name)
    known = [signed.removesuffix(ending) for ending in endings if signed.endswith(ending)]
    if any(_find_role(email, verified=True) == "reviewer" for email in known):
        return
    raise NotAllowed(
        "No reviewer on the list of people signs so",
        found=name,
        expected="an address" + (f"{endings[0]} or the like" if endings[0] else ""),
        remedy="Copy the name at the top of that person's pages.",
    )


def may_review() -> bool:
    """Whether whoever is on this page may give verdicts."""
    if not is_on():
        return True
    person = find_person()
    return person is not None and person.role == "reviewer"


def may_look(cookies: Mapping[str, str]) -> bool:
    """Whether whoever sent ``cookies`` may see anything, as of now."""
    person = read_session(cookies)
    return person is not None and person.is_listed


def find_way_in(provider: str) -> str | None:
    """Streamlit's address that signs in with ``provider``, good for two minutes."""
    if provider not in list_providers():
        return None
    return f"/auth/login?{urlencode({'provider': encode_provider_token(provider)})}"


def _find_role(email: str, verified: object) -> Role | None:
    path = load_settings().people
    if path is None or not PLAIN.fullmatch(email):
        return None
    try:
        people = load_people(path)
    except UserError:  # a list that was broken after the start lets nobody in
        return None
    return people.role_of(email) if people.accepts(verified) else None


def _describe_role(person: Person | None) -> str:
    if person is None:
        return "nobody signed in"
    return f"{person.email}, {person.role or 'not on the list'}"
