"""A IIIF collection from its address to paintings, on a loopback server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.collection.open import SourceOptions, open_collection
from core.fetch.__main__ import main
from core.fetch.manifests import tabulate
from core.fetch.presentation import Work
from tests.fetch.loopback import Loopback, make_picture, send, serving
from tests.fetch.test_image_service import V3 as INFO

pytestmark = pytest.mark.server
Say = pytest.CaptureFixture[str]


def publish(server: Loopback, path: str, value: dict[str, Any]) -> None:
    content = json.dumps(value).encode()
    server.pages[path] = lambda handler: send(handler, content, kind="application/json")


def publish_work(server: Loopback, number: int, images: str = "") -> dict[str, str]:
    """A manifest and its image service; the link that a collection has of it."""
    base = f"{images or server.url}/images/{number}"
    publish(server, f"/images/{number}/info.json", INFO | {"profile": "level2"})
    server.pages[f"/images/{number}/full/!1024,1024/0/default.jpg"] = lambda handler: send(
        handler, make_picture(number)
    )
    body = {"id": f"{base}.jpg", "service": [{"id": base, "type": "ImageService3"}]}
    note = {"type": "Annotation", "motivation": "painting", "body": body}
    manifest = {
        "id": f"{server.url}/iiif/m/{number}",
        "type": "Manifest",
        "label": {"en": [f"Work {number}"]},
        "rights": "http://creativecommons.org/publicdomain/zero/1.0/",
        "requiredStatement": {"label": {"en": ["Credit"]}, "value": {"en": ["A museum"]}},
        "metadata": [
            {"label": {"en": ["Style"]}, "value": {"en": ["AB"[number % 2]]}},
            {"label": {"en": ["Artist"]}, "value": {"en": ["Ada"]}},
            {"label": {"en": ["Title"]}, "value": {"en": ["Another title"]}},
            {"label": {"en": ["Image"]}, "value": {"en": ["Front"]}},
        ],
        "items": [{"type": "Canvas", "items": [{"items": [note]}]}],
    }
    publish(server, f"/iiif/m/{number}", manifest)
    return {"id": str(manifest["id"]), "type": "Manifest"}


def test_a_collection_becomes_a_table_with_pictures(
    server: Loopback, tmp_path: Path, capsys: Say
) -> None:
    works = [publish_work(server, number) for number in range(8)]
    inner = {"id": f"{server.url}/iiif/inner", "type": "Collection"}
    lost = {"id": f"{server.url}/iiif/m/lost", "type": "Manifest"}
    publish(server, "/iiif/top", {"type": "Collection", "items": [*works[:4], inner, lost]})
    publish(server, "/iiif/inner", {"type": "Collection", "items": [*works[3:], inner]})
    words = [f"{server.url}/iiif/top", "--to", str(tmp_path)]
    assert main(words) == 1
    said = capsys.readouterr().out
    assert "8 pictures" in said
    assert f"1 file refused, answered 404 Not Found: {lost['id']}" in said
    assert f"python train.py {tmp_path}" in said
    collection = open_collection(SourceOptions(str(tmp_path)))
    painting = collection.paintings.set_index("title").loc["Work 5"].to_dict()
    assert (painting["given_style"], painting["artist"]) == ("B", "Ada")
    assert painting["rights"] == "http://creativecommons.org/publicdomain/zero/1.0/; A museum"
    assert collection.reader.read(painting["image"]) == make_picture(5)
    asked = dict(server.seen.paths)
    assert main(words) == 1
    again = {path for path, n in server.seen.paths.items() if n > asked[path]}
    assert again == {"/iiif/m/lost"}, "what was refused is asked for again, nothing else"


def test_a_manifest_does_not_lead_into_the_museums_network(
    server: Loopback, tmp_path: Path, capsys: Say
) -> None:
    with serving() as inside:
        work = publish_work(server, 1, inside.url)
        other = {"id": f"{inside.url}/iiif/m/2", "type": "Manifest"}
        publish(server, "/iiif/top", {"type": "Collection", "items": [work, other]})
        assert main([f"{server.url}/iiif/top", "--to", str(tmp_path)]) == 1
        assert not inside.seen.paths
    said = capsys.readouterr().out
    assert said.count(f"leads to 127.0.0.1:{inside.port}, a private address") == 2


def test_what_is_no_manifest_is_an_error(server: Loopback, tmp_path: Path, capsys: Say) -> None:
    server.pages["/page"] = lambda handler: send(handler, b"<html>")
    for path in ("/page", "/lost"):
        assert main([f"{server.url}{path}", "--to", str(tmp_path)]) == 2
        assert f"{path} leads to no IIIF manifest" in capsys.readouterr().err


def test_labels_that_would_be_taken_for_the_manifests_own_are_told_apart() -> None:
    pairs = (("Rights", "x"), ("Object ID", "7"), ("Style", "A"), ("Style", "B"))
    table = tabulate(
        [Work("k", "t", "http://a.org/1", "CC0", "", pairs), Work("k", "a", "b", "c", "d", ())]
    )
    assert table.loc[0].to_dict() == {
        "key": "k",
        "title": "t",
        "image_url": "http://a.org/1",
        "rights": "CC0",
        "required_statement": "",
        "Rights (metadata)": "x",
        "Object ID (metadata)": "7",
        "Style": "A; B",
    }
    assert isinstance(table, pd.DataFrame)
    assert table.loc[1, "Style"] == ""
