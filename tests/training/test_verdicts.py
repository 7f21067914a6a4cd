"""Curators' verdicts in training: what is learned, what is recorded, what stays untouched."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch

from core.artifacts import open_run
from core.collection.open import open_collection
from core.errors import UserError
from core.images.fingerprints import compute_content_hash
from core.images.store import build_store
from core.reviews import Entry, open_log
from core.reviews.corrections import LOW_WEIGHT
from core.reviews.exchange import export
from core.tasks import Task
from core.training.config import TrainConfig
from core.training.judged_files import hash_judged
from core.training.objective import Objective
from core.training.subject import Subject, build_subject
from tests.reviews.conftest import say
from tests.training.conftest import dry_run, small_config

WRONG = {"verdict": "wrong", "given": "Stripes", "proposed": "Blobs"}


@pytest.fixture
def keys(patterns: Path) -> list[str]:
    """Paintings labelled Stripes."""
    return sorted(f"Stripes/{path.name}" for path in (patterns / "Stripes").iterdir())


def record(folder: Path, *entries: Entry) -> Path:
    path = folder / "reviews.sqlite"
    log = open_log(path)
    log.record(entries)
    (folder / "verdicts.csv").write_bytes(export(log, "csv"))
    log.close()
    return path


def build(patterns: Path, folder: Path, **changes: object) -> tuple[TrainConfig, Subject]:
    config = small_config(patterns, folder, **changes)
    collection = open_collection(config.collection)
    store = build_store(collection, folder / "images", short_side=64, workers=1)
    return config, build_subject(config, collection, store)


def learned(subject: Subject, key: str) -> str | None:
    row = subject.paintings.index[subject.paintings["key"] == key][0]
    index = subject.labels.indices["style"][row]
    return None if index < 0 else subject.labels.classes["style"][index]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "expected"), [("relabel", "Blobs"), ("drop", None), ("downweight", "Stripes")]
)
def test_each_policy_changes_what_is_learned(
    patterns: Path, keys: list[str], tmp_path: Path, policy: str, expected: str | None
) -> None:
    verdicts = record(tmp_path, say(keys[0], **WRONG))
    _, subject = build(patterns, tmp_path, verdicts=verdicts, verdict_policy=policy)
    assert learned(subject, keys[0]) == expected
    assert learned(subject, keys[1]) == "Stripes"
    weights = subject.labels.weights["style"]
    assert weights.min() == (LOW_WEIGHT if policy == "downweight" else 1)
    assert (weights < 1).sum() == (policy == "downweight")


def test_a_database_and_its_export_make_the_same_subject(
    patterns: Path, keys: list[str], tmp_path: Path
) -> None:
    verdicts = record(tmp_path, say(keys[0], **WRONG), say(keys[1], given="Stripes"))
    fingerprints = {
        build(patterns, tmp_path, verdicts=path)[1].fingerprint
        for path in (verdicts, tmp_path / "verdicts.csv")
    }
    assert len(fingerprints) == 1


def test_verdicts_are_part_of_what_a_run_depends_on(
    patterns: Path, keys: list[str], tmp_path: Path
) -> None:
    verdicts = record(tmp_path, say(keys[0], **WRONG))
    made = [
        build(patterns, tmp_path, **changes)
        for changes in (
            {},
            {"verdicts": verdicts},
            {"verdicts": verdicts, "verdict_policy": "downweight"},
            {"verdicts": verdicts, "verdict_policy": "drop"},
        )
    ]
    assert len({subject.fingerprint for _, subject in made}) == 4
    assert len({str(config.identity()) for config, _ in made}) == 1


def test_verdicts_that_are_not_there_are_said(patterns: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no verdicts at"):
        build(patterns, tmp_path, verdicts=tmp_path / "nowhere.sqlite")


def test_a_weight_scales_a_labels_part_of_the_loss() -> None:
    rows = torch.arange(2)
    logits: dict[Task, torch.Tensor] = {"style": torch.tensor([[1.0, 0.0], [0.0, 2.0]])}

    def loss(weights: list[float]) -> float:
        objective = Objective(
            labels={"style": torch.tensor([0, 0])},
            class_weights={"style": torch.ones(2)},
            task_weights={"style": 1.0},
            smoothing=0.0,
            label_weights={"style": torch.tensor(weights)},
        )
        return float(objective.compute_loss(logits, rows, rows, 1.0, {"style": 1.0}))

    assert loss([1, 1]) == pytest.approx(loss([1, 0]) + loss([0, 1]))
    assert loss([1, 0.5]) == pytest.approx(loss([1, 0]) + 0.5 * loss([0, 1]))


@pytest.mark.slow
@pytest.mark.long
def test_a_run_tells_what_verdicts_it_learned_from(
    patterns: Path, keys: list[str], tmp_path: Path
) -> None:
    from core.training.run import train_run

    verdicts = record(tmp_path, say(keys[0], **WRONG), say("gone.jpg", **WRONG))
    folder = train_run(small_config(patterns, tmp_path / "artifacts", verdicts=verdicts))
    assert folder is not None
    run = open_run(folder)
    run.verify_hashes()
    told = run.manifest.verdicts
    assert told is not None
    assert told["done"] == {"none": 1, "relabel": 1}
    assert told["policy"] == "relabel"
    row = run.paintings.set_index("key").loc[keys[0]]
    assert row["given_style"] == "Blobs"
    table = pd.read_csv(folder / "corrections.csv")
    assert table.loc[table["action"] == "relabel", ["given", "proposed"]].to_numpy().tolist() == [
        ["Stripes", "Blobs"]
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "change"),
    [
        ("relabel", "Stripes -> Blobs"),
        ("drop", "Stripes -> drop"),
        ("downweight", "Stripes -> downweight"),
    ],
)
def test_a_dry_run_says_what_verdicts_would_change(
    patterns: Path, keys: list[str], tmp_path: Path, policy: str, change: str
) -> None:
    path = record(tmp_path, say(keys[0], **WRONG), say(keys[1], "right", given="Stripes"))
    config = small_config(patterns, tmp_path / "runs", verdicts=path, verdict_policy=policy)
    text = dry_run(config)
    assert f"Verdicts on 2 labels ({policy})" in text
    assert "1 kept" in text
    assert f"{keys[0]}: style {change}" in text
    assert keys[1] not in text
    assert not (tmp_path / "runs").exists()


def rename(patterns: Path, folder: Path) -> Path:
    """A copy of the collection in which every file has another name."""
    for path in sorted(patterns.rglob("*.jpg")):
        place = folder / path.parent.name / f"{path.stem.replace('painter', 'renamed')}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    return folder


def judge(patterns: Path, key: str) -> Entry:
    content = compute_content_hash((patterns / key).read_bytes())
    return say(key, content_hash=content, **WRONG)


def test_verdicts_find_renamed_paintings(patterns: Path, keys: list[str], tmp_path: Path) -> None:
    verdicts = record(tmp_path, judge(patterns, keys[0]))
    renamed = rename(patterns, tmp_path / "renamed")
    _, subject = build(renamed, tmp_path, verdicts=verdicts)
    assert learned(subject, keys[0].replace("painter", "renamed")) == "Blobs"
    assert learned(subject, keys[1].replace("painter", "renamed")) == "Stripes"


def test_verdicts_are_read_by_the_vocabulary(
    patterns: Path, keys: list[str], tmp_path: Path
) -> None:
    (tmp_path / "terms.csv").write_text("term,preferred term\nStripes,\nStreifen,Stripes\n")
    verdicts = record(tmp_path, say(keys[0], given="Streifen"))
    config = small_config(patterns, tmp_path / "runs", verdicts=verdicts)
    source = replace(config.collection, vocabulary=str(tmp_path / "terms.csv"))
    collection = open_collection(source)
    store = build_store(collection, tmp_path / "images", short_side=64, workers=1)
    subject = build_subject(config, collection, store)
    assert learned(subject, keys[0]) == "Stripes"
    said = dry_run(replace(config, collection=source))
    assert "Verdicts on 1 label (relabel): 1 kept." in said


@pytest.mark.slow
def test_a_dry_run_says_which_paintings_were_found_again(
    patterns: Path, keys: list[str], tmp_path: Path
) -> None:
    verdicts = record(tmp_path, judge(patterns, keys[0]))
    renamed = rename(patterns, tmp_path / "renamed")
    said = dry_run(small_config(renamed, tmp_path / "out", verdicts=verdicts))
    now = keys[0].replace("painter", "renamed")
    assert f"1 of them found again by the file's content: {keys[0]} is now {now}." in said


def test_a_dry_run_reads_only_what_was_judged_where_nothing_was_renamed(
    patterns: Path, keys: list[str], tmp_path: Path
) -> None:
    verdicts = record(tmp_path, judge(patterns, keys[0]))
    collection = open_collection(small_config(patterns, tmp_path).collection)
    hashed = hash_judged(collection.paintings, collection.reader, verdicts)
    assert hashed.loc[hashed["content_hash"].notna(), "key"].tolist() == [keys[0]]


def test_verdicts_on_another_collection_stop_the_training(patterns: Path, tmp_path: Path) -> None:
    verdicts = record(tmp_path, say("Elsewhere/a.jpg", **WRONG))
    with pytest.raises(UserError, match=r"no verdict on a painting of this.*Elsewhere/a\.jpg"):
        build(patterns, tmp_path, verdicts=verdicts)
