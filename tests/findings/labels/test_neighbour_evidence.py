"""What the nearest training-side paintings are counted as."""

from __future__ import annotations

import numpy as np

from core.findings.evidence import FoldView
from core.findings.labels.neighbour_evidence import (
    NEIGHBOURS,
    NeighbourEvidence,
    compute_neighbour_evidence,
    compute_neighbour_odds,
)


def look(
    labels: np.ndarray,
    artists: np.ndarray,
    duplicates: np.ndarray,
    embeddings: np.ndarray,
    held_out: np.ndarray,
    classes: int = 2,
) -> NeighbourEvidence:
    training = np.setdiff1d(np.arange(len(labels)), held_out)
    view = FoldView(held_out, training, embeddings[held_out], embeddings[training])
    return compute_neighbour_evidence((view,), labels, artists, duplicates, classes)


def make_ring(count: int) -> np.ndarray:
    angles = np.arange(count) * 0.01
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_only_the_training_side_is_asked() -> None:
    count = 60
    labels = np.ones(count, dtype=int)
    labels[:10] = 0
    found = look(labels, np.arange(count), np.arange(count), make_ring(count), np.arange(10))
    assert (found.shares[:10, 1] == 1).all()
    assert (found.shares[10:] == 0).all()
    assert (found.artists[10:] == 0).all()


def test_the_rows_kept_are_those_that_are_counted() -> None:
    rng = np.random.default_rng(0)
    count = 90
    labels, artists = rng.integers(0, 3, count), rng.integers(-1, 6, count)
    duplicates = np.arange(count) // 2 * 2  # every work has a copy
    found = look(labels, artists, duplicates, rng.normal(size=(count, 4)), np.arange(30), 3)
    assert (found.rows[30:] == -1).all()
    for row in range(30):
        kept = found.rows[row][found.rows[row] >= 0]
        assert len(kept) == NEIGHBOURS
        assert len(set(kept.tolist())) == NEIGHBOURS
        assert (duplicates[kept] != duplicates[row]).all()
        shares = np.bincount(labels[kept], minlength=3) / NEIGHBOURS
        np.testing.assert_allclose(found.shares[row], shares)
        hands = np.where(artists[kept] >= 0, artists[kept], 100 + kept)
        assert found.artists[row] == len(set(hands.tolist()))


def test_where_few_are_left_the_rows_end_early() -> None:
    found = look(np.zeros(8, dtype=int), np.arange(8), np.arange(8), make_ring(8), np.array([0]))
    assert found.rows[0].tolist() == [1, 2, 3, 4, 5, 6, 7, *[-1] * 13]


def test_shares_are_of_the_nearest() -> None:
    count = 80
    labels = (np.arange(count) > 12).astype(int)
    found = look(labels, np.arange(count), np.arange(count), make_ring(count), np.array([0]))
    assert found.shares[0].tolist() == [12 / NEIGHBOURS, 1 - 12 / NEIGHBOURS]
    assert found.artists[0] == NEIGHBOURS


def test_strangers_are_by_others_and_copies_are_nobody() -> None:
    count = 80
    labels = (np.arange(count) > 12).astype(int)
    artists = np.where(np.arange(count) <= 12, 0, np.arange(count))
    duplicates = np.arange(count)
    duplicates[13] = duplicates[0]
    found = look(labels, artists, duplicates, make_ring(count), np.array([0]))
    assert found.counts_by_others[0].tolist() == [0, NEIGHBOURS]
    assert found.artists[0] == 1 + NEIGHBOURS - 12
    assert found.shares[0].tolist() == [12 / NEIGHBOURS, 1 - 12 / NEIGHBOURS]


def test_unlabelled_paintings_do_not_count() -> None:
    labels = np.array([0, -1, -1, 1, 1])
    found = look(labels, np.arange(5), np.arange(5), make_ring(5), np.array([0]))
    assert found.shares[0].tolist() == [0, 1]


def test_unknown_artists_are_different_hands() -> None:
    found = look(np.zeros(9, int), np.full(9, -1), np.arange(9), make_ring(9), np.array([0]))
    assert found.artists[0] == 8


def test_no_neighbours_say_nothing() -> None:
    odds = compute_neighbour_odds(np.array([[0, 0], [0, 20]]), np.array([0.5, 0.5]))
    assert odds[0].tolist() == [0, 0]
    assert odds[1, 1] > 0 > odds[1, 0]
