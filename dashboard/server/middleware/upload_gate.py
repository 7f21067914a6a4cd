"""Bounds what uploads may hold of the server's memory: each visit's, and all of them together.

Streamlit keeps any number of files of a visit in memory until they are removed or the visit ends.
Uploads are counted here as they arrive, before Streamlit reads them; what does not fit is refused
with a message, and earlier files stay.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from core.sizes import MEGABYTE

RETRY_SECONDS: Final = 60
_UPLOAD: Final = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)")

Kept = Mapping[str, Mapping[str, Any]]  # by visit and file, records with ``data``


@dataclass(frozen=True)
class UploadLimits:
    """``session_files`` and ``session_bytes`` of one visit, ``total_bytes`` of all together."""

    session_files: int = 200
    session_bytes: int = 256 * MEGABYTE
    total_bytes: int = 1024 * MEGABYTE


LIMITS: Final = UploadLimits()


class Full(Exception):
    """There is no room for more; the message is for whoever sends it."""


class Room:
    """A limit on bytes held at once, counted as they arrive. Safe to share between threads."""

    def __init__(self, limit: int) -> None:
        self._limit, self._held = limit, 0
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        """Bytes that are held now."""
        return self._held

    @contextmanager
    def open(self) -> Iterator[Callable[[int], None]]:
        """A place to count what comes: call it with the bytes of each part.

        It raises ``Full`` where they do not fit. At the end they are given back.
        """
        mine = 0

        def take(count: int) -> None:
            nonlocal mine
            with self._lock:
                if self._held + count > self._limit:
                    raise Full(
                        f"The server holds {self._held / MEGABYTE:,.0f} MB of pictures that are "
                        f"being sent; the limit is {self._limit / MEGABYTE:,.0f} MB. Try again in "
                        "a few seconds."
                    )
                self._held += count
                mine += count

        try:
            yield take
        finally:
            with self._lock:
                self._held -= mine


class UploadGate:
    """Refuses uploads above ``limits``; ``find_kept`` tells what Streamlit holds already."""

    def __init__(
        self,
        app: ASGIApp,
        limits: UploadLimits = LIMITS,
        find_kept: Callable[[], Kept] | None = None,
    ) -> None:
        self._app, self._limits = app, limits
        self._find_kept = find_kept or _find_kept
        self._coming: dict[object, tuple[str, int]] = {}  # by request: its visit, its bytes so far

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _UPLOAD.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        session, ticket = found[1], object()
        self._coming[ticket] = session, 0

        async def count() -> Message:
            message = await receive()
            before = self._coming[ticket][1]
            self._coming[ticket] = session, before + len(message.get("body", b""))
            self._check(session)
            return message

        try:
            self._check(session, _read_length(scope))
            await self._app(scope, count, send)
        except Full as full:
            headers = {"Retry-After": str(RETRY_SECONDS)}
            await PlainTextResponse(str(full), 413, headers)(scope, receive, send)
        finally:
            del self._coming[ticket]

    def _check(self, session: str, more: int = 0) -> None:
        """Raises ``Full`` if kept and arriving bytes, ``more`` included, are too many."""
        kept = {each: list(files.values()) for each, files in list(self._find_kept().items())}
        coming = list(self._coming.values())
        files = len(kept.get(session, ())) + sum(1 for each, _ in coming if each == session)
        own = more + _weigh(kept.get(session, ())) + sum(n for each, n in coming if each == session)
        total = more + sum(map(_weigh, kept.values())) + sum(n for _, n in coming)
        if files > self._limits.session_files or own > self._limits.session_bytes:
            raise Full(
                f"A visit holds up to {self._limits.session_files} files of "
                f"{self._limits.session_bytes / MEGABYTE:,.0f} MB together; take some away before "
                "you add others."
            )
        if total > self._limits.total_bytes:
            raise Full(
                f"All visits together hold up to {self._limits.total_bytes / MEGABYTE:,.0f} MB of "
                "pictures, and that is reached; try again when others have left."
            )


def _weigh(files: Any) -> int:
    return sum(len(each.data) for each in files)


def _read_length(scope: Scope) -> int:
    """The length that a request declares; 0 if it declares none."""
    declared = Request(scope).headers.get("content-length", "")
    return int(declared) if declared.isascii() and declared.isdecimal() else 0


def _find_kept() -> Kept:
    if not Runtime.exists():
        return {}
    manager = cast(MemoryUploadedFileManager, Runtime.instance().uploaded_file_mgr)
    return manager.file_storage
