"""Corrections as annotations: of the canvas that the manifest names."""

from __future__ import annotations

import json
from typing import Any, Final

import jsonschema
import pandas as pd
import pytest

from core.reviews.changes.annotations import CONTEXT, encode_annotations
from core.reviews.changes.plan import CHANGES, Changes
from tests.reviews.changes.test_linked_art import ROW

HOME = "https://curator.museum.org"
_URI: Final = {"type": "string", "format": "uri", "pattern": "^https?://"}
_MOTIVATION: Final = {
    "enum": [
        *("assessing", "bookmarking", "classifying", "commenting", "describing", "editing"),
        *("highlighting", "identifying", "linking", "moderating", "questioning", "replying"),
        "tagging",
    ]
}


def describe(required: list[str], **properties: object) -> dict[str, object]:
    """The JSON schema of an object with these properties and no others."""
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
    }


# The rules of the Web Annotation Data Model (W3C Recommendation of 2017) on what is used here: 3.1
# Annotations, 3.2.4 Embedded Textual Body, 3.3.2 Lifecycle, 3.3.3 Agents, 3.3.5 Motivation and
# Purpose, 4 Specific Resources, 5.2 Annotation Page.
MODEL: Final = describe(
    ["@context", "id", "type", "items"],
    **{"@context": {"const": "http://www.w3.org/ns/anno.jsonld"}},
    id=_URI,
    type={"const": "AnnotationPage"},
    items={"type": "array", "items": {"$ref": "#/$defs/annotation"}},
) | {
    "$defs": {
        "annotation": describe(
            ["id", "type", "target"],
            id=_URI,
            type={"const": "Annotation"},
            motivation=_MOTIVATION,
            creator={"type": "array", "items": {"$ref": "#/$defs/agent"}},
            created={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
            body={
                "type": "array",
                "items": {"oneOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/specific"}]},
            },
            target=_URI,
        ),
        "agent": describe(
            ["type", "name"],
            type={"enum": ["Person", "Organization", "Software"]},
            name={"type": "string", "minLength": 1},
        ),
        "text": describe(
            ["type", "value"],
            type={"const": "TextualBody"},
            purpose=_MOTIVATION,
            value={"type": "string"},
        ),
        "specific": describe(
            ["type", "source"],
            type={"const": "SpecificResource"},
            purpose=_MOTIVATION,
            source=_URI,
        ),
    },
}


def encode(**more: Any) -> dict[str, Any]:
    table = pd.DataFrame([ROW | more]).reindex(columns=list(CHANGES))
    table["time"] = pd.to_datetime(table["time"], utc=True)
    read: dict[str, Any] = json.loads(encode_annotations(Changes(table, None, 0), f"{HOME}/"))
    return read


def test_a_correction_classifies_its_canvas() -> None:
    page = encode()
    assert (page["@context"], page["type"]) == (CONTEXT, "AnnotationPage")
    (said,) = page["items"]
    assert said["target"] == f"{HOME}/iiif/3/run-1/1/canvas"
    assert (said["motivation"], said["created"]) == ("classifying", "2026-05-01T12:00:00Z")
    assert [each["name"] for each in said["creator"]] == ["Ada", "Bo"]
    told = [(each["purpose"], each["value"]) for each in said["body"]]
    assert told == [
        ("classifying", "Dada"),
        ("commenting", "Formerly Cubism."),
        ("commenting", "human-confirmed"),
        ("commenting", "ready-made"),
    ]


def test_what_had_no_label_says_so() -> None:
    (said,) = encode(old="", reason="")["items"]
    assert [each["value"] for each in said["body"][1:]] == [
        "Without a label before.",
        "human-confirmed",
    ]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"old": "", "reason": ""},
        {"uri": "http://vocab.getty.edu/aat/300021495"},
        {"task": "artist", "new": "Judith Leyster", "reviewer": "Ada"},
    ],
)
def test_annotations_keep_the_rules_of_the_model(more: dict[str, Any]) -> None:
    page = encode(**more)
    jsonschema.validate(page, MODEL)
    ids = [page["id"], *(each["id"] for each in page["items"])]
    assert len(set(ids)) == len(ids)
    (said,) = page["items"]
    for broken in (said | {"motivation": "correcting"}, said | {"target": "the canvas"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(page | {"items": [broken]}, MODEL)
