"""IIIF Presentation API, versions 2 and 3: what a manifest or a collection says, as plain values.

https://iiif.io/api/presentation/3.0/, https://iiif.io/api/presentation/2.1/
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from core.text import show_line

_LANGUAGES: Final = ("en", "none", "@none")  # preferred where there are several
_TAG: Final = re.compile(r"<[^<>]{0,500}>")
_LONGEST: Final = 2_000  # characters of a value
_SERVICES: Final = ("ImageService", "iiif.io/api/image", "library.stanford.edu/iiif/image-api")


@dataclass(frozen=True)
class Work:
    """A manifest: one work. ``image``: address of its first picture, "" where it has none.

    ``metadata``: its pairs of label and value, as text.
    """

    key: str
    title: str
    image: str
    rights: str
    required_statement: str
    metadata: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Document:
    """What one address answered: a ``work``, or ``links`` to the documents of a collection."""

    work: Work | None = None
    links: tuple[str, ...] = ()


def parse_document(content: bytes) -> Document | None:
    """The manifest or collection that ``content`` is; None where it is neither."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    kind = str(told.get("type") or told.get("@type") or "").rpartition(":")[2]
    if kind == "Manifest":
        return Document(work=_read_work(told))
    if kind in ("Collection", "Layer"):
        return Document(links=tuple(dict.fromkeys(_find_links(told))))
    return None


def _find_links(told: dict[str, Any]) -> Iterator[str]:
    for name in ("items", "manifests", "collections", "members", "first", "next"):
        for each in _list(told.get(name)):
            kind = str(_get(each, "type", "@type")).rpartition(":")[2]
            link = each if isinstance(each, str) else _id(each)
            if link and (kind in ("Manifest", "Collection") or not kind):
                yield link


def _read_work(told: dict[str, Any]) -> Work:
    statement = told.get("requiredStatement")
    credit = _get(statement, "value") if statement else told.get("attribution")
    pairs = (
        (_text(each.get("label")), _text(each.get("value")))
        for each in _list(told.get("metadata"))
        if isinstance(each, dict)
    )
    return Work(
        key=_id(told),
        title=_text(told.get("label")),
        image=_find_image(told),
        rights=_text(told.get("rights") or told.get("license")),
        required_statement=_text(credit),
        metadata=tuple((label, value) for label, value in pairs if label and value),
    )


def _find_image(told: dict[str, Any]) -> str:
    """The first picture of the first canvas that has one."""
    for canvas in _canvases(told):
        for body in _bodies(canvas):
            services = [each for each in _list(body.get("service")) if isinstance(each, dict)]
            for service in services:
                if any(mark in json.dumps(service)[:2000] for mark in _SERVICES) and _id(service):
                    return f"{_id(service).rstrip('/')}/info.json"
            if _id(body):
                return _id(body)
    return ""


def _canvases(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    old = (
        canvas for each in _list(told.get("sequences")) for canvas in _list(_get(each, "canvases"))
    )
    for canvas in (*_list(told.get("items")), *old):
        if isinstance(canvas, dict):
            yield canvas


def _bodies(canvas: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is painted on ``canvas``; of a choice the first."""
    bodies = [_get(each, "resource") for each in _list(canvas.get("images"))]
    for page in _list(canvas.get("items")):
        for note in _list(_get(page, "items")):
            if _get(note, "motivation") in ("painting", ["painting"]):
                bodies += _list(_get(note, "body"))
    for body in bodies:
        first = _get(body, "default") or next(iter(_list(_get(body, "items"))), None) or body
        if isinstance(first, dict):
            yield first


def _text(value: Any) -> str:
    """Any form of a text in either version as one line: strings, lists, languages, markup."""
    found = [show_line(_plain(each), _LONGEST) for each in _strings(value)]
    return "; ".join(dict.fromkeys(each for each in found if each))


def _strings(value: Any) -> list[str]:
    if isinstance(value, (str, int, float)):
        return [str(value)]
    if isinstance(value, list):
        chosen = [each for each in value if _get(each, "@language") in _LANGUAGES] or value
        return [text for each in chosen for text in _strings(each)]
    if isinstance(value, dict) and "@value" in value:
        return _strings(value["@value"])
    if isinstance(value, dict):
        language = next((name for name in _LANGUAGES if value.get(name)), None)
        return _strings(value[language] if language else next(iter(value.values()), []))
    return []


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _id(value: Any) -> str:
    found = _get(value, "id") or _get(value, "@id")
    return found if isinstance(found, str) else ""


def _get(value: Any, *names: str) -> Any:
    if not isinstance(value, dict):
        return ""
    return next((value[name] for name in names if value.get(name)), "")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]
