"""Runs of schema 2 open, and say what they said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.artifacts import Run, open_run
from core.artifacts.reasons import read_reasons
from core.artifacts.upgrade import upgrade_reasons
from core.artifacts.writer import compute_sha256
from core.findings.labels.reasons import Told, tell
from tests.synthetic_run import build_run


def make_schema_two(folder: Path) -> None:
    """Rewrites a run as the trainer wrote it before reasons were data."""
    run = open_run(folder)
    told = [tell(each).lines for each in run.read_reasons(np.arange(len(run)))]
    findings = run.findings.assign(
        reason=[lines[0] for lines in told], reasons=["\n".join(lines) for lines in told]
    ).drop(columns="area_under_margin")
    pairs = run.cases["given"].fillna("") + " | " + run.cases["predicted"].fillna("")
    cases = run.cases.assign(
        rows=[" ".join(map(str, rows)) for rows in run.cases["rows"]],
        subject=run.cases["subject"].fillna(pairs),
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, table in (("findings.parquet", findings), ("cases.parquet", cases)):
        table.to_parquet(folder / name, index=False)
        manifest["files"][name] |= {
            "bytes": (folder / name).stat().st_size,
            "sha256": compute_sha256(folder / name),
        }
    (folder / "reasons.parquet").unlink()
    del manifest["files"]["reasons.parquet"]
    (folder / "manifest.json").write_text(json.dumps(manifest | {"schema_version": 2}))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """A run of today, and the same as schema 2 had it."""
    now, before = (build_run(tmp_path_factory.mktemp(name)) for name in ("now", "before"))
    make_schema_two(before)
    return open_run(now), open_run(before)


def test_a_run_of_schema_two_says_the_same(runs: tuple[Run, Run]) -> None:
    now, before = runs
    before.verify_hashes()
    rows = np.arange(len(now))
    told = [tell(reasons) for reasons in before.read_reasons(rows)]
    assert told == [tell(reasons) for reasons in now.read_reasons(rows)]
    assert any(each.favour for each in told)


def test_its_cases_are_the_same(runs: tuple[Run, Run]) -> None:
    now, before = runs
    pd.testing.assert_frame_equal(
        before.cases.drop(columns="rows"), now.cases.drop(columns="rows"), check_like=True
    )
    for case in now.cases["case"]:
        assert before.case_rows(case).tolist() == now.case_rows(case).tolist()


def test_sentences_are_parted_as_they_were_told() -> None:
    table = upgrade_reasons(pd.DataFrame({"reasons": ["Against.\nBut for it.", "Agrees.\nMore."]}))
    assert [tell(each) for each in read_reasons(table, [0, 1])] == [
        Told(("Against.",), ("For it.",)),
        Told(("Agrees.", "More."), ()),
    ]
