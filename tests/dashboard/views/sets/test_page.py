"""The page of named sets: listed, renamed, deleted, brought back, signed."""

from __future__ import annotations

from core.reviews import ReviewLog
from tests.dashboard.pages import open_as, open_menu, open_page, press, rerun, text_of


def test_the_page_lists_renames_deletes_and_brings_back(log: ReviewLog, keys: list[str]) -> None:
    made = log.sets.save("<i>Doubts</i>", keys[:3], "Bo", "synthetic-1")
    app = open_as("Ada", "sets")
    text = text_of(app)
    assert "&lt;i&gt;Doubts&lt;/i&gt;" in text
    assert "Bo, " in text
    assert f"/iiif/3/synthetic-1/collection.json?set={made.id}" in text
    open_menu(app, f"rename-{made.id}.menu")
    app.text_input(key=f"rename-{made.id}").set_value("Settled")
    press(app, "Rename")
    assert [each.name for each in log.sets.load()] == ["Settled"]
    press(open_menu(app, f"delete-{made.id}.menu"), "Delete the set")
    assert log.sets.load() == ()
    assert "No sets yet" in text_of(app)
    press(app, "Restore it")
    assert [each.name for each in log.sets.load()] == ["Settled"]
    assert not any(button.label == "Restore it" for button in rerun(app).button)


def test_who_is_not_known_signs_where_the_change_is_made(log: ReviewLog, keys: list[str]) -> None:
    made = log.sets.save("Doubts", keys[:3], "Bo", "synthetic-1")
    app = open_menu(open_page("sets"), f"delete-{made.id}.menu")
    press(app, "Delete the set")
    assert "signed with a name" in app.error[0].value
    assert log.sets.load() == (made,)
    app.text_input(key=f"delete-{made.id}.reviewer").set_value("Ada")
    press(app, "Delete the set")
    assert log.sets.load() == ()


def test_a_link_to_a_set_that_is_not_here_says_so(log: ReviewLog, keys: list[str]) -> None:
    made = log.sets.save("Doubts", keys[:3], "Bo", "synthetic-1")
    assert not open_page("sets", set=made.id).toast
    app = open_page("sets", set="gone")
    assert [toast.value for toast in app.toast] == [
        "A set in this link is not, or no longer, here: the filter was removed."
    ]
    assert "set" not in app.query_params
    assert "Doubts" in text_of(app)


def test_many_sets_have_pages(log: ReviewLog, keys: list[str]) -> None:
    for number in range(13):
        log.sets.save(f"Set {number}", keys[:2], "Ada", "synthetic-1")
    assert "Set 12<" in text_of(open_page("sets"))
    last = text_of(open_page("sets", gallery_page="2"))
    assert "Set 0<" in last
    assert "Set 1<" not in last
