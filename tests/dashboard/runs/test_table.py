"""The run's table is what is written down of it."""

from __future__ import annotations

import numpy as np
import pytest

from core.artifacts import Run
from core.export.lists import build_list
from dashboard.runs.open_run import OpenRun
from dashboard.runs.table import COLUMNS, build_table


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


def test_a_run_that_claimed_a_medium_shows_and_exports_how_its_pictures_look(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(run.__dict__, "findings", run.findings.assign(medium="photograph"))
    assert set(build_table(run)["medium"]) == {"smooth greys"}
    assert set(build_list(run, np.array([0, 1]))["medium"]) == {"smooth greys"}


def test_no_column_comes_twice() -> None:
    names = [each.name for each in COLUMNS]
    assert len(names) == len(set(names))
