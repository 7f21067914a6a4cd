"""Brings columns of a second table to the rows of a first: labels and pictures kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.headers import name_rows
from core.collection.reading.roles import plain_name
from core.collection.reading.tables import load_table
from core.collection.wording import count_of, list_some

_REPEATED: Final = "not the first of its work"


@dataclass(frozen=True)
class Join:
    """A second table ``file``. ``on``: a column of both, or ``column=its column``."""

    file: Path
    on: str

    @property
    def columns(self) -> tuple[str, str]:
        """The column of the first table and that of the second."""
        left, _, right = self.on.partition("=")
        return left.strip(), (right or left).strip()


@dataclass(frozen=True)
class Test:
    """``column=value``, which a row of a second table must pass to count."""

    column: str
    value: str

    def passes(self, values: pd.Series) -> pd.Series:
        """Whether each of ``values`` is ``value``, in any case."""
        return values.astype("str").str.strip().str.casefold() == self.value.casefold()

    def __str__(self) -> str:
        return f"{self.column}={self.value}"


def pair_joins(files: Sequence[Path], on: Sequence[str]) -> tuple[Join, ...]:
    """One join a file; ``on`` is one for all of them, or one each.

    Raises ``CollectionError`` for other numbers.
    """
    keys = list(on) * len(files) if len(on) == 1 else list(on)
    if len(keys) != len(files) or bool(on) != bool(files):
        raise CollectionError(
            f"--join names {count_of(len(files), 'table')}, --on {count_of(len(on), 'column')}",
            expected="one column for all tables, or one for each",
            remedy="Write --on objectid, or --on objectid=tmsid where the names differ.",
        )
    return tuple(Join(file, key) for file, key in zip(files, keys, strict=True))


def parse_test(text: str, flag: str = "--join-where") -> Test:
    """``"termtype=Style"`` as a test; raises ``CollectionError`` for other texts of ``flag``."""
    column, equals, value = text.partition("=")
    if not equals or not column.strip():
        raise CollectionError(
            f"{flag} '{text}' is not a test",
            expected="column=value",
            remedy=f"Write, for instance, {flag} termtype=Style.",
        )
    return Test(column.strip(), value.strip())


def join_tables(
    table: pd.DataFrame,
    joins: Sequence[Join],
    where: Sequence[str],
    account: Account,
    *,
    name: str,
    label: str = "",
) -> tuple[pd.DataFrame, list[str]]:
    """``table`` (named ``name``) with the columns of ``joins``, and notes for the user.

    The first row of a work leads; a work without one has empty cells. Of the column ``label``, if a
    second table has it, a work gets the values of all its rows, a line each. A column whose name is
    taken is named after its file. Each test of ``where`` holds for the tables that have its
    column. Every row of the second tables goes to ``account``. Raises ``CollectionError`` for
    columns that are not there, and where no row of two tables belongs together.
    """
    notes: list[str] = []
    tests = [parse_test(text) for text in where]
    loaded = [_load(join.file, account) for join in joins]
    for test in tests:
        if not any(_named(other, test.column) for other, _ in loaded):
            files = list_some([join.file.name for join in joins]) or "no joined table"
            raise _no_column(files, test.column, "--join-where", [t for t, _ in loaded])
    for join, (other, said) in zip(joins, loaded, strict=True):
        held = [test for test in tests if _named(other, test.column)]
        table, told = _join(table, other, join, held, account, name, label)
        notes += [*said, *told]
    return table, notes


def _join(
    table: pd.DataFrame,
    other: pd.DataFrame,
    join: Join,
    tests: Sequence[Test],
    account: Account,
    name: str,
    label: str,
) -> tuple[pd.DataFrame, list[str]]:
    left = _find(table, join.columns[0], name)
    right = _find(other, join.columns[1], join.file.name)
    keys, marks = _read_keys(table[left]), _read_keys(other[right])
    fates = _judge(other, marks, set(keys.dropna()), tests)
    led = other[fates == "read"]
    if led.empty:
        raise _nothing_joined(join, name, keys, marks, tests)
    several = marks[fates == _REPEATED].nunique()
    is_here = bool(_named(table, label))  # then the first table's own is meant
    listed = [] if is_here or not label or not several else _named(other, label)[:1]
    for column in listed:
        fates = fates.replace(_REPEATED, "read")
        led = led.assign(**{column: _list_values(other[column], marks, fates == "read")})
    for fate, rows in fates.groupby(fates, sort=False).groups.items():
        names = _name_rows(join.file, name_rows(pd.Index(rows, name=other.index.name)))
        is_read = fate == "read"
        reason = "" if is_read else str(fate)
        account.add("joined row", "read" if is_read else "left out", reason, names)
    led = led.set_axis(marks[led.index]).drop(columns=right)
    led.columns = [f"{each} ({join.file.stem})" if each in table else each for each in led.columns]
    lacking = int((~keys.isin(led.index)).sum())
    told = []
    if several:
        which = f"every {listed[0]} is read" if listed else "the first leads"
        told.append(f"Several rows of one work in {join.file.name}, {which}: {several:,}.")
    if lacking:
        told.append(f"{count_of(lacking, 'row')} of {name} without one in {join.file.name}.")
    brought = led.reindex(keys).set_axis(table.index).fillna("")
    return pd.concat([table, brought], axis=1), told


def _list_values(values: pd.Series, marks: pd.Series, is_read: pd.Series) -> pd.Series:
    """Of each row all values of its work, a line each, none twice."""
    told = values[is_read].astype("str").str.strip()
    works = told[told != ""].groupby(marks).agg(lambda group: "\n".join(dict.fromkeys(group)))
    return marks.map(works).fillna("")


def _load(file: Path, account: Account) -> tuple[pd.DataFrame, list[str]]:
    """The table in ``file``; what of it was not read is in ``account``, as rows that are joined."""
    own = Account()
    table, notes = load_table(file, own)
    for entry in own.entries:
        kind = "joined row" if entry.kind == "row" else entry.kind
        account.add(kind, entry.fate, entry.reason, _name_rows(file, entry.names))
    return table, notes


def _name_rows(file: Path, names: Iterable[str]) -> list[str]:
    return [f"{file.name} {name}" for name in names]


def _judge(
    other: pd.DataFrame, marks: pd.Series, wanted: set[str], tests: Sequence[Test]
) -> pd.Series:
    """What becomes of each row of ``other``, whose keys are ``marks``: read, or why it is not."""
    fates = pd.Series("read", index=other.index, dtype="object")
    for test in tests:
        passed = test.passes(other[_named(other, test.column)[0]])
        fates[(fates == "read") & ~passed] = f"not {test}"
    fates[(fates == "read") & ~marks.isin(wanted)] = "of no work here"
    left = marks[fates == "read"]
    fates[left.index[left.duplicated()]] = _REPEATED
    return fates


def _read_keys(values: pd.Series) -> pd.Series:
    """Keys as text without the blanks around them; an empty one joins nothing."""
    text = values.astype("str").str.strip()
    return text.mask(text == "")


def _named(table: pd.DataFrame, wanted: str) -> list[str]:
    """Columns called ``wanted``, else those whose names differ in form only."""
    names = [str(name) for name in table.columns]
    return [name for name in names if name == wanted] or [
        name for name in names if plain_name(name) == plain_name(wanted)
    ]


def _find(table: pd.DataFrame, wanted: str, name: str) -> str:
    same = _named(table, wanted)
    if len(same) != 1:
        raise _no_column(name, wanted, "--on", [table])
    return same[0]


def _no_column(
    name: str, wanted: str, flag: str, tables: Sequence[pd.DataFrame]
) -> CollectionError:
    columns = [str(column) for table in tables for column in table.columns]
    remedy = "Where the two tables' names differ, write --on objectid=tmsid."
    return CollectionError(
        f"{name} has no column '{wanted}' for {flag}",
        found=f"the columns {', '.join(columns)}",
        expected="one of these",
        remedy=remedy if flag == "--on" else "Write --join-where column=value.",
    )


def _nothing_joined(
    join: Join, name: str, keys: pd.Series, marks: pd.Series, tests: Sequence[Test]
) -> CollectionError:
    shown = [list_some(each.dropna().unique().tolist(), 3) or "nothing" for each in (keys, marks)]
    counting = "".join(f" where {test}" for test in tests)
    return CollectionError(
        f"No row of {join.file.name}{counting} belongs to a row of {name}",
        found=f"{shown[0]} in '{join.columns[0]}', {shown[1]} in '{join.columns[1]}'",
        expected="the same values in both columns",
        remedy="Name the columns that hold them with --on, and what counts with --join-where.",
    )
