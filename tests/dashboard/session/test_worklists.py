"""What is said of a worklist shows names as they are written."""

from __future__ import annotations

from core.reviews import ReviewLog
from dashboard.words import plain
from tests.dashboard.pages import open_as, open_menu, press


def test_no_name_is_read_as_markdown(log: ReviewLog, keys: list[str]) -> None:
    found = log.sets.save("_Doubts_ [1](2)", keys[:2], "Cy", "synthetic-1")
    app = open_menu(open_as("Ada", "sets"), f"assign-{found.id}.menu")
    app.text_input(key=f"assign-{found.id}.person").set_value("*Bo*")
    press(app, "Assign")
    said = plain("“_Doubts_ [1](2)” is now a worklist of *Bo*.")
    assert [each.value for each in app.toast] == [said]
    app = open_as("Ada", "reviews", section="worklists")
    press(app, plain("*Bo*: _Doubts_ [1](2)"))
    said = plain("The worklist of *Bo* was taken back. Its set and the verdicts stay.")
    assert [each.value for each in app.toast] == [said]
