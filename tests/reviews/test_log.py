"""The log on both databases: append-only, a view for what stands, undo, one verdict once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

import pandas as pd
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from core.reviews import UNDONE, ReviewLog, ReviewsError, open_log
from core.reviews.database import writing
from core.reviews.exchange import select_standing
from core.reviews.tables import LOG
from tests.reviews.conftest import say


def verdicts_of(log: ReviewLog) -> list[tuple[str, str, str]]:
    table = log.load_standing()
    return sorted(zip(table["key"], table["reviewer"], table["verdict"], strict=True))


def test_a_row_comes_back_as_it_was_given(log: ReviewLog) -> None:
    entry = say(verdict="wrong", proposed="Baroque", note="Käthe’s hand 🖌", task="style")
    log.record([entry])
    (row,) = log.load_all().to_dict("records")
    assert row["time"].to_pydatetime() == entry.time
    assert {name: row[name] for name in ("id", "proposed", "note", "reviewer", "run_id")} == {
        "id": entry.id,
        "proposed": "Baroque",
        "note": "Käthe’s hand 🖌",
        "reviewer": "Ada",
        "run_id": "run-1",
    }


def test_a_second_verdict_supersedes_and_nothing_is_lost(log: ReviewLog) -> None:
    first, second = say(), say(verdict="wrong", proposed="Baroque")
    log.record([first])
    (added,) = log.record([second])
    assert added.supersedes == first.id
    assert verdicts_of(log) == [("Cubism/a.jpg", "Ada", "wrong")]
    assert log.load_history("Cubism/a.jpg")["id"].tolist() == [first.id, second.id]


def test_nobody_overwrites_another(log: ReviewLog) -> None:
    log.record([say(), say(reviewer="Bo", verdict="wrong"), say(task="genre", verdict="unsure")])
    assert len(log.load_standing()) == 3
    assert log.load_standing()["supersedes"].isna().all()


def test_undo_takes_back_the_last_ones_and_brings_back_what_was_before(log: ReviewLog) -> None:
    log.record([say(), say("b.jpg")])
    log.record([say(verdict="unsure"), say("b.jpg", reviewer="Bo")])
    assert [entry.verdict for entry in log.undo("Ada")] == ["unsure"]
    assert ("Cubism/a.jpg", "Ada", "right") in verdicts_of(log)
    assert [entry.key for entry in log.undo("Ada", 5)] == ["b.jpg", "Cubism/a.jpg"]
    assert verdicts_of(log) == [("b.jpg", "Bo", "right")]
    assert log.undo("Ada") == []
    assert len(log.load_all()) == 7  # four verdicts, three undone: every row is still there


def test_a_verdict_after_an_undo_stands(log: ReviewLog) -> None:
    log.record([say()])
    log.undo("Ada")
    log.record([say(verdict="outlier")])
    assert verdicts_of(log) == [("Cubism/a.jpg", "Ada", "outlier")]


def test_a_clock_that_goes_back_does_not_bring_back_old_verdicts(log: ReviewLog) -> None:
    log.record([say(time=datetime.now(UTC) + timedelta(hours=1))])
    log.record([say(verdict="unsure")])
    assert verdicts_of(log) == [("Cubism/a.jpg", "Ada", "unsure")]
    log.undo("Ada")
    assert verdicts_of(log) == [("Cubism/a.jpg", "Ada", "right")]


def test_the_same_verdict_sent_twice_is_one(log: ReviewLog) -> None:
    entry = say()
    assert len(log.record([entry, entry])) == 1
    assert log.record([entry, entry]) == []
    assert len(log.load_all()) == 1


def test_verdicts_of_one_id_at_once_are_one(log: ReviewLog) -> None:
    entry = say()
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda _: len(log.record([entry])), range(16)))
    assert sorted(added) == [0] * 15 + [1]
    assert log.load_all()["id"].tolist() == [entry.id]


def test_the_database_holds_an_id_once_and_says_so(log: ReviewLog) -> None:
    entry = say()
    log.record([entry])
    with pytest.raises(ReviewsError), writing(log._engine) as connection:
        connection.execute(insert(LOG), [asdict(say("b.jpg", id=entry.id))])
    assert len(log.load_all()) == 1


def test_what_is_named_is_taken_back_once(log: ReviewLog) -> None:
    first, second = say(), say("b.jpg")
    bos = say("c.jpg", reviewer="Bo")
    log.record([first, second, bos])
    ids = [first.id, bos.id, "no such row"]
    with ThreadPoolExecutor(8) as pool:
        undone = list(pool.map(lambda _: len(log.take_back("Ada", ids)), range(16)))
    assert sorted(undone) == [0] * 15 + [1]
    assert verdicts_of(log) == [("b.jpg", "Ada", "right"), ("c.jpg", "Bo", "right")]
    assert len(log.load_all()) == 4
    assert [entry.id for entry in log.load_latest("Ada", 5)] == [second.id]


def test_nobody_keeps_another_from_taking_back_by_the_choice_of_an_id(log: ReviewLog) -> None:
    mine = say()
    log.record([mine])
    squat = uuid5(NAMESPACE_OID, f"{mine.id} {UNDONE}").hex  # what the row will be called
    log.record([say("b.jpg", reviewer="Bo", id=squat)])
    for _ in range(2):
        log.take_back("Ada", [mine.id])
    assert verdicts_of(log) == [("b.jpg", "Bo", "right")]
    assert len(log.load_all()) == 3


def test_the_view_and_the_table_say_the_same(log: ReviewLog) -> None:
    log.record([say(), say("b.jpg"), say(reviewer="Bo", verdict="unsure")])
    log.record([say(verdict="wrong"), say("b.jpg", verdict="outlier")])
    log.undo("Ada")
    log.record([say("c.jpg", reviewer="Bo")])
    assert select_standing(log.load_all()).equals(log.load_standing())


def test_a_row_that_arrives_after_a_later_number_is_noticed(log: ReviewLog) -> None:
    """As on PostgreSQL, where a long transaction commits after a short one that began later."""
    with log._engine.begin() as connection:
        connection.execute(insert(LOG), [asdict(say("late.jpg")) | {"number": 10}])
    before = log.stamp()
    with log._engine.begin() as connection:
        connection.execute(insert(LOG), [asdict(say("early.jpg")) | {"number": 5}])
    assert log.stamp() != before


@pytest.mark.parametrize("change", ["UPDATE verdicts SET note = 'x'", "DELETE FROM verdicts"])
def test_the_database_itself_refuses_changes(log: ReviewLog, change: str) -> None:
    log.record([say()])
    with (
        pytest.raises(DBAPIError, match="append-only"),
        log._engine.begin() as connection,
    ):
        connection.execute(text(change))
    assert len(log.load_all()) == 1


def test_a_large_bulk_verdict_is_all_or_none(log: ReviewLog) -> None:
    log.record([say(f"{number}.jpg") for number in range(1000)])
    assert len(log.load_standing()) == 1000
    with pytest.raises(ReviewsError):
        log.record([say("new.jpg"), say("other.jpg", supersedes="what is not there")])
    assert len(log.load_all()) == 1000


def test_more_rows_than_one_query_takes_are_known_and_taken_back(log: ReviewLog) -> None:
    rows = [say(f"{number}.jpg") for number in range(1000)]
    log.record(rows)
    assert log.record(rows) == []
    assert len(log.take_back("Ada", [row.id for row in rows])) == 1000
    assert log.load_standing().empty


def test_reviewers_at_once_lose_and_double_nothing(log: ReviewLog) -> None:
    def work(name: str) -> None:
        for number in range(10):
            log.record([say(f"{number}.jpg", reviewer=name)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [f"reviewer {n}" for n in range(8)]))
    assert log.load_all()["id"].nunique() == len(log.load_all()) == 80
    assert len(log.load_standing()) == 80


def test_servers_that_start_at_once_make_one_schema(place: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        logs = list(pool.map(open_log, [place] * 4))
    logs[0].record([say()])
    assert [len(log.load_all()) for log in logs] == [1] * 4
    for log in logs:
        log.close()


def test_the_stamp_grows_with_every_row(log: ReviewLog) -> None:
    stamps = [log.stamp()]
    log.record([say()])
    stamps.append(log.stamp())
    log.undo("Ada")
    stamps.append(log.stamp())
    assert stamps[0] == (0, 0)
    assert stamps == sorted(set(stamps))


def test_each_of_several_labels_has_a_verdict_of_its_own(log: ReviewLog) -> None:
    log.record([say(given="A", of_several="A"), say(verdict="wrong", given="B", of_several="B")])
    log.record([say(verdict="unsure", given="A", of_several="A")])
    standing = log.load_standing().set_index("of_several")
    assert standing["verdict"].to_dict() == {"A": "unsure", "B": "wrong"}
    assert standing["supersedes"].notna().to_dict() == {"A": True, "B": False}
    table = log.load_all()
    pd.testing.assert_frame_equal(select_standing(table), log.load_standing(), check_dtype=False)
    log.undo("Ada")
    assert log.load_standing().set_index("of_several").loc["A", "verdict"] == "right"
