"""Connections to public addresses alone, except where the table itself names another.

A museum's server can answer with a redirect to ``http://127.0.0.1:8080/`` or to a name that leads
there. What a name leads to is looked up once a connection, and the connection goes to the address
that was checked: a name that changes its mind in between (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterable
from typing import Final

import httpcore2

from core.fetch.errors import Refusal

Origin = tuple[str, int]
_WEB_PORTS: Final = frozenset({80, 443})  # one server: http and https
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class CheckedBackend(httpcore2.NetworkBackend):
    """Opens connections. ``named``: hosts (lower case) and ports that the table names.

    A named host may be private if it was so when first asked: an intranet's is, one that turns
    private later is not.
    """

    def __init__(self, named: Iterable[Origin]) -> None:
        self._named = frozenset(_plain(host, port) for host, port in named)
        self._was_private: dict[Origin, bool] = {}
        self._lock = threading.Lock()
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Raises ``Refusal`` for a private address; ``httpcore2.ConnectError`` and the like."""
        failure: Exception | None = None
        for address in self.choose(host, port, _resolve(host, port)):
            try:
                return self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    def choose(self, host: str, port: int, addresses: list[str]) -> list[str]:
        """Those of ``addresses`` that may be connected to; raises ``Refusal`` where none may."""
        public = [each for each in addresses if is_public(each)]
        origin = _plain(host, port)
        if origin in self._named:
            with self._lock:
                was_private = self._was_private.setdefault(origin, len(public) < len(addresses))
            if was_private:
                return addresses
        if addresses and not public:
            raise _refuse(host, port)
        return public

    def require_public(self, host: str, port: int) -> None:
        """Raises ``Refusal`` where a proxy could reach a private address that is not named.

        The proxy looks names up itself and chooses among their addresses, so all that this machine
        finds have to be allowed; of a name that only the proxy knows, it decides.
        """
        try:
            addresses = _resolve(host, port)
        except httpcore2.ConnectError:
            return
        if len(self.choose(host, port, addresses)) < len(addresses):
            raise _refuse(host, port)


def _refuse(host: str, port: int) -> Refusal:
    return Refusal(f"leads to {host}:{port}, a private address that the table does not name")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet's: not private, loopback, link-local, ..."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
    return ip.is_global and not ip.is_multicast


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"no such host {host}") from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def _plain(host: str, port: int) -> Origin:
    return host.strip("[]").casefold().rstrip("."), 443 if port in _WEB_PORTS else port
