"""The manifest: what a run is, written last. A folder without one is no run."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from core.artifacts.schema import SCHEMA_VERSION
from core.tasks import TASKS, Task

MANIFEST_NAME: Final = "manifest.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileFacts(_Record):
    """One file of the run as it was written."""

    bytes: int
    sha256: str
    shape: tuple[int, ...] | None = None  # of an array; (rows,) of a table
    dtype: str | None = None


class CollectionFacts(_Record):
    """Which paintings the run is about."""

    name: str
    source: str
    paintings: int
    fingerprint: str  # sha256 over keys, content hashes and labels
    image_store: str  # folder below artifacts/images
    quarantined: int
    notes: tuple[str, ...] = ()


class StageTiming(_Record):
    name: str
    seconds: float


class Thresholds(_Record):
    """Default lines between the quadrants of the style task."""

    loss: float  # at or above: high loss
    confidence: float  # at or above: high confidence


class Manifest(_Record):
    """Everything needed to understand, check and rebuild a run."""

    schema_version: int = SCHEMA_VERSION
    run_id: str
    created: datetime
    collection: CollectionFacts
    classes: dict[Task, tuple[str, ...]]
    thresholds: Thresholds
    temperatures: dict[Task, tuple[float, ...]]  # one a fold, then the published model's
    seed: int
    config: dict[str, Any]
    command: str  # rebuilds the run
    image_size: int = Field(gt=0)  # pixels a side that the model reads
    packages: dict[str, str]
    hardware: dict[str, str]
    stages: tuple[StageTiming, ...]
    files: dict[str, FileFacts]
    verdicts: dict[str, Any] | None = None  # what curators' verdicts changed, see corrections.csv

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for task in TASKS if task in self.classes)
