"""Names that people sign with: text that another reads as it was written, and nothing more."""

from __future__ import annotations

import unicodedata
from typing import Final

from core.reviews.entry import MAX_NAME
from core.reviews.errors import VerdictRefused

_HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))  # controls, turns, halves, line ends
_JOINERS: Final = frozenset("\u200c\u200d")  # unseen, and needed to spell names of some languages


def clean_name(text: str) -> str:
    """``"  Ada  Lovelace "`` -> ``"Ada Lovelace"``; raises ``VerdictRefused`` for what is no name.

    1 to ``MAX_NAME`` characters, a letter or digit among them, none a control or one that turns
    the direction of what is read.
    """
    if has_hidden(text):
        raise VerdictRefused(
            "The name cannot be signed with",
            found="characters that cannot be seen",
            expected="letters, digits, spaces and marks",
        )
    name = " ".join(text.split())
    if len(name) > MAX_NAME or not any(c.isalnum() for c in name):
        raise VerdictRefused(
            "The name cannot be signed with",
            found=repr(name[:60]),
            expected=f"a letter at least, and at most {MAX_NAME} characters",
        )
    return name


def has_hidden(text: str) -> bool:
    """Whether ``text`` holds controls, or characters that turn the direction of what is read."""
    return any(unicodedata.category(c) in _HIDDEN for c in text if c not in _JOINERS)
