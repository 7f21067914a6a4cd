"""A server of pictures on the loopback interface, as bad as it is told to be; it counts."""

from __future__ import annotations

import io
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

Handler = BaseHTTPRequestHandler
Page = Callable[[Handler], None]


@cache
def make_picture(number: int = 0, form: str = "JPEG") -> bytes:
    """A picture unlike that of any other number."""
    out = io.BytesIO()
    color = (number * 7 % 256, number // 36 % 256, 90)
    Image.new("RGB", (40, 30), color).save(out, form)
    return out.getvalue()


def send(
    handler: Handler,
    body: bytes,
    status: int = 200,
    kind: str = "image/jpeg",
    headers: dict[str, str] | None = None,
) -> None:
    handler.send_response(status)
    for name, value in {
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        **(headers or {}),
    }.items():
        handler.send_header(name, value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


@dataclass
class Seen:
    """What a server was asked: requests by path, and the most at once by host."""

    paths: Counter[str] = field(default_factory=Counter)
    headers: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    most: Counter[str] = field(default_factory=Counter)
    now: Counter[str] = field(default_factory=Counter)
    connections: int = 0


class Loopback(ThreadingHTTPServer):
    """Answers ``pages`` by path; every other path ``/<number>.jpg`` with its picture.

    Its first requests wait until as many are open at once as ``meeting`` has parties.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int = 0, address: str = "") -> None:
        super().__init__((address, port), _Answers)
        self.pages: dict[str, Page] = {}
        self.delay = 0.0
        self.meeting: threading.Barrier | None = None
        self.seen = Seen()
        self.lock = threading.Lock()
        self.is_dead = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def die(self) -> None:
        """Answers nobody any more, on open connections neither."""
        self.is_dead = True
        self.shutdown()
        self.socket.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Loopback

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.seen.connections += 1

    def do_GET(self) -> None:
        server, path = self.server, self.path
        host = (self.headers.get("Host") or "").partition(":")[0]
        seen = server.seen
        with server.lock:
            seen.paths[f"HEAD {path}" if self.command == "HEAD" else path] += 1
            seen.headers.setdefault(path, []).append(dict(self.headers))
            seen.now[host] += 1
            seen.most[host] = max(seen.most[host], seen.now[host])
            is_early = sum(seen.paths.values()) <= (server.meeting.parties if server.meeting else 0)
        if server.meeting and is_early:
            server.meeting.wait()
        time.sleep(server.delay)
        if server.is_dead:
            self.close_connection = True
            return
        with server.lock:  # before the answer: who has it may ask again at once
            seen.now[host] -= 1
        self._answer(path)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, path: str) -> None:
        page = self.server.pages.get(path)
        name = path.strip("/").removesuffix(".jpg")
        if page is not None:
            page(self)
        elif name.isdecimal():
            send(self, make_picture(int(name)), headers={"ETag": f'"{name}"'})
        else:
            send(self, b"not here", 404, "text/plain")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def serving(port: int = 0) -> Iterator[Loopback]:
    """A server on all loopback addresses (127.0.0.1, 127.0.0.2, ...)."""
    server = Loopback(port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        socketserver.TCPServer.server_close(server)
