"""Artist, title and year of a painting, read from a file name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from core.collection.reading.dates import LATEST_YEAR
from core.collection.reading.encoding import repair_name

EARLIEST_YEAR: Final = 1200

_PARTICLES: Final = re.compile(
    r"af|and|da|das|de|degli|del|della|den|der|des|di|do|dos|du|e|il|la|las|le|los|of|ten|ter|"
    r"the|und|van|vom|von|y|zu|zum|zur"
)
_NUMERALS: Final = frozenset(("ii", "iii", "iv"))
# French given names that are one name, as their hyphen says; a slug cannot tell them apart.
_DOUBLE_NAMES: Final = re.compile(
    r"^(Jean (?:Alexandru|Antoine|Auguste|Baptiste|Etienne|Francois|Honore|Jacques|Joseph|Leon"
    r"|Louis|Marc|Michel|Paul|Philippe|Pierre|Rene)|Pierre (?:Auguste|Paul)|Charles Francois"
    r"|Henri Edmond|Jules Joseph|Louise Elisabeth)(?= )"
)
_KNOWN_NAMES: Final = {
    "henri-de-toulouse-lautrec": "Henri de Toulouse-Lautrec",
    "james-mcneill-whistler": "James McNeill Whistler",
    "john-mccracken": "John McCracken",
    "john-mclaughlin": "John McLaughlin",
    "j.-e.-h.-macdonald": "J. E. H. MacDonald",
    "jay-defeo": "Jay DeFeo",
    "leroy-neiman": "LeRoy Neiman",
    "sol-lewitt": "Sol LeWitt",
    "marevna-(marie-vorobieff)": "Marevna (Marie Vorobieff)",
    "sir-lawrence-alma-tadema": "Sir Lawrence Alma-Tadema",
}
_CAMERA_WORDS: Final = re.compile(
    r"art|artwork|dscn?|file|images?|img|painting|photo|pic|picture|scan|test|train", re.IGNORECASE
)
_KEPT: Final = "\0"  # a hyphen that is to stay one
_NO_TITLE: Final = re.compile(
    r"^(not detected|not identified|unknown title|unknown|no title)\b[ \d]*$"
)
_TITLE_NUMERALS: Final = re.compile(r"(?<= )(ii|iii|iv|vi|vii|viii|ix|xii|xiii|xiv|xv|xvi)\b")
# Where WikiArt's slugs lost a letter a hyphen stands inside a word, as in "fr-hling" and "m-dling":
# told by what begins no word, or ends none.
_LOST_LETTER: Final = re.compile(
    r"(?<![a-z])(?:"
    r"(?:bl|br|cl|cr|fl|flj|fr|gl|gr|kl|kr|pr|sc|sch|schw|sj|sk|sz|szl|tr)-(?=[a-z]{2})|ch-(?=teau)|"
    r"(?:[bcfghjknprtvwz]-(?!mc)(?=[lmnr][bcdfgkpqtx]|bk|ck|dl|tl|zk|([dfglmnprst])\1)|m-(?=[lnr][cdfgkt]|dl|dch))|"
    r"(?:[bfhkrtz]|fr|gr|tr)-(?=u[bcdfglmnst][a-z]{2}))"
)
_COPY: Final = re.compile(r"\(\d+\)$")
_YEAR_AT_END: Final = re.compile(r"(?:^|-)(\d{4})(?:-(\d{1,2}))?$")


@dataclass(frozen=True)
class FileName:
    """A painting's data from its file name; ``None`` where the name has none."""

    artist: str | None
    title: str | None
    year: int | None


def parse_file_name(name: str) -> FileName:
    """Reads ``artist-slug_title-slug-year.jpg``, WikiArt's form.

    >>> parse_file_name("hilma-af-klint_the-swan-no-17-1915.jpg")
    FileName(artist='Hilma af Klint', title='The swan no 17', year=1915)
    """
    stem = name.rpartition(".")[0] or name
    slug, separator, rest = stem.partition("_")
    named = bool(separator) and _names_a_person(slug) and bool(rest)
    title_slug, year = split_year(rest if named else stem)
    return FileName(artist_from_slug(slug) if named else None, title_from_slug(title_slug), year)


def split_year(slug: str) -> tuple[str, int | None]:
    """Takes the year off the end of a title's slug: ``("water-lilies", 1917)``.

    A copy's number is dropped first (``-1917(2)``), and a number of one or two digits after the
    year is a count of works of one title (``-1917-6``), which stays in the title. Four digits
    outside ``EARLIEST_YEAR``..``LATEST_YEAR`` are not a year.
    """
    slug = _COPY.sub("", slug)
    match = _YEAR_AT_END.search(slug)
    if match is None or not EARLIEST_YEAR <= int(match[1]) <= LATEST_YEAR:
        return slug, None
    count = f"-{match[2]}" if match[2] else ""
    return slug[: match.start()] + count, int(match[1])


@lru_cache(maxsize=65_536)
def artist_from_slug(slug: str) -> str:
    """``"hilma-af-klint"`` -> ``"Hilma af Klint"``; also takes spaces or ``_`` between words."""
    slug = repair_name(slug).strip().strip("\xa0").casefold()
    slug = re.sub(r"[\s_]+", "-", slug)
    if slug in _KNOWN_NAMES:
        return _KNOWN_NAMES[slug]
    words = [word for word in slug.split("-") if word]
    spelled = [_spell_word(word, after) for word, after in zip(words, ["", *words], strict=False)]
    return _DOUBLE_NAMES.sub(lambda match: match[1].replace(" ", "-"), " ".join(spelled))


def artist_from_folder(name: str) -> str:
    """As ``artist_from_slug``; a folder's name with capitals is only repaired.

    >>> artist_from_folder("frans-hals"), artist_from_folder("James_McNeill_Whistler")
    ('Frans Hals', 'James McNeill Whistler')
    """
    if name == name.casefold():
        return artist_from_slug(name)
    return " ".join(repair_name(name).replace("_", " ").split())


def title_from_slug(slug: str) -> str | None:
    """``"the-artist-s-son"`` -> ``"The artist's son"``; ``None`` where there is no title.

    A word that lost a letter keeps the hyphen in its place: ``"fr-hling"`` -> ``"Fr-hling"``.
    """
    whole = _LOST_LETTER.sub(lambda match: match[0].replace("-", _KEPT), repair_name(slug))
    text = " ".join(whole.replace("_", " ").replace("-", " ").split()).replace(_KEPT, "-")
    if not text or _NO_TITLE.match(text.casefold()):
        return None
    text = re.sub(r"(?<=[^\W\d]{2}) s\b", "'s", text)
    text = re.sub(r"\b([ldLD]) (?=[aeiouhéèàâêîôœAEIOUH])", r"\1'", text)
    text = _TITLE_NUMERALS.sub(lambda match: match[0].upper(), text)
    return text[0].upper() + text[1:]


def _names_a_person(slug: str) -> bool:
    letters = slug.strip("-. ")
    named = len(letters) > 1 and not _CAMERA_WORDS.fullmatch(letters)
    return named and not re.search("[0-9]", letters)


def _spell_word(word: str, after: str) -> str:
    if word in _NUMERALS:
        return word.upper()
    if after and _PARTICLES.fullmatch(word):
        # Georges de la Tour, but Henri Le Fauconnier.
        return word.capitalize() if word in ("la", "le") and after != "de" else word
    # Initials and Irish or Italian prefixes: m.c. -> M.C., o'keeffe -> O'Keeffe, but prud'hon.
    parts = re.split(r"([.(])", word)
    spelled = "".join(part[:1].upper() + part[1:] for part in parts)
    return re.sub(r"^([OD]')(\w)", lambda match: match[1] + match[2].upper(), spelled)
