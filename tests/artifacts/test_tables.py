"""Tables of a run: what is read of them before they are needed."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from core.artifacts.schema import TABLES
from core.artifacts.tables import count_rows

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
