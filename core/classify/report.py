"""An answer as plain data, for ``python -m core.classify --json`` and the HTTP API."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from core.artifacts import Run
from core.classify.service import Answered
from core.tasks import FURTHER, Task
from core.text import is_missing

TOP: Final = 5
_SHOWN: Final = ("key", "title", "artist", "year", "given_style")  # of every run

Share = Annotated[float, Field(ge=0, le=1)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelShare(_Record):
    """One class and its calibrated probability, 0 to 1."""

    label: str
    probability: Share


class NearPainting(_Record):
    """A painting of the run; ``similarity`` is the cosine of the embeddings, -1 to 1.

    ``further_styles``: its other labels, where it has several.
    """

    key: str
    title: str | None
    artist: str | None
    year: int | None
    given_style: str | None
    further_styles: tuple[str, ...]
    similarity: float


class NoveltyReport(_Record):
    """``value``: 0 is the collection's middle, 1 its outer fence, any. ``unlike``: from 1 up."""

    value: float
    unlike: bool


class Report(_Record):
    """The answer for one picture. ``answers``: the most probable classes a task, best first.

    ``position`` is the place on the run's style map. ``width`` and ``height`` are in pixels,
    upright. ``note`` says what was guessed or left out as the picture was read, mostly "".
    ``novelty`` is null in runs that were published without its reference.
    """

    status: Literal["answered"] = "answered"
    name: str
    run: str
    width: int
    height: int
    note: str
    answers: dict[Task, tuple[LabelShare, ...]]
    word: str  # what the labels under ``style`` are called in the run: school, movement, ...
    novelty: NoveltyReport | None
    neighbours: tuple[NearPainting, ...]
    position: tuple[float, float]


class Refusal(_Record):
    """Why there is no answer for one picture: ``reason`` names the limit where there is one."""

    status: Literal["refused"] = "refused"
    name: str
    reason: str


def build_report(run: Run, name: str, answered: Answered, top: int = TOP) -> Report:
    """Report of the model's answer; ``top`` classes a task."""
    answer = answered.classification
    x, y = (float(value) for value in answer.placement.position)
    return Report(
        name=name,
        run=run.run_id,
        width=answered.width,
        height=answered.height,
        note=answered.note,
        answers={
            task: _take_top(probabilities, run.classes(task), top)
            for task, probabilities in answer.probabilities.items()
        },
        word=run.manifest.word.singular,
        novelty=None
        if answer.novelty is None
        else NoveltyReport(value=round(answer.novelty.value, 4), unlike=answer.novelty.is_unlike),
        neighbours=tuple(
            _describe(run, int(row), float(similarity))
            for row, similarity in zip(
                answer.placement.neighbours, answer.placement.similarities, strict=True
            )
        ),
        position=(x, y),
    )


def build_schema() -> dict[str, Any]:
    """JSON schema of one answer: a ``Report`` or a ``Refusal``, told apart by ``status``."""
    either: TypeAdapter[Report | Refusal] = TypeAdapter(
        Annotated[Report | Refusal, Field(discriminator="status")]
    )
    return either.json_schema(mode="serialization")


def _take_top(
    probabilities: np.ndarray, classes: tuple[str, ...], top: int
) -> tuple[LabelShare, ...]:
    order = np.argsort(-probabilities, kind="stable")[:top]
    return tuple(
        LabelShare(label=classes[place], probability=round(float(probabilities[place]), 6))
        for place in order
    )


def _describe(run: Run, row: int, similarity: float) -> NearPainting:
    painting = {
        str(name): None if is_missing(value) else value
        for name, value in run.paintings.loc[row, list(_SHOWN)].items()
    }
    further = run.paintings.loc[row].get(FURTHER)
    return NearPainting.model_validate(
        {
            **painting,
            "further_styles": further if isinstance(further, tuple) else (),
            "similarity": round(similarity, 4),
        }
    )
