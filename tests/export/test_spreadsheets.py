"""No text of a CSV is run by a spreadsheet, and none is changed on the way back."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.export.spreadsheets import encode_csv, escape_formulas, unescape_formula

STARTS = tuple("=+-@;\t\r\n＝＋－＠")
FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", ";=1+1", ";", ";cmd"),
    *("＝1+1", "＋1", "－1", "＠SUM(A1)", " =1", "\u00a0=1", "\u3000＝1", "\u200b=1", "\ufeff=1"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text_and_a_number_a_number(text: str) -> None:
    table = pd.DataFrame({"title": [text, "Untitled"], "margin": [-1.5, np.nan]})
    back = pd.read_csv(io.BytesIO(encode_csv(table)))
    assert back["title"].tolist() == [f"'{text}", "Untitled"]
    assert back["margin"].tolist() == pytest.approx([-1.5, np.nan], nan_ok=True)


@given(st.lists(st.none() | st.text("'=+-@;＝＠\t\r\n \u200ba", max_size=4), min_size=1))
def test_what_was_escaped_comes_back_as_it_was(texts: list[str | None]) -> None:
    table = pd.DataFrame({"note": pd.Series(texts, dtype="str")})
    escaped = escape_formulas(table)
    assert not any(text.strip(" \u200b").startswith(STARTS) for text in escaped["note"].dropna())
    back = escaped["note"].map(unescape_formula, na_action="ignore").astype("str")
    pd.testing.assert_series_equal(back, table["note"])


@given(st.text(max_size=8))
def test_any_text_comes_back_from_a_file(text: str) -> None:
    table = pd.DataFrame({"note": [text], "last": ["x"]})
    (_, (cell, _)) = csv.reader(io.StringIO(encode_csv(table).decode("utf-8-sig"), newline=""))
    assert unescape_formula(cell) == text
