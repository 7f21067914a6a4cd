"""How a label is written in the museum's own table."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pandas as pd

from core.collection.reading.makers import list_makers, strip_life
from core.collection.reading.spellings import fold_label
from core.collection.reading.vocabulary import Vocabulary
from core.tasks import Task

_PARTS: Final = re.compile(r"[;|,\n]")
_SEPARATORS: Final = re.compile(r"([;|,\n])")
_BEFORE_MAKER: Final = re.compile(r"\s*[|;\n\r]\s*$")  # as ``list_makers`` parts them
_AROUND: Final = " \t'\"[]"
_FRAMED: Final = re.compile(r"([ \t'\"\[\]]*)(.*?)([ \t'\"\[\]]*)")


def find_spellings(
    catalogue: pd.DataFrame, task: Task, vocabulary: Vocabulary | None = None
) -> dict[str, str]:
    """The commonest spelling of each label in the cells of ``task``, of equals the first.

    Variants that a ``vocabulary`` has another term for are none, nor are cells of several artists.
    """
    pairs = catalogue[[f"{task}_label", f"{task}_read"]].dropna()
    if task == "artist":
        is_one = [len(list_makers(read)) == 1 for read in pairs["artist_read"]]
        pairs = pairs[np.array(is_one, dtype=bool)]
    if vocabulary is not None:
        is_own = [_is_preferred(vocabulary, read) for read in pairs[f"{task}_read"]]
        pairs = pairs[np.array(is_own, dtype=bool)]
    counted = pairs.value_counts().reset_index()
    led = counted.sort_values(["count", f"{task}_read"], ascending=[False, True])
    led = led.drop_duplicates(f"{task}_label")
    return dict(zip(led[f"{task}_label"], led[f"{task}_read"], strict=True))


def _is_preferred(vocabulary: Vocabulary, read: str) -> bool:
    concept = vocabulary.find(read)
    return concept is None or fold_label(concept.term) == fold_label(read)


def spell_label(label: str, spelled: dict[str, str], vocabulary: Vocabulary | None) -> str:
    """As the table spells ``label``, else as the ``vocabulary`` does, else as it is."""
    concept = None if vocabulary is None else vocabulary.find(label)
    return spelled.get(label, label if concept is None else concept.term)


def write_label(cell: str, read: str, new: str, vocabulary: Vocabulary | None = None) -> str:
    """``cell`` with ``new`` in the place of ``read``, the part that was read as its label.

    Other values of a cell that holds several stay; one that is ``new`` already, or a variant of it
    in the ``vocabulary``, is not doubled.

    >>> write_label("Cubism; Dada", "Cubism", "Realism")
    'Realism; Dada'
    >>> write_label("Cubism; Dada", "Cubism", "Dada")
    'Dada'
    """
    if cell.strip() == read or read not in cell:
        return new
    before, _, after = cell.partition(read)
    others = {_name(part, vocabulary) for part in _PARTS.split(after)}
    if _name(new, vocabulary) not in others:
        return before + new + after
    quote = after[:1] if before[:1] == "[" else ""
    return before + re.sub(rf"^{quote}\s*[;|,\n]?\s*{quote}", "", after)


def write_other(
    cell: str, label: str, new: str, vocabulary: Vocabulary | None = None
) -> str | None:
    """``cell`` with ``new`` in the place of ``label``, one of the several that it holds.

    None where the cell does not hold the label once, but for its form or as a variant of it in the
    ``vocabulary``. One that is ``new`` already is not doubled.

    >>> write_other("New Realism; Realism", "Realism", "Dada")
    'New Realism; Dada'
    """
    pieces = _SEPARATORS.split(cell)
    own = _name(label, vocabulary)
    places = [at for at in range(0, len(pieces), 2) if _name(pieces[at], vocabulary) == own]
    if len(places) != 1:
        return None
    at = places[0]
    others = {_name(piece, vocabulary) for piece in (*pieces[:at:2], *pieces[at + 2 :: 2])}
    if _name(new, vocabulary) in others:
        pieces = _drop(pieces, at)
    else:
        pieces[at] = pieces[at].replace(pieces[at].strip(_AROUND), new)
    return "".join(pieces).strip()


def write_maker(cell: str, label: str | None, new: str) -> str | None:
    """``cell`` of an artist with ``new`` in the place of the first maker, whose ``label`` it was.

    Dates, nationality and a reserve were that maker's and go; other makers stay. None where it is
    not sure: of several makers none was learned, or one is ``new`` already.

    >>> write_maker("Attributed to Rembrandt (Dutch, 1606-1669)", None, "Judith Leyster")
    'Judith Leyster'
    >>> write_maker("Fritzsch, Christian|Denner, Balthasar", "Christian Fritzsch", "Hals, Frans")
    'Hals, Frans|Denner, Balthasar'
    """
    makers = list_makers(cell)
    if len(makers) < 2:
        return new
    names = [_spell_out(maker) for maker in makers[1:]]
    start = cell.find(makers[0])
    rest = cell.find(makers[1], start + len(makers[0]))
    if label is None or -1 in (start, rest) or _spell_out(new) in names:
        return None
    separator = _BEFORE_MAKER.search(cell[:rest])
    return None if separator is None else cell[:start] + new + separator[0] + cell[rest:]


def _spell_out(name: str) -> frozenset[str]:
    """The words of a name, in whatever order it is written."""
    return frozenset(re.findall(r"\w+", strip_life(name).casefold()))


def _drop(pieces: list[str], at: int) -> list[str]:
    """``pieces`` without the one at ``at`` and a separator; what brackets them all stays."""
    last = len(pieces) - 1
    if 0 < at < last:
        return pieces[: at - 1] + pieces[at + 1 :]
    kept = pieces[2] if at == 0 else pieces[last - 2]
    frames = [match.groups() for each in (kept, pieces[at]) if (match := _FRAMED.fullmatch(each))]
    (before, text, after), (opening, _, closing) = frames
    if at == 0:
        return [opening + text + after, *pieces[3:]]
    return [*pieces[: last - 2], before + text + closing]


def _name(piece: str, vocabulary: Vocabulary | None) -> str:
    """What pieces that name one label have in common: the term, as far as there is one."""
    text = piece.strip(_AROUND)
    concept = None if vocabulary is None else vocabulary.find(text)
    label = text if concept is None else concept.term
    return " ".join(label.replace("_", " ").casefold().split())
