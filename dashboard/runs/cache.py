"""Runs with their tables and points, kept between visits.

Everything is keyed by the run's folder and the sizes and times of its files, so that a run that is
published, damaged or mended while the server runs is taken for what it is a second later. Nothing
here reads verdicts, whose database takes as long to import as a run takes to read.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import streamlit as st

from core.artifacts import (
    ArtifactBroken,
    Listing,
    Run,
    RunError,
    RunMissing,
    list_runs,
    open_run,
)
from core.artifacts.errors import RETRAIN
from core.artifacts.opening import stamp_manifest
from dashboard.point_cloud.packing import PackedPoints, build_columns, pack_points
from dashboard.runs.open_run import OpenRun
from dashboard.runs.table import build_table
from dashboard.settings import load_settings

FRESH_SECONDS: Final = 1.0  # before files are looked at again: each picture of a page asks


def list_all() -> list[Listing]:
    """Every run of the artifacts folder, newest first, broken ones with their error.

    The first one without an error is proved to be what was published; others, once opened.
    """
    root = load_settings().artifacts
    entries = list(_list_runs(str(root), _stamps(root)))
    for place, entry in enumerate(entries):
        if entry.error is None:
            fault = _find_fault(str(root / entry.run_id), stamp_run(root / entry.run_id))
            if fault is None:
                break
            entries[place] = replace(entry, error=fault)
    return entries


def open_listed(run_id: str) -> OpenRun:
    """The run ``run_id``, every file of it as it was published; raises ``RunError``."""
    folder = load_settings().artifacts / run_id
    return _open(str(folder), stamp_run(folder))


def find_newest() -> OpenRun | None:
    """The newest run that opens; None where none does."""
    newest = next((each.run_id for each in list_all() if each.error is None), None)
    return None if newest is None else open_listed(newest)


def find_run(run_id: str) -> Run | None:
    """The run ``run_id`` if it is among those listed and opens."""
    opened = find_open_run(run_id)
    return None if opened is None else opened.run


def find_open_run(run_id: str) -> OpenRun | None:
    """As ``find_run``, with its table."""
    if any(entry.run_id == run_id and entry.error is None for entry in list_all()):
        return open_listed(run_id)
    return None


def list_others(run: Run) -> list[Run]:
    """The other runs that open, newest first, nothing read but manifests and headers of files."""
    known = [entry.run for entry in list_all() if entry.run is not None and entry.error is None]
    return [other for other in known if other.run_id != run.run_id]


def load_points(opened: OpenRun) -> PackedPoints:
    """The points of the run's clouds, packed once."""
    folder = opened.run.folder
    return _load_points(str(folder), stamp_run(folder), opened)


def check_runs() -> None:
    """Raises ``RunError`` unless a run opens."""
    entries = list_all()
    if not any(entry.error is None for entry in entries):
        raise entries[0].error if entries and entries[0].error else RunMissing("There is no run")


def stamp_run(folder: Path) -> int:
    """Another number whenever a file of the run is; 0 for what is no run."""
    return _look_at_files(folder, int(time.monotonic() / FRESH_SECONDS))


@st.cache_resource(show_spinner=False, max_entries=8)
def _list_runs(root: str, stamps: tuple[tuple[bytes, int], ...]) -> list[Listing]:
    return list_runs(Path(root))


@st.cache_resource(show_spinner="Opening the run", max_entries=3)
def _open(folder: str, stamp: int) -> OpenRun:
    run = open_run(Path(folder))
    run.verify_hashes()
    try:
        return OpenRun(run, build_table(run))
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise ArtifactBroken(
            f"The tables of run {run.run_id} do not fit each other",
            found=f"{type(error).__name__}: {error}",
            remedy=f"{RETRAIN}.",
            says=run.manifest.command,
        ) from error


@st.cache_resource(show_spinner=False, max_entries=32)
def _find_fault(folder: str, stamp: int) -> RunError | None:
    try:
        _open(folder, stamp)
    except RunError as error:
        return error
    return None


@st.cache_resource(show_spinner=False, max_entries=3)
def _load_points(folder: str, stamp: int, _opened: OpenRun) -> PackedPoints:
    classes, word = _opened.run.manifest.classes, _opened.word
    return pack_points(build_columns(_opened.table, classes, _opened.ceiling, word), word)


def _stamps(root: Path) -> tuple[tuple[bytes, int], ...]:
    if not root.is_dir():
        return ()
    # A name on disk is any bytes.
    return tuple(sorted((os.fsencode(each.name), stamp_run(each)) for each in root.iterdir()))


@lru_cache(maxsize=64)
def _look_at_files(folder: Path, moment: int) -> int:
    """``stamp_run`` at ``moment``, which only tells one look from the next."""
    try:
        if stamp_manifest(folder) is None:
            return 0
        with os.scandir(folder) as files:
            facts = [(file.name, file.stat(follow_symlinks=False)) for file in files]
    except OSError as error:  # what cannot be looked into is listed with its error
        return -(error.errno or 1)
    return hash(tuple(sorted((name, at.st_size, at.st_mtime_ns, at.st_mode) for name, at in facts)))
