"""Corrections go into a table and come out of it again: those cells, and no other byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from core.collection.errors import CollectionError
from core.collection.reading.tables import load_table
from core.export.workbooks import encode_workbook
from core.reviews.changes.at_hand import Asked, Met, Wanted, meet_table
from tests.conftest import SHARED
from tests.museum_tables import HERE, MUSEUMS, apply, load_table_of

ROWS = [
    ["id", "style", "note"],
    ["007", "Cubism", "=1+1"],
    ["12300000000000000000000000000045", "Dada; Pop", 'a "b" é'],
    ["9", "Cubism", "-"],
]
WANTED = (
    Wanted("007", "style", "Cubism", "Café"),
    Wanted("12300000000000000000000000000045", "style", "Dada; Pop", "Pop"),
)


def ask(file: Path, wanted: Sequence[Wanted], key: str = "id", form: str = "csv") -> Met:
    return meet_table(Asked(str(file), key, tuple(wanted), form))  # type: ignore[arg-type]


@pytest.mark.paintings
@pytest.mark.parametrize("name", HERE)
def test_a_museums_table_takes_corrections_and_gives_them_back(name: str, tmp_path: Path) -> None:
    key, field = MUSEUMS[name]
    data = (SHARED / "museums" / f"{name}.csv").read_bytes()
    file = tmp_path / f"{name}.csv"
    file.write_bytes(data)
    table, _ = load_table(file)
    chosen = table.drop_duplicates(key).iloc[:: max(1, len(table) // 12)]
    wanted = [
        Wanted(row[key], field, row[field], "Ukiyo-e; 'late'") for _, row in chosen.iterrows()
    ]
    met = ask(file, wanted, key)
    assert set(met.states) == {"open"}
    assert met.rows >= len(wanted)
    other = str(tmp_path / "part.csv")
    corrected = apply(data, met.undo, met.changed, other)
    after = load_table_of(corrected, other)
    differing = (after != table).to_numpy().sum()
    assert differing == met.rows
    assert (after[field] == "Ukiyo-e; 'late'").sum() == met.rows
    assert apply(corrected, met.changed, met.undo, other) == data
    file.write_bytes(corrected)
    again = ask(file, wanted, key)
    assert (set(again.states), again.rows) == ({"done"}, 0)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_every_dialect_takes_corrections_and_gives_them_back(
    separator: str, end: str, encoding: str, quoting: int, tmp_path: Path
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(ROWS)  # type: ignore[arg-type]
    data, file = text.getvalue().encode(encoding), tmp_path / "m.csv"
    file.write_bytes(data)
    met = ask(file, WANTED)
    assert (met.states, met.rows) == (("open", "open"), 2)
    corrected = apply(data, met.undo, met.changed, str(tmp_path / "part.csv"))
    assert (
        corrected
        == data.replace(*_as(encoding, "Cubism", "Café"), 1).replace(
            *_as(encoding, "Dada; Pop" if separator != ";" else '"Dada; Pop"', "Pop")
        )
        or quoting == csv.QUOTE_ALL
        or separator == ";"
    )
    assert apply(corrected, met.changed, met.undo, str(tmp_path / "part.csv")) == data
    after = load_table_of(corrected, str(tmp_path / "m.csv"))
    assert after["style"].tolist() == ["Café", "Pop", "Cubism"]
    assert after.drop(columns="style").to_numpy().tolist() == [[r[0], r[2]] for r in ROWS[1:]]


def _as(encoding: str, *texts: str) -> tuple[bytes, bytes]:
    codec = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
    first, second = (text.encode(codec) for text in texts)
    return first, second


def test_what_moved_on_and_what_is_gone_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("id,style\n1,cafe\n2,Rococo\n4,Cubism\n4,Cubism\n")
    wanted = [
        Wanted("1", "style", "Cubism", "Cafe"),
        Wanted("2", "style", "Cubism", "Dada"),
        Wanted("3", "style", "Cubism", "Dada"),
        Wanted("4", "style", "Cubism", "Dada"),
        Wanted("4", "genre", "Cubism", "Dada"),
    ]
    met = ask(file, wanted)
    assert met.states == ("done", "conflict", "not there", "open", "elsewhere")
    assert met.found == ("cafe", "Rococo", None, "Cubism", None)
    assert met.changed.decode() == "id,style\n4,Dada\n4,Dada\n"


def test_of_a_table_of_terms_the_row_of_the_term_is_corrected(tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    one = "1,School,French\n1,School,German\n1,Theme,war\n"
    two = "2,School,French\n2,Place,French\n2,Theme,sea\n"
    others = "3,School,Dutch\n3,Theme,sea\n4,School,Swiss\n4,Theme,sea\n"
    file.write_text(f"id,kind,term\n{one}{two}{others}")
    wanted = [
        Wanted("1", "term", "French\nGerman", "French\nBritish"),
        Wanted("2", "term", "French", "Italian"),  # two rows say it, one of another kind
        Wanted("3", "term", "French\nFlemish", "French\nDutch"),
        Wanted("4", "term", "French", "Italian"),
        Wanted("1", "term", "French\nGerman", "French"),  # a row to be removed
    ]
    met = ask(file, wanted)
    assert met.states == ("open", "by hand", "done", "conflict", "by hand")
    assert met.found == (
        *("German", "French\nFrench\nsea", "Dutch\nsea", "Swiss\nsea", "French\nGerman\nwar"),
    )
    assert met.changed.decode() == "id,kind,term\n1,School,British\n"
    assert met.undo.decode() == "id,kind,term\n1,School,German\n"


def test_a_row_that_was_mended_is_for_a_person(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text('id,style,note\n1,Cubism,x\n2,"Rococo,x\n3,Cubism,x\n4,Cubism,x\n')
    wanted = [Wanted("2", "style", '"Rococo', "Dada"), Wanted("3", "style", "Cubism", "Dada")]
    met = ask(file, wanted)
    assert met.states == ("by hand", "open")
    assert met.changed.decode() == "id,style,note\n3,Dada,x\n"


def test_a_label_that_would_run_as_a_formula_does_not(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("id,style\n1,Cubism\n2,Cubism\n")
    wanted = [Wanted("1", "style", "Cubism", '=HYPERLINK("x")')]
    assert b"1,\"'=HYPERLINK(" in ask(file, wanted).changed
    book = openpyxl.load_workbook(io.BytesIO(ask(file, wanted, form="xlsx").changed))
    assert (book.active["B2"].value, book.active["B2"].data_type) == ('=HYPERLINK("x")', "s")


def test_a_workbook_keeps_the_types_of_its_cells(tmp_path: Path) -> None:
    file = tmp_path / "m.xlsx"
    rows: list[list[object]] = [
        ["Collection of 2026"],
        ["id", "style", "year"],
        ["007", "Cubism", 1906],
    ]
    file.write_bytes(encode_workbook([*rows, ["008", "Rococo", 1720.5]]))
    met = ask(file, [Wanted("007", "style", "Cubism", "Dada")], form="xlsx")
    found = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(met.changed)).active
    ]
    assert found == [["id", "style", "year"], ["007", "Dada", 1906]]
    plain = ask(file, [Wanted("007", "style", "Cubism", "Dada")])
    assert plain.changed.decode("utf-8-sig") == "id,style,year\r\n007,Dada,1906\r\n"
    assert plain.undo.decode("utf-8-sig") == "id,style,year\r\n007,Cubism,1906\r\n"


def test_parquet_is_corrected_as_csv(tmp_path: Path) -> None:
    file = tmp_path / "m.parquet"
    pd.DataFrame({"id": ["1", "2"], "style": ["Cubism", "Dada"]}).to_parquet(file)
    met = ask(file, [Wanted("1", "style", "Cubism", "Pop")])
    assert met.changed.decode("utf-8-sig") == "id,style\r\n1,Pop\r\n"


def test_another_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("name,style\n1,Cubism\n")
    with pytest.raises(CollectionError, match=r"m\.csv has no column 'id'; found the columns name"):
        ask(file, WANTED)
