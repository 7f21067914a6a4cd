"""Copies of one picture: which pairs hold, and what their labels say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.findings.copies import likeness
from core.findings.copies.duplicates import (
    find_by_sight,
    find_duplicates,
    find_twins,
    pair_twins,
)
from core.findings.copies.likeness import compute_likeness

KEYS = pd.Series([f"Style/a_{n}.jpg" for n in range(6)])


def paint(seed: int, size: int = 64) -> np.ndarray:
    """A picture of soft blots, (size, size, 3) uint8."""
    rng = np.random.default_rng(seed)
    small = rng.uniform(0, 255, size=(8, 8, 3))
    image = Image.fromarray(small.astype(np.uint8)).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(image)


def frame(picture: np.ndarray, border: int) -> np.ndarray:
    """The picture shrunk into a white border."""
    size = len(picture)
    inner = Image.fromarray(picture).resize((size - 2 * border,) * 2, Image.Resampling.BOX)
    whole = np.full_like(picture, 255)
    whole[border:-border, border:-border] = np.asarray(inner)
    return whole


def test_a_frame_a_crop_and_a_mirror_are_seen_through() -> None:
    picture = paint(0)
    crop = paint(0, 80)[8:-8, 8:-8]
    thumbnails = np.stack([picture, frame(picture, 4), crop, picture[:, ::-1], paint(1)])
    found = compute_likeness(thumbnails, np.array([[0, 1], [0, 2], [0, 3], [0, 4]]))
    assert found[:3].min() > 0.95
    assert found[3] < 0.7


def test_blank_pictures_are_like_nothing() -> None:
    blank = np.full((2, 32, 32, 3), 250, dtype=np.uint8)
    blank[1, 4, 4] = 240
    assert compute_likeness(blank, np.array([[0, 1]])).tolist() == [0]


def test_likeness_is_of_each_pair_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [paint(0), frame(paint(0), 6), paint(0)[:, ::-1], paint(1), paint(0, 80)[8:-8, 8:-8]]
    thumbnails = np.stack([*pictures, *(paint(n) for n in range(2, 9))])
    pairs = np.stack(np.triu_indices(len(thumbnails), 1), axis=1)
    alone = [compute_likeness(thumbnails, pair[None])[0] for pair in pairs]
    monkeypatch.setattr(likeness, "AT_ONCE", 3)  # blocks that end within a picture's pairs
    np.testing.assert_allclose(compute_likeness(thumbnails, pairs), alone, atol=1e-6)
    np.testing.assert_allclose(compute_likeness(thumbnails, pairs[:, ::-1]), alone, atol=1e-6)


def test_without_pixels_the_hash_decides() -> None:
    found = find_duplicates(KEYS, np.array([0, 1, 0, 0, 0, 0]), np.array([0, 0, 1, 2, 2, 3]))
    assert found.pairs[["left", "right"]].to_numpy().tolist() == [[0, 1], [3, 4]]
    assert found.pairs["verified"].all()
    assert found.labels_disagree.tolist() == [True, True, *[False] * 4]
    assert (found.group[[0, 3]] == found.group[[1, 4]]).all()
    assert found.group[2] == found.group[5] == -1


def test_a_pair_that_only_hashes_alike_is_not_one_picture() -> None:
    thumbnails = np.stack([paint(0), paint(1), paint(2), paint(2), paint(3), paint(4)])
    found = find_duplicates(
        KEYS, np.zeros(6, int), np.array([0, 0, 1, 1, 2, 3]), thumbnails=thumbnails
    )
    assert found.pairs["verified"].tolist() == [False, True]
    assert found.group.tolist() == [-1, -1, found.group[2], found.group[2], -1, -1]


def test_neighbours_that_are_one_picture_are_found_without_the_hash() -> None:
    thumbnails = np.stack([paint(0), frame(paint(0), 4), *(paint(n) for n in range(2, 40))])
    embeddings = np.random.default_rng(0).normal(size=(40, 16))
    embeddings[1] = embeddings[0] + 0.01
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    neighbours = np.argsort(-(embeddings @ embeddings.T), axis=1)[:, 1:6]
    keys = pd.Series([f"S/a_{n}.jpg" for n in range(40)])
    labels = np.arange(40) % 2
    found = find_duplicates(keys, labels, np.arange(40), embeddings, neighbours, thumbnails)
    assert found.pairs[["left", "right"]].to_numpy().tolist() == [[0, 1]]
    assert found.labels_disagree.nonzero()[0].tolist() == [0, 1]
    assert not found.pairs["by_hash"].any()


def crop(seed: int) -> np.ndarray:
    return paint(seed, 80)[8:-8, 8:-8]


def test_a_frame_and_a_crop_are_found_by_sight_in_a_small_collection() -> None:
    pictures = [paint(0), frame(paint(0), 4), crop(0), *(paint(n) for n in range(1, 20))]
    thumbnails, told = np.stack(pictures), list[int]()
    features = thumbnails[:, ::8, ::8].reshape(22, -1).astype(np.float32)
    features[:, 0] = 7  # one that is the same everywhere tells nothing
    found = find_by_sight(features, thumbnails, np.arange(22), told.append)
    assert found.dtype == np.int64
    assert found.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert sum(told) == 22


def test_what_the_hash_found_is_not_found_again_by_sight() -> None:
    thumbnails = np.stack([paint(0), crop(0), *(paint(n) for n in range(1, 9))])
    features = thumbnails[:, ::8, ::8].reshape(10, -1).astype(np.float32)
    found = find_by_sight(features, thumbnails, np.array([0, 0, *range(1, 9)]))
    assert found.shape == (0, 2)


def test_pairs_found_before_are_verified_and_stand_once() -> None:
    thumbnails = np.stack([paint(0), crop(0), *(paint(n) for n in range(1, 39))])
    embeddings = np.random.default_rng(0).normal(size=(40, 16))
    embeddings[1] = embeddings[0] + 0.01
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    neighbours = np.argsort(-(embeddings @ embeddings.T), axis=1)[:, 1:6]
    keys = pd.Series([f"S/a_{n}.jpg" for n in range(40)])
    before = np.array([[0, 1], [4, 9]])  # the second are two pictures
    for layout in ((embeddings, neighbours), (-embeddings[::-1], neighbours[::-1])):
        found = find_duplicates(
            keys, np.zeros(40, int), np.arange(40), *layout, thumbnails, by_sight=before
        )
        assert found.pairs[["left", "right"]].to_numpy().tolist() == [[0, 1]]
        assert found.pairs["verified"].tolist() == [True]
        assert not found.pairs["by_hash"].any()


def test_copies_at_two_depths_do_not_disagree() -> None:
    keys, broader = pd.Series([f"a/{n}.jpg" for n in range(6)]), np.zeros((3, 3), dtype=bool)
    broader[0, 1] = True
    labels, groups = np.array([0, 1, 0, 2, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    further = np.array([[-1], [-1], [-1], [-1], [-1], [2]])
    found = find_duplicates(keys, labels, groups, further=further, broader=broader)
    assert found.pairs["labels_disagree"].tolist() == [False, True, True]
    flat = find_duplicates(keys, labels, groups, further=further)
    assert flat.pairs["labels_disagree"].tolist() == [True, True, True]


def test_one_name_in_two_folders() -> None:
    keys = pd.Series(["A/x_y.jpg", "B/x_y.jpg", "A/x_z.jpg", "x_z.jpg", "A/1.jpg", "B/1.jpg"])
    twins = find_twins(keys)
    assert twins.tolist() == ["x_y.jpg", "x_y.jpg", None, None, None, None]
    assert pair_twins(twins).tolist() == [[0, 1]]
    assert pair_twins(find_twins(keys[2:])).tolist() == []


def test_a_thousand_equal_pictures_are_no_million_pairs() -> None:
    keys = pd.Series([f"A/{n}.jpg" for n in range(1000)])
    found = find_duplicates(keys, np.zeros(1000, int), np.zeros(1000, int))
    assert len(found.pairs) == 999
    assert (found.group == found.group[0]).all()
