from __future__ import annotations

import dataclasses
import errno
import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pytest
from PIL import Image

from core import atomic_files
from core.errors import UserError
from core.images import work
from core.images.decode import decode_image
from core.images.encode import encode_jpeg
from core.images.index import Index
from core.images.loaded import PixelLimits
from core.images.store import TABLE_COLUMNS, ImageStore, build_store, compute_store_id
from tests.images.painted import LoggedReader, fill_folder, open_folder, paint, to_bytes
from tests.images.tiffs import write_tiff

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 600  # seconds


@dataclasses.dataclass(frozen=True)
class Place:
    """A folder of paintings, a folder for the store, and a log of what is read."""

    source: Path
    stores: Path
    reader: LoggedReader

    def build(self, **options: Any) -> ImageStore:
        return build_store(open_folder(self.source, self.reader), self.stores, **options)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    source = tmp_path / "source"
    fill_folder(source, range(12))
    return Place(source, tmp_path / "stores", LoggedReader(source, tmp_path / "log"))


def list_marks(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_the_table_describes_each_painting(place: Place) -> None:
    (place.source / "Style_0" / "wide.png").write_bytes(to_bytes(paint(99, 200, 100), "PNG"))
    store = place.build(short_side=50)
    assert list(store.table.columns) == list(TABLE_COLUMNS)
    assert list(store.table["key"]) == list(open_folder(place.source).paintings["key"])
    assert store.table["perceptual_hash"].dtype == np.uint64
    row = store.table.set_index("key").loc["Style_0/wide.png"]
    assert (row["width"], row["height"]) == (200, 100)
    assert (row["stored_width"], row["stored_height"]) == (100, 50)
    data = (place.source / "Style_0" / "wide.png").read_bytes()
    assert row["content_hash"] == hashlib.sha256(data).hexdigest()
    assert row["image"] == f"{row['content_hash'][:2]}/{row['content_hash']}.jpg"
    assert len(row["signature"]) == 192


def test_every_stored_picture_is_a_small_rgb_jpeg(place: Place) -> None:
    for seed, (kind, mode) in enumerate([("PNG", "L"), ("TIFF", "CMYK"), ("PNG", "RGBA")]):
        picture = paint(50 + seed, 300, 200).convert(mode)
        (place.source / f"{kind}_{mode}.{kind.lower()}").write_bytes(to_bytes(picture, kind))
    store = place.build(short_side=64)
    assert len(store.table) == 15
    for row in store.table.itertuples():
        with Image.open(io.BytesIO(store.read(str(row.image)))) as header:
            assert (header.format, header.mode) == ("JPEG", "RGB")
        picture = store.open(str(row.image))
        assert picture.size == (row.stored_width, row.stored_height)
        assert min(picture.size) == 64


def test_a_second_run_does_nothing(place: Place) -> None:
    first = place.build()
    assert len(place.reader.take()) == 12
    before = list_marks(place.stores)
    second = place.build()
    assert place.reader.take() == []
    assert list_marks(place.stores) == before
    pd.testing.assert_frame_equal(first.table, second.table)


def test_ten_more_files_are_ten_reads(place: Place) -> None:
    place.build()
    place.reader.take()
    fill_folder(place.source, range(100, 110))
    assert len(place.build().table) == 22
    assert len(place.reader.take()) == 10


def test_a_changed_file_and_a_lost_one_are_done_again(place: Place) -> None:
    store = place.build()
    place.reader.take()
    changed, lost, cut = store.table["key"][:3]
    (place.source / changed).write_bytes(to_bytes(paint(77)))
    (store.path / store.table["image"][1]).unlink()
    (store.path / store.table["image"][2]).write_bytes(b"half")
    again = place.build()
    assert sorted(place.reader.take()) == sorted([changed, lost, cut])
    assert again.table["content_hash"][0] != store.table["content_hash"][0]
    assert all(again.open(image) for image in again.table["image"])


def test_refused_files_are_listed_and_tried_again_when_they_change(place: Place) -> None:
    whole = to_bytes(paint(60))
    (place.source / "page.jpg").write_bytes(b"<html>Not found</html>")
    (place.source / "torn.jpg").write_bytes(whole[: len(whole) // 2])
    store = place.build()
    assert len(store.table) == 12
    assert list(store.quarantine["key"]) == ["page.jpg", "torn.jpg"]
    assert store.quarantine["reason"][0].startswith("not an image but a web page")
    assert store.quarantine["reason"][1] == "truncated file"
    written = pd.read_csv(store.path / "quarantine.csv")
    assert written.to_dict("list") == store.quarantine.to_dict("list")
    place.reader.take()
    (place.source / "torn.jpg").write_bytes(whole)
    assert list(place.build().quarantine["key"]) == ["page.jpg"]
    assert place.reader.take() == ["torn.jpg"]


def test_every_picture_is_in_the_account(place: Place) -> None:
    """Read or refused, and what was guessed of some of those that were read."""
    few_bits = (np.asarray(paint(70).convert("L")).astype(np.uint16) << 4) | 15
    (place.source / "deep.tif").write_bytes(write_tiff(few_bits, photometric="minisblack"))
    (place.source / "black.png").write_bytes(to_bytes(Image.new("RGB", (120, 90)), "PNG"))
    (place.source / "thumb.png").write_bytes(to_bytes(paint(71, 16, 16), "PNG"))
    (place.source / "small.png").write_bytes(to_bytes(paint(72, 80, 50), "PNG"))
    account = place.build().account
    assert account.count("picture", "read", "refused") == 16
    told = {entry.reason: entry.names for entry in account.entries if entry.fate != "read"}
    assert {name for names in told.values() for name in names} == {
        *("deep.tif", "black.png", "thumb.png", "small.png"),
    }
    (refused,) = (entry for entry in account.entries if entry.fate == "refused")
    assert refused.names == ("thumb.png",)
    assert "too small to judge" in refused.reason
    (guessed,) = (reason for reason, names in told.items() if names == ("deep.tif",))
    assert "4,095 as white" in guessed
    assert "of one colour throughout" in told
    again = place.build()
    assert again.account.table().equals(account.table())


def test_a_picture_that_was_too_large_is_read_once_the_limit_allows_it(place: Place) -> None:
    (place.source / "large.png").write_bytes(to_bytes(paint(80, 400, 300), "PNG"))
    small = PixelLimits(whole=100_000, parts=1_000_000)
    store = build_store(open_folder(place.source), place.stores, limits=small)
    assert list(store.quarantine["key"]) == ["large.png"]
    assert "--max-megapixels" in store.quarantine["reason"][0]
    assert build_store(open_folder(place.source), place.stores).quarantine.empty


def test_a_missing_file_is_listed_and_looked_for_again(place: Place) -> None:
    collection = open_folder(place.source, place.reader)
    key = collection.paintings["key"][4]
    data = (place.source / key).read_bytes()
    (place.source / key).unlink()
    store = build_store(collection, place.stores)
    assert store.quarantine.to_dict("records") == [
        {"key": key, "image": key, "reason": "cannot be read: No such file or directory"}
    ]
    (place.source / key).write_bytes(data)
    assert build_store(collection, place.stores).quarantine.empty


def test_the_table_holds_only_this_collections_paintings(place: Place) -> None:
    whole = place.build()
    collection = open_folder(place.source, place.reader)
    few = dataclasses.replace(collection, paintings=collection.paintings.iloc[3:6])
    store = build_store(few, place.stores)
    assert store.path == whole.path
    assert list(store.table["key"]) == list(whole.table["key"][3:6])


def test_one_content_under_two_keys_is_stored_once(place: Place) -> None:
    first = place.source / "Style_0" / "painter_0000.jpg"
    (place.source / "Style_1" / "copy.jpg").write_bytes(first.read_bytes())
    store = place.build()
    assert len(store.table) == 13
    assert store.table["image"].nunique() == 12 == len(list(store.path.glob("*/*.jpg")))


@pytest.mark.slow
def test_processes_give_what_one_process_gives(place: Place, tmp_path: Path) -> None:
    fill_folder(place.source, range(12, 60))
    (place.source / "page.jpg").write_bytes(b"<html>")
    together = place.build(workers=2)
    alone = build_store(open_folder(place.source), tmp_path / "alone", workers=1)
    pd.testing.assert_frame_equal(together.table, alone.table)
    pd.testing.assert_frame_equal(together.quarantine, alone.quarantine)
    for image in alone.table["image"]:
        assert together.read(image) == alone.read(image)


@pytest.mark.slow
def test_a_picture_that_kills_its_process_is_refused_alone(place: Place) -> None:
    fill_folder(place.source, range(12, 60))
    reader = dataclasses.replace(place.reader, fatal="Style_1/painter_0021.jpg")
    store = build_store(open_folder(place.source, reader), place.stores, workers=2)
    assert list(store.quarantine["key"]) == ["Style_1/painter_0021.jpg"]
    assert "ended the process" in store.quarantine["reason"][0]
    assert len(store.table) == 59


@pytest.mark.slow
def test_a_killed_build_is_resumed(place: Place, tmp_path: Path) -> None:
    fill_folder(place.source, range(12, 120))
    code = f"""
from pathlib import Path
from core.images import index
from core.images.store import build_store
from tests.images.painted import LoggedReader, open_folder
index.CHECKPOINT_SECONDS = 0.1
source = Path({str(place.source)!r})
reader = LoggedReader(source, Path({str(place.reader.log)!r}), delay=0.1)
build_store(open_folder(source, reader), Path({str(place.stores)!r}), workers=2)
"""
    build = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL)
    saved = _wait(lambda: next(place.stores.glob("*/index.parquet"), None))
    workers = psutil.Process(build.pid).children(recursive=True)
    build.send_signal(signal.SIGKILL)
    build.wait()
    assert saved is not None, "the build ended, or took ten minutes, without a checkpoint"
    _, left = psutil.wait_procs(workers, timeout=LONGEST)  # they have noticed and gone
    assert not left
    kept = Index(saved.parent).frame()
    assert 0 < len(kept) < 120, "the build was not cut off half-way"
    place.reader.take()
    resumed = place.build(workers=1)
    assert sorted(place.reader.take()) == sorted(set(resumed.table["key"]) - set(kept["key"]))
    fresh = build_store(open_folder(place.source), tmp_path / "fresh", workers=1)
    pd.testing.assert_frame_equal(resumed.table, fresh.table)


def test_a_full_disk_says_how_much_is_needed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, written = atomic_files.replace_file, list[Path]()

    def fill(path: Path, **how: bool) -> AbstractContextManager[Path]:
        if len(written) == 5:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        written.append(path)
        return replace(path, **how)

    monkeypatch.setattr(work, "replace_file", fill)
    monkeypatch.setattr("core.images.pool.CHUNK", 1)
    with pytest.raises(
        UserError, match=r"is full; found .* MB free; expected about 1 MB more for 7"
    ):
        place.build()
    monkeypatch.undo()
    place.reader.take()
    assert len(place.build().table) == 12
    assert len(place.reader.take()) == 7


def test_a_broken_index_is_built_again(place: Place) -> None:
    store = place.build()
    (store.path / "index.parquet").write_bytes(b"no parquet")
    pd.testing.assert_frame_equal(place.build().table, store.table)


def test_half_written_files_of_old_builds_are_cleared(place: Place) -> None:
    store = place.build()
    folder = (store.path / store.table["image"][0]).parent
    old = [folder / "x.jpg.1.partial", store.path / "index.parquet.1.partial"]
    new = [folder / "y.jpg.2.partial", store.path / "index.parquet.2.partial"]
    for path in (*old, *new):
        path.write_bytes(b"half")
    for path in old:
        os.utime(path, (0, 0))
    place.build()
    assert [path.exists() for path in (*old, *new)] == [False, False, True, True]


def test_a_small_jpeg_is_kept_as_it_is_less_its_metadata(place: Place) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret description"
    plain = to_bytes(paint(70), quality=80)
    tagged = to_bytes(paint(70), quality=80, exif=exif, comment=b"a secret comment")
    (place.source / "tagged.jpg").write_bytes(tagged)
    table = place.build().table.set_index("key")
    stored = place.build().read(str(table.at["tagged.jpg", "image"]))
    assert b"secret" in tagged
    assert b"secret" not in stored
    assert stored == plain


@pytest.mark.parametrize("options", [{"progressive": True}, {"quality": 100, "subsampling": 0}])
def test_a_small_jpeg_that_is_slow_or_bloated_is_written_anew(
    place: Place, options: dict[str, Any]
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    data = to_bytes(Image.fromarray(noise), **options)
    (place.source / "odd.jpg").write_bytes(data)
    store = place.build()
    stored = store.read(str(store.table.set_index("key").at["odd.jpg", "image"]))
    assert stored == encode_jpeg(decode_image(data))


def test_each_size_has_its_own_store(place: Place) -> None:
    assert place.build(short_side=64).path != place.build(short_side=65).path
    assert compute_store_id("a") != compute_store_id("b")
    with pytest.raises(UserError, match="short side 8; expected 32 pixels or more"):
        place.build(short_side=8)


@pytest.mark.parametrize(
    "image", ["../index.parquet", "/etc/passwd", "index.parquet", "", "a/b.jpg"]
)
def test_only_pictures_of_the_store_are_opened(place: Place, image: str) -> None:
    with pytest.raises(FileNotFoundError):
        place.build().read(image)


def _wait(find: Callable[[], Path | None]) -> Path | None:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        if (found := find()) is not None:
            return found
        time.sleep(0.005)
    return None
