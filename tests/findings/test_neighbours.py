"""Nearest paintings against the definition, across block borders."""

from __future__ import annotations

import numpy as np
import pytest

from core.findings import neighbours as module
from core.findings.neighbours import even_out, find_nearest, find_neighbours, take_nearest


def test_blocks_give_what_one_sort_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_ROWS", 7)
    vectors = np.random.default_rng(0).normal(size=(40, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows, similarities = find_neighbours(vectors, k=5)
    full = vectors @ vectors.T
    np.fill_diagonal(full, -np.inf)
    np.testing.assert_array_equal(rows, np.argsort(-full, axis=1)[:, :5])
    np.testing.assert_allclose(similarities, -np.sort(-full, axis=1)[:, :5], atol=1e-5)


def test_no_painting_is_its_own_neighbour() -> None:
    rows, _ = find_neighbours(np.ones((6, 1)), k=5)
    assert all(row not in found for row, found in enumerate(rows))


def test_k_is_cut_to_what_there_is() -> None:
    assert find_neighbours(np.eye(3), k=50)[0].shape == (3, 2)


@pytest.mark.parametrize(("width", "k"), [(3001, 7), (9001, 2), (2001, 30), (501, 1), (501, 30)])
def test_chunks_hide_none_of_the_nearest(width: int, k: int) -> None:
    """Of any length that ``CHUNKS`` has, and of none."""
    similarities = np.random.default_rng(0).normal(size=(30, width)).astype(np.float32)
    rows, values = take_nearest(similarities, k)
    np.testing.assert_array_equal(rows, np.argsort(-similarities, axis=1)[:, :k])
    np.testing.assert_array_equal(values, np.take_along_axis(similarities, rows, axis=1))


def test_queries_are_not_their_own_answer() -> None:
    vectors = np.eye(4)
    rows, similarities = find_nearest(vectors[:2], vectors, k=9)
    assert rows.shape == (2, 4)
    assert rows[:, 0].tolist() == [0, 1]
    assert similarities[:, 0].tolist() == [1, 1]


def test_evened_out_channels_count_alike() -> None:
    drawn = np.random.default_rng(0).normal(3, [1, 50, 0], (500, 3)).astype(np.float16)
    rows = even_out(drawn)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert (rows[:, 2] == 0).all()  # one value for all says nothing
    centred = drawn.astype(float) - drawn.astype(float).mean(axis=0)
    centred[:, :2] /= centred[:, :2].std(axis=0)
    expected = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    np.testing.assert_allclose(rows, expected, atol=1e-4)
