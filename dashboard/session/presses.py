"""What a press of the verdict panel says, and whether it is valid. Knows no Streamlit.

A browser is not trusted: what it names must be what the server last drew for this visit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from core.collection.reading.vocabulary import Vocabulary
from core.label_word import STYLE, LabelWord
from core.reviews import Verdict, VerdictRefused
from core.reviews.entry import MAX_NOTE, VERDICTS
from core.reviews.reviewers import find_hidden
from core.tasks import TASKS, Task
from core.text import class_name
from dashboard.selection.ticks import MOST_TICKED

MAX_TERM: Final = 120  # characters of a label
MAX_UNDONE: Final = 500  # verdicts that one press undoes
_ID: Final = re.compile(r"[0-9a-f]{32}")  # 16 random bytes, made in the browser
_ROW: Final = re.compile(r"[\w.:-]{1,64}")


@dataclass(frozen=True)
class Card:
    """The painting that a visit was last shown with buttons beside it, and its ``given`` label.

    ``settles``: a verdict on it ends a disagreement.
    """

    painting: str
    task: Task
    given: str | None
    settles: bool = False


@dataclass(frozen=True)
class Judged:
    """A verdict. ``confirmed``: the reviewer confirmed a term from outside the collection.

    ``label``: the one that was shown, where the press tells it; empty for none.
    """

    id: str
    painting: str
    task: Task
    verdict: Verdict
    proposed: str | None = None
    note: str = ""
    confirmed: bool = False
    label: str | None = None


@dataclass(frozen=True)
class Skipped:
    id: str
    painting: str


@dataclass(frozen=True)
class Undone:
    """``rows``: ids of the verdicts to undo, as named on the button."""

    id: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Redone:
    """Records again what was undone last."""

    id: str


@dataclass(frozen=True)
class Ticked:
    """``rows``: of all paintings that are ticked by now. ``beyond``: one more was asked for than
    can be ticked.
    """

    id: str
    rows: tuple[int, ...]
    beyond: bool = False


Press = Judged | Skipped | Undone | Redone | Ticked


def read_press(value: object) -> Press:
    """The press that a browser sent; raises ``VerdictRefused`` for anything else."""
    if not isinstance(value, Mapping):
        raise _refuse("no press", value)
    kind, name = value.get("kind"), _read_text(value, "id", 32)
    if not _ID.fullmatch(name):
        raise _refuse("its id", name)
    if kind == "skip":
        return Skipped(name, _read_text(value, "painting", MAX_NOTE))
    if kind == "undo":
        return Undone(name, _read_rows(value.get("rows")))
    if kind == "redo":
        return Redone(name)
    if kind == "tick":
        return Ticked(name, _read_ticks(value.get("rows")), value.get("beyond") is True)
    if kind != "verdict":
        raise _refuse("its kind", kind)
    return _read_judged(name, value)


def check_judged(
    press: Judged,
    card: Card | None,
    classes: Sequence[str],
    title: str = "",
    word: LabelWord = STYLE,
    vocabulary: Vocabulary | None = None,
) -> Judged:
    """``press`` with its proposed label as the collection spells it.

    Raises ``VerdictRefused`` where its painting is not that of ``card``, the one last drawn for
    this visit, or where it proposes the given label, a term that is not of the ``vocabulary`` or,
    without one and unconfirmed, one that is not among ``classes``. ``title``: how to call its
    painting.
    """
    shown = require_card(press.painting, card, title)
    if press.task != shown.task:
        raise _refuse("its task", press.task)
    if press.label is not None and press.label != (shown.given or ""):
        label = f"the label {class_name(press.label):.80}" if press.label else "no label"
        raise VerdictRefused(
            f"Nothing was recorded: “{title or press.painting}” was shown with {label}, and "
            "another one is asked about by now",
            remedy="Look at the painting on the screen and press again.",
        )
    if press.verdict != "wrong" or press.proposed is None:
        return replace(press, proposed=None)
    term = check_term(press, shown.given, classes, word, vocabulary)
    return replace(press, proposed=term)


def require_card(painting: str, card: Card | None, title: str = "") -> Card:
    """``card``, if it is that of ``painting``; raises ``VerdictRefused`` otherwise."""
    if card is not None and card.painting == painting:
        return card
    raise VerdictRefused(
        f"Nothing was recorded: “{title or painting}” was no longer the painting shown",
        remedy="Look at the painting on the screen and press again.",
    )


def check_term(
    press: Judged,
    given: str | None,
    classes: Sequence[str],
    word: LabelWord = STYLE,
    vocabulary: Vocabulary | None = None,
) -> str:
    """The proposed label: a class where the text is one but for case and spaces, or a variant."""
    term = " ".join(str(press.proposed).split())
    if not term or len(term) > MAX_TERM or find_hidden(str(press.proposed)) is not None:
        raise _refuse("the proposed label", press.proposed)
    known = match_class(term, classes)
    if vocabulary is not None:
        known = _match_term(term, classes, vocabulary)
    if (known or term) == given:
        raise VerdictRefused(
            "The correct label cannot be the given one",
            found=class_name(known or term),
            expected=f"another {word.name(press.task)}, or none",
        )
    if known is None and vocabulary is not None:
        raise VerdictRefused(
            f"'{term}' is no term of the vocabulary, and nothing was recorded",
            expected=f"one of its {len(vocabulary.concepts):,}, or none",
        )
    if known is None and not press.confirmed:
        raise VerdictRefused(
            f"'{term}' is not {word.one(press.task)} of this collection, and nothing was recorded",
            expected=f"one of its {len(classes)}, or a second press to confirm it",
        )
    return known or term


def match_class(text: str, classes: Sequence[str]) -> str | None:
    """The class that ``text`` names, ignoring case, spaces and hyphens; None if there is none."""
    wanted = _fold(text)
    return next((name for name in classes if _fold(name) == wanted), None)


def _match_term(text: str, classes: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """Which of ``classes`` means the concept that ``text`` is a term or variant of."""
    concept = vocabulary.find(text)
    if concept is None:
        return None
    return next((name for name in classes if vocabulary.find(name) is concept), concept.term)


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[_\-‐‑–]", " ", text).casefold().split())


def _read_judged(name: str, value: Mapping[Any, Any]) -> Judged:
    said, asked = (_read_text(value, field, MAX_TERM) for field in ("verdict", "task"))
    verdict = next((kind for kind in VERDICTS if kind == said), None)
    task = next((kind for kind in TASKS if kind == asked), None)
    if verdict is None or task is None:
        raise _refuse("the verdict", f"{said} on {asked}")
    proposed, label = value.get("proposed"), value.get("label")
    return Judged(
        id=name,
        painting=_read_text(value, "painting", MAX_NOTE),
        task=task,
        verdict=verdict,
        proposed=None if proposed is None else _read_text(value, "proposed", MAX_NOTE),
        note=_read_text(value, "note", MAX_NOTE),
        confirmed=value.get("confirmed") is True,
        label=None if label is None else _read_text(value, "label", MAX_NOTE),
    )


def _read_rows(rows: object) -> tuple[str, ...]:
    named = [row for row in rows if isinstance(row, str)] if isinstance(rows, list) else []
    is_whole = isinstance(rows, list) and 0 < len(rows) == len(named) <= MAX_UNDONE
    if not is_whole or not all(_ROW.fullmatch(row) for row in named):
        raise _refuse("the verdicts to undo", rows)
    return tuple(dict.fromkeys(named))


def _read_ticks(rows: object) -> tuple[int, ...]:
    if (
        not isinstance(rows, list)
        or len(rows) > MOST_TICKED
        or any(type(r) is not int for r in rows)
    ):
        raise _refuse("the ticked paintings", rows)
    return tuple(rows)


def _read_text(value: Mapping[Any, Any], name: str, longest: int) -> str:
    text = value.get(name, "")
    if not isinstance(text, str) or len(text) > longest:
        raise _refuse(f"its {name}", text)
    return text


def _refuse(what: str, found: object) -> VerdictRefused:
    return VerdictRefused(
        "A press that does not come from this page cannot be recorded",
        found=f"{what}, {found!r:.80}",
    )
