"""Records as they stand: untouched they are the file, touched they differ in the one cell."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.errors import CollectionError
from core.collection.reading.records import Records, find_cells, write_cell
from core.collection.reading.tables import load_table
from tests.conftest import SHARED

MUSEUMS = sorted((SHARED / "museums").glob("*.csv"))
AWKWARD = 'Post-Impressionism; "late", naïf'
ROWS = [["file", "style", "note"], ["a.jpg", "Cubism", 'x "y" é'], ["b.jpg", "Rococo", "1\n2"]]


def write_table(separator: str, end: str, encoding: str, quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(ROWS)  # type: ignore[arg-type]
    return text.getvalue().encode(encoding)


def parse(data: bytes, records: Records) -> list[list[str]]:
    """The cells by Python's own reader, without empty lines."""
    text = data.removeprefix(records.mark).decode(records.codec)
    read = csv.reader(io.StringIO(text, newline=""), delimiter=records.head.separator)
    return [row for row in read if row]


@pytest.mark.paintings
@pytest.mark.parametrize("file", MUSEUMS, ids=lambda file: file.stem)
def test_a_museums_table_changes_in_one_cell_and_no_other_byte(file: Path) -> None:
    data = file.read_bytes()
    records, (table, _) = Records.read(data, file.name), load_table(file)
    numbers = table.index.tolist()
    header = records.header()
    plain = {number: records.row(number, {}) for number in numbers}
    whole = records.mark + records.encode(header + "".join(plain.values()))
    assert whole.rstrip(b"\r\n") == data.rstrip(b"\r\n")
    before = parse(data, records)
    for number in numbers[:: max(1, len(numbers) // 40)]:
        for column in table.columns[:: max(1, len(table.columns) // 8)]:
            old = str(table.at[number, column])
            changed = plain | {number: records.row(number, {column: (old, AWKWARD)})}
            text = header + "".join(changed.values())
            after = parse(records.mark + records.encode(text), records)
            differing = [
                (old_row[place], new_row[place])
                for old_row, new_row in zip(before, after, strict=True)
                for place in range(len(old_row))
                if old_row[place] != new_row[place]
            ]
            shown = [cell.replace("\r\n", "\n") for cell, _ in differing]
            assert (shown, [new for _, new in differing]) == ([old], [AWKWARD]), (number, column)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_every_dialect_comes_back(
    separator: str, end: str, encoding: str, quoting: int, tmp_path: Path
) -> None:
    data = write_table(separator, end, encoding, quoting)
    (tmp_path / "m.csv").write_bytes(data)
    table, _ = load_table(tmp_path / "m.csv")
    records = Records.read(data, "m.csv")
    assert (records.head.separator, records.line_end) == (separator, end)
    assert records.quotes_all == (quoting == csv.QUOTE_ALL)
    first, second = table.index
    rows = [records.row(first, {"style": ("Cubism", "Café")}), records.row(second, {})]
    after = records.mark + records.encode(records.header() + "".join(rows))
    assert after == data.replace("Cubism".encode(records.codec), "Café".encode(records.codec), 1)


def test_marks_lines_above_and_directives_stay() -> None:
    data = b"sep=;\r\nReport of 2026\r\nfile;style\r\na.jpg;Cubism\r\nb.jpg;Rococo"
    records = Records.read(data, "m.csv")
    text = records.header() + records.row(4, {"style": ("Cubism", "Dada")}) + records.row(5, {})
    assert records.encode(text) == data.replace(b"Cubism", b"Dada") + b"\r\n"


def test_single_quotation_marks_stay() -> None:
    data = b"'file','style'\n'a.jpg','Cubism'\n'b \"x\".jpg','L''art'\n"
    records = Records.read(data, "m.csv")
    assert records.quotes_all
    text = records.header() + records.row(2, {"style": ("Cubism", "L'art")}) + records.row(3, {})
    assert records.encode(text) == data.replace(b"Cubism", b"L''art")


@pytest.mark.parametrize(
    ("line", "number"),
    [('b.jpg,Ro"co"co,a "b', 3), ('b.jpg,"Rococo,x', 3), ("b.jpg,Rococo,x", 2)],
)
def test_a_record_that_was_mended_or_moved_is_left_to_a_person(line: str, number: int) -> None:
    data = f"file,style,note\na.jpg,Cubism,\n{line}\nc.jpg,Cubism,\n".encode()
    records = Records.read(data, "m.csv")
    with pytest.raises(CollectionError, match=rf"Line {number} of m\.csv.*by hand"):
        records.row(number, {"style": ("Rococo", "Dada")})


def test_a_label_that_the_encoding_lacks_is_named() -> None:
    records = Records.read("file;style\na.jpg;Café\n".encode("cp1252"), "m.csv")
    with pytest.raises(CollectionError, match=r"'Ō' \(U\+014C\).*XLSX"):
        records.encode("Ōkyo")


def test_bytes_that_cannot_come_back_are_refused() -> None:
    with pytest.raises(CollectionError, match="byte for byte"):
        Records.read("file,style\na,Dada\n".encode("utf-16") + b"a", "m.csv")


def test_stray_bytes_of_another_encoding_stay() -> None:
    data = b"file,style,artist\n" + "a,Café,Dürer\n".encode() + b"b,Dada,D\xfcrer\n"
    data += "c,Café,é\n".encode()
    records = Records.read(data, "m.csv")
    rows = [records.row(2, {}), records.row(3, {"style": ("Dada", "Café")}), records.row(4, {})]
    assert records.encode(records.header() + "".join(rows)) == data.replace(
        b"Dada", "Café".encode()
    )


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(",;\t|"),
)
def test_cells_are_found_where_they_were_written(cells: list[str], separator: str) -> None:
    record = separator.join(write_cell(cell, separator, quotes=False) for cell in cells)
    spans = find_cells(record, separator)
    assert spans is not None
    read = [record[start:end] for start, end in spans]
    assert [c[1:-1].replace('""', '"') if c[:1] == '"' else c for c in read] == cells
