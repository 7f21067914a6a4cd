"""The manifest: the description of a run, written last. A folder without one is not a run.

Whoever wrote a run wrote its manifest, so every value is checked here, on reading and on writing:
texts are single lines, numbers finite, names of files plain.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from core.artifacts.schema import SCHEMA_VERSION
from core.artifacts.since import Since
from core.artifacts.texts import Digest, Line, Note, check_json
from core.collection.catalogue import CatalogueForm
from core.images.names import STORE_ID
from core.label_word import STYLE, LabelWord
from core.tasks import TASKS, Task

MANIFEST_NAME: Final = "manifest.json"
MOST_BYTES: Final = 1 << 40  # of a file
MOST_PAINTINGS: Final = 10_000_000
MOST_CLASSES: Final = 20_000  # of a task
FILE_NAME: Final = r"^[a-z][a-z0-9_]{0,60}\.[a-z0-9]{1,12}$"

Count = Annotated[int, Field(ge=0, le=MOST_PAINTINGS)]
FileName = Annotated[str, StringConstraints(pattern=FILE_NAME)]
Facts = Annotated[dict[Line, Line], Field(max_length=200)]
Settings = Annotated[dict[Line, Any], Field(max_length=400), AfterValidator(check_json)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FileFacts(_Record):
    """One file of the run as it was written."""

    bytes: int = Field(ge=0, le=MOST_BYTES)
    sha256: Digest
    # of an array; (rows,) of a table
    shape: tuple[Annotated[int, Field(ge=0, le=MOST_BYTES)], ...] | None = Field(
        default=None, max_length=4
    )
    dtype: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,16}$")] | None = None


class CollectionFacts(_Record):
    """Which paintings the run is about."""

    name: Line
    source: Note
    paintings: Annotated[int, Field(gt=0, le=MOST_PAINTINGS)]
    fingerprint: Digest  # over keys, content hashes and labels
    # folder below artifacts/images: the store's id, never a path
    image_store: Annotated[str, StringConstraints(pattern=rf"^{STORE_ID}$")]
    quarantined: Count
    notes: tuple[Note, ...] = Field(default=(), max_length=1_000)


class StageTiming(_Record):
    name: Line
    seconds: float = Field(ge=0)


class Thresholds(_Record):
    """Default lines between the quadrants of the style task."""

    loss: float  # at or above: high loss
    confidence: float  # at or above: high confidence


class Manifest(_Record):
    """Everything needed to understand, check and reproduce a run."""

    schema_version: int = SCHEMA_VERSION
    run_id: Line
    created: datetime
    collection: CollectionFacts
    classes: dict[Task, Annotated[tuple[Note, ...], Field(min_length=1, max_length=MOST_CLASSES)]]
    thresholds: Thresholds
    # one a fold, then the published model's
    temperatures: dict[Task, Annotated[tuple[float, ...], Field(max_length=1_000)]]
    seed: int = Field(ge=-(2**63), lt=2**63)
    config: Settings
    command: Note  # made the run, according to the run: to be quoted, not run
    image_size: int = Field(gt=0, le=4096)  # pixels a side that the model reads
    packages: Facts
    hardware: Facts
    stages: tuple[StageTiming, ...] = Field(max_length=1_000)
    files: dict[FileName, FileFacts] = Field(max_length=64)
    catalogue: CatalogueForm | None = None  # of the table that the paintings came from, if any
    verdicts: Settings | None = None  # what curators' verdicts changed, see corrections.csv
    # shared by the runs on other labels of the collection that one command made
    family: Digest | None = None
    since: Since | None = None  # of an update, which was not trained
    word: LabelWord = STYLE  # what the labels of the task style are called

    @property
    def laid_out_by(self) -> str | None:
        """The pretrained backbone by which map and neighbours were made; None: by the run's own."""
        name = self.config.get("map_features")
        return name if isinstance(name, str) else None

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for task in TASKS if task in self.classes)

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        """Constraints beyond the types, on which pages and the classifier rely."""
        if "style" not in self.classes:
            raise ValueError("the task style has no classes")
        if self.word.singular != "style" and self.word.singular in self.classes:
            raise ValueError(f"the labels and another task are called {self.word.singular}")
        for task, classes in self.classes.items():
            if len(set(classes)) < len(classes):
                raise ValueError(f"the task {task} names a class twice")
        if not datetime(1990, 1, 1, tzinfo=UTC) <= _in_utc(self.created) < _LATEST:
            raise ValueError("created outside the years 1990 to 2199")
        side = self.config.get("short_side", 384)
        if type(side) is not int or not 1 <= side <= 4096:
            raise ValueError("config.short_side is not 1 to 4096")
        if self.verdicts is not None:
            _require_counts(self.verdicts)
        return self


_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)  # a time zone shifts it by a day at most, and may overflow


def _require_counts(verdicts: dict[str, Any]) -> None:
    done = verdicts.get("done")
    if not isinstance(done, dict) or not all(type(number) is int for number in done.values()):
        raise ValueError("verdicts.done does not hold counts")
    if not isinstance(verdicts.get("policy"), str):
        raise ValueError("verdicts.policy is not text")
