"""One row of the log: one reviewer's verdict on one painting's label, and its context."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, get_args
from uuid import uuid4

from core.label_word import is_word
from core.reviews.errors import VerdictRefused
from core.reviews.reviewers import canonical_reviewer, find_hidden

Verdict = Literal["right", "outlier", "wrong", "unsure", "bad image", "several hands"]

VERDICTS: Final[dict[Verdict, str]] = {
    "right": "The label is right.",
    "outlier": "The label is right and the painting remarkable: a genuine outlier. Keep it.",
    "wrong": "The label is wrong.",
    "unsure": "It cannot be told.",
    "bad image": "Not a painting, or a picture too bad to judge.",
    "several hands": "Not by one hand: the artist who is named did not paint all of it.",
}
OF_ARTISTS: Final[frozenset[Verdict]] = frozenset({"several hands"})  # on no other label
SETTLES: Final = "yes"
UNDONE: Final = "undone"  # revokes the row that it supersedes
MAX_NOTE: Final = 2000  # characters
MAX_NAME: Final = 320


def list_verdicts(task: str) -> list[Verdict]:
    """The kinds of verdicts that labels called ``task`` can have."""
    return [kind for kind in VERDICTS if kind not in OF_ARTISTS or task == "artist"]


def _new_id() -> str:
    return uuid4().hex


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Entry:
    """``task``: what the labels judged are called, as ``core.label_word`` has it: verdicts on a
    painting's school and on its movement are two. ``given``: the label, null for none.
    ``proposed``: of a wrong label only. ``of_several``: the label again, where the work has others
    beside it: each has verdicts of its own. ``settles``: ``SETTLES`` of a verdict that was given to
    end a disagreement, else null.

    ``run_id`` and ``model_hash``: the run that was shown. ``supersedes``: id of the reviewer's
    earlier row on the same label. Two entries with one ``id`` are the same.
    ``reviewer`` is kept as ``reviewers.canonical_reviewer`` has it: an address is one person.
    Raises ``VerdictRefused`` for an invalid verdict.
    """

    key: str
    content_hash: str
    task: str
    given: str | None
    verdict: str
    reviewer: str
    run_id: str
    model_hash: str
    proposed: str | None = None
    note: str = ""
    supersedes: str | None = None
    of_several: str | None = None
    settles: str | None = None
    time: datetime = field(default_factory=_now)
    id: str = field(default_factory=_new_id)

    def __post_init__(self) -> None:
        kinds = (*get_args(Verdict), UNDONE)
        _require(self.verdict in kinds, "the verdict", self.verdict, f"one of {', '.join(kinds)}")
        _require(is_word(self.task), "the task", self.task, "a word such as style or artist")
        _require(bool(self.key), "the painting's key", self.key, "a key")
        _require(bool(self.id), "the verdict's id", self.id, "an id")
        hidden = find_hidden(self.reviewer.strip())
        _require(hidden is None, "the reviewer's name", str(hidden), "characters that can be seen")
        name = canonical_reviewer(self.reviewer)
        length = f"1 to {MAX_NAME} characters"
        _require(0 < len(name) <= MAX_NAME, "the reviewer's name", name[:120], length)
        length = f"{len(self.note)} characters"
        _require(len(self.note) <= MAX_NOTE, "the note", length, f"at most {MAX_NOTE}")
        is_meant = self.verdict not in OF_ARTISTS or self.task == "artist"
        _require(is_meant, f"a verdict '{self.verdict}'", self.task, "a verdict on an artist")
        is_settled = self.proposed is None or self.verdict == "wrong"
        _require(is_settled, f"a verdict '{self.verdict}'", str(self.proposed), "no proposed label")
        is_new = self.proposed is None or self.proposed != self.given
        _require(is_new, "the proposed label", str(self.proposed), "another than the given one")
        is_own = self.of_several in (None, self.given)
        _require(is_own, "the label of several", str(self.of_several), "the given label")
        is_plain = self.settles in (None, SETTLES)
        _require(is_plain, "settles", str(self.settles), f"{SETTLES} or nothing")
        _require(self.time.tzinfo is not None, "the time", str(self.time), "a time zone")
        object.__setattr__(self, "reviewer", name)
        object.__setattr__(self, "time", self.time.astimezone(UTC))


def _require(holds: bool, what: str, found: str, expected: str) -> None:
    if not holds:
        raise VerdictRefused(f"{what} cannot be recorded", found=repr(found), expected=expected)
