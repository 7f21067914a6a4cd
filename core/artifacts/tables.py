"""Tables of a run: bounded before they are decoded, and checked against the rest of the run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.artifacts.schema import CATALOGUE, TABLES
from core.artifacts.texts import LONGEST
from core.images.names import IMAGE_NAME
from core.tasks import Task
from core.text import SURROGATES, UNSHOWN

MOST_ROWS: Final = 20_000_000
MOST_TEXT: Final = 1 << 30  # bytes of one column
FILE_BYTES: Final = 2 << 30
# Keys, picture names and cells of the museum's table must not be altered.
_LISTS: Final = ("further_styles", "variants", "broader")  # columns of lists of texts
_EXACT: Final = {"key", "image", "content_hash", *CATALOGUE.columns}
_UNSHOWN: Final = re.compile(f"[{UNSHOWN}]")
_UNSHOWN_IN_UTF8: Final = f"[{UNSHOWN.removesuffix(SURROGATES)}]"  # which has no surrogates


@dataclass(frozen=True)
class Bounds:
    """``paintings`` of the run, its ``classes`` by task: what rows and labels may name."""

    paintings: int
    classes: Mapping[Task, tuple[str, ...]]


def count_rows(file: BinaryIO, name: str) -> int:
    """Rows of the parquet file ``name`` of the schema, of which only the footer is read.

    Optional columns may be missing. Raises ``ValueError`` for other columns than the schema's and
    for too many rows, and what pyarrow raises for files that are not parquet.
    """
    return int(read_footer(file, name).num_rows)


def read_footer(file: BinaryIO, name: str) -> pq.FileMetaData:
    """What the parquet file ``name`` of the schema says of its groups; raises as ``count_rows``."""
    parquet = pq.ParquetFile(pa.PythonFile(file, mode="r"))
    _require_texts(parquet, name)
    return parquet.metadata


def read_integers(file: BinaryIO, footer: pq.FileMetaData, column: str) -> np.ndarray:
    """(rows,) int32: a column without missing values, and no other of the file.

    Raises ``ValueError`` where values are missing, and what pyarrow raises.
    """
    parquet = pq.ParquetFile(pa.PythonFile(file, mode="r"), metadata=footer)
    values = parquet.read(columns=[column]).column(column).cast(pa.int32())
    if values.null_count:
        raise ValueError(f"{values.null_count:,} missing values of {column}")
    found: np.ndarray = values.to_numpy()
    return found


def read_groups(
    file: BinaryIO,
    footer: pq.FileMetaData,
    groups: Iterable[int],
    columns: Mapping[str, pa.DataType],
    most_text: int,
) -> Iterator[pa.Table]:
    """Each of the row ``groups``: its ``columns``, as ``take_rows`` reads them. A text that several
    rows have is held once.

    Raises ``ValueError`` for more than ``most_text`` bytes in a column, and what pyarrow raises.
    """
    texts = [name for name, kind in columns.items() if pa.types.is_string(kind)]
    source = pa.PythonFile(file, mode="r")
    parquet = pq.ParquetFile(source, metadata=footer, read_dictionary=texts)
    for group in groups:
        # A thread for each column costs more than the few thousand rows of it.
        whole = parquet.read_row_group(group, columns=[*columns], use_threads=False)
        arrow = whole.unify_dictionaries()
        for column in arrow.itercolumns():
            if pa.types.is_dictionary(column.type) and column.num_chunks:
                known = column.chunk(0).dictionary  # all chunks' by now
                _require_few(pc.sum(_measure_texts(known)).as_py() or 0, most_text)
        yield arrow.select([*columns])


def take_rows(
    parts: Iterable[tuple[pa.Table, np.ndarray]], columns: Mapping[str, pa.DataType]
) -> pa.Table:
    """Of each group that ``read_groups`` gave the rows at these places, one after the other: its
    ``columns`` as these types, each text as by ``read_table``.

    Raises as ``read_groups``.
    """
    taken = pa.concat_tables([group.take(pa.array(places)) for group, places in parts])
    own = [_encode_anew(column) for column in taken.itercolumns()]
    return _unpack_all(pa.table(own, names=taken.column_names)).cast(pa.schema(columns.items()))


def _encode_anew(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """``column`` without the texts that none of its rows has; they are short (``read_groups``)."""
    if not pa.types.is_dictionary(column.type):
        return column
    texts = [pc.take(chunk.dictionary, chunk.indices) for chunk in column.chunks]
    encoded = pa.concat_arrays(texts).dictionary_encode()  # in one chunk, which is looked at once
    return pa.chunked_array([encoded])


def _require_texts(file: pq.ParquetFile, name: str) -> list[str]:
    """Columns of text of the table ``name``; raises as ``count_rows``."""
    spec, schema = TABLES[name], file.schema_arrow
    missing = [column for column in spec.required if column not in schema.names]
    if missing:
        raise ValueError(f"no column {', '.join(missing)}")
    strange = [column for column in schema.names if column not in spec.columns]
    if strange or len(set(schema.names)) < len(schema.names):
        raise ValueError(f"columns {schema.names}, not {list(spec.columns)}")
    if file.metadata.num_rows > MOST_ROWS:
        raise ValueError(f"{file.metadata.num_rows:,} rows; at most {MOST_ROWS:,} are read")
    texts = [each for each in schema.names if spec.dtypes[each] == "str"]
    if nested := [each for each in texts if pa.types.is_nested(schema.field(each).type)]:
        raise ValueError(f"column {nested[0]} of lists or records, not of texts")
    return texts


def read_table(data: bytes, name: str, bounds: Bounds) -> pd.DataFrame:
    """The table ``name``, in the schema's dtypes; what cannot be shown in its texts is a space.

    Raises ``ValueError``, ``KeyError`` or ``TypeError`` where it breaks a bound, names a row or a
    class that the run does not have, or does not fit the schema; and what pyarrow raises.
    """
    texts = _require_texts(pq.ParquetFile(pa.BufferReader(data)), name)
    # Texts as dictionaries: a long one that stands in every row is unpacked once.
    arrow = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts).read()
    # In one chunk: selecting rows of text from several costs fifty times as much.
    whole = _unpack_all(arrow).combine_chunks()
    typed = TABLES[name].cast(whole.to_pandas(ignore_metadata=True))
    for column in _LISTS:
        if column in typed:
            typed[column] = _make_lists_shown(typed[column])
    check = _CHECKS.get(name)
    if check is not None:
        check(typed, bounds)
    return typed


def _unpack_all(arrow: pa.Table, most_text: int = MOST_TEXT) -> pa.Table:
    """``arrow`` with its texts in full, as ``_unpack``."""
    plain = [
        _unpack(column, most_text, is_exact=called in _EXACT)
        for called, column in zip(arrow.column_names, arrow.itercolumns(), strict=True)
    ]
    return pa.table(plain, names=arrow.column_names)


def _unpack(column: pa.ChunkedArray, most_text: int, *, is_exact: bool) -> pa.ChunkedArray:
    """``column`` with its texts in full, once they are known to be ``most_text`` bytes at most.

    What cannot be shown in them is a space, unless they are to be ``is_exact``.
    """
    if pa.types.is_list(column.type) and len(pc.list_flatten(column)) > MOST_ROWS:
        raise ValueError(f"lists of more than {MOST_ROWS:,} numbers")
    if not pa.types.is_dictionary(column.type):
        return column
    total = 0
    for chunk in column.chunks:
        lengths = _measure_texts(chunk.dictionary)
        total += pc.sum(pc.take(lengths, chunk.indices)).as_py() or 0
    _require_few(total, most_text)
    if not is_exact:
        column = pa.chunked_array([_make_shown(chunk) for chunk in column.chunks], column.type)
    return column.cast(column.type.value_type)


def _measure_texts(texts: pa.Array) -> pa.Array:
    """Bytes of each of ``texts``; raises ``ValueError`` for one that is too long."""
    lengths = pc.binary_length(texts)
    if (pc.max(lengths).as_py() or 0) > 4 * LONGEST:
        raise ValueError(f"a text of more than {4 * LONGEST:,} bytes")
    return lengths


def _require_few(total: int, most: int) -> None:
    """Raises ``ValueError`` for a ``total`` of more than ``most`` bytes."""
    if total > most:
        raise ValueError(f"{total:,} bytes of text in one column")


def _make_shown(texts: pa.DictionaryArray) -> pa.DictionaryArray:
    """Each text is looked at once, however many rows have it, and none becomes an object."""
    known = texts.dictionary
    known.validate(full=True)  # UTF-8
    if not pc.any(pc.match_substring_regex(known, _UNSHOWN_IN_UTF8)).as_py():
        return texts
    shown = pc.replace_substring_regex(known, _UNSHOWN_IN_UTF8, " ")
    return pa.DictionaryArray.from_arrays(texts.indices, shown)


def _make_lists_shown(lists: pd.Series) -> pd.Series:
    """Tuples of texts as lines, null for none; raises ``ValueError`` for what is no such list."""

    def show(texts: object) -> tuple[str, ...]:
        if not isinstance(texts, np.ndarray) or not all(isinstance(each, str) for each in texts):
            raise ValueError("lists of labels that are no texts")
        if sum(map(len, texts)) > LONGEST:
            raise ValueError(f"a list of labels of more than {LONGEST:,} characters")
        return tuple(_UNSHOWN.sub(" ", text) for text in texts)

    return lists.map(show, na_action="ignore").astype("object")


def require_rows(rows: np.ndarray, paintings: int) -> None:
    """Raises ``ValueError`` unless all of ``rows`` are rows of paintings: below 0 is another's."""
    if len(rows) and not (rows.min() >= 0 and rows.max() < paintings):
        raise ValueError(f"row {rows.min()} to {rows.max()}, of {paintings:,} paintings")


def _check_paintings(table: pd.DataFrame, bounds: Bounds) -> None:
    keys = table["key"]
    if keys.isna().any() or not keys.is_unique:
        raise ValueError("missing or repeated keys")
    for column, pattern in (("image", IMAGE_NAME), ("content_hash", "[0-9a-f]{64}")):
        fits = table[column].str.fullmatch(pattern).fillna(value=False)
        if not fits.all():
            raise ValueError(f"{column} {str(table[column][~fits].iloc[0])[:100]!r}")


def _check_predictions(table: pd.DataFrame, bounds: Bounds) -> None:
    require_rows(table["row"].to_numpy(), bounds.paintings)
    if table.duplicated(["task", "row"]).any():
        raise ValueError("a painting with two answers")
    by_task = table.groupby("task")
    for column in ("given", "predicted"):
        for task, values in by_task[column].unique().items():
            known = bounds.classes.get(task, ())  # type: ignore[call-overload]
            strange = set(pd.Series(values).dropna()) - set(known)
            if strange:
                raise ValueError(f"{column} {min(strange)[:100]!r}, no class of {task}")


def _check_pairs(table: pd.DataFrame, bounds: Bounds) -> None:
    for column in ("left", "right"):
        require_rows(table[column].to_numpy(), bounds.paintings)


def _check_cases(table: pd.DataFrame, bounds: Bounds) -> None:
    if table["case"].isna().any() or table["case"].duplicated().any():
        raise ValueError("missing or repeated cases")
    for rows in table["rows"]:
        require_rows(np.asarray(rows, dtype=np.int64), bounds.paintings)


def _check_reasons(table: pd.DataFrame, bounds: Bounds) -> None:
    require_in_order(table["row"].to_numpy(), bounds.paintings)


def require_in_order(rows: np.ndarray, paintings: int) -> None:
    """Raises ``ValueError`` unless ``rows``, a reason each, are of paintings and ascend."""
    require_rows(rows, paintings)
    if (np.diff(rows) < 0).any():
        raise ValueError("reasons out of the order of the paintings")


_CHECKS: Final[dict[str, Callable[[pd.DataFrame, Bounds], None]]] = {
    "paintings.parquet": _check_paintings,
    "predictions.parquet": _check_predictions,
    "pairs.parquet": _check_pairs,
    "cases.parquet": _check_cases,
    "reasons.parquet": _check_reasons,
}
