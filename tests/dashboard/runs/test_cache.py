"""Every way in which a file of a run can be wrong: it is named, and nothing of the run is shown."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st

from core.artifacts import RunError
from core.artifacts.manifest import MANIFEST_NAME
from core.artifacts.schema import expected_files
from core.tasks import TASKS
from dashboard.runs import cache
from dashboard.settings import ARTIFACTS, REVIEWS
from tests.dashboard.pages import AT_ONCE, cards_of, open_page, text_of
from tests.synthetic_run import build_run

pytestmark = pytest.mark.slow

BAD, OTHER = "synthetic-1", "synthetic-2"
FILES = (*expected_files(TASKS), MANIFEST_NAME)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs over equally many paintings, the second one newer; read-only."""
    root = tmp_path_factory.mktemp("pair")
    for seed, name in enumerate((OTHER, BAD)):
        build_run(root, name, seed=seed)
    os.utime(root / OTHER / MANIFEST_NAME, (1e9, 1e9))  # the bad one would be opened first
    return root


@pytest.fixture
def runs(pair: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Both runs as the dashboard reads them; the bad one is a private copy."""
    (tmp_path / "images").symlink_to(pair / "images")
    shutil.copytree(pair / OTHER, tmp_path / OTHER)
    shutil.copytree(pair / BAD, tmp_path / BAD)
    monkeypatch.setenv(ARTIFACTS, str(tmp_path))
    monkeypatch.delenv(REVIEWS, raising=False)
    monkeypatch.setattr(cache, "FRESH_SECONDS", AT_ONCE)
    st.cache_resource.clear()
    yield tmp_path
    st.cache_resource.clear()


def truncate(_: Path, path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def swap(runs: Path, path: Path) -> None:
    shutil.copy(runs / OTHER / path.name, path)


def remove(_: Path, path: Path) -> None:
    path.unlink()


def empty(_: Path, path: Path) -> None:
    path.write_bytes(b"")


def add_row(_: Path, path: Path) -> None:
    """One more row; a line or some bytes where there are no rows."""
    if path.suffix == ".npy":
        array = np.load(path)
        np.save(path, np.concatenate([array, array[-1:]]))
    elif path.suffix == ".parquet":
        table = pd.read_parquet(path)
        pd.concat([table, table.tail(1)]).to_parquet(path, index=False)
    else:
        path.write_bytes(path.read_bytes() + b"\n1,2,3")


def fill_with_nan(_: Path, path: Path) -> None:
    """No numbers where there were some, in a file of the same size where that can be."""
    if path.suffix == ".npy":
        array = np.load(path)
        np.save(path, np.full_like(array, np.nan if array.dtype.kind == "f" else -1))
    elif path.suffix == ".parquet":
        table = pd.read_parquet(path)
        numbers = table.select_dtypes("number").columns
        table.assign(**dict.fromkeys(numbers, np.nan)).to_parquet(path, index=False)
    else:
        path.write_bytes(b"\xff" * path.stat().st_size)


def age(_: Path, path: Path) -> None:
    """As an earlier version wrote it: the first column, axis or field is not there."""
    if path.suffix == ".npy":
        np.save(path, np.load(path).astype("float64")[:, :1])
    elif path.suffix == ".parquet":
        pd.read_parquet(path).iloc[:, 1:].to_parquet(path, index=False)
    elif path.suffix == ".json":
        content = json.loads(path.read_text())
        path.write_text(json.dumps(dict(list(content.items())[1:])))
    else:
        path.write_bytes(path.read_bytes()[1:])


DAMAGES: list[Callable[[Path, Path], None]] = [
    *(truncate, swap, remove, empty, add_row, fill_with_nan, age)
]


def is_named(name: str, error: RunError) -> bool:
    """A manifest of another run makes the first file that differs the culprit."""
    return name in str(error) or (name == MANIFEST_NAME and ".parquet" in str(error))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named_and_the_other_run_stays(
    runs: Path, name: str, damage: Callable[[Path, Path], None]
) -> None:
    entries = {entry.run_id: entry for entry in cache.list_all()}
    assert entries[BAD].error is None
    before = (runs / BAD / name).read_bytes()
    damage(runs, runs / BAD / name)
    if damage is swap and (runs / BAD / name).read_bytes() == before:
        return  # both runs hold the same there
    entries = {entry.run_id: entry for entry in cache.list_all()}
    assert entries[OTHER].error is None
    if damage is remove and name == MANIFEST_NAME:
        assert set(entries) == {OTHER}  # a folder without one is no run
        return
    error = entries[BAD].error
    assert error is not None
    assert is_named(name, error)
    assert cache.find_open_run(BAD) is None
    opened = cache.find_open_run(OTHER)
    assert opened is not None
    assert len(opened.table) == 60


@pytest.mark.parametrize("place", range(0, len(FILES), 3))
def test_the_page_of_a_damaged_run_says_which_file_and_the_way_out(runs: Path, place: int) -> None:
    name, damage = FILES[place], DAMAGES[place % len(DAMAGES)]
    if name == MANIFEST_NAME:
        damage = truncate
    damage(runs, runs / BAD / name)
    app = open_page("outliers", run=BAD)
    text = text_of(app)
    assert "This run cannot be opened" in text
    assert name in text
    assert "What to do" in text or name == MANIFEST_NAME
    assert cards_of(app) == 0
    app = open_page("outliers")
    assert app.query_params["run"] == OTHER
    assert cards_of(app) == 24


@pytest.mark.parametrize("name", ["paintings.parquet", "map.npy", "head.onnx", MANIFEST_NAME])
def test_a_file_that_may_not_be_read_is_named(
    pair: Path,
    open_folder: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    runs = Path(shutil.copytree(pair, open_folder / "artifacts"))
    runs.chmod(0o755)
    (runs / BAD / name).chmod(0)
    monkeypatch.setenv(ARTIFACTS, str(runs))
    st.cache_resource.clear()
    request.getfixturevalue("unprivileged")
    entries = {entry.run_id: entry.error for entry in cache.list_all()}
    assert name in str(entries[BAD])
    assert entries[OTHER] is None


def test_damage_under_an_open_page_is_seen_and_mending_too(runs: Path) -> None:
    path = runs / BAD / "map.npy"
    whole = path.read_bytes()
    app = open_page("outliers", run=BAD)
    assert cards_of(app) == 24
    path.write_bytes(whole[:-4] + b"\0\0\0\0")
    assert "map.npy" in text_of(app.run())
    path.write_bytes(whole)
    assert cards_of(app.run()) == 24


def test_hostile_folders_beside_a_run_leave_it_ready(runs: Path) -> None:
    """Each kind is tried on ``list_runs``; here all of them at once, as the server sees them."""
    (runs / "deep").mkdir()
    (runs / "deep" / MANIFEST_NAME).write_text("[" * 100_000)
    (runs / "pipe").mkdir()
    os.mkfifo(runs / "pipe" / MANIFEST_NAME)
    (runs / "dangling").symlink_to("/nowhere")
    shutil.copytree(runs / BAD, runs / "odd\nname\udcff")
    (runs / BAD / "map.npy").unlink()
    (runs / BAD / "map.npy").symlink_to("/nowhere")
    entries = {entry.run_id: entry.error for entry in cache.list_all()}
    assert [name for name, error in entries.items() if error is None] == [OTHER]
    assert len(entries) == 6
    cache.check_runs()
    text = text_of(open_page("outliers", run="pipe"))
    assert "a named pipe, not a regular file" in text
