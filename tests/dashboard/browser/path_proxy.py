"""A small proxy on loopback that serves another server below a path, as nginx or Caddy would."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

END = b"\r\n\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class PathProxy:
    """Passes what is asked for below ``base`` on to ``server``; anything else is not there.

    ``strips``: the server sees paths without ``base``. Each connection carries one request.
    """

    def __init__(self, server: str, base: str, *, strips: bool) -> None:
        parts = urlsplit(server)
        self._there = parts.hostname, parts.port
        self._base, self._strips = base.encode(), strips
        self.strayed: list[bytes] = []  # first lines of what was asked for elsewhere

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(END)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        first, _, rest = head.partition(b"\r\n")
        method, target, version = first.split(b" ")
        if target != self._base and not target.startswith(self._base + b"/"):
            self.strayed.append(first)
            writer.write(NOT_FOUND)
            writer.close()
            return
        target = target.removeprefix(self._base) or b"/" if self._strips else target
        lines = [b" ".join((method, target, version)), *rest.removesuffix(END).split(b"\r\n")]
        if b"upgrade: websocket" not in rest.lower():
            lines = [line for line in lines if not line.lower().startswith(b"connection:")]
            lines.append(b"Connection: close")
        to_reader, to_writer = await asyncio.open_connection(*self._there)
        to_writer.write(b"\r\n".join(lines) + END)
        await asyncio.gather(_copy(reader, to_writer), _copy(to_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@contextmanager
def serve_below(port: int, proxy: PathProxy) -> Iterator[str]:
    """``proxy`` on ``port`` of loopback, in a thread of its own; its address."""
    listening, ended = threading.Event(), threading.Event()

    async def listen() -> None:
        async with await asyncio.start_server(proxy.serve, "127.0.0.1", port):
            listening.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(listen(),))
    thread.start()
    listening.wait()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        ended.set()
        thread.join()
