"""Novelty against collections whose shape is known."""

from __future__ import annotations

import time

import numpy as np
import pytest
from sklearn.covariance import ledoit_wolf

from core.findings.labels.dynamics import compute_percentiles
from core.findings.novelty import (
    SAMPLE,
    UNLIKE,
    NoveltyReference,
    compute_novelty,
    compute_oeuvre_novelty,
    shrink_covariance,
)


def build_collection(seed: int, works: int = 800, channels: int = 40) -> np.ndarray:
    """Works of one kind: directions that vary together, as a network's channels do."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(works, 8)) @ rng.normal(size=(8, channels)) + rng.normal(
        size=(works, channels)
    )


def by_one_each(works: np.ndarray) -> np.ndarray:
    return np.arange(len(works))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("channels", [3, 40, 320])
def test_a_homogeneous_collection_has_nothing_novel(seed: int, channels: int) -> None:
    works = build_collection(seed, channels=channels)
    novelty = compute_novelty([works], by_one_each(works), by_one_each(works))
    assert (novelty >= UNLIKE).mean() <= 0.005
    assert abs(np.median(novelty)) < 1e-3


def test_blocks_measure_what_one_call_does(monkeypatch: pytest.MonkeyPatch) -> None:
    works = build_collection(0, works=300)
    whole = compute_novelty([works], by_one_each(works), by_one_each(works))
    monkeypatch.setattr("core.findings.novelty.BLOCK_ROWS", 7)
    parts = compute_novelty([works], by_one_each(works), by_one_each(works))
    np.testing.assert_allclose(parts, whole, atol=1e-4)
    nobody = NoveltyReference([works], by_one_each(works)).measure([works[:0]])
    assert nobody.shape == (0,)


def test_a_collection_of_one_picture_over_and_over_has_nothing_novel() -> None:
    works = np.ones((60, 5)) + np.random.default_rng(0).normal(0, 1e-9, (60, 5))
    novelty = compute_novelty([works], by_one_each(works), by_one_each(works))
    assert np.isfinite(novelty).all()


def test_a_few_of_another_kind_are_unlike_and_all_others_stay_usual() -> None:
    works = build_collection(1)
    works[:4] += 40 * np.random.default_rng(2).normal(size=(4, 1))
    novelty = compute_novelty([works], by_one_each(works), by_one_each(works))
    assert (novelty[:4] >= UNLIKE).all()
    assert (novelty[4:] >= UNLIKE).mean() <= 0.005


def test_a_hand_that_is_like_itself_alone_is_unlike_the_others() -> None:
    """The artist's own works are no neighbours, however many and however near."""
    works, artists = build_collection(3), by_one_each(build_collection(3))
    hand = slice(0, 30)
    works[hand] = works[0] + 30 + np.random.default_rng(4).normal(0, 0.1, (30, 40))
    together = artists.copy()
    together[hand] = 0
    alike = compute_novelty([works], artists, by_one_each(works))
    assert (alike[hand] < UNLIKE).all()
    assert (compute_novelty([works], together, by_one_each(works))[hand] >= UNLIKE).all()


def test_copies_by_nobody_known_are_one_hand() -> None:
    works = build_collection(5)
    works[:12] = works[0] + 60
    unknown = np.full(len(works), -1)
    pictures = by_one_each(works)
    pictures[:12] = 0
    assert (compute_novelty([works], unknown, by_one_each(works))[:12] < UNLIKE).all()
    assert (compute_novelty([works], unknown, pictures)[:12] >= UNLIKE).all()


def test_a_stranger_in_either_layer_is_unlike() -> None:
    low, high = build_collection(6), build_collection(7, channels=20)
    reference = NoveltyReference([low, high], by_one_each(low))
    assert reference.measure([low[:1], high[:1]])[0] < UNLIKE
    assert reference.measure([low[:1] + 40, high[:1]])[0] >= UNLIKE
    assert reference.measure([low[:1], high[:1] + 40])[0] >= UNLIKE


def test_a_work_and_an_upload_of_its_kind_are_measured_alike() -> None:
    works = build_collection(8, works=1600)
    kept, uploads = works[::2], works[1::2]
    reference = NoveltyReference([kept], by_one_each(kept))
    measured = reference.measure([uploads])
    assert abs(np.median(measured)) < 0.05
    assert (measured >= UNLIKE).mean() <= 0.005


@pytest.mark.parametrize("works", [60, 200, 310, 400])
def test_few_works_of_many_channels_call_out_no_upload_of_their_kind(works: int) -> None:
    """Fitted to so few, the collection's own would seem nearer than any new picture."""
    every = build_collection(12, works=works + 400, channels=150)
    reference = NoveltyReference([every[:works]], np.arange(works))
    assert (reference.measure([every[works:]]) >= UNLIKE).mean() <= 0.02


def test_the_unit_of_a_channel_does_not_matter() -> None:
    works, units = build_collection(9), np.geomspace(0.01, 1000, 40)
    one = compute_novelty([works], by_one_each(works), by_one_each(works))
    other = compute_novelty([works * units], by_one_each(works), by_one_each(works))
    np.testing.assert_allclose(one, other, atol=1e-3)


def test_without_layers_or_without_others_nothing_is_known() -> None:
    works = build_collection(10, works=30)
    pictures = by_one_each(works)
    assert np.isnan(compute_novelty([], pictures, pictures)).all()
    one_hand = np.zeros(30, dtype=int)
    assert np.isnan(compute_novelty([works], one_hand, pictures)).all()


def test_a_large_collection_is_measured_in_bounded_time() -> None:
    """Against a sample: blocks, so that no matrix of all by all ever stands in memory."""
    works = build_collection(11, works=2 * SAMPLE + 1, channels=16).astype(np.float16)
    started = time.process_time()
    novelty = compute_novelty([works], by_one_each(works), by_one_each(works))
    assert time.process_time() - started < 30
    assert np.isfinite(novelty).all()
    assert (novelty >= UNLIKE).mean() <= 0.005


def test_ties_share_a_percentile() -> None:
    np.testing.assert_array_equal(
        compute_percentiles(np.array([2.0, 2.0, np.nan])), [0.5, 0.5, np.nan]
    )


@pytest.mark.parametrize("works", [2, 30, 400])
def test_the_covariance_is_shrunk_as_by_scikit_learn(works: int) -> None:
    sample = build_collection(3, works)
    expected = ledoit_wolf(sample, assume_centered=True)[0]
    np.testing.assert_allclose(shrink_covariance(sample), expected, rtol=1e-9, atol=1e-12)


def test_an_oeuvre_lies_beyond_the_fence_of_all_oeuvres() -> None:
    """Though the mean of its works lies within the fence of single ones."""
    rng = np.random.default_rng(0)
    artists = np.repeat(np.arange(80), 8)
    works = rng.normal(0, 0.3, len(artists)) + np.where(artists == 7, 0.8, 0)
    novelty = compute_oeuvre_novelty(works, artists, least_works=5)
    assert [code for code, value in novelty.items() if value >= UNLIKE] == [7]
    assert works[artists == 7].mean() < UNLIKE
    assert abs(np.median(list(novelty.values()))) < 1e-9


def test_no_oeuvre_is_unlike_where_artists_hardly_differ() -> None:
    artists = np.repeat(np.arange(80), 8)
    works = np.where(artists == 7, 0.5, 0.0)  # within the inner fence of single works
    assert max(compute_oeuvre_novelty(works, artists, least_works=5).values()) < UNLIKE


def test_works_of_which_nothing_is_known_and_small_oeuvres_are_left_out() -> None:
    artists = np.array([-1] * 6 + [0] * 6 + [1] * 6 + [2] * 4)
    works = np.where(np.arange(len(artists)) == 17, np.nan, 0.2)
    works[12:14] = np.nan  # of the second artist four are left
    assert set(compute_oeuvre_novelty(works, artists, least_works=5)) == {0}
    assert compute_oeuvre_novelty(np.full(22, np.nan), artists, least_works=5) == {}
