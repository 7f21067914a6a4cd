"""Every line of a text is a row, is named, or the file is refused."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.delimited import read_delimited, sniff_separator

HEADER = ["file", "title", "artist", "year", "style"]
NAMES = ["Ann Ash", "Bo Birch", "Cy Cedar, Jr.", 'Di "Dee" Elm']
TITLES = ["Dawn", "Still life, with fruit", 'Night of the "Owl"', "Recto\nVerso", "Vase; Krug"]


def make_rows(number: int) -> list[list[str]]:
    return [
        [f"img/{n:04}.jpg", TITLES[n % 5], NAMES[n % 4], str(1900 + n), "Cubism" if n % 2 else "Op"]
        for n in range(number)
    ]


def write(rows: list[list[str]], separator: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, quoting=quoting).writerows([HEADER, *rows])  # type: ignore[arg-type]
    return text.getvalue()


def read(text: str) -> tuple[pd.DataFrame, Account, list[str]]:
    account = Account()
    table, notes = read_delimited(text, "m.csv", account)
    return table, account, notes


def cells(table: pd.DataFrame) -> list[list[str]]:
    return table.to_numpy().tolist()


@settings(max_examples=40)
@example(",", csv.QUOTE_MINIMAL, [*[["", "", ";", ""]] * 4, ["", "", "\n,,1", ",a\n"]])
@given(
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.lists(st.lists(st.text("ab1,;| \n\"'é", max_size=9), min_size=4, max_size=4), max_size=9),
)
def test_what_a_writer_of_csv_wrote_is_read_back(
    separator: str, quoting: int, drawn: list[list[str]]
) -> None:
    rows = make_rows(20) + [[f"img/1{n:03}.jpg", *row] for n, row in enumerate(drawn)]
    table, account, _ = read(write(rows, separator, quoting))
    assert account.count("row", "refused") == 0
    assert cells(table) == rows


@settings(max_examples=60)
@given(st.data(), st.sampled_from(",;\t"), st.integers(1, 4))
def test_a_stray_mark_harms_its_own_row_alone(data: st.DataObject, mark: str, strays: int) -> None:
    rows = [row for row in make_rows(60) if "\n" not in row[1] and row[0] != "img/0000.jpg"]
    lines = write(rows, mark).splitlines()
    harmed = data.draw(st.sets(st.integers(1, len(rows)), min_size=strays, max_size=strays))
    for line in harmed:
        start = lines[line].index(mark) + 1
        place = data.draw(st.sampled_from([start, start + 2, len(lines[line])]))
        lines[line] = f'{lines[line][:place]}"{lines[line][place:]}'
    table, account, _ = read("\n".join(lines))
    refused = account.count("row", "refused")
    assert len(table) + refused == len(rows)
    sound = [row for n, row in enumerate(rows, 1) if n not in harmed]
    kept = table[~table.index.isin([line + 1 for line in harmed])]
    assert cells(kept) == sound
    for line in set(harmed) & {number - 1 for number in table.index}:
        assert str(table.at[line + 1, "file"]).strip('"') == rows[line - 1][0]


def test_a_lone_mark_at_the_end_swallows_nothing() -> None:
    rows = make_rows(12)
    table, account, _ = read(write(rows) + 'img/0099.jpg,"Open,Ann Ash,1900,Op\r\n')
    assert cells(table)[:-1] == rows
    assert table.iloc[-1].tolist() == ["img/0099.jpg", '"Open', "Ann Ash", "1900", "Op"]
    assert account.describe() == ["1 row changed, a stray quotation mark was read as text: line 16"]


def test_two_marks_that_enclose_rows_are_both_text() -> None:
    lines = write([row for row in make_rows(20) if "\n" not in row[1]]).splitlines()
    lines[3] = 'img/0002.jpg,"Open,Ann Ash,1900,Op'
    lines[5] = 'img/0005.jpg,Ends 24",Bo Birch,1905,Op'
    table, _, _ = read("\n".join(lines))
    assert table.loc[4, "title"] == '"Open'
    assert table.loc[6, "title"] == 'Ends 24"'
    assert len(table) == len(lines) - 1


def test_marks_escaped_by_a_backslash_are_read() -> None:
    lines = write([row for row in make_rows(12) if "\n" not in row[1]]).splitlines()
    lines.append(r'img/0099.jpg,"The \"Owl\", by night",Ann Ash,1900,Op')
    table, _, _ = read("\n".join(lines))
    assert table.iloc[-1]["title"] == 'The "Owl", by night'


def test_single_quotation_marks_enclose_fields_where_the_header_has_them() -> None:
    text = "'file','title','style'\n'1.jpg','The ''Owl'', \"by night\"','Op'\n'2.jpg','','Op'\n"
    table, account, notes = read(text)
    assert list(table.columns) == ["file", "title", "style"]
    assert table["title"].tolist() == ["The 'Owl', \"by night\"", ""]
    assert (account.entries, notes) == ([], [])


def test_a_break_in_a_bare_field_is_kept_and_named() -> None:
    lines = write([row for row in make_rows(20) if "\n" not in row[1]]).splitlines()
    lines[4:4] = ["img/0088.jpg,Recto", "Verso,Ann Ash,1900,Op"]
    table, account, _ = read("\n".join(lines))
    assert list(table.loc[5]) == ["img/0088.jpg", "Recto\nVerso", "Ann Ash", "1900", "Op"]
    assert account.describe() == ["1 row changed, a line break inside a field was kept: line 5"]


def test_values_beyond_the_columns_refuse_the_line() -> None:
    text = write(make_rows(20)) + "img/0099.jpg,A boat, a man, and a dog,Ann Ash,1900,Op\r\n"
    table, account, notes = read(text)
    assert len(table) == 20
    assert account.describe() == ["1 row refused, more values than the 5 columns: line 26"]
    assert "line 26. Quote the fields" in notes[0]


def test_too_many_broken_lines_refuse_the_file() -> None:
    lines = [f"{n}.jpg,A, B,Ann,1900,Op" for n in range(9)]
    with pytest.raises(CollectionError, match=r"9 lines; found line 2, .*expected 5 values a line"):
        read("\n".join([",".join(HEADER), *lines]))


@pytest.mark.parametrize("surplus", [1, 3])
def test_empty_values_beyond_the_columns_are_dropped(surplus: int) -> None:
    rows = make_rows(20)
    lines = write(rows, ";", csv.QUOTE_ALL).replace("\r\n", ";" * surplus + "\r\n")
    table, account, _ = read(lines)
    assert cells(table.iloc[:, :5]) == rows
    assert account.count("row", "refused") == 0


def test_values_that_are_left_out_at_the_end_are_empty() -> None:
    table, _, _ = read("file;style;note;place\na.jpg;Op\nb.jpg;Op;x\n")
    assert cells(table) == [["a.jpg", "Op", "", ""], ["b.jpg", "Op", "x", ""]]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "\ufeffsep=;"])
def test_excels_line_names_the_separator(line: str) -> None:
    rows = make_rows(5)
    table, account, _ = read(f"{line}\n".lstrip("\ufeff") + write(rows, ";"))
    assert cells(table) == rows
    assert account.describe() == ["1 row left out, above the header: line 1"]


@pytest.mark.parametrize(
    "above",
    [
        ["Object report;;;;", "Depot 2, printed 05.01.2026;;;;", ";;;;"],
        ["Object report", "Depot 2, printed 05.01.2026", ""],
        ["Museum of Art;Report;;;"],
    ],
)
def test_titles_above_the_header_are_left_out(above: list[str]) -> None:
    rows = make_rows(9)
    table, account, _ = read("\n".join([*above, write(rows, ";")]))
    assert cells(table) == rows
    assert account.count("row", "left out") == sum(bool(line.strip(";")) for line in above)


def test_a_header_of_unknown_names_is_found_by_its_width() -> None:
    table, _, _ = read("Bericht\n\nDatei;Titel;Stil\na.jpg;Vase;Op\nb.jpg;Krug;Op\n")
    assert list(table.columns) == ["Datei", "Titel", "Stil"]
    assert table.index.tolist() == [4, 5]


@pytest.mark.parametrize(
    ("lines", "separator"),
    [
        (["file,style", "a;b;c.jpg,Op", "d;e;f.jpg,Op"], ","),
        (
            [
                "file;title;style",
                "a.jpg;One, two, three, four;Op",
                "b.jpg;One, two, three, four;Op",
            ],
            ";",
        ),
        (["file\ttitle\tstyle", "a.jpg\tx\tOp"], "\t"),
        (["Datei|Titel, kurz|Stil", "a.jpg|x|Op", "b.jpg|y|Op"], "|"),
        (["file"], ","),
    ],
)
def test_the_separator_is_told(lines: list[str], separator: str) -> None:
    assert sniff_separator(lines) == separator


def test_any_line_break_ends_a_row() -> None:
    plain = write([row for row in make_rows(9) if "\n" not in row[1]])
    unix, mac = plain.replace("\r\n", "\n"), plain.replace("\r\n", "\r")
    assert cells(read(plain)[0]) == cells(read(unix)[0]) == cells(read(mac)[0])


@settings(max_examples=150, deadline=None)
@given(st.text('ab1,;|"\\\n\r\t =.', max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        table, account, _ = read(f"file,style\n{text}")
    except CollectionError:
        return
    assert table.index.is_unique
    assert not table.isna().any(axis=None)
    lines = f"file,style\n{text}".replace("\r\n", "\n").replace("\r", "\n").split("\n")
    named = {f"line {n}" for n, line in enumerate(lines, 1) if line}
    told = {name for entry in account.entries for name in entry.names}
    assert told <= named


@pytest.mark.parametrize("separator", [",", ";"])
def test_rows_that_stand_in_quotation_marks_as_a_whole_are_read(separator: str) -> None:
    """A spreadsheet does this to a table that it holds in one column."""
    rows = make_rows(10)
    lines = [
        line.replace('"', '""')
        for line in write([row for row in rows if "\n" not in row[1]], separator).splitlines()
    ]
    table, account, _ = read("\n".join(f'"{line}"' for line in lines) + "\n")
    assert cells(table) == [row for row in rows if "\n" not in row[1]]
    assert account.count("row", "changed") == len(table)


def test_one_column_of_quoted_cells_stays_one() -> None:
    table, account, _ = read('"artist"\n"Hopper, Edward"\n"Klee, Paul"\n')
    assert cells(table) == [["Hopper, Edward"], ["Klee, Paul"]]
    assert account.count("row", "changed") == 0


def test_the_mark_at_which_dos_ended_a_file_is_no_row() -> None:
    rows = make_rows(4)
    assert cells(read(write(rows) + "\x1a")[0]) == rows
