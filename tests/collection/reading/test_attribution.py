"""Persons, persons with a reserve, and nobody."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.reading.attribution import find_makers, parse_attribution

NOBODY = """
Unknown|Unidentified|Anon.|Anonyme|Unbekannt|?|Anonymous|Unknown artist|Artist unknown|n/a|-
Unidentified artist|Unbekannter Künstler|Künstler unbekannt|Artiste inconnu|Unknown, 17th century
Unknown (Dutch)|Anonymous (Flemish School)|Anonymous, German, 16th century|Onbekend|Anónimo|okänd
UNKNOWN ARTIST|unknown  maker|Not recorded|Anonymous Venetian master|Unknown photographer|佚名
Dutch School|British School 18th century|British School, 18th century|École française
Flemish school|[Artist unknown]|(anonymous)
Scuola veneziana|North Italian School|German 15th Century|Japanese
French, 18th century|Italian (Venetian)|French Painter|Netherlandish or French|Various artists
Various|Multiple artists|Verschiedene Künstler
Utagawa School|Anglo-Flemish School
Anon., 17th century|Anoniem|Ukendt kunstner|Autor desconhecido|Неизвестный художник
Аноним|Неизвестный художник XVIII века|[佚名]|清 佚名|無名氏|作者不明|N.N.
—|…|???|no artist|not identified|Collective
British (English) School|Ecole française, XVIIIe siècle|Ambito veneto|Yoruba artist|Navajo peoples
Pittore veneto del XVI secolo|Manufacture de Sèvres
Tuntematon taiteilija|Neznámý autor|Autor nieznany|Nieznany malarz polski|Ismeretlen festő|不明|未詳
not stated|sans auteur|Non identifié|niet geïdentificeerd|nicht bekannt|unsigniert|Maître anonyme
Deutscher Meister, um 1480|Niederländischer Meister des 17. Jahrhunderts|Venezianischer Maler
Süddeutsch, 15. Jahrhundert|Niederländisch, 17. Jh.|Scuola veneta, XVI secolo|Escuela cuzqueña
Ming dynasty|Japan, Edo period|Chinese, Ming dynasty|Unidentified (American)|Several hands
""".replace("\n", "|")
QUALIFIED = {
    "Attributed to Rembrandt": ("attributed to", "Rembrandt"),
    "attributed to Rembrandt": ("attributed to", "Rembrandt"),
    "Formerly attributed to Titian": ("attributed to", "Titian"),
    "Attr. to Titian": ("attributed to", "Titian"),
    "Possibly Frans Hals": ("attributed to", "Frans Hals"),
    "Frans Hals?": ("attributed to", "Frans Hals"),
    "Frans Hals (?)": ("attributed to", "Frans Hals"),
    "Frans Hals, attributed to": ("attributed to", "Frans Hals"),
    "Frans Hals (attr.)": ("attributed to", "Frans Hals"),
    "Rembrandt (workshop of)": ("workshop of", "Rembrandt"),
    "Rembrandt (Workshop)": ("workshop of", "Rembrandt"),
    "Workshop of Peter Paul Rubens": ("workshop of", "Peter Paul Rubens"),
    "Peter Paul Rubens and Workshop": ("workshop of", "Peter Paul Rubens"),
    "Lucas Cranach d. Ä. Werkstatt": ("workshop of", "Lucas Cranach d. Ä."),
    "Werkstatt des Lucas Cranach": ("workshop of", "Lucas Cranach"),
    "Studio of Van Dyck": ("workshop of", "Van Dyck"),
    "Circle of Caravaggio": ("circle of", "Caravaggio"),
    "Umkreis Tintoretto": ("circle of", "Tintoretto"),
    "Follower of Hieronymus Bosch": ("follower of", "Hieronymus Bosch"),
    "Manner of Claude Lorrain": ("manner of", "Claude Lorrain"),
    "After Raphael": ("after", "Raphael"),
    "Raphael, after": ("after", "Raphael"),
    "D'après Raphaël": ("after", "Raphaël"),
    "d’après Raphaël": ("after", "Raphaël"),
    "Copy after Raphael": ("after", "Raphael"),
    "Nach Dürer": ("after", "Dürer"),
    "School of Fontainebleau": ("school of", "Fontainebleau"),
    "Attributed to workshop of Giotto": ("attributed to", "Giotto"),
    "Attributed to Dutch School": ("attributed to", None),
    "After unknown artist": ("after", None),
    "Follower of": ("follower of", None),
    "? Rembrandt": ("attributed to", "Rembrandt"),
    "attr. Rembrandt": ("attributed to", "Rembrandt"),
    "Rembrandt zugeschrieben": ("attributed to", "Rembrandt"),
    "Rembrandt (zugeschr.)": ("attributed to", "Rembrandt"),
    "Rembrandt or Jan Lievens": ("attributed to", "Rembrandt"),
    "Rembrandt (Schule)": ("school of", "Rembrandt"),
    "Школа Рембрандта": ("school of", "Рембрандта"),
    "Мастерская Рубенса": ("workshop of", "Рубенса"),
    "Последователь Караваджо": ("follower of", "Караваджо"),
    "Копия с Рембрандта": ("after", "Рембрандта"),
    "Jan Lievens after Rembrandt": ("after", "Rembrandt"),
    "Jan Lievens (after Rembrandt)": ("after", "Rembrandt"),
    "Jan Lievens, after Rembrandt": ("after", "Rembrandt"),
    "Jan Steen copy": ("after", "Jan Steen"),
    "Attr. a Caravaggio": ("attributed to", "Caravaggio"),
    "Attr. A. Cuyp": ("attributed to", "A. Cuyp"),
    "suite de Watteau": ("follower of", "Watteau"),
    "Genre de Watteau": ("manner of", "Watteau"),
    "Lucas Cranach the Elder (and workshop)": ("workshop of", "Lucas Cranach the Elder"),
    "Rembrandt's pupil": ("workshop of", "Rembrandt"),
    "After a painting by Hans Holbein": ("after", "Hans Holbein"),
    "Attributed to a follower of Rembrandt": ("attributed to", "Rembrandt"),
    "Attributed to the workshop of Giotto": ("attributed to", "Giotto"),
    "attributed to the Master of the Half-Lengths": (
        "attributed to",
        "the Master of the Half-Lengths",
    ),
    "傳 馬遠": ("attributed to", "馬遠"),
    "(伝)狩野元信": ("attributed to", "狩野元信"),
    "Bruegel the Elder, Pieter, follower of": ("follower of", "Bruegel the Elder, Pieter"),
    "Hans Holbein d. J. (Nachfolger)": ("follower of", "Hans Holbein d. J."),
    "Poussin, Nicolas (école de)": ("school of", "Poussin, Nicolas"),
}
PERSONS = """
Rembrandt|Vincent van Gogh|Master of Flémalle|Meister von Flémalle|Monogrammist AB|Hilma af Klint
Afterman|Nachtmann|Le Nain Brothers|Ernst Wilhelm Nay|Jan van Scorel|Georges de La Tour|Wohlgemut
Utagawa Hiroshige|Pieter Bruegel the Elder|Hopper, Edward|Frans Francken (II)|John Crome
J. M. W. Turner|Allan D'Arcangelo|Italo Cremona|Norman Rockwell|French Hill|Roman Opałka
Japanese Jack
Early, Miles J.|Near, Wallace|Anonymouse|Possibility Jones|Copyer, James
Lucas Cranach (the Elder)|Studioso
Irish, Tom
Maître de Moulins|Master of the Female Half-Lengths|Meister des Marienlebens|Master E.S.
Maestro de Pedralbes|The Master of the Legend of Saint Lucy|Pseudo-Jan Steen|Niklaus Manuel Deutsch
伝田 勇|Oskar Schlemmer|Gustave Genre|Englisch, Josef
""".replace("\n", "|")


@pytest.mark.parametrize("printed", [name for name in NOBODY.split("|") if name])
def test_nobody_is_named(printed: str) -> None:
    found = parse_attribution(printed)
    assert found.relation in {"unknown", "collective"}
    assert found.artist is None
    assert found.maker is None


@pytest.mark.parametrize(("printed", "expected"), QUALIFIED.items())
def test_a_reserve_links_without_making(printed: str, expected: tuple[str, str | None]) -> None:
    found = parse_attribution(printed)
    assert (found.relation, found.artist) == expected
    assert found.maker is None


@pytest.mark.parametrize("printed", [name for name in PERSONS.split("|") if name])
def test_a_person_is_a_person(printed: str) -> None:
    assert parse_attribution(printed).maker == printed


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = parse_attribution(text)
    assert (found.maker is None) == (found.relation != "by")


def test_wikiart_has_persons_only(wikiart_mini: Path) -> None:
    names = pd.Series(path.name.split("_")[0] for path in wikiart_mini.glob("*/*.jpg"))
    read = {name: parse_attribution(name.replace("-", " ").title()) for name in names.unique()}
    assert {name for name, each in read.items() if each.maker is None} == set()


def test_makers_are_persons_without_reserve() -> None:
    printed = pd.Series(["Hilma af Klint", "Workshop of Rembrandt", "Anon.", None, "Rembrandt"])
    makers = find_makers(printed)
    assert makers.fillna("-").tolist() == ["Hilma af Klint", "-", "-", "-", "Rembrandt"]
