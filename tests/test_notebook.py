"""The cells of the Kaggle notebook, run in order on the demo."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.artifacts import open_run

ROOT = Path(__file__).parents[1]
CELLS: list[dict[str, Any]] = json.loads((ROOT / "notebooks/kaggle.ipynb").read_text())["cells"]
CODE = [cell for cell in CELLS if cell["cell_type"] == "code"]
INSTALLS = "install"  # the tag of the cell that changes the environment
OPTIONS = (
    "--profile quick --image-size 64 --folds 2 --views whole --frozen-epochs 1 --demo-works 150"
)


def test_no_output_is_kept_in_the_notebook() -> None:
    assert not any(cell["outputs"] or cell["execution_count"] for cell in CODE)


def test_one_cell_installs() -> None:
    (cell,) = [cell for cell in CODE if INSTALLS in cell["metadata"].get("tags", ())]
    assert "requirements.txt" in "".join(cell["source"])
    assert (ROOT / "requirements.txt").is_file()


@pytest.mark.slow
@pytest.mark.long
def test_all_cells_end_in_a_run_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARTEXTRACT_CODE", str(ROOT))
    monkeypatch.setenv("ARTEXTRACT_DATA", "demo")
    monkeypatch.setenv("ARTEXTRACT_WORK", str(tmp_path))
    monkeypatch.setenv("ARTEXTRACT_OPTIONS", OPTIONS)
    names: dict[str, Any] = {}
    for cell in CODE:
        if INSTALLS not in cell["metadata"].get("tags", ()):
            exec("".join(cell["source"]), names)  # as Kaggle does
    assert "Dry run: nothing was trained" in capsys.readouterr().out
    with zipfile.ZipFile(tmp_path / "artextract-run.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    (folder,) = [path.parent for path in (tmp_path / "unpacked").glob("*/manifest.json")]
    run = open_run(folder)
    run.verify_hashes()
    assert (run.image_folder / run.paintings["image"][0]).is_file()
