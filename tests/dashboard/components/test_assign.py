"""Paintings are assigned to a person: from a list, or from a set."""

from __future__ import annotations

from core.reviews import ReviewLog
from tests.dashboard.pages import cards_of, open_as, open_menu, open_page, press


def test_a_filtered_list_becomes_a_worklist(log: ReviewLog) -> None:
    app = open_menu(open_page("outliers", given="Cubism"), "save-set.menu")
    shown = cards_of(app)
    app.text_input(key="save-set.name").set_value("Cubist doubts")
    app.text_input(key="save-set.person").set_value("Bo")
    app.toggle(key="save-set.second").set_value(True)
    app.text_input(key="save-set.reviewer").set_value("Ada")
    press(app, f"Save {shown}\u00a0paintings")
    (made,) = log.worklists.load()
    assert (made.person, made.task, made.is_second, made.reviewer) == ("Bo", "style", True, "Ada")
    assert made.set_id == log.sets.load()[0].id
    app.text_input(key="save-set.name").set_value("The same again")
    press(app, f"Save {shown}\u00a0paintings")
    assert len(log.sets.load()) == 2
    assert log.worklists.load() == (made,)  # the next set is nobody's
    assert not app.toggle(key="save-set.second").value


def test_a_set_is_assigned_and_a_second_time_refused_in_its_menu(
    log: ReviewLog, keys: list[str]
) -> None:
    found = log.sets.save("Doubts", keys[:2], "Cy", "synthetic-1")
    app = open_menu(open_as("Ada", "sets"), f"assign-{found.id}.menu")
    for _ in range(2):
        app.text_input(key=f"assign-{found.id}.person").set_value("Bo")
        press(app, "Assign")
    assert len(log.worklists.load()) == 1
    assert "Bo has this set as a worklist already" in app.error[0].value


def test_a_name_that_nobody_can_sign_with_is_refused(log: ReviewLog, keys: list[str]) -> None:
    found = log.sets.save("Doubts", keys[:2], "Cy", "synthetic-1")
    app = open_menu(open_as("Ada", "sets"), f"assign-{found.id}.menu")
    app.text_input(key=f"assign-{found.id}.person").set_value("?!")
    press(app, "Assign")
    assert log.worklists.load() == ()
    assert "at least one letter" in app.error[0].value
