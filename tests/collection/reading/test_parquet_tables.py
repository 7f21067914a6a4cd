"""Columns of any type become text, or are left out by name."""

import datetime
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.parquet_tables import names_files, read_parquet

DAY = datetime.date(1906, 5, 1)


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        ([1, None, 3], pa.int64(), ["1", "", "3"]),
        ([1.0, None, 2.5], pa.float64(), ["1", "", "2.5"]),
        ([1.0, float("nan"), 1e300], pa.float64(), ["1", "", "1e+300"]),
        (["x", None, "y"], pa.string_view(), ["x", "", "y"]),
        (["x", None, "x"], pa.dictionary(pa.int32(), pa.string()), ["x", "", "x"]),
        ([decimal.Decimal("1906.00"), None], pa.decimal128(9, 2), ["1906", ""]),
        ([DAY, None], pa.date32(), ["1906-05-01", ""]),
        ([datetime.datetime(1600, 1, 1)], pa.timestamp("us"), ["1600-01-01 00:00:00.000000"]),
        ([["a", "b"], [], None], pa.list_(pa.string()), ["a\nb", "", ""]),
        ([["a", None], ["b"]], pa.list_view(pa.string()), ["a", "b"]),
        ([[1, 2], None], pa.list_(pa.int8(), 2), ["1\n2", ""]),
        ([True, None], pa.bool_(), ["true", ""]),
        ([None, None], pa.null(), ["", ""]),
    ],
)
def test_values_become_text(
    tmp_path: Path, values: list[object], kind: pa.DataType, texts: list[str]
) -> None:
    table = pa.table({"x": pa.array(values, kind)})
    pq.write_table(table, tmp_path / "m.parquet")
    read = read_parquet(tmp_path / "m.parquet", Account())
    assert read["x"].tolist() == texts
    assert (read.index.tolist(), read.index.name) == (list(range(1, len(texts) + 1)), "row")


def test_what_is_no_text_is_left_out_by_name(tmp_path: Path) -> None:
    table = pa.table(
        {
            "style": ["Op"],
            "md5": [b"\xc4Y\xf2"],
            "maker": [{"name": "Ann Ash", "portrait": b"\xff\xd8"}],
            "notes": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int8())),
            "views": [[{"path": "a.jpg"}]],
        }
    )
    pq.write_table(table, tmp_path / "m.parquet")
    account = Account()
    read = read_parquet(tmp_path / "m.parquet", account)
    assert read.to_dict("list") == {"style": ["Op"], "maker.name": ["Ann Ash"]}
    left = {name for entry in account.entries for name in entry.names}
    assert left == {"md5", "maker.portrait", "notes", "views"}


def test_bytes_that_are_not_utf_8_are_shown(tmp_path: Path) -> None:
    values = pa.array([b"D\xfcrer", b"Ash"]).cast(pa.binary())
    forced = pa.Array.from_buffers(pa.string(), 2, values.buffers())
    pq.write_table(pa.table({"artist": forced}), tmp_path / "m.parquet")
    assert read_parquet(tmp_path / "m.parquet", Account())["artist"].tolist() == [
        "D\ufffdrer",
        "Ash",
    ]


def test_two_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["style", "style"])
    pq.write_table(table, tmp_path / "m.parquet")
    read = read_parquet(tmp_path / "m.parquet", Account())
    assert read.to_dict("list") == {"style (1st)": ["a"], "style (2nd)": ["b"]}


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.parquet").write_bytes(b"PAR1" + bytes(40))
    with pytest.raises(CollectionError, match="not a parquet file"):
        read_parquet(tmp_path / "m.parquet", Account())


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"file": ["gone.jpg", "a.jpg"]}, True),
        ({"Image_Path": [None, "./a.jpg"]}, True),
        ({"file": ["gone.jpg", "x" * 5000, None]}, False),
        ({"title": ["a.jpg"]}, False),
        ({"image": [b"a.jpg"]}, False),
        ({"file": [["a.jpg"]]}, False),
    ],
)
def test_a_column_names_files_where_they_are_there(
    tmp_path: Path, columns: dict[str, list[object]], told: bool
) -> None:
    (tmp_path / "a.jpg").touch()
    pq.write_table(pa.table(columns), tmp_path / "m.parquet")
    assert names_files(tmp_path / "m.parquet") is told
