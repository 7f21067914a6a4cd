"""Which paintings a search finds, and what it says of words that nothing here is called by."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reviews import NamedSet
from core.tasks import FURTHER
from dashboard.runs.verdict_columns import add_sets, add_verdicts
from dashboard.selection.facets import FACETS
from dashboard.selection.matching import WORD, list_unmatched, match, read_query
from dashboard.selection.preparation import prepare_facets
from dashboard.selection.query import parse_query


def build_table() -> pd.DataFrame:
    """Four works: one of two labels, one without artist, one without title, one undated."""
    table = prepare_facets(
        pd.DataFrame(
            {
                "key": list("abcd"),
                "title": ["Café à la nuit", "View of 1906", None, "Red Realist “Study”"],
                "artist": ["Vincent van Gogh", "Kupka", "Ivan Žukov", None],
                "year": pd.array([1888, 1900, 1906, None], dtype="Int16"),
                "given": ["Cubism", "Analytical_Cubism", "Realism", "Rococo"],
                FURTHER: [("Dada",), None, None, None],
                "predicted": ["Dada", "Cubism", None, "Realism"],
            }
        )
    )
    columns: dict[str, list[object]] = {
        "key": ["a", "a", "b"],
        "verdict": ["wrong", "right", "unsure"],
    }
    columns |= {"task": ["style"] * 3, "reviewer": ["Ada", "Bob", "Ada"], "id": list("xyz")}
    columns |= {"proposed": ["Dada", None, None], "of_several": [None] * 3, "settles": [None] * 3}
    columns["time"] = [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 3)]
    verdicts = pd.DataFrame(columns | {"given": ["Cubism", "Cubism", "Analytical_Cubism"]})
    made = datetime(2026, 11, 28, tzinfo=UTC)
    sets = [
        NamedSet("s1", "Doubtful Cubists", ("a", "d"), "Ada", made, "r"),
        NamedSet("s2", "Doubt", ("b",), "Ada", made, "r"),
        NamedSet("s3", "Elsewhere", ("zz",), "Ada", made, "r"),
    ]
    table = add_sets(add_verdicts(table, verdicts, verdicts, "Ada"), sets)
    table.attrs[WORD] = "school"
    return table


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return build_table()


def find(table: pd.DataFrame, text: str) -> str:
    return "".join(table["key"][FACETS["text"].keep(table, (text,))])


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("CAFE", "a"),
        ('"a la nuit" gogh', "a"),
        ("gogh -nuit", ""),
        ("zukov", "c"),
        ("1906", "bc"),
        ("year:1906", "c"),
        ("1888..1900", "ab"),
        ("-1888..1900", "cd"),
        ("realis", "cd"),
        ("given:cubism", "a"),
        ("given:cubis", "ab"),
        ("given:dada", "a"),
        ("dada", "a"),
        ("school:realism", "c"),
        ("seen:realism", "d"),
        ('given:"analytical cubism"', "b"),
        ("-given:cubism", "bcd"),
        ("title:realist", "d"),
        ("title:realism", ""),
        ("artist:realism", ""),
        ("title:study", "d"),
        ("set:doubt", "b"),
        ("set:doubtful", "ad"),
        ("verdict:wrong", "a"),
        ("verdict:right", "a"),
        ("verdict:any", "ab"),
        ("verdict:none", "cd"),
        ("verdict:disputed", "a"),
        ("-verdict:any -1906", "d"),
        ("", "abcd"),
        ("...", "abcd"),
    ],
)
def test_a_search_finds(table: pd.DataFrame, text: str, keys: str) -> None:
    assert find(table, text) == keys


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("given:kubism", "No given school contains “kubism”."),
        ("seen:kubism", "No predicted school contains “kubism”."),
        ("artist:nobody", "No artist's name contains “nobody”."),
        ("title:nothing", "No title contains “nothing”."),
        ("set:none", "No set's name contains “none”."),
        ("verdict:bad", "“bad” is no verdict: write right, outlier,"),
    ],
)
def test_an_unknown_word_is_said(table: pd.DataFrame, text: str, said: str) -> None:
    (line,) = list_unmatched(table, read_query(table, text), "school")
    assert line.startswith(said)
    assert find(table, text) == ""


def test_words_that_are_here_need_no_word(table: pd.DataFrame) -> None:
    query = read_query(table, "given:dada verdict:label-is-right 1850..1860 anything")
    assert list_unmatched(table, query, "school") == []


def test_the_word_stays_with_a_table_that_gets_columns(table: pd.DataFrame) -> None:
    more = table.assign(quadrant="typical")
    assert find(more, "school:dada") == "a"


def test_without_verdicts_and_sets_nothing_has_any(table: pd.DataFrame) -> None:
    bare = table[["title", "searched", "searched_artist", "labels", "predicted", "year"]]
    for text in ("set:doubt", "verdict:any"):
        assert not FACETS["text"].keep(bare, (text,)).any()


WORDS = st.sampled_from(
    ["cafe", "-dada", "given:cubism", "-1906", "..1900", '"la nuit"', "set:doubt", "verdict:none"]
)


@given(st.lists(WORDS, max_size=5), WORDS)
def test_every_term_narrows_and_its_negation_keeps_the_rest(parts: list[str], more: str) -> None:
    table = build_table()
    before = match(table, parse_query(" ".join(parts)))
    positive = more.removeprefix("-")
    with_it = match(table, parse_query(" ".join([*parts, positive])))
    without_it = match(table, parse_query(" ".join([*parts, f"-{positive}"])))
    assert np.array_equal(with_it | without_it, before)
    assert not (with_it & without_it).any()
