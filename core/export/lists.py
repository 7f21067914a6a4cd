"""Lists of paintings to export: a run's and its reviewers' data, one row a painting."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd

from core.artifacts import Run
from core.export.spreadsheets import encode_csv
from core.findings.appearance import FORMER
from core.findings.labels.quadrants import assign_quadrants
from core.findings.labels.reasons import tell_rows
from core.scores import list_scores
from core.tasks import FURTHER, TASKS, given_column

Form = Literal["csv", "parquet"]
FORMS: Final[dict[Form, str]] = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_PAINTING: Final = ["key", "title", "artist", "year", *map(given_column, TASKS)]
_FILE: Final = ["width", "height", "split", "fold", "content_hash"]
_SCORES: Final = [score.name for score in list_scores("predictions") if score.is_exported]
_NULLABLE: Final = {"b": "boolean", "i": "Int64"}
_VERDICTS: Final = ["verdict", "proposed_style", "reviewers"]
# By the word of the run.
_NAMED: Final = ("given_style", "further_styles", "predicted_style", "proposed_style")


def build_list(
    run: Run,
    rows: np.ndarray,
    standing: pd.DataFrame | None = None,
    lines: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """The paintings ``rows`` of ``run`` in that order; columns as the schema and its task name.

    Of a run whose labels are schools they are ``given_school`` and so on, not ``given_style``.

    Key, title, artist, year, given, further and predicted labels, the scores of the style label
    (loss: 0 up, high is suspicious), every finding, the reviewers' verdicts on the style label
    (``standing``: the verdicts in force; several are separated by semicolons), and the file.
    ``lines`` are (loss, confidence) between the quadrants, by default the run's own.
    """
    parts = [run.paintings[_PAINTING].iloc[rows], _list_further(run, rows)]
    for task in run.manifest.tasks:
        answers = run.predictions(task).reindex(run.paintings.index).iloc[rows]
        parts.append(answers[["predicted"]].rename(columns={"predicted": f"predicted_{task}"}))
        if task == "style":
            parts.append(answers.reindex(columns=_SCORES))
    findings = run.findings.iloc[rows]
    findings = findings.assign(medium=findings["medium"].replace(FORMER))
    parts += [findings, _tell_reasons(run, rows)]
    parts += [_tell_verdicts(run, rows, standing)]
    listed = pd.concat([*parts, run.paintings[_FILE].iloc[rows]], axis=1).reset_index(drop=True)
    if lines is not None:
        listed = listed.assign(quadrant=_place(listed, *lines))
    column = run.manifest.word.column
    return listed.rename(columns={name: name.replace("style", column) for name in _NAMED})


def add_missing(listed: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """``listed``, followed by the ``keys`` of paintings that its run does not have."""
    can_be_null = {
        name: _NULLABLE[dtype.kind]
        for name, dtype in listed.dtypes.items()
        if isinstance(dtype, np.dtype) and dtype.kind in _NULLABLE
    }
    listed = listed.astype(can_be_null)
    gone = pd.DataFrame({"key": list(keys)}).reindex(columns=listed.columns)
    return pd.concat([listed, gone.astype(listed.dtypes)], ignore_index=True)


def encode_list(listed: pd.DataFrame, form: Form) -> bytes:
    """``listed`` as a file; CSV is escaped for spreadsheets (``core.export.spreadsheets``)."""
    if form == "csv":
        return encode_csv(listed)
    buffer = io.BytesIO()
    listed.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _list_further(run: Run, rows: np.ndarray) -> pd.Series:
    """(n,) text: the other labels of works that have several, with semicolons between; or null."""
    if FURTHER not in run.paintings:
        return pd.Series(None, index=run.paintings.index[rows], dtype="str", name=FURTHER)
    return run.paintings[FURTHER].iloc[rows].map("; ".join, na_action="ignore").astype("str")


def _place(listed: pd.DataFrame, loss_line: float, confidence_line: float) -> pd.Series:
    loss, confidence = (listed[name].to_numpy(dtype=float) for name in ("loss", "confidence"))
    labelled = listed["given_style"].notna().to_numpy()
    agrees = (listed["given_style"] == listed["predicted_style"]).fillna(False).to_numpy(dtype=bool)
    near = listed["depth"].notna().to_numpy() if "depth" in listed else None
    return assign_quadrants(loss, confidence, labelled, agrees, loss_line, confidence_line, near)


def _tell_reasons(run: Run, rows: np.ndarray) -> pd.DataFrame:
    """(n, 2) texts: the sentence a curator reads first, and all of them, one a line."""
    told = [each.lines for each in tell_rows(run, rows)]
    texts = {"reason": [lines[0] for lines in told], "reasons": ["\n".join(t) for t in told]}
    return pd.DataFrame(texts, index=run.paintings.index[rows], dtype="str")


def _tell_verdicts(run: Run, rows: np.ndarray, standing: pd.DataFrame | None) -> pd.DataFrame:
    """(n, 3) texts on the style labels of ``rows``; null without verdicts."""
    keys = run.paintings["key"].iloc[rows]
    if standing is None or standing.empty:
        return pd.DataFrame(None, index=keys.index, columns=_VERDICTS, dtype="str")
    said = standing[(standing["task"] == "style") & standing["key"].isin(keys)]
    told = said.groupby("key")[["verdict", "proposed", "reviewer"]].agg(_join)
    told.columns = pd.Index(_VERDICTS)
    return told.reindex(keys).astype("str").set_index(keys.index)


def _join(values: pd.Series) -> str | None:
    return "; ".join(values.dropna().astype("str").drop_duplicates()) or None
