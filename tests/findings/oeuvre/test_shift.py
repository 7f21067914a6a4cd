"""The shift of an artist: its p-value is exact, its discoveries are controlled."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from core.findings.oeuvre.shift import compute_shifts, control_discoveries


def test_the_p_value_is_exact() -> None:
    """Of all works of the style 1 in 4 is seen elsewhere: 5 of 5 happen with 1 in 4 to the 5th."""
    elsewhere = np.tile([1.0, 0, 0, 0], 20)
    elsewhere[:5], elsewhere[5:20] = 1, np.tile([1.0, 0, 0], 5) * 0
    share = elsewhere.mean()
    artists = np.full(80, -1)
    artists[:5] = 0
    table = compute_shifts(elsewhere, np.zeros(80, int), artists, np.arange(80), 5)
    assert table.loc[0, "p_value"] == pytest.approx(binom.sf(4, 5, share), rel=1e-6)
    assert table.loc[0, "observed"] == 1
    assert table.loc[0, "shift"] == pytest.approx(1 - table.loc[0, "expected"])


def test_shuffled_artists_are_discovered_no_more_often_than_promised() -> None:
    rng = np.random.default_rng(0)
    discoveries = []
    for _ in range(40):
        elsewhere, labels = rng.beta(0.5, 1, 600), rng.integers(4, size=600)
        artists = rng.permutation(600) // 12
        table = compute_shifts(elsewhere, labels, artists, np.arange(600), 5)
        discoveries.append((table["q_value"] <= 0.05).any())
    assert np.mean(discoveries) <= 0.1


def test_an_artist_like_the_others_of_the_style_has_no_shift() -> None:
    elsewhere = np.tile([0.2, 0.8], 50)
    artists = np.repeat(np.arange(10), 10)
    table = compute_shifts(elsewhere, np.zeros(100, int), artists, np.arange(100), 5)
    np.testing.assert_allclose(table["shift"], 0, atol=0.01)
    assert (table["shift_low"] < 0).all()
    assert (table["shift_high"] > 0).all()


def test_copies_count_once_and_small_oeuvres_not_at_all() -> None:
    artists = np.repeat([0, 1, 2], [8, 3, 20])
    duplicates = np.concatenate([[0, 0, 0, 0, 1, 2, 3, 4], np.arange(10, 33)])
    table = compute_shifts(np.full(31, 0.5), np.zeros(31, int), artists, duplicates, 5)
    assert table["works"].to_dict() == {0: 5, 2: 20}


def test_q_values_never_fall_below_p_values() -> None:
    p = np.array([0.001, 0.02, 0.04, 0.9])
    q = control_discoveries(p)
    assert (q >= p).all()
    assert q[0] == pytest.approx(0.004)
    assert len(control_discoveries(np.empty(0))) == 0
