"""Which addresses are connected to, and that a name is looked up once a connection."""

from __future__ import annotations

import socket
from typing import Any

import httpcore2
import pytest

from core.fetch.errors import Refusal
from core.fetch.private import CheckedBackend, is_public
from tests.fetch.loopback import serving

PUBLIC, PRIVATE = "93.184.216.34", "10.0.0.7"


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "0.0.0.0"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::"),
    ],
)
def test_all_others_are_not(address: str) -> None:
    assert not is_public(address)


def test_of_several_addresses_of_a_name_the_public_ones_are_taken() -> None:
    assert CheckedBackend([]).choose("a.org", 80, [PRIVATE, PUBLIC]) == [PUBLIC]


def test_a_private_host_is_asked_where_the_table_names_it_with_its_port() -> None:
    backend = CheckedBackend([("Scans.intern", 80)])
    assert backend.choose("scans.intern", 80, [PRIVATE]) == [PRIVATE]
    assert backend.choose("scans.intern", 443, [PRIVATE]) == [PRIVATE], "one web server"
    for host, port in (("scans.intern", 6379), ("other.intern", 80)):
        with pytest.raises(Refusal, match=rf"leads to {host}:{port}, a private address"):
            backend.choose(host, port, [PRIVATE])


def test_a_name_that_turns_private_is_refused() -> None:
    backend = CheckedBackend([("a.org", 80)])
    assert backend.choose("a.org", 80, [PUBLIC]) == [PUBLIC]
    with pytest.raises(Refusal, match="private address"):
        backend.choose("a.org", 80, ["127.0.0.1"])


@pytest.mark.server
def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def rebind(host: str, port: int, *args: Any, **words: Any) -> Any:
        asked.append(host)
        if host == "scans.intern":  # a name of ours alone: answered once, then never again
            assert asked.count(host) == 1
            host = "127.0.0.1"
        return look_up(host, port, *args, **words)

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    with serving() as server:
        backend = CheckedBackend([("scans.intern", server.port)])
        stream = backend.connect_tcp("scans.intern", server.port, timeout=2)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        stream.close()


def test_a_name_without_an_address_is_an_error_of_the_network() -> None:
    with pytest.raises(httpcore2.ConnectError, match=r"no such host a\.invalid"):
        CheckedBackend([]).connect_tcp("a.invalid", 80, timeout=2)
