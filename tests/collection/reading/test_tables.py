"""A table is known by what it holds, and every refusal says what to do."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd
import pytest

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.tables import load_table, recognise_table

CELLS: list[list[Any]] = [["file", "style"], ["a.jpg", "Cubism"], ["b.jpg", "Op & more"]]
CSV = "\n".join(",".join(row) for row in CELLS)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def write_excel(file: Path, sheets: dict[str, list[list[object]]], merged: str = "") -> Path:
    """A workbook of inline texts and numbers, as the format's standard has it; ``merged``: the
    cells of each sheet that are one.
    """
    merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    names = [
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1)
    ]
    relations = [
        f'<Relationship Id="r{n}" Type="{RELATION}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    ]
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r0" '
            f'Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>{"".join(names)}</sheets>'
            "</workbook>",
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{"".join(relations)}</Relationships>',
        )
        for n, rows in enumerate(sheets.values(), 1):
            data = "".join(f"<row>{''.join(map(excel_cell, row))}</row>" for row in rows)
            packed.writestr(
                f"xl/worksheets/s{n}.xml",
                f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{merge}</worksheet>',
            )
    return file


def excel_cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def write_open_document(file: Path, rows: list[list[str]]) -> Path:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{space}:manifest:1.0"/>')
        packed.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{space}:office:1.0" '
            f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="Works">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file


@pytest.mark.parametrize("name", ["m.csv", "M.CSV", "m.tab", "m.txt", "m", "m.xls"])
def test_a_text_is_a_table_whatever_its_ending(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(CSV)
    table, notes = load_table(tmp_path / name)
    assert [list(table.columns), *table.to_numpy().tolist()] == CELLS
    assert table.index.tolist() == [2, 3]
    assert (table.index.name, notes) == ("line", [])


def test_spreadsheets_read_like_text(tmp_path: Path) -> None:
    sheets = [
        write_excel(tmp_path / "m.xlsx", {"Works": [[*row] for row in CELLS]}),
        write_open_document(tmp_path / "m.ods", CELLS),
    ]
    for file in sheets:
        table, notes = load_table(file)
        assert [list(table.columns), *table.to_numpy().tolist()] == CELLS
        assert (table.index.tolist(), table.index.name, notes) == ([2, 3], "row", [])


def test_numbers_of_a_sheet_have_no_decimals_of_their_own(tmp_path: Path) -> None:
    rows: list[list[object]] = [["file", "style", "year"], ["a.jpg", 3, 1906.0], ["b.jpg", 4, 2.5]]
    table, _ = load_table(write_excel(tmp_path / "m.xlsx", {"Works": rows}))
    assert table.to_numpy().tolist() == [["a.jpg", "3", "1906"], ["b.jpg", "4", "2.5"]]


def test_merged_cells_hold_their_value_in_each_row(tmp_path: Path) -> None:
    rows: list[list[object]] = [["file", "style"], ["a.jpg", "Op"], ["b.jpg", ""], ["c.jpg", ""]]
    account = Account()
    file = write_excel(tmp_path / "m.xlsx", {"Works": rows}, "B2:B3")
    table, _ = load_table(file, account)
    assert table["style"].tolist() == ["Op", "Op", ""]
    assert account.describe() == [
        "1 row changed, the value of merged cells was taken for each of them: row 3"
    ]


def test_a_table_without_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("img/1.jpg,Cubism\nimg/2.jpg,Rococo\n")
    with pytest.raises(CollectionError, match=r"no header; found 'img/1\.jpg'.*file,style"):
        load_table(tmp_path / "m.csv")


def test_the_sheet_of_known_columns_is_taken_and_said(tmp_path: Path) -> None:
    legend: list[list[object]] = [["Codes"], ["1 = oil"]]
    works: list[list[object]] = [["Report"], [], *CELLS]
    file = write_excel(tmp_path / "m.xlsx", {"Legend": legend, "Works": works})
    account = Account()
    table, notes = load_table(file, account)
    assert table.to_numpy().tolist() == CELLS[1:]
    assert table.index.tolist() == [4, 5]
    assert "'Works' of m.xlsx, not Legend: choose another with --sheet" in notes[0]
    assert account.describe()[0] == "1 row left out, above the header: row 1"
    assert load_table(file, sheet="Legend")[0].to_numpy().tolist() == [["1 = oil"]]
    with pytest.raises(CollectionError, match=r"no sheet 'Old'; found the sheets Legend, Works"):
        load_table(file, sheet="Old")


@pytest.mark.parametrize("name", ["m.xlsx", "m.ods", "m.xls"])
def test_a_broken_spreadsheet_is_refused(tmp_path: Path, name: str) -> None:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" if name == "m.xls" else b"PK\x03\x04"
    (tmp_path / name).write_bytes(start + bytes(600))
    with pytest.raises(CollectionError, match=r"cannot be read as a spreadsheet.*CSV UTF-8"):
        load_table(tmp_path / name)


def packed() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("m.csv", CSV)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("m.csv.gz", gzip.compress(CSV.encode(), mtime=0), r"packed file \.gz.*inside \(m\.csv\)"),
        ("m.csv", gzip.compress(CSV.encode(), mtime=0), r"a packed file \.csv.*Unpack it"),
        ("m.zip", packed(), r"Unpack it, and give the table inside"),
        ("m.json", b'[{"file": "a.jpg"}]', r"found JSON.*From JSON"),
        ("m.json", b' {\n"works": []}', r"found JSON.*From JSON"),
        ("m.xls", b"<html><table>", r"web page.*spreadsheet program"),
        ("m.pdf", b"%PDF-1.7\n\x01\x02\x03", r"bytes that are no text.*CSV UTF-8"),
        ("m.csv", b"", r"found no line with text"),
    ],
)
def test_what_is_no_table_is_refused_with_a_way_out(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CollectionError, match=said):
        load_table(tmp_path / name)


def test_flags_that_do_not_apply_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(CSV)
    with pytest.raises(CollectionError, match=r"--sheet does not apply.*Leave --sheet out"):
        load_table(tmp_path / "m.csv", sheet="Works")
    pd.DataFrame({"file": ["a"]}).to_parquet(tmp_path / "m.pq")
    with pytest.raises(CollectionError, match=r"--encoding does not apply"):
        load_table(tmp_path / "m.pq", encoding="utf-8")


def test_kinds_are_told_by_the_first_bytes(tmp_path: Path) -> None:
    pd.DataFrame({"file": ["a"]}).to_parquet(tmp_path / "m.csv")
    assert recognise_table(tmp_path / "m.csv") == "parquet"
    (tmp_path / "wide.csv").write_bytes("file,style\na–b.jpg,Op".encode("utf-16-le"))
    assert recognise_table(tmp_path / "wide.csv") == "text"
