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
    from openpyxl import Workbook  # here and below: a server starts without it

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([_write(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(sheet: object, value: object) -> object:
    if not isinstance(value, str):
        return value
    if len(value) > _MOST:
        raise UserError(
            "A text is too long for a cell of a workbook",
            found=f"{len(value):,} characters, of one that begins '{value[:40]}'",
            expected=f"at most {_MOST:,}",
            remedy="Take the file as CSV.",
        )
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", value))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
