"""Spreadsheets as tables: Excel and OpenDocument, one sheet of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import python_calamine

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.headers import (
    SEARCHED,
    count_known,
    find_header,
    name_columns,
    refuse_headless,
)
from core.collection.wording import list_some

Cell = object
_Place = tuple[int, int]


@dataclass(frozen=True)
class _Sheet:
    """Cells as text, and the ``values`` of the same in their own types; ``filled``: numbers of rows
    that got the value of cells merged over them.
    """

    rows: list[list[str]]
    values: list[list[Cell]]
    filled: frozenset[int]


def read_sheet(
    file: Path, account: Account, sheet: str | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Cells of ``sheet`` as text, of the sheet that names most known columns where none is given.

    The index numbers the rows of the sheet. Rows above the header are in ``account``, other sheets
    in the notes. Raises ``CollectionError`` when the file cannot be read or has no such sheet.
    """
    book = _open(file)
    names = _choose_sheets(book, file, sheet)
    sheets = {name: _load(book, name, file) for name in names}
    chosen = sheet or max(sheets, key=lambda name: _rate(sheets[name].rows))
    notes = []
    others = [name for name in book.sheet_names if name != chosen]
    if others:
        notes.append(
            f"Read the sheet '{chosen}' of {file.name}, not {list_some(others)}: choose another "
            "with --sheet."
        )
    return _build_frame(sheets[chosen], file, chosen, account), notes


def read_values(file: Path, sheet: str | None = None) -> tuple[list[str], dict[int, list[Cell]]]:
    """Names of the columns, and the cells of each row below them by its number, in their own types.

    The sheet is chosen as ``read_sheet`` chooses it.
    """
    book = _open(file)
    sheets = {name: _load(book, name, file) for name in _choose_sheets(book, file, sheet)}
    chosen = sheet or max(sheets, key=lambda name: _rate(sheets[name].rows))
    held = sheets[chosen]
    place = _find_place(held.rows, file, chosen)
    names = name_columns(held.rows[place], len(held.rows[place]))
    return names, {n + 1: row for n, row in enumerate(held.values) if n > place}


def _open(file: Path) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_path(str(file))
    except python_calamine.PasswordError as error:
        raise CollectionError(
            f"{file} is protected by a password",
            remedy="Save it without one, or save the sheet as CSV UTF-8.",
        ) from error
    except (python_calamine.CalamineError, OSError) as error:
        raise CollectionError(
            f"{file} cannot be read as a spreadsheet",
            found=str(error).splitlines()[0],
            remedy="Open it in a spreadsheet program and save it anew, or as CSV UTF-8.",
        ) from error


def _choose_sheets(
    book: python_calamine.CalamineWorkbook, file: Path, sheet: str | None
) -> list[str]:
    if sheet is None:
        kinds = python_calamine.SheetTypeEnum
        return [each.name for each in book.sheets_metadata if each.typ == kinds.WorkSheet]
    if sheet in book.sheet_names:
        return [sheet]
    raise CollectionError(
        f"{file} has no sheet '{sheet}'",
        found=f"the sheets {', '.join(book.sheet_names)}",
        remedy="Give one of these with --sheet.",
    )


def _load(book: python_calamine.CalamineWorkbook, name: str, file: Path) -> _Sheet:
    try:
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise CollectionError(
            f"The sheet '{name}' of {file} cannot be read",
            found=str(error).splitlines()[0],
            remedy="Save the file anew, or the sheet as CSV UTF-8.",
        ) from error
    values: list[list[Cell]] = [list(row) for row in rows]
    texts = [[_text(cell) for cell in row] for row in values]
    merged = sheet.merged_cell_ranges or []
    _fill_merged(values, merged)
    return _Sheet(texts, values, _fill_merged(texts, merged))


def _fill_merged(rows: list[list[Any]], merged: Iterable[tuple[_Place, _Place]]) -> frozenset[int]:
    """Gives the value of cells merged over several rows to each; returns which rows got one."""
    filled = set()
    for (top, column), (bottom, _) in merged:
        for row in range(top + 1, min(bottom + 1, len(rows))):
            if column < len(rows[row]) and not rows[row][column]:
                rows[row][column] = rows[top][column]
                filled.add(row)
    return frozenset(filled)


def _rate(rows: list[list[str]]) -> tuple[int, bool]:
    known = [count_known(row) for row in rows[:SEARCHED]]
    return max(known, default=0), len(rows) > 1


def _build_frame(held: _Sheet, file: Path, sheet: str, account: Account) -> pd.DataFrame:
    rows = held.rows
    filled = [number for number, row in enumerate(rows) if any(row)]
    place = _find_place(rows, file, sheet)
    above = [f"row {number + 1}" for number in filled if number < place]
    account.add("row", "left out", "above the header", above)
    merged = [f"row {number + 1}" for number in sorted(held.filled) if number > place]
    account.add("row", "changed", "the value of merged cells was taken for each of them", merged)
    refuse_headless(rows[place], file.name)
    names = name_columns(rows[place], len(rows[place]))
    index = pd.RangeIndex(place + 2, len(rows) + 1, name="row")
    return pd.DataFrame(rows[place + 1 :], columns=names, index=index, dtype="str")


def _find_place(rows: list[list[str]], file: Path, sheet: str) -> int:
    """Where the header is; raises ``CollectionError`` for an empty sheet."""
    filled = [number for number, row in enumerate(rows) if any(row)]
    if not filled:
        raise CollectionError(
            f"The sheet '{sheet}' of {file} is empty", remedy="Choose another with --sheet."
        )
    return filled[find_header([rows[number] for number in filled])]


def _text(cell: Cell) -> str:
    """A cell as its owner reads it: 1906.0 is 1906, a day has no time."""
    match cell:
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return cell.isoformat()
        case _:
            return str(cell).strip()
