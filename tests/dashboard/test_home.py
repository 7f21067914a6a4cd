"""The run that pages show: the newest, the chosen, none, and those in trouble."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from core.artifacts import Listing
from dashboard.components.page import build_command
from dashboard.components.run_picker import name_runs
from dashboard.settings import ARTIFACTS
from tests.dashboard.conftest import make_broken, make_old
from tests.dashboard.pages import open_page, rerun, text_of
from tests.synthetic_run import build_run


def test_without_a_run_the_page_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ARTIFACTS, str(tmp_path / "nothing"))
    text = text_of(open_page())
    assert "No run yet" in text
    assert "make train" in text


def test_an_old_run_says_how_to_rebuild_it(root: Path) -> None:
    make_old(root / "synthetic-1")
    text = text_of(open_page("outliers"))
    assert "cannot be opened" in text
    assert "version 0" in text
    assert build_command("python train.py synthetic").removesuffix("</code>") in text


def test_a_broken_run_names_the_file(root: Path) -> None:
    make_broken(root / "synthetic-1")
    text = text_of(open_page())
    assert "map.npy" in text
    assert "What to do" in text


def test_a_run_that_breaks_while_it_is_open_is_said(root: Path) -> None:
    assert "60 paintings" in text_of(open_page("outliers"))  # which does not read the metrics
    (root / "synthetic-1" / "metrics.json").write_text("{")
    text = text_of(open_page())
    assert "metrics.json" in text
    assert "What to do" in text


def test_a_run_that_is_removed_while_it_is_open_is_gone(root: Path) -> None:
    assert "60 paintings" in text_of(open_page())
    shutil.rmtree(root / "synthetic-1")
    assert "No run yet" in text_of(open_page())


def test_a_new_run_appears_and_the_newest_is_shown(root: Path) -> None:
    app = open_page()
    assert not app.sidebar.selectbox
    build_run(root, "synthetic-2", paintings=40, name="second")
    os.utime(root / "synthetic-2" / "manifest.json", (time.time() + 60, time.time() + 60))
    assert "40 paintings" in text_of(open_page())
    older = open_page(run="synthetic-1")
    assert "60 paintings" in text_of(older)
    assert older.sidebar.selectbox[0].options[1].startswith("Synthetic")


def test_runs_of_one_name_and_minute_are_told_apart(root: Path) -> None:
    moment = (root / "synthetic-1" / "manifest.json").stat().st_mtime
    entries = [
        Listing("demo-1", moment, "Demo", None),
        Listing("demo-2", moment + 1e-3, "Demo", None),
        Listing("other", moment, "Other", None),
    ]
    names = name_runs(entries)
    assert len(set(names.values())) == 3
    assert names["demo-1"].endswith("(demo-1)")
    assert "(" not in names["other"]


def test_a_broken_run_leaves_the_others_usable(root: Path) -> None:
    build_run(root, "synthetic-2", paintings=40)
    make_broken(root / "synthetic-2")
    app = open_page()
    assert "60 paintings" in text_of(app)
    app.sidebar.selectbox[0].set_value("synthetic-2")
    rerun(app)
    assert "map.npy" in text_of(app)


@pytest.mark.usefixtures("root")
def test_a_link_to_a_run_that_is_gone_falls_back() -> None:
    app = open_page(run="gone")
    assert "is no longer here" in app.toast[0].value
    assert "60 paintings" in text_of(app)


def test_a_run_published_while_somebody_browses_changes_nothing_under_their_hands(
    root: Path,
) -> None:
    app = open_page("outliers", given="Cubism")
    before = text_of(app)
    build_run(root, "synthetic-2", seed=1)
    later = (root / "synthetic-1" / "manifest.json").stat().st_mtime + 60
    os.utime(root / "synthetic-2" / "manifest.json", (later, later))
    rerun(app)
    assert app.query_params["run"] == "synthetic-1"
    assert text_of(app) == before
    assert app.selectbox(key="widget.run").options[0].startswith("Synthetic")
    assert len(app.selectbox(key="widget.run").options) == 2
    assert open_page("outliers").query_params["run"] == "synthetic-2"
