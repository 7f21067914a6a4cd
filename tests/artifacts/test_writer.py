"""A run is published whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.artifacts import ArtifactBroken, draft_run, list_runs, open_run
from tests.synthetic_run import build_run


def test_a_failed_draft_leaves_no_trace(tmp_path: Path) -> None:
    build_run(tmp_path)
    with pytest.raises(RuntimeError, match="power cut"):
        _draft_and_fail(tmp_path)
    assert [entry.run_id for entry in list_runs(tmp_path)] == ["synthetic-1"]
    assert not list(tmp_path.glob(".second*"))
    open_run(tmp_path / "synthetic-1").verify_hashes()


def test_an_unfinished_draft_is_no_run(tmp_path: Path) -> None:
    with draft_run(tmp_path, "first") as draft:
        draft.save_array("map.npy", np.zeros((3, 2)))
    assert list_runs(tmp_path) == []


def test_what_a_crash_left_does_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".synthetic-1.partial").mkdir()
    (tmp_path / ".synthetic-1.partial" / "map.npy").write_text("half")
    open_run(build_run(tmp_path))


def test_unknown_columns_are_refused(tmp_path: Path) -> None:
    with (
        draft_run(tmp_path, "first") as draft,
        pytest.raises(ArtifactBroken, match="surprise"),
    ):
        draft.save_table("findings.parquet", pd.DataFrame({"surprise": [1]}))


def test_arrays_with_nan_are_refused(tmp_path: Path) -> None:
    with draft_run(tmp_path, "first") as draft, pytest.raises(ArtifactBroken, match="NaN"):
        draft.save_array("map.npy", np.full((3, 2), np.nan))


def _draft_and_fail(root: Path) -> None:
    with draft_run(root, "second") as draft:
        draft.save_array("map.npy", np.zeros((3, 2)))
        raise RuntimeError("power cut")
