import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.reading.encoding import fold_name, match_names, repair_name

SOROLLA = "joaquín-sorolla_boat-1908.jpg"


def as_latin_1(name: str) -> str:
    return name.encode().decode("latin-1")


def as_code_page_437(name: str) -> str:
    return name.encode().decode("cp437")


HARMED = [
    as_latin_1(SOROLLA),
    as_latin_1(SOROLLA).lower(),  # as the official lists have it
    as_code_page_437(SOROLLA),
    as_code_page_437(as_code_page_437(SOROLLA)),
    as_code_page_437(unicodedata.normalize("NFD", SOROLLA)),
    unicodedata.normalize("NFD", SOROLLA),
    "joaqu#U00edn-sorolla_boat-1908.jpg",
]


@pytest.mark.parametrize("harmed", HARMED)
def test_a_harmed_name_is_repaired(harmed: str) -> None:
    assert repair_name(harmed) == SOROLLA


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=40))
def test_a_plain_name_stays(name: str) -> None:
    assert repair_name(name) == name or "#U" in name


@pytest.mark.parametrize("name", ["Ça ira", "São Paulo", "Łódź", "Mädchen", "北斎"])
def test_accents_that_are_right_stay(name: str) -> None:
    assert repair_name(name) == name


@pytest.mark.parametrize("harmed", [*HARMED, SOROLLA, "joaquin-sorolla_boat-1908.jpg"])
@pytest.mark.parametrize("listed", [*HARMED, SOROLLA])
def test_names_match_whichever_side_is_harmed(harmed: str, listed: str) -> None:
    matches = match_names([harmed, "other.jpg"], [listed, "another.jpg"])
    assert matches.pairs == {harmed: listed}
    assert (matches.plain, matches.repaired) == ((1, 0) if harmed == listed else (0, 1))


def test_a_name_with_lost_letters_matches_by_the_rest() -> None:
    lost = "joaqu\ufffdn-sorolla_boat-1908.jpg"
    assert match_names([lost], [SOROLLA]).pairs == {lost: SOROLLA}


def test_two_candidates_are_no_match() -> None:
    matches = match_names(["munch.jpg"], ["mu\u0308nch.jpg", "MUNCH.jpg"])
    assert matches.pairs == {}


def test_a_plain_match_is_not_taken_away_by_a_repaired_one() -> None:
    matches = match_names(["cafe.jpg", "café.jpg"], ["café.jpg"])
    assert matches.pairs == {"café.jpg": "café.jpg"}


@given(st.text(max_size=30))
def test_folding_twice_changes_no_more(name: str) -> None:
    folded = fold_name(name)
    if folded.isascii():
        assert fold_name(folded) == folded or "#u" in folded
