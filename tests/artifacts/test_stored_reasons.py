"""Reasons read by part: the same as read whole, and no more of the file than was asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.artifacts import ArtifactBroken, open_run, stored_reasons, tables
from core.artifacts.reader import Run
from core.artifacts.schema import REASONS
from core.findings.labels.reasons import tell_rows
from tests.reading_reasons import read_reasons
from tests.synthetic_run import build_run

PAINTINGS = 60


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run whose reasons lie in groups of seven, so that many paintings' lie in two."""
    opened = open_run(build_run(tmp_path, paintings=PAINTINGS))
    write(opened, opened.reasons)
    return opened


def write(run: Run, table: pd.DataFrame, group: int = 7) -> None:
    typed = pa.Table.from_pandas(table, preserve_index=False)
    pq.write_table(typed, run.folder / "reasons.parquet", row_group_size=group)


@pytest.mark.parametrize(
    "rows", [[], [0], [PAINTINGS - 1], [31, 2, 31, 5], list(range(PAINTINGS))[::-1]]
)
def test_reasons_are_those_of_the_whole_table(run: Run, rows: list[int]) -> None:
    assert run.read_reasons(rows) == read_reasons(run.reasons, rows)
    assert all(run.read_reasons(rows))


def test_a_painting_costs_its_own_groups_and_those_once(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    real = tables.read_groups

    def note(file: object, footer: object, groups: list[int], *rest: object) -> object:
        read.extend(groups)
        return real(file, footer, groups, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(stored_reasons, "read_groups", note)
    reasons = run.read_reasons([40])[0]
    assert 1 <= len(read) <= 1 + (len(reasons) + 6) // 7
    assert read == sorted(read)
    before = list(read)
    run.read_reasons([40])
    assert read == before


def test_the_groups_asked_for_last_are_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_reasons, "KEPT", 2)
    everything, stored = range(PAINTINGS), run._stored_reasons
    assert run.read_reasons(everything) == read_reasons(run.reasons, everything)
    assert len(stored._kept) == 2
    for groups in ([3], [5], [3], [8]):
        stored._load_some(groups)
    assert [*stored._kept] == [3, 8]


def test_a_group_that_cannot_be_read_leaves_no_more_kept(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_reasons, "KEPT", 2)
    stored = run._stored_reasons
    stored._load_some([0, 1])
    for good in (2, 3, 4):
        with pytest.raises(Exception, match="row_group"):
            stored._load_some([good, 10_000])
    assert len(stored._kept) <= 2
    assert run.read_reasons([0]) == read_reasons(run.reasons, [0])


def test_a_run_is_written_in_groups(tmp_path: Path) -> None:
    folder = build_run(tmp_path, paintings=PAINTINGS)
    assert REASONS.group is not None
    footer = pq.ParquetFile(folder / "reasons.parquet").metadata
    assert footer.num_row_groups == -(-footer.num_rows // REASONS.group)


def test_reasons_out_of_order_are_named(run: Run) -> None:
    write(run, run.reasons.iloc[::-1])
    with pytest.raises(ArtifactBroken, match="out of the order"):
        run.read_reasons([0])


def test_reasons_of_no_painting_are_named(run: Run) -> None:
    write(run, run.reasons.assign(row=np.int32(PAINTINGS)))
    with pytest.raises(ArtifactBroken, match=r"reasons\.parquet"):
        run.read_reasons([0])


@pytest.mark.parametrize("column", ["row", "kind", "values"])
def test_missing_values_are_named(run: Run, column: str) -> None:
    whole = run.reasons.astype({"row": "Int32"})
    whole.loc[0, column] = None
    write(run, whole)
    with pytest.raises(ArtifactBroken, match=r"reasons\.parquet"):
        tell_rows(run, [0])


def test_a_text_beyond_bounds_is_named(run: Run) -> None:
    write(run, run.reasons.assign(values="x" * 2_000_000))
    with pytest.raises(ArtifactBroken, match="a text of more than"):
        run.read_reasons([0])


def test_groups_that_are_kept_hold_no_more_text_than_a_table_may(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = pq.ParquetFile(run.folder / "reasons.parquet").metadata.num_row_groups
    held = run.reasons["values"].str.len().groupby(np.arange(len(run.reasons)) // 7).sum().max()
    monkeypatch.setattr(stored_reasons, "MOST_TEXT", int(2 * held) * groups)
    assert run.read_reasons([0])[0]
    long = [f"[{row}" + " " * int(held) + "]" for row in range(len(run.reasons))]
    write(run, run.reasons.assign(values=long))
    with pytest.raises(ArtifactBroken, match="bytes of text in one column"):
        Run(run.folder, run.manifest).read_reasons([0])


def test_a_file_that_is_cut_off_is_named(run: Run) -> None:
    run.read_reasons([0])
    path = run.folder / "reasons.parquet"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ArtifactBroken, match=r"reasons\.parquet"):
        run.read_reasons([PAINTINGS - 1])
