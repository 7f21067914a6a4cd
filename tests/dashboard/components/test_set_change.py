"""A painting put into a set, or taken out of it, from its page, from a list and from the queue."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.reviews import NamedSet, ReviewLog
from dashboard.words import plain
from tests.dashboard.pages import open_as, open_menu, open_page, press, text_of


@pytest.fixture
def made(log: ReviewLog, keys: list[str]) -> NamedSet:
    return log.sets.save("<i>Doubts</i>", keys[:3], "Bo", "synthetic-1")


CHANGE = "change-set.menu"
SAVE = "save-set.menu"


def note(app: AppTest, text: str) -> AppTest:
    open_menu(app, CHANGE)
    app.text_input(key="change-set.note").set_value(text)
    return app


def test_a_paintings_page_names_its_sets_and_changes_them(
    log: ReviewLog, keys: list[str], made: NamedSet
) -> None:
    app = open_as("Ada", "painting", painting=keys[7])
    assert "In sets" not in text_of(app)
    press(note(app, "<b>why</b>"), "Add 1\u00a0painting")
    assert log.sets.load()[0].keys == (*keys[:3], keys[7])
    assert "&lt;i&gt;Doubts&lt;/i&gt;</a>: &lt;b&gt;why&lt;/b&gt;" in text_of(app)
    assert f"set={made.id}" in text_of(app)
    press(app, "Take 1\u00a0painting out")
    assert log.sets.load()[0].keys == tuple(keys[:3])
    assert "In sets" not in text_of(app)


def test_a_list_is_put_in_or_those_that_are_ticked(
    log: ReviewLog, keys: list[str], made: NamedSet
) -> None:
    app = open_menu(open_as("Ada", "outliers", ticked="5.9"), CHANGE)
    press(app, "Add 2\u00a0paintings")
    assert log.sets.load()[0].keys == (*keys[:3], keys[5], keys[9])


@pytest.mark.parametrize(
    ("ticked", "why", "said"),
    [
        ("1.2.5", "", "Added 1 painting to “Doubts”. 2 more were in it already."),
        ("2.5.9", "why", "Added 2 paintings to “Doubts”. 1 more was in it already."),
        ("0.2", "", "These 2 paintings were in “Doubts” already."),
        ("2", "why", "This painting was in “Doubts” already. The note was saved."),
    ],
)
def test_what_was_in_it_already_is_not_counted_as_added(
    log: ReviewLog, keys: list[str], ticked: str, why: str, said: str
) -> None:
    log.sets.save("Doubts", keys[:3], "Bo", "synthetic-1")
    app = note(open_as("Ada", "outliers", ticked=ticked), why)
    press(app, next(button.label for button in app.button if button.label.startswith("Add ")))
    assert [toast.value.replace("\u00a0", " ") for toast in app.toast] == [plain(said)]


def test_the_name_of_a_set_is_never_read_as_markdown(log: ReviewLog, keys: list[str]) -> None:
    app = open_menu(open_as("Ada", "painting", painting=keys[7]), SAVE)
    name = "_Doubts_ [1](2)"
    app.text_input(key="save-set.name").set_value("_Doubts_ [1](2)")
    app = press(app, "Save 1\u00a0painting")
    assert app.toast[0].value == plain(f"Saved 1\u00a0painting as “{name}”.")
    log.sets.put(log.sets.load()[0].id, keys[:1], "", "Ada")
    app = open_menu(open_as("Ada", "painting", painting=keys[7]), CHANGE)
    press(app, "Take 1\u00a0painting out")
    assert app.toast[0].value == plain(f"Took 1\u00a0painting out of “{name}”.")
    app = press(app, "Take 1\u00a0painting out")
    assert f"the set “{plain(name)}” holds none of these paintings" in app.error[0].value
    app = press(app, "Add 1\u00a0painting")
    assert app.toast[0].value == plain(f"Added 1\u00a0painting to “{name}”.")


def test_a_painting_that_is_not_in_the_set_cannot_be_taken_out(
    log: ReviewLog, keys: list[str]
) -> None:
    made = log.sets.save("Doubts", keys[:3], "Bo", "synthetic-1")
    stamp = log.sets.stamp()
    app = open_menu(open_as("Ada", "painting", painting=keys[7]), CHANGE)
    press(app, "Take 1\u00a0painting out")
    assert "the set “Doubts” holds none of these paintings" in app.error[0].value
    assert not app.toast
    assert (log.sets.load(), log.sets.stamp()) == ((made,), stamp)
    press(app, "Add 1\u00a0painting")
    press(app, "Take 1\u00a0painting out")
    assert app.toast[0].value == plain("Took 1\u00a0painting out of “Doubts”.")


def test_the_queue_has_the_menu_too(log: ReviewLog, made: NamedSet) -> None:
    press(note(open_as("Ada", "reviews"), "later"), "Add 1\u00a0painting")
    (found,) = log.sets.load()
    assert found.note_on(found.keys[-1]) == "later"


def test_what_is_refused_is_said_in_the_menu(log: ReviewLog, keys: list[str]) -> None:
    made = log.sets.save("One", keys[:1], "Bo", "synthetic-1")
    app = open_menu(open_as("Ada", "painting", painting=keys[0]), CHANGE)
    press(app, "Take 1\u00a0painting out")
    assert "without paintings" in app.error[0].value
    assert log.sets.load() == (made,)


def test_who_is_not_known_signs(log: ReviewLog, keys: list[str], made: NamedSet) -> None:
    app = open_menu(open_page("painting", painting=keys[7]), CHANGE)
    press(app, "Add 1\u00a0painting")
    assert "signed with a name" in app.error[0].value
    app.text_input(key="change-set.reviewer").set_value("Ada")
    press(app, "Add 1\u00a0painting")
    assert keys[7] in log.sets.load()[0].keys


@pytest.mark.usefixtures("log")
def test_without_a_set_there_is_nothing_to_change(keys: list[str]) -> None:
    app = open_menu(open_as("Ada", "painting", painting=keys[7]), SAVE)
    menus = [menu.proto.popover.label for menu in app.get("popover")]
    assert menus == ["Save as a set", "Signed as Ada"]
    assert not any(button.label.startswith("Add 1") for button in app.button)
    assert any(button.label == "Save 1\u00a0painting" for button in app.button)
