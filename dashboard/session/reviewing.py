"""Giving verdicts in a session: presses, what they record and undo, and the paintings ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import streamlit as st

from core.errors import UserError
from core.reviews import Entry, ReviewLog, Verdict, VerdictRefused
from core.reviews.entry import SETTLES
from core.tasks import Task, given_column
from dashboard.access import sign_in
from dashboard.event_log import tell
from dashboard.runs import cache
from dashboard.runs.open_run import OpenRun
from dashboard.selection.ticks import MOST_TICKED, format_ticks
from dashboard.selection.verdicts import describe_verdict
from dashboard.server.middleware.request_log import VERDICTS
from dashboard.session import messages, state, visitor
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
from dashboard.session.shortcuts import UNDO
from dashboard.words import count, painting_title, plain

Done = Callable[[], None]
MILESTONE: Final = 25  # verdicts between two messages with the precision so far
AHEAD: Final = 3  # paintings of the queue that are sent before their turn
UNDOABLE: Final = 200  # of a reviewer's verdicts that the page offers to undo
ANSWERS_KEPT: Final = 200
DOUBTED: Final = "doubted_label"  # of a work of several, in a run that tells
SHOWN_BEFORE: Final = 8  # cards that were drawn before the present ones
_CARDS: Final = "artextract.cards"
_AHEAD: Final = "artextract.ahead"
_PICTURES: Final = "artextract.pictures"
_ANSWERS: Final = "artextract.answers"
_VISIT: Final = "artextract.visit"
_TOLD: Final = "artextract.told"
_SKIPPED: Final = "artextract.skipped"
_UNDONE: Final = "artextract.undone"
_RETURNED: Final = "artextract.returned"


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
    presses = getattr(st.session_state.get(component), name, None)
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
            require_card(press.painting, card, _name(opened, press.painting))
            skipped().add(press.painting)
            _forget_returned(press.painting)
            _close(press)
        elif isinstance(press, Redone):
            st.session_state[_TOLD] = _redo(), True
            _close(press)
            st.session_state.pop(_UNDONE, None)
        elif isinstance(press, Undone):
            st.session_state[_TOLD] = _take_back(opened, press.rows), True
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
            messages.say(f"{plain(_judge(opened, press, card))}. {UNDO} undoes it.")
        elif isinstance(press, Undone):
            _take_back(opened, press.rows)
    except UserError as error:
        messages.say(plain(str(error)))
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
    title = _name(opened, press.painting)
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
    if not _record(opened, {held.id: (row, label)}, *entry, settles=settles):
        _require_recorded(held, title)
    _settle(held.painting)
    several = label if len(opened.list_labels(row)) > 1 and held.task == "style" else None
    return f"{describe_verdict(held.verdict, held.proposed, held.task, several)}: {title}"


def _find_recorded(press: Judged) -> Entry | None:
    """The visitor's verdict of ``press``, whose callback was broken off once it was in the log; the
    page may have been drawn since, without its painting or with another label of it.
    """
    latest = cache.open_reviews().load_latest(visitor.reviewer(), UNDOABLE)
    return next(
        (each for each in latest if (each.id, each.key) == (press.id, press.painting)), None
    )


def _settle(painting: str) -> None:
    """What was undone before a verdict cannot be recorded again, nor need ``painting`` return."""
    st.session_state.pop(_UNDONE, None)
    _forget_returned(painting)


def _require_recorded(press: Judged, title: str) -> None:
    """Raises ``VerdictRefused`` unless the press was recorded before: its id may be another's."""
    if press.id not in set(cache.open_reviews().load_history(press.painting)["id"]):
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


def find_label(opened: OpenRun, row: int) -> str | None:
    """Which label of the painting ``row`` is judged: of several the one that the filter asks for,
    else the most doubtful one; None where it has none.
    """
    labels = opened.list_labels(row)
    asked = state.current().filters.get("given", ())
    if len(labels) > 1 and DOUBTED in opened.table and not set(asked) & set(labels):
        asked = (opened.table[DOUBTED].iloc[row],)
    return next((label for label in labels if label in asked), labels[0] if labels else None)


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


def keep_promises(
    opened: OpenRun,
    rows: Sequence[int],
    judged: Iterable[str],
    filters: str = "",
    asked: Mapping[int, str] | None = None,
) -> list[int]:
    """``rows`` of a queue, those first that came next when it was last drawn.

    They were sent ahead, and may be on the screen by now, while each verdict moves the others: they
    stay until they are among the keys ``judged`` by the visitor, or skipped. ``filters``: what the
    queue keeps to, in words; under others nothing was promised. ``asked``: which label of a work of
    several is asked about; it stays until another one is.
    """
    promised: dict[tuple[str, str], dict[int, str | None]] = st.session_state.get(_AHEAD, {})
    queue, labels = (opened.run.run_id, filters), asked or {}
    out, done = skipped(), set(judged)
    keys = opened.table["key"]

    def waits(row: int, label: str | None) -> bool:
        is_asked = labels[row] == label if row in labels else keys.loc[row] not in done
        return is_asked and keys.loc[row] not in out

    first = [row for row, label in promised.get(queue, {}).items() if waits(row, label)]
    kept = [*first, *(row for row in rows if row not in set(first))]
    st.session_state[_AHEAD] = {queue: {row: labels.get(row) for row in kept[: AHEAD + 1]}}
    return kept


def forget_promises() -> None:
    """Lets the queue begin with what is most doubtful by its settings, which have changed."""
    st.session_state.pop(_AHEAD, None)


def _name(opened: OpenRun, key: str) -> str:
    """The painting's title; its key where this run does not have it."""
    row = opened.find_row(key)
    return key if row < 0 else painting_title(opened.table.loc[row].to_dict())


def record(
    opened: OpenRun,
    judged: Mapping[str, tuple[int, str | None]],
    task: Task,
    verdict: Verdict,
    proposed: str | None,
    note: str = "",
) -> bool:
    """Records one verdict on each of ``judged``; False if that fails, and the reason is shown.

    By the id of each: its painting's row, and which of several labels is judged (``build_entry``).
    Ids already in the log are skipped.
    """
    try:
        _record(opened, judged, task, verdict, proposed, note)
    except UserError as error:
        messages.warn(str(error))
        return False
    return True


def _record(
    opened: OpenRun,
    judged: Mapping[str, tuple[int, str | None]],
    task: Task,
    verdict: Verdict,
    proposed: str | None,
    note: str,
    *,
    settles: bool = False,
) -> int:
    """How many were added."""
    sign_in.require_reviewer()
    entries = [
        replace(
            build_entry(opened, row, task, verdict, proposed, note, label),
            id=name,
            settles=SETTLES if settles else None,
        )
        for name, (row, label) in judged.items()
    ]
    added = len(cache.open_reviews().record(entries))
    cache.look_again()
    VERDICTS.labels(verdict).inc(added)
    tell("verdicts", verdict=verdict, count=added)
    return added


def build_entry(
    opened: OpenRun,
    row: int,
    task: Task,
    verdict: Verdict,
    proposed: str | None,
    note: str,
    label: str | None = None,
) -> Entry:
    """The row of the log for one painting; raises ``VerdictRefused``.

    ``label``: which of its several style labels is judged, by default the one in front.
    """
    painting = opened.table.loc[row]
    given, labels = painting[given_column(task)], opened.list_labels(row)
    is_several = task == "style" and len(labels) > 1
    if is_several and label in labels:
        given = label
    return Entry(
        key=str(painting["key"]),
        content_hash=str(painting["content_hash"]),
        task=opened.word.name(task),
        given=given if isinstance(given, str) else None,
        verdict=verdict,
        proposed=proposed if verdict == "wrong" else None,
        note=note.strip(),
        reviewer=visitor.reviewer(),
        run_id=opened.run.run_id,
        model_hash=opened.run.manifest.files["model.safetensors"].sha256,
        of_several=str(given) if is_several else None,
    )


def load_undoable(log: ReviewLog, opened: OpenRun) -> tuple[list[str], str]:
    """Ids of the visitor's latest verdicts, latest first, and what the latest says."""
    latest = log.load_latest(visitor.reviewer(), UNDOABLE)
    if not latest:
        return [], ""
    return [entry.id for entry in latest], _describe(opened, latest[0])


def find_redoable(opened: OpenRun) -> str:
    """What pressing redo would record again, in words; empty where nothing was just undone."""
    undone = _list_undone()
    if len(undone) > 1:
        return count(len(undone), "verdict")
    return _describe(opened, undone[0]) if undone else ""


def returned(called: str) -> str | None:
    """Key of the painting whose verdict on labels ``called`` so was undone last: it is shown again
    at once.
    """
    key, judged = st.session_state.get(_RETURNED, (None, None))
    return key if judged == called else None


def _describe(opened: OpenRun, entry: Entry) -> str:
    """``"Wrong label: Cubism, La mort"``."""
    task = "style" if entry.task == opened.word.singular else entry.task
    said = describe_verdict(entry.verdict, entry.proposed, task, entry.of_several)
    return f"{said}, {_name(opened, entry.key)}"


def _take_back(opened: OpenRun, rows: Sequence[str]) -> str:
    """Says what it undid, and returns that."""
    sign_in.require_reviewer()
    undone = cache.open_reviews().take_back(visitor.reviewer(), rows)
    cache.look_again()
    if not undone:
        return messages.say("Nothing more was undone: these verdicts no longer stand.")
    skipped().difference_update(entry.key for entry in undone)
    st.session_state[_UNDONE] = [
        replace(entry, id=uuid4().hex, supersedes=None) for entry in undone
    ]
    st.session_state[_RETURNED] = undone[0].key, undone[0].task
    many = f"{len(undone)} verdicts, the latest: " if len(undone) > 1 else ""
    what = _describe(opened, undone[0])
    messages.say(f"Undone: {many}{plain(what)}.")
    return f"Undone: {many}{what}."


def _redo() -> str:
    """Records again what was undone last, the earliest first; returns what it says of it.

    The ids were made when it was undone: once, however often a press that was broken off comes.
    """
    sign_in.require_reviewer()
    undone = [entry for entry in reversed(_list_undone()) if entry.reviewer == visitor.reviewer()]
    if not undone:
        return messages.say("Nothing was undone just now.")
    now = datetime.now(UTC)
    cache.open_reviews().record([replace(entry, time=now) for entry in undone])
    cache.look_again()
    _forget_returned(undone[-1].key)
    return messages.say(f"{count(len(undone), 'verdict')} recorded again.")


def _list_undone() -> list[Entry]:
    """What was undone last, the latest first, under the ids with which it is recorded again."""
    undone: list[Entry] = st.session_state.get(_UNDONE, [])
    return undone


def _forget_returned(key: str) -> None:
    if st.session_state.get(_RETURNED, (None, None))[0] == key:
        del st.session_state[_RETURNED]


def skipped() -> set[str]:
    """Keys of the paintings skipped in this session."""
    keys: set[str] = st.session_state.setdefault(_SKIPPED, set())
    return keys
