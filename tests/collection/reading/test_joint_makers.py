"""Makers joined by commas are parted where another column counts them, and nowhere else."""

import pandas as pd
import pytest

from core.collection.reading.joint_makers import part_makers

ALONE = ["Pierre Roy", "Paul Klee", "Ann Ash", "Jo Oak"] * 5


def part(names: list[str | None], **others: list[str]) -> tuple[list[str | None], list[str]]:
    index = pd.RangeIndex(2, 2 + len(ALONE) + len(names), name="line")
    artists = pd.Series([*ALONE, *names], index=index, dtype="str")
    table = pd.DataFrame(
        {
            name: ["(French)" if "(" in "".join(cells) else "7"] * len(ALONE) + cells
            for name, cells in others.items()
        },
        index=index,
        dtype="str",
    )
    parted, notes = part_makers(artists, table)
    return [None if pd.isna(name) else name for name in parted[len(ALONE) :]], notes


@pytest.mark.parametrize(
    "counting",
    [
        ["(American, 1907–1978) (American, 1912–1988)", "(French)"],
        ["(American) ()", "()"],
        ["1671, 1672", "8"],
        ["1671,1672", ""],
    ],
)
def test_a_column_with_a_value_for_each_maker_tells(counting: list[str]) -> None:
    parted, notes = part(["Charles Eames, Ray Eames", "Paul Klee"], facts=counting)
    assert (parted, notes) == (["Charles Eames; Ray Eames", "Paul Klee"], [])


def test_an_inverted_name_has_one_value_and_is_not_parted() -> None:
    names: list[str | None] = [
        "Eames, Charles",
        "Skidmore, Owings & Merrill",
        "Eames, Ray, Klee, Paul",
    ]
    parted, notes = part(names, ids=["4", "5", "6, 7"])
    assert parted == [*names[:2], "Eames, Ray; Klee, Paul"]
    assert notes == []


def test_columns_that_count_something_else_tell_nothing() -> None:
    names: list[str | None] = ["Eames, Charles", "Eames, Ray", None]
    for cells in (["1, 2", "3"], ["(a) (b) (c)", "(d)"], ["12", "13"], ["Paris", "Rome"]):
        parted, _ = part([*names, "Paul Klee"], other=[*cells, "9", "1, 2, 3"])
        assert parted == [*names, "Paul Klee"]


def test_two_columns_that_differ_tell_nothing() -> None:
    names: list[str | None] = ["Charles Eames, Ray Eames", "Ann Ash, Jo Oak"]
    parted, notes = part(names, ids=["1, 2", "3, 4"], lives=["(1907)", "(1900) (1901)"])
    assert parted == ["Charles Eames, Ray Eames", "Ann Ash; Jo Oak"]
    assert 'several makers? Each was read as one: "Charles Eames, Ray Eames"' in notes[0]


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [
        ("Charles Eames, Ray Eames", True),
        ("Vincent van Gogh / Paul Gauguin", True),
        ("Paul Klee, Ann Ash, Jo Oak", True),
        ("Eames, Charles", False),
        ("Pieter Bruegel, the Elder", False),
        ("Rembrandt van Rijn, Dutch, 1606-1669", False),
        ("Edward Hopper, New York", False),
        ("Skidmore, Owings & Merrill", False),
    ],
)
def test_without_such_a_column_several_are_asked_about(name: str, is_asked: bool) -> None:
    parted, notes = part([name])
    assert parted == [name]
    assert bool(notes) == is_asked
