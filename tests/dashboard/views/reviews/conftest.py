"""The Reviews page as a signed reviewer finds it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.reviews import ReviewLog
from tests.dashboard.pages import (
    open_page,
    panel_of,
    press,
    rerun,
)
from tests.reviews.conftest import say


def open_queue(**params: str) -> AppTest:
    """The Reviews page, signed by Ada."""
    app = open_page("reviews", **params)
    app.text_input[0].set_value("Ada")
    press(app, "Start reviewing")
    return rerun(app)


def shown(app: AppTest) -> str:
    """Key of the painting whose turn it is."""
    return str(panel_of(app)["card"]["painting"])


def record_two(log: ReviewLog, run_table: dict[str, str]) -> None:
    key, given = next(iter(run_table.items()))
    for name, verdict in (("Ada", "right"), ("Bo", "wrong")):
        log.record([say(key, verdict, name, given=given)])
