from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.collection.errors import CollectionError
from core.collection.sources.shards import (
    ShardReader,
    find_missing,
    find_root,
    find_shards,
    find_split,
    load_schema,
)


def write_shard(file: Path, pictures: int = 1) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    images = [{"bytes": b"x", "path": None}] * pictures
    pq.write_table(pa.table({"image": images}), file)
    return file


@pytest.mark.parametrize(
    "place", ["x.parquet#9:0", "x.parquet#0:99", "gone.parquet#0:0", "../x.parquet#0:0", "nonsense"]
)
def test_a_wrong_place_is_an_os_error(tmp_path: Path, place: str) -> None:
    write_shard(tmp_path / "x.parquet")
    with pytest.raises(OSError, match=r"."):
        ShardReader(tmp_path, "image").read(place)


def test_a_row_without_a_picture_is_an_os_error(tmp_path: Path) -> None:
    images = [{"bytes": None, "path": "a.jpg"}, {"bytes": b"x", "path": "b.jpg"}]
    pq.write_table(pa.table({"image": images}), tmp_path / "x.parquet")
    with pytest.raises(FileNotFoundError, match="holds no picture"):
        ShardReader(tmp_path, "image").read("x.parquet#0:0")


def test_the_stamp_changes_with_the_shard(tmp_path: Path) -> None:
    reader = ShardReader(tmp_path, "image")
    write_shard(tmp_path / "x.parquet")
    before = reader.stamp("x.parquet#0:0")
    write_shard(tmp_path / "x.parquet", 9)
    assert reader.stamp("x.parquet#0:0") != before


@pytest.mark.parametrize("folder", ["", "data", "default/train", "config", "train"])
def test_shards_lie_in_the_folder_or_in_folders_of_it(tmp_path: Path, folder: str) -> None:
    shard = write_shard(tmp_path / folder / "0000.parquet")
    (tmp_path / ".hidden").mkdir()
    write_shard(tmp_path / ".hidden/0001.parquet")
    assert find_shards(tmp_path) == [shard]
    assert find_shards(shard) == [shard]


def test_a_folder_of_pictures_holds_no_shards(tmp_path: Path) -> None:
    write_shard(tmp_path / "Baroque/x.parquet")
    (tmp_path / "Baroque/a.jpg").touch()
    assert find_shards(tmp_path) == []


def test_two_configurations_are_asked_about(tmp_path: Path) -> None:
    for config in ("full", "small"):
        write_shard(tmp_path / config / "train/0000.parquet")
    with pytest.raises(
        CollectionError, match=f"found full, small.*Give one of them: {tmp_path}/full"
    ):
        find_shards(tmp_path)
    assert len(find_shards(tmp_path / "full")) == 1


@pytest.mark.parametrize(
    ("place", "split"),
    [
        ("train-00000-of-00002.parquet", "train"),
        ("data/test.parquet", "val"),
        ("default/validation/0000.parquet", "val"),
        ("default/partial-train/0000.parquet", "train"),
        ("default/0000.parquet", None),
        ("train/0000.parquet", "train"),
    ],
)
def test_names_and_folders_tell_the_split(tmp_path: Path, place: str, split: str | None) -> None:
    shard = write_shard(tmp_path / place)
    assert find_split(shard, find_root([shard])) == split


def test_a_shard_may_be_a_link_as_in_the_hubs_cache(tmp_path: Path) -> None:
    blob = write_shard(tmp_path / "blobs/9f")
    (tmp_path / "snapshot/data").mkdir(parents=True)
    link = tmp_path / "snapshot/data/train-00000-of-00001.parquet"
    link.symlink_to(blob)
    assert find_shards(tmp_path / "snapshot") == [link]
    root = find_root([link])
    assert find_split(link, root) == "train"
    assert ShardReader(root, "image").read("train-00000-of-00001.parquet#0:0") == b"x"


def test_shards_that_others_count_are_missing() -> None:
    there = [Path(f"data/train-{n:05}-of-00004.parquet") for n in (1, 3)]
    assert find_missing([*there, Path("data/test-00000-of-00001.parquet"), Path("x.parquet")]) == [
        "train-00000-of-00004.parquet",
        "train-00002-of-00004.parquet",
    ]


def test_what_is_no_shard_is_named(tmp_path: Path) -> None:
    whole = write_shard(tmp_path / "x.parquet")
    whole.write_bytes(whole.read_bytes()[:-9])
    with pytest.raises(CollectionError, match=r"x\.parquet is not a parquet file, or was cut off"):
        load_schema(whole)
    whole.write_text("version https://git-lfs.github.com/spec/v1\nsize 12\n")
    with pytest.raises(CollectionError, match="git lfs pull"):
        load_schema(whole)
