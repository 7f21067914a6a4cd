"""Which column of a table plays which role.

A flag decides first, then a mapping (``core.collection.mapping``), then the columns' names: in any
case, with or without spaces, dots and hyphens. A column of a role's own name (``style``) takes
precedence over its other names (``movement``). What names alone cannot decide is a question, and
all questions are asked at once.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from core.collection.errors import CollectionError
from core.collection.wording import count_of, list_some

MOST_OFFERED: Final = 8  # columns of one question


@dataclass(frozen=True)
class Role:
    """``word``: what a curator calls it. ``names``: of columns that play it, as ``plain_name``
    makes them, the likeliest first. ``hints``: parts of the names of columns that may.

    ``asks``: two of ``names`` are a question; without, the likeliest is taken.
    """

    word: str
    names: tuple[str, ...]
    hints: tuple[str, ...] = ()
    asks: bool = True


ROLES: Final[dict[str, Role]] = {
    "key": Role(
        "key",
        (
            *("id", "objectid", "objectnumber", "objectno", "accessionnumber", "accessionno"),
            *("accessionnum", "inventorynumber", "inventoryno", "objectinventorynumber"),
            *("inventarnummer", "inventarisnummer", "numeroinventaire"),
        ),
        ("accessionn", "inventory", "objectid", "objectnumber", "reference", "uuid"),
        asks=False,
    ),
    "file": Role(
        "picture",
        ("filename", "picture", "image", "imagefile", "imagepath", "imagename", "path", "filepath"),
        ("file", "path", "image", "scan", "photo"),
    ),
    "address": Role(
        "web address",
        (
            *("imageurl", "primaryimage", "primaryimageurl", "imageweb", "imageprint"),
            *("imagefull", "imagenative", "iiifurl", "objectimage", "pictureurl", "photourl"),
            *("imageaddress", "thumbnailurl", "imagethumbnail", "iiifthumburl"),
        ),
        ("imageurl", "thumbnail", "iiif"),
        asks=False,
    ),
    "title": Role(
        "title",
        ("objecttitle", "worktitle", "titles", "name", "titel", "titre", "titolo", "titulo"),
        ("title",),
    ),
    "artist": Role(
        "artist",
        (
            *("maker", "creator", "creators", "objectcreator", "painter", "artistname"),
            *("artistdisplayname", "artisttitle", "artists", "author", "attribution"),
            *("künstler", "artiste", "artista", "kunstenaar", "kunstner", "konstnär"),
        ),
        ("artist", "maker", "creator", "painter", "attribution", "fullname", "people"),
    ),
    "year": Role(
        "year",
        (
            *("date", "dated", "objectdate", "creationdate", "objectcreationdate", "displaydate"),
            *("datedisplay", "datetext", "productiondate", "completionyear", "yearcompleted"),
            *("datierung", "jahr", "année", "fecha", "anno", "datering", "jaar"),
        ),
        ("year", "date", "century"),
    ),
    "year_from": Role(
        "earliest year",
        (
            *("objectbegindate", "beginyear", "datebegin", "datestart", "yearstart", "startyear"),
            *("creationdateearliest", "productiondatestart", "earliestyear", "earliestdate"),
            *("yearearliest", "dateearliest"),
        ),
        asks=False,
    ),
    "year_to": Role(
        "latest year",
        (
            *("objectenddate", "endyear", "dateend", "yearend", "creationdatelatest"),
            *("productiondateend", "latestyear", "latestdate", "yearlatest", "datelatest"),
        ),
        asks=False,
    ),
    "style": Role(
        "label",
        (
            *("movement", "artmovement", "period", "artstyle", "styletitle", "school"),
            *("stil", "stijl", "stile", "estilo", "mouvement"),
        ),
        (
            *("style", "movement", "period", "school", "term", "culture", "department"),
            *("classification", "category", "type", "objectname", "tags", "era", "genre"),
        ),
    ),
    "genre": Role(
        "genre",
        ("subject", "classification", "category"),
        ("genre", "subject", "classification", "category", "type", "objectname"),
    ),
    "rights": Role(
        "rights",
        (
            *("ispublicdomain", "publicdomain", "sharelicensestatus", "license", "licence"),
            *("rightsandreproduction", "copyright", "openaccess", "imagepermissionlevel"),
        ),
        ("rights", "license", "licence", "copyright", "publicdomain"),
        asks=False,
    ),
    "split": Role("split", ("subset", "foldsplit")),
}


@dataclass(frozen=True)
class Question:
    """What a table leaves open: ``found`` columns of which one is to be named for ``role``.

    ``answers``: flags of the command line, one of which answers it.
    """

    role: str
    what: str
    found: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """``chosen``: the column of each role that has one. ``others``: columns that may play it too.

    ``questions`` have to be answered before the rows are read.
    """

    chosen: dict[str, str]
    others: dict[str, tuple[str, ...]]
    questions: tuple[Question, ...]

    def require_answers(self, where: str) -> None:
        """Raises ``CollectionError`` with every open question and the flags that answer it."""
        if not self.questions:
            return
        raise CollectionError(
            f"{where} {' and '.join(question.what for question in self.questions)}",
            found="; ".join(list_some(each.found, 60) for each in self.questions if each.found),
            remedy=" ".join(
                f"Say which with {name_flag(each.role)}"
                + (f", such as {each.answers[0]}." if each.answers else ".")
                for each in self.questions
            )
            + " --dry-run shows what the columns hold.",
        )


@dataclass(frozen=True)
class Known:
    """What a mapping says of a table: the columns of roles; others that may hold the label.

    ``advice``: flags that bring a role which the table lacks.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Sequence[str] = ()
    advice: Mapping[str, str] = field(default_factory=dict)


def find_columns(
    names: Sequence[str], flags: Mapping[str, str], *, where: str, known: Known | None = None
) -> Columns:
    """Which column of ``names`` plays which role.

    Raises ``CollectionError`` for a flag that names no column.
    """
    known = known or Known()
    chosen = {role: _flagged_column(names, role, flags[role], where) for role in flags}
    # A key may be anything that is unique, the picture's path or the title included.
    taken = {column for role, column in chosen.items() if role != "key"}
    folded = {name.casefold(): name for name in names}
    told = {r: folded[n.casefold()] for r, n in known.columns.items() if n.casefold() in folded}
    chosen |= {r: name for r, name in told.items() if r not in chosen and name not in taken}
    # What a mapping names for one role is not guessed to play another.
    guessable = [name for name in names if name not in {*taken, *told.values(), *known.labels}]
    found = {role: _candidates(guessable, role) for role in ROLES if role not in chosen}
    chosen |= {
        role: each[0] for role, each in found.items() if len(each) == 1 or _leads(role, each)
    }
    _take_lone_year(chosen, found)
    others = {role: tuple(_other_columns(names, role, chosen, known)) for role in ROLES}
    asked = [
        *(_ask_which(role, each) for role, each in found.items() if role not in chosen and each),
        *_ask_missing(names, chosen, found, others, known),
    ]
    return Columns({role: chosen[role] for role in ROLES if role in chosen}, others, tuple(asked))


def name_flag(role: str) -> str:
    """``--year-from-column``; of the labels ``--label-column``, since they need not be styles."""
    return f"--{'label' if role == 'style' else role.replace('_', '-')}-column"


def flag_of(role: str, column: str) -> str:
    """``--label-column 'Art Style'``: what names ``column`` for ``role`` in a shell."""
    return f"{name_flag(role)} {shlex.quote(column)}"


def is_known_name(name: str) -> bool:
    """Whether a column of this name is found without a flag."""
    plain = plain_name(name)
    return any(plain in (role.replace("_", ""), *each.names) for role, each in ROLES.items())


def base_name(name: str) -> str:
    """``"style (2nd)"`` -> ``"style"``: what a doubled column is called in the header."""
    return re.sub(r" \(\d+(?:st|nd|rd|th)\)'*$", "", name)


def plain_name(name: str) -> str:
    """A column's name for comparison: ``"Object ID"``, ``"object_id"`` -> ``"objectid"``.

    The number of a doubled column (``style (2nd)``) or of a list (``title[1]``) is left out.
    """
    folded = unicodedata.normalize("NFC", base_name(name)).casefold()
    return re.sub(r"[\W_]+", "", re.sub(r"\[\d+\]$", "", folded))


def _candidates(names: Iterable[str], role: str) -> list[str]:
    """Columns that play ``role`` by their names, the likeliest first."""
    by_plain = [(plain_name(name), name) for name in names]
    own = [name for plain, name in by_plain if plain == role.replace("_", "")]
    wanted = ROLES[role].names
    return own or [name for each in wanted for plain, name in by_plain if plain == each]


def _leads(role: str, candidates: list[str]) -> bool:
    """Whether the first of several candidates is taken: not where they bear one name."""
    if ROLES[role].asks or not candidates:
        return False
    return plain_name(candidates[0]) != plain_name(candidates[1])


def _take_lone_year(chosen: dict[str, str], found: dict[str, list[str]]) -> None:
    """One end of a span is the year where a table has neither the other nor a year."""
    ends = [role for role in ("year_from", "year_to") if role in chosen]
    if len(ends) == 1 and "year" not in chosen and not found["year"]:
        chosen["year"] = chosen.pop(ends[0])
        found.pop(ends[0], None)


def _other_columns(
    names: Sequence[str], role: str, chosen: Mapping[str, str], known: Known
) -> list[str]:
    """Columns that might play ``role`` instead, the likeliest first."""
    named = _candidates(names, role)
    hinted = [
        name
        for hint in ROLES[role].hints
        for name in names
        if hint in plain_name(name) and name not in chosen.values()
    ]
    labels = [name for name in known.labels if name in names] if role == "style" else []
    told = labels or dict.fromkeys([*named, *hinted])
    return [name for name in told if name != chosen.get(role)][:MOST_OFFERED]


def _ask_which(role: str, candidates: list[str]) -> Question:
    return Question(
        role,
        f"has {count_of(len(candidates), 'column')} that may hold the {ROLES[role].word}",
        tuple(candidates),
        tuple(flag_of(role, name) for name in candidates[:MOST_OFFERED]),
    )


def _ask_missing(
    names: Sequence[str],
    chosen: Mapping[str, str],
    found: Mapping[str, list[str]],
    others: Mapping[str, tuple[str, ...]],
    known: Known,
) -> list[Question]:
    """Questions on the label and the picture, without which nothing can be trained on.

    A table none of whose columns can hold the picture leaves no question: it holds no pictures.
    """
    missing = ["style"] if "style" not in chosen and not found["style"] else []
    has_picture = bool({"file", "address"} & set(chosen)) or bool(found["file"])
    if not has_picture and not known.columns and others["file"]:
        missing.insert(0, "file")
    return [
        Question(
            role,
            f"has no column for the {ROLES[role].word}",
            others[role] or tuple(names),
            (
                *([known.advice[role]] if role in known.advice else []),
                *(flag_of(role, name) for name in others[role]),
            ),
        )
        for role in missing
    ]


def _flagged_column(names: Sequence[str], role: str, wanted: str, where: str) -> str:
    same = [name for name in names if name == wanted] or [
        name for name in names if plain_name(name) == plain_name(wanted)
    ]
    if len(same) == 1:
        return same[0]
    raise CollectionError(
        f"{where} has no column '{wanted}' for the {ROLES[role].word}",
        found=f"the columns {', '.join(names)}",
        remedy=f"Give one of these with {name_flag(role)}.",
    )
