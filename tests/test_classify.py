"""One image in, an answer out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.artifacts import ArtifactBroken, Run, open_run
from core.classify import NEIGHBOURS, Classifier
from core.images.decode import ImageRefused
from tests.synthetic_run import build_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(build_run(tmp_path_factory.mktemp("artifacts")))


@pytest.fixture(scope="module")
def classifier(run: Run) -> Classifier:
    return Classifier(run)


def read(run: Run, row: int) -> bytes:
    return (run.image_folder / run.paintings["image"][row]).read_bytes()


def test_every_task_is_answered(run: Run, classifier: Classifier) -> None:
    answer = classifier.classify(read(run, 0))
    for task in run.manifest.tasks:
        assert answer.probabilities[task].shape == (len(run.classes(task)),)
        assert answer.probabilities[task].sum() == pytest.approx(1, abs=1e-5)


def test_neighbours_are_the_nearest_paintings(run: Run, classifier: Classifier) -> None:
    answer = classifier.classify(read(run, 3))
    similarity = run.embeddings @ answer.embedding
    np.testing.assert_array_equal(answer.neighbours, np.argsort(-similarity)[:NEIGHBOURS])
    assert (np.diff(answer.similarities) <= 0).all()


def test_the_position_lies_among_the_neighbours(run: Run, classifier: Classifier) -> None:
    answer = classifier.classify(read(run, 5))
    near = run.map[answer.neighbours]
    assert (near.min(axis=0) <= answer.position).all()
    assert (answer.position <= near.max(axis=0)).all()


def test_answers_do_not_depend_on_who_else_asks(run: Run, classifier: Classifier) -> None:
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda row: classifier.classify(read(run, row)), range(12)))
    for row, answer in enumerate(together):
        alone = classifier.classify(read(run, row))
        np.testing.assert_array_equal(answer.probabilities["style"], alone.probabilities["style"])


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut"])
def test_what_is_no_picture_is_refused(classifier: Classifier, data: bytes) -> None:
    with pytest.raises(ImageRefused):
        classifier.classify(data)


@pytest.mark.parametrize("name", ["backbone.onnx", "head.onnx"])
def test_a_broken_graph_is_named(tmp_path: Path, name: str) -> None:
    folder = build_run(tmp_path)
    run = open_run(folder)
    (folder / name).write_bytes(b"\1" * (folder / name).stat().st_size)
    with pytest.raises(ArtifactBroken, match=name):
        Classifier(run)
