"""Suggestions over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.artifacts import RunMissing
from dashboard.runs.open_run import OpenRun
from dashboard.server import suggestions


@pytest.fixture
def client(opened: OpenRun) -> Iterator[TestClient]:
    def find(run_id: str) -> OpenRun | None:
        if run_id == "broken":
            raise RunMissing("There is no run")
        return opened if run_id == "r" else None

    with TestClient(Starlette(routes=suggestions.build_routes(find))) as client:
        yield client


def test_a_word_is_completed(client: TestClient) -> None:
    answer = client.get(suggestions.suggestions_url("r"), params={"text": "poll"})
    assert answer.json()[0] | {"count": 0} == {
        "text": 'artist:"Jackson Pollock"',
        "name": "Jackson Pollock",
        "kind": "Artist",
        "count": 0,
    }
    assert "private" in answer.headers["cache-control"]


def test_without_a_text_there_is_nothing_to_complete(client: TestClient) -> None:
    assert client.get(suggestions.suggestions_url("r")).json() == []


@pytest.mark.parametrize(
    "address",
    [
        "/suggestions/other.json?text=a",
        "/suggestions/broken.json?text=a",
        "/suggestions/r.json?text=" + "a" * 301,
        "/suggestions/..%2fr.json?text=a",
        "/suggestions/r",
        "/suggestions/",
    ],
)
def test_nothing_else_is_served(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_other_methods_are_refused(client: TestClient) -> None:
    assert client.post(suggestions.suggestions_url("r")).status_code == 405
