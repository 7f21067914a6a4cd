"""A museum's table before its rows are read: which column plays which role, what is left open."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.mapping import Mapping, SavedJoin, load_mapping, recognise
from core.collection.reading.fetched import LEDGER, first_address
from core.collection.reading.joins import Join, join_tables
from core.collection.reading.roles import Columns, Known, Question, find_columns, flag_of
from core.collection.reading.tables import load_table
from core.label_word import STYLE, LabelWord


@dataclass(frozen=True)
class MuseumTable:
    """The ``rows`` of ``file`` with what was joined to them, and the ``columns`` that play roles.

    ``mapping``: what named them besides flags, if anything did. ``is_recognised``: it is a preset.
    ``own_columns``: those that no join brought. ``sheet`` and ``encoding``: as they were asked for.
    ``word``: what the labels that are checked are called; ``separator`` parts several of a work.
    ``account`` holds the columns and the
    rows of joined tables; the rows are added on reading.
    """

    file: Path
    rows: pd.DataFrame
    columns: Columns
    mapping: Mapping | None = None
    is_recognised: bool = False
    joins: tuple[Join, ...] = ()
    join_where: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    account: Account = field(default_factory=Account)
    own_columns: frozenset[str] = frozenset()
    sheet: str | None = None
    encoding: str | None = None
    word: LabelWord = STYLE
    separator: str | None = None

    @property
    def address_column(self) -> str | None:
        """The column of web addresses, where the pictures are no files but addresses."""
        chosen = self.columns.chosen
        if "file" not in chosen:
            return chosen.get("address")
        texts = self.rows[chosen["file"]].astype("str").str.strip()
        given = texts[texts != ""]
        is_address = given.map(first_address) != ""
        return chosen["file"] if len(given) and is_address.mean() > 0.5 else None

    def find_hindrance(self, root: Path) -> CollectionError | None:
        """Why the pictures are not on this machine, as far as the columns tell; None if they may.

        ``root``: where they would be, fetched ones too.
        """
        if (column := self.address_column) is not None:
            if (root / LEDGER).is_file():
                return None
            folder = shlex.quote(f"{self.file.stem}-pictures")
            return CollectionError(
                f"The pictures of {self.file.name} are web addresses",
                found=f"{self.count_filled(column):,} of them in '{column}'",
                expected="files on this machine",
                remedy=f"Fetch them: python -m core.fetch {shlex.quote(str(self.file))} --to "
                f"{folder}, with the flags of this table; then train with --images {folder}, which "
                "also fetches what is missing there.",
            )
        if "file" in self.columns.chosen:
            return None
        advised = self.mapping.advice.get("file") if self.mapping is not None else None
        return CollectionError(
            f"{self.file.name} names no pictures",
            found=f"the columns {', '.join(map(str, self.rows.columns))}",
            expected="a column with the files' names, such as file",
            remedy="Add one, name the column that holds them with --file-column, or bring it from "
            f"a second table with {advised or '--join FILE --on COLUMN'}.",
        )

    def require_pictures(self, root: Path) -> None:
        """Raises ``CollectionError`` for open questions, and where none can lie below ``root``."""
        self.columns.require_answers(self.file.name)
        if (hindrance := self.find_hindrance(root)) is not None:
            raise hindrance

    def count_filled(self, column: str) -> int:
        """Rows with anything in ``column``."""
        return int((self.rows[column].astype("str").str.strip() != "").sum())

    def as_mapping(self) -> Mapping:
        """What was found and joined, to be used again for the same table."""
        joins = (SavedJoin(table=str(join.file), on=join.on) for join in self.joins)
        return Mapping(
            name=self.file.name,
            columns=self.columns.chosen,
            join=tuple(joins),
            join_where=self.join_where,
            separator=self.separator,
            label=None if self.word == STYLE else self.word,
        )


def load_museum_table(
    file: Path,
    *,
    columns: dict[str, str] | None = None,
    mapping: Path | None = None,
    joins: Sequence[Join] = (),
    join_where: Sequence[str] = (),
    sheet: str | None = None,
    encoding: str | None = None,
    word: LabelWord | None = None,
    separator: str | None = None,
) -> MuseumTable:
    """Loads ``file`` and what is joined to it, and finds the columns of the roles.

    Flags (``columns``, ``joins``) precede ``mapping``, and that the preset of a museum whose table
    it is. ``sheet`` and ``encoding`` are as ``load_table`` takes them, ``word`` is what the labels
    are called where a flag says; what a mapping calls them holds for the column that it names.
    Raises ``CollectionError`` for tables that cannot be read and columns that are not there;
    questions stay open in the result.
    """
    account = Account()
    table, notes = load_table(file, account, sheet=sheet, encoding=encoding)
    saved = load_mapping(mapping) if mapping is not None else recognise(list(table.columns))
    if saved is not None and not joins:
        joins = tuple(Join(Path(each.table), each.on) for each in saved.join)
        join_where = join_where or saved.join_where
    own_columns = frozenset(map(str, table.columns))
    label = (columns or {}).get("style") or (saved.columns.get("style", "") if saved else "")
    own, before = table, list(account.entries)
    table, told = join_tables(own, joins, join_where, account, name=file.name, label=label)
    names = [str(name) for name in table.columns]
    if mapping is not None and saved is not None:
        _require_columns(saved, names, columns or {}, mapping, file)
    known = saved.known() if saved is not None else Known()
    found = find_columns(names, columns or {}, where=file.name, known=known)
    is_named = "style" in (columns or {})
    if mapping is None and not is_named:
        found = _ask_about_empty(found, table)
    guessed = "" if label else found.chosen.get("style", "")
    if guessed and guessed not in own_columns:  # joined anew: every label of a work, as if named
        account = Account(before)
        table, told = join_tables(own, joins, join_where, account, name=file.name, label=guessed)
    if "address" in (columns or {}) and "file" not in (columns or {}):
        found = replace(found, chosen={r: c for r, c in found.chosen.items() if r != "file"})
    played = [name for name in names if name in found.chosen.values()]
    account.add("column", "read", "", played)
    account.add("column", "left out", "plays no role", [n for n in names if n not in played])
    return MuseumTable(
        file=file,
        rows=table,
        columns=found,
        mapping=saved,
        is_recognised=mapping is None and saved is not None,
        joins=tuple(joins),
        join_where=tuple(join_where),
        notes=(*notes, *told),
        account=account,
        own_columns=own_columns,
        sheet=sheet,
        encoding=encoding,
        separator=separator or (saved.separator if saved is not None else None),
        word=word or (saved.label if saved is not None and not is_named else None) or STYLE,
    )


def _ask_about_empty(found: Columns, rows: pd.DataFrame) -> Columns:
    """Where the label's column was guessed and is mostly empty, it is asked about."""
    column = found.chosen.get("style")
    if column is None or rows.empty:
        return found
    filled = int((rows[column].astype("str").str.strip() != "").sum())
    if filled * 2 >= len(rows):
        return found
    others = (column, *found.others["style"])
    question = Question(
        "style",
        f"has the label in '{column}', which is filled in {filled:,} of {len(rows):,} rows",
        others,
        tuple(flag_of("style", name) for name in others),
    )
    return Columns(
        {role: name for role, name in found.chosen.items() if role != "style"},
        {**found.others, "style": others},
        (*found.questions, question),
    )


def _require_columns(
    saved: Mapping, names: list[str], flags: dict[str, str], mapping: Path, file: Path
) -> None:
    here = {name.casefold() for name in names}
    lacking = [
        f"'{column}' ({role})"
        for role, column in saved.columns.items()
        if role not in flags and column.casefold() not in here
    ]
    if lacking:
        raise CollectionError(
            f"{mapping.name} names columns that {file.name} does not have",
            found=f"no {', '.join(lacking)}, but {', '.join(names)}",
            remedy="Correct the mapping, or name the columns with flags such as --label-column.",
        )
