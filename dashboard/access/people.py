"""Who may do what: a short TOML file of e-mail addresses under two roles.

    reviewers = ["ada@museum.org"]
    viewers = ["*@museum.org", "guest@university.edu"]
    trust_unstated = true

Viewers see everything; reviewers also give verdicts. ``*@museum.org`` is everybody at that museum;
an address listed by itself takes precedence. ``trust_unstated`` is for a provider that does not
say whether an address is verified. A change takes effect with the next request.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from core.errors import UserError

Role = Literal["reviewer", "viewer"]
LISTS: Final[dict[str, Role]] = {"reviewers": "reviewer", "viewers": "viewer"}
TRUST: Final = "trust_unstated"
_EXAMPLE: Final = 'reviewers = ["ada@museum.org"]'


@dataclass(frozen=True)
class People:
    """Roles by address, or by ``*@`` and a domain; all in lower case.

    ``trusts_unstated``: an address of which the provider does not say that it is verified counts.
    """

    roles: Mapping[str, Role]
    trusts_unstated: bool = False

    def accepts(self, verified: object) -> bool:
        """Whether an address with the claim ``email_verified``, None if absent, counts."""
        return self.trusts_unstated if verified is None else str(verified).lower() == "true"

    def role_of(self, email: str) -> Role | None:
        """The role of ``email``; None for somebody who is not on the list."""
        address = email.lower()
        if email != email.strip() or email.count("@") != 1:  # not an address, whatever its domain
            return None
        if address.isascii() and not email.isascii():  # as the Kelvin sign, whose small letter is k
            return None
        person, _, domain = address.rpartition("@")
        if not person or "*" in address:
            return None
        return self.roles.get(address) or self.roles.get(f"*@{domain}")


def load_people(path: Path) -> People:
    """The list at ``path`` as it is now; raises ``UserError``."""
    try:
        return _parse(path.read_bytes(), str(path))
    except OSError as error:
        raise UserError(
            f"The list of people {path} cannot be read",
            found=error.strerror or str(error),
            expected=f"a file with a line like {_EXAMPLE}",
        ) from error


@lru_cache(maxsize=1)
def _parse(content: bytes, name: str) -> People:
    """Keyed by content: a change may leave the file's time and size as they were."""
    try:
        parsed = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(
            f"The list of people {name} is not valid TOML", found=str(error), expected=_EXAMPLE
        ) from error
    return parse_people(parsed, name)


def parse_people(content: Mapping[str, Any], name: str) -> People:
    """Roles of a parsed list; raises ``UserError`` if it is anything but lists of addresses.

    Whoever is on both lists is a reviewer.
    """
    if unknown := sorted(set(content) - {*LISTS, TRUST}):
        raise UserError(
            f"{name} has a key that is unknown here",
            found=unknown[0],
            expected=" or ".join((*LISTS, TRUST)),
        )
    trusts = content.get(TRUST, False)
    if not isinstance(trusts, bool):
        raise UserError(
            f"{TRUST} in {name} is neither true nor false",
            found=repr(trusts),
            expected="true or false",
        )
    roles: dict[str, Role] = {}
    for key, role in LISTS.items():
        addresses = content.get(key, [])
        if not isinstance(addresses, list):
            raise UserError(
                f"{key} in {name} is not a list", found=repr(addresses), expected=_EXAMPLE
            )
        for address in addresses:
            roles.setdefault(_check_address(address, name), role)
    if not roles:
        raise UserError(f"{name} names nobody", expected=f"a line like {_EXAMPLE}")
    return People(roles, trusts)


def _check_address(address: object, name: str) -> str:
    text = address.strip().lower() if isinstance(address, str) else ""
    person, at, domain = text.rpartition("@")
    if not (person and at and domain) or (" " in text) or ("*" in text and person != "*"):
        raise UserError(
            f"{name} holds something that is not an address",
            found=repr(address),
            expected="ada@museum.org, or *@museum.org for everybody at that museum",
        )
    return text
