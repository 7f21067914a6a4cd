"""Labels in a museum's cells: each of several, and what is asked about the rest."""

from __future__ import annotations

import ast
import re
from typing import Final

import pandas as pd

from core.collection.account import Account
from core.collection.reading.roles import name_flag
from core.collection.wording import count_of, list_some
from core.label_word import STYLE, LabelWord
from core.tasks import Task

UNKNOWN: Final = frozenset(
    {
        *("", "-", "--", "?", "n/a", "na", "nan", "none", "null", "unknown", "unassigned"),
        *("unidentified", "not recorded", "unbekannt", "inconnu", "sconosciuto", "desconocido"),
        *("#n/a", "#ref!", "#value!", "#name?", "#null!"),  # a spreadsheet's errors
    }
)
"""Museums' words for a value that is not known."""
_SEVERAL: Final = re.compile(r"\s*[;|]\s*")
_BETWEEN: Final = re.compile(r"\s*[,/]\s*|\s+(?:&|and|und|et|y|e|en)\s+")
# What a label is not: a number, a share, a day, yes or no.
_NO_NAME: Final = re.compile(
    r"[-+]?\d+(?:[.,]\d+)*\s*%?|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|true|false|yes|no|ja|nein|oui|non",
    re.IGNORECASE,
)


def part_labels(cells: pd.Series, separator: str | None = None) -> pd.Series:
    """The labels of each cell, words for "unknown" left out; null where none is left.

    ``separator`` parts labels as well as what always may.
    """
    texts = [str(label) for label in cells.value_counts().index]
    known = _find_parts(texts) if separator is None else _cut_parts(texts, separator)
    parted = cells.map(lambda cell: _drop_unknown(known[cell]), na_action="ignore")
    parted = parted.astype("object")  # an empty column would be one of numbers
    return parted.where(parted.str.len() > 0, None)


def _cut_parts(labels: list[str], separator: str) -> dict[str, list[str]]:
    return {
        label: [each.strip() for part in _part(label) for each in part.split(separator)]
        for label in labels
    }


def _drop_unknown(parts: list[str]) -> list[str]:
    return [part for part in dict.fromkeys(parts) if part.casefold() not in UNKNOWN]


def read_labels(
    parts: pd.Series, cells: pd.Series, role: Task, account: Account, word: LabelWord = STYLE
) -> tuple[pd.Series, list[str]]:
    """The first label of each work, and what to say of works with several, numbers or none.

    ``parts``: of ``part_labels``, of the ``cells``.
    """
    one, names = word.name(role), word.name_all(role)
    read = parts.str[0].astype("str")
    said = _note_several(parts, role, names, account)
    known = [str(label) for label in read.dropna().unique()]
    said += _note_no_names(known, role, word)
    said += _ask_about_joint(read, names)
    lacking = int(read.isna().sum())
    if lacking and role == "style" and known:
        words = cells[read.isna()].dropna().unique().tolist()
        said.append(
            f"{count_of(lacking, 'row')} of {len(read):,} without a {one}"
            + (f" ({list_some(words, 3)})." if words else ".")
        )
    return read, said


def _note_several(parts: pd.Series, role: Task, names: str, account: Account) -> list[str]:
    several = parts[parts.str.len() > 1].map("; ".join)
    if several.empty:
        return []
    told = sorted(several.unique())
    fate = "each is read" if role == "style" else "the first leads"
    account.add("label", "changed", f"several {names}, {fate}", [f'"{each}"' for each in told])
    is_read = "each is read" if role == "style" else "the first is taken"
    return [
        f"{count_of(len(several), 'row')} with several {names}, of which {is_read}: "
        f"{list_some(told, 3)}."
    ]


def _note_no_names(known: list[str], role: Task, word: LabelWord) -> list[str]:
    """A note on labels that name nothing; none where all do."""
    odd = [label for label in known if _NO_NAME.fullmatch(label)]
    if not odd:
        return []
    if all(label.isdecimal() for label in odd):
        odd, what = sorted(odd, key=int), "numbers"
    else:
        what = "numbers, dates or yes and no"
    names = word.name_all(role)
    whole = f"The {names} are" if len(odd) == len(known) else f"Some {names} are"
    return [
        f"{whole} {what} ({list_some(odd)}): if the table names them in another column, give it "
        f"with {name_flag(role)}."
    ]


def _ask_about_joint(read: pd.Series, names: str) -> list[str]:
    """A question on labels that hold another label besides a comma, a slash or an "and"."""
    counts = read.value_counts()
    alone = {str(label).casefold() for label in counts.index}
    joint = [
        f'"{label}" ({count:,})'
        for label, count in counts.items()
        if len(parts := _BETWEEN.split(str(label))) > 1
        and any(part.casefold() in alone for part in parts)
    ]
    if not joint:
        return []
    return [
        f"Is each of these several {names}? Each was read as one: {list_some(joint, 3)}. If so, "
        "put ';' between them in the table, or say what parts them with --label-separator."
    ]


def _find_parts(labels: list[str]) -> dict[str, list[str]]:
    """The labels of each cell.

    Lines of one cell and the values of a list are several labels. A ";" or "|" parts labels where
    a part is a label of other cells as well; else it belongs to a name.
    """
    parted = {label: _part(label) for label in labels}
    cells_of: dict[str, set[str]] = {}
    for label, parts in parted.items():
        for part in parts:
            cells_of.setdefault(part.casefold(), set()).add(label)
    found: dict[str, list[str]] = {}
    for label, parts in parted.items():
        is_list = "\n" in label or label[:1] == "["
        shared = any(len(cells_of[part.casefold()]) > 1 for part in parts)
        found[label] = parts if parts and (is_list or shared) else [label]
    return found


def _part(label: str) -> list[str]:
    if label[:1] == "[" and label[-1:] == "]":
        try:
            values = ast.literal_eval(label)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            values = None
        if isinstance(values, list) and values and all(isinstance(each, str) for each in values):
            return [each.strip() for each in values if each.strip()] or [label]
    lines = [line.strip() for line in label.splitlines() if line.strip()]
    return [part for line in lines for part in _SEVERAL.split(line) if part] or [label]
