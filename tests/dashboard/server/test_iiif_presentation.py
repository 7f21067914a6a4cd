"""Manifests and collections: what they name is there, and hostile texts stay texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.artifacts import Run, open_run
from core.findings.cases.sentences import name_case
from core.reviews import NamedSet
from dashboard.server import iiif, iiif_presentation
from dashboard.server.iiif_presentation import (
    CONTEXT,
    build_manifest,
    build_routes,
    collection_url,
    manifest_url,
)
from dashboard.server.middleware.iiif_sharing import IiifSharing, parse_sharing
from tests.synthetic_run import build_run


@pytest.fixture
def client(run: Run) -> Iterator[TestClient]:
    keys = run.paintings["key"].tolist()
    named = ("a1", "Doubtful skies", (keys[7], "gone.jpg", keys[3]), "Ada")
    sets = {"a1": NamedSet(*named, datetime.now(UTC), "synthetic-1")}
    runs = {"synthetic-1": run}
    routes = [*build_routes(runs.get, sets.get), *iiif.build_routes(runs.get)]
    with TestClient(Starlette(routes=routes)) as client:
        yield client


def fetch(client: TestClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == f'application/ld+json;profile="{CONTEXT}"'
    read: dict[str, Any] = answer.json()
    assert read["@context"] == CONTEXT
    return read


def test_a_manifest_leads_to_its_picture(client: TestClient, run: Run) -> None:
    read = fetch(client, manifest_url("synthetic-1", 4))
    assert read["id"] == "http://testserver/iiif/3/synthetic-1/4/manifest.json"
    assert read["label"] == {"none": [run.paintings.at[4, "title"]]}
    (canvas,) = read["items"]
    assert (canvas["width"], canvas["height"]) == (640, 480)
    (annotation,) = canvas["items"][0]["items"]
    assert (annotation["motivation"], annotation["target"]) == ("painting", canvas["id"])
    body = annotation["body"]
    assert client.get(body["id"]).headers["content-type"] == "image/jpeg"
    assert client.get(body["service"][0]["id"] + "/info.json").json()["profile"] == "level2"
    told = {each["label"]["en"][0]: each["value"]["none"][0] for each in read["metadata"]}
    assert told["Artist"] == run.paintings.at[4, "artist"]
    assert told["Key"] == run.paintings.at[4, "key"]
    assert "annotations" not in canvas


def test_findings_are_annotations_where_they_are_wanted(client: TestClient) -> None:
    address = manifest_url("synthetic-1", 4) + "?findings=1"
    read = fetch(client, address)
    assert read["id"].endswith(address)
    (canvas,) = read["items"]
    ((said,),) = [page["items"] for page in canvas["annotations"]]
    assert (said["motivation"], said["target"]) == ("commenting", canvas["id"])
    assert said["body"]["value"]
    assert "synthetic-1" in said["creator"]["name"]


@pytest.mark.parametrize("findings", [False, True])
def test_every_id_is_used_once(run: Run, findings: bool) -> None:
    found = re.findall(
        r"'id': '([^']+)'", str(build_manifest(run, 0, "https://m.org", findings=findings))
    )
    assert len(found) == len(set(found)) >= 6
    assert all(each.startswith("https://m.org/iiif/3/synthetic-1") for each in found)


def test_a_run_a_case_and_a_set_are_collections(client: TestClient, run: Run) -> None:
    whole = fetch(client, collection_url("synthetic-1"))
    assert len(whole["items"]) == len(run)
    assert fetch(client, whole["items"][5]["id"])["label"] == whole["items"][5]["label"]
    case = str(run.cases["case"].iloc[0])
    read = fetch(client, collection_url("synthetic-1", case=case))
    rows = run.case_rows(case).tolist()
    assert [item["id"].split("/")[-2] for item in read["items"]] == [str(row) for row in rows]
    assert read["id"] == "http://testserver" + collection_url("synthetic-1", case=case)
    (name,) = whole["label"]["none"]
    assert read["label"] == {"none": [f"{name_case(run.cases.iloc[0])} ({name})"]}
    read = fetch(client, collection_url("synthetic-1", set_id="a1"))
    assert [item["id"].split("/")[-2] for item in read["items"]] == ["7", "3"]
    assert read["label"] == {"none": [f"Doubtful skies ({name})"]}


def test_a_large_run_is_listed_in_parts(
    client: TestClient, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iiif_presentation, "PART", 25)
    whole = fetch(client, collection_url("synthetic-1"))
    assert [part["label"]["none"][0] for part in whole["items"]] == [
        "1 to 25",
        "26 to 50",
        "51 to 60",
    ]
    parts = [fetch(client, part["id"]) for part in whole["items"]]
    assert [len(part["items"]) for part in parts] == [25, 25, 10]
    assert parts[1]["items"][0]["id"].endswith("/25/manifest.json")


@pytest.mark.parametrize(
    "address",
    [
        "/iiif/3/nowhere/collection.json",
        "/iiif/3/nowhere/0/manifest.json",
        "/iiif/3/synthetic-1/60/manifest.json",
        "/iiif/3/synthetic-1/-1/manifest.json",
        "/iiif/3/synthetic-1/999999999/manifest.json",
        "/iiif/3/synthetic-1/collection/1.json",
        "/iiif/3/synthetic-1/collection.json?case=artist:Nobody",
        "/iiif/3/synthetic-1/collection.json?set=other",
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        collection_url("run", case="artist:X").partition("?")[0],
        "/iiif/3/run/collection/2.json",
        manifest_url("run", 4),
        manifest_url("run:1", 4),
    ],
)
def test_what_names_paintings_is_read_by_named_origins_alone(address: str) -> None:
    """Without sign-in any site may show a picture; it may not read what the labels are."""
    anyone, origin = IiifSharing(), "https://viewer.museum.org"
    assert not anyone.of(address).allows(origin)
    assert anyone.of(address).headers_for(origin) == {}
    assert anyone.of("/iiif/3/run:4/full/max/0/default.jpg").allows(origin)
    named = parse_sharing(origin, has_sign_in=False)
    assert named.of(address).allows(origin)
    assert not named.of(address).allows("https://evil.example")


def test_rights_are_a_licence_or_a_statement(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path))
    zero = "https://creativecommons.org/publicdomain/zero/1.0/"
    told = [zero, "© The museum", None, f"{zero} <b>"]
    run.__dict__["paintings"] = run.paintings.assign(rights=pd.Series(told * 15))
    first, second, third, fourth = (build_manifest(run, n, "", findings=False) for n in range(4))
    assert first["rights"] == zero
    assert second["requiredStatement"]["value"] == {"none": ["© The museum"]}
    assert "rights" not in third
    assert "requiredStatement" not in third
    assert "rights" not in fourth


def test_markup_in_a_title_stays_text(tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    run = open_run(build_run(tmp_path, texts=(hostile,)))
    (label,) = build_manifest(run, 0, "", findings=False)["label"]["none"]
    assert label == "<span>&lt;img src=x onerror=alert(1)&gt;</span>"
