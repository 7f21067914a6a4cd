"""Reads the tables, arrays and pictures of a run that ``checking`` found whole."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import ArrayLike
from PIL import Image
from pydantic import ValidationError

from core.artifacts.arrays import read_header, read_row, read_values
from core.artifacts.errors import RETRAIN, ArtifactBroken, describe_error
from core.artifacts.files import (
    hash_below,
    open_below,
    read_below,
)
from core.artifacts.manifest import Manifest
from core.artifacts.metrics import check_metrics
from core.artifacts.pictures import StoredPicture
from core.artifacts.reasons import Reason
from core.artifacts.stored_reasons import StoredReasons
from core.artifacts.tables import (
    FILE_BYTES,
    Bounds,
    read_table,
    require_rows,
)
from core.artifacts.terms import read_terms
from core.artifacts.texts import parse_json
from core.artifacts.writer import probabilities_name
from core.collection.errors import CollectionError
from core.collection.reading.vocabulary import Vocabulary
from core.images.loaded import ImageRefused
from core.sizes import MEGABYTE
from core.tasks import Task
from core.text import show_line

IMAGE_STORES: Final = "images"
_MOST_METRICS: Final = 64 * MEGABYTE
_MOST_QUARANTINE: Final = 64 * MEGABYTE
_QUARANTINE: Final = ["key", "image", "reason"]
_MOST_MODEL: Final = 2048 * MEGABYTE
# How a file that is no table of the schema ends its reading.
NO_TABLE: Final = (
    *(pa.ArrowException, OSError, LookupError, ValueError),
    *(TypeError, AttributeError, ArithmeticError),
)


class Run:
    """One finished run. Tables and arrays are read on first use and kept; treat them as read-only.

    Arrays come as float32 (float16 on disk), since a float16 matrix multiplies far slower.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest
        self._predictions: dict[Task, pd.DataFrame] = {}  # of the tasks asked for

    def __len__(self) -> int:
        return self.manifest.collection.paintings

    @property
    def run_id(self) -> str:
        """Name of its folder, which may have been given another one since it was published."""
        return self.folder.name

    @property
    def image_folder(self) -> Path:
        """Folder of the image store that ``paintings.image`` is relative to."""
        return self.stores / self.manifest.collection.image_store

    @property
    def stores(self) -> Path:
        """Folder of all image stores of the artifacts folder."""
        return self.folder.parent / IMAGE_STORES

    def picture(self, row: int) -> StoredPicture:
        """The stored picture of painting ``row``, not read yet."""
        name = str(self.paintings.at[row, "image"])
        return StoredPicture(self.stores, self.manifest.collection.image_store, name)

    def load_image(self, row: int, short_side: int | None = None) -> Image.Image:
        """The stored picture of painting ``row`` in RGB, its short side at most ``short_side``.

        Raises ``ArtifactBroken`` when it is missing, damaged or no JPEG of the store.
        """
        picture = self.picture(row)
        try:
            return picture.load(short_side)
        except ImageRefused as refusal:
            raise self._broken_picture(picture.path, refusal.reason) from refusal
        except OSError as error:
            raise self._broken_picture(picture.path, describe_error(error)) from error

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
        """One row a reason, columns of ``schema.REASONS``, by painting and in the order told.

        For whoever needs all of them: ``read_reasons`` reads those of a few paintings.
        """
        return self._table("reasons.parquet")

    def read_reasons(self, rows: ArrayLike) -> list[list[Reason]]:
        """The reasons on the label of each of the paintings ``rows``, in the order shown."""
        try:
            return self._stored_reasons.read(rows)
        except (*NO_TABLE, RecursionError) as error:
            raise self.broken("reasons.parquet", describe_error(error), "values in JSON") from error

    @cached_property
    def _stored_reasons(self) -> StoredReasons:
        return StoredReasons(partial(open_below, *self._place("reasons.parquet")), len(self))

    @cached_property
    def cases(self) -> pd.DataFrame:
        """One row an artist or a pair of labels, columns of ``schema.CASES``, discoveries first.

        Older runs called labels arguable that no test had held against later ones: of those it is
        said what was tested.
        """
        table = self._table("cases.parquet")
        if "tested" not in table:
            table["type"] = table["type"].replace("label arguable", "seen elsewhere")
        return table

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
        """Per task, as ``core.findings.labels.metrics``: accuracy, calibration, each class."""
        try:
            data = self._read("metrics.json", _MOST_METRICS)
            return check_metrics(parse_json(data), self.manifest.tasks)
        except ValidationError as error:
            raise self.broken("metrics.json", describe_fault(error), "its figures") from error
        except (OSError, ValueError) as error:
            raise self.broken("metrics.json", describe_error(error), "JSON") from error

    @cached_property
    def account(self) -> pd.DataFrame | None:
        """What became of all that the source held, columns of ``schema.ACCOUNT``.

        None where the run was published without.
        """
        name = "account.parquet"
        return self._table(name) if name in self.manifest.files else None

    @cached_property
    def catalogue(self) -> pd.DataFrame | None:
        """The collection's own labels and cells, columns of ``schema.CATALOGUE``, index 0..N-1.

        Texts are as the museum's table has them, unsafe to show. None where the run was published
        without.
        """
        name = "catalogue.parquet"
        return self._table(name) if name in self.manifest.files else None

    @cached_property
    def vocabulary(self) -> Vocabulary | None:
        """Whose terms the labels are, as far as they are any; None without a vocabulary."""
        name = "vocabulary.parquet"
        if name not in self.manifest.files:
            return None
        try:
            return read_terms(self._table(name))
        except CollectionError as error:
            raise self.broken(name, show_line(str(error)), "a vocabulary") from error

    @cached_property
    def quarantine(self) -> pd.DataFrame:
        """Pictures that were refused: key, image, reason."""
        try:
            data = self._read("quarantine.csv", _MOST_QUARANTINE)
            table = pd.read_csv(io.BytesIO(data), dtype="str")[_QUARANTINE]
        except (OSError, ValueError, KeyError) as error:
            raise self.broken("quarantine.csv", describe_error(error), "a table") from error
        shown: pd.DataFrame = table.apply(lambda texts: texts.map(show_line, na_action="ignore"))
        return shown

    def predictions(self, task: Task) -> pd.DataFrame:
        """Out-of-fold predictions of ``task``; index = row of the painting (scored rows only).

        Read for each task that is asked for: a page needs one, and a million answers are 85 MB.
        """
        if task not in self._predictions:
            table = self._table("predictions.parquet")
            own = table[table["task"] == task].drop(columns="task")
            self._predictions[task] = own.set_index("row").rename_axis(None).sort_index()
        return self._predictions[task]

    def classes(self, task: Task) -> tuple[str, ...]:
        """Class names in the order of the probability columns."""
        return self.manifest.classes[task]

    def probabilities(self, task: Task) -> np.ndarray:
        """(N, K) float32, calibrated, out of fold; rows sum to 1 (0 where not scored)."""
        return self._array(probabilities_name(task))

    def answer(self, task: Task, row: int) -> np.ndarray:
        """(K,) the row ``row`` of ``probabilities``, without reading the others."""
        found: np.ndarray = self.answers(task, [row])[0]
        return found

    def answers(self, task: Task, rows: Sequence[int]) -> np.ndarray:
        """(n, K) the rows ``rows`` of ``probabilities``, without reading the others."""
        return self._array(probabilities_name(task), rows)

    @cached_property
    def unseen(self) -> np.ndarray | None:
        """(N, K) float32 style probabilities by a model that never saw the painting's artist.

        Zero rows where it did not judge; None where the run was published without.
        """
        name = "probabilities_style_unseen.npy"
        return self._array(name) if name in self.manifest.files else None

    @cached_property
    def embeddings(self) -> np.ndarray:
        """(N, D) float32, L2-normalised, all from the published model."""
        return self._array("embeddings.npy")

    @cached_property
    def neighbours(self) -> np.ndarray:
        """(N, k) int32 rows of the nearest other paintings, nearest first."""
        rows = self._array("neighbours.npy")
        try:
            require_rows(rows.ravel(), len(self))
        except ValueError as error:
            raise self.broken("neighbours.npy", str(error), "rows of paintings") from error
        return rows

    @cached_property
    def counted_neighbours(self) -> np.ndarray | None:
        """(N, k') int32 rows of the paintings that the sentences on neighbours count.

        Nearest first to the model of the fold that had not learned from the painting, -1 where
        there are no more; None where the run was published without.
        """
        name = "counted_neighbours.npy"
        if name not in self.manifest.files:
            return None
        rows = self._array(name)
        try:
            require_rows(rows[rows != -1], len(self))
        except ValueError as error:
            raise self.broken(name, str(error), "rows of paintings, or -1") from error
        return rows

    @cached_property
    def similarities(self) -> np.ndarray:
        """(N, k) float32 cosine similarity of ``neighbours``, -1 to 1, high is near."""
        return self._array("similarities.npy")

    @cached_property
    def map(self) -> np.ndarray:
        """(N, 2) float32 positions on the style map; only proximity is meaningful."""
        return self._array("map.npy")

    @cached_property
    def texture(self) -> np.ndarray | None:
        """(N, C) float32: means and spreads of the frozen stem's channels over each painting.

        For novelty, as ``content``; the graph of the run gives the same, of older runs the means
        alone. None where the run was published without.
        """
        return self._array("texture.npy") if "texture.npy" in self.manifest.files else None

    @cached_property
    def content(self) -> np.ndarray | None:
        """(N, C') float32: likewise of the next to last block's channels.

        None where the run was published without.
        """
        return self._array("content.npy") if "content.npy" in self.manifest.files else None

    @cached_property
    def dynamics(self) -> np.ndarray:
        """(N, E) float32: logit margin of the given style at each epoch, the mean of the folds'
        models that learned from the painting.

        Above 0 they agreed with the label; 0 at every epoch where no fold learned the label.
        """
        return self._array("dynamics.npy")

    def read_graph(self, name: str) -> bytes:
        """Content of ``backbone.onnx`` or ``head.onnx``; raises ``ArtifactBroken``."""
        try:
            return self._read(name, _MOST_MODEL)
        except OSError as error:
            raise self.broken(name, describe_error(error), "an ONNX graph") from error

    def verify_hashes(self, *names: str) -> None:
        """Raises ``ArtifactBroken`` naming the first of the files, by default all, that changed."""
        for name in names or self.manifest.files:
            facts = self.manifest.files[name]
            try:
                found = hash_below(*self._place(name))
            except OSError as error:
                raise self.broken(name, describe_error(error), "a file of the run") from error
            if found != facts.sha256:
                raise self.broken(
                    name,
                    "content that differs from the published one",
                    f"sha256 {facts.sha256[:12]}...",
                )

    def _table(self, name: str) -> pd.DataFrame:
        bounds = Bounds(len(self), self.manifest.classes)
        try:
            return read_table(self._read(name, FILE_BYTES), name, bounds)
        except NO_TABLE as error:
            raise self.broken(name, describe_error(error), "the table of the schema") from error

    def _array(self, name: str, rows: Sequence[int] | None = None) -> np.ndarray:
        try:
            with open_below(*self._place(name)) as file:
                header = read_header(file)
                if rows is None:
                    return read_values(file, header)
                found = [read_row(file, header, row) for row in rows]
                return np.array(found).reshape(len(found), *header.shape[1:])
        except (OSError, ValueError, EOFError) as error:
            raise self.broken(
                name, describe_error(error), "finite numbers of the schema"
            ) from error

    def _read(self, name: str, limit: int) -> bytes:
        return read_below(*self._place(name), limit=limit)

    def _place(self, name: str) -> tuple[Path, str, str]:
        return place_of(self.folder, name)

    def _broken_picture(self, path: Path, found: str) -> ArtifactBroken:
        return ArtifactBroken(
            f"picture {path} of run {self.run_id} is missing or damaged",
            found=found,
            expected="the JPEG that the run was trained on",
            remedy=f"{RETRAIN}.",
            says=self.manifest.command,
        )

    def broken(self, name: str, found: str, expected: str) -> ArtifactBroken:
        """The error that states what is wrong with the file ``name`` and how to recover."""
        return ArtifactBroken(
            f"{name} of run {self.run_id} is broken",
            found=found,
            expected=expected,
            remedy=f"The run lies in {self.folder}. {RETRAIN}.",
            says=self.manifest.command,
        )


def place_of(folder: Path, name: str) -> tuple[Path, str, str]:
    """Where the file ``name`` of the run in ``folder`` lies, for ``files.open_below``."""
    folder = folder.absolute()
    return folder.parent, folder.name, name


def describe_fault(error: ValidationError) -> str:
    """Where in a file of JSON its first fault lies, and which it is."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return show_line(f"{place}: {first['msg']}" if place else first["msg"])
