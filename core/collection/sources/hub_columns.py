"""Columns of a dataset's parquet shards: which one holds the pictures, what the labels say.

Class names come from the features that ``datasets`` writes into the schema.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from core.collection.errors import CollectionError
from core.collection.sources.shards import load_schema, picture_bytes, refuse_damaged
from core.collection.wording import list_some
from core.picture_formats import find_format

_ROWS_LOOKED_AT: Final = 16
_BUFFER: Final = 1 << 20  # read so much of a column at once, not a whole row group of pictures


@dataclass(frozen=True)
class PictureColumn:
    """A column of pictures. ``size``: compressed bytes in all shards; 0 where it holds paths alone.

    ``form`` says how a cell holds its picture: "bytes", "a list", "base64 text" or "a path".
    """

    name: str
    form: str
    size: int
    has_path: bool


def find_picture_columns(shards: Sequence[Path]) -> list[PictureColumn]:
    """Columns of pictures, the one with the most bytes first.

    A column of mere bytes that begin as no picture does (a checksum) is none.

    Raises ``CollectionError`` where a shard is no parquet file.
    """
    schema = load_schema(shards[0])
    sizes = _measure_columns(shards)
    found = []
    for column in schema:
        form = _find_form(shards, column)
        if form is not None:
            size = 0 if form == "a path" else sizes.get(column.name, 0)
            found.append(PictureColumn(column.name, form, size, has_path(column.type)))
    return sorted(found, key=lambda column: -column.size)


def load_features(schema: pa.Schema) -> dict[str, Any]:
    """The column features that ``datasets`` wrote, ``{}`` without them."""
    text = (schema.metadata or {}).get(b"huggingface", b"{}")
    try:
        return dict(json.loads(text)["info"]["features"])
    except (ValueError, KeyError, TypeError):
        return {}


@dataclass
class ReadLabels:
    """The texts of a column of labels, ``None`` for none, and what happened on the way.

    ``further``: of each cell the labels after the first, ``None`` for none; ``several`` counts
    cells that have any; ``unnamed`` are class numbers beyond the names of the features;
    ``numbered``: all classes are numbers, for which there are no names.
    """

    texts: list[str | None]
    further: list[list[str] | None] = field(default_factory=list)
    several: int = 0
    unnamed: set[Any] = field(default_factory=set)
    numbered: bool = False


def read_labels(values: Iterable[Any], feature: object, where: str) -> ReadLabels:
    """Labels as text: class numbers (also 3.0, also in a list) by their names.

    -1 is no label. Raises ``CollectionError`` for cells of fields, which have no one text.
    """
    names = _names_of(feature)
    told = ReadLabels([])
    for value in values:
        kept = [each for each in value if each is not None] if _is_list(value) else [value]
        read = [_read_label(each, names, told, where) for each in kept] or [None]
        told.texts.append(read[0])
        told.further.append([text for text in read[1:] if text is not None] or None)
        told.several += len(kept) > 1
    texts = {text for text in told.texts if text is not None}
    told.numbered = names is None and bool(texts) and all(text.isdigit() for text in texts)
    return told


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _read_label(value: Any, names: list[str] | None, told: ReadLabels, where: str) -> str | None:
    if isinstance(value, dict):
        raise CollectionError(
            f"{where} holds records, not names",
            found=f"the fields {list_some([str(key) for key in value])}",
            expected="a name or a class number",
            remedy="Write the name into a column of its own.",
        )
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, float):
        if math.isnan(value):
            return None
        value = int(value) if value.is_integer() else value
    if value is None or isinstance(value, str):
        return value
    if names is None:
        return str(value)
    if isinstance(value, int) and 0 <= value < len(names):
        return names[value]
    if value != -1:
        told.unnamed.add(value)
    return None


def _names_of(feature: object) -> list[str] | None:
    """Names of a ``ClassLabel``, also of one in a ``Sequence`` or ``List``."""
    while isinstance(feature, list | dict):
        if isinstance(feature, list):
            feature = feature[0] if feature else None
        elif isinstance(names := feature.get("names"), list):
            return [str(name) for name in names]
        else:
            feature = feature.get("feature")
    return None


def _find_form(shards: Sequence[Path], column: pa.Field) -> str | None:
    """How the cells of a column hold pictures, by their type and their first bytes."""
    kind = column.type
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    one = kind.value_type if is_list else kind
    in_field = pa.types.is_struct(one) and "bytes" in _fields(one)
    if in_field or any(is_of(one) for is_of in _BINARY):
        form = "bytes"
    elif any(is_of(one) for is_of in _TEXT):
        form = "base64 text"
    else:
        return None
    first = _first_held(shards, column.name)
    if not first:
        return "a path" if has_path(kind) and _first_held(shards, column.name, "path") else None
    is_picture = any(find_format(data) for data in map(picture_bytes, first) if data)
    if not is_picture and not has_path(one):  # {bytes, path} is a picture, if a strange one
        return None
    return "a list" if is_list else form


_BINARY: Final = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
_TEXT: Final = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)


def has_path(kind: pa.DataType) -> bool:
    """Whether cells are {bytes, path}, as ``datasets`` writes pictures."""
    return pa.types.is_struct(kind) and {"bytes", "path"} <= set(_fields(kind))


def _first_held(shards: Sequence[Path], column: str, part: str = "bytes") -> list[Any]:
    """The first few cells of a column that hold anything (of {bytes, path}: their ``part``)."""
    for shard in shards:
        with refuse_damaged(shard), pq.ParquetFile(shard, buffer_size=_BUFFER) as file:
            if column not in file.schema_arrow.names:
                continue
            for batch in file.iter_batches(batch_size=_ROWS_LOOKED_AT, columns=[column]):
                with suppress(UnicodeDecodeError):  # a text that is none holds no picture
                    cells = [_take(cell, part) for cell in batch.column(0).to_pylist()]
                    if held := [cell for cell in cells if cell]:
                        return held
    return []


def _take(cell: Any, part: str) -> Any:
    if isinstance(cell, list):
        cell = next((each for each in cell if each is not None), None)
    return cell.get(part) if isinstance(cell, dict) else cell


def _measure_columns(shards: Sequence[Path]) -> dict[str, int]:
    """Compressed bytes of each column, by the shards' own tables of contents."""
    sizes: dict[str, int] = {}
    for shard in shards:
        load_schema(shard)  # names a shard that was cut off
        with refuse_damaged(shard), pq.ParquetFile(shard) as file:
            for group in range(file.num_row_groups):
                told = file.metadata.row_group(group)
                for place in range(told.num_columns):
                    chunk = told.column(place)
                    name = chunk.path_in_schema.partition(".")[0]
                    sizes[name] = sizes.get(name, 0) + chunk.total_compressed_size
    return sizes


def _fields(kind: pa.DataType) -> list[str]:
    return [kind.field(place).name for place in range(kind.num_fields)]
