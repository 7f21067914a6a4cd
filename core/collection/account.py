"""What became of everything a source holds: read, left out, refused.

A source adds each row, file, folder and column that it meets, once. What it then says to the user,
writes to a file or keeps in a run comes from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from core.collection.wording import count_of, list_some

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["row", "joined row", "file", "folder", "column", "label", "picture"]
Fate = Literal["read", "left out", "refused", "changed"]
"""Every thing has one of the first three. ``left out``: not what this collection is made of
(another view, a thumbnail); ``refused``: it should have been read and could not be. ``changed`` is
said besides, of what was read but not as it stood (a repaired name, a merged spelling)."""
COLUMNS: Final = ("kind", "name", "fate", "reason")
SUMMARY: Final = ("What", "Was", "Reason", "Which")
NAMED: Final = 5  # of each line of a summary


@dataclass(frozen=True)
class Entry:
    """Things of one kind that met one fate for one reason, a phrase such as "no file name"."""

    kind: Kind
    fate: Fate
    reason: str
    names: tuple[str, ...]

    def describe(self) -> str:
        """One line: ``"3 rows refused, no file name: row 5, row 9, row 12"``."""
        head = f"{count_of(len(self.names), self.kind)} {self.fate}"
        reason = f", {self.reason}" if self.reason else ""
        names = f": {list_some(self.names, 3)}" if self.fate != "read" else ""
        return head + reason + names


@dataclass
class Account:
    """Entries in the order in which a source made them; one for each kind, fate and reason."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, kind: Kind, fate: Fate, reason: str, names: Iterable[str]) -> None:
        """Adds ``names``; nothing where there are none."""
        added = tuple(names)
        if not added:
            return
        for place, entry in enumerate(self.entries):
            if (entry.kind, entry.fate, entry.reason) == (kind, fate, reason):
                self.entries[place] = Entry(kind, fate, reason, entry.names + added)
                return
        self.entries.append(Entry(kind, fate, reason, added))

    def count(self, kind: Kind, *fates: Fate) -> int:
        """Things of ``kind`` that met one of ``fates``."""
        chosen = (entry for entry in self.entries if entry.kind == kind and entry.fate in fates)
        return sum(len(entry.names) for entry in chosen)

    def describe(self) -> list[str]:
        """One line an entry."""
        return [entry.describe() for entry in self.entries]

    def table(self) -> pd.DataFrame:
        """One row a thing, with ``COLUMNS``; names as one line each, whatever they hold."""
        # A process that decodes one file of verdicts does without pandas.
        import pandas as pd

        from core.text import show_line

        rows = (
            (entry.kind, show_line(name, len(name) + 1), entry.fate, entry.reason)
            for entry in self.entries
            for name in entry.names
        )
        return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def summarise(account: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """One line, ``SUMMARY``, for each kind, fate and reason of ``account`` (with ``COLUMNS``): how
    many, and the first names. What was read is not named.
    """
    lines = []
    for key, names in account.fillna("").groupby(["kind", "fate", "reason"], sort=False)["name"]:
        kind, fate, reason = map(str, key)
        named = "" if fate == "read" else list_some(names.tolist(), NAMED)
        lines.append((count_of(len(names), kind), fate, reason, named))
    return lines
