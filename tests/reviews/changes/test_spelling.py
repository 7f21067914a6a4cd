"""Labels as the museum writes them."""

from __future__ import annotations

import pandas as pd
import pytest

from core.collection.reading.vocabulary import Concept, Vocabulary
from core.reviews.changes.spelling import (
    find_spellings,
    spell_label,
    write_label,
    write_maker,
    write_other,
)
from core.tasks import TASKS


@pytest.mark.parametrize(
    ("cell", "read", "new", "written"),
    [
        ("Cubism", "Cubism", "Dada", "Dada"),
        (" Cubism ", "Cubism", "Dada", "Dada"),
        ("Cubism; Dada", "Cubism", "Realism", "Realism; Dada"),
        ("Cubism | Dada|Pop", "Cubism", "Pop", "Dada|Pop"),
        ("Cubism; dada", "Cubism", "Dada", "dada"),
        ("['Cubism', 'Dada']", "Cubism", "Realism", "['Realism', 'Dada']"),
        ("['Cubism', 'Dada']", "Cubism", "Dada", "['Dada']"),
        ("Cubism\nDada", "Cubism", "Dada", "Dada"),
        ("", "", "Dada", "Dada"),
    ],
)
def test_the_label_changes_and_what_stands_beside_it_stays(
    cell: str, read: str, new: str, written: str
) -> None:
    assert write_label(cell, read, new) == written


def test_a_label_is_spelled_as_it_mostly_is() -> None:
    cells = pd.DataFrame(
        {
            "style_label": ["Dada", "Dada", "Dada", "Pop", None],
            "style_read": ["DADA", "dada", "dada", "Pop Art", None],
        },
        dtype="str",
    )
    assert find_spellings(cells, "style") == {"Dada": "dada", "Pop": "Pop Art"}


@pytest.mark.parametrize(
    ("cell", "label", "new", "written"),
    [
        ("New Realism; Realism", "Realism", "Dada", "New Realism; Dada"),
        ("Cubism; pop art", "Pop_Art", "Dada", "Cubism; Dada"),
        ("['Cubism', 'Dada']", "Dada", "Pop", "['Cubism', 'Pop']"),
        ("Cubism; Dada", "Dada", "Cubism", "Cubism"),
        ("Dada; Cubism", "Dada", "Cubism", "Cubism"),
        ("Dada; Cubism; Pop", "Cubism", "Dada", "Dada; Pop"),
        ("['Cubism', 'Dada']", "Dada", "Cubism", "['Cubism']"),
        ("['Dada', 'Cubism', 'Pop']", "Dada", "Pop", "['Cubism', 'Pop']"),
        ("['Dada', 'Cubism', 'Pop']", "Cubism", "Pop", "['Dada', 'Pop']"),
        ("['Dada', 'Cubism', 'Pop']", "Pop", "Dada", "['Dada', 'Cubism']"),
        ("Cubism", "Dada", "Pop", None),
        ("Dada; Dada", "Dada", "Pop", None),
    ],
)
def test_one_of_several_is_written_in_its_own_place(
    cell: str, label: str, new: str, written: str | None
) -> None:
    assert write_other(cell, label, new) == written


TERMS = Vocabulary((Concept("Cubism", ("Kubismus",)), Concept("Realism", ("Realismus",))))


@pytest.mark.parametrize(
    ("label", "new", "written"),
    [
        ("Cubism", "Dada", "Realismus; Dada"),
        ("Cubism", "Realism", "Realismus"),
        ("Realism", "Cubism", "Kubismus"),
    ],
)
def test_one_of_several_is_found_as_a_variant_of_its_term(
    label: str, new: str, written: str
) -> None:
    assert write_other("Realismus; Kubismus", label, new, TERMS) == written
    assert write_other("Cubism; Kubismus", "Cubism", "Dada", TERMS) is None


def test_a_variant_of_the_new_label_is_not_doubled() -> None:
    assert write_label("Kubismus; Realismus", "Kubismus", "Realism", TERMS) == "Realismus"


def test_a_variant_is_no_spelling_of_its_term() -> None:
    terms = Vocabulary((Concept("Cubism", ("Kubismus",)), Concept("Op Art")))
    cells = ["Kubismus", "Kubismus", "CUBISM"]
    table = pd.DataFrame({"style_label": ["Cubism"] * 3, "style_read": cells})
    assert find_spellings(table, "style") == {"Cubism": "Kubismus"}
    spelled = find_spellings(table, "style", terms)
    assert spelled == {"Cubism": "CUBISM"}
    assert spell_label("Cubism", spelled, terms) == "CUBISM"
    assert spell_label("Op_Art", {}, terms) == "Op Art"
    assert spell_label("Op_Art", {}, None) == "Op_Art"


@pytest.mark.parametrize(
    ("cell", "label", "written"),
    [
        ("Rembrandt", "Rembrandt", "Hals, Frans"),
        ("Rembrandt (Dutch, 1606\u20131669)", "Rembrandt", "Hals, Frans"),
        ("Attributed to Rembrandt", None, "Hals, Frans"),
        ("Workshop of Rembrandt van Rijn", None, "Hals, Frans"),
        (
            "Fritzsch, Christian D.|Denner, Balthasar",
            "Christian D. Fritzsch",
            "Hals, Frans|Denner, Balthasar",
        ),
        ("Dahl, Balzer |Bredal, Niels", "Balzer Dahl", "Hals, Frans |Bredal, Niels"),
        ("Braque; Picasso", "Braque", "Hals, Frans; Picasso"),
        ("Braque; Frans Hals (1582-1666)", "Braque", None),
        ("unknown Dutch|unknown English", None, None),
    ],
)
def test_an_artist_is_written_for_the_maker_who_was_named(
    cell: str, label: str | None, written: str | None
) -> None:
    assert write_maker(cell, label, "Hals, Frans") == written


def test_a_line_of_dates_goes_with_its_maker() -> None:
    cell = "Peter Paul Rubens\nFlemish, 1577-1640\nJan Brueghel\nFlemish, 1568-1625"
    written = write_maker(cell, "Peter Paul Rubens", "Jacob Jordaens")
    assert written == "Jacob Jordaens\nJan Brueghel\nFlemish, 1568-1625"


def test_an_artist_is_spelled_as_where_alone() -> None:
    cells = ["Dahl, Balzer|Bredal, Niels", "Dahl, Balzer|Bredal, Niels", "Dahl, Balzer"]
    table = pd.DataFrame({"artist_label": "Balzer Dahl", "artist_read": cells})
    assert find_spellings(table, "artist") == {"Balzer Dahl": "Dahl, Balzer"}


def test_of_no_cell_there_is_no_spelling() -> None:
    none = pd.DataFrame({f"{task}_{part}": [None] for task in TASKS for part in ("label", "read")})
    for task in TASKS:
        assert find_spellings(none, task, TERMS) == {}
