import base64
import io
import json
import pickle
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.collection.errors import CollectionError
from core.collection.sources.hub import holds_images, open_hub, open_hub_id
from core.collection.sources.hub_columns import read_labels
from core.collection.sources.shards import ShardReader
from core.tasks import FURTHER

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
    file: Path, paths: Sequence[str | None] | None = None, styles: list[str] | None = None
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
    with pytest.raises(CollectionError, match="not a parquet file, or was cut off"):
        open_hub(tmp_path / "z.parquet")


def test_shards_that_differ_are_refused(tmp_path: Path) -> None:
    write_shard(tmp_path / "a.parquet")
    pq.write_table(pa.table({"image": [{"bytes": b"x"}]}), tmp_path / "b.parquet")
    with pytest.raises(
        CollectionError, match="differs from the first shard; found no column style"
    ):
        open_hub(tmp_path)


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


def image_feature(**columns: object) -> dict[bytes, bytes]:
    """Metadata as ``datasets`` writes it, for ``image`` and ``columns``."""
    features = {"image": {"_type": "Image"}, **columns}
    return {b"huggingface": json.dumps({"info": {"features": features}}).encode()}


NAMED = {"names": ["Baroque", "Cubism"], "_type": "ClassLabel"}


def write_labels(
    file: Path, styles: list[object] | pa.Array, feature: object = None, **columns: object
) -> Path:
    images = [{"bytes": picture(n), "path": None} for n in range(len(styles))]
    table = pa.table({"image": images, "style": styles, **columns})
    if feature is not None:
        table = table.replace_schema_metadata(image_feature(style=feature))
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, file)
    return file


@pytest.mark.parametrize(
    ("styles", "feature"),
    [
        (pa.array([0.0, 0.0, 1.0, 1.0, None, float("nan"), -1.0]), NAMED),
        (pa.array([0, 0, 1, 1, None, -1, None], pa.int8()), NAMED),
        (pa.array([[0], [0], [1], [1], [], None, [None]]), {"feature": NAMED, "_type": "Sequence"}),
        (pa.array([[0], [0], [1], [1], [], None, [-1]]), [NAMED]),
        (pa.array([[0], [0], [1], [1], [], [], []]), {"feature": NAMED, "_type": "List"}),
        (pa.array(["Baroque"] * 2 + ["Cubism"] * 2 + [None, "", "Unknown Style"]), None),
        (pa.array([b"Baroque"] * 2 + [b"Cubism"] * 2 + [None] * 3), None),
    ],
)
def test_labels_of_any_type_have_their_names(
    tmp_path: Path, styles: pa.Array, feature: object
) -> None:
    collection = open_hub(write_labels(tmp_path / "x.parquet", styles, feature))
    told = collection.paintings["given_style"].fillna("none").tolist()
    assert told == ["Baroque", "Baroque", "Cubism", "Cubism", "none", "none", "none"]
    assert collection.account.count("row", "read") == 7
    assert len(collection.notes) == 1


def test_all_labels_of_a_list_are_read(tmp_path: Path) -> None:
    styles = pa.array([[0, 1], [0], [1], [1, 0]])
    feature = {"feature": NAMED, "_type": "Sequence"}
    collection = open_hub(write_labels(tmp_path / "x.parquet", styles, feature))
    assert collection.paintings["given_style"].tolist() == ["Baroque"] * 2 + ["Cubism"] * 2
    assert collection.paintings[FURTHER].tolist() == [("Cubism",), None, None, ("Baroque",)]
    assert not any("the first" in note for note in collection.notes)


def test_lost_names_are_said(tmp_path: Path) -> None:
    collection = open_hub(write_labels(tmp_path / "x.parquet", pa.array([0, 0, 10, 2, 2])))
    assert "names of the styles are lost: 'style' holds the numbers 0, 2, 10" in collection.notes[1]
    unnamed = write_labels(tmp_path / "y.parquet", pa.array([0, 0, 1, 1, 27]), NAMED)
    collection = open_hub(unnamed)
    assert collection.paintings["given_style"].isna().sum() == 1
    assert collection.notes[1] == "Class numbers without a name in 'style' are no style: 27."


def test_records_are_no_labels(tmp_path: Path) -> None:
    shard = write_labels(tmp_path / "x.parquet", pa.array([{"id": 1, "name": "Baroque"}] * 4))
    with pytest.raises(
        CollectionError, match="holds records, not names; found the fields id, name"
    ):
        open_hub(shard)


def test_the_largest_column_of_pictures_is_read_and_named(tmp_path: Path) -> None:
    small = [{"bytes": picture(n), "path": None} for n in range(4)]
    large = io.BytesIO()
    Image.effect_noise((64, 64), 40).save(large, format="PNG")
    images = [{"bytes": large.getvalue() + bytes([n]), "path": None} for n in range(4)]
    checksums = [bytes(range(n, n + 32)) for n in range(4)]
    table = {"checksum": checksums, "thumbnail": small, "image": images}
    pq.write_table(pa.table({**table, "style": ["a", "a", "b", "b"]}), tmp_path / "x.parquet")
    collection = open_hub(tmp_path / "x.parquet")
    assert collection.reader.read(collection.paintings["image"][0]) == images[0]["bytes"]
    assert "those of the column 'image'; thumbnail also holds pictures" in collection.notes[1]
    assert collection.account.describe()[-2:] == [
        "1 column left out, other pictures: thumbnail",
        "1 column left out, no role: checksum",
    ]
    chosen = open_hub(tmp_path / "x.parquet", {"file": "thumbnail"})
    assert chosen.reader.read(chosen.paintings["image"][0]) == picture(0)
    with pytest.raises(
        CollectionError, match=r"no pictures in a column 'checksum'.*image, thumbnail"
    ):
        open_hub(tmp_path / "x.parquet", {"file": "checksum"})


def test_a_checksum_makes_no_column_of_pictures(tmp_path: Path) -> None:
    table = {"file": ["a.jpg"] * 4, "sha256": [bytes(range(n, n + 32)) for n in range(4)]}
    pq.write_table(pa.table({**table, "style": ["a", "a", "b", "b"]}), tmp_path / "x.parquet")
    assert not holds_images(tmp_path / "x.parquet")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            lambda data: [{"bytes": data, "path": "a.png"}, {"bytes": b"x", "path": "b"}],
            "the first",
        ),
        (lambda data: [data], "the first"),
        (lambda data: base64.b64encode(data).decode(), "base64"),
        (lambda data: f"data:image/png;base64,{base64.encodebytes(data).decode()}", "base64"),
        (lambda data: data, None),
    ],
)
def test_pictures_of_any_form_are_read(
    tmp_path: Path, cell: Callable[[bytes], object], said: str | None
) -> None:
    table = pa.table({"scan": [cell(picture(n)) for n in range(4)], "style": ["a", "a", "b", "b"]})
    pq.write_table(table, tmp_path / "x.parquet")
    assert holds_images(tmp_path / "x.parquet")
    collection = open_hub(tmp_path / "x.parquet")
    images = collection.paintings["image"]
    assert [collection.reader.read(image) for image in images] == [picture(n) for n in range(4)]
    assert [said in note for note in collection.notes[1:] if said] == [True] * (said is not None)


def test_shards_of_paths_are_refused_at_once(tmp_path: Path) -> None:
    images = pa.array(
        [{"bytes": None, "path": f"/home/a/{n}.jpg"} for n in range(4)],
        pa.struct([("bytes", pa.binary()), ("path", pa.string())]),
    )
    pq.write_table(
        pa.table({"image": images, "style": ["a", "a", "b", "b"]}), tmp_path / "x.parquet"
    )
    assert holds_images(tmp_path / "x.parquet")  # of this form, and refused as such
    with pytest.raises(
        CollectionError, match=r"hold paths, no pictures.*paths such as /home/a/0\.jpg"
    ):
        open_hub(tmp_path / "x.parquet")


def test_some_rows_without_a_picture_are_not_paths_alone(tmp_path: Path) -> None:
    images = [{"bytes": None, "path": "a"}] * 40 + [{"bytes": picture(1), "path": "b"}]
    pq.write_table(
        pa.table({"image": images, "style": ["a", "b"] * 20 + ["b"]}), tmp_path / "x.parquet"
    )
    assert len(open_hub(tmp_path / "x.parquet")) == 41


def test_the_hubs_own_branch_of_parquet_is_read_with_its_splits(tmp_path: Path) -> None:
    write_labels(tmp_path / "default/train/0000.parquet", pa.array(["a", "a", "b", "b"]))
    write_labels(tmp_path / "default/train/0001.parquet", pa.array(["a", "b"]))
    write_labels(tmp_path / "default/partial-test/0000.parquet", pa.array(["a", "b"]))
    collection = open_hub(tmp_path)
    table = collection.paintings
    assert table["split"].value_counts().to_dict() == {"train": 6, "val": 2}
    assert table["key"].is_unique
    assert collection.reader.read("train/0001.parquet#0:1") == picture(1)
    assert collection.account.count("file", "read") == 3


def test_missing_shards_are_said(tmp_path: Path) -> None:
    write_shard(tmp_path / "data/train-00001-of-00003.parquet")
    collection = open_hub(tmp_path)
    said = "train-00000-of-00003.parquet, train-00002-of-00003.parquet"
    assert f"2 shards of this dataset not here: {said}" in collection.notes[1]
    assert collection.account.count("file", "refused") == 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.integers(-3, 5),
            st.floats(allow_infinity=False),
            st.text(max_size=3),
            st.lists(st.integers(-1, 3), max_size=2),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([NAMED, {"feature": NAMED}, [NAMED], None, {}, "x"]),
)
def test_any_label_is_a_text_or_none(values: list[object], feature: object) -> None:
    told = read_labels(values, feature, "here")
    assert len(told.texts) == len(values)
    assert all(text is None or isinstance(text, str) for text in told.texts)


def test_any_damaged_byte_is_a_dataset_or_a_refusal(tmp_path: Path) -> None:
    styles = ["Op", "Pop"] * 20
    table = pa.table({"image": [b"\xff\xd8\xff%d" % n for n in range(40)], "style": styles})
    pq.write_table(table, tmp_path / "x.parquet", compression="snappy")
    whole, refused = (tmp_path / "x.parquet").read_bytes(), 0
    for at in range(4, len(whole), 7):
        damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        (tmp_path / "x.parquet").write_bytes(damaged)
        try:
            open_hub(tmp_path)
        except CollectionError:
            refused += 1
    assert refused > 20
