"""Every address that the server answers, asked of the app itself: a new route is among them.

A route's parameters are filled in with what really exists, so that who may look sees something, and
who may not would.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.server import CHECKOUT
from dashboard.navigation import PAGES as REGISTERED
from dashboard.server import assets
from dashboard.server.iiif import VIEWER_URL
from dashboard.server.images import WIDTHS
from dashboard.server.table import PUBLIC
from tests.security.sentinels import RUN
from tests.security.stream import TOKEN

PAGES: Final = tuple(f"/{path}" for path in REGISTERED)
# For a page anybody may ask, and is shown the sign-in page where they may not look.
OPEN: Final = PUBLIC | {"/", *PAGES}
# Of these somebody who may look gets what the run holds.
TELLING: Final = (f"/images/{RUN}/0/", f"/points/{RUN}", f"/iiif/3/{RUN}:0/full", "/media/")
_LISTING: Final = """
import json
from starlette.routing import WebSocketRoute
from dashboard.app import build_app
from tests.served_routes import list_made
routes = list_made(build_app()._build_starlette_app().routes)
print(json.dumps([
    [each.path, sorted(getattr(each, "methods", None) or ["GET"]), type(each).__name__]
    for each in routes
]))
"""


@dataclass(frozen=True)
class Address:
    """One request: ``template`` is the route's own path."""

    method: str
    path: str
    template: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_open(self) -> bool:
        """Whether anybody may ask; the answer must hold nothing of the run all the same."""
        return self.path in OPEN

    @property
    def is_telling(self) -> bool:
        """Whether somebody who may look sees something of the run."""
        is_read = self.method == "GET" and self.path.startswith(TELLING)
        is_read = is_read and "{rest" not in self.template
        return is_read or (self.method, self.path) == ("POST", "/api/classify")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def list_routes(environment: Mapping[str, str]) -> list[tuple[str, list[str], str]]:
    """Path, methods and kind of every route of the app with the settings of ``environment``."""
    done = subprocess.run(
        [sys.executable, "-c", _LISTING],
        cwd=CHECKOUT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    return [(path, methods, kind) for path, methods, kind in json.loads(done.stdout)]


def list_addresses(
    routes: list[tuple[str, list[str], str]],
    things: Mapping[str, list[str]],
    picture: bytes,
) -> list[Address]:
    """Each route with each of its methods; ``things`` are values of parameters by their name.

    ``picture``: what is sent to whoever takes pictures.
    """
    found = [
        Address(method, path, template, *_dress(path, method, picture))
        for template, methods, kind in routes
        if kind != "WebSocketRoute"
        for path in _fill(template, kind, things)
        for method in methods
    ]
    return found + [Address("GET", path, "a page") for path in ("/", *PAGES, "/nowhere", "/x/y")]


def _fill(template: str, kind: str, things: Mapping[str, list[str]]) -> Iterator[str]:
    if kind == "Mount":
        yield from things.get(template or "/", [f"{template}/"])
        return
    parameters = re.findall(r"\{(\w+)(?::\w+)?\}", template)
    first = template.split("/")[1]
    options = [things.get(f"{first}.{name}") or things.get(name) or [RUN] for name in parameters]
    for chosen in itertools.product(*options):
        path = template
        for value in chosen:
            before, _, after = re.split(r"(\{\w+(?::\w+)?\})", path, maxsplit=1)
            path = f"{before}{value}{after}"
        yield path


def _dress(path: str, method: str, picture: bytes) -> tuple[Mapping[str, str], bytes]:
    if path == "/api/classify":
        return {"Content-Type": "image/jpeg"}, picture
    if method == "PUT":
        return FORM, wrap(picture)
    return (XSRF, b"") if method == "DELETE" else ({}, b"")


_EDGE: Final = "edge-of-a-form"
XSRF: Final = {"X-Xsrftoken": TOKEN, "Cookie": f"_streamlit_xsrf={TOKEN}"}
FORM: Final = XSRF | {"Content-Type": f"multipart/form-data; boundary={_EDGE}"}


def wrap(content: bytes, name: str = "picture.jpg") -> bytes:
    """A form with one file."""
    head = f'--{_EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{_EDGE}--\r\n".encode()


def list_things(media: list[str], session_id: str, static: str) -> dict[str, list[str]]:
    """What the parameters of the routes stand for on this server."""
    module = Path(assets.module_url(next(iter(assets.load_modules()))))
    return {
        "run_id": [RUN],
        "row": ["0"],
        "images.size": list(WIDTHS),
        "region": ["full", "square"],
        "iiif.size": ["max", "^400,"],
        "rotation": ["0"],
        "quality": ["default"],
        "format": ["jpg", "png"],
        "digest": [module.parts[-2]],
        "name": [module.name],
        "file_id": media,
        "session_id": [session_id],
        "/vendor": [VIEWER_URL],
        "/": ["/index.html", static, "/favicon.png"],
        "rest": ["x", f"{RUN}/0/160.jpg"],
    }
