"""What a collection calls the labels that are checked: style, school, movement, department, ...

A run keeps its word. The code calls the labels ``style`` where no person reads it: in the names of
tasks, columns and files. Texts for people hold ``{style}``, ``{styles}``, ``{a_style}`` or
``{Style}`` in its place.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict

from core.tasks import Task

MOST: Final = 32  # characters
_SIGNS: Final = " -'’"  # of a word, beside its letters: none that HTML or Markdown reads
_HUMP: Final = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-Z])")


def is_word(text: str) -> bool:
    """Whether ``text`` can be a word, or several: letters, with blanks and hyphens between them."""
    signs = all(sign.isalpha() or sign in _SIGNS for sign in text)
    return signs and len(text) <= MOST and text[:1].isalpha() and text == text.strip()


def _require_word(text: str) -> str:
    if not is_word(text):
        raise ValueError(f"no word of at most {MOST} letters, blanks and hyphens")
    return text


Word = Annotated[str, AfterValidator(_require_word)]


class LabelWord(BaseModel):
    """The word as it stands within a sentence. Raises ``ValueError`` for what is no word."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    singular: Word = "style"
    plural: Word = "styles"

    @property
    def capital(self) -> str:
        """``"School"``, at the beginning of a sentence or alone."""
        return self.singular[:1].upper() + self.singular[1:]

    @property
    def column(self) -> str:
        """``"art_movement"``: what columns and files that people export are called by."""
        return re.sub(r"\W+", "_", self.singular)

    def fill(self, text: str) -> str:
        """``text``, one of the program's own, with the word in its places."""
        return text.format(
            style=self.singular, styles=self.plural, a_style=self.one("style"), Style=self.capital
        )

    def name(self, task: Task) -> str:
        """What a person calls ``task``: the word, ``"artist"`` or ``"genre"``."""
        return self.singular if task == "style" else task

    def one(self, task: Task) -> str:
        """``"a school"``, ``"an artist"``."""
        name = self.name(task)
        return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"

    def name_all(self, task: Task) -> str:
        """As ``name``, of several."""
        return self.plural if task == "style" else f"{task}s"

    def title(self, task: Task) -> str:
        """As ``name``, with a capital."""
        return self.capital if task == "style" else task.capitalize()

    def count(self, number: int, task: Task = "style") -> str:
        """``"1 school"``, ``"1,200 schools"``."""
        return f"{number:,} {self.name(task) if number == 1 else self.name_all(task)}"


STYLE: Final = LabelWord()


def name_labels(singular: str, plural: str | None = None) -> LabelWord:
    """The word ``singular``, its plural built as English builds it where none is given.

    Raises ``ValueError``.
    """
    return LabelWord(singular=singular, plural=plural or build_plural(singular))


def word_of_column(column: str) -> str:
    """What a column's labels are called: ``"artMovement"`` -> ``"art movement"``; may be empty."""
    words = _HUMP.sub(" ", column)
    kept = "".join(sign if sign.isalpha() or sign in "-'’" else " " for sign in words)
    return " ".join(kept.lower().split()).strip(_SIGNS)


def build_plural(singular: str) -> str:
    """``"school"`` -> ``"schools"``, ``"century"`` -> ``"centuries"``."""
    if re.search("[^aeiou]y$", singular):
        return f"{singular[:-1]}ies"
    return f"{singular}es" if re.search("(s|x|z|ch|sh)$", singular) else f"{singular}s"
