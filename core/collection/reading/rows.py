"""Cells of a museum's table as the columns of paintings: labels, years, splits."""

from __future__ import annotations

import ast
import re
from typing import Final

import pandas as pd

from core.collection.account import Account
from core.collection.reading.headers import name_rows
from core.collection.reading.spans import read_years
from core.collection.wording import count_of, list_some, name_some

_SPLITS: Final = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "val",
    "testing": "val",
}
_UNKNOWN: Final = frozenset(
    {
        *("", "-", "--", "?", "n/a", "na", "nan", "none", "null", "unknown", "unassigned"),
        *("unidentified", "not recorded", "unbekannt", "inconnu", "sconosciuto", "desconocido"),
        *("#n/a", "#ref!", "#value!", "#name?", "#null!"),  # a spreadsheet's errors
    }
)
_SEVERAL: Final = re.compile(r"\s*[;|]\s*")


def read_rows(
    table: pd.DataFrame, columns: dict[str, str], account: Account
) -> tuple[pd.DataFrame, list[str]]:
    """Rows in the form of ``core.collection.table``, indexed as ``table``, and notes.

    ``columns`` maps roles to columns of ``table``, whose index names the lines of the file. Notes
    are on values that were not read, and on questions that only the curator can answer.
    """
    told = {role: _clean(table[column], role) for role, column in columns.items()}
    rows = pd.DataFrame({"image": told["file"]})
    said: list[str] = []
    for role in ("style", "genre"):
        if role in told:
            rows[f"given_{role}"], notes = _read_labels(told[role], role, account)
            said += notes
    for role in ("key", "title"):
        if role in told:
            rows[role] = told[role]
    if "artist" in told:
        rows["artist"] = rows["given_artist"] = told["artist"]
    dates = [told.get(role) for role in ("year", "year_from", "year_to")]
    if any(values is not None for values in dates):
        rows["year"], notes = read_years(*dates)
        said += notes
    if "split" in told:
        rows["split"] = told["split"].str.casefold().map(_SPLITS.get)
        unread = told["split"].notna() & rows["split"].isna()
        if unread.any():
            names = told["split"][unread].unique().tolist()
            said.append(f"Rows that are in neither train nor val: {name_some(names)}.")
    return rows, said


def refuse_without_key(rows: pd.DataFrame, account: Account) -> tuple[pd.DataFrame, list[str]]:
    """``rows`` that have a key. All are returned where most have none: the column is another."""
    lacks = rows["key"].isna()
    if not lacks.any() or lacks.mean() > 0.5:
        return rows, []
    names = name_rows(rows.index[lacks])
    account.add("row", "refused", "no key", names)
    note = (
        f"Refused, no key: {name_some(names)}. Give each a key, or name another column with "
        "--key-column."
    )
    return rows[~lacks], [note]


def _clean(values: pd.Series, role: str) -> pd.Series:
    """Text without surrounding blanks; museums' words for 'unknown' become null. Keys and files are
    names: only an empty one is null.
    """
    text = values.astype("str").str.strip()
    missing = ("",) if role in ("key", "file") else _UNKNOWN
    return text.mask(text.str.casefold().isin(missing))


def _read_labels(labels: pd.Series, role: str, account: Account) -> tuple[pd.Series, list[str]]:
    """The first label of each cell, and what to say of cells that hold several, or numbers."""
    counts = labels.value_counts()
    leads = _find_leads([str(label) for label in counts.index])
    several = [label for label in counts.index if leads[label] != label]
    told = [f'"{_one_line(label)}" as "{leads[label]}"' for label in several]
    account.add("label", "changed", f"several {role}s, the first leads", told)
    read = labels.map(leads, na_action="ignore").astype("str")
    read = read.mask(read.str.casefold().isin(_UNKNOWN))
    said = []
    if several:
        rows = int(counts[several].sum())
        said.append(
            f"The first of several {role}s was taken in {count_of(rows, 'row')}: "
            f"{list_some(told, 3)}."
        )
    known = [str(label) for label in read.dropna().unique()]
    if known and all(label.isdecimal() for label in known):
        said.append(
            f"The {role}s are numbers ({list_some(sorted(known, key=int))}): if the table names "
            f"them in another column, give it with --{role}-column."
        )
    return read, said


def _find_leads(labels: list[str]) -> dict[str, str]:
    """The first label of each cell.

    Lines of one cell and the values of a list are several labels. A ";" or "|" parts labels where
    the first part is a label of other cells as well; else it belongs to a name.
    """
    parted = {label: _part(label) for label in labels}
    cells_of: dict[str, set[str]] = {}
    for label, parts in parted.items():
        for part in parts:
            cells_of.setdefault(part.casefold(), set()).add(label)
    leads: dict[str, str] = {}
    for label, parts in parted.items():
        is_list = "\n" in label or label[:1] == "["
        shared = any(len(cells_of[part.casefold()]) > 1 for part in parts)
        leads[label] = parts[0] if parts and (is_list or shared) else label
    return leads


def _part(label: str) -> list[str]:
    if label[:1] == "[" and label[-1:] == "]":
        try:
            values = ast.literal_eval(label)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            values = None
        if isinstance(values, list) and values and all(isinstance(each, str) for each in values):
            return [each.strip() for each in values if each.strip()] or [label]
    lines = [line.strip() for line in label.splitlines() if line.strip()]
    return [part for line in lines for part in _SEVERAL.split(line) if part] or [label]


def _one_line(text: str) -> str:
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())
