"""Names that people sign with: visible text without hidden characters."""

from __future__ import annotations

from core.reviews.entry import MAX_NAME
from core.reviews.errors import VerdictRefused
from core.reviews.reviewers import canonical_reviewer, find_hidden


def clean_name(text: str) -> str:
    """``"  Ada  Lovelace "`` -> ``"Ada Lovelace"``; raises ``VerdictRefused`` for an invalid name.

    1 to ``MAX_NAME`` characters, a letter or digit among them, none a control or one that turns
    the direction of what is read.
    """
    if find_hidden(text.strip()) is not None:
        raise VerdictRefused(
            "The name cannot be signed with",
            found="characters that cannot be seen",
            expected="letters, digits, spaces and punctuation",
        )
    name = canonical_reviewer(" ".join(text.split()))
    if len(name) > MAX_NAME or not any(c.isalnum() for c in name):
        raise VerdictRefused(
            "The name cannot be signed with",
            found=repr(name[:60]),
            expected=f"at least one letter, and at most {MAX_NAME} characters",
        )
    return name
