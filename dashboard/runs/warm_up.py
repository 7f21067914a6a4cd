"""What a server that has just started loads before anybody asks for it."""

from __future__ import annotations

import gc
import threading
import time
from contextlib import suppress
from typing import Final

from PIL import Image

from core.artifacts import RunError
from dashboard.runs import cache, model_cache
from dashboard.settings import load_settings

_DRAWN: Final = threading.Event()  # the first page
PATIENCE: Final = 20.0  # seconds that the model waits for it
PAUSE: Final = 1.0  # seconds more in which its pictures are loaded


def open_newest() -> None:
    """Opens the newest run and its verdicts: what is wrong with either, the page says."""
    reading = threading.Thread(target=_read_newest, name="newest-run", daemon=True)
    reading.start()
    # Meanwhile: the database of verdicts takes long to import, and the run is read by Arrow.
    from core.reviews import ReviewsError
    from dashboard.runs import review_cache

    reading.join()
    with suppress(RunError, ReviewsError):
        if opened := cache.find_newest():
            eyes = None if load_settings().open_review else ""  # of a visitor without a name
            review_cache.attach_reviews(opened, review_cache.open_reviews(), eyes, "")


def _read_newest() -> None:
    with suppress(RunError):
        cache.find_newest()


def load_model() -> None:
    """Soon after a page has been drawn: the points of the newest run's clouds, its model, the
    decoders.

    The first page needs none of these, and would wait for the processor that loads them. Where
    nobody comes for ``PATIENCE`` seconds, they are loaded all the same.
    """
    _DRAWN.wait(PATIENCE)
    time.sleep(PAUSE)
    with suppress(RunError):
        if opened := cache.find_newest():
            cache.load_points(opened)
            classifier = model_cache.load_classifier(opened.run)
            model_cache.load_service()
            size = opened.run.manifest.image_size
            classifier.classify(Image.new("RGB", (size, size)))
    # Streamlit collects garbage after every script, and need not look at what stays for good.
    gc.collect()
    gc.freeze()


def note_drawn() -> None:
    """Says that a page has been drawn: ``load_model`` goes on."""
    _DRAWN.set()
