"""Folders of runs for the dashboard: one whole, and each kind of trouble."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache as cache_result
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from core.artifacts import Run, open_run
from core.reviews import ReviewLog, open_log
from dashboard.runs import cache, model_cache
from dashboard.runs.open_run import OpenRun
from dashboard.runs.table import build_table
from dashboard.settings import ARTIFACTS, REVIEWS
from tests.dashboard.pages import AT_ONCE
from tests.synthetic_run import build_run


@pytest.fixture(scope="session", autouse=True)
def packages_are_scanned_once() -> Iterator[None]:
    """Streamlit looks for components in every installed package, anew for each ``AppTest``."""
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache_result(scan))
        yield


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An artifacts folder with one run, for all tests: whoever changes it takes ``root``."""
    root = tmp_path_factory.mktemp("artifacts")
    build_run(root)
    before = list_files(root)
    yield root
    assert list_files(root) == before


def list_files(root: Path) -> dict[str, int]:
    """Bytes of each file of the runs below ``root`` and of their pictures."""
    return {str(path): path.stat().st_size for path in root.glob("*/**/*") if path.is_file()}


@pytest.fixture
def run(built: Path) -> Run:
    return open_run(built / "synthetic-1")


@pytest.fixture
def opened(run: Run) -> OpenRun:
    return OpenRun(run, build_table(run))


@contextmanager
def reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The dashboard reads ``folder``, and nothing that it read before."""
    monkeypatch.setenv(ARTIFACTS, str(folder))
    monkeypatch.setattr(cache, "FRESH_SECONDS", AT_ONCE)
    st.cache_resource.clear()
    yield folder
    model_cache.close_service()
    st.cache_resource.clear()


@pytest.fixture
def root(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A private copy of ``built`` that the dashboard reads."""
    folder = tmp_path / "artifacts"
    shutil.copytree(built, folder)
    monkeypatch.delenv(REVIEWS, raising=False)  # a server that another test started wrote it
    with reading(folder, monkeypatch):
        yield folder


@pytest.fixture
def log(root: Path) -> ReviewLog:
    """The log that the dashboard over ``root`` reads, opened beside it."""
    return open_log(root / "reviews.sqlite")


@pytest.fixture
def labels(built: Path) -> dict[str, str]:
    table = open_run(built / "synthetic-1").paintings
    return dict(zip(table["key"], table["given_style"], strict=True))


@pytest.fixture
def keys(root: Path) -> list[str]:
    return open_run(root / "synthetic-1").paintings["key"].tolist()


def make_old(folder: Path) -> None:
    """Turns a run into one of an earlier schema."""
    manifest = folder / "manifest.json"
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(content | {"schema_version": 0}))


def make_broken(folder: Path) -> None:
    """Cuts one file of a run short."""
    path = folder / "map.npy"
    path.write_bytes(path.read_bytes()[:-8])
