"""Headers are found, columns are named so that each can be said, and what is no row is left out."""

import pandas as pd
import pytest

from core.collection.account import Account
from core.collection.reading.headers import (
    drop_what_is_no_row,
    find_header,
    name_columns,
    ordinal,
)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ([["file", "style"], ["a.jpg", "Op"]], 0),
        ([["Report", ""], ["file", "style"]], 1),
        ([["Report", "of", "May"], ["File Name", "Title", "Movement"]], 1),
        ([["file", "style", "", "", ""], ["a", "b", "c", "d", "e"]], 0),
        ([["Bericht", "", ""], ["Datei", "Titel", "Stil"], ["a", "b", "c"]], 1),
        ([["Datei", "Titel", "Stil"], ["a", "b", ""]], 0),
    ],
)
def test_the_header_is_found(lines: list[list[str]], place: int) -> None:
    assert find_header(lines) == place


def test_every_column_has_a_name_of_its_own() -> None:
    header = ["style", " style\u200b", "", "column 3", "STYLE", "style (1st)", "Object\nDate"]
    named = name_columns(header, 8)
    assert named[:2] == ["style (1st)", "style (2nd)"]
    assert named[6:] == ["Object Date", "column 8"]
    assert len(set(named)) == len(named)


def test_ordinals() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th")
    ]


def frame(rows: list[list[str]], header: list[str]) -> pd.DataFrame:
    index = pd.RangeIndex(2, len(rows) + 2, name="line")
    return pd.DataFrame(rows, columns=name_columns(header, len(header)), index=index, dtype="str")


ROWS = [[f"img/{n}.jpg", "Vase", "Op"] for n in range(6)]


@pytest.mark.parametrize(
    "below",
    [
        [["48 objects", "", ""]],
        [["Total", "48", ""]],
        [["", "", ""], ["Printed on 5 January", "", ""], ["© The Museum", "", ""]],
    ],
)
def test_counts_below_the_table_are_no_rows(below: list[list[str]]) -> None:
    account = Account()
    table = drop_what_is_no_row(frame([*ROWS, *below], ["file", "title", "style"]), account)
    assert table.to_numpy().tolist() == ROWS
    assert account.count("row", "left out") == len(below)


@pytest.mark.parametrize(
    "last", [["img/9.jpg", "", ""], ["Untitled work", "Vase", ""], ["1048", "", ""]]
)
def test_a_poor_last_row_is_a_row(last: list[str]) -> None:
    table = drop_what_is_no_row(frame([*ROWS, last], ["file", "title", "style"]), Account())
    assert len(table) == 7


def test_many_poor_rows_are_rows() -> None:
    poor = [[f"A work of {n}", "", ""] for n in range(6)]
    assert len(drop_what_is_no_row(frame([*ROWS, *poor], ["a", "b", "c"]), Account())) == 12


def test_copies_of_a_column_are_one() -> None:
    account = Account()
    table = frame([["a", "Op", "Op", "x", "y"]], ["file", "style", "style", "note", "note"])
    left = drop_what_is_no_row(table, account)
    assert list(left.columns) == ["file", "style", "note (1st)", "note (2nd)"]
    assert account.describe() == ["1 column left out, a copy of another 'style': style (2nd)"]
