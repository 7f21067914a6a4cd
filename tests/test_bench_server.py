"""Ports of servers that tests and benchmarks start."""

from __future__ import annotations

import errno
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bench.server import find_port


def test_a_port_that_was_found_is_given_to_nobody_else() -> None:
    port = find_port()
    with socket.socket() as other, pytest.raises(OSError, match="in use") as refusal:
        other.bind(("127.0.0.1", port))
    assert refusal.value.errno == errno.EADDRINUSE
    with (
        HTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler),
        socket.create_connection(("127.0.0.1", port), timeout=60) as line,
    ):
        assert line.getpeername()[1] == port
