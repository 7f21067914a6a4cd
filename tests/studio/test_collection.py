"""The collection as it lies on disk."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from PIL import Image

from core.studio import StudioError, paint_collection, plan_collection
from core.studio.canvas import to_float
from core.studio.easel import copy_work, damage_file, paint_work
from core.studio.planted import DAMAGES
from core.studio.works import make_rng

WORKS, SEED = 40, 11


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint_collection(tmp_path_factory.mktemp("studio") / "demo", WORKS, SEED, workers=1)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compute_hashes(root: Path) -> dict[str, str]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {str(f.relative_to(root)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def opens(path: Path) -> bool:
    try:
        with Image.open(path) as image:
            image.load()
    except OSError:
        return False
    return True


def test_the_catalogue_lists_exactly_the_files_that_are_there(root: Path) -> None:
    rows = read(root / "paintings.csv")
    assert list(rows[0]) == ["key", "file", "title", "artist", "year", "style", "genre"]
    assert len(rows) == WORKS
    there = {str(path.relative_to(root)) for path in (root / "images").rglob("*") if path.is_file()}
    assert {row["file"] for row in rows} == there
    for row in rows:
        assert row["key"] + ".jpg" == row["file"]
        assert row["file"].split("/")[1] == row["style"]
        assert row["file"].endswith(f"-{row['year']}.jpg")


def test_the_truth_names_works_of_the_catalogue_under_their_given_styles(root: Path) -> None:
    styles = {row["key"]: row["style"] for row in read(root / "paintings.csv")}
    truth = read(root / "truth.csv")
    assert list(truth[0]) == ["key", "kind", "true_style", "given_style", "partner"]
    for row in truth:
        assert styles[row["key"]] == row["given_style"]
        assert (row["kind"] == "near_duplicate") == (row["partner"] in styles)


def test_only_the_works_marked_corrupt_refuse_to_open(root: Path) -> None:
    corrupt = {row["key"] for row in read(root / "truth.csv") if row["kind"] == "corrupt_file"}
    refused = {row["key"] for row in read(root / "paintings.csv") if not opens(root / row["file"])}
    assert corrupt
    assert refused == corrupt


def test_each_kind_of_damage_refuses_to_open(root: Path, tmp_path: Path) -> None:
    whole = max((root / "images").rglob("*.jpg"), key=lambda path: path.stat().st_size)
    for damage in DAMAGES:
        harmed = tmp_path / f"{damage}.jpg"
        harmed.write_bytes(damage_file(whole.read_bytes(), damage))
        assert not opens(harmed), damage
    assert damage_file(whole.read_bytes(), "") == whole.read_bytes()


def test_a_painting_is_rgb_with_a_short_side_of_256(root: Path) -> None:
    sizes = set()
    for row in read(root / "paintings.csv"):
        if opens(root / row["file"]):
            with Image.open(root / row["file"]) as image:
                assert image.mode == "RGB"
                assert min(image.size) == 256
                sizes.add(image.size)
    assert len(sizes) >= 4


@pytest.mark.slow
def test_the_same_seed_paints_the_same_bytes_with_any_number_of_workers(
    root: Path, tmp_path: Path
) -> None:
    again = paint_collection(tmp_path / "again", WORKS, SEED, workers=2)
    assert compute_hashes(again) == compute_hashes(root)


def test_painting_again_with_the_same_arguments_touches_nothing(root: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    painted: list[int] = []
    paint_collection(root, WORKS, SEED, on_painted=lambda done, total: painted.append(done))
    assert painted == []
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


@pytest.mark.slow
def test_other_arguments_replace_a_collection_and_progress_counts_to_the_total(
    tmp_path: Path,
) -> None:
    root = tmp_path / "demo"
    root.mkdir()
    (root / "studio.json").write_text(json.dumps({"seed": 1, "works": 30, "version": 0}))
    (root / "left_over.txt").write_text("from an older studio")
    seen: list[tuple[int, int]] = []
    paint_collection(
        root, 30, 1, workers=1, on_painted=lambda done, total: seen.append((done, total))
    )
    assert seen == [(done, 30) for done in range(1, 31)]
    assert not (root / "left_over.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_crash_leaves_nothing_half_made(tmp_path: Path) -> None:
    def fail(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paint_collection(tmp_path / "demo", 30, 1, workers=1, on_painted=fail)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"precious")
    with pytest.raises(StudioError, match="something other"):
        paint_collection(tmp_path, 30, 1)
    assert (tmp_path / "holiday.jpg").read_bytes() == b"precious"


@pytest.mark.parametrize(("works", "seed", "name"), [(29, 1, "works"), (30, -1, "seed")])
def test_arguments_out_of_bounds_are_named(
    tmp_path: Path, works: int, seed: int, name: str
) -> None:
    with pytest.raises(StudioError, match=name):
        paint_collection(tmp_path / "demo", works, seed)


def test_a_near_duplicate_looks_like_its_partner_and_is_not_the_same_file() -> None:
    work = next(work for work in plan_collection(60, 2) if work.copying)
    original = paint_work(work, 2)
    small = to_float(original.resize((16, 16)))
    for copying in ("crop", "rescale", "border"):
        copy = copy_work(original, copying, make_rng(2, work.painter, work.index, 2))
        assert copy.tobytes() != original.tobytes()
        assert abs(to_float(copy.resize((16, 16))) - small).mean() < 0.15
