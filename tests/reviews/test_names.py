"""Names to sign with."""

from __future__ import annotations

import pytest

from core.reviews import VerdictRefused
from core.reviews.names import clean_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada", "Ada"),
        ("  Ada \u00a0 Lovelace ", "Ada Lovelace"),
        ("Käthe K.", "Käthe K."),
        ("Женя", "Женя"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_names_are_kept_as_they_are_written(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "...", "\u200d", "x" * 321, "A\nda", "A\x00da", "Ada\u2028Bo"),
        *("\u202eadA", "Ada\u2066", "Ada\u200b", "\ufeffAda", "\ud800Ada"),
    ],
)
def test_what_cannot_be_read_signs_nothing(text: str) -> None:
    with pytest.raises(VerdictRefused, match="name cannot be signed with"):
        clean_name(text)
