"""Novelty against a collection whose shape is known."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.classify import Classifier
from core.classify.novelty import UNLIKE, NoveltyReference

RNG = np.random.default_rng(0)
COLLECTION = RNG.normal(size=(800, 6)) * [1, 5, 0.1, 1, 1, 0] + 3


def test_paintings_like_the_collection_are_spread_evenly() -> None:
    reference = NoveltyReference(COLLECTION)
    others = RNG.normal(size=(400, 6)) * [1, 5, 0.1, 1, 1, 0] + 3
    percentiles = np.array([reference.judge(other).percentile for other in others])
    assert abs(percentiles.mean() - 0.5) < 0.06
    assert abs((percentiles >= UNLIKE).mean() - 0.05) < 0.03


def test_few_paintings_of_many_channels_call_out_no_more_of_their_kind() -> None:
    """Fitted to so few, the collection's own would seem nearer than any new painting."""
    rng = np.random.default_rng(1)
    reference = NoveltyReference(rng.normal(size=(400, 150)))
    others = reference.measure(rng.normal(size=(400, 150)))
    assert abs((others >= UNLIKE).mean() - 0.05) < 0.03


def test_a_stranger_in_either_layer_is_unlike() -> None:
    rng = np.random.default_rng(2)
    low, high = rng.normal(size=(500, 4)), rng.normal(size=(500, 7))
    reference = NoveltyReference(low, high)
    assert reference.judge(low[0] * 0, high[0] * 0).percentile < 0.05
    assert reference.judge(low[0] * 0 + 20, high[0] * 0).is_unlike
    assert reference.judge(low[0] * 0, high[0] * 0 + 20).is_unlike
    others = reference.measure(rng.normal(size=(500, 4)), rng.normal(size=(500, 7)))
    assert abs((others >= UNLIKE).mean() - 0.05) < 0.03


@pytest.mark.parametrize("axis", range(6))
def test_what_lies_far_out_in_any_direction_is_unlike(axis: int) -> None:
    """Also along an axis in which the collection does not vary at all."""
    stranger = COLLECTION.mean(axis=0)
    assert NoveltyReference(COLLECTION).judge(stranger).percentile < 0.05
    stranger[axis] += 60
    novelty = NoveltyReference(COLLECTION).judge(stranger)
    assert novelty.percentile == 1
    assert novelty.is_unlike


def test_the_unit_of_a_channel_does_not_matter() -> None:
    units = np.array([1, 10, 1000, 0.1, 3, 1])
    one, other = NoveltyReference(COLLECTION), NoveltyReference(COLLECTION * units)
    probe = COLLECTION[5] + 0.7
    assert one.judge(probe).percentile == pytest.approx(other.judge(probe * units).percentile)


def test_the_classifier_calls_out_a_colour_that_no_painting_has(classifier: Classifier) -> None:
    usual = classifier.classify(Image.new("RGB", (40, 40), (128, 128, 128))).novelty
    strange = classifier.classify(Image.new("RGB", (40, 40), (0, 255, 0))).novelty
    assert usual is not None
    assert strange is not None
    assert usual.percentile < strange.percentile
