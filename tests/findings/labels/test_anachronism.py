"""When a style begins, and who can move that."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.findings.labels.anachronism import compute_anachronism, compute_style_years

YEARS = np.concatenate([np.arange(1959.0, 1989), np.arange(1870.0, 1885)])
LABELS = np.repeat([0, 1], [30, 15])
ARTISTS = np.arange(45)


def test_a_style_begins_with_its_second_artist() -> None:
    table = compute_style_years(YEARS, LABELS, ARTISTS, 2)
    assert table[["begins", "ends"]].iloc[0].to_list() == [1960, 1987]


def test_few_dated_works_tell_nothing() -> None:
    table = compute_style_years(YEARS, LABELS, ARTISTS, 3)
    assert table.loc[1, "dated"] == 15
    assert table.loc[[1, 2], ["begins", "ends"]].isna().all(axis=None)


@pytest.mark.parametrize("wrong", [1450.0, 2020.0])
def test_a_misdated_work_moves_it_little(wrong: float) -> None:
    years = YEARS.copy()
    years[7] = wrong
    table = compute_style_years(years, LABELS, ARTISTS, 2)
    assert abs(table["begins"].iloc[0] - 1960) <= 1
    assert abs(table["ends"].iloc[0] - 1987) <= 1


def test_one_artists_oeuvre_does_not_begin_a_style() -> None:
    years = np.concatenate([np.arange(1905.0, 1912), YEARS])
    labels = np.concatenate([np.zeros(7, int), LABELS])
    table = compute_style_years(years, labels, np.concatenate([np.full(7, 99), ARTISTS]), 2)
    assert table["begins"].iloc[0] == 1959


def test_years_outside_are_signed() -> None:
    table = compute_style_years(YEARS, LABELS, ARTISTS, 2)
    asked = np.array([1906.0, 1970, 1990, np.nan, 1906, 1906])
    styles = np.array([0, 0, 0, 0, 1, -1])
    np.testing.assert_array_equal(
        compute_anachronism(asked, styles, table), [-54, 0, 3, np.nan, np.nan, np.nan]
    )


@given(place=st.integers(0, 44), wrong=st.integers(0, 1), year=st.integers(1400, 2030))
def test_no_single_label_or_date_moves_an_end_far(place: int, wrong: int, year: int) -> None:
    """Whatever is made of one work; here genuine works lie a year apart."""
    before = compute_style_years(YEARS, LABELS, ARTISTS, 2).loc[0]
    years, labels = YEARS.copy(), LABELS.copy()
    years[place], labels[place] = year, wrong
    after = compute_style_years(years, labels, ARTISTS, 2).loc[0]
    assert abs(after["begins"] - before["begins"]) <= 2
    assert abs(after["ends"] - before["ends"]) <= 2


def test_works_in_doubt_have_no_part_in_the_ends() -> None:
    years = np.concatenate([np.full(8, 1796.0), YEARS])
    labels, artists = np.concatenate([np.zeros(8, int), LABELS]), np.arange(53)
    doubted = np.arange(53) < 8
    assert compute_style_years(years, labels, artists, 2).loc[0, "begins"] == 1796
    assert compute_style_years(years, labels, artists, 2, doubted).loc[0, "begins"] == 1960


def test_a_style_with_under_half_of_its_works_dated_has_no_years() -> None:
    undated = np.full(31, np.nan)
    years, labels = np.concatenate([YEARS, undated]), np.concatenate([LABELS, np.zeros(31, int)])
    table = compute_style_years(years, labels, np.arange(76), 2)
    assert list(table.loc[0, ["works", "dated"]]) == [61, 30]
    assert table.loc[0, ["begins", "ends"]].isna().all()
    one_less = compute_style_years(years[:-1], labels[:-1], np.arange(75), 2)
    assert one_less.loc[0, "begins"] == 1960


def test_most_works_lie_within_the_years_of_their_style() -> None:
    """Also where a style has six painters only; and no style ends before it begins."""
    rng = np.random.default_rng(0)
    firsts = rng.integers(1870, 1900, 6)
    artists = rng.integers(0, 6, 90)
    years = firsts[artists] + rng.integers(0, 25, 90).astype(float)
    table = compute_style_years(years, np.zeros(90, dtype=int), artists, 1)
    assert (compute_anachronism(years, np.zeros(90, dtype=int), table) != 0).mean() < 0.25
    two = np.where(artists < 3, 0, 1)  # one hand early, the other late
    apart = 1800.0 + 50 * two
    assert compute_style_years(apart, np.zeros(90, dtype=int), two, 1).isna().loc[0, "begins"]
