"""What the doctor found, as a person reads it in a terminal."""

from __future__ import annotations

from typing import Final

from core.collection.account import Account
from core.collection.doctor.examine import Examination, OpenQuestion, Part, count_rows
from core.collection.wording import count_of
from core.text import percent, show_line

_COLUMN: Final = 26  # characters of a column's name
_SAMPLE: Final = 22  # of one sample
_SAMPLES: Final = 52  # of all of them
_OTHERS: Final = 3  # columns named beside the chosen one


def describe_examination(examination: Examination) -> str:
    """The table of roles, all open questions, the account and the notes."""
    blocks = [
        _describe_head(examination),
        *([_describe_parts(examination)] if examination.parts else []),
        *([_describe_questions(examination)] if examination.questions else []),
        _describe_hindrance(examination),
        _describe_account(examination.account),
        "\n".join(f"  {note}" for note in examination.notes),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _describe_head(examination: Examination) -> str:
    if examination.table is None:
        held = examination.paintings
        counted = count_of(0 if held is None else len(held), "painting")
        return f"{examination.name}: {counted}, read as '{examination.source}'."
    whose = f", read as {examination.recognised}" if examination.recognised else ""
    return f"{examination.name}: {count_rows(examination)}{whose}."


def _describe_parts(examination: Examination) -> str:
    """One line a role; roles without a column say so."""
    head = f"  {'role':<14} {'column':<{_COLUMN}} {'filled':>7}  {'samples':<{_SAMPLES}}  or"
    return "\n".join(
        [head, *(_describe_part(part, examination.rows) for part in examination.parts)]
    )


def _describe_part(part: Part, rows: int) -> str:
    others = ", ".join(part.others[:_OTHERS]) + (", ..." if len(part.others) > _OTHERS else "")
    name = show_line(part.column, _COLUMN) or "none"
    filled = percent(part.filled / rows) if part.column and rows else ""
    samples = show_line(" · ".join(show_line(each, _SAMPLE) for each in part.samples), _SAMPLES)
    line = f"  {part.word:<14} {name:<{_COLUMN}} {filled:>7}  {samples:<{_SAMPLES}}  {others}"
    return line.rstrip()


def _describe_questions(examination: Examination) -> str:
    lines = ["Open questions"]
    for number, question in enumerate(examination.questions, 1):
        lines += [f"  {number}. {question.text} Answer with one of:"]
        lines += [f"     {line}" for line in _describe_answers(question, examination.rows)]
    return "\n".join(lines)


def _describe_answers(question: OpenQuestion, rows: int) -> list[str]:
    lines = []
    for answer in question.answers:
        if answer.filled is None:
            lines.append(answer.flags)
            continue
        samples = " · ".join(show_line(each, _SAMPLE) for each in answer.samples)
        filled = percent(answer.filled / rows) if rows else ""
        lines.append(f"{answer.flags:<44} {filled:>7}  {samples}".rstrip())
    return lines or [question.flag]


def _describe_hindrance(examination: Examination) -> str:
    """Where no question is open it is the last word, as an error."""
    if not examination.questions or examination.hindrance is None:
        return ""
    return f"Before training\n  {examination.hindrance}"


def _describe_account(account: Account) -> str:
    if not account.entries:
        return ""
    return "\n".join(["Account", *(f"  {line}" for line in account.describe())])
