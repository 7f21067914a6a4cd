import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.collection.errors import CollectionError
from core.collection.reading.joins import Join
from core.collection.sources.museum import open_museum
from core.collection.sources.museum_table import load_museum_table

Paint = Callable[..., Path]
FILES = ["a.jpg", "b.jpg", "sub/c.jpg", "sub/d.jpg"]
HEADER = "file,title,artist,year,style,genre"
ROWS = [
    "a.jpg,Dawn,Ann Ash,c. 1906,Cubism,portrait",
    "b.jpg,Noon,Ann Ash,1889–95,Cubism,",
    "sub/c.jpg,Dusk,Bo Birch,,Rococo,landscape",
    "sub\\d.jpg,Night,unknown,undated,Rococo,landscape",
]


@pytest.fixture
def museum(paint: Paint, tmp_path: Path) -> Callable[..., Path]:
    """Four pictures and a table; returns the table's path."""
    paint(FILES)

    def write(
        header: str = HEADER, rows: list[str] = ROWS, encoding: str = "utf-8", name: str = "m.csv"
    ) -> Path:
        (tmp_path / name).write_bytes("\n".join([header, *rows]).encode(encoding))
        return tmp_path / name

    return write


Museum = Callable[..., Path]


def test_columns_are_found_by_their_names(museum: Museum) -> None:
    collection = open_museum(museum())
    table = collection.paintings.set_index("key")
    assert table.index.tolist() == ["a.jpg", "b.jpg", "sub/c.jpg", "sub/d.jpg"]
    assert table["year"].dropna().to_dict() == {"a.jpg": 1906, "b.jpg": 1895}
    assert table["given_genre"].isna().tolist() == [False, True, False, False]
    assert table["given_artist"].isna().tolist() == [False, False, False, True]
    assert (collection.name, collection.source) == ("m", "table")
    assert any("undated" in note for note in collection.notes)
    assert collection.reader.read("sub/d.jpg")[:2] == b"\xff\xd8"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_and_encoding_make_no_difference(
    museum: Museum, separator: str, encoding: str
) -> None:
    plain = open_museum(museum()).paintings
    rows = [row.replace(",", separator) for row in ROWS]
    other = open_museum(museum(HEADER.replace(",", separator), rows, encoding, "o.csv")).paintings
    pd.testing.assert_frame_equal(plain, other)


def test_old_encodings_are_read_and_said(museum: Museum) -> None:
    rows = ["a.jpg,Été,Dürer,1900,Cubism,x", *[row.replace("–", "-") for row in ROWS[1:]]]
    collection = open_museum(museum(rows=rows, encoding="latin-1"))
    assert collection.paintings["artist"][0] == "Dürer"
    assert any("Windows-1252" in note and "--encoding" in note for note in collection.notes)


@pytest.mark.parametrize(
    "header",
    [
        "Filename,Object Title,Maker,Object End Date,Movement,Classification",
        "IMAGE,title,Creator,date,PERIOD,Subject",
        "image.path,name,painter,Year,Art-Style,category",
    ],
)
def test_synonyms_are_understood(museum: Museum, header: str) -> None:
    pd.testing.assert_frame_equal(
        open_museum(museum()).paintings, open_museum(museum(header, name="s.csv")).paintings
    )


def test_a_roles_own_name_beats_its_synonyms(museum: Museum) -> None:
    header = "file,title,artist,year,style,movement"
    collection = open_museum(museum(header))
    assert set(collection.paintings["given_style"]) == {"Cubism", "Rococo"}


def test_two_synonyms_are_ambiguous_until_a_flag_says(museum: Museum) -> None:
    table = museum("file,title,artist,year,movement,period")
    with pytest.raises(CollectionError, match=r"movement, period.*--label-column"):
        open_museum(table)
    collection = open_museum(table, columns={"style": "Movement"})
    assert set(collection.paintings["given_style"]) == {"Cubism", "Rococo"}


@pytest.mark.parametrize(
    ("header", "flags", "said"),
    [
        ("snap,title,artist,year,style,genre", {}, r"names no pictures.*--file-column"),
        (
            "scan,title,artist,year,style,genre",
            {},
            r"for the picture.*--file-column scan",
        ),
        ("file,title,artist,year,manner,genre", {}, r"label; found file.*--label-column"),
        (HEADER, {"style": "Manner"}, r"no column 'Manner' for the label; found the columns file"),
    ],
)
def test_missing_columns_are_named(
    museum: Museum, header: str, flags: dict[str, str], said: str
) -> None:
    with pytest.raises(CollectionError, match=said):
        open_museum(museum(header), columns=flags)


@pytest.mark.parametrize(
    "bad", ["../secret.jpg", "/etc/passwd", "https://a.org/x.jpg", "out/x.jpg"]
)
def test_paths_out_of_the_root_are_refused_and_listed(
    museum: Museum, paint: Paint, tmp_path: Path, bad: str
) -> None:
    paint(["secret.jpg", "elsewhere/x.jpg"], tmp_path.parent / f"{tmp_path.name}-outside")
    (tmp_path / "out").symlink_to(tmp_path.parent / f"{tmp_path.name}-outside" / "elsewhere")
    collection = open_museum(museum(rows=[*ROWS, f"{bad},T,A,1900,Cubism,x"]))
    assert len(collection) == 4
    assert any("Left out" in note and bad in note for note in collection.notes)


def test_absent_and_unnamed_files_are_left_out_and_counted(museum: Museum) -> None:
    rows = [*ROWS, "gone.jpg,T,A,1900,Cubism,x", ",T,A,1900,Cubism,x"]
    collection = open_museum(museum(rows=rows))
    assert len(collection) == 4
    said = " ".join(collection.notes)
    assert "1 row, no such file (gone.jpg)" in said
    assert "1 row, no file name" in said


def test_no_picture_at_all_is_an_error(museum: Museum, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CollectionError, match=r"No picture below .*4 rows.*a\.jpg.*--images"):
        open_museum(museum(), images=tmp_path / "empty")


def test_pictures_may_lie_elsewhere(museum: Museum, paint: Paint, tmp_path: Path) -> None:
    paint(FILES, tmp_path / "elsewhere")
    (tmp_path / "a.jpg").unlink()
    assert len(open_museum(museum(), images=tmp_path / "elsewhere")) == 4


def test_a_repeated_row_counts_once(museum: Museum) -> None:
    collection = open_museum(museum(rows=[*ROWS, ROWS[0]]))
    assert len(collection) == 4
    assert "1 row left out, the same as an earlier row: line 6" in collection.account.describe()


def test_a_key_column_is_the_key(museum: Museum) -> None:
    rows = [f"1906.{number},{row}" for number, row in enumerate(ROWS)]
    collection = open_museum(museum("Accession Number," + HEADER, rows))
    assert collection.paintings["key"].tolist() == ["1906.0", "1906.1", "1906.2", "1906.3"]
    assert collection.paintings["image"].tolist() == ["a.jpg", "b.jpg", "sub/c.jpg", "sub/d.jpg"]


def test_splits_are_read_in_any_spelling(museum: Museum) -> None:
    rows = [f"{split},{row}" for split, row in zip(["Train", "TEST", "", "?x"], ROWS, strict=True)]
    collection = open_museum(museum("subset," + HEADER, rows))
    assert collection.paintings["split"].fillna("none").tolist() == ["train", "val", "none", "none"]
    assert any("neither train nor val" in note for note in collection.notes)


def test_a_row_with_too_many_fields_is_an_error(museum: Museum) -> None:
    with pytest.raises(
        CollectionError, match=r"m\.csv has more values than columns in 1 line; found line 2.*Quote"
    ):
        open_museum(museum(rows=["a.jpg,Dawn,Ash,1906,Cubism,x,and,more", *ROWS[1:]]))


def test_empty_and_absent_tables_are_errors(museum: Museum, tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="no file"):
        open_museum(tmp_path / "nowhere.csv")
    with pytest.raises(CollectionError, match="is not a table"):
        open_museum(museum("", []))
    with pytest.raises(CollectionError, match="for 0 rows"):
        open_museum(museum(rows=[]))


def test_parquet_reads_like_csv(museum: Museum, tmp_path: Path) -> None:
    plain = open_museum(museum())
    frame = pd.read_csv(tmp_path / "m.csv")
    frame.to_parquet(tmp_path / "m.parquet")
    pd.testing.assert_frame_equal(plain.paintings, open_museum(tmp_path / "m.parquet").paintings)


def test_a_broken_parquet_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "m.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(CollectionError, match="not a parquet file"):
        open_museum(tmp_path / "m.parquet")


@pytest.mark.usefixtures("museum")
def test_years_as_numbers_with_gaps_are_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({"file": FILES, "style": list("aabb"), "year": [1900.0, None, 1901, 50]})
    frame.to_parquet(tmp_path / "m.parquet")
    years = open_museum(tmp_path / "m.parquet").paintings["year"]
    assert years.dropna().tolist() == [1900, 1901]


def test_unknown_is_a_key_but_no_style(museum: Museum) -> None:
    rows = [f"{key},{row}" for key, row in zip(["NA", "-", "none", "4"], ROWS, strict=True)]
    rows[3] = rows[3].replace("Rococo", "Unknown")
    with pytest.raises(CollectionError, match="1 style with one painting: Rococo"):
        open_museum(museum("id," + HEADER, rows))
    rows.append("?,a.jpg,,,,Rococo,")
    rows[4] = "?,a.jpg,Dawn,,,Rococo,"
    table = open_museum(museum("id," + HEADER, rows)).paintings
    assert table["key"].tolist() == ["-", "4", "?", "NA", "none"]


def test_artists_are_called_as_they_are_spoken(museum: Museum) -> None:
    rows = [row.replace("Ann Ash", '"Ash, Ann (1840-1926)"') for row in ROWS]
    rows = [row.replace("Bo Birch", '"Birch, Bo; Ash, Ann"') for row in rows]
    collection = open_museum(museum(rows=rows))
    assert collection.paintings["given_artist"].dropna().tolist() == ["Ann Ash"] * 2 + ["Bo Birch"]
    assert collection.account.count("label", "changed") == 3


def test_spellings_of_one_style_are_one(museum: Museum) -> None:
    rows = [*ROWS[:1], *[row.replace("Cubism", "CUBISM.") for row in ROWS[1:2]], *ROWS[2:]]
    collection = open_museum(museum(rows=rows))
    assert set(collection.paintings["given_style"]) == {"Cubism", "Rococo"}
    assert any('"CUBISM." as "Cubism"' in line for line in collection.account.describe())


def test_a_slip_in_a_style_is_a_question(museum: Museum) -> None:
    rows = [row.replace("Rococo", "Rococco") for row in ROWS] + ["a.jpg,,,,Rococo,"]
    rows[4] = rows[4].replace("a.jpg", "e.jpg")
    (museum().parent / "e.jpg").write_bytes(b"")
    notes = open_museum(museum(rows=rows)).notes
    assert any('"Rococo" (1) and "Rococco" (2)' in note for note in notes)


def test_two_styles_of_one_name_are_a_question_with_an_answer(museum: Museum) -> None:
    header = "file,style,artist,year,style,genre"
    with pytest.raises(CollectionError, match=r"style \(1st\), style \(2nd\).*--label-column"):
        open_museum(museum(header))
    with pytest.raises(CollectionError, match=r"style \(1st\)"):
        open_museum(museum(header), columns={"style": "style"})
    collection = open_museum(museum(header), columns={"style": "style (2nd)"})
    assert set(collection.paintings["given_style"]) == {"Cubism", "Rococo"}


def test_works_of_one_title_are_not_views_of_one_work(museum: Museum) -> None:
    rows = [row.replace("Noon", "Dawn") for row in ROWS]
    with pytest.raises(CollectionError, match=r"Dawn \(line 2, line 3\).*--key-column 'file'"):
        open_museum(museum(rows=rows), columns={"key": "title"})
    assert len(open_museum(museum(rows=rows), columns={"key": "file"})) == 4


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_every_row_is_read_left_out_or_refused(museum: Museum, data: st.DataObject) -> None:
    cell = st.text("aB1 ;|.,é\u200b(19-", max_size=8)
    files = st.sampled_from([*FILES, "gone.jpg", "", "../up.jpg", "48 objects"])
    styles = st.sampled_from(["Cubism", "cubism", "Rococo", "", "Op; Rococo"])
    drawn = data.draw(st.lists(st.tuples(files, cell, cell, cell, styles, cell), max_size=12))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(drawn)
    table = museum(rows=[*ROWS, *text.getvalue().splitlines()])
    try:
        collection = open_museum(table)
    except CollectionError:  # as where works share a picture: nothing is read
        return
    told = [
        name
        for entry in collection.account.entries
        for name in entry.names
        if entry.kind == "row" and entry.fate != "changed"
    ]
    assert sorted(told) == sorted(f"line {n}" for n in range(2, len(ROWS) + len(drawn) + 2))
    assert collection.account.count("row", "read") == len(collection)


def test_every_label_of_a_work_is_read_from_a_joined_table_whose_column_was_guessed(
    tmp_path: Path,
) -> None:
    (tmp_path / "works.csv").write_text("id,file\n1,a.jpg\n2,b.jpg\n")
    (tmp_path / "styles.csv").write_text("id,style\n1,Cubism\n1,Dada\n2,Dada\n3,Pop\n")
    joins = [Join(tmp_path / "styles.csv", "id")]
    guessed = load_museum_table(tmp_path / "works.csv", joins=joins)
    named = load_museum_table(tmp_path / "works.csv", joins=joins, columns={"style": "style"})
    assert guessed.rows["style"].tolist() == ["Cubism\nDada", "Dada"]
    assert guessed.rows.equals(named.rows)
    assert guessed.account.entries == named.account.entries
    assert guessed.notes == named.notes
