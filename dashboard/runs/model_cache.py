"""The classifiers of runs and the service that reads pictures for them, kept between visits."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Final

import streamlit as st

from core.artifacts import Run
from core.classify import Classifier, ClassifyService
from core.images.guard import DecodingGuard, GuardLimits
from dashboard.runs import cache
from dashboard.settings import load_settings

_SERVICE_LOCK: Final = threading.Lock()  # held while processes are started, not awaited


def load_classifier(run: Run) -> Classifier:
    """The run's published model, opened once."""
    return _load_classifier(str(run.folder), cache.stamp_run(run.folder), run)


def find_classifier(run_id: str) -> Classifier | None:
    """The classifier of run ``run_id``, of the newest that opens where it is empty."""
    opened = cache.find_open_run(run_id) if run_id else cache.find_newest()
    return None if opened is None else load_classifier(opened.run)


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


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_classifier(folder: str, stamp: int, _run: Run) -> Classifier:
    return Classifier(_run)


@lru_cache(maxsize=1)
def _build_service() -> ClassifyService:
    limits = GuardLimits.of(load_settings().max_megapixels)
    return ClassifyService(DecodingGuard(limits))
