"""Museums' tables, whatever program wrote them: text, spreadsheet or parquet; cells as text."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.decoding import decode_table, sniff_wide
from core.collection.reading.delimited import read_delimited
from core.collection.reading.headers import drop_what_is_no_row
from core.collection.reading.parquet_tables import read_parquet
from core.collection.reading.pointers import refuse_pointer

TableKind = Literal["text", "sheet", "parquet"]
TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".tab")
SHEET_SUFFIXES: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
PARQUET_SUFFIXES: Final = (".parquet", ".pq")
TABLE_SUFFIXES: Final = TEXT_SUFFIXES + SHEET_SUFFIXES + PARQUET_SUFFIXES

_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"
_PACKED: Final = (_ZIP, _GZIP, b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd", b"7z\xbc\xaf", b"Rar!")
_PACKED_SUFFIXES: Final = (".zip", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".tgz")
_EXPORTED: Final = (
    *((mark, "JSON", "with Data > Get Data > From JSON in Excel") for mark in (b"{", b"[{")),
    (b"<", "a web page or XML", "by opening it in a spreadsheet program"),
)


def load_table(
    file: Path,
    account: Account | None = None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """Every cell as text, empty where there is none, and notes for the user.

    The index numbers rows as their owner finds them: "line" 2 of a text follows its header, "row" 2
    of a sheet likewise, "row" 1 of a parquet file is its first. Two columns of one name are
    "style (1st)" and "style (2nd)". What is left out, refused or mended is in ``account``.
    Raises ``CollectionError`` when the file is no table.
    """
    account = Account() if account is None else account
    kind = recognise_table(file)
    _refuse_unused(file, kind, sheet, encoding)
    notes: list[str] = []
    match kind:
        case "parquet":
            return read_parquet(file, account), notes
        case "sheet":
            from core.collection.reading.sheets import read_sheet

            table, notes = read_sheet(file, account, sheet)
        case "text":
            text, decoded = decode_table(file.read_bytes(), file.name, account, encoding)
            table, told = read_delimited(text, file.name, account)
            notes = [*decoded, *told]
    return drop_what_is_no_row(table, account), notes


def recognise_table(file: Path) -> TableKind:
    """The kind of a table, by its first bytes. Raises ``CollectionError`` for anything else."""
    if not file.is_file():
        raise CollectionError(f"There is no file {file}", remedy="Check the path.")
    refuse_pointer(file)
    with file.open("rb") as opened:
        start = opened.read(512)
    suffix = file.suffix.lower()
    if start.startswith(b"PAR1") or suffix in PARQUET_SUFFIXES:
        return "parquet"
    if start.startswith(_OLE) or (start.startswith(_ZIP) and suffix in SHEET_SUFFIXES):
        return "sheet"
    if start.startswith(_PACKED) or suffix in _PACKED_SUFFIXES:
        inside = f" ({file.stem})" if Path(file.stem).suffix else ""
        remedy = f"Unpack it, and give the table inside{inside}, or the folder of pictures."
        raise _no_table(file, f"a packed file {suffix}".strip(), remedy)
    bare = b"".join(start.removeprefix(b"\xef\xbb\xbf").split())
    for mark, name, way in _EXPORTED:
        if bare.startswith(mark):
            raise _no_table(file, name, f"Turn it into CSV UTF-8, {way}, and give that.")
    if suffix in SHEET_SUFFIXES and not _is_text(start):
        return "sheet"  # whose reader says what is wrong with it
    if not _is_text(start):
        remedy = "Save the table as CSV UTF-8, Excel (.xlsx) or OpenDocument (.ods)."
        raise _no_table(file, f"bytes that are no text ({start[:8]!r})", remedy)
    return "text"


def _is_text(start: bytes) -> bool:
    """Whether bytes may be a text: none but UTF-16 has control characters."""
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or sniff_wide(start) is not None
    return is_wide or not any(byte < 9 or 13 < byte < 27 for byte in start if byte)


def _no_table(file: Path, found: str, remedy: str) -> CollectionError:
    return CollectionError(
        f"{file} is not a table",
        found=found,
        expected=f"one of {', '.join(TABLE_SUFFIXES)}",
        remedy=remedy,
    )


def _refuse_unused(file: Path, kind: TableKind, sheet: str | None, encoding: str | None) -> None:
    for flag, value, fitting in (("--sheet", sheet, "sheet"), ("--encoding", encoding, "text")):
        if value is not None and kind != fitting:
            raise CollectionError(
                f"{flag} does not apply to {file}",
                found=f"a table of the kind '{kind}'",
                remedy=f"Leave {flag} out.",
            )
