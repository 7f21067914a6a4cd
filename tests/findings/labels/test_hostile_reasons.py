"""Reasons of a run that somebody else made: a sentence each, or the file is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.artifacts import ArtifactBroken, open_run
from core.export.lists import build_list
from core.export.sheets import draw_paintings
from core.findings.labels.reasons import tell_rows
from tests.synthetic_run import build_run


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("answer", f'{{"given": "a", "predicted": "b", "confidence": 1{"0" * 400}}}'),
        ("answer", '{"given": "\\u202egnp", "predicted": "b", "confidence": 0.5}'),
        ("answer", '{"given": "\\ud800", "predicted": "b", "confidence": 0.5}'),
        ("answer", '{"given": "a\\u0000b"}'),
        ("copy", f'{{"label": "{"x" * 9_000}"}}'),
        ("copy", "{}"),
        ("copy", "[]"),
        ("copy", "[" * 30_000),
        ("no such kind", "{}"),
    ],
)
def test_reasons_that_make_no_sentence_are_named(tmp_path: Path, kind: str, values: str) -> None:
    run = open_run(build_run(tmp_path, paintings=12))
    told = run.reasons.copy()
    told.loc[told["row"] == 1, ["kind", "values"]] = kind, values
    told.to_parquet(run.folder / "reasons.parquet", index=False)
    assert len(tell_rows(run, [0])) == 1
    with pytest.raises(ArtifactBroken, match=r"reasons\.parquet"):
        tell_rows(run, [0, 1])
    with pytest.raises(ArtifactBroken, match=r"reasons\.parquet"):
        build_list(run, np.array([0, 1]))
    with pytest.raises(ArtifactBroken, match=r"reasons\.parquet"):
        draw_paintings(run, [0, 1], "Two")


def test_a_painting_without_reasons_is_named(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path, paintings=12))
    rest = run.reasons[run.reasons["row"] != 1]
    rest.to_parquet(run.folder / "reasons.parquet", index=False)
    with pytest.raises(ArtifactBroken, match="nothing is said"):
        tell_rows(run, [1])
