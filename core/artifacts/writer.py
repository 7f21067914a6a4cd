"""Writes a run: into a sibling temporary folder, synced, the manifest last, then renamed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.artifacts.errors import ArtifactBroken
from core.artifacts.manifest import MANIFEST_NAME, FileFacts, Manifest
from core.artifacts.schema import ARRAYS, TABLES, expected_files
from core.tasks import Task


class RunDraft:
    """A run being written. Everything is checked against the schema before it reaches disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, FileFacts] = {}

    def save_table(self, name: str, table: pd.DataFrame, *, as_before: bool = False) -> None:
        """Writes ``table`` as the parquet file ``name`` of the schema, columns in its order.

        ``as_before``: it may lack what is optional, as the run did that it is taken over from.
        """
        spec = TABLES[name]
        needed = spec.required if as_before else spec.columns
        missing = [column for column in needed if column not in table]
        extra = [column for column in table if column not in spec.columns]
        if missing or extra:
            raise ArtifactBroken(name, found=f"missing {missing}, unknown {extra}")
        typed = pa.Table.from_pandas(spec.cast(table), preserve_index=False)
        for place, column in enumerate(typed.column_names):
            if (values := spec.columns[column].values) is not None:
                typed = typed.set_column(place, column, pa.array(table[column], values))
        pq.write_table(typed, self.folder / name, row_group_size=spec.group)
        self._record(name, shape=(len(table),))

    def save_array(self, name: str, array: np.ndarray) -> None:
        """Writes ``array`` as ``name`` in the schema's dtype; refuses NaN and infinity."""
        spec = ARRAYS[name]
        if array.ndim != len(spec.shape):
            raise ArtifactBroken(name, found=f"shape {array.shape}", expected=str(spec.shape))
        typed = array.astype(spec.dtype)
        if not np.isfinite(typed).all():
            raise ArtifactBroken(name, found="NaN or infinity", expected="finite numbers")
        np.save(self.folder / name, typed, allow_pickle=False)
        self._record(name, shape=typed.shape, dtype=spec.dtype)

    def save_json(self, name: str, content: dict[str, Any]) -> None:
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        (self.folder / name).write_text(text, encoding="utf-8")
        self._record(name)

    def save_csv(self, name: str, table: pd.DataFrame) -> None:
        table.to_csv(self.folder / name, index=False)
        self._record(name)

    def path_for(self, name: str) -> Path:
        """Where a library may write the file ``name`` itself; ``record`` it afterwards."""
        return self.folder / name

    def record(self, name: str) -> None:
        """Records a file that a library wrote."""
        self._record(name)

    def finish(self, manifest: Manifest) -> None:
        """Writes the manifest, last, once every file of the schema is there."""
        missing = sorted(set(expected_files(manifest.tasks)) - set(self.files))
        if missing:
            raise ArtifactBroken(f"run {manifest.run_id}", found=f"no {', '.join(missing)}")
        path = self.folder / MANIFEST_NAME
        path.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        _sync(path)

    def _record(
        self, name: str, shape: tuple[int, ...] | None = None, dtype: str | None = None
    ) -> None:
        path = self.folder / name
        _sync(path)
        self.files[name] = FileFacts(
            bytes=path.stat().st_size, sha256=compute_sha256(path), shape=shape, dtype=dtype
        )


@contextmanager
def draft_run(root: Path, run_id: str, partial: Path | None = None) -> Iterator[RunDraft]:
    """A draft of ``root/run_id`` that becomes the run when the body has finished it.

    An exception, or a body that never calls ``finish``, leaves nothing among the runs. A kill
    leaves ``partial``, a folder on the disk of ``root``; with a fixed name, the next draft clears
    it.
    """
    partial = partial or root / f".{run_id}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    draft = RunDraft(partial)
    try:
        yield draft
        if (partial / MANIFEST_NAME).exists():
            partial.rename(root / run_id)
            _sync(root)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def probabilities_name(task: Task) -> str:
    """File that holds the probabilities of ``task``."""
    return f"probabilities_{task}.npy"


def compute_sha256(path: Path) -> str:
    """Hex digest of the file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
