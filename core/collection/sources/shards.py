"""Parquet shards of a dataset: which files they are, which are missing, their pictures."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from core.collection.errors import CollectionError
from core.collection.reading.clutter import is_system_folder
from core.collection.reading.files import safe_relative
from core.collection.reading.pointers import refuse_pointer
from core.collection.reading.splits import Split, parse_split
from core.picture_formats import SUFFIXES

_SUFFIXES: Final = (".parquet", ".pq")
_MOST_FOLDERS_DEEP: Final = 3  # config/split/0000.parquet
_NUMBERED: Final = re.compile(
    r"(?P<before>.*?)(?P<number>\d{2,})-of-(?P<count>\d{2,})(?P<after>.*)"
)


@dataclass
class ShardReader:
    """Reads pictures out of parquet shards below ``root``, at locations ``shard#group:row``.

    A picture is bytes, {bytes, path}, base64 text, or the first of a list of these. The last row
    group read is kept in memory, so that reading in shard order decodes each group once. Copies
    sent to other processes do not carry it.
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
        data = picture_bytes(held[2][row].as_py())
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
    """The shards that ``path`` is or holds, sorted: those directly in it, else in its folders.

    Known are ``*.parquet``, ``data/*.parquet`` and ``config/split/0000.parquet``. Raises
    ``CollectionError`` where two configurations lie side by side.
    """
    if path.is_file():
        return [path]
    folders = [path, path / "data"]
    for folder in folders:
        if folder.is_dir() and (shards := _shards_in(folder)[0]):
            return shards
    shards = _shards_below(path, _MOST_FOLDERS_DEEP)
    configs = {shard.relative_to(path).parts[0] for shard in shards}
    if len(configs) > 1 and not all(_parse_folder(config) for config in configs):
        raise CollectionError(
            f"{path} holds several sets of parquet shards",
            found=", ".join(sorted(configs)),
            expected="one",
            remedy=f"Give one of them: {path / min(configs)}.",
        )
    return shards


def find_root(shards: Sequence[Path]) -> Path:
    """The folder that holds all shards, directly or in folders."""
    return Path(os.path.commonpath([shard.parent.resolve() for shard in shards]))


def find_split(shard: Path, root: Path) -> Split | None:
    """Split of a shard by its name (``train-00000-of-00002``) or by its folder below ``root``."""
    own = parse_split(re.split(r"[-_.]", shard.name)[0])
    above = shard.parent.resolve().relative_to(root).parts or (root.name,)
    return own or next((split for name in reversed(above) if (split := _parse_folder(name))), None)


def find_missing(shards: Iterable[Path]) -> list[str]:
    """Names of the shards that others count (``-of-00002``) and that are not there."""
    present: dict[tuple[Path, str, str, str], set[int]] = defaultdict(set)
    for shard in shards:
        if match := _NUMBERED.fullmatch(shard.name):
            form = (shard.parent, match["before"], match["count"], match["after"])
            present[form].add(int(match["number"]))
    return [
        f"{before}{number:0{len(count)}}-of-{count}{after}"
        for (_, before, count, after), numbers in present.items()
        for number in range(int(count))
        if number not in numbers
    ]


def load_schema(shard: Path) -> pa.Schema:
    """Raises ``CollectionError`` for a file that is no parquet, or stands for one."""
    refuse_pointer(shard)
    with refuse_damaged(shard):
        return pq.read_schema(shard)


@contextmanager
def refuse_damaged(shard: Path) -> Iterator[None]:
    """Raises ``CollectionError`` where reading the shard fails in the block."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise CollectionError(
            f"{shard} is not a parquet file, or was cut off",
            found=str(error).splitlines()[0].rstrip("."),
            remedy="Download it again.",
        ) from error


def picture_bytes(value: object) -> bytes | None:
    """The bytes of a picture in a cell of any of the forms that ``ShardReader`` names."""
    if isinstance(value, list):
        value = next((each for each in value if each is not None), None)
    if isinstance(value, dict):
        value = value.get("bytes")
    if isinstance(value, str):
        return _decode_text(value)
    return value if isinstance(value, bytes) and value else None


def _decode_text(text: str) -> bytes | None:
    """Bytes of base64 text, with or without ``data:image/jpeg;base64,`` before it."""
    encoded = text.partition(",")[2] if text.startswith("data:") else text
    try:
        return base64.b64decode("".join(encoded.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _shards_in(folder: Path, *, but_pictures: bool = False) -> tuple[list[Path], list[Path]]:
    """Shards and folders directly in ``folder``; with ``but_pictures`` none where pictures lie."""
    shards: list[Path] = []
    folders: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                suffix = PurePosixPath(entry.name).suffix.lower()
                if but_pictures and suffix in SUFFIXES:
                    return [], []
                if suffix in _SUFFIXES and entry.is_file():
                    shards.append(Path(entry.path))
                elif entry.is_dir() and not is_system_folder(entry.name):
                    folders.append(Path(entry.path))
    except OSError:  # closed to this user: the listing of pictures names it
        return [], []
    return sorted(shards), sorted(folders)


def _shards_below(folder: Path, depth: int) -> list[Path]:
    shards, folders = _shards_in(folder, but_pictures=True)
    if depth:
        for each in folders:
            shards += _shards_below(each, depth - 1)
    return sorted(shards)


def _parse_folder(name: str) -> Split | None:
    return parse_split(name.removeprefix("partial-"))


def _split_location(image: str) -> tuple[str, int, int]:
    match = re.fullmatch(r"([^\\]+)#(\d+):(\d+)", image)
    if match is None or safe_relative(match[1]) != match[1]:
        raise FileNotFoundError(f"{image} is not a location in a shard (shard#group:row)")
    return match[1], int(match[2]), int(match[3])
