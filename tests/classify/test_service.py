"""Many pictures at once: all answered, or told plainly to wait."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest

from core.artifacts import Run
from core.classify import Busy, Classifier, ClassifyService
from core.images.guard import DecodingGuard, GuardLimits
from core.images.loaded import ImageRefused
from tests.classify.conftest import read


def test_eight_at_once_are_all_answered(
    run: Run, classifier: Classifier, guard: DecodingGuard
) -> None:
    service = ClassifyService(guard, places=8)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda row: service.classify(classifier, read(run, row)), range(8)))
    for row, answered in enumerate(answers):
        alone = service.classify(classifier, read(run, row))
        np.testing.assert_array_equal(
            answered.classification.embedding, alone.classification.embedding
        )


def test_one_more_than_there_are_places_is_told_so(
    run: Run, classifier: Classifier, guard: DecodingGuard
) -> None:
    service = ClassifyService(guard, places=2)
    held, entered = threading.Event(), threading.Barrier(3)

    class Slow(Classifier):
        @property
        def stored_side(self) -> int:
            entered.wait(20)
            held.wait(20)
            return 384

    slow = Slow(run)
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(service.classify, slow, read(run, row)) for row in range(2)]
        entered.wait(20)
        with pytest.raises(Busy, match=r"2 pictures waiting.*Try again"):
            service.classify(classifier, read(run, 2))
        held.set()
        assert all(each.result().width > 0 for each in waiting)
    assert service.classify(classifier, read(run, 2)).height == 64


def test_busy_decoders_are_told_as_busy(run: Run, classifier: Classifier) -> None:
    limits = GuardLimits(wait_seconds=0.2)
    with closing(DecodingGuard(limits, children=1)) as guard:
        service = ClassifyService(guard)
        child = guard._take()
        with pytest.raises(Busy, match="Try again"):
            service.classify(classifier, read(run, 0))
        guard._give_back(child)
        assert service.classify(classifier, read(run, 0)).height == 64


def test_a_refusal_gives_its_place_back(
    run: Run, classifier: Classifier, guard: DecodingGuard
) -> None:
    service = ClassifyService(guard, places=1)
    for _ in range(3):
        with pytest.raises(ImageRefused):
            service.classify(classifier, b"no picture")
    assert service.classify(classifier, read(run, 0)).classification.probabilities
