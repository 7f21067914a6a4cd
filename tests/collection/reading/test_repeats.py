"""One work in several rows is one painting; several works under one key are refused."""

import pandas as pd
import pytest

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.repeats import ask_about_views, merge_repeats

FIRST = {
    **{"key": "1", "image": "a.jpg", "title": "Vase", "artist": "Ann Ash", "year": 1906},
    **{"given_style": "Op", "given_genre": None},
}
OTHER = {**FIRST, "key": "2", "image": "b.jpg", "title": "Krug"}


def merge(*rows: dict[str, object]) -> tuple[pd.DataFrame, Account, list[str]]:
    account = Account()
    table = pd.DataFrame([*rows], index=pd.RangeIndex(2, len(rows) + 2, name="line"))
    merged, notes = merge_repeats(table, account, where="m.csv", ways_out=["uuid"])
    return merged, account, notes


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "the same as an earlier row"),
        ({"artist": "Bo Birch"}, "another maker of a work that is read"),
        ({"image": "a_verso.jpg"}, "another view of a work that is read"),
        ({"image": "a2.jpg", "title": "Vase (verso)"}, "another view of a work that is read"),
        ({"given_style": "Pop"}, "another style of a work that is read"),
        ({"title": None, "year": None}, "the same as an earlier row"),
    ],
)
def test_rows_of_one_work_are_one(change: dict[str, object], reason: str) -> None:
    merged, account, _ = merge(FIRST, OTHER, {**FIRST, **change})
    assert merged.index.tolist() == [2, 3]
    assert merged.loc[2, "artist"] == "Ann Ash"
    assert account.describe() == [f"1 row left out, {reason}: line 4"]


def test_what_the_first_row_lacks_comes_from_the_others() -> None:
    merged, _, _ = merge({**FIRST, "given_style": None}, {**FIRST, "given_genre": "still life"})
    assert merged[["given_style", "given_genre"]].iloc[0].tolist() == ["Op", "still life"]


def test_a_second_label_is_said() -> None:
    _, _, notes = merge(FIRST, {**FIRST, "given_style": "Pop"})
    assert "1 row gave another style of a work that is read, and the first was taken" in notes[0]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Krug", "artist": "Bo Birch"},
        {"title": "Krug", "year": 1950},
        {"image": "z.jpg", "artist": "Bo Birch", "year": 1950},
    ],
)
def test_works_that_share_a_key_are_refused_with_a_way_out(change: dict[str, object]) -> None:
    with pytest.raises(CollectionError, match=r"1 \(line 2, line 4\).*--key-column 'uuid'"):
        merge(FIRST, OTHER, {**FIRST, **change})


@pytest.mark.parametrize(
    ("file", "is_asked"),
    [
        ("a_verso.jpg", True),
        ("x/a-back.jpg", True),
        ("a-2.jpg", False),
        ("x/a.jpg", False),
        ("ab.jpg", False),
        ("z.jpg", False),
    ],
)
def test_rows_that_may_be_views_are_a_question(file: str, is_asked: bool) -> None:
    rows = pd.DataFrame([FIRST, OTHER, {**FIRST, "image": file}])
    rows.index = pd.RangeIndex(2, 5, name="line")
    assert bool(ask_about_views(rows)) is is_asked
    assert not is_asked or "line 2 and 4" in ask_about_views(rows)[0]
    other = rows.assign(title=["Vase", "Krug", "Bowl"])
    assert ask_about_views(other) == []
