"""Corrections as W3C annotations of the IIIF canvases that the dashboard serves."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from core.reviews.changes.plan import Changes

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"


def encode_annotations(changes: Changes, address: str) -> bytes:
    """An ``AnnotationPage`` of one annotation a correction, which classifies its canvas; UTF-8.

    ``address``: of the dashboard, such as ``https://curator.museum.org``, whose manifests name the
    canvases.
    """
    home = address.rstrip("/")
    page = {
        "@context": CONTEXT,
        "id": f"{home}/iiif/3/corrections",
        "type": "AnnotationPage",
        "items": [_annotate(row, home) for row in changes.table.to_dict("records")],
    }
    return json.dumps(page, ensure_ascii=False, indent=1).encode()


def name_canvas(home: str, run_id: str, row: int) -> str:
    """The id of a painting's IIIF canvas; ``home``: address of the dashboard."""
    return f"{home}/iiif/3/{quote(run_id)}/{row}/canvas"


def _name_concept(uri: object) -> list[dict[str, str]]:
    """The term of the vocabulary as a body of its own; none where it has no URI."""
    if not isinstance(uri, str):
        return []
    return [{"type": "SpecificResource", "purpose": "classifying", "source": uri}]


def _annotate(row: dict[Any, Any], home: str) -> dict[str, Any]:
    canvas = name_canvas(home, row["run"], row["row"])
    comments = [f"Formerly {row['old']}." if row["old"] else "Without a label before."]
    comments += [str(row["origin"]), *([str(row["reason"])] if row["reason"] else [])]
    return {
        "id": f"{canvas}/corrections/{row['task']}",
        "type": "Annotation",
        "motivation": "classifying",
        "creator": [{"type": "Person", "name": name} for name in str(row["reviewer"]).split("; ")],
        "created": row["time"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "body": [
            {"type": "TextualBody", "purpose": "classifying", "value": row["new"]},
            *_name_concept(row["uri"]),
            *({"type": "TextualBody", "purpose": "commenting", "value": c} for c in comments),
        ],
        "target": canvas,
    }
