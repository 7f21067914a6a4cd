"""The nearest are those of a full search, whatever the embeddings look like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classify.neighbour_index import DIRECTIONS, LIKELY, NeighbourIndex


def draw(seed: int, count: int, width: int, decay: float) -> np.ndarray:
    """(count, width) unit vectors; with ``decay`` their directions differ in weight."""
    spread = np.arange(1, width + 1) ** -decay
    vectors = np.random.default_rng(seed).normal(size=(count, width)) * spread
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def search_all(embeddings: np.ndarray, asked: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    similarity = np.einsum("nd,d->n", embeddings, asked)
    rows = np.argsort(-similarity, kind="stable")[:k]
    return rows, similarity[rows]


@pytest.mark.parametrize("decay", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("count", [LIKELY // 4, 9 * LIKELY + 7])
@pytest.mark.parametrize("width", [DIRECTIONS // 2, 5 * DIRECTIONS])
def test_the_nearest_are_those_of_a_full_search(decay: float, count: int, width: int) -> None:
    embeddings = draw(0, count, width, decay)
    index = NeighbourIndex(embeddings)
    for asked in [*draw(1, 20, width, decay), *draw(2, 5, width, 0.0), embeddings[count // 2]]:
        rows, similarities = index.search(asked, 12)
        expected, values = search_all(embeddings, asked, 12)
        np.testing.assert_array_equal(rows, expected)
        np.testing.assert_array_equal(similarities, values)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 50))
def test_so_they_are_in_small_collections(seed: int, count: int, k: int) -> None:
    embeddings = draw(seed, count, 48, 1.0)
    (asked,) = draw(seed + 1, 1, 48, 1.0)
    rows, _ = NeighbourIndex(embeddings).search(asked, k)
    np.testing.assert_array_equal(rows, search_all(embeddings, asked, k)[0])


def test_copies_come_in_the_order_of_their_rows() -> None:
    embeddings = draw(0, 3000, 96, 1.0)
    copies = [2900, 17, 1500]
    embeddings[copies] = embeddings[5]
    rows, similarities = NeighbourIndex(embeddings).search(embeddings[5], 6)
    assert rows[:4].tolist() == [5, 17, 1500, 2900]
    assert len(set(similarities[:4].tolist())) == 1
