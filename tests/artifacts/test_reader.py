"""A run that opens is a run that is whole."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from core.artifacts import ArtifactBroken, RunMissing, SchemaUnknown, checking, list_runs, open_run
from core.artifacts.schema import SCHEMA_VERSION, TABLES, expected_files
from core.tasks import TASKS
from tests.synthetic_run import TERMS, build_run


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_run(tmp_path_factory.mktemp("artifacts"), vocabulary=TERMS)


@pytest.fixture
def folder(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the run that a test may spoil."""
    shutil.copytree(pristine.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / pristine.name


def test_everything_written_is_read_back(folder: Path) -> None:
    run = open_run(folder)
    run.verify_hashes()
    assert len(run) == len(run.paintings) == len(run.findings) == len(run.embeddings)
    assert run.neighbours.shape == run.similarities.shape
    for task in TASKS:
        probabilities = run.probabilities(task)
        assert probabilities.shape == (len(run), len(run.classes(task)))
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=5e-3)
        for row in (0, 7, len(run) - 1):
            np.testing.assert_array_equal(run.answer(task, row), probabilities[row])
        np.testing.assert_array_equal(run.answers(task, [7, 0]), probabilities[[7, 0]])
        assert run.answers(task, []).shape == (0, len(run.classes(task)))
        assert len(run.predictions(task)) == len(run)


def test_columns_have_the_dtypes_of_the_schema(folder: Path) -> None:
    run = open_run(folder)
    for name, spec in TABLES.items():
        if name not in ("predictions.parquet", "vocabulary.parquet"):  # which are given otherwise
            table = getattr(run, name.removesuffix(".parquet"))
            assert table.dtypes.astype(str).to_dict() == spec.dtypes, name


def test_a_case_names_its_works(folder: Path) -> None:
    run = open_run(folder)
    artists = run.cases[run.cases["kind"] == "artist"]
    for case, name, works in zip(
        artists["case"], artists["subject"], artists["works"], strict=True
    ):
        rows = run.case_rows(case)
        assert len(rows) == min(works, 24)
        assert (run.paintings.loc[rows, "artist"] == name).all()
    with pytest.raises(KeyError, match="artist:Nobody"):
        run.case_rows("artist:Nobody")


def test_an_older_run_calls_no_label_arguable(folder: Path) -> None:
    told = open_run(folder).cases
    assert "label arguable" in set(told["type"])
    older = pd.read_parquet(folder / "cases.parquet").drop(columns="tested")
    _replace(folder, "cases.parquet", older.to_parquet)
    read = open_run(folder).cases
    assert read["type"].tolist() == [
        "seen elsewhere" if kind == "label arguable" else kind for kind in told["type"]
    ]


@pytest.mark.parametrize("name", expected_files(TASKS))
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ArtifactBroken, match=name):
        open_run(folder)


@pytest.mark.parametrize("name", expected_files(TASKS))
def test_a_truncated_file_is_named(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ArtifactBroken, match=name):
        open_run(folder)


def test_changed_bytes_are_found_by_their_hash(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(b"\1" * path.stat().st_size)
    with pytest.raises(ArtifactBroken, match=r"model\.safetensors"):
        open_run(folder).verify_hashes()


def test_a_row_too_many_is_refused(folder: Path) -> None:
    table = pd.read_parquet(folder / "findings.parquet")
    _replace(folder, "findings.parquet", lambda path: _doubled(table).to_parquet(path))
    with pytest.raises(ArtifactBroken, match=r"findings\.parquet.*61 rows.*60 rows"):
        open_run(folder)


def test_a_table_of_too_many_bytes_is_refused_unread(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (folder / "paintings.parquet").stat().st_size
    monkeypatch.setattr(checking, "FILE_BYTES", size - 1)
    monkeypatch.setattr(checking, "count_rows", None)
    with pytest.raises(ArtifactBroken, match=f"{size:,} bytes; expected at most {size - 1:,}"):
        open_run(folder)


def test_an_array_of_another_shape_is_refused(folder: Path) -> None:
    _replace(folder, "map.npy", lambda path: np.save(path, np.zeros((59, 2), np.float32)))
    with pytest.raises(ArtifactBroken, match=r"map\.npy"):
        open_run(folder)


def test_an_array_with_nan_is_refused(folder: Path) -> None:
    filled = np.full_like(np.load(folder / "embeddings.npy"), np.nan)
    _replace(folder, "embeddings.npy", lambda path: np.save(path, filled))
    with pytest.raises(ArtifactBroken, match="NaN"):
        _ = open_run(folder).embeddings


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_row_is_read_alone_however_the_array_is_laid_out(
    folder: Path, order: Literal["C", "F"]
) -> None:
    values = np.asarray(open_run(folder).probabilities("style"), dtype="float16", order=order)
    _replace(folder, "probabilities_style.npy", lambda file: np.save(file, values))
    found = open_run(folder).answer("style", 3)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, values[3].astype(np.float32))


def test_a_row_with_nan_is_refused(folder: Path) -> None:
    values = open_run(folder).probabilities("style").astype("float16")
    values[3, 0] = np.nan
    _replace(folder, "probabilities_style.npy", lambda file: np.save(file, values))
    with pytest.raises(ArtifactBroken, match=r"probabilities_style\.npy"):
        open_run(folder).answer("style", 3)


def test_another_schema_is_refused_with_the_command_that_rebuilds(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema_version": 99}))
    with pytest.raises(SchemaUnknown, match=r"version 99.*python train\.py synthetic"):
        open_run(folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", json.dumps({"schema_version": SCHEMA_VERSION}), "\0\0"]
)
def test_a_broken_manifest_is_refused(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(ArtifactBroken, match=r"manifest\.json"):
        open_run(folder)


def test_account_and_catalogue_are_kept_and_earlier_runs_open_without(folder: Path) -> None:
    run = open_run(folder)
    assert run.account is not None
    assert run.account["fate"].value_counts()["refused"] == 2
    assert run.catalogue is not None
    assert run.catalogue["style_label"].equals(run.paintings["given_style"])
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in ("account.parquet", "catalogue.parquet"):
        del manifest["files"][name]
        (folder / name).unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    without = open_run(folder)
    assert (without.account, without.catalogue) == (None, None)


def test_a_folder_without_manifest_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(RunMissing, match="make train"):
        open_run(tmp_path)


def test_a_broken_run_is_listed_beside_the_others(folder: Path) -> None:
    build_run(folder.parent, run_id="synthetic-2", seed=1)
    (folder / "map.npy").unlink()
    listed = {entry.run_id: entry.error for entry in list_runs(folder.parent)}
    assert listed["synthetic-2"] is None
    assert isinstance(listed["synthetic-1"], ArtifactBroken)


def test_a_stored_picture_is_read_at_the_size_asked_for(folder: Path) -> None:
    run = open_run(folder)
    with Image.open(run.picture(0).path) as stored:
        assert run.load_image(0).size == stored.size
    assert min(run.load_image(0, 20).size) == 20


@pytest.mark.parametrize(
    ("content", "found"),
    [(None, "no such file"), (b"", "found "), (b"\xff\xd8\xff nothing more", "found ")],
)
def test_a_picture_that_is_missing_or_damaged_is_named_with_the_way_out(
    folder: Path, content: bytes | None, found: str
) -> None:
    run = open_run(folder)
    path = run.picture(3).path
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArtifactBroken, match=found) as broken:
        run.load_image(3)
    assert str(path) in str(broken.value)
    assert run.manifest.command in str(broken.value)


def test_a_picture_outside_the_store_is_not_read(folder: Path) -> None:
    run = open_run(folder)
    Image.new("RGB", (8, 8)).save(folder.parent / "secret.jpg")
    run.paintings.loc[0, "image"] = "../../secret.jpg"
    with pytest.raises(ArtifactBroken, match=r"secret\.jpg"):
        run.load_image(0)


@pytest.mark.parametrize("row", [-2, 60])
def test_a_counted_neighbour_is_a_painting_or_none(folder: Path, row: int) -> None:
    rows = np.load(folder / "counted_neighbours.npy")
    rows[3, -1] = -1
    _replace(folder, "counted_neighbours.npy", lambda path: np.save(path, rows))
    kept = open_run(folder).counted_neighbours
    assert kept is not None
    assert kept[3, -1] == -1
    rows[3, 2] = row
    _replace(folder, "counted_neighbours.npy", lambda path: np.save(path, rows))
    with pytest.raises(ArtifactBroken, match=r"counted_neighbours\.npy.*60 paintings"):
        _ = open_run(folder).counted_neighbours


@pytest.mark.parametrize("row", [-1, 60])
def test_a_row_of_another_painting_is_refused(folder: Path, row: int) -> None:
    rows = np.load(folder / "neighbours.npy")
    rows[3, 2] = row
    _replace(folder, "neighbours.npy", lambda path: np.save(path, rows))
    for name, column in (("pairs.parquet", "left"), ("predictions.parquet", "row")):
        table = pd.read_parquet(folder / name)
        table.loc[0, column] = row
        _replace(folder, name, table.to_parquet)
    run = open_run(folder)
    for name in ("neighbours", "pairs"):
        with pytest.raises(ArtifactBroken, match=rf"{name}\..*60 paintings"):
            getattr(run, name)
    with pytest.raises(ArtifactBroken, match=r"predictions\.parquet.*60 paintings"):
        run.predictions("style")


@pytest.mark.parametrize(
    ("name", "column", "value", "found"),
    [
        ("paintings.parquet", "image", "../../secret.jpg", "image '../../secret.jpg'"),
        ("paintings.parquet", "image", "ab/" + "ab" * 32 + ".jpg\n", "image"),
        ("paintings.parquet", "content_hash", "x\r\nSet-Cookie: a=b", "content_hash"),
        ("paintings.parquet", "key", None, "missing or repeated keys"),
        ("paintings.parquet", "title", "long" * 20_000, "a text of more than"),
        ("cases.parquet", "rows", [0, 60], "60 paintings"),
        ("cases.parquet", "rows", [0, -1], "row -1 to 0"),
        ("predictions.parquet", "predicted", "Invented", "no class of"),
    ],
)
def test_a_table_that_says_too_much_is_refused(
    folder: Path, name: str, column: str, value: Any, found: str
) -> None:
    table = pd.read_parquet(folder / name)
    table.at[0, column] = value
    _replace(folder, name, table.to_parquet)
    run = open_run(folder)
    with pytest.raises(ArtifactBroken, match=found):
        _ = run.paintings, run.cases, run.predictions("style")


def test_a_text_that_stands_in_every_row_is_not_unpacked(folder: Path) -> None:
    table = pd.read_parquet(folder / "paintings.parquet").assign(title="x" * (8 << 20))
    _replace(folder, "paintings.parquet", table.to_parquet)
    run = open_run(folder)
    before = pa.total_allocated_bytes()
    with pytest.raises(ArtifactBroken, match="a text of more than"):
        _ = run.paintings
    assert pa.default_memory_pool().max_memory() - before < 60 * (8 << 20) / 4


def test_what_cannot_be_shown_in_a_title_is_a_space(folder: Path) -> None:
    table = pd.read_parquet(folder / "paintings.parquet")
    table.loc[0, "title"] = "\u202egnirts\x1b[2J"
    _replace(folder, "paintings.parquet", table.to_parquet)
    assert open_run(folder).paintings.loc[0, "title"] == " gnirts [2J"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"style": {}}',
        '{"style": {"accuracy": NaN}}',
        '{"style": ' + "9" * 5_000 + "}",
        "[]",
    ],
)
def test_figures_that_are_none_are_refused(folder: Path, text: str) -> None:
    _replace(folder, "metrics.json", lambda path: path.write_text(text))
    with pytest.raises(ArtifactBroken, match=r"metrics\.json"):
        _ = open_run(folder).metrics


def test_a_header_that_promises_more_than_the_file_holds_is_refused(folder: Path) -> None:
    data = (folder / "map.npy").read_bytes()
    _replace(folder, "map.npy", lambda path: path.write_bytes(data + b"\0" * 8))
    with pytest.raises(ArtifactBroken, match=r"map\.npy.*where the header says"):
        open_run(folder)


def _doubled(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table.tail(1)], ignore_index=True)


@pytest.mark.parametrize(
    "strange", [[["a"]], [{"a": 1}], [[{"a": [1]}]], [Decimal(10) ** 30]], ids=str
)
@pytest.mark.parametrize("name", TABLES)
def test_a_column_of_another_kind_stops_no_list_of_runs(
    folder: Path, name: str, strange: list[object]
) -> None:
    """One folder of lists where texts belong, and no run at all was listed."""
    build_run(folder.parent, "other", paintings=12)
    table = pq.read_table(folder / name)
    texts = [each for each, dtype in TABLES[name].dtypes.items() if dtype == "str"]
    column = (texts or table.column_names)[0]
    values = pa.array(strange * len(table))
    changed = table.set_column(table.column_names.index(column), column, values)
    _replace(folder, name, partial(pq.write_table, changed))
    listed = {each.run_id: each for each in list_runs(folder.parent)}
    assert listed["other"].error is None
    run = listed[folder.name].run
    if run is None:
        assert name in str(listed[folder.name].error)
    else:  # what reads as a text is one
        with suppress(ArtifactBroken):
            run._table(name)


def _replace(folder: Path, name: str, write: object) -> None:
    """Writes the file anew and makes the manifest believe its size."""
    write(folder / name)  # type: ignore[operator]
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"][name]["bytes"] = (folder / name).stat().st_size
    path.write_text(json.dumps(manifest))
