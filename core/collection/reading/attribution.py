"""Who made a work, as catalogues put it: a person, somebody near a person, or nobody known.

Only a work given to a person without reserve counts as that person's: in the oeuvre, as a class to
learn, as a case, in the folds. A qualified attribution ("Workshop of ...") names the artist whom it
is linked to and counts for nobody; so does what is anonymous, or by a school. The qualifiers are
those of the Getty's CDWA (Categories for the Description of Works of Art, "Creator: Qualifier"), in
the languages of museums' open tables.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import pandas as pd

Relation = Literal[
    "by",
    "attributed to",
    "workshop of",
    "circle of",
    "follower of",
    "manner of",
    "after",
    "school of",
    "unknown",
    "collective",
]


@dataclass(frozen=True)
class Attribution:
    """How a work stands to the person ``artist``, None where nobody is named."""

    relation: Relation
    artist: str | None

    @property
    def maker(self) -> str | None:
        """The person whose own work it is; None for anything less certain."""
        return self.artist if self.relation == "by" else None


# Words before a name ("Workshop of Rembrandt") or, in brackets or after a comma, behind it.
_QUALIFIERS: Final[dict[Relation, tuple[str, ...]]] = {
    "attributed to": (
        *("attributed to", "attribution to", "attr to", "attrib to", "ascribed to", "assigned to"),
        *("formerly attributed to", "previously attributed to", "traditionally attributed to"),
        *("here attributed to", "possibly by", "probably by", "perhaps by", "possibly", "probably"),
        *("perhaps", "zugeschrieben an", "zugeschrieben", "wohl", "vermutlich", "attribué à"),
        *("attribuée à", "attribuito a", "attribuita a", "atribuido a", "atribuída a"),
        *("atribuído a", "toegeschreven aan", "tillskriven", "tilskrevet", "przypisywany"),
        *("attr", "attrib", "attributed", "zugeschr", "приписывается", "attr a", "attr à"),
    ),
    "workshop of": (
        *("workshop of", "studio of", "atelier of", "shop of", "office of", "assistant of"),
        *("assistant to", "assistants of", "pupil of", "pupils of", "student of", "atelier de"),
        *("atelier d'", "atelier du", "atelier van", "werkstatt des", "werkstatt der"),
        *("werkstatt von", "werkstatt", "bottega di", "bottega del", "taller de", "taller del"),
        *("oficina de", "werkplaats van", "schüler von", "schüler des", "élève de", "leerling van"),
        *("мастерская", "ученик"),
    ),
    "circle of": (
        *("circle of", "close to", "near", "associate of", "entourage of", "entourage de"),
        *("cercle de", "umkreis des", "umkreis von", "umkreis", "kreis des", "kreis von"),
        *("cerchia di", "círculo de", "omgeving van", "kring van"),
        *("kreis", "круг"),
    ),
    "follower of": (
        *("follower of", "followers of", "imitator of", "imitators of", "nachfolger des"),
        *("nachfolger von", "nachfolger", "nachfolge", "nachahmer des", "nachahmer von"),
        *("suiveur de", "suite de", "seguace di", "seguidor de", "navolger van", "imitatore di"),
        *("последователь", "подражатель"),
    ),
    "manner of": (
        *("manner of", "in the manner of", "style of", "in the style of", "art des", "in art des"),
        *("stil des", "in der art von", "manière de", "à la manière de", "maniera di"),
        *("alla maniera di", "manera de", "estilo de", "trant van", "forgery of", "forger of"),
        *("genre de", "dans le goût de", "goût de"),
    ),
    "after": (
        *("after", "copy after", "copies after", "copy of", "copyist of", "engraved after"),
        *("painted after", "nach", "kopie nach", "d'après", "copie d'après", "copie de"),
        *("copia da", "copia di", "copia de", "según", "naar", "efter", "kopie naar"),
        *("копия с", "копия по", "с оригинала", "по оригиналу"),
    ),
    "school of": (
        *("school of", "schule des", "schule von", "école de", "école d'", "scuola di"),
        *("escuela de", "escola de", "school van", "школа"),
    ),
}
# Behind a name without bracket or comma: "Rembrandt and workshop", "Rubens workshop".
_BEHIND: Final[dict[Relation, tuple[str, ...]]] = {
    "workshop of": (
        *("and workshop", "and studio", "and assistant", "and assistants", "and pupils"),
        *("workshop", "pupil", "pupils", "with workshop", "with assistants", "studio"),
        *("und werkstatt", "werkstatt", "et atelier"),
        *("e bottega", "y taller", "en atelier"),
    ),
    "attributed to": ("zugeschrieben", "attributed"),
    "after": ("copy", "kopie"),
}
_BARE: Final[dict[str, Relation]] = {
    **{"attributed": "attributed to", "attr": "attributed to", "attrib": "attributed to"},
    **{"attribution": "attributed to", "attribué": "attributed to", "?": "attributed to"},
    **{"attribuito": "attributed to", "atribuido": "attributed to", "copy": "after"},
    **{"workshop": "workshop of", "studio": "workshop of", "atelier": "workshop of"},
    **{"bottega": "workshop of", "taller": "workshop of", "circle": "circle of"},
    **{"follower": "follower of", "imitator": "follower of", "manner": "manner of"},
    **{"style": "manner of", "school": "school of", "kopie": "after", "copie": "after"},
    **{"schule": "school of", "école": "school of", "scuola": "school of", "cercle": "circle of"},
    **{"escuela": "school of", "cerchia": "circle of", "школа": "school of"},
}
_NOBODY: Final = frozenset(
    {
        *("", "?", "-", "--", "n/a", "na", "none", "null", "nan", "not known", "not recorded"),
        *("unknown", "unknowns", "unknown maker", "unknown master", "unknown author", "anonymous"),
        *("anon", "anonym", "anonyme", "anonymus", "anonimo", "anonima", "anónimo", "anônimo"),
        *("unidentified", "unattributed", "unbekannt", "unbekannter meister", "onbekend"),
        *("inconnu", "inconnue", "sconosciuto", "ignoto", "desconocido", "desconhecido", "okänd"),
        *("ukjent", "ukendt", "tuntematon", "neznámý", "nieznany", "ismeretlen", "неизвестный"),
        *("неизвестен", "неизвестный художник", "不詳", "無款", "collective", "unkown"),
        *("no artist", "not identified", "not available", "not applicable", "n.n", "nn", "s.n"),
        *("s. n", "tbd", "to be determined", "artist not recorded", "artist not known"),
        *("not stated", "nobody", "unsigned", "unsigniert", "non signé", "nicht bekannt"),
        *("nicht identifiziert", "keine angabe", "ohne angabe", "non identifié", "non identifiée"),
        *("sans auteur", "non identificato", "no identificado", "não identificado"),
        *("niet geïdentificeerd", "不明", "未詳", "未知", "無名", "无款"),
    }
)
_UNKNOWN: Final = re.compile(
    r"(?:unknown|unidentified|unrecorded|anonymous|anonym(?:e|us|a|es)?|anon|anónimo|anonimo|anonyme|"
    r"unbekannte[rs]?|onbekende?|inconnue?|sconosciut[oa]|ignot[oa]|desconocid[oa]|okänd|ukjent|"
    r"anoniem|desconhecid[oa]|ukendt|tuntematon|neznám[ýá]|nieznan[ya]|ismeretlen|"
    r"неизвестн(?:ый|ая|ые)|аноним(?:ный)?)"
    r"\b\.?(?: (?:artists?|painters?|makers?|authors?|masters?|hands?|photographers?|engravers?|"
    r"draughtsm[ae]n|sculptors?|künstler|maler|meister|kunstenaar|pittore|artista|autor|"
    r"kunstner|konstnär|художник|мастер|автор))?(?:[ ,;:(\[].*)?"
    r"|.*(?:佚名|無名氏|无名氏|作者不明|作者不詳|作者不详|作者未詳|筆者不詳|작자 ?미상).*",
)
_UNKNOWN_BEHIND: Final = re.compile(
    r"(?:artists?|painters?|makers?|authors?|künstler|maler|meister|kunstenaar|artiste|auteur|"
    r"peintre|artista|autore|pittore|autor|maestro|maître|malarz|malíř) "
    r"(?:unknown|unidentified|not known|unbekannt|onbekend|inconnue?|anonyme|anonimo|anónimo|"
    r"ignoto|sconosciuto|desconocido|desconhecido|nieznany|neznámý|not recorded)(?:[ ,;(\[].*)?"
)
_SCHOOL: Final = re.compile(
    r"(?:\w[\w-]*[ -]|\([\w -]+\) ){0,3}"
    r"(?:school|schule|skola|skole|school painter|workshops?|manufactory)(?:[ ,;:(\[].*)?"
    r"|(?:[eé]cole|scuola|escuela|escola|ambito|manufacture|manufaktur|manifattura) "
    r"[\w-]+(?:[ ,;:(\[].*)?"
    r"|(?:[\w'-]+ ){1,3}(?:artists?|peoples?|culture)(?:[ ,;:(\[].*)?"
    r"|(?:[\w'-]+,? ){1,3}(?:dynasty|period)(?:[ ,;:(\[].*)?"
    r"|(?:pittore|scultore|maler|peintre|pintor|schilder|painter) .*"
    r"(?:secolo|jahrhunderts?|jh\.?|siècle|siglo|eeuw|century)"
)
PEOPLES: Final = (
    "african|american|ancient|arab|armenian|asian|assyrian|australian|austrian|belgian|bohemian|"
    "bolognese|brazilian|british|burgundian|byzantine|catalan|chinese|coptic|cretan|cuban|czech|"
    "danish|dutch|early|east|eastern|egyptian|english|ethiopian|european|ferrarese|finnish|"
    "flemish|florentine|franco|french|genoese|german|greek|haitian|hungarian|icelandic|indian|"
    "iranian|irish|islamic|israeli|italian|japanese|korean|late|latin|lombard|mexican|milanese|"
    "mughal|neapolitan|netherlandish|north|northern|norwegian|ottoman|persian|peruvian|pisan|"
    "polish|portuguese|rajasthani|roman|russian|scandinavian|scottish|sienese|south|southern|"
    "spanish|swedish|swiss|syrian|thai|tibetan|turkish|tuscan|ukrainian|umbrian|venetian|"
    "veronese|welsh|west|western"
)
_CULTURE: Final = re.compile(
    rf"(?:{PEOPLES})(?:(?:[ /-]| or )(?:{PEOPLES}))*"
    r"(?: (?:artists?|painters?|masters?|makers?))?"
    r"(?:[ ,]+(?:(?:early|mid|late|first|second|half|of|the|possibly|probably|c|ca|circa|about)"
    r"[ .,-]*)*(?:\d{1,2}(?:st|nd|rd|th)(?:[ /-].*)?|\d{3,4}.*|\(.*\)))?"
)
# The same in German, which has an ending: "Niederländischer Meister des 17. Jahrhunderts".
_CULTURE_GERMAN: Final = re.compile(
    r"(?:(?:alt|süd|nord|ober|nieder|west|ost|mittel)?(?:deutsch|rheinisch|italienisch)|"
    r"altniederländisch|bayerisch|böhmisch|burgundisch|byzantinisch|chinesisch|dänisch|englisch|"
    r"flämisch|florentinisch|fränkisch|französisch|griechisch|holländisch|indisch|japanisch|"
    r"kölnisch|lombardisch|neapolitanisch|niederländisch|österreichisch|persisch|polnisch|"
    r"portugiesisch|römisch|russisch|sächsisch|schwäbisch|schwedisch|schweizerisch|sienesisch|"
    r"spanisch|tirolisch|ungarisch|venezianisch)"
    r"(?:(?:er|e)? (?:meister|maler|künstler|malerin|bildhauer|stecher)|(?:er|e)?(?=[ ,]+\D*\d))"
    r"(?:[ ,]+(?:(?:um|ca|circa|nach|vor|des|aus|dem|im|anfang|mitte|ende|erstes?|erste|zweite|"
    r"hälfte|drittel|viertel|\d{1,2})[ .,-]*){0,6}\d{0,4}(?:jahrhunderts?|jh)?\.?)?"
)
_MANY: Final = re.compile(
    r"(?:various|multiple|several|diverse|verschiedene|divers|vari|varios)"
    r"(?: (?:artists?|makers?|hands?|authors?|künstler|artistes?|artisti|artistas?))?"
)
_DOUBT: Final = re.compile(r"\s*(?:\(\?\)|\[\?\]|\?)$|^(?:\(\?\)|\[\?\]|\?)\s*(?=\w)")
_EITHER: Final = re.compile(r"(?P<artist>\S.*?) (?:and/or|or|oder|ou|eller|или) (?=[A-ZÀ-ÞА-Я])")
# One artist's copy of another's work.
_COPIED: Final = re.compile(
    r".+?[ ,(\[]+(?:after|nach|d['’]après|naar|efter) (?=[A-ZÀ-Þ])(?P<artist>.+)"
)
_BRACKET: Final = re.compile(r"(?P<artist>[^()\[\]]+?)\s*[(\[](?P<words>[^()\[\]]+)[)\]]$")
_COMMA: Final = re.compile(r"(?P<artist>.+?)\s*,\s*(?P<words>[^,]+)$")
# "Handed down as": "傳 馬遠", "(伝)狩野元信"; without a mark behind it, it begins a surname.
_HANDED_DOWN: Final = re.compile(r"(?:[(（][傳伝传][)）]\s*|[傳伝传]\s+)(?=\S)")
# Between a reserve and the name: "After a painting by Holbein", "attributed to a pupil of Bosch".
_BETWEEN: Final = re.compile(
    r"(?:an?|the|an? lost|the lost) (?:(?:painting|picture|work|drawing|print|engraving|etching|"
    r"design|composition|original|photograph) (?:by|of|after) |(?=(?:follower|pupil|student|"
    r"imitator|assistant|workshop|studio|circle|school) of ))",
    re.IGNORECASE,
)


@lru_cache(maxsize=65_536)
def parse_attribution(printed: str | None) -> Attribution:
    """What a catalogue's ``printed`` artist says; blank space tidied, spelling kept."""
    name = " ".join(unicodedata.normalize("NFC", printed or "").split())
    plain = _fold(name)
    if not any(map(str.isalnum, plain)):
        return Attribution("unknown", None)
    bare = plain.strip("[]() ").rstrip(".")  # "[Artist unknown]"
    if bare in _NOBODY or _UNKNOWN.fullmatch(bare) or _UNKNOWN_BEHIND.fullmatch(bare):
        return Attribution("unknown", None)
    if any(each.fullmatch(plain) for each in (_MANY, _CULTURE, _CULTURE_GERMAN)):
        return Attribution("collective", None)
    if qualified := _parse_qualified(name, plain):
        return qualified
    return Attribution("collective", None) if _SCHOOL.fullmatch(plain) else Attribution("by", name)


def find_makers(artists: pd.Series) -> pd.Series:
    """The person whose own work each is, by ``artists`` as printed; null for anything less certain.

    The one answer to who is an artist: null is no class to learn, no oeuvre, no case and no group
    of the folds, and each such work is a hand of its own.
    """
    makers = [
        parse_attribution(name).maker if isinstance(name, str) else None
        for name in artists.astype("object")
    ]
    return pd.Series(makers, index=artists.index, dtype="str")


def _parse_qualified(name: str, plain: str) -> Attribution | None:
    """A reserve before the name, behind it, or a question mark."""
    if _DOUBT.search(name):
        return _link("attributed to", _DOUBT.sub("", name))
    if either := _EITHER.match(name):
        return _link("attributed to", either["artist"])
    if handed_down := _HANDED_DOWN.match(name):
        return _link("attributed to", name[handed_down.end() :])
    if plain in _RELATIONS:  # of nobody
        return Attribution(_RELATIONS[plain], None)
    for qualifier, leading in _LEADING:
        if found := leading.match(name):
            return _link(qualifier, name[found.end() :])
    if copied := _COPIED.fullmatch(name):
        return _link("after", copied["artist"].rstrip(")]"))
    for pattern in (_BRACKET, _COMMA):
        found = pattern.fullmatch(name)
        relation = _read_words(_fold(found["words"])) if found else None
        if found and relation:
            return _link(relation, found["artist"])
    for words, behind in _AFTER_NAME.items():
        if plain.endswith(f" {words}") and len(plain) > len(words) + 1:
            return _link(behind, re.sub(r"['’]s$", "", name.rstrip(".")[: -len(words) - 1]))
    return None


def _read_words(words: str) -> Relation | None:
    """The relation that a bracket's ``words`` name: "workshop of", "attr.", "?"."""
    return _BARE.get(words) or _RELATIONS.get(words) or _AFTER_NAME.get(words)


def _link(relation: Relation, artist: str) -> Attribution:
    """A relation to the person ``artist``; to nobody where that is no person."""
    inner = parse_attribution(_BETWEEN.sub("", artist.strip(" ,;"), count=1))
    return Attribution(relation, inner.artist)


def _fold(name: str) -> str:
    """Lower case, one apostrophe, no full stop at the end."""
    return " ".join(name.casefold().replace("’", "'").split()).rstrip(".")


_RELATIONS: Final = {words: relation for relation, each in _QUALIFIERS.items() for words in each}
_AFTER_NAME: Final = {words: relation for relation, each in _BEHIND.items() for words in each}


def _compile(words: str) -> re.Pattern[str]:
    """Matches ``words`` before a name: abbreviated or not, whatever the apostrophe.

    No single letter is abbreviated: "attr. A. Cuyp" has an initial, "attr. a Cuyp" has not.
    """
    pattern = r"\.?\s+".join(map(re.escape, words.split())).replace("'", "['\u2019]")
    stop = "" if words[-2] == " " else r"\.?"
    end = r"\s*" if words.endswith("'") else rf"{stop}[\s:]+"
    return re.compile(rf"{pattern}{end}(?=\S)", re.IGNORECASE)


# The longer first: "formerly attributed to" begins like nothing else, "after" like much.
_LEADING: Final = [
    (relation, _compile(words))
    for words, relation in sorted(_RELATIONS.items(), key=lambda item: -len(item[0]))
]
