"""Reads runs: every file is checked against the manifest and the schema when a run is opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import ArrayLike
from PIL import Image
from pydantic import ValidationError

from core.artifacts.errors import ArtifactBroken, RunError, RunMissing, SchemaUnknown
from core.artifacts.manifest import MANIFEST_NAME, FileFacts, Manifest
from core.artifacts.reasons import Reason, read_reasons
from core.artifacts.schema import ARRAYS, CASES, READABLE, REASONS, TABLES, expected_files
from core.artifacts.upgrade import upgrade_cases, upgrade_reasons
from core.artifacts.writer import compute_sha256, probabilities_name
from core.images.decode import ImageRefused, decode_image
from core.tasks import Task

IMAGE_STORES = "images"


class Run:
    """One finished run. Tables and arrays are read on first use and kept; treat them as read-only.

    Arrays come as float32 (float16 on disk), since a float16 matrix multiplies far slower.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest

    def __len__(self) -> int:
        return self.manifest.collection.paintings

    @property
    def run_id(self) -> str:
        """Name of its folder, which may have been given another one since it was published."""
        return self.folder.name

    @property
    def image_folder(self) -> Path:
        """Folder of the image store that ``paintings.image`` is relative to."""
        return self.folder.parent / IMAGE_STORES / self.manifest.collection.image_store

    def image_path(self, row: int) -> Path:
        """File of the stored picture of painting ``row``.

        Raises ``ArtifactBroken`` when it is missing, or would lie outside the store.
        """
        store, name = self.image_folder.resolve(), str(self.paintings.at[row, "image"])
        path = (store / name).resolve()
        if not path.is_relative_to(store):
            raise self._broken("paintings.parquet", f"the picture {name}", f"one below {store}")
        if not path.is_file():
            raise self._broken_picture(path, "no such file")
        return path

    def load_image(self, row: int, short_side: int | None = None) -> Image.Image:
        """The stored picture of painting ``row`` in RGB, its short side at most ``short_side``.

        Raises ``ArtifactBroken`` when it is missing or damaged.
        """
        path = self.image_path(row)
        try:
            return decode_image(path.read_bytes(), short_side=short_side)
        except ImageRefused as refusal:
            raise self._broken_picture(path, refusal.reason) from refusal
        except OSError as error:
            raise self._broken_picture(path, error.strerror or str(error)) from error

    @cached_property
    def paintings(self) -> pd.DataFrame:
        """One row a painting, columns of ``schema.PAINTINGS``, index 0..N-1."""
        return self._table("paintings.parquet")

    @cached_property
    def findings(self) -> pd.DataFrame:
        """One row a painting, columns of ``schema.FINDINGS``, index 0..N-1."""
        return self._table("findings.parquet")

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """One row a reason, columns of ``schema.REASONS``, by painting and in the order told."""
        if self.manifest.schema_version == 2:
            return REASONS.cast(upgrade_reasons(self._load_table("findings.parquet")))
        return self._table("reasons.parquet")

    def read_reasons(self, rows: ArrayLike) -> list[list[Reason]]:
        """What bears on the label of each of the paintings ``rows``, in the order told."""
        return read_reasons(self.reasons, rows)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """One row an artist or a pair of labels, columns of ``schema.CASES``, discoveries first."""
        if self.manifest.schema_version == 2:
            return CASES.cast(upgrade_cases(self._load_table("cases.parquet")))
        return self._table("cases.parquet")

    def case_rows(self, case: str) -> np.ndarray:
        """(n,) int64 rows of the most telling works of ``case``, the most telling first.

        Raises ``KeyError`` for a case that the run does not have.
        """
        return np.array(self.cases.set_index("case").at[case, "rows"], dtype=np.int64)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """One row a pair of near-duplicates, columns of ``schema.PAIRS``."""
        return self._table("pairs.parquet")

    @cached_property
    def style_years(self) -> pd.DataFrame:
        """When each style begins and ends here, columns of ``schema.STYLE_YEARS``."""
        return self._table("style_years.parquet")

    @cached_property
    def history(self) -> pd.DataFrame:
        return self._table("history.parquet")

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """Per task: counts, accuracy, calibration, per-class figures (see ``findings.metrics``)."""
        try:
            metrics: dict[str, Any] = json.loads(self._read_text("metrics.json"))
        except ValueError as error:
            raise self._broken("metrics.json", str(error), "JSON") from error
        return metrics

    @cached_property
    def quarantine(self) -> pd.DataFrame:
        """Pictures that were refused: key, image, reason."""
        try:
            return pd.read_csv(self.folder / "quarantine.csv", dtype="str")
        except (OSError, ValueError) as error:
            raise self._broken("quarantine.csv", str(error), "a table") from error

    @cached_property
    def _predictions(self) -> dict[Task, pd.DataFrame]:
        table = self._table("predictions.parquet")
        return {
            task: part.drop(columns="task").set_index("row").rename_axis(None).sort_index()
            for task in self.manifest.tasks
            for part in [table[table["task"] == task]]
        }

    def predictions(self, task: Task) -> pd.DataFrame:
        """Out-of-fold predictions of ``task``; index = row of the painting (scored rows only)."""
        return self._predictions[task]

    def classes(self, task: Task) -> tuple[str, ...]:
        """Class names in the order of the probability columns."""
        return self.manifest.classes[task]

    def probabilities(self, task: Task) -> np.ndarray:
        """(N, K) float32, calibrated, out of fold; rows sum to 1 (0 where not scored)."""
        return self._array(probabilities_name(task))

    @cached_property
    def embeddings(self) -> np.ndarray:
        """(N, D) float32, L2-normalised, all from the published model."""
        return self._array("embeddings.npy")

    @cached_property
    def neighbours(self) -> np.ndarray:
        """(N, k) int32 rows of the nearest other paintings, nearest first."""
        return self._array("neighbours.npy")

    @cached_property
    def similarities(self) -> np.ndarray:
        """(N, k) float32 cosine similarity of ``neighbours``, -1 to 1, high is near."""
        return self._array("similarities.npy")

    @cached_property
    def map(self) -> np.ndarray:
        """(N, 2) float32 positions on the style map; only nearness means something."""
        return self._array("map.npy")

    @cached_property
    def texture(self) -> np.ndarray | None:
        """(N, C) float32: the frozen stem's channels averaged over each painting, for novelty.

        None where the run was published without.
        """
        return self._array("texture.npy") if "texture.npy" in self.manifest.files else None

    @cached_property
    def content(self) -> np.ndarray | None:
        """(N, C') float32: the next to last block's channels averaged over each painting.

        None where the run was published without.
        """
        return self._array("content.npy") if "content.npy" in self.manifest.files else None

    @cached_property
    def dynamics(self) -> np.ndarray:
        """(N, E) float32: logit margin of the given style at each epoch of the published model.

        Above 0 the model agreed with the label; 0 throughout without a label.
        """
        return self._array("dynamics.npy")

    def verify_hashes(self, *names: str) -> None:
        """Raises ``ArtifactBroken`` naming the first of the files, by default all, that changed."""
        for name in names or self.manifest.files:
            facts = self.manifest.files[name]
            try:
                found = compute_sha256(self.folder / name)
            except OSError as error:
                raise self._broken(name, error.strerror or "", "a file of the run") from error
            if found != facts.sha256:
                raise self._broken(
                    name, "another content than was published", f"sha256 {facts.sha256[:12]}..."
                )

    def check(self) -> None:
        """Raises ``ArtifactBroken`` naming the first file that differs from manifest or schema."""
        for name in expected_files(self.manifest.tasks, self.manifest.schema_version):
            facts = self.manifest.files.get(name)
            path = self.folder / name
            if facts is None or not path.is_file():
                raise self._broken(name, "no such file", "a file of the run")
            if path.stat().st_size != facts.bytes:
                raise self._broken(name, f"{path.stat().st_size:,} bytes", f"{facts.bytes:,} bytes")
        sizes: dict[str, int] = {"N": len(self)}
        sizes |= {f"K:{task}": len(self.classes(task)) for task in self.manifest.tasks}
        for name, facts in self.manifest.files.items():
            if name in ARRAYS:
                self._check_array(name, facts, sizes)
            elif name in TABLES:
                self._check_table(name, sizes)
        if not self.image_folder.is_dir():
            raise self._broken(str(self.image_folder), "no such folder", "the run's image store")

    def _check_array(self, name: str, facts: FileFacts, sizes: dict[str, int]) -> None:
        spec = ARRAYS[name]
        array = self._map_array(name)
        expected = tuple(
            axis if isinstance(axis, int) else sizes.setdefault(axis, found)
            for axis, found in zip(spec.shape, array.shape, strict=False)
        )
        if array.ndim != len(spec.shape) or array.shape != expected or array.shape != facts.shape:
            raise self._broken(name, f"shape {array.shape}", f"shape {expected}")
        if array.dtype != np.dtype(spec.dtype):
            raise self._broken(name, f"dtype {array.dtype}", f"dtype {spec.dtype}")

    def _check_table(self, name: str, sizes: dict[str, int]) -> None:
        spec = TABLES[name]
        try:
            file = pq.ParquetFile(self.folder / name)
            columns, rows = file.schema_arrow.names, file.metadata.num_rows
        except (pa.ArrowException, OSError) as error:
            raise self._broken(name, str(error), "a parquet table") from error
        missing = [column for column in spec.required if column not in columns]
        if missing:
            raise self._broken(name, f"no column {', '.join(missing)}", "the columns of the schema")
        if spec.rows and rows != sizes[spec.rows]:
            raise self._broken(name, f"{rows:,} rows", f"{sizes[spec.rows]:,} rows")

    def _table(self, name: str) -> pd.DataFrame:
        table = self._load_table(name)
        try:
            return TABLES[name].cast(table)
        except (KeyError, ValueError) as error:
            raise self._broken(name, str(error), "the table of the schema") from error

    def _load_table(self, name: str) -> pd.DataFrame:
        try:
            # In one piece: to choose rows of texts in several costs fifty times as much.
            table: pd.DataFrame = pq.read_table(self.folder / name).combine_chunks().to_pandas()
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._broken(name, str(error), "a parquet table") from error
        return table

    def _array(self, name: str) -> np.ndarray:
        array = np.asarray(self._map_array(name))
        if array.dtype != np.float16:
            return np.array(array)
        array = array.astype(np.float32)
        if not np.isfinite(array).all():
            raise self._broken(name, "NaN or infinity", "finite numbers")
        return array

    def _map_array(self, name: str) -> np.ndarray:
        try:
            array: np.ndarray = np.load(self.folder / name, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise self._broken(name, str(error), "a numpy array") from error
        return array

    def _read_text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise self._broken(name, str(error), "text") from error

    def _broken_picture(self, path: Path, found: str) -> ArtifactBroken:
        return ArtifactBroken(
            f"The stored picture {path} is broken",
            found=found,
            expected="a picture of the run's image store",
            remedy="Bring it back from a copy of the folder of runs. Or remove it and run: "
            + self.manifest.command,
        )

    def _broken(self, name: str, found: str, expected: str) -> ArtifactBroken:
        return ArtifactBroken(
            f"{name} of run {self.run_id} is broken",
            found=found,
            expected=expected,
            remedy=f"Remove {self.folder} and run: {self.manifest.command}",
        )


def open_run(folder: Path) -> Run:
    """Opens and checks the run in ``folder``.

    Raises ``RunMissing`` without a manifest, ``SchemaUnknown`` for another schema version, and
    ``ArtifactBroken`` naming the file, what was found and what was expected.
    """
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise RunMissing(
            f"{folder} holds no run",
            found="no manifest.json",
            remedy="Train one: make train DATA=<folder of paintings>",
        )
    content = _parse_manifest(path)
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        raise ArtifactBroken(
            f"{path} is broken", found=str(error.errors()[0]["msg"]), expected="a manifest"
        ) from error
    run = Run(folder, manifest)
    run.check()
    return run


def _parse_manifest(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["schema_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactBroken(
            f"{path} is broken", found=f"{type(error).__name__}: {error}", expected="a manifest"
        ) from error
    if version not in READABLE:
        raise SchemaUnknown(
            f"run {path.parent.name} was written under another schema",
            found=f"version {version}",
            expected=f"version {' or '.join(map(str, READABLE))}",
            remedy=f"Rebuild it: {content.get('command', 'python train.py <collection>')}",
        )
    return dict(content)


@dataclass(frozen=True)
class Listing:
    """A folder among the runs: either a run that opens, or why it doesn't."""

    run_id: str
    created: float  # seconds since 1970, of the manifest file
    name: str
    error: RunError | None
    run: Run | None = None  # of which only the manifest was read


def list_runs(root: Path) -> list[Listing]:
    """Every run below ``root``, newest first, broken and foreign ones with their error."""
    return sorted(_listings(root), key=lambda entry: (-entry.created, entry.run_id))


def _listings(root: Path) -> Iterator[Listing]:
    if not root.is_dir():
        return
    for folder in root.iterdir():
        manifest = folder / MANIFEST_NAME
        if folder.name.startswith(".") or not manifest.is_file():
            continue
        created = manifest.stat().st_mtime
        try:
            run = open_run(folder)
        except RunError as error:
            yield Listing(folder.name, created, folder.name, error)
        else:
            yield Listing(folder.name, created, run.manifest.collection.name, None, run)
