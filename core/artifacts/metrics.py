"""What ``metrics.json`` holds of each task, as ``core.findings.labels.metrics`` writes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from core.artifacts.texts import Note
from core.tasks import Task

_Share = Annotated[float, Field(ge=0, le=1.001)]  # means of float32 may round above 1


class _Figures(BaseModel):
    model_config = ConfigDict(extra="allow", allow_inf_nan=False)


class _Calibration(_Figures):
    calibration_error: _Share


class _Reliability(_Figures):
    paintings: int = Field(ge=0)
    confidence: _Share
    accuracy: _Share
    lower: _Share


class _ClassFigures(_Figures):
    name: Note = Field(alias="class")
    paintings: int = Field(ge=0)
    precision: _Share
    recall: _Share
    f1: _Share


class _BeforeAndAfter(_Figures):
    before: _Calibration
    after: _Calibration


class _TaskFigures(_Figures):
    paintings: int = Field(ge=0)
    accuracy: _Share
    top3: _Share
    macro_f1: _Share
    majority_accuracy: _Share
    calibration: _BeforeAndAfter
    reliability: list[_Reliability]
    reliability_uncalibrated: list[_Reliability]
    per_class: list[_ClassFigures]


class _UnseenFigures(_Figures):
    paintings: int = Field(ge=0)
    accuracy: _Share


_UNSEEN: Final = TypeAdapter(_UnseenFigures)
_FIGURES: Final = TypeAdapter(_TaskFigures)
_SHARE: Final = TypeAdapter(_Share)


def check_metrics(metrics: Any, tasks: Iterable[Task]) -> dict[str, Any]:
    """``metrics`` as they are; raises pydantic's ``ValidationError``, a ``ValueError``.

    It is raised where a figure of one of the run's tasks is missing or is not a number.
    """
    if not isinstance(metrics, dict):
        raise ValueError("no object")
    for task in tasks:
        _FIGURES.validate_python(metrics.get(task))
    _SHARE.validate_python(metrics.get("artist_majority_accuracy"))
    if "artists_unseen" in metrics:
        _UNSEEN.validate_python(metrics["artists_unseen"])
    return metrics
