"""Cells of a museum's table as the columns of paintings: labels, years, splits."""

from __future__ import annotations

import html
import re
from typing import Final

import ftfy
import pandas as pd

from core.collection.account import Account
from core.collection.reading.headers import name_rows
from core.collection.reading.joint_makers import part_makers
from core.collection.reading.labels import UNKNOWN, part_labels, read_labels
from core.collection.reading.spans import read_years
from core.collection.wording import count_of, name_some
from core.label_word import STYLE, LabelWord
from core.tasks import FURTHER, Task, given_column

_SPLITS: Final = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "val",
    "testing": "val",
}
_TEXTS: Final = frozenset(("title", "artist", "style", "genre"))
# What happens to texts between programs: how it is seen, what mends it, what is said.
_HARMS: Final = (
    (
        re.compile(r"&(?:#\d+|#x[\da-fA-F]+|[A-Za-z]\w+);"),
        html.unescape,
        "characters written as HTML (&amp;) were read as what they stand for",
    ),
    (
        re.compile("[Â-ô][\x80-¿Œ-žƒˆ˜–-™]"),  # UTF-8 read as Windows-1252
        ftfy.fix_encoding,
        "accents that had been encoded twice were set right",
    ),
)
_SHORTENED: Final = re.compile(r"\d(?:[.,]\d+)?E\+?\d{2,}", re.IGNORECASE)


def read_rows(
    table: pd.DataFrame,
    columns: dict[str, str],
    account: Account,
    word: LabelWord = STYLE,
    separator: str | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """Rows in the form of ``core.collection.table``, indexed as ``table``, and notes.

    ``columns`` maps roles to columns of ``table``, whose index names the lines of the file;
    ``word``: what the styles are called; ``separator``: what else parts several of them. Of a work
    with several styles the first is ``given_style``, the others are in ``FURTHER``. Notes are on
    values that were not read, and on questions that only the curator can answer.
    """
    told = {
        role: _clean(cells, role) for role, cells in _mend_texts(table, columns, account).items()
    }
    rows = pd.DataFrame({"image": told["file"]})
    said: list[str] = []
    tasks: tuple[Task, ...] = ("style", "genre")
    for task in tasks:
        if task in told:
            cut = separator if task == "style" else None
            parts = part_labels(told[task], cut)
            rows[given_column(task)], notes = read_labels(parts, told[task], task, account, word)
            said += notes
            if task == "style" and (parts.str.len() > 1).any():
                rows[FURTHER] = parts.str[1:]
    for role in ("key", "title"):
        if role in told:
            rows[role] = told[role]
    if "key" in told:
        said += _note_shortened(told["key"])
    if "artist" in told:
        others = table.drop(columns=columns["artist"])
        rows["artist"], notes = part_makers(told["artist"], others)
        rows["given_artist"] = rows["artist"]
        said += notes
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


def _mend_texts(
    table: pd.DataFrame, columns: dict[str, str], account: Account
) -> dict[str, pd.Series]:
    """The cells of each role, texts with the characters that their writer meant."""
    cells = {role: table[column].astype("str") for role, column in columns.items()}
    for seen, mend, reason in _HARMS:
        changed = pd.Series(False, index=table.index)
        for role in _TEXTS & cells.keys():
            harmed, mended = cells[role].str.contains(seen), cells[role].copy()
            mended[harmed] = cells[role][harmed].map(mend)
            changed |= mended != cells[role]
            cells[role] = mended
        account.add("row", "changed", reason, name_rows(table.index[changed]))
    return cells


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
    missing = ("",) if role in ("key", "file") else UNKNOWN
    return text.mask(text.str.casefold().isin(missing))


def _note_shortened(keys: pd.Series) -> list[str]:
    shortened = keys[keys.str.fullmatch(_SHORTENED, na=False)]
    if shortened.empty:
        return []
    return [
        f"A spreadsheet shortened {count_of(len(shortened), 'key')} ({shortened.iloc[0]}): the "
        "last digits are lost. Export the table anew with this column as text."
    ]
