"""The live classifier over plain HTTP: ``POST /api/classify``, for programs.

Off unless ``--api`` or ``ARTEXTRACT_API=1`` turns it on. ``docs/classify-api.md`` describes it; the
JSON schema of an answer is at ``GET /api/classify/schema.json``. The same limits and the same queue
as the page's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import anyio.to_thread
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive

from core.artifacts import RunError
from core.classify import Busy, Classifier, ClassifyService
from core.classify.batch import read_form_name, show_name
from core.classify.report import Refusal, build_report, build_schema
from core.images.guard import GuardBroken
from core.images.loaded import ImageRefused
from core.sizes import MEGABYTE
from dashboard.server.middleware.upload_gate import Full, Room

PATH: Final = "/api/classify"
RETRY_SECONDS: Final = 3
# What surrounds a file in a form: its part header, a few other fields.
FORM_OVERHEAD: Final = 64 * 1024
SENT_AT_ONCE: Final = 256 * MEGABYTE  # of all requests together, before they are answered

FindClassifier = Callable[[str], Classifier | None]


class _TooLarge(Exception):
    """The body is longer than a picture may be."""


def build_api_routes(
    find_classifier: FindClassifier, find_service: Callable[[], ClassifyService]
) -> list[BaseRoute]:
    """Routes of the API. ``find_classifier`` knows runs by id, and the newest by ``""``."""

    room = Room(SENT_AT_ONCE)

    async def classify(request: Request) -> Response:
        if not _is_same_origin(request):
            return _refuse(403, "", "a page of another site may not ask for an answer")
        service = find_service()
        try:
            with room.open() as take:
                counted = Request(request.scope, _count(request, take))
                name, data = await _read_picture(counted, service.guard.limits.file_bytes)
                return await anyio.to_thread.run_sync(answer, request, service, name, data)
        except Full as full:
            return _refuse(503, "", str(full), {"Retry-After": str(RETRY_SECONDS)})
        except _TooLarge:
            limit = service.guard.limits.file_bytes / MEGABYTE
            return _refuse(413, "", f"the file is too large; the limit is {limit:,.0f} MB")
        except HTTPException as error:  # how Starlette says that a form is broken
            return _refuse(400, "", f"the form cannot be read ({error.detail})")

    def answer(request: Request, service: ClassifyService, name: str, data: bytes) -> Response:
        run_id = request.query_params.get("run", "")
        try:
            classifier = find_classifier(run_id)
            if classifier is None:
                return _refuse(404, name, f"there is no run {run_id!r} here")
            answered = service.classify(classifier, data)
        except ImageRefused as refusal:
            return _refuse(422, name, refusal.reason)
        except RunError as error:
            return _refuse(409, name, str(error))
        except Busy as error:
            return _refuse(503, name, str(error), {"Retry-After": str(RETRY_SECONDS)})
        except GuardBroken as error:
            return _refuse(503, name, str(error))
        return JSONResponse(build_report(classifier.run, name, answered).model_dump(mode="json"))

    async def schema(_: Request) -> Response:
        return JSONResponse(build_schema())

    return [
        Route(PATH, classify, methods=["POST"]),
        Route(f"{PATH}/schema.json", schema, methods=["GET"]),
    ]


async def _read_picture(request: Request, limit: int) -> tuple[str, bytes]:
    """Name and bytes of the picture: the form's field ``image``, or the body itself."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit + FORM_OVERHEAD:
        raise _TooLarge
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return show_name(request.query_params.get("name", "")), await _read_body(request, limit)
    bounded = Request(request.scope, _bound(request, limit + FORM_OVERHEAD))
    async with bounded.form(max_files=1, max_fields=4) as form:
        image = form.get("image")
        if not isinstance(image, UploadFile):
            raise HTTPException(400, "no file in a field named image")
        return show_name(read_form_name(image.filename or "")), await image.read()


async def _read_body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _TooLarge
    return bytes(body)


def _bound(request: Request, limit: int) -> Receive:
    """The request's own receiver, which stops at ``limit`` bytes whatever was declared."""
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise _TooLarge
        return message

    return receive


def _count(request: Request, take: Callable[[int], None]) -> Receive:
    """The request's own receiver, which has what comes counted by ``take``."""

    async def receive() -> Message:
        message = await request.receive()
        take(len(message.get("body", b"")))
        return message

    return receive


def _is_same_origin(request: Request) -> bool:
    """Whether a browser sent this from a page of ours; programs send no Origin at all."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _refuse(status: int, name: str, reason: str, headers: dict[str, str] | None = None) -> Response:
    body = Refusal(name=name, reason=reason).model_dump(mode="json")
    return JSONResponse(body, status_code=status, headers=headers)
