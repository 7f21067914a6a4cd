"""One work in several rows: doubled by a join, or listed with each maker and each view."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath
from typing import Final

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.headers import name_rows
from core.collection.wording import count_of, list_some
from core.label_word import STYLE, LabelWord

_REASONS: Final = {  # texts for ``LabelWord.fill``
    "image": "another view of a work that is read",
    "artist": "another maker of a work that is read",
    "given_style": "another {style} of a work that is read",
    "given_genre": "another genre of a work that is read",
    "title": "another title of a work that is read",
    "year": "another year of a work that is read",
}
_VIEW: Final = re.compile(r"(.+?)[\W_]+[^\W\d_]+")
_SAME: Final = "the same as an earlier row"


def merge_repeats(
    rows: pd.DataFrame,
    account: Account,
    *,
    where: str,
    ways_out: list[str],
    key_is_title: bool = False,
    word: LabelWord = STYLE,
) -> tuple[pd.DataFrame, list[str]]:
    """``rows`` with one row a key, the first, and notes; the others are in ``account``.

    Rows of one key are one work where they differ in little: in the maker, the view (``image``), a
    label. What the first row lacks is taken from the others. Raises ``CollectionError`` where rows
    of one key are different works; ``ways_out`` are columns that could be the key instead. A title
    that is the key says nothing of the work: pictures that differ are different works then.
    """
    doubled = rows["key"].notna() & rows["key"].duplicated(keep=False)
    if not doubled.any():
        return rows, []
    columns = [column for column in _REASONS if column in rows]
    left: defaultdict[str, list[int]] = defaultdict(list)
    mixed: list[str] = []
    filled = rows.copy()
    for key, group in rows[doubled].groupby("key", sort=False):
        cells = {column: group[column].dropna().unique() for column in columns}
        differing = [column for column, values in cells.items() if len(values) > 1]
        if _are_works(differing) or (key_is_title and "image" in differing):
            mixed.append(f"{key} ({', '.join(name_rows(group.index[:3]))})")
            continue
        for column, values in cells.items():
            if len(values):
                filled.loc[group.index[0], column] = values[0]
        for row in group.index[1:]:
            left[word.fill(_reason(group, row, differing))].append(row)
    if mixed:
        raise _mixed(mixed, where, ways_out)
    for reason, index in left.items():
        account.add("row", "left out", reason, name_rows(pd.Index(index, name=rows.index.name)))
    dropped = [row for index in left.values() for row in index]
    return filled.drop(index=dropped), _ask(left, str(rows.index.name), word)


def ask_about_views(rows: pd.DataFrame) -> list[str]:
    """A question on rows that may be views of one work, in a list; none where none may.

    They agree in title, artist and year, and the name of one's file is the other's and a word:
    "0007.jpg" and "0007_verso.jpg". Numbers behind a name count works of one title.
    """
    columns = [column for column in ("title", "artist", "year") if column in rows]
    if "title" not in columns:
        return []
    alike = rows[rows["title"].notna() & rows.duplicated(columns, keep=False)]
    pairs = []
    for _, group in alike.groupby(columns, sort=False, dropna=False):
        stems = {PurePosixPath(path).stem: row for row, path in group["image"].items()}
        for stem, row in stems.items():
            view = _VIEW.fullmatch(stem)
            if view and view[1] in stems:
                pairs.append(f"{rows.index.name} {stems[view[1]]} and {row}")
    if not pairs:
        return []
    return [
        f"Are these views of one work? They were kept apart: {list_some(pairs, 3)}. If so, give "
        "both rows the same key in a column, and name it with --key-column."
    ]


def _are_works(differing: list[str]) -> bool:
    """Whether rows that differ so are several works, rather than one."""
    return len(differing) > 2 or (
        "title" in differing and {"year", "artist"} & {*differing} != set()
    )


def _reason(group: pd.DataFrame, row: int, differing: list[str]) -> str:
    first, this = group.iloc[0], group.loc[row]
    for column in differing:
        if pd.notna(this[column]) and this[column] != first[column]:
            return _REASONS[column]
    return _SAME


def _ask(left: dict[str, list[int]], line: str, word: LabelWord) -> list[str]:
    asked = ("given_style", "given_genre", "title", "year")
    return [
        f"{count_of(len(left[reason]), 'row')} gave {reason}, and the first was taken: "
        f"{list_some([f'{line} {row}' for row in left[reason]], 3)}."
        for reason in (word.fill(_REASONS[column]) for column in asked)
        if reason in left
    ]


def _mixed(mixed: list[str], where: str, ways_out: list[str]) -> CollectionError:
    remedy = "Give each work a key of its own in the table, and name that column with --key-column."
    if ways_out:
        flags = " or ".join(f"--key-column '{column}'" for column in ways_out[:2])
        remedy = f"Use a column that differs from work to work: {flags}."
    return CollectionError(
        f"{where} has {count_of(len(mixed), 'key')} that several works share",
        found=list_some(mixed, 3),
        expected="a key for each work; rows of one key may differ in maker, view or label",
        remedy=remedy,
    )
