"""Under which name verdicts are given."""

from __future__ import annotations

import pytest

from dashboard.session import visitor


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Ada", "Ada"),
        ("%C3%85sa%20%C3%96.", "Åsa Ö."),
        ("%E2%80%AEadA", ""),
        ("%00Ada", ""),
        ("%FF", ""),
        ("%20", ""),
        ("x" * 321, ""),
    ],
)
def test_a_remembered_name_is_taken_as_one_that_is_typed(value: str, name: str) -> None:
    assert visitor.read_remembered({visitor.COOKIE: value}) == name
    assert visitor.read_remembered({}) == ""
