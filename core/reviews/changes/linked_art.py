"""Corrections as Linked Art: each label an attribute assignment, by whom, when and why.

The model is that of https://linked.art/model/assertion/: what was assigned, as which property, who
carried it out. Who painted a work is a property of its production. A painting's id is the SHA-256
of its file, as a URN, so that no address is invented.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pandas as pd

from core.reviews.changes.plan import Changes
from core.text import class_name

CONTEXT: Final = "https://linked.art/ns/v1/linked-art.json"
# Whether the assigned label says what the work is like, or who made it.
PROPERTIES: Final = {"style": "classified_as", "genre": "classified_as", "artist": "carried_out_by"}


def encode_linked_art(changes: Changes, hashes: pd.Series) -> bytes:
    """A JSON array of ``HumanMadeObject``, one a painting that is corrected; UTF-8.

    ``hashes``: the content hash of each painting of the run, by row.
    """
    works = [
        _describe_work(str(hashes[row]), group.to_dict("records"))
        for row, group in changes.table.groupby("row", sort=True)
    ]
    return json.dumps(works, ensure_ascii=False, indent=1).encode()


def _describe_work(content_hash: str, rows: list[dict[Any, Any]]) -> dict[str, Any]:
    key = str(rows[0]["key_cell"])
    of_work = [_assign(row) for row in rows if row["task"] != "artist"]
    of_making = [_assign(row) for row in rows if row["task"] == "artist"]
    work: dict[str, Any] = {
        "@context": CONTEXT,
        "id": f"urn:sha256:{content_hash}",
        "type": "HumanMadeObject",
        "_label": key,
        "identified_by": [{"type": "Identifier", "content": key}],
    }
    if of_work:
        work["attributed_by"] = of_work
    if of_making:
        work["produced_by"] = {"type": "Production", "attributed_by": of_making}
    return work


def _assign(row: dict[Any, Any]) -> dict[str, Any]:
    """One correction; a former label is told in words, since it is not held any more."""
    kind = "Person" if row["task"] == "artist" else "Type"
    time = row["time"].isoformat()
    said = [f"Formerly {row['old']}." if row["old"] else "Without a label before."]
    said += [str(row["reason"])] if row["reason"] else []
    assigned: dict[str, Any] = {
        "type": "AttributeAssignment",
        "_label": f"{row['field']}: {class_name(str(row['label']))}",
        "classified_as": [{"type": "Type", "_label": row["origin"]}],
        "assigned_property": PROPERTIES[row["task"]],
        "assigned": [_name_assigned(row, kind)],
        "carried_out_by": [
            {"type": "Person", "_label": name} for name in str(row["reviewer"]).split("; ")
        ],
        "timespan": {"type": "TimeSpan", "begin_of_the_begin": time, "end_of_the_end": time},
        "referred_to_by": [{"type": "LinguisticObject", "content": text} for text in said],
    }
    if row["origin"] == "human-confirmed":
        assigned["used_specific_object"] = [_describe_model(row)]
    return assigned


def _name_assigned(row: dict[Any, Any], kind: str) -> dict[str, Any]:
    """What is assigned, under its URI where the vocabulary has one."""
    uri = {"id": row["uri"]} if isinstance(row["uri"], str) else {}
    return {**uri, "type": kind, "_label": row["new"]}


def _describe_model(row: dict[Any, Any]) -> dict[str, Any]:
    """The model that proposed the label, and how sure it was."""
    sure = row["model_confidence"]
    model: dict[str, Any] = {
        "id": f"urn:sha256:{row['model']}",
        "type": "DigitalObject",
        "_label": f"Model of the run {row['run']}",
    }
    if pd.notna(sure):
        text = f"Probability of {row['new']}: {sure:.4f}"
        model["referred_to_by"] = [{"type": "LinguisticObject", "content": text}]
    return model
