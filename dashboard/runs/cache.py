"""Runs, tables and the classifier, kept between visits. The only user of ``st.cache_*``.

Everything is keyed by the run's folder and the sizes and times of its files, so that a run that is
published, damaged or mended while the server runs is taken for what it is a second later.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st
from PIL import Image

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
from core.classify import Classifier, ClassifyService
from core.images.guard import DecodingGuard, GuardLimits
from core.reviews import NamedSet, ReviewLog, ReviewsError, Stamp, Worklist, open_log
from core.reviews.blind import find_seen
from core.reviews.of_run import take_standing
from dashboard.point_cloud.packing import PackedPoints, build_columns, pack_points
from dashboard.runs.open_run import OpenRun
from dashboard.runs.table import build_table
from dashboard.selection.verdicts import add_sets, add_verdicts
from dashboard.settings import load_settings

_LOOKS: Final[ContextVar[dict[str, tuple[Stamp, ...]] | None]] = ContextVar("looks", default=None)
_SERVICE_LOCK: Final = threading.Lock()  # held while processes are started, not awaited
_DRAWN: Final = threading.Event()  # the first page
PATIENCE: Final = 20.0  # seconds that the model waits for it
PAUSE: Final = 1.0  # seconds more in which its pictures are loaded
VISITORS: Final = 6  # whose view of the verdicts is kept; each is as long as the run's table
FRESH_SECONDS: Final = 1.0  # before files are looked at again: each picture of a page asks


@dataclass(frozen=True)
class Seen:
    """Verdicts in force that a visitor may see; ``hidden``: how many more there are."""

    rows: pd.DataFrame
    hidden: int


def list_all() -> list[Listing]:
    """Every run of the artifacts folder, newest first, broken ones with their error.

    The first one without an error is proved to be what was published; others, once opened.
    """
    root = load_settings().artifacts
    entries = list(_list_runs(str(root), _stamps(root)))
    for place, entry in enumerate(entries):
        if entry.error is None:
            fault = _find_fault(str(root / entry.run_id), _stamp(root / entry.run_id))
            if fault is None:
                break
            entries[place] = replace(entry, error=fault)
    return entries


def open_listed(run_id: str) -> OpenRun:
    """The run ``run_id``, every file of it as it was published; raises ``RunError``."""
    folder = load_settings().artifacts / run_id
    return _open(str(folder), _stamp(folder))


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
    return _load_points(str(folder), _stamp(folder), opened)


def load_classifier(run: Run) -> Classifier:
    """The run's published model, opened once."""
    return _load_classifier(str(run.folder), _stamp(run.folder), run)


def load_service() -> ClassifyService:
    """The one way in for pictures from outside, shared by all visits.

    No cache: whoever clears one must not end the decoders that others wait for.
    """
    with _SERVICE_LOCK:
        return _build_service()


def close_service() -> None:
    """Ends the decoders with the server; who waits for one is told so."""
    with _SERVICE_LOCK:
        if _build_service.cache_info().currsize:
            _build_service().close()
            _build_service.cache_clear()


@lru_cache(maxsize=1)
def _build_service() -> ClassifyService:
    limits = GuardLimits.of(load_settings().max_megapixels)
    return ClassifyService(DecodingGuard(limits))


def find_classifier(run_id: str) -> Classifier | None:
    """The classifier of run ``run_id``, of the newest that opens where it is empty."""
    known = [entry.run_id for entry in list_all() if entry.error is None]
    chosen = run_id or next(iter(known), "")
    return load_classifier(open_listed(chosen).run) if chosen in known else None


def open_newest() -> None:
    """Opens the newest run and its verdicts: what is wrong with either, the page says."""
    with suppress(RunError, ReviewsError):
        if opened := _open_newest():
            attach_reviews(opened, open_reviews(), None, "")


def warm_up() -> None:
    """Soon after a page has been drawn: the points of the newest run's clouds, its model, the
    decoders.

    The first page needs none of these, and would wait for the processor that loads them. Where
    nobody comes for ``PATIENCE`` seconds, they are loaded all the same.
    """
    _DRAWN.wait(PATIENCE)
    time.sleep(PAUSE)
    with suppress(RunError):
        if opened := _open_newest():
            load_points(opened)
            classifier = load_classifier(opened.run)
            load_service()
            size = opened.run.manifest.image_size
            classifier.classify(Image.new("RGB", (size, size)))
    # Streamlit collects garbage after every script, and need not look at what stays for good.
    gc.collect()
    gc.freeze()


def note_drawn() -> None:
    """Says that a page has been drawn: ``warm_up`` goes on."""
    _DRAWN.set()


def _open_newest() -> OpenRun | None:
    newest = next((each.run_id for each in list_all() if each.error is None), None)
    return None if newest is None else open_listed(newest)


def open_reviews() -> ReviewLog:
    """The log of verdicts; raises ``ReviewsError``."""
    return _open_reviews(load_settings().reviews_place)


def check_runs() -> None:
    """Raises ``RunError`` unless a run opens."""
    entries = list_all()
    if not any(entry.error is None for entry in entries):
        raise entries[0].error if entries and entries[0].error else RunMissing("There is no run")


def check_reviews() -> None:
    """Raises ``ReviewsError`` unless verdicts can be recorded."""
    log = open_reviews()
    log.check()
    if log.trouble is not None:
        raise log.trouble


@contextmanager
def one_look() -> Iterator[None]:
    """Within it the database is asked once whether anything changed: a page shows one state of it.

    ``look_again`` forgets the answer, as whoever writes within it must.
    """
    token = _LOOKS.set({})
    try:
        yield
    finally:
        _LOOKS.reset(token)


def look(log: ReviewLog) -> tuple[Stamp, ...]:
    """The stamps of the verdicts, the sets and the worklists; raises ``ReviewsError``."""
    known = _LOOKS.get()
    if known is None:
        return log.stamps()
    if log.place not in known:
        known[log.place] = log.stamps()
    return known[log.place]


def look_again() -> None:
    """After a write: what ``one_look`` saw holds no more."""
    if known := _LOOKS.get():
        known.clear()


def load_standing(opened: OpenRun, log: ReviewLog) -> pd.DataFrame:
    """The verdicts in force on labels of this run, by its own tasks, those on a painting that was
    renamed under the name it has in this run; raises ``ReviewsError``.
    """
    folder = opened.run.folder
    return _follow(str(folder), _stamp(folder), log.place, look(log)[0], opened, log)


def load_seen(opened: OpenRun, log: ReviewLog, reviewer: str | None) -> Seen:
    """The verdicts in force that ``reviewer`` may see; None sees all. Raises ``ReviewsError``."""
    folder = opened.run.folder
    return _load_seen(str(folder), _stamp(folder), log.place, look(log)[0], reviewer, opened, log)


def load_sets(log: ReviewLog) -> tuple[NamedSet, ...]:
    """The named sets, the newest first; raises ``ReviewsError``."""
    return _load_sets(log.place, look(log)[1], log)


def load_worklists(log: ReviewLog) -> tuple[Worklist, ...]:
    """The worklists, the oldest first; raises ``ReviewsError``."""
    return _load_worklists(log.place, look(log)[1:], log)


def find_set(set_id: str) -> NamedSet | None:
    """The named set of that id; raises ``ReviewsError``."""
    return next((each for each in load_sets(open_reviews()) if each.id == set_id), None)


def attach_reviews(opened: OpenRun, log: ReviewLog, reviewer: str | None, name: str) -> OpenRun:
    """``opened`` with what reviewers said of each painting, and its sets.

    ``reviewer`` as for ``load_seen``; ``name``: whose own verdicts are marked as such.
    Raises ``ReviewsError``.
    """
    folder = opened.run.folder
    whose = reviewer, name
    return _attach_reviews(
        str(folder), _stamp(folder), log.place, look(log)[:2], whose, opened, log
    )


@st.cache_resource(show_spinner=False, max_entries=2)
def _open_reviews(place: str) -> ReviewLog:
    return open_log(place)


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_standing(place: str, stamp: Stamp, _log: ReviewLog) -> pd.DataFrame:
    return _log.load_standing()


@st.cache_resource(show_spinner=False, max_entries=3)
def _follow(
    folder: str, run_stamp: int, place: str, stamp: Stamp, _opened: OpenRun, _log: ReviewLog
) -> pd.DataFrame:
    return take_standing(_load_standing(place, stamp, _log), _opened.run)


@st.cache_resource(show_spinner=False, max_entries=VISITORS)
def _load_seen(
    folder: str,
    run_stamp: int,
    place: str,
    stamp: Stamp,
    reviewer: str | None,
    _opened: OpenRun,
    _log: ReviewLog,
) -> Seen:
    standing = _follow(folder, run_stamp, place, stamp, _opened, _log)
    if reviewer is None:
        return Seen(standing, 0)
    seen = standing[find_seen(standing, standing, reviewer).to_numpy()]
    return Seen(seen, len(standing) - len(seen))


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_worklists(place: str, stamps: tuple[Stamp, ...], _log: ReviewLog) -> tuple[Worklist, ...]:
    return _log.worklists.load()


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_sets(place: str, stamp: Stamp, _log: ReviewLog) -> tuple[NamedSet, ...]:
    return _log.sets.load()


@st.cache_resource(show_spinner=False, max_entries=VISITORS)
def _attach_reviews(
    folder: str,
    run_stamp: int,
    place: str,
    stamps: tuple[Stamp, ...],
    whose: tuple[str | None, str],
    _opened: OpenRun,
    _log: ReviewLog,
) -> OpenRun:
    verdicts, sets = stamps
    where = folder, run_stamp, place, verdicts
    standing = _follow(*where, _opened, _log)
    seen = _load_seen(*where, whose[0], _opened, _log).rows
    table = add_verdicts(_opened.table, standing, seen, whose[1])
    return _opened.with_table(add_sets(table, _load_sets(place, sets, _log)))


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


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_classifier(folder: str, stamp: int, _run: Run) -> Classifier:
    return Classifier(_run)


def _stamps(root: Path) -> tuple[tuple[bytes, int], ...]:
    if not root.is_dir():
        return ()
    # A name on disk is any bytes.
    return tuple(sorted((os.fsencode(each.name), _stamp(each)) for each in root.iterdir()))


def _stamp(folder: Path) -> int:
    """Another number whenever a file of the run is; 0 for what is no run."""
    return _look_at_files(folder, int(time.monotonic() / FRESH_SECONDS))


@lru_cache(maxsize=64)
def _look_at_files(folder: Path, moment: int) -> int:
    """``_stamp`` at ``moment``, which only tells one look from the next."""
    try:
        if stamp_manifest(folder) is None:
            return 0
        with os.scandir(folder) as files:
            facts = [(file.name, file.stat(follow_symlinks=False)) for file in files]
    except OSError as error:  # what cannot be looked into is listed with its error
        return -(error.errno or 1)
    return hash(tuple(sorted((name, at.st_size, at.st_mtime_ns, at.st_mode) for name, at in facts)))
