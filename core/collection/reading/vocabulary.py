"""A vocabulary of labels: preferred terms with variants, broader terms and URIs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Final, Literal

import numpy as np

from core.collection.errors import CollectionError
from core.collection.reading.spellings import fold_label
from core.text import is_line

Depth = Literal["broader", "narrower"]

MOST_TERMS: Final = 20_000
LONGEST: Final = 300  # characters of a term
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True)
class Concept:
    """``term``: the preferred one. ``variants``: other spellings and languages, which mean the
    same. ``broader``: preferred terms of what it is a kind of.
    """

    term: str
    variants: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    uri: str | None = None


@dataclass(frozen=True)
class Vocabulary:
    """Concepts by preferred term. Terms are found whatever their form (``fold_label``).

    Raises ``CollectionError`` for a term that stands for two concepts, a broader term that is
    none of them, terms that are broader than themselves, and texts that are no terms or URIs.
    """

    concepts: tuple[Concept, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.concepts) <= MOST_TERMS:
            raise CollectionError(
                "The vocabulary cannot be used",
                found=f"{len(self.concepts):,} terms",
                expected=f"1 to {MOST_TERMS:,}",
            )
        for concept in self.concepts:
            _require_texts(concept)
        known = self._by_form
        for concept in self.concepts:
            for broader in concept.broader:
                if fold_label(broader) not in known:
                    raise CollectionError(
                        f'"{concept.term}" has a broader term that the vocabulary does not list',
                        found=broader,
                        remedy="Add a row for it, or correct its spelling.",
                    )
        _refuse_circles(self)

    def find(self, label: str) -> Concept | None:
        """The concept that ``label`` is a term or a variant of."""
        return self._by_form.get(fold_label(label))

    def find_uri(self, label: str) -> str | None:
        """The URI of the concept that ``label`` is a term of, where there is one."""
        concept = self.find(label)
        return None if concept is None else concept.uri

    def list_broader(self, label: str) -> frozenset[str]:
        """The preferred terms of all that ``label`` is a kind of, at any distance."""
        concept = self.find(label)
        if concept is None:
            return frozenset()
        return frozenset(each.term for each in self._climb(concept))

    def compare(self, label: str, other: str) -> Depth | None:
        """Whether ``other`` is broader or narrower than ``label``; None where it is neither."""
        one, two = self.find(label), self.find(other)
        if one is None or two is None or one is two:
            return None
        if two.term in self.list_broader(one.term):
            return "broader"
        return "narrower" if one.term in self.list_broader(two.term) else None

    def map_broader(self, classes: Sequence[str]) -> np.ndarray:
        """(K, K) bool: of two ``classes`` the second is broader than the first."""
        places: dict[str, list[int]] = {}
        for place, label in enumerate(classes):
            if (concept := self.find(label)) is not None:
                places.setdefault(concept.term, []).append(place)
        broader = np.zeros((len(classes), len(classes)), dtype=bool)
        for place, label in enumerate(classes):
            for term in self.list_broader(label):
                broader[place, places.get(term, [])] = True
        return broader

    def describe(self, label: str) -> str:
        """``"Cubism, a kind of Modern Art"``: ``label`` with its broader terms, as one line."""
        concept = self.find(label)
        if concept is None or not concept.broader:
            return label
        return f"{label}, a kind of {' and '.join(concept.broader)}"

    @property
    def digest(self) -> str:
        """sha256 of all that it says."""
        return hashlib.sha256(repr(self.concepts).encode()).hexdigest()

    @cached_property
    def _by_form(self) -> dict[str, Concept]:
        found: dict[str, Concept] = {}
        for concept in self.concepts:
            for label in (concept.term, *concept.variants):
                other = found.setdefault(fold_label(label), concept)
                if other is not concept:
                    raise CollectionError(
                        f'"{label}" stands for two terms of the vocabulary',
                        found=f"{_name(other)} and {_name(concept)}",
                        expected="one",
                        remedy="Leave it out of one of them.",
                    )
        return found

    def _climb(self, concept: Concept) -> Iterator[Concept]:
        """Each concept above ``concept``, once."""
        seen, waiting = {concept.term}, [concept]
        while waiting:
            for label in waiting.pop().broader:
                above = self._by_form[fold_label(label)]
                if above.term not in seen:
                    seen.add(above.term)
                    waiting.append(above)
                    yield above


def _name(concept: Concept) -> str:
    return f"{concept.term} ({concept.uri})" if concept.uri else concept.term


def _require_texts(concept: Concept) -> None:
    for text in (concept.term, *concept.variants, *concept.broader):
        if not text.strip() or len(text) > LONGEST or not is_line(text):
            raise CollectionError(
                "The vocabulary holds what is no term",
                found=repr(text[:60]),
                expected=f"one line of 1 to {LONGEST} characters",
            )
    if concept.uri is not None and (len(concept.uri) > 2_000 or not _URI.fullmatch(concept.uri)):
        raise CollectionError(
            f'The URI of "{concept.term}" is none',
            found=concept.uri[:100],
            expected="an absolute one, such as http://vocab.getty.edu/aat/300021495",
        )


def _refuse_circles(vocabulary: Vocabulary) -> None:
    """Raises ``CollectionError`` where a term is, through others, broader than itself."""
    above = {
        concept.term: [found.term for each in concept.broader if (found := vocabulary.find(each))]
        for concept in vocabulary.concepts
    }
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        raise CollectionError(
            "Terms of the vocabulary are broader than themselves",
            found=" > ".join(error.args[1]),
            remedy="Take one of these broader terms out.",
        ) from error
