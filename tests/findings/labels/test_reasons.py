"""Sentences: what they say, and in which order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.artifacts.reasons import Reason, build_reasons, take_reasons
from core.findings.appearance import APPEARANCES, FORMER, PLAIN
from core.findings.labels import reasons, weighing
from core.findings.labels.reasons import MOST_REASONS, WRITERS, tell, write_reason
from core.findings.labels.weighing import FACTS, weigh_reasons
from core.text import NBSP
from tests.reading_reasons import read_reasons


def write(**facts: Any) -> list[str]:
    row: dict[str, Any] = dict.fromkeys(FACTS, np.nan) | {
        "given": "Cubism",
        "predicted": "Pop_Art",
        "suggested": "Pop_Art",
        "confidence": 0.81,
        "weight_picture": 2.0,
        "oeuvre_works": 0,
        "fellows": 0,
        "fellows_away": 0,
        "neighbour_artists": 0,
        "filed_twice": False,
        "anachronism_given": 0.0,
        "anachronism_suggested": 0.0,
        "artist": "Patrick Caulfield",
        "given_dated": 0.8,
        "suggested_dated": 0.74,
        "was_accepted": False,
        "depth": None,
    }
    weighed = weigh_reasons(pd.DataFrame([row | facts]))
    return [line.replace(NBSP, " ") for line in tell(read_reasons(weighed, [0])[0]).lines]


def test_the_disagreement_is_always_told() -> None:
    assert write() == ["Labelled Cubism; the model sees Pop Art, 81 % sure."]
    agreed = write(predicted="Cubism", suggested="Fauvism", weight_picture=-3.0)
    assert agreed == ["Labelled Cubism; the model agrees, 81 % sure."]
    assert write(given=None) == ["No style label; the model sees Pop Art, 81 % sure."]
    assert write(predicted=None, suggested=None) == ["Labelled Cubism; not judged in this run."]
    bare = write(given=None, predicted=None, suggested=None)
    assert bare == ["No style label; not judged in this run."]


def test_a_name_stands_as_it_is_beside_a_share() -> None:
    assert write(given="Näïve Art (100%)") == [
        "Labelled Näïve Art (100%); the model sees Pop Art, 81 % sure."
    ]


def test_the_disagreement_comes_first_then_the_heaviest_reason() -> None:
    lines = write(
        oeuvre_works=6, oeuvre_given=1, oeuvre_suggested=5, weight_labels=1.0, copy_labels="Pop Art"
    )
    assert lines == [
        "Labelled Cubism; the model sees Pop Art, 81 % sure.",
        "A copy of the same picture is labelled Pop Art.",
        "1 of the 6 other works by Patrick Caulfield here is labelled Cubism; 5 are Pop Art.",
    ]


def test_what_speaks_for_the_label_comes_last_after_but() -> None:
    lines = write(
        oeuvre_works=1, oeuvre_given=1, oeuvre_suggested=0, weight_labels=-2.0, filed_twice=True
    )
    assert lines[1] == "The same file name stands in two folders."
    assert lines[-1] == "But the one other work by Patrick Caulfield here is labelled Cubism."


@pytest.mark.parametrize(
    ("works", "given", "suggested", "told"),
    [
        (1, 0, 1, "The one other work by Patrick Caulfield here is labelled Pop Art."),
        (1, 0, 0, "The one other work by Patrick Caulfield here is labelled neither Cubism nor "
         "Pop Art."),
        (4, 0, 4, "None of the 4 other works by Patrick Caulfield here is labelled Cubism; all 4 "
         "are Pop Art."),
        (4, 2, 1, "2 of the 4 other works by Patrick Caulfield here are labelled Cubism; 1 is "
         "Pop Art."),
        (4, 1, 0, "1 of the 4 other works by Patrick Caulfield here is labelled Cubism; none is "
         "Pop Art."),
        (4, 4, 0, "All 4 other works by Patrick Caulfield here are labelled Cubism; none is Pop "
         "Art."),
    ],
)  # fmt: skip
def test_the_artists_other_works_are_counted_in_words(
    works: int, given: int, suggested: int, told: str
) -> None:
    lines = write(
        oeuvre_works=works, oeuvre_given=given, oeuvre_suggested=suggested, weight_labels=1.0
    )
    assert lines[-1] == told


def test_years_are_told_from_both_ends() -> None:
    late = write(year=1987.0, anachronism_given=27.0, given_ends=1960.0, weight_years=1.0)
    dated = "(80 % of its works are dated)."
    assert f"Painted 1987; a few works aside, the Cubism here ends in 1960 {dated}" in late
    early = write(
        year=1906.0, anachronism_suggested=-53.0, suggested_begins=1959.0, weight_years=-1.0
    )
    assert early[-1] == (
        "But painted 1906; a few works aside, the Pop Art here begins in 1959 (74 % of its works "
        "are dated)."
    )
    around = write(year=1965.0, weight_years=1.2)
    assert around[-1] == (
        "A larger share of the Pop Art works here than of the Cubism works was painted around 1965 "
        "(74 % and 80 % of them are dated)."
    )
    moved = write(year=1908.0, given_from=1874.0, given_to=1890.0)
    assert moved[-1].endswith("Cubism works here date from 1874 to 1890, this from 1908.")


def test_years_before_the_common_era_are_told_as_such() -> None:
    late = write(year=-150.0, anachronism_given=150.0, given_ends=-300.0, weight_years=1.0)
    assert late[-1].startswith(
        "Painted 150 BCE; a few works aside, the Cubism here ends in 300 BCE (80 %"
    )
    assert "was painted around 40 BCE (" in write(year=-40.0, weight_years=1.2)[-1]
    apart = write(year=-40.0, given_from=-300.0, given_to=-300.0)
    assert apart[-1].endswith("Cubism works here date from 300 BCE, this from 40 BCE.")
    moved = write(
        **{"year": -290.0, "given_from": -300.0, "given_to": -280.0},
        **{"suggested_from": -350.0, "suggested_to": -340.0},
    )
    assert moved[-1].endswith(
        "Cubism works here date from 300 BCE to 280 BCE, within 5 years of this one; the Pop Art "
        "works from 350 BCE to 340 BCE."
    )


def test_an_artist_who_moved_on_is_no_error() -> None:
    spans = {"given_from": 1907.0, "given_to": 1914.0, "suggested_from": 1880.0}
    moved = write(year=1910.0, suggested_to=1900.0, **spans)
    assert moved[-1] == (
        "But the artist's Cubism works here date from 1907 to 1914, within 5 years of this one; "
        "the Pop Art works from 1880 to 1900."
    )
    both = write(year=1910.0, suggested_to=1912.0, **spans)
    assert len(both) == 1


def test_a_witness_that_says_little_is_not_quoted() -> None:
    assert len(write(oeuvre_works=9, oeuvre_given=4, oeuvre_suggested=4, weight_labels=0.1)) == 1


def test_a_whole_oeuvre_is_doubted_only_where_most_of_it_is_seen_elsewhere() -> None:
    facts = {"oeuvre_doubt": 0.6, "weight_sights": 1.0, "fellows": 4, "fellows_away": 3}
    doubted = (
        "Of the artist's 4 other works labelled Cubism, 3 are seen in other styles by a model that "
        "never saw the artist: all may be filed wrongly."
    )
    assert doubted in write(**facts)
    for change in ({"oeuvre_doubt": 0.4}, {"fellows_away": 2}, {"fellows": 2, "fellows_away": 2}):
        assert not any("filed wrongly" in line for line in write(**facts | change))
    assert "filed wrongly" not in write_reason("oeuvre elsewhere", {})  # of an older run


def test_there_are_never_too_many() -> None:
    lines = write(
        **{"oeuvre_works": 6, "oeuvre_given": 1, "oeuvre_suggested": 5, "weight_labels": 1.0},
        **{
            "copy_labels": "Pop Art",
            "novelty": 1.3,
            "medium": "strokes on paper",
            "suspected_by": "both",
        },
        **{"neighbour_artists": 9, "neighbour_given": 0.1, "neighbour_suggested": 0.8},
        **{"weight_neighbours": 1.0, "weight_sights": 1.0, "year": 1965.0, "weight_years": 1.0},
    )
    assert len(lines) == MOST_REASONS
    assert "By colours and tones: strokes on paper. It may be odd for that alone." not in lines


@pytest.mark.parametrize("undated", ["given_dated", "suggested_dated"])
def test_no_style_of_mostly_undated_works_is_dated(undated: str) -> None:
    facts = {"year": 1858.0, "weight_years": 1.5}
    assert any("around 1858" in line for line in write(**facts))
    assert not any("around 1858" in line for line in write(**facts, **{undated: 40 / 251}))


def test_a_label_that_was_accepted_at_any_epoch_is_not_said_never_to_have_been() -> None:
    never = "In training, too, the model never came to accept the label."
    assert never in write(suspected_by="both", was_accepted=False)
    assert never not in write(suspected_by="both", was_accepted=True)
    assert never not in write(suspected_by="out of fold only", was_accepted=False)


def test_the_sentence_on_neighbours_says_that_they_are_out_of_fold() -> None:
    lines = write(
        **{"neighbour_artists": 9, "neighbour_given": 0.0, "neighbour_suggested": 0.9},
        weight_neighbours=2.0,
    )
    assert lines[-1] == (
        "Of the nearest works (by 9 artists, out of fold) 0 % are labelled Cubism and 90 % Pop Art."
    )


@pytest.mark.parametrize("medium", [name for name in APPEARANCES if name != PLAIN])
def test_an_appearance_is_told_and_no_medium_claimed(medium: str) -> None:
    told = f"By colours and tones: {medium}. It may be odd for that alone."
    assert write(medium=medium)[-1] == told
    assert not re.search("painting|drawing|print|photograph|document", told)
    assert len(write(medium=PLAIN)) == 1


@pytest.mark.parametrize(("former", "now"), FORMER.items())
def test_a_run_that_claimed_a_medium_says_how_its_pictures_look(former: str, now: str) -> None:
    assert now in APPEARANCES
    assert write_reason("medium", {"medium": former}).startswith(f"By colours and tones: {now}.")


def test_reasons_are_data_and_survive_a_table() -> None:
    told = [
        [Reason("answer", 0.5, {"given": "Käthe “K”", "predicted": "b", "confidence": 0.25})],
        [],
        [Reason("medium", 0.5, {"medium": "print"}), Reason("filed twice", 3.0, {})],
    ]
    table = build_reasons(told)
    assert read_reasons(table, [2, 0, 1]) == [told[2], told[0], told[1]]
    assert read_reasons(table, []) == []
    twice = take_reasons(table, [0, 1, 2, 0, 1, 2])
    assert twice["row"].tolist() == [0, 2, 2, 3, 5, 5]
    assert read_reasons(twice, [3]) == [told[0]]


def test_what_speaks_for_a_label_is_set_against_doubt_only() -> None:
    favour = Reason("oeuvre", -1.0, {"works": 1, "artist": "A", "given": "B", "given_works": 1})
    answer = {"given": "B", "predicted": "C", "confidence": 0.5}
    doubted = tell([Reason("answer", 1.0, answer), favour])
    assert doubted.favour == ("The one other work by A here is labelled B.",)
    assert doubted.lines[1] == "But the one other work by A here is labelled B."
    agreed = tell([Reason("answer", -1.0, answer | {"predicted": "B"}), favour])
    assert agreed.favour == ()
    assert agreed.lines[1] == "The one other work by A here is labelled B."


def test_every_kind_that_is_weighed_can_be_told() -> None:
    source = Path(weighing.__file__).read_text(encoding="utf-8")
    weighed = set(re.findall(r'Reason\(\s*"([a-z ]+)"', source)) | {reasons.ANSWER}
    assert weighed == set(WRITERS)
