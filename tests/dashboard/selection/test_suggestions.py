"""Suggestions: what the last term could become, and that each finds as many as it says."""

from __future__ import annotations

import numpy as np
import pytest

from core.label_word import STYLE, name_labels
from dashboard.runs.open_run import OpenRun
from dashboard.runs.verdict_columns import add_sets
from dashboard.selection.facets import FACETS
from dashboard.selection.suggestions import MOST, suggest, suggest_own
from tests.dashboard.selection.test_matching import build_table


@pytest.mark.parametrize(
    "text",
    ["p", "pol", "cub", "given:c", "-seen:baro", "artist:", "painting", "cubism pic", '"jackson p'],
)
def test_each_finds_as_many_as_it_says(opened: OpenRun, text: str) -> None:
    for each in suggest(opened.table, text, STYLE):
        found = FACETS["text"].keep(opened.table, (each.text,))
        if each.text.startswith("-"):
            found = ~found
        assert each.count == np.count_nonzero(found), each
        assert each.count > 0


def test_names_that_begin_so_come_first_then_the_most_frequent(opened: OpenRun) -> None:
    found = [each.name for each in suggest(opened.table, "artist:p", STYLE)]
    assert found[:2] == ["Jackson Pollock", "Pablo Picasso"] or found[:2] == [
        "Pablo Picasso",
        "Jackson Pollock",
    ]


def test_the_field_is_called_as_the_run_calls_its_labels() -> None:
    (each, *_) = suggest(build_table(), "gogh cub", name_labels("school"))
    assert (each.text, each.kind, each.count) == ("gogh school:Cubism", "Given school", 1)


@pytest.mark.parametrize("text", ["", "  ", "pollock ", "1906..", "year:19", "zzz", '"'])
def test_there_is_nothing_to_complete(opened: OpenRun, text: str) -> None:
    assert suggest(opened.table, text, STYLE) == []


def test_there_are_never_too_many(opened: OpenRun) -> None:
    assert len(suggest(opened.table, "a", STYLE)) <= MOST


def test_sets_and_verdicts_are_offered_with_what_they_find() -> None:
    own = {each.text: each.count for each in suggest_own(build_table())}
    assert own == {
        'set:"Doubtful Cubists"': 2,
        "set:Doubt": 1,
        "verdict:right": 1,
        "verdict:wrong": 1,
        "verdict:unsure": 1,
        "verdict:any": 2,
        "verdict:none": 2,
        "verdict:disputed": 1,
    }


def test_a_run_whose_verdicts_cannot_be_read_offers_none(opened: OpenRun) -> None:
    assert suggest_own(opened.table) == []
    assert suggest_own(add_sets(opened.table, [])) == []
