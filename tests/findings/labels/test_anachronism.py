"""When a style begins, and who can move that."""

from __future__ import annotations

import numpy as np
import pytest

from core.findings.labels.anachronism import compute_anachronism, compute_style_years

YEARS = np.concatenate([np.arange(1959.0, 1989), np.arange(1870.0, 1885)])
LABELS = np.repeat([0, 1], [30, 15])
ARTISTS = np.arange(45)


def test_a_style_begins_with_its_third_artist() -> None:
    table = compute_style_years(YEARS, LABELS, ARTISTS, 2)
    assert table.loc[0, ["begins", "ends"]].tolist() == [1961, 1986]


def test_few_dated_works_tell_nothing() -> None:
    table = compute_style_years(YEARS, LABELS, ARTISTS, 3)
    assert table.loc[1, "dated"] == 15
    assert table.loc[[1, 2], ["begins", "ends"]].isna().all(axis=None)


@pytest.mark.parametrize("wrong", [1450.0, 2020.0])
def test_a_misdated_work_moves_it_little(wrong: float) -> None:
    years = YEARS.copy()
    years[7] = wrong
    table = compute_style_years(years, LABELS, ARTISTS, 2)
    assert abs(table.loc[0, "begins"] - 1961) <= 1
    assert abs(table.loc[0, "ends"] - 1986) <= 1


def test_one_artists_oeuvre_does_not_begin_a_style() -> None:
    years = np.concatenate([np.arange(1905.0, 1912), YEARS])
    labels = np.concatenate([np.zeros(7, int), LABELS])
    table = compute_style_years(years, labels, np.concatenate([np.full(7, 99), ARTISTS]), 2)
    assert table.loc[0, "begins"] == 1960


def test_years_outside_are_signed() -> None:
    table = compute_style_years(YEARS, LABELS, ARTISTS, 2)
    asked = np.array([1906.0, 1970, 1990, np.nan, 1906, 1906])
    styles = np.array([0, 0, 0, 0, 1, -1])
    np.testing.assert_array_equal(
        compute_anachronism(asked, styles, table), [-55, 0, 4, np.nan, np.nan, np.nan]
    )
