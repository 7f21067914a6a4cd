"""Bodies that never end, and decoders that outlive every cache."""

from __future__ import annotations

import asyncio
import io
import time

import streamlit as st
from PIL import Image
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from dashboard.runs import model_cache
from dashboard.server.middleware.slow_bodies import SlowBodies

LONGEST = 300  # seconds
SCOPE = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}


async def read_all(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def ask(app: SlowBodies, parts: int, every: float, *, ends: bool = True) -> tuple[int, float]:
    """Status, and the seconds it took, of a body in ``parts`` that come ``every`` seconds."""
    sent: list[Message] = []
    left = parts

    async def receive() -> Message:
        nonlocal left
        await asyncio.sleep(every if left else LONGEST)
        left -= 1
        return {"type": "http.request", "body": b"x", "more_body": left > 0 or not ends}

    async def send(message: Message) -> None:
        sent.append(message)

    started = time.monotonic()
    asyncio.run(app(dict(SCOPE), receive, send))
    return sent[0]["status"], time.monotonic() - started


def test_a_body_in_time_is_read() -> None:
    assert ask(SlowBodies(read_all, pause=LONGEST, whole=LONGEST), 5, 0.01)[0] == 200


def test_a_pause_ends_it() -> None:
    status, seconds = ask(SlowBodies(read_all, pause=0.3, whole=LONGEST), 3, 0.01, ends=False)
    assert status == 408
    assert seconds < LONGEST / 2


def test_dripping_on_ends_it_too() -> None:
    status, seconds = ask(SlowBodies(read_all, pause=LONGEST, whole=0.5), 10_000, 0.05)
    assert status == 408
    assert seconds < LONGEST / 2


def test_clearing_every_cache_ends_no_decoder() -> None:
    service = model_cache.load_service()
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64)).save(buffer, "JPEG")
    st.cache_resource.clear()
    st.cache_data.clear()
    assert model_cache.load_service() is service
    assert service.guard.decode(buffer.getvalue(), short_side=32).image.height == 32
    model_cache.close_service()
    assert model_cache.load_service() is not service
    model_cache.close_service()
