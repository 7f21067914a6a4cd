"""Corrections as annotations: of the canvas that the manifest names."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from core.reviews.changes.annotations import CONTEXT, encode_annotations
from core.reviews.changes.plan import CHANGES, Changes
from tests.reviews.changes.test_linked_art import ROW

HOME = "https://curator.museum.org"


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
