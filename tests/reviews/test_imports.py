"""What a file may add to the log: whose rows, on what, when and how large; and who took them in."""

from __future__ import annotations

import io
import json
import time as clock
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from alembic import command
from sqlalchemy import create_engine, insert, inspect, text

from core.reviews import Entry, ReviewLog, ReviewsError, VerdictRefused, database, open_log
from core.reviews.__main__ import main
from core.reviews.entry import UNDONE
from core.reviews.exchange import apply_import, export, load_standing, plan_import, read_export
from core.reviews.log import build_table
from core.reviews.origins import describe_origin
from core.reviews.tables import LOG
from core.reviews.urls import parse_url
from core.row_files.rows import Limits
from tests.reviews.conftest import say

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ORIGIN = describe_origin("Cy", "verdicts.csv", b"content")
FIRST = say(id="first", time=NOON)
LATER = NOON + timedelta(hours=1)


def follow(**changes: Any) -> Entry:
    """A later verdict that supersedes ``FIRST``."""
    values: dict[str, Any] = {
        "id": "second",
        "verdict": "unsure",
        "time": LATER,
        "supersedes": "first",
    }
    return replace(FIRST, **(values | changes))


LINKS = {
    "another reviewer": (follow(reviewer="Bo"), "another reviewer's verdict"),
    "another reviewer's is taken back": (
        follow(reviewer="Bo", verdict=UNDONE),
        "another reviewer's verdict",
    ),
    "another painting": (follow(key="b.jpg"), "another painting or label"),
    "another task": (follow(task="artist"), "another painting or label"),
    "itself": (follow(supersedes="second"), "supersedes itself"),
    "nothing that is here": (follow(supersedes="none"), "neither in the log nor in the import"),
    "nothing, and takes it back": (follow(supersedes=None, verdict=UNDONE), "does not name it"),
    "what is later": (follow(time=NOON - timedelta(hours=1)), "older than"),
    "a reviewer of almost the same name": (follow(reviewer="ada"), "another reviewer's verdict"),
}


@pytest.fixture(params=["in the database", "in the file"])
def first(request: pytest.FixtureRequest, log: ReviewLog) -> Iterator[list[Entry]]:
    """``FIRST``, in one of the two places: what of it is in the file."""
    if request.param == "in the file":
        yield [FIRST]
        return
    log.add_as_they_are([FIRST], ORIGIN)
    yield []


@pytest.mark.parametrize(("row", "reason"), LINKS.values(), ids=LINKS)
def test_a_row_follows_only_an_earlier_one_of_its_reviewer_painting_and_task(
    log: ReviewLog, first: list[Entry], row: Entry, reason: str
) -> None:
    planned = plan_import(log, build_table([*first, row]))
    (conflict,) = planned.conflicts
    assert conflict.is_refused
    if not (first and "older" in reason):  # in time's order, it comes before what it follows
        assert reason in conflict.reason
    assert planned.fresh == tuple(first)
    with pytest.raises(VerdictRefused, match=reason):  # the log refuses it, too
        log.add_as_they_are([*first, row], ORIGIN)
    assert len(log.load_all()) == 1 - len(first)


@pytest.mark.parametrize("verdict", ["unsure", UNDONE])
def test_a_legal_row_is_taken_in(log: ReviewLog, first: list[Entry], verdict: str) -> None:
    planned = plan_import(log, build_table([follow(verdict=verdict), *first]))
    assert apply_import(log, planned, ORIGIN) == 1 + len(first)
    assert len(log.load_standing()) == (verdict != UNDONE)


def test_what_only_takes_back_cannot_be_followed(log: ReviewLog) -> None:
    undone = follow(verdict=UNDONE)
    again = follow(id="third", supersedes="second", time=LATER + timedelta(hours=1))
    for row in (again, replace(again, verdict=UNDONE)):
        planned = plan_import(log, build_table([FIRST, undone, row]))
        assert [c.reason for c in planned.conflicts] == [
            "it supersedes a row that only undid another"
        ]


def test_two_desks_may_go_on_from_one_verdict_and_the_later_stands(log: ReviewLog) -> None:
    here, there = follow(), follow(id="third", verdict="wrong", time=LATER + timedelta(hours=1))
    planned = plan_import(log, build_table([there, FIRST, here]))
    assert apply_import(log, planned, ORIGIN) == 3
    assert log.load_standing()["id"].tolist() == ["third"]


def test_a_chain_is_taken_in_whole_and_a_circle_not_at_all(log: ReviewLog) -> None:
    chain = [FIRST]
    for n in range(50):
        time = chain[-1].time + timedelta(minutes=1)
        chain.append(replace(FIRST, id=f"c{n}", supersedes=chain[-1].id, time=time))
    planned = plan_import(log, build_table(reversed(chain)))
    assert len(planned.fresh) == 51
    circle = [replace(FIRST, id=f"o{n}", supersedes=f"o{(n + 1) % 3}") for n in range(3)]
    assert plan_import(log, build_table(circle)).fresh == ()


@pytest.mark.parametrize(
    "time",
    [
        *(
            "9999-12-31T23:59:59.999999+00:00",
            "9999-12-31T23:59:59-12:00",
            "1999-12-31",
            "0001-01-01",
        ),
        *("0001-01-01T00:00:00+14:00", "2262-04-12", "-1", "soon", "", "10000-01-01", "1e400"),
        pytest.param((datetime.now(UTC) + timedelta(hours=2)).isoformat(), id="in two hours"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_verdict_is_given_neither_before_2000_nor_in_the_future(
    lone_log: ReviewLog, time: str, form: str
) -> None:
    row = asdict(FIRST) | {"time": time}
    content = json.dumps(row).encode()
    if form == "csv":
        content = pd.DataFrame([row]).to_csv(index=False).encode()
    planned = plan_import(lone_log, read_export(content, f"x.{form}"))
    assert planned.fresh == ()
    assert "its time" in planned.conflicts[0].reason


@pytest.mark.parametrize("year", [1990, 9999])
def test_times_of_parquet_are_bounded_as_well(lone_log: ReviewLog, year: int) -> None:
    buffer = io.BytesIO()
    row = asdict(FIRST) | {"time": datetime(year, 1, 1, tzinfo=UTC)}
    pq.write_table(pa.Table.from_pylist([row]), buffer)
    planned = plan_import(lone_log, read_export(buffer.getvalue(), "x.parquet"))
    assert [c.is_refused for c in planned.conflicts] == [True]


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("id", "x" * 65, "id has more than 64 characters"),
        ("key", "x" * 5000, "key has more than 4,096 characters"),
        ("note", "x" * 100_000, "note cannot be recorded"),
        ("given", "x" * 100_000, "given label has more than"),
        ("run_id", "x" * 300, "run has more than"),
        ("model_hash", "x" * 300, "model has more than"),
        ("content_hash", "x" * 300, "fingerprint of the picture has more than"),
        ("note", "a\0b", "holds an invalid character"),
        ("key", "\ud800", "holds an invalid character"),
        ("key", ["a"], "its key is not text"),
        ("key", {"a": 1}, "its key is not text"),
        ("id", 7, "its id is not text"),
        ("note", True, "its note is not text"),
        ("key", None, "the painting's key cannot be recorded"),
        ("reviewer", None, "a required cell is empty"),
    ],
)
def test_texts_are_bounded_and_are_texts(
    lone_log: ReviewLog, column: str, text: object, reason: str
) -> None:
    content = json.dumps(asdict(FIRST) | {"time": NOON.isoformat(), column: text}).encode()
    planned = plan_import(lone_log, read_export(content, "x.jsonl"))
    assert planned.fresh == ()
    assert reason in planned.conflicts[0].reason
    assert len(planned.conflicts[0].key) <= 120


@pytest.mark.slow
def test_a_bomb_of_parquet_is_refused_and_costs_this_process_nothing() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, "int32"), ["x" * 100_000])
    buffer = io.BytesIO()
    # Without Arrow's own schema it is read as plain texts, one by one.
    table = pa.table(dict.fromkeys(asdict(FIRST), column))
    pq.write_table(table, buffer, compression="zstd", store_schema=False)
    assert len(buffer.getvalue()) < 1 << 20  # 26 GB of text
    with pytest.raises(VerdictRefused, match=r"bomb\.parquet cannot be read"):
        read_export(buffer.getvalue(), "bomb.parquet")


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (b"[" * 200_000, "x.jsonl", "line 1: it is not a line of JSON"),
        (b'{"a":' * 200_000, "x.jsonl", "line 1: it is not a line of JSON"),
        (b"[1]\n", "x.jsonl", "line 1: it is not a row of named values"),
        (b"id\n" + b"x\n" * 200, "x.csv", "more than 100 rows"),
        (b'{"id": "x"}\n' * 200, "x.jsonl", "more than 100 rows"),
        (b"id,key\n\xff\xfe,1\n", "x.csv", "no column content_hash"),
        (b"id,key\n1,2,3,4\n", "x.csv", "line 2: it has more cells than the header"),
        (b'id,key\n"1,2\n', "x.csv", "it is not a table row"),
        (b"id,id\n1,2\n", "x.csv", "a column occurs twice"),
        (b"id\n" + b"x" * 200_000, "x.csv", "line 2: it is not a table row"),
        (b"", "x.csv", "no column key"),
        (b"x" * (2 << 20), "x.csv", "the limit is 1 MB"),
        (b"PAR1" + b"\0" * 60 + b"PAR1", "x.parquet", "damaged, or not a Parquet file"),
    ],
)
def test_a_broken_file_is_one_sentence(content: bytes, name: str, found: str) -> None:
    with pytest.raises(VerdictRefused) as raised:
        read_export(content, name, Limits(file_bytes=1 << 20, rows=100))
    assert found in str(raised.value)
    for jargon in ("pandas", "Arrow", "Traceback", "Error", "tokeniz", "codec"):
        assert jargon not in str(raised.value)


def test_training_takes_no_verdict_of_the_future(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.csv"
    rows = [asdict(FIRST), asdict(FIRST) | {"id": "x", "time": "9999-01-01T00:00:00+00:00"}]
    pd.DataFrame(rows).to_csv(path, index=False)
    with pytest.raises(VerdictRefused, match=r"Row 2 of .* is before 2000 or in the future"):
        load_standing(path)


def test_the_importer_is_recorded(log: ReviewLog) -> None:
    log.record([say("mine.jpg")])
    planned = plan_import(log, build_table([FIRST, follow()]))
    origin = describe_origin("Bo", "desk 2.csv", b"content")
    apply_import(log, planned, origin)
    apply_import(log, planned, replace(origin, importer="Cy"))  # again: nothing is added
    ids = log.load_all()["id"]
    assert log.find_origins(ids) == {"first": origin, "second": origin}
    assert len(origin.sha256) == 64
    with (
        pytest.raises(ReviewsError, match="append-only"),
        database.writing(log._engine) as c,
    ):
        c.execute(text("UPDATE imports SET importer = 'Eve'"))


def test_an_import_is_signed() -> None:
    with pytest.raises(VerdictRefused, match="signed with a name"):
        describe_origin("  ", "x.csv", b"")


def test_the_command_line_names_the_importer_and_says_a_broken_file_in_a_sentence(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "curator")
    with closing(open_log(tmp_path / "other.sqlite")) as other:
        other.record([say(id="first")])
        (tmp_path / "v.csv").write_bytes(export(other, "csv"))
    assert main(["--reviews", place, "import", str(tmp_path / "v.csv"), "--apply"]) == 0
    with closing(open_log(place)) as log:
        assert log.find_origins(["first"])["first"].importer == "curator (command line)"
    (tmp_path / "v.parquet").write_bytes(b"PAR1 nothing PAR1")
    assert main(["--reviews", place, "import", str(tmp_path / "v.parquet")]) == 2
    said = capsys.readouterr().err
    assert said == "v.parquet cannot be read; found it is damaged, or not a Parquet file.\n"


def test_a_plan_that_the_log_has_overtaken_adds_what_is_still_missing(log: ReviewLog) -> None:
    planned = plan_import(log, build_table([FIRST, follow()]))
    log.add_as_they_are([FIRST], ORIGIN)  # meanwhile
    assert apply_import(log, planned, ORIGIN) == 1
    assert log.load_all()["id"].tolist() == ["first", "second"]


def test_a_verdict_of_the_future_that_is_here_already_blocks_nobody(place: str) -> None:
    """A database as it was before times were bounded, with what this program said after it."""
    future = datetime(9999, 12, 31, 23, 59, 59, 999_990, tzinfo=UTC)
    forged = replace(FIRST, id="forged", verdict="wrong", time=future, supersedes="first")
    tick = timedelta(microseconds=1)
    after = [replace(forged, id="after", verdict="unsure", time=future + tick, supersedes="forged")]
    alone = [say("b.jpg", id="alone", time=future)]
    engine = create_engine(parse_url(place))
    with engine.begin() as connection:
        config = database._build_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "r0002")
        rows = [asdict(row) for row in (FIRST, forged, *after, *alone)]
        for row in rows:
            del row["of_several"], row["settles"]  # which came later
        connection.execute(insert(LOG), rows)
    assert not inspect(engine).has_table("imports")
    engine.dispose()
    with closing(open_log(place)) as log:
        standing = log.load_standing().set_index("key")
        assert standing["verdict"].to_dict() == {FIRST.key: "unsure"}  # said after it: said again
        given = log.record([say(verdict="outlier"), say("b.jpg")])
        assert all(entry.time < datetime.now(UTC) + timedelta(hours=1) for entry in given)
        assert sorted(log.load_standing()["verdict"]) == ["outlier", "right"]
        assert {"forged", "after", "alone"} <= set(log.load_all()["id"])  # nothing is deleted


@pytest.mark.slow
def test_twenty_thousand_rows_are_planned_in_seconds(lone_log: ReviewLog) -> None:
    rows = [say(f"{n}.jpg", time=NOON + timedelta(seconds=n)) for n in range(20_000)]
    content = build_table(rows).to_csv(index=False).encode()
    started = clock.process_time()
    planned = plan_import(lone_log, read_export(content, "x.csv"))
    assert apply_import(lone_log, planned, ORIGIN) == 20_000
    assert clock.process_time() - started < 30  # 2 s; it was 20 s once
    assert set(lone_log.find_origins(row.id for row in rows).values()) == {ORIGIN}
