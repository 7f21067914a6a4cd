"""Which proxy a request goes through: ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``.

As curl and Python read them, in either case. Proxies of http and https are spoken to; any other is
refused before anything is fetched.
"""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from core.fetch.errors import FetchError
from core.text import show_line

_SPOKEN: Final = ("http", "https")


@dataclass(frozen=True)
class Proxy:
    """``address``: scheme, host and port. ``auth``: name and password, which only it is sent."""

    address: str
    auth: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Proxies:
    """Proxies by the scheme of what is asked for; "all" for schemes without their own."""

    of_scheme: dict[str, Proxy]

    def find(self, scheme: str, host: str, port: int) -> Proxy | None:
        """The proxy that leads to ``host``; None where it is asked without one."""
        proxy = self.of_scheme.get(scheme, self.of_scheme.get("all"))
        if proxy is None or urllib.request.proxy_bypass(f"{host}:{port}"):
            return None
        return proxy


def read_proxies() -> Proxies:
    """Those of the environment; raises ``FetchError`` for one that cannot be used."""
    named = urllib.request.getproxies_environment()
    wanted = {scheme: named[scheme] for scheme in (*_SPOKEN, "all") if named.get(scheme)}
    return Proxies({scheme: _parse(scheme, text) for scheme, text in wanted.items()})


def _parse(scheme: str, text: str) -> Proxy:
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in _SPOKEN:
        raise FetchError(
            f"The proxy that {scheme.upper()}_PROXY names cannot be used",
            found=show_line(text.rpartition("@")[2], 80),  # what stands before may be a password
            expected="an address such as http://proxy.museum.org:3128",
            remedy=f"Set {scheme.upper()}_PROXY to a proxy of http or https, or unset it; NO_PROXY "
            "lists hosts that are asked without one.",
        )
    name = f"[{host}]" if ":" in host else host
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    port = port or (443 if parts.scheme == "https" else 80)
    return Proxy(f"{parts.scheme}://{name}:{port}", auth)
