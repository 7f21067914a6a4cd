"""The artist's other works against a plain loop, copies left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.findings.oeuvre.other_works import (
    code_artists,
    compute_oeuvre_years,
    compute_prior,
    part_unknown,
    smooth_shares,
    tally_oeuvre,
)


@given(st.integers(0, 10_000))
def test_tallies_agree_with_their_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = 25
    labels, artists = rng.integers(-1, 3, size=count), rng.integers(-1, 4, size=count)
    duplicates, probabilities = rng.integers(18, size=count), rng.dirichlet(np.ones(3), count)
    probabilities[rng.random(count) < 0.2] = 0
    tally = tally_oeuvre(labels, probabilities, artists, duplicates)
    for row in range(count):
        others = (artists == artists[row]) & (artists[row] >= 0) & (duplicates != duplicates[row])
        expected = [((labels == style) & others).sum() for style in range(3)]
        np.testing.assert_array_equal(tally.labelled[row], expected)
        np.testing.assert_allclose(tally.seen[row], probabilities[others].sum(axis=0), atol=1e-5)
        assert tally.works[row] == (others & (labels >= 0)).sum()


@given(st.integers(0, 10_000))
def test_years_agree_with_their_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = 30
    labels, asked, artists = (rng.integers(-1, most, count) for most in (3, 4, 4))
    years = np.where(rng.random(count) < 0.7, rng.integers(1880, 1890, count), np.nan)
    duplicates = rng.integers(12, size=count)
    spans = compute_oeuvre_years(asked, labels, years, artists, duplicates)
    for row in range(count):
        others = (artists == artists[row]) & (artists[row] >= 0) & (duplicates != duplicates[row])
        told = years[others & (labels == asked[row]) & (labels >= 0) & ~np.isnan(years)]
        expected = [told.min(), told.max()] if len(told) else [np.nan, np.nan]
        np.testing.assert_array_equal(spans[row], expected)


def test_names_that_hide_many_hands_are_no_artist() -> None:
    names = pd.Series(["Claude Monet", "Unknown  Artist", None, "anonymous", "Claude Monet"])
    assert code_artists(names).tolist() == [0, -1, -1, -1, 0]
    reserved = pd.Series(["Rembrandt", "Workshop of Rembrandt", "Attributed to Rembrandt", "?"])
    assert code_artists(reserved).tolist() == [0, -1, -1, -1]


def test_a_share_of_few_works_stays_near_the_prior() -> None:
    prior = np.array([0.5, 0.5])
    shares = smooth_shares(np.array([[0.0, 0.0], [1.0, 0.0], [100.0, 0.0]]), prior)
    assert shares[0].tolist() == [0.5, 0.5]
    assert 0.5 < shares[1, 0] < 0.9 < shares[2, 0] < 1


def test_no_style_has_a_prior_of_zero() -> None:
    prior = compute_prior(np.array([0, 0, -1]), 3)
    assert (prior > 0).all()
    assert prior.sum() == pytest.approx(1)


def test_years_of_the_oeuvre_leave_the_work_itself_out() -> None:
    years, one = np.array([1874.0, 1880, 1890, 1908, np.nan]), np.zeros(5, int)
    spans = compute_oeuvre_years(one, one, years, one, np.arange(5))
    assert spans[3].tolist() == [1874, 1890]
    assert spans[0].tolist() == [1880, 1908]
    alone = compute_oeuvre_years(one[:1], one[:1], years[:1], one[:1], np.arange(1))
    assert np.isnan(alone).all()


def test_years_are_those_of_the_style_asked_about() -> None:
    labels, years = np.array([0, 0, 1, 1, -1]), np.array([1874.0, 1880, 1908, 1910, 1912])
    asked, artist = np.array([1, 1, 0, 2, -1]), np.zeros(5, int)
    spans = compute_oeuvre_years(asked, labels, years, artist, np.arange(5))
    assert spans[:3].tolist() == [[1908, 1910], [1908, 1910], [1874, 1880]]
    assert np.isnan(spans[3:]).all()


@given(st.lists(st.integers(-1, 4)), st.booleans())
def test_unknown_artists_are_many_people(codes: list[int], with_pictures: bool) -> None:
    artists = np.array(codes, dtype=int)
    pictures = np.arange(len(artists)) // 2 if with_pictures else None
    people = part_unknown(artists, pictures)
    known = artists >= 0
    assert people[known].tolist() == artists[known].tolist()
    assert not set(people[~known]) & set(people[known])
    shown = np.arange(len(artists)) if pictures is None else pictures
    assert len(set(people[~known])) == len(set(shown[~known]))
