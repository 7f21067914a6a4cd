"""HTTP byte by byte: what a client library would put right goes out as it is written here."""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

SECONDS: Final = 60.0
UPGRADE: Final = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}
SWITCHED: Final = 101  # the status of a websocket that was let in


@dataclass(frozen=True)
class Answer:
    """What came back. ``status`` is 0 where the server hung up without a word."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def text(self) -> bytes:
        """Everything that a client could read in it."""
        lines = (f"{name}: {value}" for name, value in self.headers)
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body

    @property
    def refused(self) -> bool:
        """Whether it is a no: an error of the client's, or a connection closed."""
        return self.status == 0 or 400 <= self.status < 500

    def header(self, name: str) -> str:
        """All values of the header, an empty text where there is none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())


def build_request(
    target: str,
    host: str | None,
    method: str = "GET",
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    version: str = "HTTP/1.1",
) -> bytes:
    """The bytes of a request that asks for the connection to be closed; no ``host``, no Host."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    lines = [f"{method} {target} {version}"]
    lines += [f"Host: {host}"] if host is not None else []
    lines += [f"{name}: {value}" for name, value in pairs]
    lines += [] if any(name == "Connection" for name, _ in pairs) else ["Connection: close"]
    lines += [f"Content-Length: {len(body)}"] if body or method in {"POST", "PUT"} else []
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def ask(port: int, target: str, host: str | None = "", **rest: object) -> Answer:
    """The answer to a request as ``build_request`` makes it; Host is loopback's by itself."""
    host = f"127.0.0.1:{port}" if host == "" else host
    return send(port, build_request(target, host, **rest), str(rest.get("method", "GET")))  # type: ignore[arg-type]


def send(port: int, request: bytes, method: str = "GET", seconds: float = SECONDS) -> Answer:
    """The first answer to the bytes of ``request``."""
    with connect(port, seconds) as line:
        with suppress(OSError):  # it may hang up before it has heard everything
            line.sendall(request)
        answer = http.client.HTTPResponse(line, method=method)
        try:
            answer.begin()
            body = b"" if answer.status == SWITCHED else answer.read()
        except (http.client.HTTPException, ConnectionError):
            return Answer(0)
        finally:
            answer.close()
        return Answer(answer.status, tuple(answer.getheaders()), body)


def converse(port: int, request: bytes, seconds: float = 2.0) -> bytes:
    """All that comes back for ``request`` within ``seconds``, several answers perhaps."""
    heard, until = io.BytesIO(), time.monotonic() + seconds
    with connect(port, seconds) as line, suppress(OSError):
        line.sendall(request)
        while (left := until - time.monotonic()) > 0:
            line.settimeout(left)
            part = line.recv(65_536)
            if not part:
                break
            heard.write(part)
    return heard.getvalue()


def connect(port: int, seconds: float = SECONDS) -> socket.socket:
    """A connection to the server, to be closed by the caller."""
    return socket.create_connection(("127.0.0.1", port), timeout=seconds)
