"""Copies that only their looks tell: they share a fold and a vote, and are looked for once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from core.artifacts import open_run
from core.collection.open import open_collection
from core.findings.oeuvre.other_works import code_artists, tally_oeuvre
from core.fold_codes import LEFT_OUT, NOT_SCORED
from core.images.store import build_store
from core.training.config import TrainConfig
from core.training.evidence import look_at_thumbnails
from core.training.run import _join_copies
from core.training.subject import Subject, build_subject, describe_copies
from core.training.work import WorkFolder
from tests.training.conftest import paint_patterns, small_config, train_small

ORIGINAL = "painter-c_blobs-5-1905.jpg"
COPIES = ("painter-c_the-middle-1906.jpg", "painter-c_framed-1907.jpg")


def plant_copies(data: Path, style: str = "Noise") -> Path:
    """A crop and a bordered copy of one of the Blobs, under other names, as works in ``style``."""
    picture = Image.open(data / "Blobs" / ORIGINAL)
    width, height = picture.size
    x, y = round(0.1 * width), round(0.1 * height)
    crop = picture.crop((x, y, width - x, height - y)).resize((90, 90), Image.Resampling.BICUBIC)
    crop.save(data / style / COPIES[0], quality=90)
    ImageOps.expand(picture, 6, "white").save(data / style / COPIES[1], quality=90)
    return data


def build(data: Path, folder: Path, **changes: object) -> tuple[TrainConfig, Subject]:
    config = small_config(data, folder, **changes)
    collection = open_collection(config.collection)
    store = build_store(collection, folder / "images", short_side=64, workers=1)
    return config, build_subject(config, collection, store)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plant_copies(paint_patterns(tmp_path_factory.mktemp("copied") / "patterns"))


def find_planted(subject: Subject) -> np.ndarray:
    names = subject.paintings["key"].str.rpartition("/")[2]
    return np.flatnonzero(names.isin([ORIGINAL, *COPIES]))


def describe(config: TrainConfig, subject: Subject, work: WorkFolder) -> np.ndarray:
    """(N, 192) float32: coarse pixels, in place of a network's features."""
    thumbnails = look_at_thumbnails(config, subject, work)
    return thumbnails[:, ::8, ::8].reshape(len(thumbnails), -1).astype(np.float32)


def join(config: TrainConfig, subject: Subject, folder: Path) -> Subject:
    work = WorkFolder(folder, {})
    return _join_copies(config, subject, describe(config, subject, work), work)


def count_works(subject: Subject) -> np.ndarray:
    """(N,) other works by the artist that have a say on a painting."""
    labels = subject.labels.indices["style"]
    artists = code_artists(subject.paintings["artist"])
    return tally_oeuvre(labels, np.zeros((len(labels), 3)), artists, subject.duplicates).works


def test_a_crop_and_a_bordered_copy_share_a_fold_and_a_vote(copied: Path, tmp_path: Path) -> None:
    config, apart = build(copied, tmp_path, folds=3)
    joined = join(config, apart, tmp_path)
    rows = find_planted(apart)
    assert len(rows) == 3
    assert len(set(apart.duplicates[rows])) == 3
    assert len(set(joined.by_sight.ravel())) == 3
    for ids in (joined.duplicates, joined.groups, joined.hands, joined.fold):
        assert len(set(ids[rows])) == 1
    fellows = np.setdiff1d(np.arange(len(apart.paintings)), rows)
    assert len(set(joined.duplicates[fellows])) == len(fellows)
    assert (count_works(apart) - count_works(joined))[rows].tolist() == [2, 2, 2]
    np.testing.assert_array_equal(joined.hash_groups, apart.duplicates)


def test_several_seeds_never_part_what_was_joined(copied: Path, tmp_path: Path) -> None:
    """By hash alone, some seed does."""
    parted = []
    for seed in range(8):
        config, apart = build(copied, tmp_path, folds=3, seed=seed)
        joined = join(config, apart, tmp_path)
        rows = find_planted(apart)
        assert len(set(joined.fold[rows])) == 1
        parted.append(len(set(apart.fold[rows])) > 1)
    assert any(parted)


def test_a_restart_takes_the_pairs_from_the_work_folder(copied: Path, tmp_path: Path) -> None:
    config, apart = build(copied, tmp_path)
    joined = join(config, apart, tmp_path)
    for path in apart.paintings["image"]:
        (apart.store.path / path).unlink()  # nothing can be looked at again
    nothing = np.zeros((len(apart.paintings), 4), dtype=np.float32)
    again = _join_copies(config, apart, nothing, WorkFolder(tmp_path, {}))
    np.testing.assert_array_equal(again.by_sight, joined.by_sight)
    np.testing.assert_array_equal(again.fold, joined.fold)


def test_without_copies_the_folds_are_as_they_were(patterns: Path, tmp_path: Path) -> None:
    config, subject = build(patterns, tmp_path)
    assert join(config, subject, tmp_path) is subject


def test_a_copy_of_an_official_validation_painting_is_not_learned_from(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for part, seed in (("train", 1), ("val", 2)):
        paint_patterns(data / part, works=8, seed=seed)
    with Image.open(data / "val" / "Blobs" / ORIGINAL) as picture:
        copy = ImageOps.expand(picture, 6, "white")
    for path in (data / "val").rglob("*.jpg"):  # one name in both parts is one picture
        path.rename(path.with_name(path.name.replace("painter", "master")))
    copy.save(data / "train" / "Noise" / COPIES[1], quality=90)
    config, apart = build(data, tmp_path, split="official")
    joined = join(config, apart, tmp_path)
    (row,) = np.flatnonzero(apart.paintings["key"].str.endswith(COPIES[1]))
    assert (apart.fold[row], joined.fold[row]) == (NOT_SCORED, LEFT_OUT)
    others = np.arange(len(apart.paintings)) != row
    np.testing.assert_array_equal(joined.fold[others], apart.fold[others])


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.measured
def test_a_run_keeps_a_crop_beside_its_original(copied: Path, tmp_path: Path) -> None:
    """With the network's own features, to which a white border looks like another picture here."""
    run = open_run(train_small(copied, tmp_path, frozen_epochs=1, tuning_epochs=0))
    names = run.paintings["key"].str.rpartition("/")[2]
    rows = np.flatnonzero(names.isin([ORIGINAL, COPIES[0]]))
    assert run.paintings["fold"].iloc[rows].nunique() == 1
    assert run.paintings["group"].iloc[rows].nunique() == 1
    assert run.findings["duplicate_disagrees"].iloc[rows].all()
    pairs = run.pairs[run.pairs["verified"] & ~run.pairs["by_hash"]]
    assert rows.tolist() in pairs[["left", "right"]].to_numpy().tolist()


def test_a_collection_of_copies_is_said() -> None:
    assert describe_copies(np.array([0, 1, 0, 1, 0])) == [
        "They show 2 pictures: 3 are copies of another."
    ]
    assert describe_copies(np.array([0, 1, 2, 0])) == []
