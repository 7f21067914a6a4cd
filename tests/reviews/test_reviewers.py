"""Who a reviewer is, and names in which something is hidden."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DBAPIError

from core.reviews import ReviewLog, SetRefused, VerdictRefused, database, open_log
from core.reviews.exchange import apply_import, export, plan_import, read_export
from core.reviews.origins import describe_origin
from core.reviews.reviewers import canonical_reviewer, drop_hidden, find_hidden
from core.reviews.tables import LOG, SET_LOG
from tests.reviews.conftest import say

HIDDEN = [
    *("\0", "\x07", "\n", "\x7f", "\x85", "\u200b", "\u200d", "\u200e", "\u200f", "\u061c"),
    *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"),
    *("\u2028", "\u2029", "\u2060", "\ufeff", "\u00ad", "\U000e0041", "\t"),
]


@pytest.mark.parametrize(
    ("name", "reviewer"),
    [
        ("Ada", "Ada"),
        ("  Ada Lovelace ", "Ada Lovelace"),
        ("Ada Lovelace, Ada@museum.org", "ada@museum.org"),
        ("Lovelace, Ada, ada@MUSEUM.org", "ada@museum.org"),
        ("ADA@museum.org", "ada@museum.org"),
        ("ada@museum.org (entra)", "ada@museum.org (entra)"),
        ("Ada, Ada@museum.org (Entra)", "ada@museum.org (entra)"),
        ("Ada, of the print room", "Ada, of the print room"),
        ("Jose\u0301", "Jos\u00e9"),
        ("", ""),
    ],
)
def test_an_address_is_one_person(name: str, reviewer: str) -> None:
    assert canonical_reviewer(name) == reviewer
    assert canonical_reviewer(reviewer) == reviewer
    if name:
        assert say(reviewer=name).reviewer == reviewer


@pytest.mark.parametrize("character", HIDDEN)
def test_what_nobody_sees_is_in_no_name(lone_log: ReviewLog, character: str) -> None:
    name = f"A{character}da"
    assert find_hidden(name) == f"U+{ord(character):04X}"
    assert drop_hidden(name) == "Ada"
    with pytest.raises(VerdictRefused, match=r"U\+"):
        say(reviewer=name)
    with pytest.raises(SetRefused, match=r"U\+"):
        lone_log.sets.save(name, ["a.jpg"], "Ada", "run-1")
    with pytest.raises(SetRefused, match=r"U\+"):
        lone_log.sets.save("Doubts", ["a.jpg"], name, "run-1")
    made = lone_log.sets.save("Doubts", ["a.jpg"], "Ada", "run-1")
    with pytest.raises(SetRefused, match=r"U\+"):
        lone_log.sets.rename(made.id, name, "Ada")


@pytest.mark.parametrize(
    "name", ["Käthe", "Ōe 大江", "Anne-Marie d'Arc", "محمد", "می\u200cخواهم", "ada@museum.org"]
)
def test_names_of_any_script_are_names(name: str) -> None:
    assert find_hidden(name) is None


def test_two_names_of_one_address_have_one_vote(log: ReviewLog) -> None:
    log.record([say(reviewer="Ada, ada@museum.org")])
    log.record([say(verdict="wrong", reviewer="Ada Lovelace, ADA@museum.org")])
    (standing,) = log.load_standing().itertuples()
    assert (standing.reviewer, standing.verdict) == ("ada@museum.org", "wrong")
    assert len(log.undo("Countess, Ada@Museum.org", 2)) == 2


@pytest.fixture
def old_place(place: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of the schema before, in which Ada voted under two names."""

    def migrate(engine: Engine) -> None:
        with database.writing(engine) as connection:
            config = database._build_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "r0002")

    monkeypatch.setattr(database, "migrate", migrate)
    engine = database.connect(place)
    monkeypatch.undo()
    shared = {"content_hash": "c", "task": "style", "given": "Cubism", "note": ""}
    shared |= {"key": "a.jpg", "run_id": "run-1", "model_hash": "m"}
    names = ["Ada, Ada@museum.org", "Ada Lovelace, ada@museum.org", "Bo\u202e", "Cy", "\u200b"]
    rows = [
        shared | {"id": str(n), "reviewer": name, "verdict": "right", "time": say().time}
        for n, name in enumerate(names)
    ]
    made = {"set_id": "s", "name": "Doubts", "reviewer": names[0], "time": say().time}
    with database.writing(engine) as connection:
        connection.execute(insert(LOG), rows)
        connection.execute(insert(SET_LOG), made | {"run_id": "run-1"})
    engine.dispose()
    return place


def test_rows_that_stand_already_are_one_persons(old_place: str) -> None:
    log = open_log(old_place)
    names = ["ada@museum.org", "ada@museum.org", "Bo", "Cy", "(no name)"]
    assert log.load_all()["reviewer"].tolist() == names
    assert sorted(log.load_standing()["reviewer"]) == ["(no name)", "Bo", "Cy", "ada@museum.org"]
    assert log.sets.load()[0].reviewer == "ada@museum.org"
    for table in ("verdicts", "set_log"):
        with pytest.raises(DBAPIError, match="append-only"), log._engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET reviewer = 'Eve'"))
    log.close()


def test_an_old_export_is_known_after_it(old_place: str) -> None:
    log = open_log(old_place)
    told = export(log, "csv").decode()
    old = told.replace(",ada@museum.org,", ',"Ada, Ada@museum.org",', 1).encode()
    assert old != told.encode()
    planned = plan_import(log, read_export(old, "old.csv"))
    assert (planned.fresh, planned.known, planned.conflicts) == ((), 5, ())
    assert apply_import(log, planned, describe_origin("Cy", "old.csv", old)) == 0
    log.close()


def test_sign_outs_are_kept(log: ReviewLog, place: str) -> None:
    log.sign_outs.add("one")
    log.sign_outs.add("one")
    again = open_log(place)
    assert again.sign_outs.load() == {"one"}
    again.close()


def test_a_database_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "reviews.sqlite"
    umask = os.umask(0)
    try:
        log = open_log(path)
        log.record([say()])
        beside = sorted(tmp_path.iterdir())
        assert len(beside) == 3
        assert {stat.S_IMODE(each.stat().st_mode) for each in beside} == {0o600}
        log.close()
        path.chmod(0o664)
        open_log(path).close()
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
