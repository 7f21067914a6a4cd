"""The HTTP API: off unless asked for, the page's own limits, every refusal in JSON."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.artifacts import Run
from core.classify import Classifier, ClassifyService
from core.classify.report import build_schema
from core.images.guard import DecodingGuard, GuardLimits
from dashboard.app import build_all_routes
from dashboard.server import classify
from dashboard.server.classify import PATH, build_api_routes
from dashboard.settings import API, Settings, load_settings
from tests.classify.conftest import read
from tests.served_routes import list_made

GUIDE = Path(__file__).parents[3] / "docs" / "classify-api.md"


@pytest.fixture(scope="module")
def service() -> Iterator[ClassifyService]:
    limits = GuardLimits(file_bytes=300_000)
    with closing(DecodingGuard(limits, children=1)) as guard:
        yield ClassifyService(guard, places=8)


@pytest.fixture
def client(run: Run, service: ClassifyService) -> Iterator[TestClient]:
    classifier = Classifier(run)
    known = {"": classifier, run.run_id: classifier}
    with TestClient(Starlette(routes=build_api_routes(known.get, lambda: service))) as client:
        yield client


def test_a_form_and_a_plain_body_get_the_same_answer(client: TestClient, run: Run) -> None:
    picture = read(run, 4)
    form = client.post(PATH, files={"image": ("../a.jpg", picture, "image/png")})
    body = client.post(f"{PATH}?name=a", content=picture)
    assert form.status_code == body.status_code == 200
    assert form.json() | {"name": "a"} == body.json()
    assert form.json()["name"] == "a.jpg"
    assert len(form.json()["neighbours"]) == 12


def test_answers_and_refusals_are_true_to_the_schema(client: TestClient, run: Run) -> None:
    schema = client.get(f"{PATH}/schema.json").json()
    assert schema == build_schema()
    for data in (read(run, 0), b"no picture"):
        jsonschema.validate(client.post(PATH, content=data).json(), schema)


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        ({"content": b""}, 422, "empty file"),
        ({"content": b"<svg/>"}, 422, "not an image"),
        ({"content": bytes(300_001)}, 413, "the limit is 0 MB"),
        ({"content": bytes(900_000)}, 413, "the limit is"),
        ({"files": {"image": ("a", bytes(900_000))}}, 413, "the limit is"),
        ({"files": {"other": ("a", b"x")}}, 400, "field named image"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400, "form"),
        ({"content": b"x", "headers": {"origin": "https://evil.example"}}, 403, "another site"),
        ({"content": b"x", "params": {"run": "../x"}}, 404, "no run '../x'"),
    ],
)
def test_every_refusal_names_its_reason(
    client: TestClient, arguments: dict[str, Any], status: int, reason: str
) -> None:
    response = client.post(PATH, **arguments)
    assert response.status_code == status
    assert response.json()["status"] == "refused"
    assert reason in response.json()["reason"]


def test_a_body_longer_than_declared_is_cut_off(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield bytes(100_000)

    assert client.post(PATH, content=endless()).status_code == 413


def test_eight_at_once_are_answered_and_more_are_told_to_wait(
    run: Run, service: ClassifyService
) -> None:
    gate = threading.Event()

    class Held(Classifier):
        @property
        def stored_side(self) -> int:
            gate.wait(300)
            return 384

    held = Held(run)
    routes = build_api_routes(lambda _: held, lambda: service)
    with TestClient(Starlette(routes=routes)) as client, ThreadPoolExecutor(9) as pool:
        asked = [pool.submit(client.post, PATH, content=read(run, row)) for row in range(9)]
        wait(asked, timeout=300, return_when=FIRST_COMPLETED)  # the ninth, told to come again
        gate.set()
        answers = [each.result() for each in asked]
    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [503]
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert busy.headers["retry-after"] == "3"
    assert "Try again" in busy.json()["reason"]


def test_it_is_off_unless_asked_for() -> None:
    def paths(settings: Settings) -> set[str]:
        return {str(getattr(route, "path", "")) for route in list_made(build_all_routes(settings))}

    assert load_settings({}).api is load_settings({API: "0"}).api is False
    assert paths(load_settings({API: "1"})) - paths(Settings()) == {PATH, f"{PATH}/schema.json"}


def test_the_guide_names_every_status_and_field() -> None:
    text = GUIDE.read_text()
    for status in (200, 400, 401, 403, 404, 409, 413, 422, 503):
        assert f"| {status} |" in text
    for field in build_schema()["$defs"]["Report"]["properties"]:
        assert f'"{field}"' in text


def test_bodies_that_come_at_once_are_bounded_in_all(
    run: Run, service: ClassifyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classify, "SENT_AT_ONCE", 10_000)
    classifier = Classifier(run)
    routes = build_api_routes({"": classifier}.get, lambda: service)
    with TestClient(Starlette(routes=routes)) as client:
        for _ in range(3):  # what was refused gives its room back
            full = client.post(PATH, content=b"x" * 20_000)
            assert (full.status_code, full.headers["retry-after"]) == (503, "3")
            assert "Try again in a few seconds" in full.json()["reason"]
        assert client.post(PATH, content=read(run, 0)).status_code == 200
