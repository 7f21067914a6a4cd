"""File names in the wrong encoding: repaired, or matched despite it.

Collections travel as zip files and CSVs between systems, and one name occurs in several spellings.
``joaquín-sorolla`` is listed as ``joaquã\\xadn-sorolla`` (UTF-8 read as Latin-1, then lower-cased)
and ``Dürer`` unpacks as ``Du╠êrer`` (UTF-8 read as code page 437, the encoding of old zip files),
sometimes twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ftfy

# Lower-casing turned the lead byte Ã (C3) into ã (E3) and Â (C2) into â (E2), which no
# mojibake detector then recognises.
_LOWERED_LEAD = re.compile("[ãâ](?=[\x80-\xbf])")
_ZIP_ESCAPE = re.compile("#U([0-9a-fA-F]{4})")  # Info-ZIP's escape for unwritable characters
_CODE_PAGE_437_MARKS = re.compile("[\u2500-\u259f]")  # box drawings: no title has them
_UNDECODED = re.compile("[^\x21-\x7e]|\\?")


def repair_name(name: str) -> str:
    """``name`` in its intended spelling, in NFC; an intact name is returned unchanged.

    >>> repair_name("joaquã\\xadn-sorolla"), repair_name("Du╠êrer"), repair_name("Courbet")
    ('joaquín-sorolla', 'Dürer', 'Courbet')
    """
    if name.isascii() and "#U" not in name:
        return name
    name = _ZIP_ESCAPE.sub(lambda match: chr(int(match[1], 16)), name)
    for _ in range(3):
        if not _CODE_PAGE_437_MARKS.search(name):
            break
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            break
    name = _LOWERED_LEAD.sub(lambda match: "Ã" if match[0] == "ã" else "Â", name)
    return unicodedata.normalize("NFC", ftfy.fix_encoding(name))


def fold_name(name: str) -> str:
    """Spelling to compare by: repaired, lower case, without accents, spaces as ``_``."""
    bare = repair_name(name)
    if not bare.isascii():
        apart = unicodedata.normalize("NFKD", bare)
        bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
        bare = bare.replace("\xad", "").replace(" _", "_")
    return bare.strip().casefold().replace(" ", "_")


def strip_undecoded(name: str) -> str:
    """Last resort: ``name`` without ``?`` and characters outside ASCII."""
    return _UNDECODED.sub("", name).casefold()


@dataclass(frozen=True)
class NameMatches:
    """Which listed name each found name is.

    ``pairs`` maps found -> listed; ``plain`` of them are spelled alike, ``repaired`` are not.
    """

    pairs: dict[str, str]
    plain: int
    repaired: int


def match_names(
    found: Iterable[str], listed: Iterable[str], prepare: Callable[[str], str] = str
) -> NameMatches:
    """Pairs the names found on disk with those of a list, whichever side is mis-encoded.

    Equal names pair first, then names that fold to the same spelling, then names that differ only
    in undecodable characters. A name with two candidates stays unmatched. ``prepare`` maps a name
    before it is folded (``Art_Nouveau/`` to ``Art_Nouveau_Modern/``, say).
    """
    listed = set(listed)
    unmatched = list(found)
    pairs = {name: name for name in unmatched if name in listed}
    plain = len(pairs)
    for spelling in (fold_name, strip_undecoded):
        unmatched = [name for name in unmatched if name not in pairs]
        left = listed.difference(pairs.values())
        if not unmatched or not left:
            break

        def spell(name: str, spelling: Callable[[str], str] = spelling) -> str:
            return spelling(prepare(name))

        pairs.update(_pair_unique(unmatched, left, spell))
    return NameMatches(pairs, plain, len(pairs) - plain)


def _pair_unique(
    found: Iterable[str], listed: Iterable[str], spell: Callable[[str], str]
) -> dict[str, str]:
    found_spelled = {name: spell(name) for name in found}
    listed_spelled = {name: spell(name) for name in listed}
    found_count = Counter(found_spelled.values())
    listed_count = Counter(listed_spelled.values())
    by_spelling = {spelled: name for name, spelled in listed_spelled.items()}
    return {
        name: by_spelling[spelled]
        for name, spelled in found_spelled.items()
        if found_count[spelled] == 1 and listed_count[spelled] == 1
    }
