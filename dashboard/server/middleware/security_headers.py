"""Headers that isolate a page: nothing from other origins, in no foreign frame."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access import session_cookie

# Streamlit compiles its charts and components in the browser and styles elements one by one.
POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}  # a year
SCRIPTS_READ: Final = "_streamlit_xsrf"  # sent back by Streamlit's own script


class SecurityHeaders:
    """Adds ``HEADERS`` to every answer that does not set them, and protects its cookies.

    ``is_https``: people reach this by https alone. ``session_seconds``: what a new sign-in is good
    for.
    """

    def __init__(
        self, app: ASGIApp, is_https: bool = False, session_seconds: int | None = None
    ) -> None:
        self._app, self._is_https, self._seconds = app, is_https, session_seconds
        self._headers = HEADERS | (HTTPS_ONLY if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                self._close_cookies(headers)
            await send(message)

        await self._app(scope, receive, add)

    def _close_cookies(self, headers: MutableHeaders) -> None:
        cookies = headers.getlist("set-cookie")
        if not cookies:
            return
        del headers["set-cookie"]
        if self._seconds is not None:
            cookies = session_cookie.keep_whole(cookies, self._seconds)
        for cookie in cookies:
            headers.append("set-cookie", close_cookie(cookie, self._is_https))


def close_cookie(cookie: str, is_https: bool) -> str:
    """A ``Set-Cookie`` header for this site, https and no script alone, as far as that can be."""
    name = cookie.partition("=")[0].strip()
    told = {part.partition("=")[0].strip().lower() for part in cookie.split(";")[1:]}
    wanted = {
        "samesite": "SameSite=lax",
        "httponly": "" if name == SCRIPTS_READ else "HttpOnly",
        "secure": "Secure" if is_https else "",
    }
    missing = [text for key, text in wanted.items() if text and key not in told]
    return "; ".join([cookie, *missing])
