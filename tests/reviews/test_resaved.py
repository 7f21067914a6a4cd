"""Exports that a spreadsheet saved again: nothing lost, nothing guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reviews import Entry, ReviewLog, VerdictRefused, open_log
from core.reviews.__main__ import main
from core.reviews.exchange import apply_import, export, load_standing, plan_import, read_export
from core.reviews.log import build_table
from core.reviews.origins import describe_origin
from core.reviews.resaved import read_times
from tests.reviews.conftest import say

HASH = "0" * 63 + "1"
START = datetime(2026, 1, 5, 10, 33, 17, 250_000, tzinfo=UTC)
Cells = dict[str, str]


@pytest.fixture
def entries() -> list[Entry]:
    """Verdicts of two weeks."""
    return [
        say(
            f"Cubism/{day}.jpg",
            "wrong",
            f"{day:032x}",
            note="signé « Durand »; à revoir, œuvre\nzweite Zeile",
            proposed="Naïf",
            content_hash=HASH,
            model_hash=HASH,
            time=START + timedelta(days=day),
            id=f"{day + 10:x}" * 16,
        )
        for day in range(14)
    ]


@pytest.fixture
def exported(entries: list[Entry], tmp_path: Path) -> list[Cells]:
    """The rows of an export, as a spreadsheet reads them."""
    log = open_log(tmp_path / "source.sqlite")
    apply_import(log, plan_import(log, build_table(entries)), describe_origin("Cy", "x", b""))
    text = export(log, "csv").decode("utf-8-sig")
    log.close()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def save(
    rows: list[Cells], separator: str = ",", encoding: str = "utf-8", first: str = "", **cells: str
) -> bytes:
    """A spreadsheet's file of ``rows``, each with ``cells``; a time is a form of ``strftime``."""
    text = io.StringIO(newline="")
    text.write(first)
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    for row in rows:
        time = datetime.fromisoformat(row["time"])
        changed = {"time": time.strftime(cells["time"])} if "time" in cells else {}
        writer.writerow(row | cells | changed)
    return text.getvalue().encode(encoding)


GERMAN = {"separator": ";", "time": "%d.%m.%Y %H:%M", "stands": "WAHR"}
AMERICAN = {"time": "%-m/%-d/%Y %-I:%M %p", "stands": "TRUE"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"separator": ";"},
        {"separator": "\t"},
        {"separator": ";", "first": "sep=;\r\n"},
        {"separator": ";", "encoding": "cp1252"},
        {"separator": ";", "encoding": "mac_roman"},
        {"separator": "\t", "encoding": "utf-16"},
        {"separator": "\t", "encoding": "utf-16-le"},
        {"encoding": "utf-8-sig"},
        {"stands": "TRUE"},
    ],
)
def test_what_lost_nothing_goes_in_whole(
    exported: list[Cells], entries: list[Entry], lone_log: ReviewLog, changes: dict[str, str]
) -> None:
    planned = plan_import(lone_log, read_export(save(exported, **changes), "verdicts.csv"))
    assert planned.conflicts == ()
    assert [asdict(entry) for entry in planned.fresh] == [asdict(entry) for entry in entries]


@pytest.mark.parametrize("changes", [GERMAN, GERMAN | {"encoding": "cp1252"}, AMERICAN])
@pytest.mark.parametrize("suffix", ["csv", "txt"])
def test_times_in_a_spreadsheets_form_are_read_to_the_minute_and_said(
    exported: list[Cells],
    entries: list[Entry],
    lone_log: ReviewLog,
    changes: dict[str, str],
    suffix: str,
) -> None:
    planned = plan_import(lone_log, read_export(save(exported, **changes), f"verdicts.{suffix}"))
    assert planned.conflicts == ()
    minutes = [entry.time.replace(second=0, microsecond=0) for entry in entries]
    assert [entry.time for entry in planned.fresh] == minutes
    assert [entry.note for entry in planned.fresh] == [entry.note for entry in entries]
    assert any("time of 14 rows in its own form" in note for note in planned.notes)


def test_what_the_log_holds_whole_is_known_though_a_spreadsheet_cut_it(
    exported: list[Cells], entries: list[Entry], lone_log: ReviewLog
) -> None:
    lone_log.record(entries)
    content = save(exported, **GERMAN, model_hash="1")
    planned = plan_import(lone_log, read_export(content, "verdicts.csv"))
    assert (planned.fresh, planned.known, planned.conflicts) == ((), 14, ())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "1.23457E+31"}, "a spreadsheet made a number of its id: 1.23457E+31"),
        ({"id": "1,23E+31"}, "a spreadsheet made a number of its id: 1,23E+31"),
        ({"model_hash": "0"}, "a spreadsheet made a number of its fingerprint of the model: 0"),
        ({"content_hash": "1E+63"}, "made a number of its fingerprint of the picture: 1E+63"),
        ({"time": "46027.4395"}, "its time is none"),
        ({"time": "%d.%m.%Y %H:%M", "key": "42"}, "dropped zeros before its painting's key: 42"),
    ],
)
def test_a_row_that_lost_something_is_refused_alone(
    exported: list[Cells], lone_log: ReviewLog, changes: dict[str, str], reason: str
) -> None:
    content = save(exported[:1], **changes) + save(exported[1:]).split(b"\r\n", 1)[1]
    planned = plan_import(lone_log, read_export(content, "verdicts.csv"))
    assert len(planned.fresh) == 13
    (conflict,) = planned.conflicts
    assert conflict.is_refused
    assert reason in conflict.reason


def test_an_id_that_only_looks_like_a_number_is_none(lone_log: ReviewLog) -> None:
    entry = say(id="0" * 28 + "4e17", content_hash=HASH)
    content = export_of([entry])
    assert plan_import(lone_log, read_export(content, "x.csv")).fresh == (entry,)


def export_of(entries: list[Entry]) -> bytes:
    table = build_table(entries)
    return table.assign(time=table["time"].map(datetime.isoformat)).to_csv(index=False).encode()


def test_days_and_months_that_cannot_be_told_are_refused(
    exported: list[Cells], lone_log: ReviewLog
) -> None:
    content = save(exported[:5], time="%m/%d/%Y %H:%M")  # up to the 9th
    planned = plan_import(lone_log, read_export(content, "verdicts.csv"))
    assert planned.fresh == ()
    assert {c.reason.rpartition(", ")[2] for c in planned.conflicts} == {
        "may have its day or its month first"
    }


@given(
    st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2026, 6, 1)), min_size=1),
    st.sampled_from(["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d.%m.%y %H:%M:%S", "%Y/%m/%d %H:%M"]),
)
def test_a_time_is_read_right_or_not_at_all(times: list[datetime], form: str) -> None:
    read = read_times(pd.Series([time.strftime(form) for time in times], dtype="str"))
    for time, found, doubt in zip(times, read.times, read.doubts, strict=True):
        if pd.isna(found):
            assert doubt
        else:
            assert abs(found.tz_localize(None) - time) < timedelta(minutes=1)
    if any(time.day > 12 for time in times) or not form.startswith(("%d/", "%m/")):
        assert read.times.notna().all()


def test_training_learns_from_what_is_sound_and_says_what_is_not(
    exported: list[Cells], tmp_path: Path
) -> None:
    later = exported[0] | {"id": "1.23457E+31"}
    path = tmp_path / "verdicts.csv"
    path.write_bytes(save([*exported, later], **GERMAN))
    standing = load_standing(path)
    assert standing.verdicts["key"].tolist() == [row["key"] for row in exported[1:]]
    (read, left) = standing.notes
    assert "read as day, month, year" in read
    assert left.startswith(
        "Left out of the verdicts, 1: row 15, a spreadsheet made a number of its id: 1.23457E+31; "
        "and 1 by the same reviewers on the same labels. Take the export as it was downloaded"
    )


@pytest.mark.parametrize("column", ["id", "time"])
def test_training_stops_where_nothing_is_left(
    exported: list[Cells], tmp_path: Path, column: str
) -> None:
    path = tmp_path / "verdicts.csv"
    path.write_bytes(
        save(exported[:3], **{column: "1.2E+31" if column == "id" else "%m/%d/%y %H:%M"})
    )
    with pytest.raises(VerdictRefused, match=r"Row 1 of .* cannot be told any more.*Take the exp"):
        load_standing(path)


def test_training_stops_where_it_cannot_be_told_what_was_undone(
    entries: list[Entry], tmp_path: Path
) -> None:
    undone = say(entries[0].key, "undone", entries[0].reviewer, supersedes="1.2E+31")
    path = tmp_path / "verdicts.csv"
    path.write_bytes(export_of([entries[0], undone]))
    with pytest.raises(VerdictRefused, match=r"Row 2 of .*link to the verdict before it"):
        load_standing(path)


@pytest.mark.parametrize("name", ["verdicts.xlsx", "verdicts.ods"])
def test_a_spreadsheet_is_refused_with_the_way_out(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(VerdictRefused, match="save the spreadsheet as CSV UTF-8"):
        load_standing(path)
    with pytest.raises(VerdictRefused, match="save the spreadsheet as CSV UTF-8"):
        read_export(path.read_bytes(), name)


def test_the_command_line_says_how_a_file_was_read(
    exported: list[Cells], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "verdicts.csv"
    path.write_bytes(save(exported, **GERMAN, encoding="cp1252"))
    assert main(["--reviews", str(tmp_path / "r.sqlite"), "import", str(path)]) == 0
    said = capsys.readouterr().out
    assert "not in UTF-8: check the letters with accents" in said
    assert "read as day, month, year, in UTC" in said
    assert "14 new, 0 known, 0 refused." in said


BROKEN: dict[str, Callable[[list[Cells]], bytes]] = {
    "another encoding, undecodable": lambda rows: save(rows, ";", "cp1252") + b"\x81\x8d;\r\n",
    "blank rows": lambda rows: save(rows, ";") + b";;;;;;;;;;;;;\r\n" * 3,
    "surplus cells": lambda rows: save(rows).replace(b"\r\n", b",,\r\n"),
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_every_row_is_added_known_or_refused(
    exported: list[Cells], lone_log: ReviewLog, name: str
) -> None:
    table = read_export(BROKEN[name](exported), "verdicts.csv")
    planned = plan_import(lone_log, table)
    refused = sum(conflict.is_refused for conflict in planned.conflicts)
    assert len(planned.fresh) + planned.known + refused == len(table)
    assert len(planned.fresh) == 14
