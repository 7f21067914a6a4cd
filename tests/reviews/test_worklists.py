"""Worklists on both databases: assigned once, taken back, kept as long as their set."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest
from alembic import command
from sqlalchemy import create_engine, insert, text
from sqlalchemy.exc import DatabaseError

from core.errors import UserError
from core.label_word import STYLE, name_labels
from core.reviews import ReviewLog, ReviewsReadOnly, WorklistRefused, database, open_log
from core.reviews.log import build_table
from core.reviews.tables import LOG
from core.reviews.urls import parse_url
from core.reviews.worklists import Progress, Worklist, follow_worklists
from tests.reviews.conftest import say


def assign(
    log: ReviewLog, person: str = "Bo", task: str = "style", second: bool = False
) -> Worklist:
    sets = log.sets.load()
    made = sets[0] if sets else log.sets.save("Doubts", ["a.jpg", "b.jpg"], "Ada", "run-1")
    return log.worklists.assign(made.id, person, task, "Ada", "run-1", is_second=second)


def test_what_is_assigned_is_kept(log: ReviewLog) -> None:
    made = assign(log, second=True)
    assert log.worklists.load() == (made,)
    assert (made.person, made.reviewer, made.is_second) == ("Bo", "Ada", True)


def test_a_set_is_assigned_to_a_person_once_for_each_field(log: ReviewLog) -> None:
    first = assign(log)
    with pytest.raises(WorklistRefused, match="Bo has this set"):
        assign(log, person=" Bo ")
    second, third = assign(log, person="Cy"), assign(log, task="artist")
    assert log.worklists.load() == (first, second, third)


def test_what_was_taken_back_is_gone_and_can_be_assigned_again(log: ReviewLog) -> None:
    made = assign(log)
    before = log.worklists.stamp()
    log.worklists.take_back(made, "Ada")
    assert log.worklists.load() == ()
    assert log.worklists.stamp() != before
    assert assign(log).id != made.id


def test_a_worklist_lasts_as_long_as_its_set(log: ReviewLog) -> None:
    made = assign(log)
    log.sets.delete(made.set_id, "Ada")
    assert log.worklists.load() == ()
    log.sets.rename(made.set_id, "Doubts", "Ada")
    assert log.worklists.load() == (made,)


@pytest.mark.parametrize(
    ("set_id", "person", "task"),
    [("none", "Bo", "style"), ("", "\u202e", "style"), ("", "Bo", "<b>")],
)
def test_what_is_no_worklist_is_refused(
    lone_log: ReviewLog, set_id: str, person: str, task: str
) -> None:
    made = lone_log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
    with pytest.raises(UserError):
        lone_log.worklists.assign(set_id or made.id, person, task, "Ada", "run-1", is_second=False)
    assert lone_log.worklists.load() == ()


def test_rows_of_the_log_are_never_changed(log: ReviewLog) -> None:
    assign(log)
    for statement in ("UPDATE worklist_log SET person = 'Cy'", "DELETE FROM worklist_log"):
        with pytest.raises(DatabaseError, match="append-only"), log._engine.begin() as connection:
            connection.execute(text(statement))


def test_progress_counts_the_persons_own_verdicts_on_the_field(lone_log: ReviewLog) -> None:
    made = assign(lone_log)
    standing = build_table(
        [
            say("a.jpg", "right", "Bo"),
            say("a.jpg", "right", "Bo", task="artist", given="Hals"),
            say("b.jpg", "right", "Cy"),
            say("c.jpg", "right", "Bo"),
        ]
    )
    paintings = pd.DataFrame({"key": ["a.jpg", "b.jpg", "z.jpg"]})
    (found,) = follow_worklists([made], lone_log.sets.load(), paintings, standing, STYLE)
    assert (found.worklist, found.task, found.progress) == (made, "style", Progress(2, 1))
    told = found.progress.describe().replace("\u00a0", " ")
    assert told == "1 of 2 paintings judged (50 %)"


def test_of_another_collection_or_other_labels_nothing_is_told(lone_log: ReviewLog) -> None:
    made, sets = assign(lone_log), lone_log.sets.load()
    nothing = build_table([])
    other, here = pd.DataFrame({"key": ["z.jpg"]}), pd.DataFrame({"key": ["a.jpg"]})
    assert follow_worklists([made], sets, other, nothing, STYLE) == []
    assert follow_worklists([made], sets, here, nothing, name_labels("school")) == []


def test_of_several_labels_each_is_judged_before_the_work_is(lone_log: ReviewLog) -> None:
    made, sets = assign(lone_log), lone_log.sets.load()
    paintings = pd.DataFrame(
        {
            "key": ["a.jpg", "b.jpg"],
            "given_style": ["Cubism", "Realism"],
            "further_styles": [["Dada"], None],
        }
    )
    verdicts = [say("b.jpg", "right", "Bo", given="Realism")]
    for label, judged in (("Cubism", 1), ("Dada", 2)):
        verdicts.append(say("a.jpg", "right", "Bo", given=label, of_several=label))
        (found,) = follow_worklists([made], sets, paintings, build_table(verdicts), STYLE)
        assert found.progress == Progress(2, judged)


def test_a_database_of_the_step_before_keeps_all_and_gets_worklists(tmp_path: Path) -> None:
    place = tmp_path / "reviews.sqlite"
    engine = create_engine(parse_url(place))
    with engine.begin() as connection:
        config = database._build_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "r0006_of_several")
        row = asdict(say("a.jpg"))
        del row["settles"]
        connection.execute(insert(LOG), [row])
    engine.dispose()
    with closing(ReviewLog(database.connect_read_only(place), ReviewsReadOnly("locked"))) as log:
        assert log.worklists.load() == ()
        assert log.stamps()[2] == (0, 0)
        assert log.load_standing()["id"].tolist() == [row["id"]]
    with closing(open_log(place)) as log:
        assert log.worklists.load() == ()
        assert log.load_all()["id"].tolist() == [row["id"]]
        assert assign(log).person == "Bo"
