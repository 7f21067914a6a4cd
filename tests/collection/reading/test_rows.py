"""Cells become labels, years and splits; what is several, or a number, is said."""

import pandas as pd
import pytest

from core.collection.account import Account
from core.collection.reading.rows import read_rows, refuse_without_key
from core.tasks import FURTHER

FILES = [f"{n}.jpg" for n in range(6)]


def read(**columns: list[str]) -> tuple[pd.DataFrame, list[str], Account]:
    account = Account()
    names = {"file": FILES[: len(next(iter(columns.values())))], **columns}
    table = pd.DataFrame(names, dtype="str")
    table.index = pd.RangeIndex(2, len(table) + 2, name="line")
    rows, notes = read_rows(table, {name: name for name in names}, account)
    return rows, notes, account


def styles(*cells: str) -> list[str]:
    return read(style=[*cells])[0]["given_style"].fillna("none").tolist()


def test_each_of_several_styles_is_read_and_said() -> None:
    rows, notes, account = read(style=["Op", "Op; Pop", "Pop | Op", "Op\nPop", "['Pop', 'Op']"])
    assert rows["given_style"].tolist() == ["Op", "Op", "Pop", "Op", "Pop"]
    assert rows[FURTHER].tolist() == [[], ["Pop"], ["Op"], ["Pop"], ["Op"]]
    assert notes[0].startswith("4 rows with several styles, of which each is read: Op; Pop")
    assert account.count("label", "changed") == 2  # kinds of cells


def test_the_first_of_several_genres_leads_and_is_said() -> None:
    rows, notes, _ = read(style=["Op"] * 2, genre=["portrait", "portrait; nude"])
    assert rows["given_genre"].tolist() == ["portrait", "portrait"]
    assert notes[0].startswith("1 row with several genres, of which the first is taken")


def test_a_comma_parts_labels_only_when_told() -> None:
    cells = ["Op, Pop", "Pop", "Op", "none, Pop", "Op,Op"]
    assert FURTHER not in read(style=cells)[0]
    table = pd.DataFrame({"file": FILES[:5], "style": cells}, dtype="str")
    names = {"file": "file", "style": "style"}
    rows, _ = read_rows(table, names, Account(), separator=",")
    assert rows["given_style"].tolist() == ["Op", "Pop", "Op", "Pop", "Op"]
    assert rows[FURTHER].tolist() == [["Pop"], [], [], [], []]


def test_a_sign_inside_one_label_parts_nothing() -> None:
    assert styles("Art; Language", "Art; Language", "Op") == ["Art; Language"] * 2 + ["Op"]
    assert styles("[0, 1]", "[Op", "[]") == ["[0, 1]", "[Op", "[]"]


def test_words_for_nothing_are_no_label() -> None:
    words = ["Unknown", "n/a", "#N/A", "?", "none; none"]
    assert styles(*words)[:4] == ["none"] * 4


def test_numbers_are_a_question() -> None:
    _, notes, _ = read(style=["1", "2", "10", ""])
    assert notes == [
        "The styles are numbers (1, 2, 10): if the table names them in another column, give it "
        "with --label-column.",
        "1 row of 4 without a style.",
    ]


def test_two_ends_of_a_span_are_a_year() -> None:
    rows, notes, _ = read(style=["Op"] * 3, year_from=["1640", "", ""], year_to=["1650", "90", ""])
    assert rows["year"].fillna(0).tolist() == [1650, 90, 0]
    assert notes == []


def test_keys_that_a_spreadsheet_shortened_are_said() -> None:
    _, notes, _ = read(style=["Op"] * 3, key=["1.23E+31", "1,5e+12", "A1E2"])
    assert "A spreadsheet shortened 2 keys (1.23E+31)" in notes[0]


def test_makers_that_a_column_counts_are_parted() -> None:
    rows, _, _ = read(style=["Op"] * 2, artist=["A Ash, B Oak", "A Ash"], ids=["1, 2", "1"])
    assert rows["given_artist"].tolist() == ["A Ash; B Oak", "A Ash"]


@pytest.mark.parametrize("keys", [["1", "", "3"], ["1", " ", "3"]])
def test_a_row_without_a_key_is_refused_by_its_line(keys: list[str]) -> None:
    rows, _, account = read(style=["Op"] * 3, key=keys)
    kept, notes = refuse_without_key(rows, account)
    assert kept.index.tolist() == [2, 4]
    assert "1 (line 3)" in notes[0]
    assert account.describe() == ["1 row refused, no key: line 3"]


def test_a_key_column_without_keys_is_another_column() -> None:
    rows, _, account = read(style=["Op"] * 3, key=["", "", "3"])
    assert len(refuse_without_key(rows, account)[0]) == 3


def test_characters_written_as_html_are_read_and_said() -> None:
    rows, _, account = read(
        artist=["Simon &amp; Partner", "A; B"], title=["L&#39;&eacute;t&#xe9;", "AT&T; R&D"]
    )
    assert rows["artist"].tolist() == ["Simon & Partner", "A; B"]
    assert rows["title"].tolist() == ["L'été", "AT&T; R&D"]
    assert account.describe()[0].startswith("1 row changed, characters written as HTML")


def test_accents_that_were_encoded_twice_are_set_right_and_said() -> None:
    names = ["Käthe Kollwitz", "Łukasz Nowak", "Ångström – 1", "Müller", "浮世絵", "Ünlü"]
    harmed = [name.encode().decode("cp1252", "replace") for name in names[:4]]
    rows, _, account = read(artist=[*harmed[:1], names[1], *harmed[2:4], *names[4:]])
    assert rows["artist"].tolist() == names
    assert account.count("row", "changed") == 3


def test_files_and_keys_stay_as_they_stand() -> None:
    rows, _, account = read(key=["a&amp;b", "Ã¤"])
    assert rows["key"].tolist() == ["a&amp;b", "Ã¤"]
    assert account.count("row", "changed") == 0


def test_an_empty_column_of_labels_is_none() -> None:
    rows, _, _ = read(style=["Op", "Pop"], genre=["", ""])
    assert rows["given_genre"].isna().all()
