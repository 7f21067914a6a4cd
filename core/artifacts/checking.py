"""Whether every file of a run is there, of the size, shape and kind that its manifest promises."""

from __future__ import annotations

import numpy as np

from core.artifacts.arrays import read_header
from core.artifacts.errors import describe_error
from core.artifacts.files import measure_below, open_below, require_folder
from core.artifacts.manifest import FileFacts
from core.artifacts.reader import NO_TABLE, Run, place_of
from core.artifacts.schema import ARRAYS, TABLES, expected_files
from core.artifacts.tables import FILE_BYTES, count_rows


def check_run(run: Run) -> None:
    """Raises ``ArtifactBroken`` naming the first file that differs from manifest or schema."""
    for name in dict.fromkeys((*expected_files(run.manifest.tasks), *run.manifest.files)):
        _check_size(run, name)
    sizes: dict[str, int] = {"N": len(run)}
    sizes |= {f"K:{task}": len(run.classes(task)) for task in run.manifest.tasks}
    for name, facts in run.manifest.files.items():
        if name in ARRAYS:
            _check_array(run, name, facts, sizes)
        elif name in TABLES:
            _check_table(run, name, facts, sizes)
    try:
        require_folder(run.stores, run.manifest.collection.image_store)
    except OSError as error:
        raise run.broken(
            str(run.image_folder), describe_error(error), "the run's image store"
        ) from error


def _check_size(run: Run, name: str) -> None:
    facts = run.manifest.files.get(name)
    try:
        size = measure_below(*place_of(run.folder, name))
    except OSError as error:
        raise run.broken(name, describe_error(error), "a file of the run") from error
    if facts is None:
        raise run.broken(name, "no entry in the manifest", "its size and sha256")
    if size != facts.bytes:
        raise run.broken(name, f"{size:,} bytes", f"{facts.bytes:,} bytes")


def _check_array(run: Run, name: str, facts: FileFacts, sizes: dict[str, int]) -> None:
    spec = ARRAYS[name]
    try:
        with open_below(*place_of(run.folder, name)) as file:
            header = read_header(file)
    except (OSError, ValueError, EOFError) as error:
        raise run.broken(name, describe_error(error), "a numpy array") from error
    expected = tuple(
        axis if isinstance(axis, int) else sizes.setdefault(axis, found)
        for axis, found in zip(spec.shape, header.shape, strict=False)
    )
    fits = header.shape == expected == facts.shape and 0 not in expected
    if len(header.shape) != len(spec.shape) or not fits:
        raise run.broken(name, f"shape {header.shape}", f"shape {expected}")
    if header.dtype != np.dtype(spec.dtype):
        raise run.broken(name, f"dtype {header.dtype}", f"dtype {spec.dtype}")


def _check_table(run: Run, name: str, facts: FileFacts, sizes: dict[str, int]) -> None:
    spec = TABLES[name]
    if facts.bytes > FILE_BYTES:
        raise run.broken(name, f"{facts.bytes:,} bytes", f"at most {FILE_BYTES:,} bytes")
    try:
        with open_below(*place_of(run.folder, name)) as file:
            rows = count_rows(file, name)
    except NO_TABLE as error:
        raise run.broken(name, describe_error(error), "a parquet table of the schema") from error
    if spec.rows and rows != sizes[spec.rows]:
        raise run.broken(name, f"{rows:,} rows", f"{sizes[spec.rows]:,} rows")
