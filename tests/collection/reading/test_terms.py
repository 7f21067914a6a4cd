"""Vocabularies as tables and as SKOS: what is read, passed over and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.collection.errors import CollectionError
from core.collection.reading.spellings import fold_label
from core.collection.reading.terms import list_own, read_vocabulary
from core.collection.reading.vocabulary import Concept
from core.text import class_name

STYLES = [
    "Abstract_Expressionism",
    "Action_painting",
    "Analytical_Cubism",
    "Art_Nouveau_Modern",
    "Baroque",
    "Color_Field_Painting",
    "Contemporary_Realism",
    "Cubism",
    "Early_Renaissance",
    "Expressionism",
    "Fauvism",
    "High_Renaissance",
    "Impressionism",
    "Mannerism_Late_Renaissance",
    "Minimalism",
    "Naive_Art_Primitivism",
    "New_Realism",
    "Northern_Renaissance",
    "Pointillism",
    "Pop_Art",
    "Post_Impressionism",
    "Realism",
    "Rococo",
    "Romanticism",
    "Symbolism",
    "Synthetic_Cubism",
    "Ukiyo_e",
]
SKOS = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix aat: <http://vocab.example/aat/> .
aat:1 a skos:Concept ; skos:prefLabel "Cubism"@en, "Kubismus"@de ; skos:broader aat:9 ;
  skos:altLabel "Cubist"@en ; skos:narrower aat:2 .
aat:2 skos:prefLabel "Analytical Cubism"@en-GB ; skos:altLabel "Style"@en .
aat:3 skos:prefLabel "Vorticism"@en ; skos:altLabel "Style"@en .
aat:4 skos:prefLabel "Neue Sachlichkeit"@de .
"""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    (folder / name).write_text(text, encoding=encoding)
    return str(folder / name)


def test_a_table_gives_terms_variants_broader_terms_and_uris(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "terms.csv",
        "Term;Preferred term;Broader;URI\nCubism;;Modern Art;http://v.example/1\n"
        "Kubismus;Cubism;;\nModern Art;;;\nNaïve;Naïve art;modern art;\n",
        "cp1252",
    )
    assert read_vocabulary(file).vocabulary.concepts == (
        Concept("Cubism", ("Kubismus",), ("Modern Art",), "http://v.example/1"),
        Concept("Modern Art"),
        Concept("Naïve art", ("Naïve",), ("Modern Art",)),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,colour\nCubism,red\n", "a column term"),
        ("term,URI\nCubism,http://v.example/1\ncubism,http://v.example/2\n", "line 3"),
        ("term,preferred term\nDada,Cubism\nDada,Realism\n", '"Dada" stands for two terms'),
        ("term,broader\nCubism,Modernn\n", "Modernn"),
        ("term,broader\nCubism,Dada\nDada,Cubism\n", "broader than themselves"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_by_name(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(CollectionError) as refused:
        read_vocabulary(write(tmp_path, "terms.csv", text))
    assert told in str(refused.value)


def test_skos_is_read_in_the_commonest_language(tmp_path: Path) -> None:
    read = read_vocabulary(write(tmp_path, "aat.ttl", SKOS))
    assert [each.term for each in read.vocabulary.concepts] == [
        "Analytical Cubism",
        "Cubism",
        "Neue Sachlichkeit",
        "Vorticism",
    ]
    cubism = read.vocabulary.find("Kubismus")
    assert cubism is not None
    assert (cubism.term, cubism.uri) == ("Cubism", "http://vocab.example/aat/1")
    assert read.vocabulary.find("Cubist") is cubism
    assert read.vocabulary.compare("Analytical Cubism", "Cubism") == "broader"
    assert read.vocabulary.find("Style") is None
    assert read.notes == (
        "Vocabulary aat.ttl: 4 terms in 'en'.",
        "Terms that have no label in 'en', and keep another: 1 (Neue Sachlichkeit).",
        "Broader terms outside the file: 1, passed over.",
        "Variants of more than one term, passed over: 1 (Style).",
    )


def test_another_language_can_be_named(tmp_path: Path) -> None:
    file = write(tmp_path, "aat.ttl", SKOS)
    german = read_vocabulary(file, "de").vocabulary
    assert german.find("Cubism") == german.find("Kubismus")
    assert {each.term for each in german.concepts} >= {"Kubismus", "Neue Sachlichkeit"}
    with pytest.raises(CollectionError, match="found de, en"):
        read_vocabulary(file, "fr")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (SKOS.replace("Kubismus", "Früh").encode("cp1252"), "not in UTF-8"),
        (b"this is no turtle", "cannot be read as turtle"),
        (b"<http://a.example/1> <http://a.example/2> 3 .", "no concept of SKOS"),
        (SKOS.replace('"Vorticism"', '"CUBISM"').encode(), "stands for two terms"),
        (SKOS.replace("aat:9", "aat:2").encode(), "broader than themselves"),
    ],
)
def test_skos_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "aat.ttl").write_bytes(content)
    with pytest.raises(CollectionError) as refused:
        read_vocabulary(str(tmp_path / "aat.ttl"))
    assert told in str(refused.value)


def test_flags_and_names_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "terms.csv", "term\nCubism\n")
    with pytest.raises(CollectionError, match="--vocabulary-language does not apply"):
        read_vocabulary(file, "de")
    with pytest.raises(CollectionError, match="one of the project's own: wikiart"):
        read_vocabulary(str(tmp_path / "none.csv"))


def test_the_projects_own_vocabulary_has_each_style_of_wikiart_in_its_form() -> None:
    assert list_own() == ["wikiart"]
    terms = read_vocabulary("wikiart").vocabulary
    assert len(terms.concepts) == len(STYLES) + 1  # Renaissance
    for style in STYLES:
        found = terms.find(style)
        assert found is not None, style
        assert fold_label(found.term) == fold_label(style)
        assert class_name(style)
    assert terms.compare("Synthetic_Cubism", "Cubism") == "broader"
    assert terms.compare("Baroque", "Rococo") is None
