"""A museum's own table of paintings: CSV, TSV or parquet, with pictures in a folder.

Columns are found by name, in any case and with spaces, dots or hyphens for ``_`` (see
``SYNONYMS``), or named by a flag. A column with a role's own name (``style``) takes precedence over
its synonyms (``movement``); two synonyms of one role are ambiguous and refused. ``file`` and
``style`` are required; without a key column the file's path is the key.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from core.collection.errors import CollectionError
from core.collection.reading.dates import parse_year
from core.collection.reading.files import safe_relative
from core.collection.reading.tables import load_table
from core.collection.reading.wording import count_of, name_some
from core.collection.table import (
    Collection,
    FolderReader,
    build_paintings,
    note_lone_labels,
    require_labels,
)

SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "key": ("id", "object_id", "accession_number", "accession_no", "inventory_number"),
    "file": ("filename", "file_name", "image", "image_file", "image_path", "path", "filepath"),
    "title": ("name", "object_title", "work_title"),
    "artist": ("maker", "creator", "painter", "artist_name", "artist_display_name", "author"),
    "year": ("date", "end_date", "object_end_date", "date_end", "completion_year", "object_date"),
    "style": ("movement", "period", "art_style", "school"),
    "genre": ("subject", "classification", "category"),
    "split": ("subset", "fold_split"),
}
REQUIRED: Final = ("file", "style")
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


def find_columns(names: list[str], flags: dict[str, str], *, where: str) -> dict[str, str]:
    """Which column plays which role. Raises ``CollectionError`` as ``open_museum`` says."""
    chosen: dict[str, str] = {}
    for role, synonyms in SYNONYMS.items():
        if role in flags:
            chosen[role] = _flagged_column(names, role, flags[role], where)
            continue
        candidates = [name for name in names if _plain(name) == role]
        candidates = candidates or [name for name in names if _plain(name) in synonyms]
        if len(candidates) > 1:
            raise CollectionError(
                f"{where} has {len(candidates)} columns that may hold the {role}",
                found=", ".join(candidates),
                expected="one",
                remedy=f"Say which with --{role}-column.",
            )
        if candidates:
            chosen[role] = candidates[0]
        elif role in REQUIRED:
            raise CollectionError(
                f"{where} has no column for the {role}",
                found=f"the columns {', '.join(names)}",
                expected=f"one named {role}, or {', '.join(synonyms)}",
                remedy=f"Say which with --{role}-column.",
            )
    return chosen


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


@dataclass
class LocatedFiles:
    """Rows whose picture was found, and those left out."""

    found: dict[int, str] = field(default_factory=dict)  # row -> POSIX path below the root
    unnamed: int = 0
    refused: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def notes(self) -> list[str]:
        said = []
        if self.unnamed:
            said.append(f"Left out without a file name: {count_of(self.unnamed, 'row')}.")
        if self.refused:
            said.append(f"Paths outside the image folder, refused: {name_some(self.refused)}.")
        if self.absent:
            said.append(f"Missing files, left out: {name_some(self.absent)}.")
        return said


def locate_files(paths: pd.Series, root: Path) -> LocatedFiles:
    """Finds each path below ``root``; links are followed only where they stay below it."""
    located = LocatedFiles()
    home = os.path.realpath(root)
    folders: dict[str, bool] = {}  # whether a folder resolves to a path below the root
    for row, path in paths.items():
        if not isinstance(path, str):
            located.unnamed += 1
            continue
        safe = safe_relative(path)
        if safe is None:
            located.refused.append(path)
        elif not (root / safe).is_file():
            located.absent.append(path)
        elif not _stays_below(root / safe, home, folders):
            located.refused.append(path)
        else:
            located.found[int(str(row))] = safe
    return located


def _stays_below(file: Path, home: str, folders: dict[str, bool]) -> bool:
    if file.is_symlink():
        return Path(os.path.realpath(file)).is_relative_to(home)
    folder = str(file.parent)
    if folder not in folders:
        folders[folder] = Path(os.path.realpath(folder)).is_relative_to(home)
    return folders[folder]


def _flagged_column(names: list[str], role: str, wanted: str, where: str) -> str:
    same = [name for name in names if name == wanted] or [
        name for name in names if _plain(name) == _plain(wanted)
    ]
    if len(same) == 1:
        return same[0]
    raise CollectionError(
        f"{where} has no column '{wanted}' for the {role}",
        found=f"the columns {', '.join(names)}",
        remedy=f"Give one of these with --{role}-column.",
    )


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", name.casefold()).strip("_")


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
