"""Parquet files as tables of text, whatever the types of their columns."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.headers import name_columns
from core.collection.reading.roles import ROLES, plain_name

LIST_SEPARATOR = "\n"
_FIRST_ROWS: Final = 20  # that tell whether a column names files


def read_parquet(file: Path, account: Account) -> pd.DataFrame:
    """Cells of ``file`` as text, one row a row; null is empty.

    Whole numbers have no decimals, members of a struct are columns of their own (``artist.name``),
    the values of a list are joined by ``LIST_SEPARATOR``. Columns that no text can stand for
    (bytes, lists of structs, maps) are left out, in ``account``. Raises ``CollectionError``.
    """
    try:
        with pq.ParquetFile(file) as opened:
            wanted, left = _choose_columns(opened.schema_arrow)
            table = opened.read(columns=wanted) if left else opened.read()
    except (pa.ArrowException, OSError) as error:
        raise CollectionError(
            f"{file} is not a parquet file",
            found=str(error).splitlines()[0],
            remedy="Download or export it again.",
        ) from error
    account.add("column", "left out", "bytes, no text", left)
    while any(pa.types.is_struct(each.type) for each in table.schema):
        table = table.flatten()
    texts: dict[str, pd.Series] = {}
    for name, column in zip(
        name_columns(table.column_names, table.num_columns), table.columns, strict=True
    ):
        text = _as_text(column)
        if text is None:
            account.add("column", "left out", f"{column.type}, no text", [name])
        else:
            texts[name] = text
    index = pd.RangeIndex(1, table.num_rows + 1, name="row")
    return pd.DataFrame(texts, dtype="str").set_axis(index)


def names_files(file: Path) -> bool:
    """Whether a column of ``file`` names files below its folder: bytes beside it are previews."""
    try:
        with pq.ParquetFile(file) as opened:
            names = [each.name for each in opened.schema_arrow if _may_name_files(each)]
            first = next(opened.iter_batches(_FIRST_ROWS, columns=names), None)
        paths = [path for column in first.columns for path in column.to_pylist()] if first else []
    except (pa.ArrowException, OSError, UnicodeDecodeError):  # its reader says what is wrong
        return False
    return any(_is_file(file.parent / path) for path in paths if isinstance(path, str))


def _may_name_files(column: pa.Field) -> bool:
    is_named = plain_name(column.name) in ("file", *ROLES["file"].names)
    return is_named and not _is_bytes(column.type)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # as for a name that is too long
        return False


def _choose_columns(schema: pa.Schema) -> tuple[list[str], list[str]]:
    """Columns to read, and those of bytes, which may be pictures of many megabytes."""
    wanted: list[str] = []
    left: list[str] = []
    for each in schema:
        inner = [each.type.field(n) for n in range(each.type.num_fields)]
        if _is_bytes(each.type):
            left.append(each.name)
        elif pa.types.is_struct(each.type) and any(_is_bytes(part.type) for part in inner):
            for part in inner:
                (left if _is_bytes(part.type) else wanted).append(f"{each.name}.{part.name}")
        else:
            wanted.append(each.name)
    return wanted, left


def _as_text(column: pa.ChunkedArray) -> pd.Series | None:
    """The column's values as text, empty for null; None where it holds none."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.cast(kind.value_type))
    if isinstance(kind, pa.BaseExtensionType):
        return _as_text(pa.chunked_array([chunk.storage for chunk in column.chunks]))
    if _is_list(kind):
        return _join_lists(column)
    if pa.types.is_null(kind):
        return pd.Series([""] * len(column), dtype="str")
    if _is_bytes(kind) or pa.types.is_nested(kind):
        return None
    if pa.types.is_floating(kind):
        texts = [_number(value) for value in column.to_pylist()]
    elif pa.types.is_decimal(kind):
        texts = [None if value is None else _trim(f"{value:f}") for value in column.to_pylist()]
    else:
        texts = _cast(column)
    return pd.Series(["" if text is None else text for text in texts], dtype="str")


def _cast(column: pa.ChunkedArray) -> list[str | None]:
    """Values that Arrow writes as text; bytes that are not UTF-8 are shown as such."""
    try:
        return list(column.cast(pa.large_string()).to_pylist())
    except UnicodeDecodeError:
        values = column.cast(pa.large_binary()).to_pylist()
        return [None if value is None else value.decode("utf-8", "replace") for value in values]
    except pa.ArrowException:  # as for a zone of time that this machine does not know
        return [None if value is None else str(value) for value in column.to_pylist()]


def _join_lists(column: pa.ChunkedArray) -> pd.Series | None:
    values = _as_text(pa.chunked_array([pc.list_flatten(column)]))
    if values is None:
        return None
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_pylist()
    texts, at, flat = [], 0, values.tolist()
    for length in lengths:
        texts.append(LIST_SEPARATOR.join(text for text in flat[at : at + length] if text))
        at += length
    return pd.Series(texts, dtype="str")


def _number(value: float | None) -> str | None:
    if value is None or value != value:
        return None
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _trim(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _is_list(kind: pa.DataType) -> bool:
    tests = (
        *(pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list),
        *(pa.types.is_list_view, pa.types.is_large_list_view),
    )
    return any(test(kind) for test in tests)


def _is_bytes(kind: pa.DataType) -> bool:
    tests = (
        *(pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary),
        pa.types.is_binary_view,
    )
    return any(test(kind) for test in tests)
