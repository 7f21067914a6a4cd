"""The made-up run that benchmarks of the dashboard are measured on, at small size."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.full_scale_run import build_full_scale
from core.artifacts import open_run

ROWS = 600


@pytest.mark.slow
@pytest.mark.paintings
def test_its_run_opens_whole(tmp_path: Path, wikiart_labels: Path, wikiart_mini: Path) -> None:
    run = open_run(build_full_scale(tmp_path, ROWS, wikiart_labels, wikiart_mini))
    assert len(run.paintings) == len(run.findings) == ROWS
    assert all((run.image_folder / each).is_file() for each in run.paintings["image"])
