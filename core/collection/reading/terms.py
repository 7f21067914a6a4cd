"""Reads a vocabulary: a table of terms, or a SKOS file such as an extract of the AAT."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.collection.account import Account
from core.collection.errors import CollectionError
from core.collection.reading.spellings import clean_label, fold_label
from core.collection.reading.tables import TABLE_SUFFIXES, load_table
from core.collection.reading.vocabulary import Concept, Vocabulary
from core.collection.wording import count_of, list_some, name_some
from core.sizes import MEGABYTE
from core.text import is_line

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

SKOS_FORMS: Final = {".ttl": "turtle", ".nt": "nt"}
OWN: Final = Path(__file__).parents[1] / "vocabularies"  # those that come with the project
MOST_BYTES: Final = 64 * MEGABYTE
_COLUMNS: Final = {
    "term": ("term", "label", "variant", "synonym"),
    "preferred": ("preferred term", "preferred", "preferred label", "use"),
    "broader": ("broader", "broader term", "parent"),
    "uri": ("uri", "url", "id", "identifier"),
}


@dataclass(frozen=True)
class Terms:
    """A ``vocabulary``, and ``notes``: what of its file was passed over."""

    vocabulary: Vocabulary
    notes: tuple[str, ...] = ()


def read_vocabulary(name: str, language: str | None = None) -> Terms:
    """The vocabulary of the file ``name``, or the project's own of that name.

    A table has a column ``term``; ``preferred term``, ``broader`` and ``URI`` are optional, several
    broader terms stand with ``;`` between them. ``language``: of the preferred terms of a SKOS
    file, such as ``de``; by default the one that most concepts have. Raises ``CollectionError``.
    """
    file = Path(name)
    own = OWN / f"{name}.csv"
    if not file.exists() and name in list_own():
        file = own
    if not file.is_file():
        raise CollectionError(
            f"There is no vocabulary {name}",
            expected=f"a file {', '.join((*TABLE_SUFFIXES, *SKOS_FORMS))}, or one of the "
            f"project's own: {', '.join(list_own())}",
        )
    if (form := SKOS_FORMS.get(file.suffix.lower())) is not None:
        return _read_skos(file, form, language)
    if language is not None:
        raise CollectionError(
            f"--vocabulary-language does not apply to {file.name}",
            found="a table, whose terms have no language",
            remedy="Leave it out.",
        )
    return _read_table(file)


def list_own() -> list[str]:
    """Names of the vocabularies that come with the project."""
    return sorted(each.stem for each in OWN.glob("*.csv"))


def _read_table(file: Path) -> Terms:
    table, notes = load_table(file, Account())
    columns = _find_columns(file, table)
    cells = {role: table[name].map(clean_label) for role, name in columns.items()}
    terms = cells["term"]
    preferred = cells.get("preferred", terms).where(cells.get("preferred", terms) != "", terms)
    if "preferred" in cells:
        terms = terms.where(terms != "", preferred)
    names: dict[str, str] = {}
    for label in preferred[preferred != ""]:
        names.setdefault(fold_label(label), label)
    gathered: dict[str, _Gathered] = {form: _Gathered() for form in names}
    for line in terms.index[(terms != "") & (preferred != "")]:
        own = gathered[fold_label(preferred[line])]
        own.variants[terms[line]] = None
        for label in cells["broader"][line].split(";") if "broader" in cells else ():
            if label.strip():
                own.broader[names.get(fold_label(label), label.strip())] = None
        if "uri" in cells and cells["uri"][line]:
            own.take_uri(cells["uri"][line], f"{file.name}, {table.index.name} {line}")
    return Terms(
        Vocabulary(tuple(own.build(names[form]) for form, own in gathered.items())), tuple(notes)
    )


class _Gathered:
    """What the rows of one preferred term say; ``variants`` and ``broader`` as they come."""

    def __init__(self) -> None:
        self.variants: dict[str, None] = {}
        self.broader: dict[str, None] = {}
        self.uri: str | None = None

    def take_uri(self, uri: str, where: str) -> None:
        if self.uri not in (None, uri):
            raise CollectionError(
                f"{where}: a term has two URIs", found=f"{self.uri} and {uri}", expected="one"
            )
        self.uri = uri

    def build(self, term: str) -> Concept:
        return Concept(term, _drop_same(term, self.variants), tuple(self.broader), self.uri)


def _drop_same(term: str, labels: Iterable[str]) -> tuple[str, ...]:
    """``labels``, each form once, without those that differ from ``term`` in form alone."""
    found = {fold_label(term): term}
    for label in labels:
        found.setdefault(fold_label(label), label)
    return tuple(found.values())[1:]


def _find_columns(file: Path, table: pd.DataFrame) -> dict[str, str]:
    known = {fold_label(str(column)): str(column) for column in table.columns}
    found = {
        role: known[name]
        for role, names in _COLUMNS.items()
        for name in [next((each for each in names if each in known), None)]
        if name is not None
    }
    if "term" not in found:
        raise CollectionError(
            f"{file.name} is no vocabulary",
            found=f"the columns {list_some([str(each) for each in table.columns])}",
            expected="a column term, and as far as there are any preferred term, broader and URI",
        )
    return found


def _read_skos(file: Path, form: str, language: str | None) -> Terms:
    graph = _parse(file, form)
    labels = _list_labels(graph)
    if not labels:
        raise CollectionError(
            f"{file.name} holds no concept of SKOS",
            found=count_of(len(graph), "statement"),
            expected="concepts with skos:prefLabel",
        )
    chosen = _choose_language(file, labels, language)
    names = {node: _choose_label(each, chosen) for node, each in labels.items()}
    above, outside = _list_above(graph, names)
    variants = _list_variants(graph, labels)
    doubled = _find_doubled(names, variants)
    concepts = tuple(
        Concept(
            name,
            _drop_same(name, (each for each in variants[node] if fold_label(each) not in doubled)),
            tuple(sorted(names[each] for each in above[node])),
            str(node),
        )
        for node, name in sorted(names.items(), key=lambda item: item[1])
    )
    other = [names[node] for node, each in labels.items() if not _find_in(each, chosen)]
    tongue = f"in '{chosen}'" if chosen else "without a language"
    notes = [f"Vocabulary {file.name}: {count_of(len(concepts), 'term')} {tongue}."]
    if other:
        notes.append(f"Terms that have no label {tongue}, and keep another: {name_some(other)}.")
    if outside:
        notes.append(f"Broader terms outside the file: {outside:,}, passed over.")
    if doubled:
        shown = sorted(doubled.values())
        notes.append(f"Variants of more than one term, passed over: {name_some(shown)}.")
    return Terms(Vocabulary(concepts), tuple(notes))


def _parse(file: Path, form: str) -> Graph:
    from rdflib import Graph  # which the dashboard's environment does not have

    content = file.read_bytes()
    if len(content) > MOST_BYTES:
        raise CollectionError(
            f"{file.name} is too large a vocabulary",
            found=f"{len(content):,} bytes",
            expected=f"at most {MOST_BYTES:,}: an extract of the terms in use",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CollectionError(
            f"{file.name} is not in UTF-8, as {form} has to be",
            found=f"the byte {content[error.start]:02X} at {error.start:,}",
            remedy="Save it as UTF-8.",
        ) from error
    try:
        return Graph().parse(data=text, format=form)
    except Exception as error:
        told = " ".join(str(error).split())[:200]
        raise CollectionError(
            f"{file.name} cannot be read as {form}", found=told or type(error).__name__
        ) from error


def _list_labels(graph: Graph) -> dict[Node, dict[str, list[str]]]:
    """The preferred labels of each concept that has a URI, by language; "" for none."""
    from rdflib import SKOS, URIRef

    found: dict[Node, dict[str, list[str]]] = {}
    for node, _, label in sorted(graph.triples((None, SKOS.prefLabel, None))):
        text = clean_label(str(label))
        if isinstance(node, URIRef) and text and is_line(text):
            tongue = (getattr(label, "language", None) or "").lower()
            found.setdefault(node, {}).setdefault(tongue, []).append(text)
    return found


def _choose_language(
    file: Path, labels: dict[Node, dict[str, list[str]]], asked: str | None
) -> str:
    counts = Counter(tongue.partition("-")[0] for each in labels.values() for tongue in set(each))
    if asked is not None:
        if not any(_find_in(each, asked.lower()) for each in labels.values()):
            raise CollectionError(
                f"{file.name} has no term in the language '{asked}'",
                found=", ".join(sorted(each or "no language" for each in counts)),
                remedy="Name one of these with --vocabulary-language.",
            )
        return asked.lower()
    return min(counts, key=lambda each: (-counts[each], each != "en", each))


def _find_in(labels: dict[str, list[str]], language: str) -> list[str]:
    """The labels in ``language``, or in a kind of it: en-GB for en."""
    close = [tongue for tongue in labels if tongue.partition("-")[0] == language]
    return labels.get(language) or (labels[min(close)] if close else [])


def _choose_label(labels: dict[str, list[str]], language: str) -> str:
    """The label in ``language``, else one without a language, else any."""
    found = _find_in(labels, language) or labels.get("") or labels[min(labels)]
    return min(found)


def _list_above(graph: Graph, names: dict[Node, str]) -> tuple[dict[Node, set[Node]], int]:
    """The broader concepts of each, and how many are named that are not in the file."""
    from rdflib import SKOS

    above: defaultdict[Node, set[Node]] = defaultdict(set)
    for node, _, broader in graph.triples((None, SKOS.broader, None)):
        above[node].add(broader)
    for node, _, narrower in graph.triples((None, SKOS.narrower, None)):
        above[narrower].add(node)
    outside = {each for node in names for each in above[node]} - set(names)
    return defaultdict(set, {node: above[node] & set(names) for node in names}), len(outside)


def _list_variants(graph: Graph, labels: dict[Node, dict[str, list[str]]]) -> dict[Node, list[str]]:
    """Every other label of each concept, in any language."""
    from rdflib import SKOS

    found = {
        node: [text for tongue in sorted(each) for text in each[tongue]]
        for node, each in labels.items()
    }
    for kind in (SKOS.altLabel, SKOS.hiddenLabel):
        for node, _, label in sorted(graph.triples((None, kind, None))):
            text = clean_label(str(label))
            if node in found and text and is_line(text):
                found[node].append(text)
    return found


def _find_doubled(names: dict[Node, str], variants: dict[Node, list[str]]) -> dict[str, str]:
    """Variants, by form, that several concepts have, or that are the term of another one."""
    owners: defaultdict[str, set[Node]] = defaultdict(set)
    for node, name in names.items():
        owners[fold_label(name)].add(node)
    shown: dict[str, str] = {}
    for node, texts in variants.items():
        for text in texts:
            owners[fold_label(text)].add(node)
            shown.setdefault(fold_label(text), text)
    return {form: text for form, text in shown.items() if len(owners[form]) > 1}
