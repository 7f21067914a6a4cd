"""Labels that are several, or none, or no names, are said."""

import pandas as pd
import pytest

from core.collection.account import Account
from core.collection.reading.labels import part_labels, read_labels


def notes_on(*cells: str | None) -> list[str]:
    column = pd.Series([*cells], dtype="str")
    return read_labels(part_labels(column), column, "style", Account())[1]


@pytest.mark.parametrize(
    "cells",
    [
        ["1905-10-01", "1640-01-01"],
        ["0.5", "12 %"],
        ["TRUE", "FALSE"],
        ["1,5", "2,5"],
    ],
)
def test_what_names_nothing_is_said(cells: list[str]) -> None:
    (note,) = notes_on(*cells)
    assert note.startswith("The styles are numbers, dates or yes and no (")
    assert "--label-column" in note
    (note,) = notes_on(*cells, "Cubism")
    assert note.startswith("Some styles are numbers, dates or yes and no (")


@pytest.mark.parametrize("label", ["1960s", "Group 1890", "Die Brücke", "20th century", "Nouveau"])
def test_names_with_numbers_are_names(label: str) -> None:
    assert notes_on(label, "Cubism") == []


@pytest.mark.parametrize(
    "joint", ["Cubism, Futurism", "Cubism/Futurism", "Cubism / Op", "Op and Cubism", "Op & Cubism"]
)
def test_a_label_that_holds_another_is_asked_about(joint: str) -> None:
    (note,) = notes_on("Cubism", "Cubism", joint)
    assert f'Is each of these several styles? Each was read as one: "{joint}" (1)' in note
    assert notes_on("Rococo", "Arts and Crafts", "Art, modern") == []


def test_rows_without_a_label_are_counted() -> None:
    assert notes_on("Cubism", None, None) == ["2 rows of 3 without a style."]
    assert notes_on("Cubism", "none")[-1] == "1 row of 2 without a style (none)."
    assert notes_on("Cubism", "none; Cubism") == []  # one of its two is a label
