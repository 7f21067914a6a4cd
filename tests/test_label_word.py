"""What labels are called: the word, its forms, and texts that say it."""

from __future__ import annotations

import re

import pytest

from core.findings.cases.kinds import CASE_TYPES
from core.findings.labels.quadrants import QUADRANTS
from core.label_word import MOST, STYLE, LabelWord, build_plural, name_labels, word_of_column
from core.scores import SCORES

ERA = name_labels("era")
TEXTS = [
    *QUADRANTS.values(),
    *CASE_TYPES.values(),
    *(text for score in SCORES.values() for text in (score.label, score.meaning, score.absent)),
]


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("school", "school"),
        ("Classification", "classification"),
        ("Art Movement", "art movement"),
        ("art_movement", "art movement"),
        ("artMovement", "art movement"),
        ("style (2nd)", "style nd"),
        ("École", "école"),
        ("7", ""),
    ],
)
def test_a_column_gives_its_word(column: str, word: str) -> None:
    assert word_of_column(column) == word


@pytest.mark.parametrize(
    ("one", "several"),
    [
        *(("school", "schools"), ("culture", "cultures"), ("classification", "classifications")),
        *(("century", "centuries"), ("class", "classes"), ("branch", "branches")),
        *(("day", "days"), ("art movement", "art movements")),
    ],
)
def test_plurals_are_built_as_english_builds_them(one: str, several: str) -> None:
    assert build_plural(one) == several
    assert name_labels(one).plural == several
    assert name_labels(one, "Others").plural == "Others"


@pytest.mark.parametrize(
    "text", ["", " era", "era ", "<b>", "a.b", "1st", "-era", "e" * (MOST + 1)]
)
def test_what_is_no_word_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        LabelWord(singular=text)
    with pytest.raises(ValueError, match="no word"):
        LabelWord(plural=text)


def test_a_word_is_named_counted_and_begun() -> None:
    assert [ERA.name(task) for task in ("style", "artist", "genre")] == ["era", "artist", "genre"]
    assert [ERA.name_all("style"), ERA.name_all("genre")] == ["eras", "genres"]
    assert [ERA.one("style"), ERA.one("genre"), STYLE.one("style")] == [
        "an era",
        "a genre",
        "a style",
    ]
    assert [ERA.title("style"), ERA.title("artist")] == ["Era", "Artist"]
    assert [ERA.count(1), ERA.count(1200), ERA.count(2, "artist")] == [
        "1 era",
        "1,200 eras",
        "2 artists",
    ]
    assert name_labels("art movement").column == "art_movement"


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_can_be_filled(text: str) -> None:
    told = ERA.fill(text)
    assert not re.search("[{}]|style", told, re.IGNORECASE)
    assert not re.search(r"\ba eras?\b", told)
    assert STYLE.fill(text).replace("style", "era").replace("a era", "an era") == told
