"""One verdict on a whole selection."""

from __future__ import annotations

import pandas as pd
import pytest

from core.artifacts import Run
from core.reviews import ReviewLog
from core.tasks import FURTHER
from dashboard.components import bulk_verdict
from dashboard.runs.open_run import OpenRun
from dashboard.runs.table import build_table
from dashboard.selection.preparation import prepare_facets
from dashboard.selection.state import State
from dashboard.session import recording, state, visitor
from tests.dashboard.pages import (
    open_as,
    open_menu,
    open_page,
    press,
    rerun,
)


def test_a_selection_is_judged_only_when_its_number_is_typed(log: ReviewLog) -> None:
    app = open_page("outliers", given="Cubism")
    app.session_state[visitor.NAME] = "Ada"
    open_menu(app, "bulk.menu")
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
    app = open_menu(open_as("Ada", "outliers", given="Cubism"), "bulk.menu")
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
    open_menu(app, "bulk.menu")
    assert next(b for b in app.button if b.label.startswith("Record")).disabled


@pytest.mark.usefixtures("log")
def test_more_than_are_judged_at_once_are_not_judged_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk_verdict, "MOST", 59)
    app = open_menu(open_as("Ada", "outliers"), "bulk.menu")
    menu = next(
        menu.proto.popover
        for menu in app.get("popover")
        if menu.proto.popover.label == "Judge all 60"
    )
    assert menu.disabled
    assert menu.help == "At most 59 at once: filter, draw around or tick fewer."
    assert not any(button.label.startswith("Record") for button in app.button)


def test_of_several_labels_the_one_that_was_filtered_for_is_judged(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = str(run.paintings["given_style"].iloc[3])
    second = next(name for name in run.classes("style") if name != front)
    further = pd.Series(
        [(second,) if row == 3 else None for row in range(len(run))], dtype="object"
    )
    table = build_table(run)
    opened = OpenRun(run, prepare_facets(table.assign(**{FURTHER: further})))
    for filters, judged in (({"given": (second,)}, second), ({}, front)):
        monkeypatch.setattr(state, "current", lambda filters=filters: State(filters=filters))
        label = recording.find_label(opened, 3)
        monkeypatch.setattr(visitor, "reviewer", lambda: "Ada")
        entry = recording.build_entry(opened, 3, "style", "right", None, "", label)
        assert entry.given == entry.of_several == judged
