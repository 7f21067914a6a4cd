"""Corrections held against the museum's table as it is now: which are open, and its whole rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from core.collection.errors import CollectionError
from core.collection.reading.records import Records
from core.collection.reading.sheets import read_values
from core.collection.reading.spellings import fold_label
from core.collection.reading.tables import load_table, recognise_table
from core.export.spreadsheets import encode_csv, escape_formula
from core.export.workbooks import encode_workbook

State = Literal["open", "done", "conflict", "not there", "elsewhere", "by hand"]
STATES: Final[dict[State, str]] = {
    "open": "to be corrected",
    "done": "the table says it already",
    "conflict": "the table says something else by now",
    "not there": "no row of the table has this key",
    "elsewhere": "the label is of another table",
    "by hand": "which row it is, or how to rewrite it, is not sure",
}
Form = Literal["csv", "xlsx"]


@dataclass(frozen=True)
class Wanted:
    """One correction: in the row whose ``key_column`` is ``key``, ``field`` goes from ``old`` to
    ``new``.
    """

    key: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Asked:
    """The table ``file``, the corrections ``wanted`` in it, and the ``form`` of the answer."""

    file: str
    key_column: str
    wanted: tuple[Wanted, ...]
    form: Form
    sheet: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Met:
    """``states`` and ``found`` (the cell by now) of each correction.

    ``changed``: the header and the rows of open corrections, corrected; ``undo``: the same rows as
    they were. Both are files in the form asked for.
    """

    states: tuple[State, ...] = ()
    found: tuple[str | None, ...] = ()
    changed: bytes = b""
    undo: bytes = b""
    rows: int = 0


# Rows to write: number -> column -> (old, new).
_Rows = defaultdict[int, dict[str, tuple[str, str]]]


def meet_table(asked: Asked) -> Met:
    """Holds the corrections against the table, found by key, and writes whole rows of it.

    A row of CSV differs from the table's in the corrected cells and no other byte, but that a label
    which a spreadsheet would run follows an apostrophe. Raises ``CollectionError`` for what is no
    table, or has no such column.
    """
    file = Path(asked.file)
    table, _ = load_table(file, sheet=asked.sheet, encoding=asked.encoding)
    if asked.key_column not in table:
        raise CollectionError(
            f"{file.name} has no column '{asked.key_column}'",
            found=f"the columns {', '.join(map(str, table.columns))}",
            expected="the table that the run was made from, or a newer export of it",
        )
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for number, key in table[asked.key_column].str.strip().items():
        numbers[str(key)].append(int(str(number)))
    rows, states, found = _Rows(dict), list[State](), list[str | None]()
    for each in asked.wanted:
        state, cell = _judge(table, numbers.get(each.key.strip(), []), each, rows)
        states.append(state)
        found.append(cell)
    write = _write_text if recognise_table(file) == "text" else _write_values
    changed, undo, stuck = write(file, table, asked, rows)
    for place, each in enumerate(asked.wanted):
        if states[place] == "open" and not stuck.isdisjoint(numbers[each.key.strip()]):
            states[place] = "by hand"
    written = len(set(rows) - stuck)
    return Met(tuple(states), tuple(found), changed, undo, written)


def _judge(
    table: pd.DataFrame, numbers: list[int], wanted: Wanted, rows: _Rows
) -> tuple[State, str | None]:
    """The state of one correction and the cell by now; open ones go to ``rows``."""
    if wanted.field not in table:
        return "elsewhere", None
    if not numbers:
        return "not there", None
    cells = {number: str(table.at[number, wanted.field]) for number in numbers}
    stand = [number for number, cell in cells.items() if cell == wanted.old]
    if len(set(cells.values())) > 1:
        return _judge_terms(cells, wanted, rows)
    for number in stand:
        rows[number][wanted.field] = (wanted.old, wanted.new)
    if stand:
        return "open", wanted.old
    is_done = fold_label(cells[numbers[0]]) == fold_label(wanted.new)
    return ("done" if is_done else "conflict"), cells[numbers[0]]


def _judge_terms(cells: dict[int, str], wanted: Wanted, rows: _Rows) -> tuple[State, str | None]:
    """As ``_judge``, of a key with rows of different labels, as in a table of terms.

    Each line of ``old`` and ``new`` is the label of a row. Rows of other labels, which may be terms
    of another kind, stay.
    """
    by_now = "\n".join(cells.values())
    here = [fold_label(cell) for cell in cells.values()]
    old, new = wanted.old.split("\n"), wanted.new.split("\n")
    gone = [label for label in old if label not in new]
    come = [label for label in new if label not in old]
    stand = [number for number, cell in cells.items() if cell in gone]
    if not stand:
        is_done = all(fold_label(label) in here for label in come)
        return ("done" if is_done else "conflict"), by_now
    if not (len(stand) == len(gone) == len(come) == 1):
        return "by hand", by_now
    rows[stand[0]][wanted.field] = (gone[0], come[0])
    return "open", gone[0]


def _write_text(
    file: Path, table: pd.DataFrame, asked: Asked, rows: _Rows
) -> tuple[bytes, bytes, set[int]]:
    if asked.form == "xlsx":
        return _write_values(file, table, asked, rows)
    records = Records.read(file.read_bytes(), file.name, asked.encoding)
    changed, undo, stuck = [records.header()], [records.header()], set[int]()
    for number, cells in sorted(rows.items()):
        safe = {name: (old, escape_formula(new)) for name, (old, new) in cells.items()}
        try:
            changed.append(records.row(number, safe))
            undo.append(records.row(number, {}))
        except CollectionError:
            stuck.add(number)
    both = (records.mark + records.encode("".join(lines)) for lines in (changed, undo))
    return (*both, stuck)  # type: ignore[return-value]


def _write_values(
    file: Path, table: pd.DataFrame, asked: Asked, rows: _Rows
) -> tuple[bytes, bytes, set[int]]:
    """Workbooks, or CSV where the table is none: cells in their own types, text as text."""
    values: dict[int, list[object]]
    if recognise_table(file) == "sheet":
        names, values = read_values(file, asked.sheet)
    else:
        names = [str(name) for name in table.columns]
        values = {number: table.loc[[number]].to_numpy()[0].tolist() for number in rows}
    changed: list[list[object]] = [[*names]]
    undo: list[list[object]] = [[*names]]
    for number, cells in sorted(rows.items()):
        undo.append(values[number])
        row = list(values[number])
        for name, (_, new) in cells.items():
            row[names.index(name)] = new
        changed.append(row)
    if asked.form == "xlsx":
        return encode_workbook(changed), encode_workbook(undo), set()
    return _encode_plain(changed), _encode_plain(undo), set()


def _encode_plain(rows: list[list[object]]) -> bytes:
    """CSV of cells that were in no text: UTF-8 with a mark, formulas escaped."""
    names, *cells = rows
    frame = pd.DataFrame([[_plain(cell) for cell in row] for row in cells], columns=names)
    return encode_csv(frame)


def _plain(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
