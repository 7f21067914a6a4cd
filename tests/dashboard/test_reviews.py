"""Verdicts on the pages: given, taken back, listed, disputed, exported, imported; and trouble."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from core.artifacts import open_run
from core.reviews import ReviewLog, ReviewsReadOnly, database, open_log
from core.reviews.exchange import export
from dashboard.runs import cache
from dashboard.selection.marks import VERDICT_NAMES
from dashboard.session import reviewing
from dashboard.settings import REVIEWS
from dashboard.views.reviews import files
from tests.dashboard.pages import cards_of, open_page, press, rerun, text_of
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


def paintings(log: ReviewLog, app: AppTest) -> list[str]:
    return log.load_standing()["key"].tolist()


@pytest.mark.parametrize("verdict", VERDICT_NAMES)
def test_each_verdict_is_recorded_and_the_next_painting_comes(log: ReviewLog, verdict: str) -> None:
    app = open_desk()
    before = text_of(app)
    press(app, VERDICT_NAMES[verdict])
    (row,) = log.load_standing().to_dict("records")
    assert (row["verdict"], row["reviewer"], row["task"]) == (verdict, "Ada", "style")
    assert row["run_id"] == "synthetic-1"
    assert len(row["model_hash"]) == len(row["content_hash"]) == 64
    assert text_of(app) != before


def test_a_wrong_label_proposes_what_the_evidence_names(log: ReviewLog) -> None:
    app = open_desk()
    press(app, VERDICT_NAMES["wrong"])
    (row,) = log.load_standing().to_dict("records")
    assert isinstance(row["proposed"], str)
    assert row["proposed"] != row["given"]


def test_undo_takes_back_several_and_they_come_up_again(log: ReviewLog) -> None:
    app = open_desk()
    for _ in range(3):
        press(app, VERDICT_NAMES["right"])
    app.number_input(key="verdict.undo-count").set_value(2)
    rerun(app)
    press(app, "Undo")
    assert len(log.load_standing()) == 1
    assert len(log.load_all()) == 5


def test_a_skipped_painting_waits_without_a_verdict(log: ReviewLog) -> None:
    app = open_desk()
    first = text_of(app)
    press(app, "Skip, next")
    assert text_of(app) != first
    assert log.load_all().empty
    press(app, "Bring back the 1 skipped")
    assert text_of(app) == first


def test_without_a_name_nothing_can_be_said(log: ReviewLog) -> None:
    app = open_page("reviews")
    assert not any(button.label in VERDICT_NAMES.values() for button in app.button)
    assert log.load_all().empty


def test_after_twenty_five_verdicts_the_page_tells_what_was_found(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    app = open_desk()
    assert "25 more verdicts" in text_of(app)
    judged = list(labels.items())[:24]
    log.record([say(key, "right", given=given) for key, given in judged])
    press(rerun(app), VERDICT_NAMES["wrong"])
    text = text_of(app)
    assert "1 of 25 labels judged were wrong" in text
    assert "95 % interval" in text
    assert "wrong labels" in text
    assert any("25 verdicts" in toast.value for toast in app.toast)


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
    app = open_page("reviews", desk="disagreements")
    text = text_of(app)
    assert "1 painting judged differently" in text
    assert "Krippendorff" in text
    assert "Label is right (Ada) · Wrong label (Bo)" in text
    assert sorted(app.dataframe[0].value["Reviewer"]) == ["Ada", "Bo"]


def test_verdicts_are_listed_and_marked_on_cards(log: ReviewLog, labels: dict[str, str]) -> None:
    record_two(log, labels)
    assert "2 verdicts" in text_of(open_page("reviews", desk="verdicts"))
    app = open_page("outliers", reviews="disputed")
    assert cards_of(app) == 1
    assert "Wrong label (Bo)" in text_of(app)
    assert "59 paintings" in text_of(open_page("outliers", reviews="no"))


def test_the_list_of_verdicts_is_filtered_by_its_link(
    log: ReviewLog, labels: dict[str, str]
) -> None:
    record_two(log, labels)
    app = open_page("reviews", desk="verdicts", verdicts="wrong", reviewers=["Bo", "Nobody"])
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
    text = text_of(open_page("outliers", painting=next(iter(labels))))
    assert "Undone" in text
    assert "Label is right" in text


def test_a_selection_is_judged_only_when_its_number_is_typed(log: ReviewLog) -> None:
    app = open_page("outliers", given="Cubism")
    app.session_state[reviewing.NAME] = "Ada"
    rerun(app)
    typed = app.text_input(key="bulk.count")
    button = next(b for b in app.button if b.label.startswith("Record"))
    assert button.disabled
    number = typed.label.split()[1]
    typed.set_value(number)
    rerun(app)
    press(app, next(b.label for b in app.button if b.label.startswith("Record")))
    standing = log.load_standing()
    assert len(standing) == int(number)
    assert set(standing["given"]) == {"Cubism"}


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
    log: ReviewLog, labels: dict[str, str], tmp_path: Path
) -> None:
    record_two(log, labels)
    other = open_log(tmp_path / "other.sqlite")
    key = next(iter(labels))
    other.record([say(key, "unsure", "Cy", given=labels[key])])
    app = open_page("reviews", desk="files")
    app.file_uploader[0].upload("verdicts.csv", export(other, "csv"), "text/csv")
    rerun(app)
    assert "1 row to add" in text_of(app)
    assert len(log.load_all()) == 2
    press(app, "Add 1\u00a0row")
    assert len(log.load_all()) == 3
    other.close()


def test_what_is_no_export_is_refused_in_words(log: ReviewLog) -> None:
    app = open_page("reviews", desk="files")
    app.file_uploader[0].upload("verdicts.csv", b"a,b\n1,2\n", "text/csv")
    rerun(app)
    assert "is no export of verdicts" in app.warning[0].value


@pytest.mark.parametrize("path", ["", "outliers", "map", "reviews"])
def test_browsing_goes_on_when_the_database_is_broken(
    root: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = root / "broken.sqlite"
    broken.write_bytes(b"no database" * 1000)
    monkeypatch.setenv(REVIEWS, str(broken))
    app = open_page(path)
    if path == "reviews":
        assert "no database of verdicts" in app.warning[0].value
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
        press(app, VERDICT_NAMES["right"])
        assert "locked by another program" in app.warning[0].value
        assert cards_of(open_page("outliers")) == 24
        holder.execute("ROLLBACK")
    assert log.load_all().empty
    press(app, VERDICT_NAMES["right"])
    assert not app.warning
    assert len(log.load_all()) == 1


def test_a_full_disk_is_said_and_browsing_goes_on(root: Path, log: ReviewLog) -> None:
    app = open_desk()
    press(app, VERDICT_NAMES["right"])

    def shrink(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine = cache.open_reviews()._engine
    event.listen(engine, "checkout", shrink)
    app.text_input[0].set_value("x" * 2000)  # some pages more than there are
    for _ in range(4):
        press(app, VERDICT_NAMES["right"])
        if app.warning:
            break
        app.text_input[0].set_value("x" * 2000)
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
    assert "2 verdicts" in text_of(open_page("reviews", desk="verdicts"))
    assert cards_of(open_page("outliers", reviews="disputed")) == 1
    readable.close()
