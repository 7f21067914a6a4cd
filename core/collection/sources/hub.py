"""Parquet shards in the form of the Hub's ``huggan/wikiart``: pictures and labels in one file.

Labels are read on opening, without the pictures; class names come from the features that
``datasets`` writes into the schema. Pictures are read one by one from their shard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.collection.errors import CollectionError
from core.collection.reading.dates import parse_year
from core.collection.reading.names import artist_from_slug, title_from_slug
from core.collection.sources.wikiart_labels import canonical_class
from core.collection.table import (
    Collection,
    build_paintings,
    note_lone_labels,
    require_labels,
)
from core.collection.wording import count_of

_SUFFIXES: Final = (".parquet", ".pq")
_SHARD_SPLITS: Final = {"train": "train", "validation": "val", "val": "val", "test": "val"}
_UNKNOWN: Final = re.compile(r"^unknown([ _-](artist|genre|style))?$", re.IGNORECASE)
_SLUG: Final = re.compile(r"^[^A-Z\s]+$")
ROLES: Final = ("style", "artist", "genre", "title", "year", "key")


@dataclass
class ShardReader:
    """Reads pictures out of parquet shards below ``root``, at locations ``shard#group:row``.

    The last row group read is kept in memory, so that reading in shard order decodes each group
    once. Copies sent to other processes do not carry it.
    """

    root: Path
    column: str
    _held: tuple[str, int, pa.ChunkedArray] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def read(self, image: str) -> bytes:
        shard, group, row = _split_location(image)
        held = self._held
        if held is None or held[:2] != (shard, group):
            held = (shard, group, self._load_group(shard, group))
            self._held = held
        if row >= len(held[2]):
            raise FileNotFoundError(f"{shard} has no row {row} in its group {group}")
        data = _picture_bytes(held[2][row].as_py())
        if data is None:
            raise FileNotFoundError(f"{image} holds no picture")
        return data

    def stamp(self, image: str) -> str:
        stat = (self.root / _split_location(image)[0]).stat()
        return f"{stat.st_size}-{stat.st_mtime_ns}"

    def _load_group(self, shard: str, group: int) -> pa.ChunkedArray:
        try:
            with pq.ParquetFile(self.root / shard) as file:
                if group >= file.num_row_groups:
                    raise FileNotFoundError(f"{shard} has no row group {group}")
                return file.read_row_group(group, columns=[self.column]).column(0)
        except pa.ArrowException as error:
            raise OSError(f"{shard} cannot be read: {error}") from error

    def __getstate__(self) -> dict[str, Any]:
        return {"root": self.root, "column": self.column, "_held": None}


def find_shards(path: Path) -> list[Path]:
    """The shards that ``path`` is or holds (``*.parquet``, or the same in ``data/``), sorted."""
    if path.is_file():
        return [path]
    for folder in (path, path / "data"):
        shards = [file for suffix in _SUFFIXES for file in folder.glob(f"*{suffix}")]
        if shards:
            return sorted(file for file in shards if not file.name.startswith("."))
    return []


def holds_images(shard: Path) -> bool:
    """Whether a parquet file has a column of pictures; ``False`` for a file that is not parquet."""
    try:
        schema = pq.read_schema(shard)
    except (pa.ArrowException, OSError):
        return False
    return _find_image_column(schema) is not None


def open_hub(path: Path, columns: dict[str, str] | None = None, name: str = "") -> Collection:
    """Opens a shard or a folder of shards; ``columns`` maps roles (``"style"``) to columns.

    Raises ``CollectionError`` when there is no shard, no column of pictures or none of styles, or
    the shards differ in form.
    """
    shards = find_shards(path)
    if not shards:
        raise CollectionError(
            f"{path} holds no parquet shard",
            expected="*.parquet, or data/*.parquet",
            remedy="Check the path, or give the dataset's name (huggan/wikiart) to fetch it.",
        )
    schema = _load_schema(shards[0])
    image = _find_image_column(schema)
    if image is None:
        raise CollectionError(
            f"{shards[0]} has no column of pictures",
            found=f"the columns {', '.join(schema.names)}",
            expected="one of bytes, or of {bytes, path} as datasets writes it",
            remedy="Read a table that names files with --source table.",
        )
    chosen = _find_columns(schema, columns or {}, shards[0])
    rows = pd.concat([_load_shard(shard, image, chosen) for shard in shards], ignore_index=True)
    _choose_keys(rows)
    if rows["split"].nunique() < 2:  # where nothing was held out, every row is "train"
        rows["split"] = None
    paintings = build_paintings(rows, where=str(path))
    require_labels(paintings, where=str(path))
    notes = [f"Read from {count_of(len(shards), 'parquet shard')}.", *note_lone_labels(paintings)]
    reader = ShardReader(shards[0].parent.resolve(), image)
    identity = name or str(path.resolve())
    return Collection(name or path.resolve().stem, "hub", identity, paintings, reader, tuple(notes))


def open_hub_id(dataset: str, columns: dict[str, str] | None = None) -> Collection:
    """Fetches the parquet shards of a dataset of the Hub (once; then cached) and opens them.

    Raises ``CollectionError`` when the library is absent or the Hub does not answer.
    """
    try:
        import huggingface_hub
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    except ImportError as error:
        raise CollectionError(
            f"{dataset} cannot be fetched: huggingface_hub is not installed",
            remedy="pip install datasets, or download the parquet files and give their folder.",
        ) from error
    try:
        folder = huggingface_hub.snapshot_download(
            dataset, repo_type="dataset", allow_patterns=["*.parquet", "data/*.parquet"]
        )
    except (HfHubHTTPError, HFValidationError, OSError, ValueError) as error:
        raise CollectionError(
            f"{dataset} could not be fetched from the Hub",
            found=str(error).strip().splitlines()[0],
            remedy="Check the name and the network (HF_TOKEN for a closed dataset), or download "
            "the parquet files elsewhere and give their folder.",
        ) from error
    return open_hub(Path(folder), columns, name=dataset)


def _load_schema(shard: Path) -> pa.Schema:
    try:
        return pq.read_schema(shard)
    except (pa.ArrowException, OSError) as error:
        raise CollectionError(
            f"{shard} is not a parquet file",
            found=str(error).splitlines()[0],
            remedy="Download it again.",
        ) from error


def _find_image_column(schema: pa.Schema) -> str | None:
    """The column of type Image by its features, else the first one of bytes or {bytes, ...}."""
    for name, feature in _load_features(schema).items():
        if isinstance(feature, dict) and feature.get("_type") == "Image" and name in schema.names:
            return name
    for column in schema:
        named: str = column.name
        kind = column.type
        if pa.types.is_struct(kind) and kind.get_field_index("bytes") >= 0:
            return named
        if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            return named
    return None


def _load_features(schema: pa.Schema) -> dict[str, Any]:
    """The column features that ``datasets`` wrote, ``{}`` without them."""
    text = (schema.metadata or {}).get(b"huggingface", b"{}")
    try:
        return dict(json.loads(text)["info"]["features"])
    except (ValueError, KeyError, TypeError):
        return {}


def _find_columns(schema: pa.Schema, flags: dict[str, str], shard: Path) -> dict[str, str]:
    chosen = {role: flags.get(role, role) for role in ROLES}
    for role, column in chosen.items():
        if column not in schema.names and (role in flags or role == "style"):
            raise CollectionError(
                f"{shard} has no column '{column}' for the {role}",
                found=f"the columns {', '.join(schema.names)}",
                remedy=f"Say which with --{role}-column.",
            )
    return {role: column for role, column in chosen.items() if column in schema.names}


def _load_shard(shard: Path, image: str, columns: dict[str, str]) -> pd.DataFrame:
    """Labels and locations of one shard, without the pictures."""
    schema = _load_schema(shard)
    missing = {image, *columns.values()} - set(schema.names)
    if missing:
        raise CollectionError(
            f"{shard} differs from the first shard",
            found=f"no column {', '.join(sorted(missing))}",
            expected="the same columns in every shard",
            remedy="Keep the shards of one dataset in one folder.",
        )
    has_path = pa.types.is_struct(schema.field(image).type) and (
        schema.field(image).type.get_field_index("path") >= 0
    )
    wanted = [*columns.values(), *([f"{image}.path"] if has_path else [])]
    with pq.ParquetFile(shard) as file:
        table = file.read(columns=wanted)
        lengths = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    rows = pd.DataFrame({"image": list(_locations(shard.name, lengths))})
    rows["path"] = _image_paths(table, image) if has_path else None
    features = _load_features(schema)
    for role, column in columns.items():
        values = _class_names(table.column(column).to_pylist(), features.get(column))
        _set_role(rows, role, values)
    rows["split"] = _SHARD_SPLITS.get(re.split(r"[-_.]", shard.name)[0])
    return rows


def _set_role(rows: pd.DataFrame, role: str, values: list[str | None]) -> None:
    match role:
        case "style":
            rows["given_style"] = [value and canonical_class(value) for value in values]
        case "genre":
            rows["given_genre"] = [value and value.strip() for value in values]
        case "artist":
            rows["artist"] = rows["given_artist"] = [_artist(value) for value in values]
        case "title":
            rows["title"] = [_title(value) for value in values]
        case "year":
            rows["year"] = [value and parse_year(value) for value in values]
        case _:
            rows["listed_key"] = values


def _artist(name: str | None) -> str | None:
    """``vincent-van-gogh`` as ``Vincent van Gogh``; a name that is not a slug is unchanged."""
    if name is None:
        return None
    return artist_from_slug(name) if _SLUG.match(name) else name


def _title(text: str | None) -> str | None:
    return title_from_slug(text) if text and _SLUG.match(text) else text


def _class_names(values: Iterable[Any], feature: object) -> list[str | None]:
    """Class numbers as their names, other values as text; -1 and "Unknown Artist" as null."""
    names = feature.get("names") if isinstance(feature, dict) else None
    if isinstance(names, list):
        texts = [
            names[value] if value is not None and 0 <= value < len(names) else None
            for value in values
        ]
    else:
        texts = [None if value is None else str(value) for value in values]
    return [None if text is None or _UNKNOWN.match(text.strip()) else text for text in texts]


def _choose_keys(rows: pd.DataFrame) -> None:
    """Keys: the key column, else the pictures' paths where all differ, else ``shard#row``."""
    if "listed_key" in rows:
        rows["key"] = rows["listed_key"]
    elif rows["path"].notna().all() and rows["path"].is_unique:
        rows["key"] = rows["path"]
    else:
        shard = rows["image"].str.partition("#")[0]
        rows["key"] = shard + "#" + rows.groupby(shard).cumcount().astype("str")


def _image_paths(table: pa.Table, image: str) -> list[str | None]:
    return [value and value.get("path") for value in table.column(image).to_pylist()]


def _locations(shard: str, lengths: list[int]) -> Iterable[str]:
    return (f"{shard}#{group}:{row}" for group, rows in enumerate(lengths) for row in range(rows))


def _split_location(image: str) -> tuple[str, int, int]:
    match = re.fullmatch(r"([^/\\]+)#(\d+):(\d+)", image)
    if match is None:
        raise FileNotFoundError(f"{image} is not a location in a shard (shard#group:row)")
    return match[1], int(match[2]), int(match[3])


def _picture_bytes(value: object) -> bytes | None:
    if isinstance(value, dict):
        value = value.get("bytes")
    return value if isinstance(value, bytes) and value else None
