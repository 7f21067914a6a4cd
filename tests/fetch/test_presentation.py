"""Manifests and collections of both versions, well formed and not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.fetch.presentation import Document, Work, parse_document

V3: dict[str, Any] = {
    "@context": "http://iiif.io/api/presentation/3/context.json",
    "id": "https://a.org/m/1",
    "type": "Manifest",
    "label": {"de": ["Die Nachtwache"], "en": ["The Night Watch"]},
    "rights": "http://creativecommons.org/publicdomain/zero/1.0/",
    "requiredStatement": {
        "label": {"en": ["Credit"]},
        "value": {"en": ["A <b>Museum</b> &amp; Co"]},
    },
    "metadata": [
        {"label": {"en": ["Artist"]}, "value": {"none": ["Rembrandt"]}},
        {"label": {"en": ["Style"]}, "value": {"en": ["Baroque", "Tenebrism"]}},
        {"label": {"en": ["Empty"]}, "value": {"en": []}},
    ],
    "items": [
        {
            "type": "Canvas",
            "items": [
                {
                    "type": "AnnotationPage",
                    "items": [
                        {
                            "type": "Annotation",
                            "motivation": "painting",
                            "body": {
                                "id": "https://i.a.org/1/full/max/0/default.jpg",
                                "type": "Image",
                                "service": [{"id": "https://i.a.org/1", "type": "ImageService3"}],
                            },
                        }
                    ],
                }
            ],
        }
    ],
}
V2: dict[str, Any] = {
    "@context": "http://iiif.io/api/presentation/2/context.json",
    "@id": "https://a.org/m/2",
    "@type": "sc:Manifest",
    "label": [{"@value": "Titel", "@language": "de"}, {"@value": "A title", "@language": "en"}],
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "attribution": "A museum",
    "metadata": [{"label": "Artist", "value": ["Ada", "Grace"]}],
    "sequences": [
        {
            "canvases": [
                {
                    "images": [
                        {
                            "resource": {
                                "@id": "https://i.a.org/2.jpg",
                                "service": {
                                    "@id": "https://i.a.org/2/",
                                    "@context": "http://iiif.io/api/image/2/context.json",
                                },
                            }
                        }
                    ]
                }
            ]
        }
    ],
}


def parse(value: object) -> Document | None:
    return parse_document(json.dumps(value).encode())


def test_a_manifest_of_version_3() -> None:
    assert parse(V3) == Document(
        work=Work(
            key="https://a.org/m/1",
            title="The Night Watch",
            image="https://i.a.org/1/info.json",
            rights="http://creativecommons.org/publicdomain/zero/1.0/",
            required_statement="A Museum & Co",
            metadata=(("Artist", "Rembrandt"), ("Style", "Baroque; Tenebrism")),
        )
    )


def test_a_manifest_of_version_2() -> None:
    assert parse(V2) == Document(
        work=Work(
            key="https://a.org/m/2",
            title="A title",
            image="https://i.a.org/2/info.json",
            rights="https://creativecommons.org/licenses/by/4.0/",
            required_statement="A museum",
            metadata=(("Artist", "Ada; Grace"),),
        )
    )


def test_a_picture_without_a_service_and_a_choice_of_pictures() -> None:
    body: Any = json.loads(json.dumps(V3["items"][0]["items"][0]["items"][0]["body"]))
    del body["service"]
    choice = {"type": "Choice", "items": [body, {"id": "https://i.a.org/xray.jpg"}]}
    for given in (body, choice):
        note = {"motivation": "painting", "body": given}
        document = parse(V3 | {"items": [{"items": [{"items": [note]}]}]})
        assert document is not None
        assert document.work is not None
        assert document.work.image == "https://i.a.org/1/full/max/0/default.jpg"


def test_collections_of_both_versions() -> None:
    old = {
        "@type": "sc:Collection",
        "collections": [{"@id": "https://a.org/c/1", "@type": "sc:Collection"}],
        "manifests": [{"@id": "https://a.org/m/2", "@type": "sc:Manifest"}],
        "first": "https://a.org/c/page-1",
    }
    new = {
        "type": "Collection",
        "items": [
            {"id": "https://a.org/m/1", "type": "Manifest"},
            {"id": "https://a.org/m/1", "type": "Manifest"},
            {"id": "https://a.org/c/1", "type": "Collection"},
            {"id": "https://a.org/x", "type": "Canvas"},
        ],
    }
    assert parse(old) == Document(
        links=("https://a.org/m/2", "https://a.org/c/1", "https://a.org/c/page-1")
    )
    assert parse(new) == Document(links=("https://a.org/m/1", "https://a.org/c/1"))


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"type": "Canvas"}', b"[" * 200_000])
def test_anything_else_is_neither(content: bytes) -> None:
    assert parse_document(content) is None


@pytest.mark.parametrize("odd", [None, 5, "x", [], {}, [None], [[[]]], {"id": 5}, [{"items": 7}]])
@pytest.mark.parametrize("name", ["label", "metadata", "items", "sequences", "rights", "id"])
def test_odd_values_are_read_as_nothing(name: str, odd: object) -> None:
    for manifest in (V3, V2):
        document = parse(manifest | {name: odd})
        assert document is not None
        assert isinstance(document.work, Work)
