"""Verdicts on the pages: given, taken back, listed, disputed, exported, imported; and trouble."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core.artifacts import open_run
from core.reviews import ReviewLog, ReviewsReadOnly, database, open_log
from core.reviews.exchange import export, read_export
from dashboard.components.downloads import draw_up_list
from dashboard.runs import cache
from dashboard.runs.cache import OpenRun
from dashboard.selection.marks import VERDICT_NAMES
from dashboard.session import reviewing
from dashboard.settings import OPEN_REVIEW, REVIEWS
from dashboard.views.reviews import files
from tests.dashboard.pages import (
    HOME,
    cards_of,
    has_panel,
    judge,
    open_page,
    panel_of,
    press,
    rerun,
    send,
    text_of,
)
from tests.reviews.conftest import say


@pytest.fixture
def log(root: Path) -> ReviewLog:
    """The log that the dashboard over ``root`` reads, opened beside it."""
    return open_log(root / "reviews.sqlite")


def open_desk(**params: str) -> AppTest:
    """The Reviews page, signed by Ada."""
    app = open_page("reviews", **params)
    app.text_input[0].set_value("Ada")
    press(app, "Begin to review")
    return rerun(app)


def shown(app: AppTest) -> str:
    """Key of the painting whose turn it is."""
    return str(panel_of(app)["card"]["painting"])


@pytest.mark.parametrize("verdict", VERDICT_NAMES)
def test_each_verdict_is_recorded_and_the_next_painting_comes(log: ReviewLog, verdict: str) -> None:
    app = open_desk()
    before = shown(app)
    judge(app, verdict)
    (row,) = log.load_standing().to_dict("records")
    assert (row["verdict"], row["reviewer"], row["task"]) == (verdict, "Ada", "style")
    assert (row["key"], row["run_id"]) == (before, "synthetic-1")
    assert len(row["model_hash"]) == len(row["content_hash"]) == 64
    assert shown(app) != before


def test_a_wrong_label_proposes_what_the_evidence_names(log: ReviewLog) -> None:
    app = open_desk()
    judge(app, "wrong")
    (row,) = log.load_standing().to_dict("records")
    assert isinstance(row["proposed"], str)
    assert row["proposed"] != row["given"]


def test_a_press_that_arrives_twice_counts_once(log: ReviewLog) -> None:
    app = open_desk()
    said = {"kind": "verdict", "painting": shown(app), "task": "style", "verdict": "right"}
    for _ in range(2):
        send(app, said | {"id": "a" * 32})
    assert log.load_all()["id"].tolist() == ["a" * 32]
    again = open_desk()  # another visit, and a press that borrows the id
    send(again, said | {"id": "a" * 32, "painting": shown(again)})
    assert len(log.load_all()) == 1
    assert "was used before" in again.warning[0].value


def test_two_presses_on_one_card_count_once(log: ReviewLog) -> None:
    app = open_desk()
    said = {"kind": "verdict", "painting": shown(app), "task": "style", "note": ""}
    send(app, said | {"verdict": "right"}, said | {"verdict": "wrong"})
    assert log.load_all()["verdict"].tolist() == ["right"]
    assert "was no longer the painting shown" in app.warning[0].value


def test_a_press_on_a_painting_that_is_not_shown_is_refused_by_its_name(log: ReviewLog) -> None:
    app = open_desk()
    gone = panel_of(app)["card"]
    judge(app, "right")
    judge(app, "wrong", painting=gone["painting"])
    assert log.load_all()["verdict"].tolist() == ["right"]
    assert f"“{gone['title']}” was no longer the painting shown" in app.warning[0].value
    assert panel_of(app)["told"]["done"] is False
    judge(app, "unsure", painting="no/such.jpg")
    assert len(log.load_all()) == 1
    assert "“no/such.jpg”" in app.warning[0].value


def test_a_term_of_no_class_is_recorded_only_when_it_is_meant(log: ReviewLog) -> None:
    app = open_desk()
    judge(app, "wrong", proposed="Impress")
    assert log.load_all().empty
    assert "'Impress' is not a style of this collection" in app.warning[0].value
    judge(app, "wrong", proposed="Impress", confirmed=True)
    name, text = panel_of(app)["card"]["classes"][0]
    judge(app, "wrong", proposed=f"  {text.upper()} ")
    assert log.load_standing()["proposed"].tolist() == ["Impress", name]


def test_undo_takes_back_the_rows_it_names_and_they_come_up_again(log: ReviewLog) -> None:
    app = open_desk()
    first = shown(app)
    for _ in range(3):
        judge(app, "right")
    rows = panel_of(app)["undoable"]["rows"][:2]
    for _ in range(2):  # the second time there is nothing left to do
        send(app, {"kind": "undo", "rows": rows})
    assert log.load_standing()["key"].tolist() == [first]
    assert len(log.load_all()) == 5


def test_nobody_takes_back_anothers_verdict(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    app = open_desk()
    bos = log.load_latest("Bo", 1)[0].id
    send(app, {"kind": "undo", "rows": [bos]})
    assert len(log.load_standing()) == 2


def test_a_skipped_painting_waits_without_a_verdict(log: ReviewLog) -> None:
    app = open_desk()
    first = shown(app)
    send(app, {"kind": "skip", "painting": first})
    second = shown(app)
    assert second != first
    send(app, {"kind": "skip", "painting": first})  # late: the next one is not skipped for it
    assert shown(app) == second
    assert log.load_all().empty
    press(app, "Bring back the 1 skipped")
    assert shown(app) == first


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Ada", "Ada"),
        ("%C3%85sa%20%C3%96.", "Åsa Ö."),
        ("%E2%80%AEadA", ""),
        ("%00Ada", ""),
        ("%FF", ""),
        ("%20", ""),
        ("x" * 321, ""),
    ],
)
def test_a_remembered_name_is_taken_as_one_that_is_typed(value: str, name: str) -> None:
    assert reviewing.read_remembered({reviewing.COOKIE: value}) == name
    assert reviewing.read_remembered({}) == ""


def test_without_a_name_nothing_can_be_said(log: ReviewLog) -> None:
    app = open_page("reviews")
    assert not has_panel(app)
    assert log.load_all().empty


@pytest.mark.parametrize("name", ["\u202eadA", "A\u0000da", "Ada\u200b", " ", "."])
@pytest.mark.usefixtures("log")
def test_what_is_no_name_signs_nothing(name: str) -> None:
    app = open_page("reviews")
    app.text_input[0].set_value(name)
    press(app, "Begin to review")
    assert not has_panel(app)
    assert app.error


def test_after_twenty_five_verdicts_the_page_tells_what_was_found(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    app = open_desk()
    assert "25 more verdicts" in text_of(app)
    left = [key for key in labels if key != shown(app)]
    log.record([say(key, "right", given=labels[key]) for key in left[:24]])
    judge(app, "wrong")
    text = text_of(app)
    assert "1 of 25 labels judged were wrong" in text
    assert "95 % interval" in text
    assert "wrong labels" in text
    assert any("25 verdicts" in toast.value for toast in app.toast)


def open_as(name: str, path: str, **params: str | list[str]) -> AppTest:
    """As ``open_page``, by somebody who signs as ``name``."""
    app = AppTest.from_file(HOME, default_timeout=60)
    app._page_hash = calc_hash(path)
    app.session_state[reviewing.NAME] = name
    for each, value in params.items():
        app.query_params[each] = value
    return rerun(app)


def record_two(log: ReviewLog, run_table: dict[str, str]) -> None:
    key, given = next(iter(run_table.items()))
    for name, verdict in (("Ada", "right"), ("Bo", "wrong")):
        log.record([say(key, verdict, name, given=given)])


@pytest.fixture
def labels(built: Path) -> dict[str, str]:
    table = open_run(built / "synthetic-1").paintings
    return dict(zip(table["key"], table["given_style"], strict=True))


def test_a_disagreement_is_shown_with_figures(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    app = open_as("Ada", "reviews", desk="disagreements")
    text = text_of(app)
    assert "1 painting judged differently" in text
    assert "Krippendorff" in text
    assert "Label is right (Ada) · Wrong label (Bo)" in text
    assert sorted(app.dataframe[0].value["Reviewer"]) == ["Ada", "Bo"]


def test_verdicts_are_listed_and_marked_on_cards(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    assert "2 verdicts" in text_of(open_as("Ada", "reviews", desk="verdicts"))
    app = open_as("Ada", "outliers", reviews="disputed")
    assert cards_of(app) == 1
    assert "Wrong label (Bo)" in text_of(app)
    assert "59 paintings" in text_of(open_page("outliers", reviews="no"))


def test_the_list_of_verdicts_is_filtered_by_its_link(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    record_two(log, labels)
    app = open_as("Ada", "reviews", desk="verdicts", verdicts="wrong", reviewers=["Bo", "Nobody"])
    assert "1 verdict" in text_of(app)
    assert app.dataframe[0].value["Reviewer"].tolist() == ["Bo"]
    app.multiselect(key="widget.reviewers").set_value(["Ada"])
    app.multiselect(key="widget.verdicts").set_value([])
    rerun(app)
    assert app.dataframe[0].value["Reviewer"].tolist() == ["Ada"]
    assert app.query_params["reviewers"] == "Ada"
    assert "verdicts" not in app.query_params


def test_the_painting_shows_its_history(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    log.undo("Bo")
    text = text_of(open_as("Ada", "outliers", painting=next(iter(labels))))
    assert "Undone" in text
    assert "Label is right" in text


def test_a_selection_is_judged_only_when_its_number_is_typed(log: ReviewLog) -> None:
    app = open_page("outliers", given="Cubism")
    app.session_state[reviewing.NAME] = "Ada"
    rerun(app)
    typed = next(field for field in app.text_input if field.label.startswith("Type "))
    button = next(b for b in app.button if b.label.startswith("Record"))
    assert button.disabled
    number = typed.label.split()[1]
    typed.set_value(number)
    rerun(app)
    button = next(b for b in app.button if b.label.startswith("Record"))
    press(app, button.label)
    standing = log.load_standing()
    assert len(standing) == len(log.load_all()) == int(number)
    assert set(standing["given"]) == {"Cubism"}


def test_a_second_click_and_another_selection_record_nothing_more(log: ReviewLog) -> None:
    app = open_as("Ada", "outliers", given="Cubism")
    typed = next(field for field in app.text_input if field.label.startswith("Type "))
    typed.set_value(typed.label.split()[1])
    rerun(app)
    button = next(b for b in app.button if b.label.startswith("Record"))
    twice = app._tree.get_widget_states()
    twice.widgets.add(id=button.proto.id, trigger_value=True)
    app._run(twice)
    first = log.load_all()
    app._run(twice)  # the click came once more
    assert len(first) > 1
    assert log.load_all()["id"].tolist() == first["id"].tolist()
    app.multiselect(key="widget.given").set_value(["Baroque"])
    rerun(app)
    assert next(b for b in app.button if b.label.startswith("Record")).disabled


def others_verdicts(app: AppTest) -> str:
    """All that a page says, in its tables, too."""
    tables = " ".join(frame.value.to_csv() for frame in app.dataframe)
    return f"{text_of(app)} {tables}"


PLACES: dict[str, tuple[str, dict[str, str]]] = {
    "list": ("reviews", {"desk": "verdicts"}),
    "disagreements": ("reviews", {"desk": "disagreements"}),
    "gallery": ("outliers", {}),
    "disputed": ("outliers", {"reviews": "disputed"}),
    "painting": ("painting", {}),
    "queue": ("reviews", {}),
}


@pytest.mark.parametrize("place", PLACES)
def test_anothers_verdict_is_hidden_until_ones_own_is_given(
    log: ReviewLog, labels: dict[str, str], place: str
) -> None:
    path, params = PLACES[place]
    key, given = next(iter(labels.items()))
    if place == "painting":
        params = {"painting": key}
    for name in ("Bo", "Cy"):
        log.record([say(key, "wrong" if name == "Bo" else "unsure", name, given=given, note="Why")])
    before = others_verdicts(open_as("Ada", path, **params))
    for told in ("Bo", "Cy,", "Wrong label (", "Why"):
        assert told not in before
    if place in {"list", "disagreements", "painting"}:
        assert "2 verdicts of other reviewers are hidden" in before
    log.record([say(key, "right", "Ada", given=given)])
    if place != "queue":
        assert "Bo" in others_verdicts(open_as("Ada", path, **params))


def test_open_review_shows_all(
    log: ReviewLog, labels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, given = next(iter(labels.items()))
    log.record([say(key, "wrong", "Bo", given=given)])
    monkeypatch.setenv(OPEN_REVIEW, "1")
    assert "Wrong label (Bo)" in text_of(open_as("Ada", "outliers"))
    assert "1 verdict" in text_of(open_as("Ada", "reviews", desk="verdicts"))


def test_a_list_to_take_along_holds_no_verdict_that_is_hidden(
    opened: OpenRun, log: ReviewLog, labels: dict[str, str]
) -> None:
    key, given = next(iter(labels.items()))
    log.record([say(key, "wrong", "Bo", given=given)])
    rows = np.arange(2)
    for name, told in (("Ada", False), (None, True)):
        seen = cache.load_seen(log, name)
        listed = draw_up_list(opened.run, rows, (), None, seen, "csv").decode()
        assert ("Bo" in listed) is told


def test_exports_and_label_files_are_offered(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    app = open_page("reviews", desk="files")
    assert "1 undecided" in text_of(app)
    assert len(app.get("download_button")) == 4


@pytest.mark.usefixtures("log")
def test_no_file_is_made_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    for name in ("export", "build_label_files", "pack"):
        monkeypatch.setattr(files, name, lambda *given: made.append(given))
    assert len(open_page("reviews", desk="files").get("download_button")) == 4
    assert not made


def test_an_import_is_seen_first_then_done(
    log: ReviewLog, labels: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OPEN_REVIEW, "1")
    record_two(log, labels)
    other = open_log(tmp_path / "other.sqlite")
    key = next(iter(labels))
    other.record([say(key, "unsure", "Cy", given=labels[key])])
    app = open_page("reviews", desk="files")
    app.file_uploader[0].upload("verdicts.csv", export(other, "csv"), "text/csv")
    rerun(app)
    assert "1 row to add" in text_of(app)
    assert len(log.load_all()) == 2
    press(app, "Add 1\u00a0row")  # nobody has signed it
    assert len(log.load_all()) == 2
    app.text_input(key="import.reviewer").set_value("Bo")
    press(app, "Add 1\u00a0row")
    assert len(log.load_all()) == 3
    painting = open_page("painting", painting=key)
    assert "taken in by Bo from verdicts.csv" in text_of(painting)
    other.close()


def test_an_upload_is_read_once_however_often_the_page_is_drawn(
    log: ReviewLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def count(content: bytes, name: str) -> pd.DataFrame:
        read.append(name)
        return read_export(content, name)

    monkeypatch.setattr(files, "read_export", count)
    app = open_page("reviews", desk="files")
    for name, content in (("good.csv", export(log, "csv")), ("bad.csv", b"a,b\n1,2\n")):
        app.file_uploader[0].upload(name, content, "text/csv")
        for _ in range(3):
            rerun(app)
    assert read == ["good.csv", "bad.csv"]


def test_what_is_no_export_is_refused_in_words(log: ReviewLog) -> None:
    app = open_page("reviews", desk="files")
    app.file_uploader[0].upload("verdicts.csv", b"a,b\n1,2\n", "text/csv")
    rerun(app)
    assert "is not an export of verdicts" in app.warning[0].value


@pytest.mark.parametrize("path", ["", "outliers", "map", "reviews"])
def test_browsing_goes_on_when_the_database_is_broken(
    root: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = root / "broken.sqlite"
    broken.write_bytes(b"no database" * 1000)
    monkeypatch.setenv(REVIEWS, str(broken))
    app = open_page(path)
    if path == "reviews":
        assert "not a database of verdicts" in app.warning[0].value
        assert "browsing goes on" in text_of(app)
    elif path:
        assert cards_of(app) == 24


def test_a_newer_database_is_said(root: Path) -> None:
    path = root / "reviews.sqlite"
    open_log(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'r9999'")
    connection.close()
    app = open_page("reviews")
    assert "newer version" in app.warning[0].value
    assert cards_of(open_page("outliers")) == 24


def test_a_locked_database_is_said_and_browsing_goes_on(
    root: Path, log: ReviewLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    app = open_desk()
    with closing(sqlite3.connect(root / "reviews.sqlite", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        judge(app, "right")
        assert "locked by another program" in app.warning[0].value
        assert cards_of(open_page("outliers")) == 24
        holder.execute("ROLLBACK")
    assert log.load_all().empty
    judge(app, "right")
    assert not app.warning
    assert len(log.load_all()) == 1


def test_a_full_disk_is_said_and_browsing_goes_on(root: Path, log: ReviewLog) -> None:
    app = open_desk()
    judge(app, "right")

    def shrink(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine = cache.open_reviews()._engine
    event.listen(engine, "checkout", shrink)
    for _ in range(5):  # some pages more than there are
        judge(app, "right", note="x" * 2000)
        if app.warning:
            break
    assert "is full" in app.warning[0].value
    before = log.load_all()
    assert cards_of(open_page("outliers")) == 24
    assert len(log.load_all()) == len(before) >= 1


def test_a_database_that_may_not_be_written_is_read(
    root: Path, log: ReviewLog, labels: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record_two(log, labels)
    log.close()
    trouble = ReviewsReadOnly(
        "Verdicts cannot be recorded here", found="a database that is read-only"
    )
    readable = ReviewLog(database.connect_read_only(root / "reviews.sqlite"), trouble)
    monkeypatch.setattr(cache, "open_log", lambda _: readable)
    app = open_page("reviews")
    assert "read-only" in app.warning[0].value
    assert "can be read here, not given" in text_of(app)
    assert "2 verdicts" in text_of(open_as("Ada", "reviews", desk="verdicts"))
    assert cards_of(open_as("Ada", "outliers", reviews="disputed")) == 1
    readable.close()
