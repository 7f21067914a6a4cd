"""Points, texts and modules over HTTP."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.point_cloud.packing import PackedPoints, build_columns, pack_points
from dashboard.runs.open_run import OpenRun
from dashboard.server import assets, points


def pack(opened: OpenRun) -> PackedPoints:
    return pack_points(build_columns(opened.table, opened.run.manifest.classes, opened.ceiling))


@pytest.fixture
def client(opened: OpenRun) -> Iterator[TestClient]:
    routes = [*points.build_routes({"r": opened}.get, pack), *assets.build_routes()]
    with TestClient(Starlette(routes=routes)) as client:
        yield client


def test_points_are_kept_for_good_under_their_version(client: TestClient, opened: OpenRun) -> None:
    packed = pack(opened)
    answer = client.get(points.points_url("r", packed.version))
    assert answer.status_code == 200
    assert answer.content == packed.body
    assert "immutable" in answer.headers["cache-control"]
    tag = {"If-None-Match": answer.headers["etag"]}
    again = client.get(points.points_url("r", packed.version), headers=tag)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("address", ["/points/r.bin", "/points/r.bin?v=older"])
def test_points_without_their_version_are_asked_for_again(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


def test_a_painting_is_described(client: TestClient, opened: OpenRun) -> None:
    facts = client.get(f"{points.facts_url('r')}3.json").json()
    assert facts["key"] == opened.table.loc[3, "key"]
    assert facts["title"] == "Painting 3"
    assert facts["picture"] == f"/images/{opened.run.run_id}/3/160.jpg"
    assert facts["verdict"].startswith("Labelled ")


@pytest.mark.parametrize(
    "address",
    [
        "/points/other.bin",
        "/points/r/60.json",
        "/points/r/-1.json",
        "/points/r/x.json",
        "/points/other/0.json",
        "/points/..%2fr.bin",
        "/points/",
        "/components/point_cloud/0000/cloud.js",
        f"/components/point_cloud/{assets.compute_digest()}/secrets.js",
        f"/components/point_cloud/{assets.compute_digest()}/..%2fcloud.py",
    ],
)
def test_nothing_else_is_served(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", sorted(assets.load_modules()))
def test_modules_are_served_with_their_type_and_kept(client: TestClient, name: str) -> None:
    answer = client.get(assets.module_url(name))
    assert answer.status_code == 200
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    assert answer.headers["content-type"].startswith(kind)
    assert "immutable" in answer.headers["cache-control"]
