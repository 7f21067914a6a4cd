"""Routes that are made once they are asked for: once, and nobody else waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

from dashboard import app
from dashboard.server.later import LaterRoutes
from dashboard.server.table import Served
from dashboard.settings import Settings

BELOW = Served("/pictures/", "pictures", False)
WAIT = 30


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"picture {request.path_params['row']}")


async def answer_at_once(_: Request) -> PlainTextResponse:
    return PlainTextResponse("at once")


def make() -> list[BaseRoute]:
    return [Route("/pictures/{row}", answer, methods=["GET"])]


def serve(make_routes: Callable[[], Sequence[BaseRoute]], line: Served = BELOW) -> TestClient:
    routes = [LaterRoutes(line, make_routes), Route("/{rest:path}", answer_at_once)]
    return TestClient(Starlette(routes=routes))


def test_what_is_below_the_line_is_answered_by_its_routes() -> None:
    with serve(make) as client:
        assert client.get("/pictures/3").text == "picture 3"
        assert client.get("/picturesque").text == "at once"
        assert client.get("/").text == "at once"
        assert client.head("/pictures/3").status_code == 200
        assert client.post("/pictures/3").status_code == 405


@pytest.mark.parametrize("path", ["/pictures", "/pictures/", "/pictures/3/", "/pictures/3/4"])
def test_what_they_do_not_know_goes_to_nobody_else(path: str) -> None:
    with serve(make) as client:
        assert client.get(path, follow_redirects=False).status_code == 404


def test_a_line_of_one_address_covers_no_other() -> None:
    line = replace(BELOW, path="/ready")
    with serve(lambda: [Route("/ready", answer_at_once)], line) as client:
        assert client.get("/ready").text == "at once"
        assert client.get("/ready/x").text == "at once"  # of the route after it


def test_they_are_made_once_and_others_do_not_wait() -> None:
    asked, may_end, made = threading.Event(), threading.Event(), []

    def make_slowly() -> Sequence[BaseRoute]:
        made.append(threading.current_thread())
        asked.set()
        assert may_end.wait(WAIT)
        return make()

    with serve(make_slowly) as client, ThreadPoolExecutor() as pool:
        assert made == []
        waiting = [pool.submit(client.get, f"/pictures/{row}") for row in range(4)]
        try:
            assert asked.wait(WAIT)
            assert client.get("/").text == "at once"
            assert not any(each.done() for each in waiting)
        finally:
            may_end.set()
        assert {each.result(WAIT).text for each in waiting} == {
            f"picture {row}" for row in range(4)
        }
    assert len(made) == 1


def test_a_failure_is_told_and_tried_again() -> None:
    failures = [ImportError("no such library")]

    def make_at_last() -> Sequence[BaseRoute]:
        if failures:
            raise failures.pop()
        return make()

    with serve(make_at_last) as client:
        with pytest.raises(ImportError, match="no such library"):
            client.get("/pictures/3")
        assert client.get("/pictures/3").text == "picture 3"


def test_below_a_base_path_they_lie_below_it() -> None:
    settings = Settings(base_path="/c")
    later = [each for each in app.build_all_routes(settings) if isinstance(each, LaterRoutes)]
    (images,) = (each for each in later if each.path == "/c/images/")
    assert images.line.covers("/c/images/run/0/160.jpg")
    paths = [str(getattr(each, "path", "")) for each in images.make()]
    assert paths
    assert [path for path in paths if not path.startswith("/c/images/")] == []
