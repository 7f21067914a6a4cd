"""Labels meet a vocabulary: each variant becomes its preferred term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from core.collection.account import Account
from core.collection.reading.spellings import fold_label
from core.collection.reading.vocabulary import Vocabulary
from core.collection.wording import list_some, name_some
from core.label_word import LabelWord
from core.tasks import FURTHER


def meet_terms(
    paintings: pd.DataFrame,
    vocabulary: Vocabulary,
    account: Account,
    word: LabelWord,
    former: Sequence[str] = (),
) -> tuple[pd.DataFrame, list[str]]:
    """``paintings`` whose labels are the preferred terms of ``vocabulary``, and sentences on it.

    A term stands as the first of the ``former`` labels spells it that does, else as the collection
    does; labels that are no term of the vocabulary stay as they are. What was changed is in
    ``account``.
    """
    labels = list_labels(paintings)
    terms = name_terms(labels, vocabulary, [*former, *sorted(labels)])
    changed = [f'"{old}" as "{new}"' for old, new in sorted(terms.items()) if old != new]
    account.add("label", "changed", "a variant of a term of the vocabulary", changed)
    said = []
    if changed:
        said.append(f"Variants read as terms of the vocabulary: {list_some(changed, 3)}.")
    if strange := sorted(labels - set(terms)):
        said.append(
            f"{word.plural.capitalize()} that are no term of the vocabulary, and stay as they are: "
            f"{name_some(strange)}."
        )
    return _replace(paintings, terms), said


def name_terms(
    labels: Iterable[str], vocabulary: Vocabulary, spellings: Sequence[str]
) -> dict[str, str]:
    """The preferred term of each of ``labels`` that is one of ``vocabulary``, or a variant of one.

    As the first of the ``spellings`` writes it that does, else as the vocabulary does.
    """
    spelled = {fold_label(label): label for label in reversed(spellings)}
    found = {label: concept for label in labels if (concept := vocabulary.find(label)) is not None}
    return {label: spelled.get(fold_label(each.term), each.term) for label, each in found.items()}


def list_labels(paintings: pd.DataFrame) -> set[str]:
    """Every style that one of ``paintings`` has."""
    labels = set(paintings["given_style"].dropna())
    if FURTHER in paintings:
        labels |= set(paintings[FURTHER].explode().dropna())
    return labels


def _replace(paintings: pd.DataFrame, terms: dict[str, str]) -> pd.DataFrame:
    first = paintings["given_style"].map(lambda label: terms.get(label, label), na_action="ignore")
    met = paintings.assign(given_style=first.astype("str"))
    if FURTHER in paintings:
        several = [
            _drop(one, (terms.get(str(each), str(each)) for each in others))
            if isinstance(others, tuple)
            else None
            for one, others in zip(met["given_style"], met[FURTHER], strict=True)
        ]
        met[FURTHER] = pd.Series(several, index=met.index, dtype="object")
    return met


def _drop(first: str, others: Iterable[str]) -> tuple[str, ...] | None:
    """``others``, each once and without the ``first``; None where none is left."""
    return tuple(dict.fromkeys(each for each in others if each != first)) or None
