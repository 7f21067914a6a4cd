"""Museum tables: detects separator and encoding; reads parquet as it is."""

from __future__ import annotations

import csv
import io
import warnings
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

from core.collection.errors import CollectionError

TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")
PARQUET_SUFFIXES: Final = (".parquet", ".pq")
_SEPARATORS: Final = (",", ";", "\t", "|")
_BYTE_ORDER_MARKS: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


def load_table(file: Path) -> tuple[pd.DataFrame, list[str]]:
    """Every column as text, rows numbered 0..N-1, and notes for the user.

    Raises ``CollectionError`` when the file is not a table or a row has too many fields.
    """
    if not file.is_file():
        raise CollectionError(f"There is no file {file}", remedy="Check the path.")
    if file.suffix.lower() in PARQUET_SUFFIXES:
        return _load_parquet(file), []
    text, notes = _decode(file)
    separator = sniff_separator(text)
    try:
        with warnings.catch_warnings():
            # A row longer than the header is a warning to pandas, which then drops the rest.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(
                io.StringIO(text),
                sep=separator,
                dtype="str",
                keep_default_na=False,
                index_col=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError) as error:
        raise CollectionError(
            f"{file} is not a table",
            found=str(error).strip(),
            expected="a header line and as many fields in every row, separated by "
            f"{separator!r} as the header is",
            remedy="Quote the fields that contain the separator.",
        ) from error
    return table, notes


def sniff_separator(text: str) -> str:
    """Separator that splits the header into the most fields; a comma where none does."""
    header = next((line for line in text.splitlines() if line.strip()), "")

    def fields(separator: str) -> int:
        return len(next(csv.reader([header], delimiter=separator)))

    return max(_SEPARATORS, key=fields)


def _decode(file: Path) -> tuple[str, list[str]]:
    data = file.read_bytes()
    for byte_order_mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(byte_order_mark):
            return data.decode(encoding, "replace"), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        # Windows' superset of Latin-1; the few bytes that it leaves undefined are read as Latin-1.
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        return text, [
            f"{file.name} is not UTF-8 and was read as Latin-1: check names with accents."
        ]


def _load_parquet(file: Path) -> pd.DataFrame:
    try:
        table = pd.read_parquet(file).reset_index(drop=True)
    except (pa.ArrowInvalid, OSError) as error:
        raise CollectionError(
            f"{file} is not a parquet file", found=str(error).splitlines()[0]
        ) from error
    table.columns = [str(name) for name in table.columns]
    return table
