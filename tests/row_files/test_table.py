from pathlib import Path

import pytest

from core.row_files.capped import Cap
from core.row_files.table import CAP, Second, Upload, look_at_table


@pytest.fixture
def works(tmp_path: Path) -> Path:
    file = tmp_path / "works.csv"
    file.write_text("file,movement,period\n" + "".join(f"{n}.jpg,x,y\n" for n in range(9)))
    return file


def test_a_table_is_told_in_plain_values(works: Path) -> None:
    told = look_at_table(works, {})
    (question,) = told.questions
    assert [answer.column for answer in question.answers] == ["movement", "period"]
    (waiting,) = [line for line in told.account if line.kind == "row"]
    assert (waiting.number, len(waiting.names)) == (9, 5)
    answered = look_at_table(works, {"style": "period"})
    assert answered.questions == ()
    assert "No picture below" in answered.hindrance


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "m.csv", "m.csv"),
        (b"PAR1 and no more", "m.parquet", "m.parquet"),
        (b"\x00\x01\x02" * 100, "m.xlsx", "m.xlsx"),
        (b"a,b\n1,2\n", "../../.../m\n\x1b.csv", ""),
        (b"a,b\n1,2\n", "", ""),
        (b"a,b\n1,2\n", "\u00e9" * 300 + ".csv", ""),
    ],
)
def test_an_upload_of_any_bytes_and_name_is_answered(content: bytes, name: str, said: str) -> None:
    told = look_at_table(Upload(name, content), {})
    assert said in told.refusal
    assert bool(told.refusal) == bool(said)
    assert "/tmp" not in told.refusal + told.hindrance


def test_pictures_of_an_upload_are_not_looked_for(works: Path) -> None:
    told = look_at_table(Upload("works.csv", works.read_bytes()), {"style": "period"})
    assert told.hindrance == ""
    (rows,) = [line for line in told.account if line.kind == "row"]
    assert rows.reason == "its picture is not looked for here"


def test_a_second_table_brings_the_label(works: Path) -> None:
    terms = "work,kind,term\n" + "".join(
        f"{n}.jpg,style,s{n % 2}\n{n}.jpg,theme,t\n" for n in range(9)
    )
    (works.parent / "terms.csv").write_text(terms)
    first = Upload("works.csv", b"file,title\n" + b"".join(b"%d.jpg,T\n" % n for n in range(9)))
    for table in (works.parent / "terms.csv", Upload("works.csv", terms.encode())):
        told = look_at_table(first, {"style": "term"}, [Second(table, "file=work")], ["kind=style"])
        assert (told.refusal, told.questions) == ("", ())
        (label,) = [part for part in told.parts if part.role == "style"]
        assert (label.column, label.filled, label.samples) == ("term", 9, ("s0", "s1"))
        (joined,) = [line for line in told.account if line.reason == "not kind=style"]
        assert joined.number == 9


def test_what_cannot_be_joined_is_said_without_the_folder(works: Path) -> None:
    second = Second(Upload("terms.csv", b"work,term\nx,y\n"), "file=work")
    told = look_at_table(works, {}, [second])
    assert "No row of terms.csv belongs to a row of works.csv" in told.refusal
    told = look_at_table(works, {}, [Second(Upload("t.csv", b"\x00" * 40), "file")])
    assert "t.csv is not a table" in told.refusal
    assert "/tmp" not in told.refusal


def test_a_column_that_is_not_there_is_said(works: Path) -> None:
    assert "no column 'manner'" in look_at_table(works, {"style": "manner"}).refusal


def test_a_reader_that_takes_too_long_is_stopped(works: Path) -> None:
    cap = Cap(seconds=0.05, memory_bytes=CAP.memory_bytes, answer_bytes=CAP.answer_bytes)
    assert "took too long" in look_at_table(works, {}, cap=cap).refusal
