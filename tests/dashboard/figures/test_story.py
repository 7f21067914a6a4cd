"""The figures of a case, by the data they hold."""

import pandas as pd
import pytest

from dashboard.figures.story import build_timeline


@pytest.mark.parametrize(("years", "step"), [([1831], 1), ([1831, 1834], 1), ([1790, 1849], None)])
def test_years_are_whole_and_have_no_comma(years: list[int], step: int | None) -> None:
    works = pd.DataFrame(
        {
            "year": years,
            "labels": [["Ukiyo_e"]] * len(years),
            "predicted": "Rococo",
            "title": "A wave",
            "artist": "Katsushika Hokusai",
        }
    )
    axis = build_timeline(works).layout.xaxis
    assert axis.tickformat == "d"
    assert axis.dtick == step


def test_a_work_of_several_labels_has_a_ring_at_each_and_a_line_only_if_none_is_seen() -> None:
    works = pd.DataFrame(
        {
            "year": [1900, 1910],
            "labels": [["Cubism", "Dada"], ["Cubism", "Dada"]],
            "predicted": ["Dada", "Rococo"],
            "title": "A wave",
            "artist": "Ada",
        }
    )
    figure = build_timeline(works)
    rings = next(trace for trace in figure.data if trace.name == "Labelled")
    told = list(zip(rings.x, rings.y, strict=True))
    assert told == [(year, label) for year in (1900, 1910) for label in ("Cubism", "Dada")]
    (lines,) = (trace for trace in figure.data if trace.mode == "lines")
    assert lines.x == (1910, 1910, None, 1910, 1910, None)
    assert lines.y == ("Cubism", "Rococo", None, "Dada", "Rococo", None)
