"""A run to ask, its classifier, and one guard for all tests of the folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from core.artifacts import Run, open_run
from core.classify import Classifier
from core.images.guard import DecodingGuard
from tests.synthetic_run import build_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(build_run(tmp_path_factory.mktemp("artifacts")))


@pytest.fixture(scope="session")
def classifier(run: Run) -> Classifier:
    return Classifier(run)


@pytest.fixture(scope="session")
def guard() -> Iterator[DecodingGuard]:
    with closing(DecodingGuard()) as guard:
        yield guard


def read(run: Run, row: int) -> bytes:
    """The stored picture of one painting."""
    return (run.image_folder / run.paintings["image"][row]).read_bytes()
