"""Names are turned where a column shows that they are inverted, and nowhere else."""

import pytest

from core.collection.account import Account
from core.collection.reading.makers import read_makers

INVERTED = ["Sickert, Walter Richard", "Monet, Claude", "Hals, Frans", "Ash, Ann"]
NATURAL = ["Claude Monet", "Frans Hals", "Ann Ash", "Edward Hopper"]


def call(name: str, others: list[str]) -> str:
    return read_makers([*others, name], Account())[name]


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Hopper, Edward", "Edward Hopper"),
        ("Hopper,Edward", "Edward Hopper"),
        ("Hopper, E.", "E. Hopper"),
        ("HOPPER, EDWARD", "EDWARD HOPPER"),
        ("Gogh, Vincent van", "Vincent van Gogh"),
        ("van der Weyden, Rogier", "Rogier van der Weyden"),
        ("Toulouse-Lautrec, Henri de", "Henri de Toulouse-Lautrec"),
        ("Annunzio, Gabriele d'", "Gabriele d'Annunzio"),
        ("Mander, Karel van III", "Karel van Mander III"),
        ("Griffier, Jan, I", "Jan Griffier I"),
        ("Dürer the Younger, Albrecht", "Albrecht Dürer the Younger"),
        ("Brueghel, Pieter, the Younger", "Pieter Brueghel the Younger"),
        ("Cranach, Lucas d. Ä.", "Lucas Cranach d. Ä."),
        ("Wright, Joseph, of Derby", "Joseph Wright of Derby"),
        ("Millais, Sir John Everett, Bt", "Sir John Everett Millais, Bt"),
        ("Sanzio, Raffaello, called Raphael", "Raffaello Sanzio, called Raphael"),
        ("Li, Yuan-chia", "Yuan-chia Li"),
        ("Hokusai, Katsushika", "Katsushika Hokusai"),
        ("Circle of Hals, Frans", "Circle of Frans Hals"),
        ("Hals, Frans (circle of)", "Frans Hals (circle of)"),
        ("Hopper, Edward (1882-1967)", "Edward Hopper"),
        ("Hopper, Edward, American, 1882-1967", "Edward Hopper"),
        ("by Edward Hopper", "Edward Hopper"),
        ("Painted by Edward Hopper", "Edward Hopper"),
        ("Artist: Hopper, Edward", "Edward Hopper"),
        ("Byrne, Ann", "Ann Byrne"),
        ("Hopper, Edward; Monet, Claude", "Edward Hopper"),
        ("Hopper, Edward |Monet, Claude", "Edward Hopper"),
        ("Hopper, Edward\nMonet, Claude", "Edward Hopper"),
    ],
)
def test_names_of_an_inverted_column_are_turned(name: str, called: str) -> None:
    assert call(name, INVERTED) == called


@pytest.mark.parametrize(
    "name",
    [
        *("Rembrandt, Leiden", "Rembrandt, Dutch painters", "Wright & Son, Ltd", "Smith, Sons"),
        *("Tiffany, Studios", "Morris, Marshall, Faulkner", "Rubens", "Antonello da Messina"),
        *("Unknown, British", "British School 18th century", "unknown Dutch, Delft"),
        *("Messina, Antonello da, Attributed to Bellini", "Monet, 3", "hopper, edward"),
    ],
)
def test_what_is_no_inverted_name_stays(name: str) -> None:
    assert call(name, INVERTED) == name


@pytest.mark.parametrize(
    "name", ["Joseph Beuys, Andy Warhol", "Rembrandt, Leiden", "Manet, Edouard", "Wright, Son"]
)
def test_a_natural_column_shows_no_inversion(name: str) -> None:
    assert call(name, [*NATURAL, "Andy Warhol", "Joseph Beuys"]) == name


def test_a_lone_inverted_name_is_turned_where_the_column_shows_how_it_is_meant() -> None:
    assert call("Hopper, Edward", NATURAL) == "Edward Hopper"
    assert call("Degas, Edward", NATURAL) == "Edward Degas"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Camille Pissarro (1830–1903), artist", "Camille Pissarro"),
        ("Camille Pissarro (French, 1830–1903)", "Camille Pissarro"),
        ("Gerhard Richter (German, born 1932)", "Gerhard Richter"),
        ("Walter Shirlaw\nAmerican, 1838–1909", "Walter Shirlaw"),
        ("Sol LeWitt, American, 1928–2007", "Sol LeWitt"),
        ("Utagawa Hiroshige (Japanese)", "Utagawa Hiroshige"),
        ("  Pierre   Bonnard ", "Pierre Bonnard"),
        ("Attributed to Rembrandt (1606-1669)", "Attributed to Rembrandt"),
        ("Rembrandt (1606–1669), workshop of", "Rembrandt, workshop of"),
        ("Paulding Farnham|Tiffany & Co.", "Paulding Farnham"),
        (" | ", ""),
    ],
)
def test_dates_nationality_part_and_further_makers_are_taken_off(name: str, called: str) -> None:
    assert call(name, NATURAL) == called


@pytest.mark.parametrize(
    "name",
    [
        *("Group 1890", "Studio 65", "Marevna (Marie Vorobieff)", "(French, 1830)"),
        *("Dutch, 1650", "British School 18th century", "Jan (attributed to, 1650)"),
    ],
)
def test_numbers_and_brackets_that_are_part_of_a_name_stay(name: str) -> None:
    assert call(name, NATURAL) == name


def test_what_was_changed_is_in_the_account() -> None:
    account = Account()
    read_makers(["Hopper, Edward", "Monet, Claude; Ash, Ann", "Hals"], account)
    assert account.describe() == [
        '1 label changed, several makers, the first leads: "Monet, Claude; Ash, Ann" as '
        '"Monet, Claude"',
        '2 labels changed, the surname was first: "Hopper, Edward" as "Edward Hopper", '
        '"Monet, Claude" as "Claude Monet"',
    ]
