"""Where a table's header is, and the names of its columns.

Reports begin with titles, and end with counts; a header is what names columns that are known, or
else the first line that fills most of the table's width.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.roles import base_name, is_known_name
from core.picture_formats import SUFFIXES
from core.text import show_line

SEARCHED: Final = 40  # lines in which a header is sought
_UNSEEN: Final = re.compile("[\u200b\u2060\ufeff\u00ad]")
_PICTURE: Final = re.compile(r"\.\w{2,5}$")
_FOOTER: Final = 4  # lines below a table, at most
_WORDS: Final = re.compile(r"[^\W\d_].*\s|\s.*[^\W\d_]|[©®]")
_TOTAL: Final = re.compile(
    r"(?:grand |sub)?(?:total|sum|count|records?|objects?|rows?|anzahl|summe|nombre|totale?s?|"
    r"printed|exported|gedruckt|exportiert|stand)\b|\d[\d.,]* \w+",
    re.IGNORECASE,
)


def find_header(lines: Sequence[Sequence[str]]) -> int:
    """Place of the header among the first ``lines``, each as its cells."""
    known = [count_known(cells) for cells in lines[:SEARCHED]]
    for place, number in enumerate(known):
        if number >= 2:
            return place
    widths = Counter(_filled(cells) for cells in lines[:SEARCHED] if _filled(cells))
    width = widths.most_common(1)[0][0] if widths else 1
    for place, cells in enumerate(lines[:SEARCHED]):
        if known[place] or _filled(cells) * 2 > width:
            return place
    return 0


def count_known(cells: Iterable[str]) -> int:
    """How many of ``cells`` are names by which columns are found."""
    return sum(is_known_name(cell) for cell in cells)


def refuse_headless(cells: Sequence[str], where: str) -> None:
    """Raises ``CollectionError`` where the line taken for the header names a picture's file."""
    named = [cell for cell in cells if cell.strip().casefold().endswith(SUFFIXES)]
    if named:
        raise CollectionError(
            f"{where} has no header",
            found=f"'{show_line(named[0])}' in the first line",
            expected="a line above the rows that names the columns",
            remedy="Add one, such as file,style.",
        )


def name_columns(header: Sequence[str], width: int) -> list[str]:
    """Names of ``width`` columns: what is unnamed by its place, what is doubled by its number.

    >>> name_columns(["file", "style", "", "style"], 5)
    ['file', 'style (1st)', 'column 3', 'style (2nd)', 'column 5']
    """
    cells = [*header, *[""] * (width - len(header))][:width]
    plain = [_one_line(cell) or f"column {n}" for n, cell in enumerate(cells, 1)]
    often, seen = Counter(plain), Counter[str]()
    names: list[str] = []
    for name in plain:
        seen[name] += 1
        numbered = f"{name} ({ordinal(seen[name])})" if often[name] > 1 else name
        while numbered in names:
            numbered += "'"
        names.append(numbered)
    return names


def ordinal(number: int) -> str:
    """``2`` -> ``"2nd"``."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def drop_what_is_no_row(table: pd.DataFrame, account: Account) -> pd.DataFrame:
    """``table`` without empty rows, counts below the table and empty columns without a name.

    The index of ``table`` numbers the lines of the file; its name is the word for them.
    """
    filled = (table != "").sum(axis=1)
    account.add("row", "left out", "empty", name_rows(table.index[filled == 0]))
    below = _find_footer(table, filled)
    account.add("row", "left out", "below the table", name_rows(table.index[below]))
    table = table[(filled > 0) & ~below]
    unnamed = [name for name in table.columns if re.fullmatch(r"column \d+", name)]
    empty = [name for name in unnamed if not (table[name] != "").any()]
    account.add("column", "left out", "no name and no value", empty)
    return _drop_copies(table.drop(columns=empty), account)


def name_rows(index: pd.Index) -> list[str]:
    """Names of rows for an account: ``"line 12"`` of a text, ``"row 12"`` of a sheet."""
    return [f"{index.name} {number}" for number in index]


def _find_footer(table: pd.DataFrame, filled: pd.Series) -> pd.Series:
    """Whether each row is a count or remark below the table: a cell or two, of no row's form."""
    below = pd.Series(False, index=table.index)
    if table.shape[1] < 3:
        return below
    most = filled[filled > 0].median()
    found = pd.Index([], dtype=table.index.dtype)
    for row in reversed(table.index[filled > 0]):
        cells = [cell for cell in table.loc[row] if cell]
        if len(found) > _FOOTER or not _is_remark(cells, most):
            break
        found = found.append(pd.Index([row]))
    if len(found) <= _FOOTER:  # more are rows, of which little is known
        below[found] = True
    return below


def _is_remark(cells: list[str], most: float) -> bool:
    """Whether the filled cells of a row are a remark, where rows have ``most`` of them."""
    if any(_PICTURE.search(cell) for cell in cells):
        return False
    is_lone = len(cells) == 1 and bool(_WORDS.search(cells[0]))
    return is_lone or (len(cells) < min(most, 3) and bool(_TOTAL.match(cells[0])))


def _drop_copies(table: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Doubled columns that say the same are one, under the name that the header gives."""
    first: dict[str, str] = {}
    for name in table.columns:
        base = base_name(name)
        if base == name:
            continue
        lead = first.setdefault(base, name)
        if lead != name and table[lead].equals(table[name]):
            account.add("column", "left out", f"a copy of another '{base}'", [name])
            table = table.drop(columns=name)
    alone = [base for base in first if sum(base_name(name) == base for name in table.columns) == 1]
    return table.rename(columns={first[base]: base for base in alone if base not in table.columns})


def _filled(cells: Iterable[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _one_line(cell: str) -> str:
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", cell)).split())
