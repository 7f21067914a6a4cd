"""Several fields by one command: a run each, one family, one store, one look at the pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.artifacts import Run, open_run
from core.collection.open import SourceOptions
from core.training import activations, fields
from core.training.config import ConfigError, TrainConfig
from tests.training.conftest import SMALL, paint_patterns


def write_table(root: Path) -> Path:
    """The patterns as a museum's table: what they are called, and whether they are noise."""
    pictures = paint_patterns(root / "pictures")
    rows = [
        f"{path.relative_to(root)},{path.parent.name},{path.parent.name == 'Noise'}"
        for path in sorted(pictures.rglob("*.jpg"))
    ]
    (root / "works.csv").write_text("\n".join(["file,school,Art Period", *rows]))
    return root / "works.csv"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_table(tmp_path_factory.mktemp("museum"))


def config_of(table: Path, artifacts: Path, **changes: Any) -> TrainConfig:
    return TrainConfig(
        collection=SourceOptions(data=str(table), label_column="school"),
        artifacts=artifacts,
        also=("Art Period",),
        **(SMALL | changes),
    )


@pytest.fixture(scope="module")
def runs(table: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    artifacts = tmp_path_factory.mktemp("artifacts")
    looks: list[str] = []
    fill = activations.fill

    def count(names: tuple[str, ...], *rest: Any) -> Any:
        looks.append(f"{names} {rest[2].path}")
        return fill(names, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activations, "fill", count)
        folders = fields.train_fields(config_of(table, artifacts))
    assert (
        len(set(looks)) == 2 < len(looks)
    )  # the arrays of the second field are those of the first
    assert not list((artifacts / ".work").iterdir())
    return [open_run(folder) for folder in folders]


def test_each_field_has_a_run_of_its_word(runs: list[Run]) -> None:
    words = [(run.manifest.word.singular, run.manifest.word.plural) for run in runs]
    assert words == [("school", "schools"), ("art period", "art periods")]
    assert set(runs[1].classes("style")) == {"False", "True"}
    assert [stage.name for stage in runs[0].manifest.stages if "map" in stage.name] == [
        "school map"
    ]


def test_they_are_of_one_family_and_share_the_pictures(runs: list[Run]) -> None:
    first, second = (run.manifest for run in runs)
    assert first.family == second.family is not None
    assert first.collection.image_store == second.collection.image_store
    assert runs[0].paintings["content_hash"].equals(runs[1].paintings["content_hash"])


def test_a_run_beside_others_is_the_run_alone(runs: list[Run], table: Path, tmp_path: Path) -> None:
    """What the frozen layers say is shared; nothing of what is learned."""
    alone = replace(config_of(table, tmp_path), also=())
    collection = replace(alone.collection, label_column="Art Period")
    (folder,) = fields.train_fields(replace(alone, collection=collection))
    run = open_run(folder)
    for mine, theirs in (
        (run.probabilities("style"), runs[1].probabilities("style")),
        (run.embeddings, runs[1].embeddings),
    ):
        np.testing.assert_array_equal(mine, theirs)
    assert run.manifest.family is None


def test_a_command_that_was_stopped_goes_on_with_the_next_field(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[str] = []

    def train(config: TrainConfig, family: Any, processes: Any) -> Path:
        if len(trained) == 1 and stop:
            raise KeyboardInterrupt
        trained.append(config.field)
        folder = tmp_path / config.field
        folder.mkdir()
        return folder

    monkeypatch.setattr(fields, "train_run", train)
    stop = True
    with pytest.raises(KeyboardInterrupt):
        fields.train_fields(config_of(table, tmp_path))
    stop = False
    folders = fields.train_fields(config_of(table, tmp_path))
    assert trained == ["school", "Art Period"]
    assert [folder.name for folder in folders] == trained


def test_a_doubled_field_is_refused(table: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="names a field twice; found school, school"):
        replace(config_of(table, tmp_path), also=("school",))
