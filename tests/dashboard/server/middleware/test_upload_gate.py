"""What uploads may hold of the server's memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.server.middleware.upload_gate import Full, Room, UploadGate, UploadLimits

LIMITS = UploadLimits(session_files=3, session_bytes=100, total_bytes=150)


@dataclass
class Record:
    data: bytes


@dataclass
class Server:
    """Keeps what is sent, as Streamlit does."""

    kept: dict[str, dict[str, Record]] = field(default_factory=dict)

    async def put(self, request: Request) -> Response:
        session, file = request.path_params["session"], request.path_params["file"]
        self.kept.setdefault(session, {})[file] = Record(await request.body())
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        del self.kept[request.path_params["session"]][request.path_params["file"]]
        return Response(status_code=204)

    async def post(self, request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def client(server: Server) -> Iterator[TestClient]:
    place = "/_stcore/upload_file/{session}/{file}"
    routes = [
        Route(place, server.put, methods=["PUT"]),
        Route(place, server.delete, methods=["DELETE"]),
        Route("/other", server.post, methods=["POST"]),
    ]
    gate = Middleware(UploadGate, limits=LIMITS, find_kept=lambda: server.kept)
    with TestClient(Starlette(routes=routes, middleware=[gate])) as client:
        yield client


def send(client: TestClient, session: str, file: str, count: int) -> tuple[int, str]:
    answer = client.put(f"/_stcore/upload_file/{session}/{file}", content=b"x" * count)
    return answer.status_code, answer.text


def test_a_visit_is_bounded_in_files(client: TestClient) -> None:
    for number in range(3):
        assert send(client, "a", str(number), 1) == (204, "")
    status, text = send(client, "a", "3", 1)
    assert (status, "up to 3 files" in text, "take some away" in text) == (413, True, True)
    assert send(client, "b", "0", 1)[0] == 204
    client.delete("/_stcore/upload_file/a/0")
    assert send(client, "a", "3", 1)[0] == 204


def test_a_visit_is_bounded_in_bytes(client: TestClient, server: Server) -> None:
    assert send(client, "a", "0", 60)[0] == 204
    assert send(client, "a", "1", 41)[0] == 413
    assert list(server.kept["a"]) == ["0"]
    assert send(client, "a", "1", 40)[0] == 204


def test_all_visits_together_are_bounded(client: TestClient) -> None:
    assert send(client, "a", "0", 80)[0] == 204
    assert send(client, "b", "0", 70)[0] == 204
    status, text = send(client, "c", "0", 1)
    assert (status, "All visits together" in text) == (413, True)


def test_a_body_that_declares_no_length_is_counted_as_it_comes(
    client: TestClient, server: Server
) -> None:
    parts = iter([b"x" * 50] * 4)
    answer = client.put("/_stcore/upload_file/a/0", content=parts)
    assert answer.status_code == 413
    assert server.kept == {}
    assert send(client, "a", "0", 100)[0] == 204  # and nothing of it is still counted


def test_other_requests_pass(client: TestClient) -> None:
    assert client.post("/other", content=b"x" * 500).text == "500"


def test_room_is_given_back_and_shared() -> None:
    room = Room(100)
    with room.open() as first, room.open() as second:
        first(60)
        with pytest.raises(Full, match="Try again"):
            second(41)
        second(40)
        assert room.held == 100
    assert room.held == 0


def test_room_counts_what_threads_take_at_once() -> None:
    room, refused, together = Room(1_000), [], threading.Barrier(8)

    def take() -> None:
        with room.open() as mine:
            try:
                for _ in range(250):
                    mine(1)
            except Full:
                refused.append(1)
            together.wait(20)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert len(refused) >= 4
    assert room.held == 0
