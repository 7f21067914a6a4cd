"""The ways to sign in that ``secrets.toml`` describes, and the addresses of signing in and out."""

from __future__ import annotations

from typing import Final

from streamlit.auth_util import get_secrets_auth_section

DEFAULT: Final = "default"  # Streamlit's name of the provider that [auth] itself describes
SIGN_IN: Final = "/sign-in"  # leads to the provider that its query names
SIGN_OUT: Final = "/auth/logout"
CALLBACK: Final = "/oauth2callback"  # where a provider leads back to


def list_providers() -> list[str]:
    """Names of the providers to choose from, as ``st.login`` takes them."""
    section = get_secrets_auth_section().to_dict()
    named = [name for name, value in section.items() if _is_provider(value)]
    return named if named and "client_id" not in section else [DEFAULT]


def _is_provider(value: object) -> bool:
    return isinstance(value, dict) and "client_id" in value
