"""One verdict on a whole selection."""

from __future__ import annotations

from core.reviews import ReviewLog
from dashboard.session import reviewing
from tests.dashboard.pages import (
    open_as,
    open_page,
    press,
    rerun,
)


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
