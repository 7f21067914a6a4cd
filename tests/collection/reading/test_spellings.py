"""Labels that differ in form alone are one; labels that are near are asked about."""

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.account import Account
from core.collection.reading.spellings import (
    ask_about_near,
    clean_label,
    fold_label,
    merge_spellings,
)


@pytest.mark.parametrize(
    "spellings",
    [
        [
            "Cubism",
            "cubism",
            "CUBISM",
            "Cubism.",
            "Cubism\u00a0",
            " Cubism",
            "\u200bCubism",
            "Ｃubism",
        ],
        ["Ukiyo-e", "Ukiyo e", "Ukiyo_e", "Ukiyo‐e", "Ukiyo–e", "UKIYO—E"],
        ["Art naïf", "Art  naïf", unicodedata.normalize("NFD", "Art naïf"), "ART NAÏF"],
        ["Gogh's", "Gogh’s"],
        ["Art Nouveau (Modern)", "Art Nouveau [Modern]", "art nouveau {modern}"],
        ["St. Ives", "St Ives"],
        ["“Fauvism”", "Fauvism"],
    ],
)
def test_form_makes_no_difference(spellings: list[str]) -> None:
    labels = pd.Series([spellings[0], *spellings], dtype="str")
    merged = merge_spellings([labels], "style", Account())
    assert set(merged.values()) == {clean_label(spellings[0])}


@pytest.mark.parametrize(
    "pair", [("Art naïf", "Art naif"), ("Realism", "New Realism"), ("Op", "Pop"), ("C", "C#")]
)
def test_letters_make_a_difference(pair: tuple[str, str]) -> None:
    assert fold_label(pair[0]) != fold_label(pair[1])


def test_the_commonest_spelling_is_kept_and_the_others_named() -> None:
    account = Account()
    labels = pd.Series(["cubism", "Cubism", "cubism", "\u200bCubism", "Baroque"], dtype="str")
    merged = merge_spellings([labels], "style", account)
    assert merged["\u200bCubism"] == merged["Cubism"] == "Cubism"  # of equals, as a name
    assert account.describe() == [
        '2 labels changed, another spelling of the same style: "cubism" as "Cubism", '
        '"<200B>Cubism" as "Cubism"'
    ]


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=8))
def test_every_label_has_one_spelling_that_stays(labels: list[str]) -> None:
    merged = merge_spellings([pd.Series(labels, dtype="str")], "style", Account())
    kept = pd.Series([merged[label] for label in labels], dtype="str")
    again = merge_spellings([kept], "style", Account())
    assert all(again[label] == label for label in kept)
    assert len({fold_label(label) for label in labels}) == kept.nunique()


@pytest.mark.parametrize(
    "pair",
    [
        ("Impressionism", "Impresionism"),
        ("Impressionism", "Impressionsim"),
        ("Baroque", "Barroque"),
        ("Baroque", "Baroqus"),
        ("Art naïf", "Art naif"),
        ("Post-Impressionism", "Postimpressionism"),
    ],
)
def test_a_slip_of_one_letter_is_a_question(pair: tuple[str, str]) -> None:
    labels = pd.Series([pair[0], pair[0], pair[1], "Cubism"], dtype="str")
    (question,) = ask_about_near(labels, "style")
    assert f'"{pair[1]}" (1) and "{pair[0]}" (2)' in question


@pytest.mark.parametrize(
    "pair", [("Op Art", "Pop Art, US"), ("Room 1 left", "Room 2 left"), ("Louis XIV", "Louis XVI")]
)
def test_numbers_and_other_words_are_no_slip(pair: tuple[str, str]) -> None:
    assert ask_about_near(pd.Series(pair, dtype="str"), "style") == []
