"""The pictures of a museum's table: which rows want one, and what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from core.atomic_files import replace_file
from core.collection.account import Account, Fate
from core.collection.reading.fetched import Fetched, first_address, read_ledger
from core.collection.reading.headers import name_rows
from core.collection.reading.joins import Test, parse_test
from core.collection.reading.roles import plain_name
from core.collection.sources.museum_table import MuseumTable
from core.export.spreadsheets import encode_csv
from core.fetch.errors import FetchError
from core.fetch.many import Request, fetch_all

LISTING: Final = "pictures.csv"
_NO_ADDRESS: Final = "no address"


@dataclass(frozen=True)
class TablePictures:
    """The pictures that ``museum`` names, a row each. ``addresses``: "" where there is none.

    ``reasons``: why a row's picture is not wanted; "" where it is.
    """

    museum: MuseumTable
    addresses: pd.Series
    reasons: pd.Series

    @property
    def wanted(self) -> list[str]:
        """Addresses to be fetched, each once, in the table's order."""
        return list(dict.fromkeys(self.addresses[self.reasons == ""]))

    @property
    def unwanted(self) -> dict[str, str]:
        """Addresses that no wanted row has, with the reason why they are left out."""
        wanted = {"", *self.wanted}
        pairs = zip(self.addresses, self.reasons, strict=True)
        return {address: reason for address, reason in pairs if address not in wanted}


@dataclass(frozen=True)
class Outcome:
    """What became of every row's picture: ``records`` by address, ``account`` of rows."""

    records: dict[str, Fetched]
    account: Account


def read_pictures(museum: MuseumTable, only: Sequence[str] = ()) -> TablePictures:
    """The pictures of the rows that pass every test of ``only``: "rights=CC0", a role or a column.

    Raises ``CollectionError`` for what is no test, ``FetchError`` for a table without addresses and
    a test of a column that is not there.
    """
    column = museum.address_column
    if column is None:
        raise FetchError(
            f"{museum.file.name} names no addresses",
            found=f"the columns {', '.join(map(str, museum.rows.columns))}",
            expected="a column of web addresses",
            remedy="Name it with --image-column.",
        )
    addresses = museum.rows[column].astype("str").map(first_address)
    reasons = pd.Series("", index=addresses.index).mask(addresses == "", _NO_ADDRESS)
    for test in (parse_test(text, "--only") for text in only):
        fails = ~test.passes(museum.rows[_find_column(museum, test)]) & (reasons == "")
        reasons = reasons.mask(fails, f"{test.column} is not {test.value}")
    return TablePictures(museum, addresses, reasons)


def fetch_pictures(
    pictures: TablePictures,
    request: Request,
    *,
    addresses: Sequence[str] | None = None,
    shown: bool = True,
) -> Outcome:
    """Fetches what is wanted and writes ``LISTING`` beside the ledger: a row's key and its file.

    ``addresses``: of those, the ones to ask for; by default all that are not there. Raises what
    ``fetch_all`` does.
    """
    asked = pictures.wanted if addresses is None else addresses
    fetch_all(request, asked, left_out=pictures.unwanted, shown=shown)
    records = read_ledger(request.folder)
    account = Account()
    files, rows = [], name_rows(pictures.addresses.index)
    fates: dict[tuple[Fate, str], list[str]] = defaultdict(list)
    for row, address, reason in zip(rows, pictures.addresses, pictures.reasons, strict=True):
        file, fate, reason = _tell_fate(records.get(address), reason)
        fates[fate, reason].append(row)
        files.append((file, reason))
    for (fate, reason), names in fates.items():
        account.add("row", fate, reason, names)
    _save_listing(pictures, files, request.folder / LISTING)
    return Outcome(records, account)


def _tell_fate(record: Fetched | None, reason: str) -> tuple[str, Fate, str]:
    """A row's file, its fate and the reason of that."""
    if reason:
        return "", "refused" if reason == _NO_ADDRESS else "left out", reason
    if record is None or not record.file:
        return "", "refused", record.reason if record is not None else _NO_ADDRESS
    return record.file, "read", ""


def _save_listing(pictures: TablePictures, files: list[tuple[str, str]], path: Path) -> None:
    museum, rows = pictures.museum, pictures.addresses.index
    key = museum.columns.chosen.get("key")
    listing = pd.DataFrame(files, index=rows, columns=["file", "reason"])
    listing.insert(0, "key", name_rows(rows) if key is None else museum.rows[key])
    listing.insert(1, "address", pictures.addresses)
    with replace_file(path) as beside:
        beside.write_bytes(encode_csv(listing))


def _find_column(museum: MuseumTable, test: Test) -> str:
    if test.column in museum.columns.chosen:
        return museum.columns.chosen[test.column]
    names = [str(name) for name in museum.rows.columns]
    for name in names:
        if plain_name(name) == plain_name(test.column):
            return name
    raise FetchError(
        f"--only '{test}' tests a column that is not there",
        found=f"the columns {', '.join(names)}",
        remedy="Test one of these, or a role such as rights.",
    )
