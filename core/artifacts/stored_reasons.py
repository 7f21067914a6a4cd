"""The reasons of a run as they lie on disk: those of a few paintings are read, not all.

A million paintings have three million reasons, of which a page shows those of 24. The file is
written in groups of ``schema.REASONS.group`` rows; which group holds a painting's is known from one
column of numbers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from io import BufferedReader
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import ArrayLike

from core.artifacts.reasons import Reason, spread
from core.artifacts.tables import (
    MOST_TEXT,
    read_footer,
    read_groups,
    read_integers,
    require_in_order,
    take_rows,
)

NAME: Final = "reasons.parquet"
KEPT: Final = 64  # groups
_COLUMNS: Final = {"kind": pa.string(), "weight": pa.float32(), "values": pa.string()}


class StoredReasons:
    """``reasons.parquet`` of a run, which ``open_file`` opens; its groups are read when asked for.

    The last ``KEPT`` groups are kept: nearly all of what pages show again, or the whole file where
    it was written in few groups. Together they hold no more text than a whole table may.
    """

    def __init__(
        self, open_file: Callable[[], AbstractContextManager[BufferedReader]], paintings: int
    ) -> None:
        self._open, self._paintings = open_file, paintings
        self._kept: dict[int, pa.Table] = {}  # the one asked for last at its end
        self._lock = threading.Lock()

    def read(self, rows: ArrayLike) -> list[list[Reason]]:
        """The reasons of each of the paintings ``rows``, in the order shown.

        Raises ``ValueError``, ``TypeError`` or ``RecursionError`` for a file that breaks its bounds
        and for values that are no JSON, and what pyarrow raises.
        """
        asked = np.asarray(rows, dtype=np.intp)
        places, of = spread(self._starts[asked], self._starts[asked + 1])
        groups = np.searchsorted(self._edges, places, "right") - 1
        read: list[list[Reason]] = [[] for _ in asked]
        if not len(places):
            return read
        by_group = np.argsort(groups, kind="stable")  # a painting's stay in the order shown
        parts = (
            (held, places[groups == group] - self._edges[group])
            for group, held in self._load(np.unique(groups).tolist())
        )
        columns = (each.to_pylist() for each in take_rows(parts, _COLUMNS).itercolumns())
        for painting, kind, weight, values in zip(of[by_group].tolist(), *columns, strict=True):
            read[painting].append(Reason(kind, weight, json.loads(values)))
        return read

    @cached_property
    def _footer(self) -> pq.FileMetaData:
        with self._open() as file:
            return read_footer(file, NAME)

    @cached_property
    def _edges(self) -> np.ndarray:
        """(groups + 1,) int64: where each group begins, and the last one ends."""
        footer = self._footer
        sizes = [footer.row_group(group).num_rows for group in range(footer.num_row_groups)]
        return np.cumsum([0, *sizes], dtype=np.int64)

    @cached_property
    def _starts(self) -> np.ndarray:
        """(N + 1,) int32: where each painting's reasons begin, and the last one's end."""
        with self._open() as file:
            rows = read_integers(file, self._footer, "row")
        require_in_order(rows, self._paintings)
        places = np.arange(self._paintings + 1, dtype=rows.dtype)
        return np.searchsorted(rows, places, "left").astype(np.int32)

    def _load(self, groups: Sequence[int]) -> Iterator[tuple[int, pa.Table]]:
        """Each of ``groups`` with what it holds."""
        for at in range(0, len(groups), KEPT):
            some = groups[at : at + KEPT]
            yield from zip(some, self._load_some(some), strict=True)

    def _load_some(self, groups: Sequence[int]) -> list[pa.Table]:
        """What each of ``groups`` holds, ``KEPT`` at most; those that are not kept are read."""
        with self._lock:
            known = {group: self._kept.pop(group) for group in groups if group in self._kept}
            self._leave_room(len(groups))
        missing = [group for group in groups if group not in known]
        if missing:
            most_text = MOST_TEXT // min(KEPT, self._footer.num_row_groups)
            with self._open() as file:
                read = read_groups(file, self._footer, missing, _COLUMNS, most_text)
                known.update(zip(missing, read, strict=True))
        with self._lock:
            self._leave_room(len(groups))
            self._kept.update(known)
        return [known[group] for group in groups]

    def _leave_room(self, groups: int) -> None:
        while len(self._kept) + groups > KEPT:
            self._kept.pop(next(iter(self._kept)))
