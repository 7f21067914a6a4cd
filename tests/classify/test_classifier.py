"""One picture in, an answer out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.artifacts import ArtifactBroken, Run, open_run
from core.classify import NEIGHBOURS, Classification, Classifier
from core.images.decode import decode_image
from tests.classify.conftest import read
from tests.synthetic_run import build_run


def ask(run: Run, classifier: Classifier, row: int) -> Classification:
    return classifier.classify(decode_image(read(run, row), short_side=classifier.stored_side))


def test_every_task_is_answered(run: Run, classifier: Classifier) -> None:
    answer = ask(run, classifier, 0)
    for task in run.manifest.tasks:
        assert answer.probabilities[task].shape == (len(run.classes(task)),)
        assert answer.probabilities[task].sum() == pytest.approx(1, abs=1e-5)


def test_neighbours_are_the_nearest_paintings(run: Run, classifier: Classifier) -> None:
    answer = ask(run, classifier, 3)
    similarity = run.embeddings @ answer.embedding
    near = answer.placement
    np.testing.assert_array_equal(near.neighbours, np.argsort(-similarity)[:NEIGHBOURS])
    assert (np.diff(near.similarities) <= 0).all()


def test_the_position_lies_among_the_neighbours(run: Run, classifier: Classifier) -> None:
    near = ask(run, classifier, 5).placement
    places = run.map[near.neighbours]
    assert (places.min(axis=0) <= near.position).all()
    assert (near.position <= places.max(axis=0)).all()


def test_answers_do_not_depend_on_who_else_asks(run: Run, classifier: Classifier) -> None:
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda row: ask(run, classifier, row), range(12)))
    for row, answer in enumerate(together):
        alone = ask(run, classifier, row)
        np.testing.assert_array_equal(answer.probabilities["style"], alone.probabilities["style"])
        np.testing.assert_array_equal(answer.placement.position, alone.placement.position)


@pytest.mark.parametrize("name", ["backbone.onnx", "head.onnx"])
def test_a_broken_graph_is_named(tmp_path: Path, name: str) -> None:
    folder = build_run(tmp_path)
    run = open_run(folder)
    (folder / name).write_bytes(b"\1" * (folder / name).stat().st_size)
    with pytest.raises(ArtifactBroken, match=name):
        Classifier(run)
