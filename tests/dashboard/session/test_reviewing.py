"""Verdicts by key on the picture in focus: what is recorded, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pandas as pd
import pytest
import streamlit as st

from core.reviews import open_log
from core.tasks import FURTHER
from core.text import class_name
from dashboard.runs.open_run import OpenRun
from dashboard.runs.verdict_columns import add_verdicts
from dashboard.selection.preparation import prepare_facets
from dashboard.selection.verdicts import MINE
from dashboard.session import reviewing, state, visitor
from dashboard.session.presses import Card

SHOWN = 12  # paintings of the gallery's sheet
USES = 60  # more than a press makes of the session


@pytest.fixture(autouse=True)
def session(root: Path, opened: OpenRun, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session of Ada's, as a plain dictionary, who is shown a sheet of pictures."""
    held: dict[str, object] = {visitor.NAME: "Ada"}
    monkeypatch.setattr(st, "session_state", held)
    reviewing.show_pictures(opened, opened.table["key"].iloc[:SHOWN])
    return held


def verdicts(root: Path) -> list[tuple[str, str, str | None]]:
    standing = open_log(str(root / "reviews.sqlite")).load_standing()
    proposed = standing["proposed"].astype(object).where(standing["proposed"].notna(), None)
    return list(zip(standing["key"], standing["verdict"], proposed, strict=True))


def press(opened: OpenRun, key: str, verdict: str, **more: object) -> dict[str, object]:
    """A key on the card of the painting ``key``, as the browser sends it."""
    said: dict[str, object] = {
        "kind": "verdict",
        "id": uuid4().hex,
        "painting": key,
        "task": "style",
    }
    reviewing.take_gallery_press(opened, said | {"verdict": verdict, "proposed": None} | more)
    return said


def test_a_key_judges_the_painting_in_focus_once(root: Path, opened: OpenRun) -> None:
    key = str(opened.table.loc[4, "key"])
    said = press(opened, key, "right")
    press(opened, key, "right", id=said["id"])
    assert verdicts(root) == [(key, "right", None)]
    assert len(open_log(str(root / "reviews.sqlite")).load_all()) == 1


def test_of_a_wrong_label_what_its_card_shows_is_proposed(root: Path, opened: OpenRun) -> None:
    key, given = map(str, opened.table.loc[4, ["key", "given"]])
    proposed = next(name for name in opened.run.classes("style") if name != given)
    press(opened, key, "wrong", proposed=proposed)
    assert verdicts(root) == [(key, "wrong", proposed)]


def test_the_key_takes_back_the_verdict_of_the_card_in_focus(root: Path, opened: OpenRun) -> None:
    first, second = (str(opened.table.loc[row, "key"]) for row in (4, 5))
    row = press(opened, first, "right")["id"]
    press(opened, second, "unsure")
    for _ in range(2):
        undone = {"kind": "undo", "id": uuid4().hex, "rows": [row]}
        reviewing.take_gallery_press(opened, undone)
    assert verdicts(root) == [(second, "unsure", None)]


def label_twice(opened: OpenRun) -> tuple[OpenRun, str, str, str]:
    """The run with a second label on the painting of row 4; its key, and both labels."""
    key, front = map(str, opened.table.loc[4, ["key", "given"]])
    second = next(name for name in opened.run.classes("style") if name != front)
    others = [(second,) if row == 4 else None for row in range(len(opened.table))]
    further = pd.Series(others, dtype="object")
    table = prepare_facets(opened.table.assign(**{FURTHER: further}))
    return OpenRun(opened.run, table), key, front, second


def test_under_a_filter_a_key_judges_the_label_that_was_filtered_for(
    root: Path, opened: OpenRun, session: dict[str, object]
) -> None:
    several, key, front, second = label_twice(opened)
    press(several, key, "right")
    state.update(filters={"given": (second,)})
    row = press(several, key, "unsure")["id"]
    log = open_log(str(root / "reviews.sqlite"))
    standing = log.load_standing()
    assert standing["of_several"].tolist() == [front, second]
    mine = add_verdicts(several.table, standing, standing, "Ada")[MINE]
    assert mine.loc[4] == row  # what the key for undo takes back


def test_a_key_on_a_card_that_asked_about_another_label_judges_nothing(
    root: Path, opened: OpenRun, session: dict[str, object]
) -> None:
    several, key, front, second = label_twice(opened)
    press(several, key, "right", label=second)  # under a filter that is gone by now
    assert verdicts(root) == []
    assert any(f"with the label {class_name(second)}" in str(said) for said in session.values())
    press(several, key, "right", label=front)
    assert verdicts(root) == [(key, "right", None)]


class BrokenOff(BaseException):
    """Streamlit's own are no ``Exception`` either."""


class Session(dict[str, object]):
    """As Streamlit's: where an event has come meanwhile, the next use of it ends the callback."""

    left = 0  # uses until then; 0: none ends it

    def use(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise BrokenOff

    def __getitem__(self, key: str) -> object:
        self.use()
        return super().__getitem__(key)

    def __setitem__(self, key: str, value: object) -> None:
        self.use()
        super().__setitem__(key, value)

    def get(self, key: str, default: object = None) -> object:
        self.use()
        return super().get(key, default)


@pytest.fixture
def breaking(session: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> Session:
    """Ada's session, which can be made to end a callback."""
    held = Session(session)
    monkeypatch.setattr(st, "session_state", held)
    return held


@pytest.mark.parametrize("use", range(1, USES))
def test_a_press_that_is_broken_off_is_recorded_when_it_is_sent_again(
    root: Path, opened: OpenRun, breaking: Session, use: int
) -> None:
    key, given = map(str, opened.table.loc[4, ["key", "given"]])
    reviewing.show_cards([Card(key, "style", given)])
    name = uuid4().hex
    said: dict[str, object] = {"kind": "verdict", "id": name, "painting": key, "task": "style"}
    said |= {"verdict": "right", "proposed": None}
    breaking.left = use
    with suppress(BrokenOff):
        reviewing.take_press(opened, said, lambda: None)
    breaking.left = 0
    if verdicts(root):
        reviewing.show_cards([])  # the page, drawn since, goes on without the painting
    if name not in reviewing.list_answers():
        reviewing.take_press(opened, said, lambda: None)
    assert verdicts(root) == [(key, "right", None)]
    assert reviewing.list_answers() == [name]
    assert reviewing.find_told()[1]


@pytest.mark.parametrize("gallery", [False, True])
def test_a_press_that_was_recorded_is_told_though_its_work_is_drawn_with_another_label(
    root: Path, opened: OpenRun, breaking: Session, gallery: bool
) -> None:
    several, key, front, second = label_twice(opened)
    said: dict[str, object] = {"kind": "verdict", "id": uuid4().hex, "painting": key}
    said |= {"task": "style", "verdict": "right", "label": front}

    def take() -> None:
        if gallery:
            reviewing.take_gallery_press(several, said)
        else:
            reviewing.take_press(several, said, lambda: None)

    for use in range(1, USES):
        reviewing.show_cards([Card(key, "style", front)])
        breaking.left = use
        with suppress(BrokenOff):
            take()
        breaking.left = 0
        if verdicts(root):
            break
    assert said["id"] not in reviewing.list_answers()
    reviewing.show_cards([Card(key, "style", second)])
    state.update(filters={"given": (second,)})
    take()
    assert verdicts(root) == [(key, "right", None)]
    assert said["id"] in reviewing.list_answers()
    told = [str(each) for each in breaking.values()]
    assert any("label is right" in each and class_name(front) in each for each in told)
    assert not any("Nothing was recorded" in each for each in told)


@pytest.mark.parametrize("use", range(1, USES))
def test_an_undo_that_is_broken_off_is_done_when_it_is_sent_again(
    root: Path, opened: OpenRun, breaking: Session, use: int
) -> None:
    row = press(opened, str(opened.table.loc[4, "key"]), "right")["id"]
    name = uuid4().hex
    breaking.left = use
    with suppress(BrokenOff):
        reviewing.take_press(opened, {"kind": "undo", "id": name, "rows": [row]}, lambda: None)
    breaking.left = 0
    if name not in reviewing.list_answers():
        reviewing.take_press(opened, {"kind": "undo", "id": name, "rows": [row]}, lambda: None)
    assert verdicts(root) == []
    assert name in reviewing.list_answers()


@pytest.mark.parametrize("use", range(1, USES))
def test_a_redo_that_is_broken_off_is_done_once_when_it_is_sent_again(
    root: Path, opened: OpenRun, breaking: Session, use: int
) -> None:
    key = str(opened.table.loc[4, "key"])
    row = press(opened, key, "unsure", note="the varnish")["id"]
    reviewing.take_press(opened, {"kind": "undo", "id": uuid4().hex, "rows": [row]}, lambda: None)
    said = {"kind": "redo", "id": uuid4().hex}
    breaking.left = use
    with suppress(BrokenOff):
        reviewing.take_press(opened, said, lambda: None)
    breaking.left = 0
    if said["id"] not in reviewing.list_answers():
        reviewing.take_press(opened, said, lambda: None)
    log = open_log(str(root / "reviews.sqlite")).load_all()
    assert [verdict for _, verdict, _ in verdicts(root)] == ["unsure"]
    assert log["note"].tolist().count("the varnish") == 2
    assert said["id"] in reviewing.list_answers()


def test_a_press_counts_that_comes_after_the_next_painting_was_drawn(
    root: Path, opened: OpenRun
) -> None:
    first, second = (
        Card(*map(str, (key, "style", given)))  # type: ignore[arg-type]
        for key, given in opened.table.loc[[4, 5], ["key", "given"]].itertuples(index=False)
    )
    reviewing.show_cards([first])
    reviewing.show_cards([second])
    for _ in range(2):  # the second time the painting is judged, and shown no more
        said = {"kind": "verdict", "id": uuid4().hex, "painting": first.painting, "task": "style"}
        reviewing.take_press(opened, said | {"verdict": "right", "proposed": None}, lambda: None)
    assert verdicts(root) == [(first.painting, "right", None)]
    assert len(open_log(str(root / "reviews.sqlite")).load_all()) == 1
    assert not reviewing.find_told()[1]


@pytest.mark.parametrize(("key", "label"), [("of/another/run.jpg", None), (None, "Nonsense")])
def test_a_card_of_another_run_judges_nothing(
    root: Path, opened: OpenRun, key: str | None, label: str | None
) -> None:
    painting, given = map(str, opened.table.loc[4, ["key", "given"]])
    card = Card(key or painting, "style", label or given)
    reviewing.show_cards([card])
    said = {"kind": "verdict", "id": uuid4().hex, "painting": card.painting, "task": "style"}
    reviewing.take_press(opened, said | {"verdict": "right", "proposed": None}, lambda: None)
    assert verdicts(root) == []
    assert "no longer the painting shown" in reviewing.find_told()[0]


def test_who_ticks_more_than_can_be_ticked_is_told(
    opened: OpenRun, session: dict[str, object]
) -> None:
    said: dict[str, object] = {"kind": "tick", "id": uuid4().hex, "rows": [3, 5], "beyond": True}
    reviewing.take_gallery_press(opened, said)
    assert state.current().ticked == "3.5"
    assert any("200 paintings are ticked" in str(value) for value in session.values())


def test_no_key_judges_a_painting_that_no_gallery_showed(root: Path, opened: OpenRun) -> None:
    press(opened, str(opened.table.loc[SHOWN, "key"]), "right")
    assert verdicts(root) == []


def test_nobody_judges_without_a_name(
    root: Path, opened: OpenRun, session: dict[str, object]
) -> None:
    session[visitor.NAME] = ""
    press(opened, str(opened.table.loc[4, "key"]), "right")
    assert verdicts(root) == []
    assert any("Enter your name" in str(value) for value in session.values())


@pytest.mark.parametrize(
    ("key", "verdict", "more"),
    [
        ("no/such.jpg", "right", {}),
        ("", "marvellous", {}),
        ("", "wrong", {"proposed": "Impress"}),
        ("", "right", {"id": "short"}),
        ("", "right", {"task": "price"}),
    ],
)
def test_what_is_not_there_is_not_judged(
    root: Path, opened: OpenRun, key: str, verdict: str, more: dict[str, object]
) -> None:
    press(opened, key or str(opened.table.loc[4, "key"]), verdict, **more)
    assert verdicts(root) == []
