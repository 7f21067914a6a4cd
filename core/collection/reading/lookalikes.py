"""Files whose path differs from a listed one in form alone: case, accents' form, ending."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from core.collection.reading.encoding import fold_name
from core.picture_formats import SUFFIXES

_SUFFIXES: Final = frozenset(SUFFIXES)


def _compose(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _fold(path: str) -> str:
    return " ".join(_compose(path).casefold().split())


def _drop_ending(path: str) -> str:
    stem, dot, ending = _fold(path).rpartition(".")
    return stem if f"{dot}{ending}" in _SUFFIXES else _fold(path)


def _repair(path: str) -> str:
    return fold_name(_drop_ending(path))


# From the same letters to the same name in other words for them, each with what was different.
_FORMS: Final[tuple[tuple[Callable[[str], str], str], ...]] = (
    (_compose, "a name whose accents are encoded otherwise"),
    (_fold, "a name in other case"),
    (_drop_ending, "a name with another ending"),
    (_repair, "a name spelled otherwise"),
)


class Lookalikes:
    """The files of a folder, to be found by paths that are not quite theirs."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = tuple(files)
        self._forms: dict[str, dict[str, list[str]]] = {}

    def find(self, path: str) -> tuple[tuple[str, ...], str]:
        """The files that ``path`` may mean, and what is different; by the strictest form."""
        for spell, difference in _FORMS:
            found = self._index(spell, difference).get(spell(path))
            if found:
                return tuple(found), difference
        return (), ""

    def ends_with(self, path: str) -> list[str]:
        """Files below other folders that end as ``path`` does."""
        name = _drop_ending(path.rpartition("/")[2])
        end = "/" + _drop_ending(path)
        by_name = self._index(lambda file: _drop_ending(file.rpartition("/")[2]), "name")
        return [file for file in by_name.get(name, []) if _drop_ending(file).endswith(end)]

    def _index(self, spell: Callable[[str], str], name: str) -> dict[str, list[str]]:
        if name not in self._forms:
            form = defaultdict(list)
            for file in self._files:
                form[spell(file)].append(file)
            self._forms[name] = dict(form)
        return self._forms[name]
