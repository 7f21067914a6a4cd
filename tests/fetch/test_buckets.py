"""Pictures in a bucket of a loopback S3 server, and what libraries are lacking."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import fsspec.core
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from core.fetch.buckets import open_system
from core.fetch.errors import FetchError
from tests.fetch.conftest import Fetch, put
from tests.fetch.loopback import make_picture

pytestmark = pytest.mark.server


def test_pictures_of_a_bucket(s3: Any, fetch: Fetch, tmp_path: Path) -> None:
    put(s3, "one/1.jpg", make_picture(1))
    put(s3, "one/2.jpg", b"<html>")
    names = ("1.jpg", "2.jpg", "lost.jpg")
    there, web, lost = fetch(*(f"s3://scans/one/{name}" for name in names))
    assert (tmp_path / "pictures" / there.file).read_bytes() == make_picture(1)
    assert there.etag
    assert web.reason == "not an image but a web page or other markup"
    assert lost.reason == "no such object"


def test_refresh_fetches_an_object_that_changed(s3: Any, fetch: Fetch, tmp_path: Path) -> None:
    put(s3, "two/1.jpg", make_picture(1))
    (first,) = fetch("s3://scans/two/1.jpg")
    put(s3, "two/1.jpg", make_picture(2))
    (kept,) = fetch("s3://scans/two/1.jpg")
    assert kept.sha256 == first.sha256
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()  # as in another process
    (changed,) = fetch("s3://scans/two/1.jpg", refresh=True)
    assert (tmp_path / "pictures" / changed.file).read_bytes() == make_picture(2)


def test_files_of_this_machine(fetch: Fetch, tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(make_picture(1, "PNG"))
    there, lost, folder = fetch(*(f"file://{tmp_path}/{name}" for name in ("1.png", "2.png", "")))
    assert there.file.endswith(".png")
    assert lost.reason == "no such object"
    assert not folder.file


@pytest.mark.usefixtures("s3")
def test_without_keys_a_picture_is_refused_and_the_others_arrive(
    fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    s3fs.S3FileSystem.clear_instance_cache()
    (tmp_path / "1.png").write_bytes(make_picture(1, "PNG"))
    locked, there = fetch("s3://scans/one/1.jpg", f"file://{tmp_path}/1.png")
    s3fs.S3FileSystem.clear_instance_cache()
    assert "credentials" in locked.reason
    assert there.file.endswith(".png")


@pytest.mark.skipif(importlib.util.find_spec("gcsfs") is not None, reason="gcsfs is installed")
def test_a_library_that_is_not_installed_is_named(fetch: Fetch) -> None:
    with pytest.raises(FetchError, match="pip install gcsfs"):
        open_system("gs://scans/1.jpg")
    (record,) = fetch("gs://scans/1.jpg")
    assert record.reason.endswith("not installed: pip install gcsfs")


class Short(MemoryFileSystem):
    """Says of every object that it is larger than what it gives."""

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().info(path, **options)
        return told | {"size": told["size"] + 9}


def test_an_object_that_ends_early_is_not_kept(
    fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = make_picture(1)
    Short().pipe("/1.jpg", body)
    monkeypatch.setattr(fsspec.core, "url_to_fs", lambda _: (Short(), "/1.jpg"))
    (record,) = fetch("s3://scans/1.jpg")
    assert record.reason == f"cut off: {len(body)} of {len(body) + 9} bytes"
    assert not list((tmp_path / "pictures").rglob("*.jpg*"))


def test_whatever_a_library_raises_costs_its_own_picture_alone(fetch: Fetch) -> None:
    """The Hub's raises ``NotImplementedError`` here, which is no error of a disk or network."""
    records = fetch("hf://", "file:///nowhere.jpg")
    reason = "cannot be read: Access to buckets and repositories lists is not implemented."
    assert [record.reason for record in records] == [reason, "no such object"]
