"""Out to a file and back: nothing lost, nothing doubled, conflicts listed first."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from core.reviews import ReviewLog, VerdictRefused, open_log
from core.reviews.exchange import (
    FORMATS,
    apply_import,
    export,
    load_standing,
    plan_import,
    read_export,
)
from core.reviews.origins import describe_origin
from tests.reviews.conftest import say

ORIGIN = describe_origin("Cy", "verdicts.csv", b"content")


@pytest.fixture
def filled(log: ReviewLog) -> ReviewLog:
    log.record([say(note='two "quoted"\nlines, NA'), say("b.jpg", verdict="wrong", note="NA")])
    log.record([say(verdict="wrong", proposed="Baroque"), say(reviewer="Bo", given=None)])
    log.undo("Ada")
    return log


@pytest.fixture
def other(tmp_path: Path) -> ReviewLog:
    return open_log(tmp_path / "other.sqlite")


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_goes_into_another_database_whole(
    filled: ReviewLog, other: ReviewLog, form: str
) -> None:
    planned = plan_import(other, read_export(export(filled, form), f"verdicts.{form}"))
    assert planned.conflicts == ()
    assert other.load_all().empty  # a plan changes nothing
    assert apply_import(other, planned, ORIGIN) == 5
    order = ["time", "id"]
    for load in (ReviewLog.load_all, ReviewLog.load_standing):
        here, there = (load(each).sort_values(order) for each in (filled, other))
        assert here.reset_index(drop=True).equals(there.reset_index(drop=True))
    other.close()


@pytest.mark.parametrize("form", FORMATS)
def test_taking_in_ones_own_export_changes_nothing(filled: ReviewLog, form: str) -> None:
    planned = plan_import(filled, read_export(export(filled, form), f"x.{form}"))
    assert (planned.fresh, planned.known, planned.conflicts) == ((), 5, ())
    before = filled.stamp()
    apply_import(filled, planned, ORIGIN)
    assert filled.stamp() == before


@pytest.mark.parametrize("note", ["=1+1", "'=1+1", "''-1", "\t=1", "\r=1", "'so'"])
def test_what_a_spreadsheet_would_run_is_text_and_comes_back_as_it_was(
    log: ReviewLog, note: str
) -> None:
    log.record([say("-a.jpg", note=note, reviewer="@ada", given="+x")])
    content = export(log, "csv")
    exported = pd.read_csv(io.BytesIO(content)).iloc[0]
    assert not any(str(cell).startswith(tuple("=+-@\t\r")) for cell in exported)
    planned = plan_import(log, read_export(content, "x.csv"))
    assert (planned.fresh, planned.known, planned.conflicts) == ((), 1, ())


def test_an_export_from_before_formulas_were_escaped_is_known(log: ReviewLog) -> None:
    log.record([say("-a.jpg", note="=1+1")])
    content = log.load_all().to_csv(index=False).encode()
    assert plan_import(log, read_export(content, "x.csv")).known == 1


def test_an_export_says_what_stands(filled: ReviewLog) -> None:
    table = pd.read_csv(io.BytesIO(export(filled, "csv")))
    assert table["stands"].tolist() == [True, True, False, True, False]


def test_conflicts_are_listed_and_the_rest_goes_in(filled: ReviewLog, other: ReviewLog) -> None:
    other.record([say("b.jpg", verdict="right", reviewer="Cy")])
    table = read_export(export(filled, "csv"), "a.csv")
    table.loc[0, "verdict"] = "perhaps"
    planned = plan_import(other, table)
    refused = [c.reason for c in planned.conflicts if c.is_refused]
    assert any("perhaps" in reason for reason in refused)
    told = [c.reason for c in planned.conflicts if not c.is_refused]
    assert told == ["Ada says wrong, Cy right"]
    other.close()


def test_a_row_that_was_tampered_with_is_refused(filled: ReviewLog) -> None:
    table = read_export(export(filled, "csv"), "a.csv")
    table.loc[1, "note"] = "changed"
    (conflict,) = plan_import(filled, table).conflicts
    assert conflict.is_refused
    assert "another verdict has this id" in conflict.reason


def test_a_file_without_what_its_rows_supersede_is_refused_in_part(
    filled: ReviewLog, other: ReviewLog
) -> None:
    table = read_export(export(filled, "csv"), "a.csv").iloc[1:]
    planned = plan_import(other, table)
    reason = "it supersedes a verdict that is neither in the log nor in the import"
    assert [c.reason for c in planned.conflicts] == [reason] * 2  # the verdict, and its undoing
    assert apply_import(other, planned, ORIGIN) == 2
    other.close()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"a,b\n1,2\n", "x.csv"),
        (b"not parquet", "x.parquet"),
        (b"{", "x.jsonl"),
        (b"", "x.csv"),
        (b"id", "x.docx"),
    ],
)
def test_what_is_no_export_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(VerdictRefused, match=name):
        read_export(content, name)


@pytest.mark.parametrize("form", FORMATS)
def test_what_stands_is_read_from_a_file_as_from_the_database(
    filled: ReviewLog, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"verdicts.{form}"
    path.write_bytes(export(filled, form))
    assert load_standing(path).verdicts.equals(filled.load_standing())


def test_no_database_is_made_where_verdicts_are_only_read(tmp_path: Path) -> None:
    with pytest.raises(VerdictRefused, match="no verdicts at"):
        load_standing(tmp_path / "reviews.sqlite")
    assert not list(tmp_path.iterdir())
