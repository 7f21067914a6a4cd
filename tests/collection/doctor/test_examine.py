import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import tyro
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.collection.doctor.examine import Examination, examine
from core.collection.doctor.report import describe_examination
from core.collection.errors import CollectionError
from core.collection.open import SourceOptions
from core.collection.reading.roles import ROLES

Paint = Callable[..., Path]
Table = Callable[..., Path]
FILES = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    def write(header: str, *rows: str, name: str = "m.csv") -> Path:
        (tmp_path / name).write_text("\n".join([header, *rows]) + "\n")
        return tmp_path / name

    return write


LABELS = ["x", "x", "y", "y"]


def look(*arguments: str | Path) -> Examination:
    return examine(tyro.cli(SourceOptions, args=[str(each) for each in arguments]))


def count_rows(seen: Examination) -> int:
    return seen.account.count("row", "read", "left out", "refused")


def test_a_table_without_questions_gives_its_paintings(table: Table, paint: Paint) -> None:
    paint(FILES)
    seen = look(
        table("file,style,title", *(f"{f},{s},T" for f, s in zip(FILES, LABELS, strict=True)))
    )
    assert len(seen.require_paintings()) == 4
    parts = {part.role: part for part in seen.parts}
    assert (parts["style"].column, parts["style"].filled) == ("style", 4)
    assert parts["style"].samples == ("x", "y")
    assert parts["artist"].column == ""
    assert "address" not in parts


def test_all_questions_stand_with_what_their_columns_hold(table: Table) -> None:
    rows = ["a.jpg,Cubism,,Bo", "b.jpg,,,Bo", "c.jpg,Rococo,,"]
    seen = look(table("scan,movement,period,maker", *rows))
    file, style = sorted(seen.questions, key=lambda question: question.role)
    assert (file.role, style.role) == ("file", "style")
    (answer,) = style.answers
    assert (answer.flags, answer.filled) == ("--label-column movement", 2)
    assert answer.samples == ("Cubism", "Rococo")
    assert count_rows(seen) == 3
    with pytest.raises(
        CollectionError, match=r"2 questions open.*--label-column movement --file-column scan"
    ):
        seen.require_paintings()
    answered = look(
        seen.require_table().file, "--style-column", "movement", "--file-column", "scan"
    )
    assert answered.questions == ()


def test_a_label_is_sought_among_columns_whose_values_repeat(table: Table) -> None:
    rows = [f"{file},{n},{'xy'[n % 2]},{n}" for n, file in enumerate(FILES)]
    seen = look(table("file,number,manner,remark", *rows))
    (question,) = seen.questions
    assert [answer.flags for answer in question.answers] == ["--label-column manner"]


def test_web_addresses_are_a_hindrance_and_no_question(table: Table) -> None:
    rows = [f"https://m.org/{file},{s}" for file, s in zip(FILES, LABELS, strict=True)]
    for header in ("image_url,style", "file,style"):
        seen = look(table(header, *rows))
        assert seen.questions == ()
        assert count_rows(seen) == 4
        with pytest.raises(CollectionError, match=r"are web addresses; found 4 .*core\.fetch"):
            seen.require_paintings()


def test_a_table_of_no_pictures_is_looked_at(table: Table) -> None:
    seen = look(table("id,style,year", "1,x,1900", "2,x,soon", "3,y,1901", "4,y,1902"))
    assert seen.questions == ()
    assert count_rows(seen) == 4
    assert any("soon" in note for note in seen.notes)
    with pytest.raises(CollectionError, match=r"names no pictures.*--join FILE --on COLUMN"):
        seen.require_paintings()


def test_too_few_labels_are_said_before_pictures_are_there(table: Table) -> None:
    seen = look(table("image_url,style", "https://m.org/a.jpg,x", "https://m.org/b.jpg,"))
    assert any("1 style with one painting" in note for note in seen.notes)


def test_pictures_that_are_not_found_are_the_last_word(table: Table) -> None:
    seen = look(table("file,style", *(f"{f},{s}" for f, s in zip(FILES, LABELS, strict=True))))
    assert seen.questions == ()
    assert count_rows(seen) == 4
    with pytest.raises(CollectionError, match="No picture below"):
        seen.require_paintings()


def test_labels_and_pictures_come_from_second_tables(table: Table, paint: Paint) -> None:
    paint(FILES)
    terms = table(
        "work,kind,movement", *(f"{n},Style,{s}" for n, s in enumerate(LABELS)), name="t.csv"
    )
    views = table("work,file", *(f"{n},{file}" for n, file in enumerate(FILES)), name="v.csv")
    works = table("id,title", *(f"{n},T{n}" for n in range(4)))
    seen = look(
        *(works, "--join", terms, "--on", "id=work", "--join", views, "--join-where", "kind=style")
    )
    assert seen.require_paintings()["given_style"].tolist() == LABELS
    assert seen.account.count("joined row", "read") == 8


def test_what_is_saved_answers_the_next_time(table: Table, paint: Paint, tmp_path: Path) -> None:
    from core.collection.mapping import save_mapping

    paint(FILES)
    terms = table("work,term", *(f"{n},{s}" for n, s in enumerate(LABELS)), name="t.csv")
    works = table("number,scan", *(f"{n},{file}" for n, file in enumerate(FILES)))
    flags: list[str | Path] = [
        "--join",
        terms,
        "--on",
        "number=work",
        "--file-column",
        "scan",
        "--style-column",
        "term",
    ]
    first = look(works, *flags)
    save_mapping(tmp_path / "m.toml", first.require_table().as_mapping())
    again = look(works, "--mapping", tmp_path / "m.toml")
    assert again.require_paintings().equals(first.require_paintings())
    overridden = look(works, "--mapping", tmp_path / "m.toml", "--style-column", "number")
    assert overridden.require_table().columns.chosen["style"] == "number"
    other = table("number,file", "1,a.jpg", name="o.csv")
    with pytest.raises(
        CollectionError, match=r"m\.toml names columns that o\.csv.*'scan' \(file\)"
    ):
        look(other, "--mapping", tmp_path / "m.toml")


def test_a_label_that_is_mostly_empty_is_asked_about(table: Table, paint: Paint) -> None:
    paint(FILES)
    rows = [f"{file},{'x' if n == 0 else ''},y{n // 2}" for n, file in enumerate(FILES)]
    works = table("file,style,department", *rows)
    (question,) = look(works).questions
    assert "has the label in 'style', which is filled in 1 of 4 rows" in question.text
    assert [answer.flags for answer in question.answers] == [
        "--label-column style",
        "--label-column department",
    ]
    assert look(works, "--style-column", "department").require_paintings() is not None
    assert look(works, "--style-column", "style").questions == ()


def test_a_museum_is_recognised(table: Table) -> None:
    header = "Title,Artist,ConstituentID,ArtistBio,Date,DateAcquired,ObjectID,ImageURL,Department"
    seen = look(table(header, "T,A,1,,1920,2001,7,https://moma.org/7.jpg,Painting"))
    assert "MoMA" in seen.recognised
    assert [question.role for question in seen.questions] == ["style"]
    assert seen.hindrance is not None


def test_folders_have_an_account_and_no_columns(paint: Paint) -> None:
    seen = look(
        paint([f"{s}/ann-ash_work-{n}-1900.jpg" for s in ("Cubism", "Rococo") for n in "12"])
    )
    assert (seen.source, seen.parts, len(seen.require_paintings())) == ("wikiart", (), 4)
    with pytest.raises(CollectionError, match="no columns to save"):
        seen.require_table()


CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters='\r\n\x00"'), max_size=12
) | st.sampled_from(["a.jpg", "../a.jpg", "https://m.org/a.jpg", "Cubism", "Rococo", "1906", "=1"])
HEADER = st.lists(
    st.sampled_from([*ROLES, *(name for role in ROLES.values() for name in role.names[:2]), "x"]),
    min_size=2,
    max_size=7,
)


@pytest.mark.slow
@given(HEADER, st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=8))
@example(["file", "style"], [[""] * 7, ["a.jpg", "Op", *[""] * 5]])
@settings(max_examples=150)
def test_every_row_of_any_table_has_one_fate(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], rows: list[list[str]]
) -> None:
    file = tmp_path_factory.mktemp("any") / "m.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        writer.writerows(row[: len(header)] for row in rows)
    try:
        seen = look(file)
    except CollectionError:
        return
    assert count_rows(seen) == len(rows)
    assert sum(seen.account.count("column", fate) for fate in ("read", "left out")) == len(header)
    assert describe_examination(seen)
    if seen.questions or seen.hindrance is not None:
        with pytest.raises(CollectionError):
            seen.require_paintings()
    else:
        assert len(seen.require_paintings()) <= len(rows)
