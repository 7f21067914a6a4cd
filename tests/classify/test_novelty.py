"""How novel an upload is called."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.artifacts import Run
from core.classify import Classifier
from core.classify.novelty import Novelty
from core.findings.novelty import compute_novelty
from core.findings.oeuvre.other_works import code_artists


@pytest.mark.parametrize(
    ("value", "is_unlike", "is_unusual"),
    [(-0.4, False, False), (0.3, False, False), (0.7, False, True), (1.0, True, False)],
)
def test_only_from_the_outer_fence_on_is_a_picture_unlike_anything(
    value: float, is_unlike: bool, is_unusual: bool
) -> None:
    novelty = Novelty(value)
    assert (novelty.is_unlike, novelty.is_unusual) == (is_unlike, is_unusual)


def test_the_classifier_calls_out_a_colour_that_no_painting_has(classifier: Classifier) -> None:
    usual = classifier.classify(Image.new("RGB", (40, 40), (128, 128, 128))).novelty
    strange = classifier.classify(Image.new("RGB", (40, 40), (0, 255, 0))).novelty
    assert usual is not None
    assert strange is not None
    assert usual.value < strange.value


def test_an_upload_is_held_against_what_the_findings_are(classifier: Classifier, run: Run) -> None:
    """One measure: a picture far from all works is as far for the findings as for the page."""
    novelty = classifier.classify(Image.new("RGB", (40, 40), (0, 255, 0))).novelty
    assert novelty is not None
    layers = [each for each in (run.texture, run.content) if each is not None]
    stranger = [np.concatenate([each, [[0.0, 1.0, 0.0]]]) for each in layers]
    artists = np.append(code_artists(run.paintings["artist"]), -1)
    found = compute_novelty(stranger, artists, np.arange(len(artists)))[-1]
    assert found == pytest.approx(novelty.value, rel=0.25)
