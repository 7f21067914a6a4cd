"""Excel workbooks of one sheet, in which every text stays the text that it is."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Final

from core.errors import UserError

_MOST: Final = 32_767  # characters of a cell: Excel drops the rest


def encode_workbook(rows: Iterable[Sequence[object]], title: str = "Sheet1") -> bytes:
    """``rows`` as XLSX. Texts are cells of text: none runs as a formula, "007" and an id of thirty
    digits stay what they are. Control characters, which XLSX cannot hold, become blanks.

    Raises ``UserError`` for a text that no cell can hold.
    """
    from openpyxl import Workbook  # here: a server starts without it
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)

    def write(value: object) -> object:
        if not isinstance(value, str):
            return value
        _require_short(value)
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", value))
        cell.data_type = "s"
        cell.number_format = "@"
        return cell

    for row in rows:
        sheet.append([write(value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _require_short(text: str) -> None:
    if len(text) > _MOST:
        raise UserError(
            "A text is too long for a cell of a workbook",
            found=f"{len(text):,} characters, of one that begins '{text[:40]}'",
            expected=f"at most {_MOST:,}",
            remedy="Take the file as CSV.",
        )
