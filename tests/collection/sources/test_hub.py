import io
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from core.collection.errors import CollectionError
from core.collection.sources.hub import (
    ShardReader,
    find_shards,
    holds_images,
    open_hub,
    open_hub_id,
)

STYLES = ["Baroque", "Art_Nouveau", "Cubism"]
ARTISTS = ["Unknown Artist", "vincent-van-gogh", "frans-hals"]
GENRES = ["portrait", "Unknown Genre"]


def picture(number: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 8), (number * 20 % 256, 7, 7)).save(data, format="PNG")
    return data.getvalue()


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """Two shards of six paintings each, written by ``datasets`` as the Hub has them."""
    datasets = pytest.importorskip("datasets")
    features = datasets.Features(
        {
            "image": datasets.Image(),
            "artist": datasets.ClassLabel(names=ARTISTS),
            "genre": datasets.ClassLabel(names=GENRES),
            "style": datasets.ClassLabel(names=STYLES),
        }
    )
    (tmp_path / "data").mkdir()
    for shard in range(2):
        numbers = range(6 * shard, 6 * shard + 6)
        rows = {
            "image": [{"bytes": picture(number), "path": None} for number in numbers],
            "artist": [number % 3 for number in numbers],
            "genre": [number % 2 for number in numbers],
            "style": [number % 3 for number in numbers],
        }
        dataset = datasets.Dataset.from_dict(rows, features=features)
        dataset.to_parquet(tmp_path / f"data/train-0000{shard}-of-00002.parquet", batch_size=4)
    return tmp_path


def write_shard(
    file: Path, paths: list[str | None] | None = None, styles: list[str] | None = None
) -> Path:
    """A shard without features, as other tools write it."""
    styles = styles or ["Baroque", "Baroque", "Cubism", "Cubism"]
    paths = paths or [None] * len(styles)
    images = [{"bytes": picture(n), "path": path} for n, path in enumerate(paths)]
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"image": images, "style": styles}), file)
    return file


def test_classes_have_the_names_of_the_features(hub: Path) -> None:
    table = open_hub(hub).paintings
    assert len(table) == 12
    assert table["given_style"].tolist()[:3] == ["Baroque", "Art_Nouveau_Modern", "Cubism"]
    assert table["artist"].fillna("none").tolist()[:3] == ["none", "Vincent van Gogh", "Frans Hals"]
    assert table["given_genre"].fillna("none").tolist()[:2] == ["portrait", "none"]
    assert table["key"][7] == "train-00001-of-00002.parquet#1"
    assert table["split"].isna().all()  # one split is no split


def test_pictures_come_from_their_rows(hub: Path) -> None:
    collection = open_hub(hub)
    reader = pickle.loads(pickle.dumps(collection.reader))
    images = collection.paintings["image"].tolist()
    assert [reader.read(image) for image in images] == [picture(number) for number in range(12)]
    backwards = [reader.read(image) for image in reversed(images)]
    assert backwards == [picture(number) for number in reversed(range(12))]


def test_reading_in_order_decodes_each_row_group_once(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = open_hub(hub)
    groups: list[tuple[str, int]] = []
    load: Callable[..., pa.ChunkedArray] = ShardReader._load_group

    def count(reader: ShardReader, shard: str, group: int) -> pa.ChunkedArray:
        groups.append((shard, group))
        return load(reader, shard, group)

    monkeypatch.setattr(ShardReader, "_load_group", count)
    for image in collection.paintings["image"]:
        collection.reader.read(image)
    assert len(groups) == len(set(groups)) == 4


def test_a_copy_for_a_worker_leaves_the_pictures_behind(hub: Path) -> None:
    collection = open_hub(hub)
    before = len(pickle.dumps(collection.reader))
    collection.reader.read(collection.paintings["image"][0])
    assert len(pickle.dumps(collection.reader)) == before


def test_unique_paths_are_the_keys(tmp_path: Path) -> None:
    names = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    assert open_hub(write_shard(tmp_path / "x.parquet", names)).paintings["key"].tolist() == names
    doubled = write_shard(tmp_path / "y.parquet", ["a.jpg", "a.jpg", "c.jpg", "d.jpg"])
    assert open_hub(doubled).paintings["key"].tolist()[:2] == ["y.parquet#0", "y.parquet#1"]


def test_shards_of_two_splits_tell_the_split(tmp_path: Path) -> None:
    write_shard(tmp_path / "train-00000-of-00001.parquet")
    write_shard(tmp_path / "test-00000-of-00001.parquet")
    table = open_hub(tmp_path).paintings
    assert table["split"].value_counts().to_dict() == {"train": 4, "val": 4}


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
    write_shard(tmp_path / "x.parquet", styles=["Baroque"] * 9)
    assert reader.stamp("x.parquet#0:0") != before


def test_wrong_shards_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="no parquet shard"):
        open_hub(tmp_path)
    pq.write_table(pa.table({"file": ["a"], "style": ["b"]}), tmp_path / "x.parquet")
    assert not holds_images(tmp_path / "x.parquet")
    with pytest.raises(
        CollectionError, match="no column of pictures; found the columns file, style"
    ):
        open_hub(tmp_path / "x.parquet")
    write_shard(tmp_path / "y.parquet")
    with pytest.raises(CollectionError, match="no column 'manner' for the style"):
        open_hub(tmp_path / "y.parquet", {"style": "manner"})
    (tmp_path / "z.parquet").write_bytes(b"PAR1")
    with pytest.raises(CollectionError, match="not a parquet file"):
        open_hub(tmp_path / "z.parquet")


def test_shards_that_differ_are_refused(tmp_path: Path) -> None:
    write_shard(tmp_path / "a.parquet")
    pq.write_table(pa.table({"image": [{"bytes": b"x"}]}), tmp_path / "b.parquet")
    with pytest.raises(
        CollectionError, match="differs from the first shard; found no column style"
    ):
        open_hub(tmp_path)


def test_shards_lie_in_the_folder_or_in_data(hub: Path) -> None:
    assert find_shards(hub) == find_shards(hub / "data")
    assert len(find_shards(hub)) == 2


def test_a_dataset_is_fetched_and_opened(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(hub))
    collection = open_hub_id("huggan/wikiart")
    assert (collection.name, collection.identity) == ("huggan/wikiart", "huggan/wikiart")


def test_a_hub_that_does_not_answer_is_the_users_to_know(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def refuse(*_: object, **__: object) -> str:
        raise ConnectionError("no route to host")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", refuse)
    with pytest.raises(CollectionError, match=r"could not be fetched.*no route to host"):
        open_hub_id("huggan/wikiart")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(CollectionError, match="pip install"):
        open_hub_id("huggan/wikiart")
