"""A museum's own table of paintings: CSV, TSV or parquet, with pictures in a folder.

Columns are found as ``core.collection.reading.roles`` says. ``file`` and ``style`` are required;
without a key column the file's path is the key.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from core.collection.errors import CollectionError
from core.collection.reading.dates import parse_year
from core.collection.reading.located import LocatedFiles, locate_files
from core.collection.reading.roles import find_columns
from core.collection.reading.tables import load_table
from core.collection.table import (
    Collection,
    FolderReader,
    build_paintings,
    note_lone_labels,
    require_labels,
)
from core.collection.wording import count_of, name_some

_SPLITS: Final = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "val",
    "testing": "val",
}
_UNKNOWN: Final = frozenset(("", "-", "?", "n/a", "na", "nan", "none", "null", "unknown"))


def open_museum(
    file: Path,
    *,
    images: Path | None = None,
    columns: dict[str, str] | None = None,
    name: str | None = None,
) -> Collection:
    """Opens the table ``file``; ``images`` is the root of its file paths (its own folder if not
    given), ``columns`` maps roles (``"style"``) to columns that their names do not identify.

    Rows whose path leaves the root, or whose file is absent, are left out and named in a note.
    Raises ``CollectionError`` for unknown, missing or ambiguous columns, repeated keys, and when
    no picture is found.
    """
    table, notes = load_table(file)
    chosen = find_columns(list(table.columns), columns or {}, where=file.name)
    rows, told = read_rows(table, chosen)
    root = images or file.parent
    located = locate_files(rows["image"], root)
    if not located.found:
        raise _no_picture(located, root, len(rows))
    rows = rows.assign(image=rows.index.map(located.found)).dropna(subset="image")
    if "key" not in chosen:
        rows["key"] = rows["image"]
    paintings = build_paintings(rows, where=file.name)
    require_labels(paintings, where=file.name)
    notes = [*notes, *told, *located.notes(), *note_lone_labels(paintings)]
    reader = FolderReader(root.resolve())
    identity = str(file.resolve())
    return Collection(name or file.stem, "table", identity, paintings, reader, tuple(notes))


def read_rows(table: pd.DataFrame, columns: dict[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Rows in the form of ``core.collection.table`` and notes on values that were not read."""
    said: list[str] = []
    told = {role: _clean(table[column], role) for role, column in columns.items()}
    rows = pd.DataFrame({"image": told["file"], "given_style": told["style"]})
    for role, column in {"key": "key", "title": "title", "genre": "given_genre"}.items():
        if role in told:
            rows[column] = told[role]
    if "artist" in told:
        rows["artist"] = rows["given_artist"] = told["artist"]
    if "year" in told:
        years = told["year"].map(parse_year, na_action="ignore")
        rows["year"] = years.astype("Float64").astype("Int16")
        said += _note_unread(told["year"], rows["year"], f"have no year in '{columns['year']}'")
    if "split" in told:
        rows["split"] = told["split"].str.casefold().map(_SPLITS.get)
        said += _note_unread(told["split"], rows["split"], "are in neither train nor val")
    return rows, said


def _clean(values: pd.Series, role: str) -> pd.Series:
    """Text without surrounding blanks; museums' words for 'unknown' become null. Keys and files are
    names: only an empty one is null.
    """
    text = values.astype("str").str.strip()
    missing = ("",) if role in ("key", "file") else _UNKNOWN
    return text.mask(text.str.casefold().isin(missing))


def _note_unread(before: pd.Series, after: pd.Series, text: str) -> list[str]:
    unread = before[before.notna() & after.isna()].unique().tolist()
    return [f"Rows that {text}: {name_some(unread)}."] if unread else []


def _no_picture(located: LocatedFiles, root: Path, rows: int) -> CollectionError:
    return CollectionError(
        f"No picture below {root} for {count_of(rows, 'row')}",
        found=" ".join(located.notes()),
        expected="file paths relative to that folder",
        remedy="Give the folder of the pictures with --images, or the column with --file-column.",
    )
