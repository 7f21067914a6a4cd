"""The store's index: one row for every painting ever seen, saved whole and often."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.atomic_files import replace_file
from core.images.work import Entry, Job

FILE: Final = "index.parquet"
CHECKPOINT_SECONDS: Final = 3.0
# Largest share of the time spent on saving: a large index is saved less often.
CHECKPOINT_SHARE: Final = 0.05

SCHEMA: Final = pa.schema(
    [
        ("key", pa.string()),
        ("source", pa.string()),
        ("stamp", pa.string()),
        ("image", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("stored_width", pa.int32()),
        ("stored_height", pa.int32()),
        ("stored_bytes", pa.int64()),
        ("content_hash", pa.string()),
        ("perceptual_hash", pa.uint64()),
        ("mirror_hash", pa.uint64()),
        ("signature", pa.binary()),
        ("reason", pa.string()),  # "" for a stored picture
        ("note", pa.string()),  # of a stored picture: what was guessed or left out
    ]
)


class Index:
    """Rows by key. ``add`` saves the file now and then, ``save`` does so at once."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._table = _load(self.path)
        self._added: list[Entry] = []
        self._saved_at, self._save_cost = time.monotonic(), 0.0

    def done(self, stored: dict[str, int]) -> set[Job]:
        """Jobs that need no work: refused before, or stored with the file still in place.

        ``stored`` maps every file in the store to its size in bytes.
        """
        columns = ("key", "source", "stamp", "image", "stored_bytes", "reason")
        rows = zip(*(self._table[column].to_pylist() for column in columns), strict=True)
        return {
            Job(key, source, stamp)
            for key, source, stamp, image, size, reason in rows
            if stamp and (reason or stored.get(image) == size)
        }

    def add(self, entries: list[Entry]) -> None:
        """Adds rows, each replacing the one with the same key."""
        self._added += entries
        quiet = time.monotonic() - self._saved_at
        if quiet >= max(CHECKPOINT_SECONDS, self._save_cost / CHECKPOINT_SHARE):
            self.save()

    def save(self) -> None:
        started = time.monotonic()
        if self._added:
            self._table = self._merge()
            self._added = []
            with replace_file(self.path, by_many=True) as beside:
                pq.write_table(self._table, beside)
        self._saved_at = time.monotonic()
        self._save_cost = self._saved_at - started

    def mean_bytes(self) -> float:
        """Mean size of a stored picture; 0 when there is none."""
        sizes: list[int] = [size for size in self._table["stored_bytes"].to_pylist() if size]
        sizes += [entry.stored_bytes for entry in self._added if entry.stored_bytes]
        return sum(sizes) / max(len(sizes), 1)

    def frame(self) -> pd.DataFrame:
        """Every row, with the columns of ``SCHEMA``, in no particular order."""
        table: pd.DataFrame = self._merge().to_pandas()
        return table

    def _merge(self) -> pa.Table:
        latest = {entry.key: entry for entry in self._added}
        added = pa.Table.from_pylist([asdict(entry) for entry in latest.values()], SCHEMA)
        fresh = [key not in latest for key in self._table["key"].to_pylist()]
        return pa.concat_tables([self._table.filter(pa.array(fresh, pa.bool_())), added])


def _load(path: Path) -> pa.Table:
    if not path.exists():
        return SCHEMA.empty_table()
    try:
        return pq.read_table(path, schema=SCHEMA)
    except (OSError, pa.ArrowException):
        # The index is only a cache: rebuilding a broken one costs time, nothing else.
        return SCHEMA.empty_table()
