"""No text of a CSV is run by a spreadsheet, and none is changed on the way back."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.export.spreadsheets import encode_csv, escape_formulas, unescape_formulas

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text_and_a_number_a_number(text: str) -> None:
    table = pd.DataFrame({"title": [text, "Untitled"], "margin": [-1.5, np.nan]})
    back = pd.read_csv(io.BytesIO(encode_csv(table)))
    assert back["title"].tolist() == [f"'{text}", "Untitled"]
    assert back["margin"].tolist() == pytest.approx([-1.5, np.nan], nan_ok=True)


@given(st.lists(st.none() | st.text("'=+-@\t\ra", max_size=4), min_size=1))
def test_what_was_escaped_comes_back_as_it_was(texts: list[str | None]) -> None:
    table = pd.DataFrame({"note": pd.Series(texts, dtype="str")})
    escaped = escape_formulas(table)
    assert not any(text.startswith(tuple("=+-@\t\r")) for text in escaped["note"].dropna())
    pd.testing.assert_frame_equal(unescape_formulas(escaped), table)
