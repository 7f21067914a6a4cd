"""What is put into a page's head, and that nothing else is touched."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.server.middleware.page_head import PageHead

PAGE = "<html><head><title>A</title></head><body>é</body></html>"
HEAD = b"<script>1</script>"


async def draw(request: Request) -> Response:
    if request.headers.get("if-none-match") == '"old"':
        return Response(status_code=304)
    status = 404 if request.query_params.get("gone") else 200
    return HTMLResponse(PAGE, status, headers={"ETag": '"old"'})


async def tell(_: Request) -> Response:
    return JSONResponse("<head>")


def build_client() -> TestClient:
    routes = [Route("/map", draw), Route("/other", draw), Route("/json", tell)]
    layers = [
        Middleware(PageHead, paths=["/map", "/json"], head=HEAD),
        Middleware(GZipMiddleware, minimum_size=1),  # as Streamlit has one behind it
    ]
    return TestClient(Starlette(routes=routes, middleware=layers))


def test_a_page_gets_its_head_and_says_how_long_it_is() -> None:
    answer = build_client().get("/map")
    assert answer.text == PAGE.replace("<head>", f"<head>{HEAD.decode()}")
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers


def test_a_page_is_whole_for_a_browser_that_knows_the_file() -> None:
    answer = build_client().get("/map", headers={"If-None-Match": '"old"'})
    assert answer.status_code == 200
    assert HEAD in answer.content


def test_a_page_is_plain_for_a_browser_that_reads_compressed_ones() -> None:
    answer = build_client().get("/map", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert "content-encoding" not in answer.headers
    assert HEAD in answer.content


def test_nothing_else_is_touched() -> None:
    client = build_client()
    assert client.get("/other").text == PAGE
    assert client.get("/other").headers["etag"] == '"old"'
    assert client.get("/json").json() == "<head>"
    assert client.get("/map?gone=1").text == PAGE
    assert client.get("/other").headers["content-encoding"] == "gzip"
    length = client.head("/map", headers={"Accept-Encoding": ""}).headers["content-length"]
    assert length == str(len(PAGE.encode()))
