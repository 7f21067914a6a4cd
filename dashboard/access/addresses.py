"""Which ``Host`` and which ``Origin`` are this dashboard's own.

A page of another site can make a browser ask this server (its own name may even point here, "DNS
rebinding"), but it cannot choose these two headers. Their allowed values are decided here: the
address that people use (``--public-address``), this machine's own loopback names where the request
came in on loopback, and, where no public address is named, the very address that it came in on.
Forwarded headers never count: a proxy passes ``Host`` on, or the loopback name it connects to.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from core.errors import UserError

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
LOCALHOST: Final = "localhost"
_HOST: Final = re.compile(
    r"(?P<name>\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]|[A-Za-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?"
)
_NAME: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")  # a dot at the end would be another name

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Site:
    """A scheme, a name in lower case (or an address in its shortest form) and a port."""

    scheme: str
    name: str
    port: int

    def __str__(self) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{name}{port}"


@dataclass(frozen=True)
class Addresses:
    """``public``: where people reach the dashboard; None if it is only its own address."""

    public: Site | None = None

    def accepts_host(self, host: str, server: tuple[str, int | None]) -> bool:
        """Whether a request for ``host`` that came in on ``server``, address and port, is ours."""
        if self.public is not None and read_host(host, self.public.scheme) == self.public:
            return True
        site = read_host(host, "http")
        return site is not None and self._is_own(site, server)

    def accepts_origin(self, origin: str, server: tuple[str, int | None]) -> bool:
        """Whether a page of ``origin`` is one of ours; ``null`` never is."""
        site = read_site(origin)
        if site is None:
            return False
        return site == self.public or (site.scheme == "http" and self._is_own(site, server))

    def describe(self, server: tuple[str, int | None]) -> str:
        """What would have been accepted."""
        host, port = server[0], server[1] or DEFAULT_PORTS["http"]
        own = str(Site("http", LOCALHOST, port)) if is_loopback(host) else ""
        public = "" if self.public is None else str(self.public)
        direct = "" if own or public else str(Site("http", host, port))
        return " or ".join(filter(None, (public, own, direct)))

    def _is_own(self, site: Site, server: tuple[str, int | None]) -> bool:
        address, port = server
        if site.port != port:
            return False
        if is_loopback(address):
            return is_loopback(site.name)
        is_direct = read_ip(site.name) is not None and site.name == _tidy(address)
        return is_direct and self.public is None


def read_host(host: str, scheme: str) -> Site | None:
    """A ``Host`` header of a request by ``scheme``; None if it is not a plain name and port."""
    found = _HOST.fullmatch(host)
    if found is None:
        return None
    name = _tidy(found["name"].strip("[]"))
    port = int(found["port"] or DEFAULT_PORTS[scheme])
    is_name = read_ip(name) is not None if ":" in name else bool(_NAME.fullmatch(name))
    return Site(scheme, name, port) if is_name and 0 < port < 65_536 else None


def read_site(text: str) -> Site | None:
    """An ``Origin`` header, or an address without a path; None for any other text."""
    scheme, found, host = text.partition("://")
    if not found or scheme.lower() not in DEFAULT_PORTS:
        return None
    return read_host(host, scheme.lower())


def parse_public(text: str, name: str) -> Site:
    """The setting ``name``: an address like ``https://curator.museum.org``.

    Raises ``UserError`` for any other text, one with a path or a user in it too.
    """
    site = read_site(text.removesuffix("/"))
    if site is None:
        raise UserError(
            f"{name} is not an address that a browser can open",
            found=repr(text),
            expected="https://<name>, with :<port> unless it is 443, and no path",
            remedy=f"Give what people type into their browser: {name} https://curator.museum.org",
        )
    return site


def site_of(url: str) -> Site | None:
    """Scheme, name and port of a whole URL; None if there are none."""
    parts = urlsplit(url)
    return read_site(f"{parts.scheme}://{parts.netloc}")


def is_loopback(name: str) -> bool:
    """Whether only this machine answers to ``name``; names but ``localhost`` count as outside."""
    address = read_ip(name)
    return name == LOCALHOST if address is None else address.is_loopback


def read_ip(name: str) -> Address | None:
    """An IP address in numbers; None for a name."""
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _tidy(name: str) -> str:
    address = read_ip(name)
    return name.lower() if address is None else str(address)
