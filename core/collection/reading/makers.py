"""Artists as they are called: "Hopper, Edward (1882-1967), painter" is Edward Hopper.

Catalogues put the surname first, add dates, nationality and part, and join several makers. A name
is only turned where the column shows that it is written so: "Rembrandt, Leiden" and "Wright & Son,
Ltd" stay as they are. Who counts as a person is ``core.collection.reading.attribution``'s to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from core.collection.account import Account
from core.collection.reading.attribution import PEOPLES, parse_attribution

_OUTSIDE_BRACKETS: Final = r"(?![^(\[]*[)\]])"
_SEVERAL: Final = re.compile(rf"\s*[|;\n\r]+\s*{_OUTSIDE_BRACKETS}")
_PART: Final = (
    "artist|painter|maker|creator|author|draftsman|draughtsman|draftswoman|engraver|etcher|"
    "printmaker|sculptor|designer|architect|photographer|illustrator|lithographer|miniaturist|"
    "maler|malerin|künstler|künstlerin|peintre|pittore|pintor|schilder|kunstenaar"
)
_LIFE: Final = (
    r"(?:(?:born|b\.|geb\.|né|née|died|d\.|gest\.|active|act\.|fl\.|flourished|tätig|actif|"
    r"ca?\.|circa|about|um)\s*)*\d{4}\??"
    r"(?:\s*[-–—/]\s*(?:(?:ca?\.|circa|after|before|um)\s*)?(?:\d{2,4}\??|present)?)?"
)
_RESERVE: Final = (
    r"[^()\[\]]*\b(?:attrib|workshop|studio|circle|follower|manner|school|copy|pupil|imitator)"
)
_IN_BRACKETS: Final = re.compile(
    rf"\s*[(\[](?:(?!{_RESERVE})[^()\[\]]*(?<!\d)\d{{4}}(?!\d)[^()\[\]]*|(?:{PEOPLES})|(?:{_PART}))[)\]]",
    re.IGNORECASE,
)
_AT_START: Final = re.compile(
    rf"^(?:(?:{_PART})\s*:\s*|(?:(?:painted|drawn|made|created) )?by[ :]\s*)(?=\S)", re.IGNORECASE
)
_AT_END: Final = re.compile(
    rf"\s*,\s*(?:(?:{PEOPLES})(?:[ -](?:{PEOPLES}))?|(?:{_PART})|{_LIFE})\s*$"
    r"|\s+\d{4}\s*[-–—]\s*\d{4}\s*$",
    re.IGNORECASE,
)
_PARTICLES: Final = re.compile(
    "af|al|am|auf|av|d'|da|dal|das|de|degli|dei|del|della|dello|den|der|des|di|do|dos|du|e|el|"
    "het|in|la|las|le|les|li|lo|los|of|'t|ten|ter|the|till|to|tot|und|van|vom|von|y|zu|zum|zur|"
    r"d\.|ä\.|j\.|sr\.|jr\.",
    re.IGNORECASE,
)
_GENERATION: Final = re.compile(
    r"(?:^|\s)(I|II|III|IV|V|VI|[JS]r\.?|Jnr\.?|Snr\.?|Junior|Senior|the (?:Younger|Elder)|"
    r"of \w+|d\. ?[JÄ]\.|"
    r"der (?:Jüngere|Ältere)|le (?:Jeune|Vieux)|il (?:Giovane|Vecchio)|de (?:Jonge|Oude))$",
    re.IGNORECASE,
)
_REST: Final = re.compile(
    r"(?:Bt|Bart|RA|ARA|PRA|PPRA|RSA|RWS|OM|CH|CBE|OBE|KBE|DBE|Lord|Sir|Baron|Baroness|Count|"
    r"Earl|Dame)\.?|(?:called|known as|also known as|alias|a\.k\.a\.|genannt|gen\.|dit|dite|detto|"
    r"detta|llamado|genaamd) .+",
    re.IGNORECASE,
)
_FIRM: Final = re.compile(
    r"&|\+|\d|\b(?:and|und|et|co|company|cie|inc|ltd|limited|llc|plc|gmbh|ag|corp|corporation|sons?|"
    r"bros|brothers|frères|gebrüder|fils|studios?|ateliers?|workshops?|werkstatt|manufactory|"
    r"manufaktur|manufacture|factory|works|press|foundry|museum|school|schule|academy|society|"
    r"guild|group|collective|estate|institute|university|family|various|others|unknown|anonymous)\b",
    re.IGNORECASE,
)
# A town behind a name tells where its bearer worked.
_PLACES: Final = re.compile(
    "aachen|amsterdam|antwerp|antwerpen|athens|augsburg|avignon|barcelona|basel|beijing|berlin|"
    "bern|bologna|bordeaux|boston|bremen|brescia|bruges|brugge|brussels|bruxelles|budapest|"
    "cairo|cambridge|chicago|cologne|constantinople|copenhagen|cordoba|cracow|cremona|delft|"
    "dijon|dordrecht|dresden|dublin|edinburgh|edo|ferrara|firenze|florence|frankfurt|geneva|"
    "genoa|ghent|glasgow|granada|haarlem|hamburg|hannover|istanbul|kyoto|leiden|leipzig|leyden|"
    "lille|lima|lisbon|liverpool|london|lucca|lyon|madrid|mannheim|mantua|marseille|mexico|"
    "milan|modena|moscow|munich|münchen|münster|nantes|naples|new york|norwich|nuremberg|"
    "nürnberg|oslo|oxford|padua|paris|parma|perugia|philadelphia|pisa|prague|rome|rotterdam|"
    "rouen|salzburg|seville|siena|stockholm|strasbourg|stuttgart|tokyo|toledo|toulouse|tours|"
    "turin|urbino|utrecht|valencia|venice|verona|vienna|warsaw|weimar|wien|zurich|zürich|"
    "england|france|germany|italy|spain|netherlands|holland|belgium|denmark|sweden|norway|"
    "russia|poland|japan|china|india|usa",
    re.IGNORECASE,
)


def read_makers(printed: Iterable[str], account: Account) -> dict[str, str]:
    """Each distinct name of a column as it is called; what was changed is in ``account``.

    Of several makers (``|``, ``;`` or a line each) the first leads. A reserve ("Attributed to ...")
    stays with its name.
    """
    leads, several = {}, []
    for name in printed:
        parts = list_makers(name)
        leads[name] = strip_life(parts[0]) if parts else ""
        if len(parts) > 1:
            several.append(f'"{"; ".join(parts)}" as "{leads[name]}"')
    turn = _Turning(leads.values())
    called = {name: turn.apply(lead) for name, lead in leads.items()}
    turned = [
        f'"{lead}" as "{called[name]}"' for name, lead in leads.items() if called[name] != lead
    ]
    account.add("label", "changed", "several makers, the first leads", several)
    account.add("label", "changed", "the surname was first", dict.fromkeys(turned))
    return called


def list_makers(name: str) -> list[str]:
    """The makers that a cell names, as it does; a line of dates or nationality is none."""
    parts = [" ".join(part.split()) for part in _SEVERAL.split(unicodedata.normalize("NFC", name))]
    parts = [part for part in parts if part]
    return [part for part in parts if part is parts[0] or strip_life(f"X, {part}") != "X"]


def strip_life(name: str) -> str:
    """``name`` without dates, nationality and part; as it is where nothing else is left."""
    bare = _AT_START.sub("", " ".join(_IN_BRACKETS.sub("", name).split()), count=1)
    while (shorter := _AT_END.sub("", bare)) != bare:
        bare = shorter
    bare = bare.strip(" ,")
    return bare if bare and parse_attribution(bare).artist is not None else name


class _Turning:
    """Turns "Surname, Given" where a column shows that names are written so.

    It does where at least as many names have one word (with particles) before a comma and given
    names behind it, as have none. Elsewhere a name is turned if it stands in the column the other
    way round, too, or begins, turned, with a given name that the column shows.
    """

    def __init__(self, names: Iterable[str]) -> None:
        persons = {_person(name) for name in names} - {""}
        natural = {name for name in persons if "," not in name and " " in name}
        inverted = {name for name in persons if _is_plain_inversion(name)}
        self.is_custom = bool(inverted) and len(inverted) >= len(natural)
        self.natural = {name.casefold() for name in natural}
        self.given = {name.split()[0].casefold() for name in natural}

    def apply(self, name: str) -> str:
        person = _person(name)
        turned = _turn(person)
        if turned == person or not self._is_meant(person, turned):
            return name
        return name.replace(person, turned)

    def _is_meant(self, person: str, turned: str) -> bool:
        if self.is_custom or turned.casefold() in self.natural:
            return True
        return _is_plain_inversion(person) and turned.split()[0].casefold() in self.given


def _person(name: str) -> str:
    """The person whom a printed name is by, or linked to: a reserve before or behind is left."""
    person = parse_attribution(name).artist or ""
    return person if person in name else ""


def _is_plain_inversion(name: str) -> bool:
    surname = name.partition(",")[0].split()
    return _turn(name) != name and len(_without_particles(surname)) == 1


def _turn(name: str) -> str:
    """``"Gogh, Vincent van"`` -> ``"Vincent van Gogh"``; what is no such name as it is."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 3 and _GENERATION.fullmatch(parts[2]):
        parts = [parts[0], f"{parts[1]} {parts[2]}"]
    if len(parts) not in (2, 3) or not _is_surname(parts[0]) or not _is_given(parts[1]):
        return name
    if len(parts) == 3 and not _REST.fullmatch(parts[2]):
        return name
    generation = _GENERATION.search(parts[1])
    given = parts[1][: generation.start()] if generation else parts[1]
    behind = f" {generation[1]}" if generation else ""
    joint = "" if given.endswith(("d'", "d’", "-")) else " "
    rest = f", {parts[2]}" if len(parts) == 3 else ""
    return f"{given}{joint}{parts[0]}{behind}{rest}"


def is_full_name(text: str) -> bool:
    """Whether ``text`` may be a given name and a surname: capitalised, of no firm or town."""
    own = _without_particles(text.split())
    is_firm = _FIRM.search(text) or _PLACES.fullmatch(text) or re.fullmatch(PEOPLES, text, re.I)
    return 1 < len(own) <= 5 and _are_names(own) and not is_firm


def _is_surname(text: str) -> bool:
    words = text.split()
    own = _without_particles(words)
    return bool(own) and len(words) <= 5 and _are_names(own) and not _FIRM.search(text)


def _is_given(text: str) -> bool:
    generation = _GENERATION.search(text)
    words = (text[: generation.start()] if generation else text).split()
    if not 0 < len(words) <= 6 or _PARTICLES.fullmatch(words[0]) or _FIRM.search(text):
        return False
    if _PLACES.fullmatch(text) or re.fullmatch(PEOPLES, text, re.IGNORECASE):
        return False
    own = _without_particles(words)
    return len(own) <= 4 and _are_names(own)


def _without_particles(words: list[str]) -> list[str]:
    """``words`` of a name's own: not "van" or "Van"; a lone "Li" is a name."""
    own = [word for word in words if not _PARTICLES.fullmatch(word)]
    return own or [word for word in words if word[0].isupper()]


def _are_names(words: list[str]) -> bool:
    """Whether each is a capital with letters behind, or initials."""
    return all(re.fullmatch(r"[^\W\d_][\w'’.-]*", word) and word[0].isupper() for word in words)
