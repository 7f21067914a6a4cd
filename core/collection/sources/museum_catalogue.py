"""What is kept of a museum's table, so that corrections go back in its form."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Any, Final

import pandas as pd

from core.collection.catalogue import LINE_ENDS, Catalogue, CatalogueForm
from core.collection.errors import CollectionError
from core.collection.reading.records import Records
from core.collection.reading.tables import recognise_table
from core.collection.sources.museum_table import MuseumTable
from core.tasks import TASKS, Task, given_column
from core.text import is_line

_LONGEST_CELL: Final = 8000  # characters
_LONGEST_NAME: Final = 500


def keep_catalogue(museum: MuseumTable, rows: pd.DataFrame) -> Catalogue | None:
    """What is kept of ``museum`` for corrections of ``rows``: all that were read, each with its
    ``key``; of several rows of one work the first that says something.

    None where a column has a name that cannot be shown.
    """
    chosen = museum.columns.chosen
    key_column = chosen.get("key") or museum.address_column or chosen["file"]
    columns: dict[Task, str] = {task: chosen[task] for task in TASKS if task in chosen}
    names = (key_column, *columns.values())
    if not all(is_line(name) and len(name) <= _LONGEST_NAME for name in names):
        return None
    table = museum.rows.loc[rows.index]
    cells = pd.DataFrame({"key": rows["key"], "key_cell": table[key_column].astype("str")})
    for task, column in columns.items():
        read, cell = rows[given_column(task)], table[column].astype("str")
        is_kept = read.notna() & (cell.str.len() <= _LONGEST_CELL)
        cells[f"{task}_cell"], cells[f"{task}_read"] = cell.where(is_kept), read.where(is_kept)
    form = _describe(museum, key_column, columns)
    return Catalogue(form, cells.groupby("key", sort=False).first().reset_index())


def _describe(museum: MuseumTable, key_column: str, columns: dict[Task, str]) -> CatalogueForm:
    kind = recognise_table(museum.file)
    facts: dict[str, Any] = {"sheet": museum.sheet}
    if kind == "text":
        with suppress(CollectionError):  # of an encoding that cannot be written: UTF-8, as it is
            facts |= _describe_text(museum)
    with museum.file.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return CatalogueForm(
        file=museum.file.name,
        sha256=digest,
        kind=kind,
        key_column=key_column,
        columns=columns,
        joined=tuple(task for task, name in columns.items() if name not in museum.own_columns),
        **facts,
    )


def _describe_text(museum: MuseumTable) -> dict[str, Any]:
    records = Records.read(museum.file.read_bytes(), museum.file.name, museum.encoding)
    return {
        "encoding": records.codec,
        "has_mark": bool(records.mark),
        "separator": "tab" if records.head.separator == "\t" else records.head.separator,
        "line_end": next(name for name, end in LINE_ENDS.items() if end == records.line_end),
        "quotes_all": records.quotes_all,
    }
