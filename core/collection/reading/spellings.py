"""One label in several spellings: merged where only the form differs, asked about where near.

Only the form differs: Unicode's composed and decomposed letters, characters that are not seen,
case, full stops, and which blank, hyphen or underscore stands between words. Labels that differ by
one letter are two until the curator says otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

import pandas as pd

from core.collection.account import Account
from core.collection.wording import list_some

_UNSEEN: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")
_JOINERS: Final = re.compile("[\u200c\u200d\u200e\u200f]")  # which some scripts need
_BETWEEN_WORDS: Final = re.compile(r"[\s_.\-\u00ad\u2010-\u2015\u2212]+")
_ALIKE: Final = str.maketrans(
    dict.fromkeys("’‘ʼ`´", "'") | {"[": "(", "]": ")", "{": "(", "}": ")"}
)
_NUMBERED: Final = re.compile(r"\d|\b[ivxlc]+\b")  # "Room 1" and "Room 2", "Louis XIV" and "XVI"
_SHORTEST: Final = 6  # letters of a label that may be a slip of another
_MOST_NAMED: Final = 5


def merge_spellings(columns: Iterable[pd.Series], task: str, account: Account) -> dict[str, str]:
    """The spelling to use of each label in ``columns``, which say the same of one ``task``.

    The commonest spelling of a label is kept, without characters that are not seen. Each other one
    is in ``account``.
    """
    counts: Counter[str] = Counter()
    for column in columns:
        counts |= _count(column)
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for label, number in counts.items():
        groups[fold_label(label)][clean_label(label)] += number
    kept = {folded: _choose(spellings) for folded, spellings in groups.items()}
    merged = {label: kept[fold_label(label)] for label in counts}
    account.add(
        "label",
        "changed",
        f"another spelling of the same {task}",
        [f'"{_show(old)}" as "{new}"' for old, new in sorted(merged.items()) if old != new],
    )
    return merged


def ask_about_near(labels: pd.Series, task: str) -> list[str]:
    """A question on pairs of ``labels`` that differ by one letter, in a list; none where none do.

    A letter is left out, added or changed, or two are swapped. Labels that differ by a number are
    no pair.
    """
    counts = _count(labels)
    pairs = _find_near(counts)
    if not pairs:
        return []
    asked = [
        " and ".join(
            f'"{label}" ({counts[label]:,})' for label in sorted(pair, key=counts.__getitem__)
        )
        for pair in pairs
    ]
    return [
        f"Is each of these one {task} in two spellings? They were kept apart: "
        f"{list_some(asked, _MOST_NAMED)}. If so, correct the labels."
    ]


def clean_label(label: str) -> str:
    """``label`` composed, one blank between words, without characters that are not seen."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", label)).split())


def fold_label(label: str) -> str:
    """What spellings of one label have in common; never empty.

    >>> fold_label("Ukiyo_e") == fold_label("UKIYO‐E"), fold_label("Art  naïf.")
    (True, 'art naïf')
    """
    plain = unicodedata.normalize("NFKC", _JOINERS.sub("", _UNSEEN.sub("", label)))
    plain = unicodedata.normalize("NFKC", plain.casefold()).translate(_ALIKE)
    return _BETWEEN_WORDS.sub(" ", plain).strip(" ,;:\"'“”„«»") or label


def _count(labels: pd.Series) -> Counter[str]:
    return Counter({str(label): int(n) for label, n in labels.value_counts().items()})


def _find_near(labels: Iterable[str]) -> list[tuple[str, str]]:
    by_rest: defaultdict[str, list[str]] = defaultdict(list)
    for label in labels:
        bare = _without_accents(fold_label(label))
        if len(bare) >= _SHORTEST and not _NUMBERED.search(bare):
            for rest in {bare, *(bare[:n] + bare[n + 1 :] for n in range(len(bare)))}:
                by_rest[rest].append(label)
    pairs = {
        (min(one, other), max(one, other))
        for sharing in by_rest.values()
        for place, one in enumerate(sharing)
        for other in sharing[place + 1 :]
    }
    return sorted(pairs)


def _choose(spellings: Counter[str]) -> str:
    """The commonest; of equals the one that is not all in capitals or small letters."""

    def rank(spelling: str) -> tuple[int, bool, str]:
        return -spellings[spelling], spelling in (spelling.upper(), spelling.lower()), spelling

    return min(spellings, key=rank)


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _show(label: str) -> str:
    """``label`` with what is not seen, or looks like a blank, as its code."""
    return "".join(
        letter
        if letter == " " or unicodedata.category(letter)[0] not in "CZ"
        else f"<{ord(letter):04X}>"
        for letter in label
    )
