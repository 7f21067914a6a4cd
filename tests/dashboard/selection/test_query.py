"""The search taken apart: what each form means, and that nothing that can be typed is an error."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.selection.folding import fold_text
from dashboard.selection.query import (
    FIELDS,
    LONGEST_QUERY,
    Term,
    list_fields,
    parse_query,
    parse_years,
    split_last,
    write_term,
)

NEVER = math.inf
NAMES = st.text(st.characters(categories=("L", "N", "Zs", "P")), min_size=1, max_size=40)


def terms(text: str, word: str = "style") -> list[tuple[str, str, bool]]:
    return [(each.field, each.value, each.is_negated) for each in parse_query(text, word).terms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("Café NUIT", [("", "cafe", False), ("", "nuit", False)]),
        ('"Café à  la nuit" -gogh', [("", "cafe a la nuit", False), ("", "gogh", True)]),
        ("“starry night”", [("", "starry night", False)]),
        ('artist:"Vincent van Gogh"', [("artist", "vincent van gogh", False)]),
        ("ARTIST: Monet", [("artist", "monet", False)]),
        ("-given:Cubism", [("given", "cubism", True)]),
        ("label:Cubism predicted:Dada", [("given", "cubism", False), ("seen", "dada", False)]),
        ("set:'Doubt' verdict:wrong", [("set", "'doubt'", False), ("verdict", "wrong", False)]),
        ("self-portrait", [("", "self-portrait", False)]),
        ("cafe cafe", [("", "cafe", False)]),
        ("d’Orsay", [("", "d'orsay", False)]),
    ],
)
def test_what_is_typed_means(text: str, expected: list[tuple[str, str, bool]]) -> None:
    query = parse_query(text)
    assert [(t.field, t.value, t.is_negated) for t in query.terms][: len(expected)] == expected
    assert not query.faults


@pytest.mark.parametrize(
    ("text", "years", "field"),
    [
        ("1906", (1906, 1906), ""),
        ("1900..1910", (1900, 1910), "year"),
        ("1900…1910", (1900, 1910), "year"),
        ("1900..", (1900, NEVER), "year"),
        ("..1910", (-NEVER, 1910), "year"),
        ("year:1906", (1906, 1906), "year"),
        ("years:-50..20", (-50, 20), "year"),
        ("monet", None, ""),
    ],
)
def test_numbers_are_years(text: str, years: tuple[float, float] | None, field: str) -> None:
    (term,) = parse_query(text).terms
    assert (term.years, term.field) == (years, field)


def test_the_word_of_the_run_is_a_field() -> None:
    assert terms("school:Dutch", "school") == [("given", "dutch", False)]
    assert terms("art_movement:Dada", "art movement") == [("given", "dada", False)]
    assert terms("art-movement:Dada", "art movement") == [("given", "dada", False)]
    assert parse_query("school:Dutch", "style").faults
    assert list_fields("school")[-1] == "school"


@pytest.mark.parametrize(
    ("text", "says", "left"),
    [
        ("stlye:Cubism monet", "“stlye:” is no field", [("", "stlye:cubism"), ("", "monet")]),
        ("Study: woman", "looked for as text", [("", "study:"), ("", "woman")]),
        ("monet artist:", "Nothing follows “artist:”", [("", "monet")]),
        ("1910..1900", "ends before it begins", []),
        ("year:abc", "no year: write 1906", []),
        ('"starry night', "not closed", [("", "starry night")]),
        ('- & artist:""', "no letter or digit", []),
        ("a" * 400, f"first {LONGEST_QUERY}", [("", "a" * LONGEST_QUERY)]),
    ],
)
def test_what_cannot_be_read_is_said(text: str, says: str, left: list[tuple[str, str]]) -> None:
    query = parse_query(text)
    assert any(says in fault for fault in query.faults)
    assert [(term.field, term.value) for term in query.terms] == left


@given(st.text(max_size=LONGEST_QUERY + 20))
def test_nothing_that_can_be_typed_is_an_error(text: str) -> None:
    query = parse_query(text, "school")
    assert all(term.value == fold_text(term.value) for term in query.terms)
    assert all(term.field in ("", *FIELDS.values()) for term in query.terms)
    assert all(fault.endswith(".") for fault in query.faults)
    if not query.terms and any(sign.isalnum() for sign in text):
        assert query.faults


@given(st.sampled_from(["artist", "title", "given", "seen", "set"]), NAMES, st.booleans())
def test_a_term_that_is_written_is_read_again(field: str, value: str, is_negated: bool) -> None:
    expected = " ".join(fold_text(value).split())
    query = parse_query(write_term(field, value, is_negated))
    if any(sign.isalnum() for sign in expected):
        (term,) = query.terms
        assert (term.field, term.value, term.is_negated) == (field, expected, is_negated)
        assert not query.faults


PARTS = st.sampled_from(["monet", "-dada", 'artist:"van gogh"', "1906", "..1900"])


@given(st.lists(PARTS, max_size=10))  # shorter than the longest query
def test_the_last_term_completes_what_stands_before_it(parts: list[str]) -> None:
    text = " ".join(parts)
    before, last = split_last(text)
    assert before + last == text
    assert last == (parts[-1] if parts else "")
    assert split_last(f"{text} ") == (f"{text} ", "")


def test_an_open_phrase_is_the_last_term() -> None:
    assert split_last('monet artist:"van g') == ("monet ", 'artist:"van g')


@pytest.mark.parametrize("text", ["", "..", "abc", "1910..1900", "1e3", "19 06", "9999999"])
def test_what_is_no_year(text: str) -> None:
    assert parse_years(text) is None


def test_terms_of_one_meaning_count_once() -> None:
    assert parse_query("Monet MONET").terms[0] == Term("monet", said="Monet")
