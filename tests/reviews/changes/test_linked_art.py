"""Corrections as Linked Art: every term has its meaning, and every statement its author."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pandas as pd
from pyld import jsonld

from core.reviews.changes.linked_art import CONTEXT, encode_linked_art
from core.reviews.changes.plan import CHANGES, Changes

CRM = "http://www.cidoc-crm.org/cidoc-crm/"
# Linked Art's own context, as the package of its authors brings it.
OWN = json.loads((files("cromulent") / "data" / "linked-art.json").read_text(encoding="utf-8"))
TERMS: dict[str, Any] = OWN["@context"]
ROW = {
    "row": 1,
    "key": "a.jpg",
    "key_cell": "007",
    "task": "style",
    "field": "Movement",
    "old": "Cubism",
    "new": "Dada",
    "label": "Dada",
    "uri": None,
    "origin": "human-confirmed",
    "model": "f" * 64,
    "run": "run-1",
    "model_confidence": 0.83,
    "reviewer": "Ada; Bo",
    "reason": "ready-made",
    "time": "2026-05-01T12:00:00Z",
}


def encode(**more: Any) -> list[dict[str, Any]]:
    table = pd.DataFrame([ROW | more]).reindex(columns=list(CHANGES))
    table["time"] = pd.to_datetime(table["time"], utc=True)
    encoded = encode_linked_art(Changes(table, None, 0), pd.Series(["0" * 64, "a" * 64]))
    read: list[dict[str, Any]] = json.loads(encoded)
    return read


def load_context(url: str, _: dict[str, Any]) -> dict[str, Any]:
    assert url == CONTEXT
    return {
        "document": OWN,
        "documentUrl": url,
        "contextUrl": None,
        "contentType": "application/ld+json",
    }


def names_in(value: object) -> set[str]:
    """Every name of an object in ``value``, and every type."""
    if isinstance(value, list):
        return set().union(*map(names_in, value))
    if not isinstance(value, dict):
        return set()
    told = {value["type"]} if "type" in value else set()
    return set(value) | told | set().union(*map(names_in, value.values()))


def test_every_term_has_a_meaning() -> None:
    (work,) = encode()
    assert names_in(work) - set(TERMS) == {"@context"}
    (expanded,) = jsonld.expand(work, {"documentLoader": load_context})
    (assigned,) = expanded[f"{CRM}P140i_was_attributed_by"]
    assert assigned["@type"] == [f"{CRM}E13_Attribute_Assignment"]
    assert assigned[f"{CRM}P177_assigned_property_of_type"] == [{"@id": f"{CRM}P2_has_type"}]


def test_what_is_assigned_has_the_uri_of_the_vocabulary() -> None:
    (work,) = encode(uri="http://vocab.example/dada")
    (expanded,) = jsonld.expand(work, {"documentLoader": load_context})
    (told,) = expanded[f"{CRM}P140i_was_attributed_by"][0][f"{CRM}P141_assigned"]
    assert told["@id"] == "http://vocab.example/dada"
    assert told["@type"] == [f"{CRM}E55_Type"]
    assert "id" not in encode()[0]["attributed_by"][0]["assigned"][0]


def test_a_correction_says_who_what_when_and_why() -> None:
    (work,) = encode()
    assert (work["id"], work["_label"]) == ("urn:sha256:" + "a" * 64, "007")
    (assigned,) = work["attributed_by"]
    assert assigned["assigned"] == [{"type": "Type", "_label": "Dada"}]
    assert [each["_label"] for each in assigned["carried_out_by"]] == ["Ada", "Bo"]
    assert assigned["classified_as"][0]["_label"] == "human-confirmed"
    assert [each["content"] for each in assigned["referred_to_by"]] == [
        "Formerly Cubism.",
        "ready-made",
    ]
    (model,) = assigned["used_specific_object"]
    assert model["referred_to_by"][0]["content"] == "Probability of Dada: 0.8300"


def test_what_a_reviewer_chose_names_no_model() -> None:
    (assigned,) = encode(origin="human-altered", old="")[0]["attributed_by"]
    assert "used_specific_object" not in assigned
    assert assigned["referred_to_by"][0]["content"] == "Without a label before."


def test_another_hand_is_a_person_and_of_the_making() -> None:
    (work,) = encode(task="artist", new="Gris, Juan", label="Juan Gris")
    assert "attributed_by" not in work
    assert names_in(work) - set(TERMS) == {"@context"}
    (assigned,) = work["produced_by"]["attributed_by"]
    assert assigned["assigned"] == [{"type": "Person", "_label": "Gris, Juan"}]
    assert assigned["assigned_property"] == "carried_out_by"
