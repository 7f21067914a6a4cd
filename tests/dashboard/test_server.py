"""What stands between the dashboard and the network: addresses, headers, health, logs."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.errors import UserError
from dashboard import __main__
from dashboard.event_log import LOGGER
from dashboard.server.middleware.request_log import RequestLog
from dashboard.server.middleware.security_headers import HEADERS, SecurityHeaders
from dashboard.server.routes import build_routes
from dashboard.server.table import name_kind
from dashboard.settings import Settings


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "museum.example"])
def test_an_address_that_others_reach_is_refused(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert __main__.main(["--host", host, "--port", "8689"]) == 2
    assert "nobody has to sign in" in capsys.readouterr().err
    with pytest.raises(UserError, match="--no-auth"):
        __main__.warn_of_strangers(Settings(host=host))
    __main__.warn_of_strangers(Settings(host=host, no_auth=True))
    assert "give verdicts" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_needs_no_word(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    __main__.warn_of_strangers(Settings(host=host))
    assert capsys.readouterr().err == ""


@pytest.fixture
def client(root: Path) -> Iterator[TestClient]:
    """Our routes and middleware over ``root``, without Streamlit."""

    async def page(_: object) -> PlainTextResponse:
        return PlainTextResponse("page")

    async def fail(_: object) -> None:
        raise RuntimeError

    routes = [
        *build_routes(Settings()),
        Route("/fail", fail),
        Route("/{rest:path}", page),
    ]
    layers = [Middleware(RequestLog, name_kind=name_kind), Middleware(SecurityHeaders)]
    server = Starlette(routes=routes, middleware=layers)
    with TestClient(server, raise_server_exceptions=False) as client:
        yield client


def test_a_server_with_a_run_and_a_log_is_ready(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"runs": "ok", "verdicts": "ok"}


def test_what_is_not_ready_is_named_by_kind_alone(client: TestClient, root: Path) -> None:
    shutil.rmtree(root / "synthetic-1")
    (root / "reviews.sqlite").write_bytes(b"no database" * 999)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"runs": "RunMissing", "verdicts": "ReviewsError"}
    assert client.get("/healthz").status_code == 200
    assert str(root) not in answer.text


def test_every_answer_carries_the_headers(client: TestClient) -> None:
    for path in ("/", "/healthz", "/nowhere/at/all"):
        headers = client.get(path).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS


def test_metrics_count_requests_by_kind(client: TestClient) -> None:
    def requests() -> float:
        text = client.get("/metrics").text
        wanted = r'artextract_requests_total\{kind="page",method="GET",status="200"\} (\S+)'
        found = re.search(wanted, text)
        return float(found[1]) if found else 0.0

    before = requests()
    client.get("/outliers?painting=secret-name.jpg")
    assert requests() == before + 1
    assert "secret-name" not in client.get("/metrics").text


def test_a_method_that_a_client_makes_up_is_no_label(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger=LOGGER.name):
        client.request("ADA-1", "/healthz")
    assert json.loads(caplog.messages[0])["method"] == "other"
    text = client.get("/metrics").text
    assert 'method="other"' in text
    assert "ADA-1" not in text


def test_the_log_is_json_without_names(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger=LOGGER.name):
        client.get("/_stcore/upload_file/session/Grandmother%20portrait.jpg?user=ada")
        client.get("/fail")
    lines = [json.loads(line) for line in caplog.messages]
    assert [line["kind"] for line in lines] == ["_stcore", "page"]
    assert [line["status"] for line in lines] == [200, 500]
    assert "Grandmother" not in caplog.text
    assert "ada" not in "".join(caplog.messages)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/images/run/1/320.jpg", "images"), ("/", "page"), ("/reviews", "page"), ("/../x", "page")],
)
def test_addresses_have_few_kinds(path: str, kind: str) -> None:
    assert name_kind(path) == kind
