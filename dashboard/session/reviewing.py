"""Presses of the verdict panel and of a gallery's keys: what each may judge, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from uuid import uuid4

import streamlit as st

from core.errors import UserError
from core.reviews import Entry, VerdictRefused
from core.tasks import given_column
from dashboard.runs import review_cache
from dashboard.runs.open_run import OpenRun
from dashboard.selection.ticks import MOST_TICKED, format_ticks
from dashboard.selection.verdicts import describe_verdict
from dashboard.session import messages, state, visitor
from dashboard.session.ahead import skipped
from dashboard.session.events import read_event
from dashboard.session.presses import (
    Card,
    Judged,
    Press,
    Redone,
    Skipped,
    Ticked,
    Undone,
    check_judged,
    read_press,
    require_card,
)
from dashboard.session.recording import find_label, record_entries
from dashboard.session.shortcuts import UNDO
from dashboard.session.undoing import UNDOABLE, forget_returned, forget_undone, redo, take_back

Done = Callable[[], None]
MILESTONE: Final = 25  # verdicts between two messages with the precision so far
ANSWERS_KEPT: Final = 200
SHOWN_BEFORE: Final = 8  # cards that were drawn before the present ones
_CARDS: Final = "artextract.cards"
_PICTURES: Final = "artextract.pictures"
_ANSWERS: Final = "artextract.answers"
_VISIT: Final = "artextract.visit"
_TOLD: Final = "artextract.told"


def show_cards(cards: Iterable[Card]) -> None:
    """Notes that ``cards`` are what this visit can judge from now on: the one shown with buttons
    below it, and those that come next. The few shown before them and not judged stay: a press on
    one may be on its way still when the visitor has moved on.
    """
    now = {card.painting: card for card in cards}
    before = [each for each in _find_cards().items() if each[0] not in now]
    st.session_state[_CARDS] = dict(before[-SHOWN_BEFORE:]) | now


def show_pictures(opened: OpenRun, keys: Iterable[str]) -> None:
    """Notes that this visit is shown pictures of ``keys`` that can be judged by keys."""
    shown: set[tuple[str, str]] = st.session_state.setdefault(_PICTURES, set())
    shown.update((opened.run.run_id, key) for key in keys)


def list_presses(component: str, name: str = "pressed") -> list[object]:
    """What the browser sent by ``component`` under ``name``; empty where it sent no list."""
    presses = read_event(component, name)
    return presses if isinstance(presses, list) else []


def take_press(opened: OpenRun, value: object, done: Done) -> None:
    """Does what a press of the verdict panel asks for, once, and keeps the result.

    ``done`` is called when a verdict was recorded. Streamlit may break off a callback wherever it
    uses the session, for an event that came meanwhile: a press counts as answered once its verdict
    is in the log, or taken back, and is sent again until then.
    """
    st.session_state[_TOLD] = "", True
    press = None
    try:
        press = _open(value)
        if isinstance(press, Judged):
            said = _judge(opened, press, _find_card(opened, press.painting))
            _close(press)
            _find_cards().pop(press.painting, None)  # a second press waits until it is drawn again
            st.session_state[_TOLD] = said, True
            done()
        elif isinstance(press, Skipped):
            card = _find_card(opened, press.painting)
            require_card(press.painting, card, opened.find_title(press.painting))
            skipped().add(press.painting)
            forget_returned(press.painting)
            _close(press)
        elif isinstance(press, Redone):
            st.session_state[_TOLD] = redo(), True
            _close(press)
            forget_undone()
        elif isinstance(press, Undone):
            st.session_state[_TOLD] = take_back(opened, press.rows), True
            _close(press)
    except UserError as error:
        _close(press)
        st.session_state[_TOLD] = str(error), False
        messages.warn(str(error))


def take_gallery_press(opened: OpenRun, value: object) -> None:
    """As ``take_press``, of a key on a picture of a gallery: the picture in focus is the card."""
    press = None
    try:
        press = _open(value)
        if press is None:
            return
        if isinstance(press, Ticked):
            state.update(ticked=format_ticks(press.rows, len(opened.table)))
            if press.beyond:
                messages.say(
                    f"{MOST_TICKED} paintings are ticked, and no more can be. Draw around points, "
                    "or filter, to choose more at once."
                )
        elif not visitor.reviewer():
            messages.say(
                "Enter your name on the Reviews page first. Then the keys 1 to 5 record verdicts."
            )
        elif isinstance(press, Judged):
            card = _build_card(opened, press.painting)
            messages.say(f"{_judge(opened, press, card)}. {UNDO} undoes it.")
        elif isinstance(press, Undone):
            take_back(opened, press.rows)
    except UserError as error:
        messages.say(str(error))
    _close(press)


def _open(value: object) -> Press | None:
    """The press that a browser sent; None if it was answered before."""
    press = read_press(value)
    return None if press.id in list_answers() else press


def _close(press: Press | None) -> None:
    """Counts ``press`` as answered; the browser then stops sending it."""
    answers = list_answers()
    if press is not None and press.id not in answers:
        st.session_state[_ANSWERS] = [*answers, press.id][-ANSWERS_KEPT:]


def list_answers() -> list[str]:
    """Ids of the presses that were dealt with, recorded or refused, the latest last."""
    answers: list[str] = st.session_state.get(_ANSWERS, [])
    return answers


def find_visit() -> str:
    """A name of this visit: once its server is gone, its presses cannot be answered."""
    visit: str = st.session_state.setdefault(_VISIT, uuid4().hex)
    return visit


def find_told() -> tuple[str, bool]:
    """The result of the latest press, in words, and whether it succeeded."""
    told: tuple[str, bool] = st.session_state.get(_TOLD, ("", True))
    return told


def _judge(opened: OpenRun, press: Judged, card: Card | None) -> str:
    """Records a press on ``card``; what it says, in words. Raises ``UserError``."""
    title = opened.find_title(press.painting)
    is_as_shown = card is not None and press.label in (None, card.given or "")
    if not is_as_shown and (known := _find_recorded(press)):
        _settle(press.painting)
        said = describe_verdict(known.verdict, known.proposed, press.task, known.of_several)
        return f"{said}: {title}"
    is_style = press.task == "style"
    classes = list(opened.terms) if is_style else opened.run.classes(press.task)
    vocabulary = opened.run.vocabulary if is_style else None
    held = check_judged(press, card, classes, title, opened.word, vocabulary)
    row = opened.find_row(held.painting)
    label = None if card is None else card.given
    entry = held.task, held.verdict, held.proposed, held.note
    settles = card is not None and card.settles and held.verdict != "unsure"
    if not record_entries(opened, {held.id: (row, label)}, *entry, settles=settles):
        _require_recorded(held, title)
    _settle(held.painting)
    several = label if len(opened.list_labels(row)) > 1 and held.task == "style" else None
    return f"{describe_verdict(held.verdict, held.proposed, held.task, several)}: {title}"


def _find_recorded(press: Judged) -> Entry | None:
    """The visitor's verdict of ``press``, whose callback was broken off once it was in the log; the
    page may have been drawn since, without its painting or with another label of it.
    """
    latest = review_cache.open_reviews().load_latest(visitor.reviewer(), UNDOABLE)
    return next(
        (each for each in latest if (each.id, each.key) == (press.id, press.painting)), None
    )


def _settle(painting: str) -> None:
    """What was undone before a verdict cannot be recorded again, nor need ``painting`` return."""
    forget_undone()
    forget_returned(painting)


def _require_recorded(press: Judged, title: str) -> None:
    """Raises ``VerdictRefused`` unless the press was recorded before: its id may be another's."""
    if press.id not in set(review_cache.open_reviews().load_history(press.painting)["id"]):
        raise VerdictRefused(
            f"Nothing was recorded for “{title}”: this press was already used",
            remedy="Press again.",
        )


def _build_card(opened: OpenRun, key: str) -> Card | None:
    """The card of a picture that a gallery has shown to this visit; None for any other."""
    row = opened.find_row(key)
    if row < 0 or (opened.run.run_id, key) not in st.session_state.get(_PICTURES, ()):
        return None
    return Card(key, "style", find_label(opened, row))


def _find_cards() -> dict[str, Card]:
    cards: dict[str, Card] = st.session_state.get(_CARDS, {})
    return cards


def _find_card(opened: OpenRun, painting: str) -> Card | None:
    """The card of ``painting``, if this visit is shown it, and the run gives it that label."""
    card, row = _find_cards().get(painting), opened.find_row(painting)
    if card is None or row < 0:
        return None
    given = opened.table.loc[row, given_column(card.task)]
    labels = opened.list_labels(row) if card.task == "style" else [given]
    is_same = card.given in labels or (card.given is None and not isinstance(given, str))
    return card if is_same else None
