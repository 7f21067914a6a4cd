"""Search in cells against the search of everything."""

from __future__ import annotations

import numpy as np
import pytest

from core.findings import neighbours as module
from core.findings.cells import search_cells
from core.findings.neighbours import find_nearest, find_neighbours, take_nearest


def draw_clusters(count: int = 3000, width: int = 16) -> np.ndarray:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(30, width))
    vectors = centres[rng.integers(30, size=count)] + 0.5 * rng.normal(size=(count, width))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def measure_recall(found: np.ndarray, exact: np.ndarray) -> float:
    return float(
        np.mean([len(set(a) & set(b)) / len(b) for a, b in zip(found, exact, strict=True)])
    )


def test_cells_find_nearly_all_of_the_nearest() -> None:
    vectors = draw_clusters()
    exact, values = find_nearest(vectors[:500], vectors, 10)
    rows, similarities = search_cells(vectors[:500], vectors, 10, take_nearest, probed=20)
    assert measure_recall(rows, exact) > 0.95
    assert (similarities <= values + 1e-6).all()
    every, _ = search_cells(vectors[:500], vectors, 10, take_nearest, probed=10_000)
    assert measure_recall(every, exact) == 1


def test_large_collections_are_searched_in_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = draw_clusters()
    exact, _ = find_neighbours(vectors, 8)
    monkeypatch.setattr(module, "INDEX_FROM", 1000)
    rows, _ = find_neighbours(vectors, 8)
    assert rows.shape == exact.shape
    assert not (rows == np.arange(len(rows))[:, None]).any()
    assert measure_recall(rows, exact) > 0.95


def test_too_few_in_reach_repeat_the_last() -> None:
    vectors = draw_clusters(60)
    rows, similarities = search_cells(vectors, vectors, 50, take_nearest, probed=1)
    short = similarities == -1
    assert short.any()
    assert (rows[short] >= 0).all()


def test_a_shortlist_by_leading_directions_loses_next_to_nothing() -> None:
    """Vectors of many numbers that vary in few, as a network's do."""
    rng = np.random.default_rng(0)
    narrow = draw_clusters(4000, 24)
    vectors = narrow @ rng.normal(size=(24, 200)) / 15 + 0.03 * rng.normal(size=(4000, 200))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    exact, values = find_nearest(vectors[:300], vectors, 10)
    rows, similarities = search_cells(vectors[:300], vectors, 10, take_nearest, probed=10_000)
    assert measure_recall(rows, exact) > 0.99
    np.testing.assert_allclose(similarities[:, 0], values[:, 0], atol=1e-5)


def test_a_query_in_an_empty_corner_is_answered() -> None:
    vectors = draw_clusters(500)
    rows, similarities = search_cells(-vectors[:50], vectors, 5, take_nearest, probed=1)
    assert ((rows >= 0) & (rows < 500)).all()
    assert (similarities <= 1).all()
