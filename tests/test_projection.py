"""The style map: repeatable, near stays near, and any number of paintings gets one."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from core import projection
from core.findings.neighbours import find_neighbours
from core.projection import compute_map, find_leading


def _map(embeddings: np.ndarray, seed: int = 0) -> np.ndarray:
    neighbours, similarities = find_neighbours(embeddings, 20)
    return compute_map(embeddings, neighbours, similarities, seed)


def _draw(count: int, groups: int = 3) -> np.ndarray:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(groups, 32))
    rows = centres[np.arange(count) % groups] + 0.3 * rng.normal(size=(count, 32))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


@pytest.mark.parametrize("count", [1, 3, 4, 5, 11, 40])
def test_any_number_of_paintings_has_places(count: int) -> None:
    positions = _map(_draw(count))
    assert positions.shape == (count, 2)
    assert np.isfinite(positions).all()


def test_equal_seeds_give_equal_maps_and_others_differ() -> None:
    embeddings = _draw(60)
    assert np.array_equal(_map(embeddings), _map(embeddings))
    assert not np.array_equal(_map(embeddings), _map(embeddings, seed=1))


def test_groups_stay_together() -> None:
    positions = _map(_draw(150))
    group = np.arange(150) % 3
    centres = np.stack([positions[group == each].mean(axis=0) for each in range(3)])
    distances = np.linalg.norm(positions[:, None] - centres, axis=2)
    assert (distances.argmin(axis=1) == group).mean() > 0.95


def test_a_large_map_takes_fewer_steps_and_keeps_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings = _draw(150)
    before, fewer = _map(embeddings), _map(embeddings[:149])
    monkeypatch.setattr(projection, "LARGE", 150)
    positions = _map(embeddings)
    assert not np.array_equal(positions, before)
    assert np.array_equal(_map(embeddings[:149]), fewer)
    near = np.linalg.norm(positions[:, None] - positions, axis=2)
    np.fill_diagonal(near, np.inf)
    assert (near.argmin(axis=1) % 3 == np.arange(150) % 3).mean() > 0.95


def test_a_collection_of_copies_is_laid_out_too() -> None:
    assert np.isfinite(_map(np.ones((20, 8), dtype=np.float16) / np.sqrt(8))).all()


def test_a_map_starts_from_the_principal_components(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "BLOCK_ROWS", 7)
    embeddings = _draw(150)
    expected = PCA(2).fit_transform(embeddings.astype(np.float64))
    np.testing.assert_allclose(np.abs(find_leading(embeddings)), np.abs(expected), atol=1e-5)
