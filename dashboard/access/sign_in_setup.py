"""Whether sign-in is set up, and safely: checked once, before the server listens."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st
from streamlit.auth_util import (
    get_secrets_auth_section,
    is_authlib_installed,
    validate_auth_credentials,
)
from streamlit.errors import StreamlitAuthError, StreamlitSecretNotFoundError

from core.errors import UserError
from dashboard.access.addresses import Site, is_loopback, parse_public, site_of
from dashboard.access.people import load_people
from dashboard.access.providers import CALLBACK, DEFAULT, list_providers
from dashboard.access.secret_strength import LENGTH, find_weakness
from dashboard.settings import Settings, below_base

SETUP: Final = "docs/sign-in.md shows how to set it up."
MAKE_SECRET: Final = 'Make one: python -c "import secrets; print(secrets.token_hex(32))"'
URLS: Final = ("server_metadata_url", "authorize_url", "access_token_url", "api_base_url")


def check_setup(settings: Settings) -> None:
    """Raises ``UserError`` if sign-in is only half set up; silent if it is not set up at all."""
    check_files(_list_secrets(), others_may_read=False)
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
    check_files([settings.people], others_may_read=True)
    if not is_authlib_installed():
        raise UserError("Sign-in needs Authlib", remedy='Install it: pip install "authlib>=1.6"')
    _check_secrets()
    find_public_site(settings)


def find_public_site(settings: Settings) -> Site | None:
    """Where people reach the dashboard: what the settings say, else what sign-in comes back to.

    Raises ``UserError`` for an address that is none, and where the two differ: the provider leads
    back to the one, and a session of the other counts for nothing.
    """
    named = settings.public_address
    public = parse_public(named, "--public-address") if named else None
    if settings.people is None:
        return public
    redirect = str(get_secrets_auth_section().get("redirect_uri", ""))
    back = site_of(redirect.replace("{port}", str(settings.port)))
    if public is not None and public != back:
        raise UserError(
            "--public-address and the redirect_uri in secrets.toml are two addresses",
            found=f"{public} and {back}",
            expected="one: people come back there from the sign-in",
            remedy="Leave --public-address out, or write it into the redirect_uri.",
        )
    return back


def check_files(paths: Iterable[Path], *, others_may_read: bool) -> None:
    """Raises ``UserError`` for a file that other users of this machine may change, or read."""
    refused = stat.S_IWGRP | stat.S_IWOTH
    if not others_may_read:
        refused |= stat.S_IRGRP | stat.S_IROTH
    for path in paths:
        if os.name != "posix" or not path.is_file():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & refused:
            wanted = "644" if others_may_read else "600"
            raise UserError(
                f"Other users of this machine may {'change' if others_may_read else 'read'} {path}",
                found=f"mode {mode:o}",
                expected=f"mode {wanted}",
                remedy=f"Close it: chmod {wanted} {path}",
            )


def _list_secrets() -> list[Path]:
    return [Path(path).expanduser() for path in st.get_option("secrets.files")]


def _check_secrets() -> None:
    try:
        section = st.secrets.to_dict().get("auth", {})
        providers = list_providers()
        for provider in providers:
            validate_auth_credentials(provider)
    except (StreamlitSecretNotFoundError, StreamlitAuthError) as error:
        raise UserError("Sign-in is not set up", found=str(error), remedy=SETUP) from error
    _check_secret(str(section["cookie_secret"]))
    _check_address(str(section["redirect_uri"]))
    for provider in providers:
        _check_provider(provider, section if provider == DEFAULT else section[provider])


def _check_secret(secret: str) -> None:
    if weakness := find_weakness(secret):
        raise UserError(
            f"The cookie_secret in secrets.toml is {weakness}: sessions could be forged",
            expected=f"{LENGTH} random characters or more",
            remedy=MAKE_SECRET,
        )


def _check_provider(name: str, section: dict[str, Any]) -> None:
    for key in URLS:
        url = str(section.get(key, "https://"))
        parts = urlsplit(url)
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise UserError(
                f"The {key} of the provider {name!r} in secrets.toml cannot be trusted",
                found=url,
                expected="an address that begins with https://",
                remedy="Over http, anyone in between could sign in as anybody.",
            )


def _check_address(redirect: str) -> None:
    parts = urlsplit(redirect)
    is_safe = parts.scheme == "https" or is_loopback(parts.hostname or "")
    if (
        not is_safe
        or parts.path != below_base(CALLBACK)
        or site_of(redirect.replace("{port}", "1")) is None
    ):
        raise UserError(
            "The redirect_uri in secrets.toml cannot be used",
            found=redirect,
            expected=f"https://<this dashboard's address>{below_base(CALLBACK)}",
            remedy="Without https a session could be read in transit.",
        )
