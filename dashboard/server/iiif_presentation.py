"""The IIIF Presentation API 3: paintings as manifests, lists of them as collections.

    /iiif/3/{run}/collection.json?case=...&set=...    a case or a set; or the whole run, in parts
    /iiif/3/{run}/{row}/manifest.json?findings=1      one painting; its findings as annotations

Any viewer such as Mirador opens them. Who may read them is decided as for the pictures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final
from urllib.parse import quote

import anyio.to_thread
import numpy as np
import pandas as pd
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.artifacts import Run
from core.errors import UserError
from core.findings.cases.sentences import name_case
from core.findings.labels.reasons import tell_rows
from core.reviews import NamedSet
from core.reviews.changes.annotations import name_canvas
from core.tasks import TASKS, given_column
from core.text import class_name, format_year, show_line
from dashboard.server.images import FindRun
from dashboard.server.row_address import ROW

CONTEXT: Final = "http://iiif.io/api/presentation/3/context.json"
KIND: Final = f'application/ld+json;profile="{CONTEXT}"'
# Addresses that the API takes for ``rights``; any other text is a statement.
_LICENCE: Final = re.compile(
    r"https?://(?:creativecommons\.org|rightsstatements\.org)/[\w./-]+", re.ASCII
)
FINDING: Final = "commenting"  # Mirador shows comments and tags, no assessments
PART: Final = 1000  # paintings of one collection: of more it is a collection of collections
FindSet = Callable[[str], NamedSet | None]


def collection_url(run_id: str, *, case: str = "", set_id: str = "") -> str:
    """Address of a collection of paintings: of a case, of a set, or of the run."""
    query = f"?case={quote(case)}" if case else f"?set={quote(set_id)}" if set_id else ""
    return f"/iiif/3/{quote(run_id)}/collection.json{query}"


def manifest_url(run_id: str, row: int) -> str:
    """Address of a painting's manifest."""
    return f"/iiif/3/{quote(run_id)}/{row}/manifest.json"


def build_routes(find_run: FindRun, find_set: FindSet) -> list[BaseRoute]:
    """Routes for the runs that ``find_run`` knows; ``find_set``: a named set by its id.

    Both are asked in a thread.
    """

    async def serve_collection(request: Request) -> Response:
        return await _answer(lambda: _find_collection(find_run, find_set, request))

    async def serve_manifest(request: Request) -> Response:
        return await _answer(lambda: _find_manifest(find_run, request))

    base = "/iiif/3/{run_id}"
    return [
        Route(f"{base}/collection.json", serve_collection, methods=["GET"]),
        Route(f"{base}/collection/{ROW}.json", serve_collection, methods=["GET"]),
        Route(f"{base}/{ROW}/manifest.json", serve_manifest, methods=["GET"]),
    ]


def build_collection(
    run: Run, rows: Sequence[int], address: str, home: str, name: str = ""
) -> dict[str, Any]:
    """A collection of the manifests of ``rows``; ``home``: what the run's addresses begin with.

    ``name``: what ``rows`` are of the run's collection; empty for all of it.
    """
    whole = run.manifest.collection.name
    return {
        "@context": CONTEXT,
        "id": address,
        "type": "Collection",
        "label": _text(f"{name} ({whole})" if name else whole),
        "items": [
            {
                "id": f"{home}{manifest_url(run.run_id, row)}",
                "type": "Manifest",
                "label": _text(_title(run, row)),
            }
            for row in rows
        ],
    }


def build_manifest(run: Run, row: int, home: str, *, findings: bool) -> dict[str, Any]:
    """The manifest of a painting: one canvas, as large as the original, with its picture.

    With ``findings`` what the model says of its label is an annotation that comments on the canvas.
    """
    address = f"{home}{manifest_url(run.run_id, row)}"
    base = address.removesuffix("/manifest.json")
    canvas = name_canvas(home, run.run_id, row)  # without a fragment, as the API demands
    service = f"{home}/iiif/3/{quote(run.run_id)}:{row}"
    body = {
        "id": f"{service}/full/max/0/default.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "service": [{"id": service, "type": "ImageService3", "profile": "level2"}],
    }
    page = {
        "id": f"{base}/page",
        "type": "AnnotationPage",
        "items": [_annotate(f"{base}/picture", "painting", body, canvas)],
    }
    shown: dict[str, Any] = {
        "id": canvas,
        "type": "Canvas",
        "width": int(run.paintings["width"].iloc[row]),
        "height": int(run.paintings["height"].iloc[row]),
        "items": [page],
    }
    if findings:
        shown["annotations"] = [_assess(run, row, base, canvas)]
    return {
        "@context": CONTEXT,
        "id": f"{address}?findings=1" if findings else address,
        "type": "Manifest",
        "label": _text(_title(run, row)),
        "metadata": [
            {"label": {"en": [name]}, "value": _text(value)} for name, value in _tell(run, row)
        ],
        **_tell_rights(run, row),
        "items": [shown],
    }


async def _answer(find: Callable[[], dict[str, Any] | None]) -> Response:
    try:
        document = await anyio.to_thread.run_sync(find)
    except UserError:  # the database's, or of a run that is broken
        document = None
    if document is None:
        return PlainTextResponse("There is no such document.", status_code=404)
    return Response(json.dumps(document, ensure_ascii=False), media_type=KIND)


def _find_collection(
    find_run: FindRun, find_set: FindSet, request: Request
) -> dict[str, Any] | None:
    run = find_run(request.path_params["run_id"])
    if run is None:
        return None
    home = str(request.base_url).rstrip("/")
    case, set_id = (request.query_params.get(name, "") for name in ("case", "set"))
    part = request.path_params.get("row")
    whole = f"{home}{collection_url(run.run_id, case=case, set_id=set_id)}"
    if part is not None:
        rows = np.arange(len(run))[part * PART : (part + 1) * PART].tolist()
        address = f"{home}/iiif/3/{quote(run.run_id)}/collection/{part}.json"
        return build_collection(run, rows, address, home) if rows else None
    if not case and not set_id:
        return _list_run(run, whole, home)
    chosen = _find_case(run, case) if case else _find_set(run, find_set(set_id))
    if chosen is None:
        return None
    name, rows = chosen
    return build_collection(run, rows, whole, home, name)


def _list_run(run: Run, address: str, home: str) -> dict[str, Any]:
    """All paintings, or the parts in which they are listed."""
    if len(run) <= PART:
        return build_collection(run, range(len(run)), address, home)
    parts = [
        {
            "id": f"{home}/iiif/3/{quote(run.run_id)}/collection/{part}.json",
            "type": "Collection",
            "label": _text(f"{part * PART + 1:,} to {min(len(run), (part + 1) * PART):,}"),
        }
        for part in range(-(-len(run) // PART))
    ]
    return build_collection(run, [], address, home) | {"items": parts}


def _find_case(run: Run, case: str) -> tuple[str, list[int]] | None:
    """Its name and the rows of its most telling works."""
    found = run.cases[run.cases["case"] == case]
    if found.empty:
        return None
    told = found.iloc[0]
    return name_case(told), [int(row) for row in told["rows"]]


def _find_set(run: Run, named: NamedSet | None) -> tuple[str, list[int]] | None:
    """Its name and the rows of those of its paintings that this run has."""
    if named is None:
        return None
    found = pd.Index(run.paintings["key"]).get_indexer(pd.Index(named.keys))
    return named.name, [int(row) for row in found if row >= 0]


def _find_manifest(find_run: FindRun, request: Request) -> dict[str, Any] | None:
    run, row = find_run(request.path_params["run_id"]), request.path_params["row"]
    if run is None or not 0 <= row < len(run):
        return None
    home = str(request.base_url).rstrip("/")
    return build_manifest(run, row, home, findings=request.query_params.get("findings") == "1")


def _assess(run: Run, row: int, base: str, canvas: str) -> dict[str, Any]:
    body = {
        "type": "TextualBody",
        "value": "\n".join(tell_rows(run, [row])[0].lines),
        "format": "text/plain",
        "language": "en",
    }
    said = _annotate(f"{base}/finding", FINDING, body, canvas) | {
        "creator": {"type": "Software", "name": f"ArtExtract curator, run {run.run_id}"}
    }
    return {"id": f"{base}/findings", "type": "AnnotationPage", "items": [said]}


def _annotate(
    identifier: str, motivation: str, body: dict[str, Any], canvas: str
) -> dict[str, Any]:
    return {
        "id": identifier,
        "type": "Annotation",
        "motivation": motivation,
        "body": body,
        "target": canvas,
    }


def _tell(run: Run, row: int) -> list[tuple[str, str]]:
    """What the collection says of a painting, by name."""
    painting = run.paintings.loc[row].to_dict()
    told = [("Key", painting["key"]), ("Artist", painting["artist"])]
    if pd.notna(painting["year"]):
        told.append(("Year", format_year(painting["year"])))
    for task in TASKS:
        label = painting[given_column(task)]
        if task != "artist" and isinstance(label, str):
            told.append((f"{run.manifest.word.title(task)}, as labelled", class_name(label)))
    return [(name, str(value)) for name, value in told if isinstance(value, str)]


def _tell_rights(run: Run, row: int) -> dict[str, Any]:
    """The rights to the picture, as the source says: a licence that IIIF knows, or a statement."""
    rights = run.paintings.loc[row].get("rights")
    if not isinstance(rights, str):
        return {}
    if _LICENCE.fullmatch(rights):
        return {"rights": rights}
    return {"requiredStatement": {"label": {"en": ["Rights"]}, "value": _text(rights)}}


def _title(run: Run, row: int) -> str:
    title = run.paintings.at[row, "title"]
    return str(title) if isinstance(title, str) else str(run.paintings.at[row, "key"])


def _text(text: str) -> dict[str, list[str]]:
    """A text of no known language. Viewers take what stands between angle brackets for HTML."""
    line = show_line(text)
    is_markup = line.startswith("<") and line.endswith(">")
    return {"none": [f"<span>{escape(line)}</span>" if is_markup else line]}
