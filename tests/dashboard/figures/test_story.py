"""The figures of a case, by the data they hold."""

import pandas as pd
import pytest

from dashboard.figures.story import build_timeline


@pytest.mark.parametrize(("years", "step"), [([1831], 1), ([1831, 1834], 1), ([1790, 1849], None)])
def test_years_are_whole_and_have_no_comma(years: list[int], step: int | None) -> None:
    works = pd.DataFrame(
        {
            "year": years,
            "given": "Ukiyo_e",
            "predicted": "Rococo",
            "title": "A wave",
            "artist": "Katsushika Hokusai",
        }
    )
    axis = build_timeline(works).layout.xaxis
    assert axis.tickformat == "d"
    assert axis.dtick == step
