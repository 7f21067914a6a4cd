"""Files of corrections: in the table's own form, safe in a spreadsheet, and back."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from core.collection.errors import CollectionError
from core.reviews.changes.at_hand import Met
from core.reviews.changes.files import count_states, write_fields, write_long
from core.reviews.changes.plan import CHANGES
from tests.synthetic_run import FORM

ROW = {
    "key_cell": "007",
    "key": "007",
    "field": "Movement",
    "old": "=old",
    "new": "Café; late",
    "task": "style",
    "origin": "human-altered",
    "reviewer": "@Ada",
    "time": "2026-05-01T12:00:00Z",
    "model_confidence": 0.123456,
}
TABLE = pd.DataFrame([ROW]).reindex(columns=list(CHANGES))
TABLE["time"] = pd.to_datetime(TABLE["time"], utc=True)


def test_fields_stand_in_the_tables_form_and_undo_turns_them_round() -> None:
    changed = write_fields(TABLE, FORM, "csv", undo=False)
    assert changed.decode("cp1252") == (
        'File;field;old;new\r\n007;Movement;\'=old;"Café; late"\r\n'
    )
    undo = write_fields(TABLE, FORM, "csv", undo=True).decode("cp1252")
    assert undo.endswith('007;Movement;"Café; late";\'=old\r\n')


def test_a_collection_without_a_table_has_a_plain_form() -> None:
    assert write_fields(TABLE, None, "csv", undo=False).startswith(b"\xef\xbb\xbfkey,field,old,new")


def test_a_label_beyond_the_encoding_is_named_and_goes_into_a_workbook() -> None:
    table = TABLE.assign(new="Ōkyo")
    with pytest.raises(CollectionError, match=r"'Ō'.*XLSX"):
        write_fields(table, FORM, "csv", undo=False)
    book = openpyxl.load_workbook(io.BytesIO(write_fields(table, FORM, "xlsx", undo=False)))
    assert [cell.value for cell in book.active[2]] == ["007", "Movement", "=old", "Ōkyo"]
    assert {cell.data_type for cell in book.active[2]} == {"s"}


def test_the_long_form_says_who_and_in_which_state() -> None:
    met = Met(states=("conflict",), found=("Rococo",))
    told = pd.read_csv(io.BytesIO(write_long(TABLE, met, "csv")), dtype="str").iloc[0]
    assert (told["key"], told["state"], told["found"]) == ("007", "conflict", "Rococo")
    assert (told["reviewer"], told["model_confidence"]) == ("'@Ada", "0.1235")
    assert told["time"] == "2026-05-01T12:00:00+00:00"
    book = openpyxl.load_workbook(io.BytesIO(write_long(TABLE, None, "xlsx"))).active
    row = dict(zip((c.value for c in book[1]), (c.value for c in book[2]), strict=True))
    assert (row["reviewer"], row["state"], row["given"]) == ("@Ada", "open", None)


def test_states_are_counted_with_their_meaning() -> None:
    met = Met(states=("done", "conflict", "done"))
    assert count_states(met) == [
        "2 done: the table says it already",
        "1 conflict: the table says something else by now",
    ]
