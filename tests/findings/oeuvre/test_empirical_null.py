"""Artists against how artists differ: p-values that keep what they say, and few that hide none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from core.findings.oeuvre.empirical_null import (
    EFFICIENCY,
    MOST_FREEDOM,
    compute_chances,
    expect_of_others,
)

WORKS = 12


def draw(rng: np.random.Generator, artists: int, between: float) -> tuple[np.ndarray, ...]:
    """Lags, labels and codes: artists of one label each, who differ by ``between``."""
    codes = np.repeat(np.arange(artists), WORKS)
    own = rng.normal(0, between, artists)[codes]
    return own + rng.normal(0, 1.5, len(codes)), codes % 4, codes


def chances(drawn: tuple[np.ndarray, ...]) -> pd.Series:
    lags, labels, codes = drawn
    return compute_chances(lags, labels, codes, min_works=5)


@pytest.mark.parametrize("artists", [40, 400])
@pytest.mark.parametrize("between", [0.0, 0.5, 4.0])
def test_where_nobody_is_filed_wrongly_p_values_keep_what_they_say(
    artists: int, between: float
) -> None:
    rng = np.random.default_rng(0)
    drawn = np.concatenate([chances(draw(rng, artists, between)) for _ in range(4_000 // artists)])
    for level in (0.01, 0.05):
        assert (drawn <= level).mean() <= 1.3 * level
    assert (drawn <= 0.05).mean() >= 0.01
    assert (drawn <= 0.5).mean() == 0.5


def test_those_who_are_filed_wrongly_do_not_widen_what_they_are_measured_against() -> None:
    """As many stand out at once as before, but for what their company tells of the usual."""
    lags, labels, codes = draw(np.random.default_rng(1), 80, 1.0)
    one, many = lags.copy(), lags.copy()
    one[codes == 0] += 8
    many[codes < 8] += 8
    alone = chances((one, labels, codes))[0]
    assert alone < 1e-3
    among = chances((many, labels, codes))
    assert among.iloc[:8].max() < 2e-2
    assert among.iloc[8:].min() > among.iloc[:8].max()


def test_a_side_that_the_model_knows_well_does_not_narrow_the_other() -> None:
    """Half of the artists are seen as labelled to the last work: the others differ as before."""
    lags, labels, codes = draw(np.random.default_rng(2), 400, 2.0)
    middle = np.median(lags)
    squeezed = np.where(lags < middle, middle - 0.1 * (middle - lags), lags)
    assert (chances((squeezed, labels, codes)) <= 0.001).sum() <= 2


def test_few_artists_prove_little() -> None:
    """The same distance from the others, by Student's distribution of the artists' number."""
    lags = np.array([0.0, 1, 2, 3, 40])
    told = []
    for artists in (5, 50, 500):
        codes = np.repeat(np.arange(artists), WORKS)
        own = np.resize(lags[:4], artists)
        own[-1] = lags[4]
        told.append(chances((own[codes], np.zeros(len(codes), int), codes)).iloc[-1])
    assert told[0] > 0.1
    assert told[0] > told[1] > told[2]
    assert told[1] > student.sf(60, EFFICIENCY * 25)
    assert told[2] < 1e-9
    assert told[2] > student.sf(600, MOST_FREEDOM)


def test_halves_of_works_count_as_the_works_do() -> None:
    lags, labels, codes = draw(np.random.default_rng(5), 60, 1.0)
    parts = np.full(2 * len(lags), 0.5)
    halves = compute_chances(np.tile(lags, 2), np.tile(labels, 2), np.tile(codes, 2), 5, parts)
    pd.testing.assert_series_equal(halves, chances((lags, labels, codes)))


@pytest.mark.parametrize("artists", [0, 1, 2])
def test_without_others_nobody_stands_out(artists: int) -> None:
    found = chances(draw(np.random.default_rng(3), artists, 1.0))
    assert len(found) == artists
    assert (found > 0.2).all()


def test_small_oeuvres_and_unknown_hands_tell_what_is_usual_and_get_no_p_value() -> None:
    codes = np.concatenate([np.repeat([0, 1], 6), [2, 2], [-5, -6]])
    lags = np.random.default_rng(4).normal(size=len(codes))
    assert list(compute_chances(lags, np.zeros(16, int), codes, 5).index) == [0, 1]


def test_what_is_usual_leaves_the_artist_out_and_counts_works_by_one_hand_as_alike() -> None:
    works, means, labels = np.array([10, 10, 5]), np.array([1.0, 3.0, 5.0]), np.array([0, 0, 1])
    usual, others = expect_of_others(works, means, labels, alike=0.0)
    everywhere = (10 + 30 + 25) / 25
    np.testing.assert_allclose(others, [20, 20, 10])
    np.testing.assert_allclose(
        usual, [(30 + 10 * everywhere) / 20, (10 + 10 * everywhere) / 20, everywhere]
    )
    _, others = expect_of_others(works, means, labels, alike=1.0)
    np.testing.assert_allclose(others, [11, 11, 10])
