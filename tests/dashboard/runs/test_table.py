"""The run's table is what is written down of it."""

from __future__ import annotations

from core.artifacts import Run
from dashboard.runs.open_run import OpenRun
from dashboard.runs.table import COLUMNS


def test_the_table_has_the_columns_that_are_written_down(opened: OpenRun) -> None:
    built = {name: str(dtype) for name, dtype in opened.table.dtypes.items()}
    assert list(built.items()) == [(each.name, each.dtype) for each in COLUMNS]


def test_every_source_is_a_file_of_the_run_or_columns(run: Run) -> None:
    names = {each.name for each in COLUMNS}
    for column in COLUMNS:
        if "." in column.source:
            assert column.source in run.manifest.files
        else:
            assert set(column.source.split(", ")) <= names


def test_no_column_comes_twice() -> None:
    names = [each.name for each in COLUMNS]
    assert len(names) == len(set(names))
