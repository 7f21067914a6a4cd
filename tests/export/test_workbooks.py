"""Workbooks as another reader finds them: text is text."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from core.errors import UserError
from core.export.workbooks import encode_workbook

TEXTS = ["007", "12300000000000000000000000000045", "=1+1", "+1", "-1", "@sum", "\tx", "1E5"]


def test_every_text_is_a_cell_of_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(encode_workbook([TEXTS]))).active
    (row,) = sheet.iter_rows()
    assert [cell.value for cell in row] == TEXTS
    assert {(cell.data_type, cell.number_format) for cell in row} == {("s", "@")}


def test_other_values_keep_their_type() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(encode_workbook([[1906, None, 2.5]]))).active
    assert [cell.value for cell in next(sheet.iter_rows())] == [1906, None, 2.5]
    book = openpyxl.load_workbook(io.BytesIO(encode_workbook([[date(1906, 5, 1)]])))
    assert book.active["A1"].value.date() == date(1906, 5, 1)


def test_control_characters_become_blanks_and_long_texts_are_refused() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(encode_workbook([["a\x01b"]]))).active
    assert sheet["A1"].value == "a b"
    with pytest.raises(UserError, match=r"32,768 characters.*as CSV"):
        encode_workbook([["x" * 32_768]])
