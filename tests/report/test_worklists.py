"""The worklists in the report: a row each, and one line where there are none."""

from __future__ import annotations

from datetime import UTC, datetime

from core.label_word import STYLE
from core.report.worklists import build_worklists
from core.reviews import NamedSet, Worklist
from core.reviews.worklists import Assigned, Progress

TIME = datetime(2026, 5, 4, tzinfo=UTC)


def test_each_worklist_has_a_row_with_person_and_progress() -> None:
    worklist = Worklist("w", "s", "Bo <b>", "style", True, "Ada", TIME, "run-1")
    found = NamedSet("s", "Doubts", ("a.jpg",), "Ada", TIME, "run-1")
    html = build_worklists([Assigned(worklist, found, "style", Progress(4, 1))], STYLE)
    assert "Bo &lt;b&gt;" in html
    assert "Style, second review" in html
    assert "1 of 4" in html
    assert "25\u00a0%" in html


def test_without_worklists_one_line_says_so() -> None:
    assert "No paintings are assigned to anybody." in build_worklists([], STYLE)
