"""Paths below a base: taken off, put back, and led to."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import UserError
from dashboard.server.middleware.base_path import AddBase, StripBase
from dashboard.settings import Settings, below_base

BASE = "/curator"
SEEN: list[str] = []  # paths, by the witness


class Witness:
    """Notes the paths that what lies between the two sees."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            SEEN.append(scope["path"])
        await self._app(scope, receive, send)


async def tell(request: Request) -> Response:
    return JSONResponse([request.scope["path"], request.scope["raw_path"].decode()])


async def lead(request: Request) -> Response:
    return RedirectResponse(request.query_params["to"])


@pytest.fixture
def client() -> TestClient:
    SEEN.clear()
    app = Starlette(
        routes=[Route(f"{BASE}/lead", lead), Route(BASE + "/{rest:path}", tell)],
        middleware=[
            Middleware(StripBase, base=BASE),
            Middleware(Witness),
            Middleware(AddBase, base=BASE),
        ],
    )
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize("asked", ["/a%20b", "/curator/a%20b"])
def test_both_kinds_of_proxy_look_the_same_inside(client: TestClient, asked: str) -> None:
    assert client.get(asked).json() == ["/curator/a b", "/curator/a%20b"]
    assert SEEN == ["/a b"]


def test_the_base_alone_leads_to_its_folder(client: TestClient) -> None:
    assert client.get("/curator?run=a").headers["location"] == "/curator/?run=a"
    assert client.get("/curators").json()[0] == "/curator/curators"  # another name


@pytest.mark.parametrize(
    ("to", "there"),
    [
        ("/", "/curator/"),
        ("/outliers?given=a", "/curator/outliers?given=a"),
        ("/curator/map", "/curator/map"),
        ("https://provider.example/in", "https://provider.example/in"),
    ],
)
def test_answers_lead_below_the_base(client: TestClient, to: str, there: str) -> None:
    assert client.get("/lead", params={"to": to}).headers["location"] == there


@pytest.mark.parametrize("base", ["curator", "/curator/", "/", "//museum.org", "/a/../b", "/a b"])
def test_what_is_no_base_is_refused(base: str) -> None:
    with pytest.raises(UserError, match="base path"):
        Settings(base_path=base)


def test_addresses_for_the_browser_hold_the_base(monkeypatch: pytest.MonkeyPatch) -> None:
    assert below_base("/images/") == "/images/"
    monkeypatch.setenv("ARTEXTRACT_BASE_PATH", Settings(base_path="/a/b").base_path)
    assert below_base("/images/") == "/a/b/images/"
