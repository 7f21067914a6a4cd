"""What is typed into the search, taken apart: ``artist:"van gogh" -given:cubism 1880..1890``.

Every term must hold. ``-`` before one means that it must not. Quotation marks keep words together.
Nothing that can be typed is an error: what cannot be read is left out, and a sentence says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from dashboard.selection.folding import fold_text

Field = Literal["", "artist", "title", "year", "given", "seen", "set", "verdict"]
Years = tuple[float, float]  # first and last, infinite where open

LONGEST_QUERY: Final = 300  # characters that are read
# What may stand before a colon; beside these the word of the run, which means ``given``.
FIELDS: Final[dict[str, Field]] = {
    "artist": "artist",
    "title": "title",
    "year": "year",
    "years": "year",
    "given": "given",
    "label": "given",
    "seen": "seen",
    "predicted": "seen",
    "set": "set",
    "verdict": "verdict",
}
_TOKEN: Final = re.compile(
    r"""(?P<minus>-?)
        (?:(?P<field>[^\W\d_][\w-]*):\s*)?
        (?:"(?P<phrase>[^"]*)(?P<end>"?) | (?P<word>[^\s"]+))""",
    re.VERBOSE,
)
_RANGE: Final = re.compile(r"(-?\d{1,6})?\.\.(-?\d{1,6})?")
_YEAR: Final = re.compile(r"-?\d{1,6}")
_SIGNS: Final = str.maketrans(dict.fromkeys("“”„«»", '"') | {"…": ".."})


@dataclass(frozen=True)
class Term:
    """``value`` folded, in the ``field`` or, without one, in any text of a painting.

    ``years``: those that a number means. ``said``: the term as it was typed.
    """

    value: str
    field: Field = ""
    is_negated: bool = False
    years: Years | None = None
    said: str = ""


@dataclass(frozen=True)
class Query:
    """Terms that must all hold, and sentences on what could not be read."""

    terms: tuple[Term, ...] = ()
    faults: tuple[str, ...] = ()


def parse_query(text: str, word: str = "style") -> Query:
    """``text`` taken apart; ``word``: what the run calls its labels, a field as well."""
    terms: dict[Term, None] = {}
    faults: dict[str, None] = {}
    if len(text) > LONGEST_QUERY:
        faults[f"Only the first {LONGEST_QUERY} characters of the search are read."] = None
    for token in _TOKEN.finditer(tidy_signs(text[:LONGEST_QUERY])):
        found, fault = _read_token(token, word)
        terms |= dict.fromkeys(found)
        faults |= dict.fromkeys(fault)
    return Query(tuple(terms), tuple(faults))


def split_last(text: str) -> tuple[str, str]:
    """``text`` before its last term, and that term, which is empty after a blank."""
    tidied = tidy_signs(text[:LONGEST_QUERY])
    last = next(reversed([*_TOKEN.finditer(tidied)]), None)
    is_open = last is not None and last["phrase"] is not None and not last["end"]
    if last is None or (last.end() < len(tidied) and not is_open):
        return tidied, ""
    return tidied[: last.start()], last[0]


def write_term(field: str, value: str, is_negated: bool = False) -> str:
    """The term as it is typed: ``artist:"Vincent van Gogh"``."""
    plain = " ".join(tidy_signs(value).replace('"', "").split())
    text = f'"{plain}"' if re.search(r"\s", plain) else plain
    return f"{'-' if is_negated else ''}{field}:{text}"


def name_field(word: str) -> str:
    """``"art movement"`` -> ``"art_movement"``: the field that a run's word is."""
    return re.sub(r"\W+", "_", fold_text(word))


def tidy_signs(text: str) -> str:
    """``text`` with plain quotation marks, and two dots for the one sign that phones make of them.

    Its length may change.
    """
    return text.translate(_SIGNS)


def _read_token(token: re.Match[str], word: str) -> tuple[list[Term], list[str]]:
    """The terms of one token, mostly one, and what is wrong with it."""
    name, said = token["field"] or "", token[0]
    faults = []
    if token["phrase"] is not None and not token["end"]:
        faults.append("A quotation mark is not closed: all after it was taken as one phrase.")
    value = token["phrase"] if token["phrase"] is not None else token["word"]
    field = _find_field(name, word)
    if name and field is None:
        faults.append(
            f"“{name}:” is no field of the search, and was looked for as text. Fields are "
            f"{', '.join(f'{each}:' for each in list_fields(word))}."
        )
        words = said.removeprefix("-").replace('"', "").split()
        found = [_build_term(each, "", bool(token["minus"]), each) for each in words]
        return [term for term in found if term], faults
    if not name and value.endswith(":") and _find_field(value[:-1], word):
        return [], [*faults, f"Nothing follows “{value}”: it was left out."]
    if field == "year":
        years = parse_years(value)
        if years is None:
            return [], [*faults, _fault_of_years(value)]
        return [Term(fold_text(value), "year", bool(token["minus"]), years, said)], faults
    if not field and (years := _parse_range(value)) is not None:
        if years[0] > years[1]:
            return [], [*faults, _fault_of_years(value)]
        return [Term(fold_text(value), "year", bool(token["minus"]), years, said)], faults
    term = _build_term(value, field or "", bool(token["minus"]), said)
    if term is None:
        return [], [*faults, f"“{said}” holds no letter or digit: it was left out."]
    return [term], faults


def _build_term(value: str, field: Field, is_negated: bool, said: str) -> Term | None:
    folded = " ".join(fold_text(value).split())
    if not any(sign.isalnum() for sign in folded):
        return None
    years = parse_years(folded) if not field and folded.isdecimal() else None
    return Term(folded, field, is_negated, years, said)


def _find_field(name: str, word: str) -> Field | None:
    known: dict[str, Field] = {name_field(word): "given", **FIELDS}
    return known.get(name_field(name)) if name else None


def list_fields(word: str) -> list[str]:
    """One name of each field, that of the labels by the run's ``word`` as well."""
    names = dict.fromkeys(FIELDS.values())
    return list(dict.fromkeys([*names, name_field(word)]))


def parse_years(text: str) -> Years | None:
    """``1906``, ``1900..1910``, ``1900..`` or ``..1910``; None for anything else."""
    text = text.strip()
    if _YEAR.fullmatch(text):
        return float(text), float(text)
    years = _parse_range(text)
    return years if years is not None and years[0] <= years[1] else None


def _parse_range(text: str) -> Years | None:
    found = _RANGE.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        return None
    return float(found[1] or "-inf"), float(found[2] or "inf")


def _fault_of_years(value: str) -> str:
    if _parse_range(value) is not None:
        return f"“{value}” ends before it begins: it was left out."
    return f"“{value}” is no year: write 1906, 1900..1910, 1900.. or ..1910. It was left out."
