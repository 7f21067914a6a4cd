"""Tables of a run: what is read of them before they are needed."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from core.artifacts.schema import TABLES
from core.artifacts.tables import Bounds, count_rows, read_table
from core.artifacts.texts import LONGEST

ROWS = 20_000


class Counted(io.BytesIO):
    """A file that counts the bytes that are read of it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def write() -> Counted:
    spec = TABLES["style_years.parquet"]
    table = spec.cast(pd.DataFrame({name: np.arange(ROWS) for name in spec.columns}))
    file = Counted()
    file.write(table.to_parquet(index=False))
    return file


def test_rows_are_counted_by_the_footer_alone() -> None:
    file = write()
    size = len(file.getvalue())
    assert size > 200_000
    assert count_rows(file, "style_years.parquet") == ROWS
    assert 0 < file.taken < size / 2


def test_the_footer_tells_columns_of_another_table() -> None:
    with pytest.raises(ValueError, match="no column"):
        count_rows(write(), "pairs.parquet")


def read_further(*cells: object) -> list[object]:
    """``further_styles`` of a table of paintings as it is read."""
    spec = TABLES["paintings.parquet"]
    numbers = {"width", "height", "fold", "group"}
    table = pd.DataFrame(
        {name: [0 if name in numbers else None] * len(cells) for name in spec.columns}
    )
    table["key"] = [str(number) for number in range(len(cells))]
    table["image"] = f"ab/{'ab' * 32}.jpg"
    table["content_hash"] = "ab" * 32
    table["further_styles"] = pd.Series(cells, dtype="object")
    file = io.BytesIO()
    spec.cast(table).to_parquet(file, index=False)
    bounds = Bounds(len(cells), {"style": ("A", "B")})
    read: list[object] = read_table(file.getvalue(), "paintings.parquet", bounds)[
        "further_styles"
    ].tolist()
    return read


def test_further_labels_are_tuples_of_lines() -> None:
    assert read_further(["A", "B\u202e"], None) == [("A", "B "), None]


def test_further_labels_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="no texts"):
        read_further([1, 2], None)
    with pytest.raises(ValueError, match="more than"):
        read_further(["A" * LONGEST, "B"], None)
