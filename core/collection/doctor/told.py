"""An examination as plain values, to be sent from one process to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from core.collection.doctor.examine import Examination, OpenQuestion, Part
from core.text import show_line

NAMED: Final = 5  # things of each line of the account
_LONGEST: Final = 2_000  # characters of a sentence


@dataclass(frozen=True)
class Line:
    """``number`` things of one kind that met one fate for one reason; ``names``: the first."""

    kind: str
    number: int
    fate: str
    reason: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """As ``Examination``; its sentences as one line each.

    ``refusal``: why there is nothing to be told; the rest is empty then.
    """

    refusal: str = ""
    rows: int = 0
    columns: int = 0
    recognised: str = ""
    parts: tuple[Part, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    hindrance: str = ""
    notes: tuple[str, ...] = ()
    account: tuple[Line, ...] = ()


FORM: Final = TypeAdapter(Told)


def tell(examination: Examination) -> Told:
    """What is shown of ``examination``."""
    account = (
        Line(
            entry.kind,
            len(entry.names),
            entry.fate,
            show_line(entry.reason),
            tuple(show_line(name) for name in entry.names[:NAMED]),
        )
        for entry in examination.account.entries
    )
    return Told(
        rows=examination.rows,
        columns=examination.columns,
        recognised=examination.recognised,
        parts=examination.parts,
        questions=examination.questions,
        hindrance=show_line(str(examination.hindrance or ""), _LONGEST),
        notes=tuple(show_line(note, _LONGEST) for note in examination.notes),
        account=tuple(account),
    )
