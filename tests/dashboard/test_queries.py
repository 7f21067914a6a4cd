"""What a rerun asks the database and reads of the run: no more than it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from streamlit.testing.v1 import AppTest

from core.artifacts import open_run, reader
from core.reviews import open_log
from dashboard.runs import review_cache
from tests.dashboard.pages import judge, open_page, panel_of, press, rerun

SETS = 12


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that any engine of this process is given meanwhile."""
    said: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def count_queries(app: AppTest) -> list[str]:
    """What a rerun of ``app`` asks, when nothing has changed since the one before."""
    rerun(app)
    with counting() as said:
        rerun(app)
    return said


@pytest.fixture
def sets(root: Path) -> None:
    keys = open_run(root / "synthetic-1").paintings["key"].tolist()
    log = review_cache.open_reviews()
    for number in range(SETS):
        log.sets.save(f"Set {number}", keys[number : number + 3], "Ada", "synthetic-1")


@pytest.mark.usefixtures("sets")
@pytest.mark.parametrize("page", ["", "outliers", "map", "cases", "sets", "compare", "classify"])
def test_a_rerun_asks_once_whether_anything_changed(page: str) -> None:
    assert len(count_queries(open_page(page))) == 1


@pytest.mark.usefixtures("sets")
@pytest.mark.parametrize("page", ["", "outliers", "map", "cases", "sets", "compare", "classify"])
def test_a_rerun_reads_no_array_of_the_run_whole(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(page)
    rerun(app)
    monkeypatch.setattr(reader, "read_values", _refuse)
    rerun(app)


def _refuse(*_: object) -> None:
    raise AssertionError("an array was read whole")


@pytest.mark.usefixtures("sets")
@pytest.mark.parametrize("page", ["outliers", "sets"])
def test_what_another_server_wrote_meanwhile_is_seen(page: str, root: Path) -> None:
    app = open_page(page)
    other = open_log(root / "reviews.sqlite")
    other.sets.save("Meanwhile", ["x.jpg"], "Bo", "synthetic-1")
    other.close()
    with counting() as said:
        rerun(app)
    assert 1 < len(said) <= 4
    assert len(review_cache.load_sets(review_cache.open_reviews())) == SETS + 1


@pytest.mark.usefixtures("root")
def test_a_verdict_is_seen_by_the_rerun_that_gave_it() -> None:
    app = open_page("reviews")
    app.text_input[0].set_value("Ada")
    press(app, "Start reviewing")
    rerun(app)
    before = panel_of(app)["card"]["painting"]
    app = judge(app, "right")
    assert len(review_cache.open_reviews().load_standing()) == 1
    assert panel_of(app)["card"]["painting"] != before
