"""Signing in: Streamlit's OpenID Connect, and what the list of people allows whoever signed in.

On when the settings name a list of people (``--people``). Pages ask ``find_person``, routes ask
``read_session``: both end at the same cookie, which Streamlit signs, and at the same list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st
from streamlit.auth_util import (
    get_cookie_with_chunks,
    get_origin_from_redirect_uri,
    get_secrets_auth_section,
    is_authlib_installed,
    validate_auth_credentials,
)
from streamlit.errors import StreamlitAuthError, StreamlitSecretNotFoundError
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from core.errors import UserError
from dashboard.access.people import Role, load_people
from dashboard.settings import Settings, is_loopback, load_settings

DEFAULT: Final = "default"  # Streamlit's name of the provider that [auth] itself describes
CALLBACK: Final = "/oauth2callback"
SECRET_LENGTH: Final = 32
SHOWN: Final = 60  # characters of a name in a signature, which has room for any address
SETUP: Final = "docs/sign-in.md shows how to set it up."


class NotAllowed(UserError):
    """Somebody wants to do what their role does not allow."""


@dataclass(frozen=True)
class Person:
    """Who signed in. ``role`` is None for somebody whom the list does not name."""

    email: str
    name: str
    role: Role | None

    @property
    def signature(self) -> str:
        """How verdicts are signed: names alone are not unique."""
        return f"{self.name[:SHOWN]}, {self.email}" if self.name else self.email


def is_on() -> bool:
    """Whether people have to sign in."""
    return load_settings().people is not None


def find_person() -> Person | None:
    """Who is signed in on this page; None where nobody is, or nobody has to be."""
    return judge(dict(st.user)) if is_on() else None


def read_session(cookies: Mapping[str, str]) -> Person | None:
    """Who sent a request with ``cookies``; None without a signed, unexpired session of ours."""

    def read_one(name: str) -> bytes | None:
        value = cookies.get(name)
        if value is None:
            return None
        return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1"))

    payload = get_cookie_with_chunks(read_one, USER_COOKIE_NAME)
    if payload is None:
        return None
    claims = json.loads(payload)
    # As Streamlit does for its own connection: a session of another site under the same secret.
    return judge(claims) if claims.get("origin") == get_origin_from_redirect_uri() else None


def judge(claims: Mapping[str, Any]) -> Person | None:
    """The person whom a provider's ``claims`` describe; None when they describe nobody.

    An address that the provider has not verified could be anybody's: it gets no role. Nor does one
    of which it does not say so, unless the list of people trusts it.
    """
    if not claims.get("is_logged_in"):
        return None
    email, name = str(claims.get("email") or ""), str(claims.get("name") or "").strip()
    return Person(email, name, _find_role(email, claims.get("email_verified")))


def require_reviewer() -> None:
    """Raises ``NotAllowed`` unless whoever is on this page may give verdicts."""
    if may_review():
        return
    raise NotAllowed(
        "Verdicts are given by reviewers",
        found=_describe_role(find_person()),
        remedy="Ask who keeps the list of people for that role.",
    )


def may_review() -> bool:
    """Whether whoever is on this page may give verdicts."""
    if not is_on():
        return True
    person = find_person()
    return person is not None and person.role == "reviewer"


def list_providers() -> list[str]:
    """Names of the providers to choose from, as ``st.login`` takes them."""
    section = get_secrets_auth_section().to_dict()
    named = [name for name, value in section.items() if _is_provider(value)]
    return named if named and "client_id" not in section else [DEFAULT]


def check_setup(settings: Settings) -> None:
    """Raises ``UserError`` where sign-in is half set up; silent where it is not wanted at all."""
    is_configured = st.secrets.load_if_toml_exists() and bool(get_secrets_auth_section())
    if settings.people is None:
        if is_configured:
            raise UserError(
                "Sign-in is set up in secrets.toml, but nobody is allowed in",
                expected="a list of people",
                remedy=f"Name it: --people people.toml. {SETUP}",
            )
        return
    load_people(settings.people)
    if not is_authlib_installed():
        raise UserError("Sign-in needs Authlib", remedy='Install it: pip install "authlib>=1.6"')
    _check_secrets()


def _check_secrets() -> None:
    try:
        section = st.secrets.to_dict().get("auth", {})
        for provider in list_providers():
            validate_auth_credentials(provider)
    except (StreamlitSecretNotFoundError, StreamlitAuthError) as error:
        raise UserError("Sign-in is not set up", found=str(error), remedy=SETUP) from error
    if len(str(section["cookie_secret"])) < SECRET_LENGTH:
        raise UserError(
            "The cookie_secret in secrets.toml is too short to sign sessions with",
            expected=f"{SECRET_LENGTH} random characters or more",
            remedy='Make one: python -c "import secrets; print(secrets.token_hex(32))"',
        )
    _check_address(str(section["redirect_uri"]))


def _check_address(redirect: str) -> None:
    parts = urlsplit(redirect)
    is_safe = parts.scheme == "https" or is_loopback(parts.hostname or "")
    if not is_safe or parts.path != CALLBACK:
        raise UserError(
            "The redirect_uri in secrets.toml cannot be used",
            found=redirect,
            expected=f"https://<this dashboard's address>{CALLBACK}",
            remedy="Without https a session could be read on its way.",
        )


def _is_provider(value: object) -> bool:
    return isinstance(value, dict) and "client_id" in value


def _find_role(email: str, verified: object) -> Role | None:
    path = load_settings().people
    if path is None:
        return None
    try:
        people = load_people(path)
    except UserError:  # a list that was broken since the start lets nobody in
        return None
    return people.role_of(email) if people.accepts(verified) else None


def _describe_role(person: Person | None) -> str:
    if person is None:
        return "nobody signed in"
    return f"{person.email}, {person.role or 'not on the list'}"
