"""Contact sheets of a run: the right paintings, in order, as files that open."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.artifacts import Run, open_run
from core.export.sheets import draw_case, draw_outliers, draw_paintings, main, save_sheets
from tests.synthetic_run import build_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(build_run(tmp_path_factory.mktemp("artifacts")))


def find_picture(run: Run, row: int, page: Image.Image) -> tuple[int, int] | None:
    """Where the plain colour of a painting begins on the page: y, x."""
    stored = Image.open(io.BytesIO((run.image_folder / run.paintings["image"][row]).read_bytes()))
    colour = np.asarray(stored.convert("RGB"))[32, 32].astype(int)
    near = (np.abs(np.asarray(page).astype(int) - colour) <= 2).all(axis=2)
    if near.sum() < 1000:
        return None
    y, x = np.nonzero(near)
    return int(y[0]), int(x[0])


def test_paintings_stand_in_the_order_asked_for(run: Run) -> None:
    (page,) = draw_paintings(run, [7, 2], "Two")
    first, second = (find_picture(run, row, page) for row in (7, 2))
    assert first is not None
    assert second is not None
    assert first[1] < second[1]
    assert find_picture(run, 40, page) is None


def test_the_most_suspicious_come_first(run: Run) -> None:
    pages = draw_outliers(run, 20)
    assert len(pages) == 2
    assert find_picture(run, int(run.findings["score"].argmax()), pages[0])
    assert not find_picture(run, int(run.findings["score"].argmin()), pages[1])


def test_a_case_shows_its_works(run: Run) -> None:
    (page,) = draw_case(run, "artist:Hilma af Klint")
    assert all(find_picture(run, row, page) for row in run.case_rows("artist:Hilma af Klint"))
    with pytest.raises(KeyError):
        draw_case(run, "artist:Nobody")


def test_every_case_with_works_has_its_files(run: Run, tmp_path: Path) -> None:
    saved = {path.name for path in save_sheets(run, tmp_path / "sheets")}
    assert {"outliers.pdf", "outliers-1.png", "artist-jackson-pollock.pdf"} <= saved
    assert not any("hopper" in name for name in saved)
    pdfs = {name for name in saved if name.endswith(".pdf")}
    assert len(pdfs) == 1 + (run.cases["rows"].map(len) > 0).sum()


def test_a_picture_that_is_gone_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = build_run(tmp_path)
    run = open_run(folder)
    path = run.picture(int(run.findings["score"].argmax())).path
    path.unlink()
    assert main([str(folder), str(tmp_path / "sheets")]) == 2
    assert str(path) in capsys.readouterr().err


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), str(tmp_path / "out")]) == 2
    assert "holds no run" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "python -m core.export.sheets" in capsys.readouterr().err


def test_a_sheet_says_where_it_comes_from(run: Run) -> None:
    without, with_filter = (draw_paintings(run, [7], "One", filters=f)[0] for f in ("", "Cubism"))
    changed = np.argwhere((np.asarray(without) != np.asarray(with_filter)).any(axis=2))
    assert len(changed)
    assert changed[:, 0].min() > without.height - 60  # at the foot alone
    foot = np.asarray(without.crop((60, without.height - 45, 600, without.height - 15)))
    assert (foot < 200).any()  # the run and the day
