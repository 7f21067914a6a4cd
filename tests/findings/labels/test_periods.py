"""What a year says of a style, and who may say it."""

from __future__ import annotations

import numpy as np
import pytest

from core.findings.labels.periods import compute_period_odds

YEARS = np.array([1650.0, 1655, 1660, 1665, 1960, 1965, 1970, 1975, 1652, np.nan])
LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 0])
ARTISTS = np.arange(10)


def test_a_year_among_one_styles_works_speaks_for_it() -> None:
    odds = compute_period_odds(YEARS, LABELS, ARTISTS, np.arange(10), 2)
    assert (odds[:4, 0] > 0).all()
    assert (odds[4:8, 1] > 0).all()
    assert odds[8, 0] > 0.3 > -0.3 > odds[8, 1]


def test_an_undated_work_hears_nothing() -> None:
    odds = compute_period_odds(YEARS, LABELS, ARTISTS, np.arange(10), 2)
    assert (odds[9] == 0).all()
    none = compute_period_odds(np.full(10, np.nan), LABELS, ARTISTS, np.arange(10), 2)
    assert (none == 0).all()


def test_neither_a_work_nor_its_artist_vouches_for_it() -> None:
    """Nobody else painted around 1652: then the year says nothing but what is usual anywhere."""
    years = np.array([1650.0, 1652, 1654, 1960, 1961, 1962])
    labels = np.array([0, 0, 0, 1, 1, 0])
    same = compute_period_odds(years, labels, np.array([0, 0, 0, 1, 2, 3]), np.arange(6), 2)
    apart = compute_period_odds(years, labels, np.arange(6), np.arange(6), 2)
    assert apart[0, 0] > same[0, 0]


def test_it_agrees_with_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    years, labels = rng.integers(1800, 1850, 30).astype(float), rng.integers(3, size=30)
    artists, prior = rng.integers(-1, 6, size=30), np.bincount(labels, minlength=3) + 0.5
    prior = prior / prior.sum()
    odds = compute_period_odds(years, labels, artists, np.arange(30), 3)
    for row in range(30):
        others = (artists != artists[row]) | (artists < 0)
        others[row] = False
        weight = others / (1 + ((years - years[row]) / 12.0) ** 2)
        sums = np.array([weight[labels == style].sum() for style in range(3)])
        expected = np.log((sums + 3 * prior) / (sums.sum() + 3) / prior)
        assert odds[row] == pytest.approx(expected, abs=1e-9)
