"""Pictures over HTTP."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.artifacts import Run, StoredPicture, open_run
from dashboard.server.caching import IMMUTABLE
from dashboard.server.images import build_routes, build_thumbnail, image_url
from tests.synthetic_run import STORE


@pytest.fixture
def client(run: Run) -> Iterator[TestClient]:
    routes = build_routes({"synthetic-1": run}.get)
    with TestClient(Starlette(routes=routes), raise_server_exceptions=True) as client:
        yield client


def test_a_painting_is_served_to_be_kept_for_ever(client: TestClient) -> None:
    answer = client.get("/images/synthetic-1/0/320.jpg")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == IMMUTABLE
    assert Image.open(io.BytesIO(answer.content)).format == "JPEG"


def test_full_size_is_the_stored_file(client: TestClient, run: Run) -> None:
    stored = (run.image_folder / str(run.paintings.at[3, "image"])).read_bytes()
    assert client.get(image_url("synthetic-1", 3, "full")).content == stored


def test_a_known_tag_needs_no_body(client: TestClient) -> None:
    tag = client.get("/images/synthetic-1/0/160.jpg").headers["etag"]
    again = client.get("/images/synthetic-1/0/160.jpg", headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    other = client.get("/images/synthetic-1/0/320.jpg", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_head_answers_like_get(client: TestClient) -> None:
    answer = client.head("/images/synthetic-1/0/160.jpg")
    assert answer.status_code == 200
    assert answer.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/images/synthetic-1/60/320.jpg",
        "/images/synthetic-1/-1/320.jpg",
        "/images/synthetic-1/99999999999999999999/320.jpg",
        "/images/synthetic-1/0/321.jpg",
        "/images/synthetic-1/0/320.png",
        "/images/synthetic-1/zero/320.jpg",
        "/images/other/0/320.jpg",
        "/images/synthetic-1/0/..%2f..%2fmanifest.jpg",
        "/images/..%2f..%2fetc/0/320.jpg",
        "/images/%2e%2e/0/320.jpg",
        "/images/synthetic-1/..%2fmanifest.json",
        "/images/synthetic-1/manifest.json",
        "/images/",
    ],
)
def test_anything_else_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def copy_run(run: Run, folder: Path) -> Run:
    """The run in an artifacts folder of its own, to spoil."""
    return open_run(shutil.copytree(run.folder.parent, folder / "artifacts") / run.folder.name)


def test_a_run_that_points_outside_its_store_serves_nothing(run: Run, tmp_path: Path) -> None:
    twisted = copy_run(run, tmp_path)
    secret = twisted.image_folder.parent / "secret.jpg"
    Image.new("RGB", (8, 8)).save(secret)
    twisted.paintings.loc[0, "image"] = "../secret.jpg"
    twisted.paintings.loc[1, "image"] = str(secret)
    with TestClient(Starlette(routes=build_routes({"r": twisted}.get))) as client:
        assert client.get("/images/r/0/full.jpg").status_code == 404
        assert client.get("/images/r/1/full.jpg").status_code == 404
        assert client.get("/images/r/2/full.jpg").status_code == 200


def test_a_missing_or_damaged_file_is_not_found(run: Run, tmp_path: Path) -> None:
    damaged = copy_run(run, tmp_path)
    (damaged.image_folder / "damaged.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    damaged.paintings.loc[0, "image"] = "damaged.jpg"
    damaged.paintings.loc[1, "image"] = "missing.jpg"
    with TestClient(Starlette(routes=build_routes({"r": damaged}.get))) as client:
        assert client.get("/images/r/0/160.jpg").status_code == 404
        assert client.get("/images/r/1/160.jpg").status_code == 404


def test_thumbnails_shrink_and_never_grow(tmp_path: Path) -> None:
    scroll = StoredPicture(tmp_path, STORE, f"ab/{'ab' * 32}.jpg")
    scroll.path.parent.mkdir(parents=True)
    Image.new("RGB", (400, 3000), "white").save(scroll.path)
    small = Image.open(io.BytesIO(build_thumbnail(scroll, 160)))
    assert (small.width, small.height) == (64, 480)
    assert build_thumbnail(scroll, 1000) == scroll.path.read_bytes()


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", b"<html><script>", b"secret", b""])
@pytest.mark.parametrize("size", ["full", "320"])
def test_only_a_jpeg_is_served(run: Run, tmp_path: Path, content: bytes, size: str) -> None:
    odd = copy_run(run, tmp_path)
    odd.picture(5).path.write_bytes(content)
    with TestClient(Starlette(routes=build_routes({"r": odd}.get))) as client:
        assert client.get(f"/images/r/5/{size}.jpg").status_code == 404


@pytest.mark.parametrize("linked", ["file", "folder", "store"])
def test_no_link_in_the_store_is_followed(run: Run, tmp_path: Path, linked: str) -> None:
    odd = copy_run(run, tmp_path)
    path = odd.picture(5).path
    moved = {"file": path, "folder": path.parent, "store": path.parents[1]}[linked]
    shutil.move(moved, tmp_path / "outside")
    moved.symlink_to(tmp_path / "outside")
    with TestClient(Starlette(routes=build_routes({"r": odd}.get))) as client:
        assert client.get("/images/r/5/full.jpg").status_code == 404
