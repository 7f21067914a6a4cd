"""Which other sites may show our pictures in their IIIF viewers.

Without sign-in anyone may, as the IIIF Image API recommends. With sign-in only pages of the origins
named by ``--iiif-origins`` may, for people who have signed in here. Manifests and collections name
paintings: with and without sign-in, only origins that are named may read them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import UserError
from dashboard.access.addresses import Site, read_site

IIIF: Final = "/iiif/"
ANYONE: Final = "*"
SETTING: Final = "--iiif-origins"
_DOCUMENT: Final = re.compile(
    r"/iiif/3/[^/]+/(?:collection\.json|collection/[0-9]+\.json|[0-9]+/manifest\.json)"
)


@dataclass(frozen=True)
class IiifSharing:
    """``origins``: who may embed pictures; None is anyone."""

    origins: frozenset[Site] | None = None

    def of(self, path: str) -> IiifSharing:
        """What holds of the address ``path``: what names paintings is not for anyone."""
        is_open = self.origins is None and _DOCUMENT.fullmatch(path) is not None
        return IiifSharing(frozenset()) if is_open else self

    def allows(self, origin: str | None) -> bool:
        """Whether a page of ``origin`` may embed a picture; None: a browser that does not say."""
        if self.origins is None:
            return True
        # Who embeds a plain <img> is not told: then the session cookie decides, which browsers
        # keep from other sites.
        return bool(self.origins) if origin is None else read_site(origin) in self.origins

    def headers_for(self, origin: str | None) -> Mapping[str, str]:
        """The headers that say who may read an answer."""
        if self.origins is None:
            return {
                "Access-Control-Allow-Origin": ANYONE,
                "Cross-Origin-Resource-Policy": "cross-origin",
            }
        if not self.origins:
            return {}
        shared = {"Cross-Origin-Resource-Policy": "cross-origin", "Vary": "Origin"}
        if origin is None or not self.allows(origin):
            return shared
        return shared | {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Credentials": "true",
        }


class ShareIiif:
    """Writes ``IiifSharing.headers_for`` on the answers of the IIIF API, and on no other."""

    def __init__(self, app: ASGIApp, sharing: IiifSharing) -> None:
        self._app, self._sharing = app, sharing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(IIIF):
            await self._app(scope, receive, send)
            return
        sharing = self._sharing.of(scope["path"])
        shared = sharing.headers_for(Headers(scope=scope).get("origin"))

        async def write(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(shared)
            await send(message)

        await self._app(scope, receive, write)


def parse_sharing(text: str, *, has_sign_in: bool) -> IiifSharing:
    """The setting: origins with commas between, ``*`` for anyone; raises ``UserError``."""
    names = [name for name in (part.strip() for part in text.split(",")) if name]
    if not names:
        return IiifSharing(frozenset() if has_sign_in else None)
    if ANYONE in names and not has_sign_in:
        return IiifSharing(None)
    origins = {name: read_site(name) for name in names}
    if wrong := [name for name, site in origins.items() if site is None]:
        raise UserError(
            f"{SETTING} names what is no origin",
            found=repr(wrong[0]),
            expected="https://viewer.museum.org, several with commas between"
            + (" (where people sign in, each by name)" if has_sign_in else ", or *"),
        )
    return IiifSharing(frozenset(site for site in origins.values() if site is not None))
