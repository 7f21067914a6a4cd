"""Which labels of the catalogue the verdicts correct: old, new, who proposed, who decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from core.artifacts import Run
from core.collection.catalogue import CatalogueForm
from core.collection.reading.vocabulary import Vocabulary
from core.label_word import STYLE, LabelWord
from core.reviews.changes.spelling import (
    find_spellings,
    spell_label,
    write_label,
    write_maker,
    write_other,
)
from core.reviews.errors import ReviewsError
from core.reviews.exchange import select_standing
from core.reviews.majority import decide, read_claims
from core.reviews.renamed import follow_renamed
from core.reviews.terms import read_terms
from core.tasks import FURTHER, TASKS, Task, given_column

Origin = Literal["machine-proposed", "human-confirmed", "human-altered"]

CHANGES: Final = {
    "row": "int64",  # of the painting in the run
    "key": "str",
    "key_cell": "str",  # the key as it stands in the museum's table
    "title": "str",
    "artist": "str",
    "task": "str",
    "field": "str",  # the column of the museum's table; the task, where there is none
    "old": "str",  # the cell as it stands
    "new": "str",  # the cell as it should be
    "given": "str",  # the label that was read of the old cell
    "label": "str",  # the label that the reviewers agree on
    "uri": "str",  # of that label, by the run's vocabulary
    "origin": "str",
    "model": "str",  # sha256 of the published model
    "run": "str",
    "model_label": "str",  # the most probable by this run, by all evidence for a style
    "model_confidence": "float64",  # the model's probability of ``label``, 0 to 1
    "verdict": "str",
    "votes": "int64",  # reviewers who agree
    "reviewers": "int64",  # of those who were sure
    "reviewer": "str",  # their names
    "time": "datetime64[us, UTC]",  # of the latest of their verdicts
    "reason": "str",  # their notes
    "judged_in": "str",  # the runs that they were shown
}


@dataclass(frozen=True)
class Changes:
    """One row a label to correct in ``table``, with the columns ``CHANGES``, by key and task.

    ``form``: of the table that they go back to; None where the collection came from none.
    ``open``: labels that were judged wrong without an agreed correction. ``unplaced``: agreed
    corrections that are made by hand, as it is not sure which of several labels of the cell they
    replace, or another one is corrected. ``has_uris``: the run has a vocabulary, of which
    ``strange`` corrections name no term. ``word``: what the labels under style are called.
    """

    table: pd.DataFrame
    form: CatalogueForm | None
    open: int
    unplaced: int = 0
    has_uris: bool = False
    strange: int = 0
    word: LabelWord = STYLE


def plan_changes(run: Run, standing: pd.DataFrame) -> Changes:
    """What the verdicts ``standing`` correct in the collection of ``run``, by majority.

    Raises ``ReviewsError`` where the run learned corrected labels and did not keep the others.
    """
    own = _load_own(run)
    labels = own.rename(columns={f"{task}_label": given_column(task) for task in TASKS})
    paintings = labels.assign(
        key=run.paintings["key"],
        content_hash=run.paintings["content_hash"],
        **{FURTHER: list_others(run, own)},
    )
    named = follow_renamed(standing, paintings).verdicts
    followed = select_standing(read_terms(named, run.vocabulary, paintings))
    decisions = decide(followed, paintings)
    here = decisions[decisions["key"].isin(paintings["key"])]
    found = here[here["outcome"] == "relabel"]
    is_lost = _find_lost(run, own, followed, found)
    found = found[~is_lost]
    rows = []
    for task in TASKS:
        vocabulary = run.vocabulary if task == "style" else None
        spelled = find_spellings(own, task, vocabulary)
        for decision in found[found["task"] == task].to_dict("records"):
            label = str(decision["proposed"])
            told = _write(run, own, decision, spell_label(label, spelled, vocabulary))
            told["uri"] = None if vocabulary is None else vocabulary.find_uri(label)
            told |= _ask_model(run, told["row"], task, label)
            rows.append(told | _name_deciders(followed, decision))
    table = pd.DataFrame(rows, columns=list(CHANGES)).astype(CHANGES)
    return Changes(
        table.sort_values(["row", "task"], ignore_index=True),
        run.manifest.catalogue,
        int((here["outcome"] == "mislabelled").sum()),
        int(is_lost.sum()),
        run.vocabulary is not None,
        _count_strange(run.vocabulary, table.loc[table["task"] == "style", "label"]),
        run.manifest.word,
    )


def _count_strange(vocabulary: Vocabulary | None, labels: pd.Series) -> int:
    """How many of ``labels`` are no term of the ``vocabulary``; without one, none."""
    return 0 if vocabulary is None else sum(vocabulary.find(each) is None for each in labels)


def list_others(run: Run, own: pd.DataFrame) -> pd.Series:
    """(N,) the styles of a work beside the first of its cell; null for none."""
    if FURTHER not in run.paintings:
        return pd.Series(None, index=own.index, dtype="object")
    columns = (run.paintings["given_style"], run.paintings[FURTHER], own["style_label"])
    others = [
        tuple(each for each in (front, *several) if each != first) or None
        if isinstance(several, tuple)
        else None
        for front, several, first in zip(*columns, strict=True)
    ]
    return pd.Series(others, index=own.index, dtype="object")


def _find_lost(
    run: Run, own: pd.DataFrame, standing: pd.DataFrame, found: pd.DataFrame
) -> np.ndarray:
    """(n,) bool: the correction of ``found`` cannot be written.

    Its label stands in its cell not once, or is not the one that was judged, or another label of
    the same cell is corrected before it.
    """
    judged = standing.groupby(["key", "task"])["given"].agg(set).to_dict()
    places = dict(zip(run.paintings["key"], range(len(run)), strict=True))
    lost = found.duplicated(["key", "task"]).to_numpy(copy=True)
    columns = (found["key"], found["task"], found["given"], found["proposed"])
    for place, (key, task, given, new) in enumerate(zip(*columns, strict=True)):
        parts = [own[f"{task}_{part}"].iat[places[key]] for part in ("cell", "read", "label")]
        cell, read, first = (each if isinstance(each, str) else "" for each in parts)
        if task == "artist" and cell:
            lost[place] |= write_maker(cell, given if isinstance(given, str) else None, new) is None
            continue
        if read and cell.strip() != read:
            lost[place] |= given not in judged[key, task]
        if cell and isinstance(given, str) and given != first:
            terms = run.vocabulary if task == "style" else None
            lost[place] |= write_other(cell, given, new, terms) is None
    return lost


def tell_origin(label: str, model_labels: tuple[Any, ...]) -> Origin:
    """Whether a reviewer's ``label`` is one that the model proposed."""
    return "human-confirmed" if label in model_labels else "human-altered"


def _load_own(run: Run) -> pd.DataFrame:
    """The collection's labels and cells, columns of ``schema.CATALOGUE``."""
    if run.catalogue is not None:
        return run.catalogue
    if run.manifest.verdicts is not None:
        raise ReviewsError(
            f"The run {run.run_id} did not keep the collection's own labels",
            found="labels that verdicts had corrected",
            remedy="Train again: runs keep both by now.",
        )
    own = pd.DataFrame({f"{task}_label": run.paintings[given_column(task)] for task in TASKS})
    lacking = ["key_cell", *(f"{task}_{part}" for task in TASKS for part in ("cell", "read"))]
    return own.assign(**dict.fromkeys(lacking)).astype("str")


def _write(run: Run, own: pd.DataFrame, decision: dict[Any, Any], new: str) -> dict[str, Any]:
    """What is corrected, and to what: ``new``, as the table spells it."""
    row = int(np.flatnonzero(run.paintings["key"] == decision["key"])[0])
    task, form = decision["task"], run.manifest.catalogue
    vocabulary = run.vocabulary if task == "style" else None
    names = ["key_cell", f"{task}_cell", f"{task}_read"]
    told = own.loc[[row], names].to_numpy(dtype=object)[0].tolist()
    key_cell, cell, read = (text if isinstance(text, str) else None for text in told)
    given = None if pd.isna(decision["given"]) else decision["given"]
    written = new
    if task == "artist" and cell is not None:
        written = write_maker(cell, given, new) or new
    elif cell is not None and given not in (None, own.at[row, f"{task}_label"]):
        written = write_other(cell, given, new, vocabulary) or new
    elif cell is not None and read is not None:
        written = write_label(cell, read, new, vocabulary)
    return {
        "row": row,
        "key": decision["key"],
        "key_cell": key_cell or decision["key"],
        "title": run.paintings.at[row, "title"],
        "artist": run.paintings.at[row, "artist"],
        "task": task,
        "field": form.columns.get(task, task) if form is not None else task,
        "old": given or "" if cell is None else cell,
        "new": written,
        "given": given,
        "label": decision["proposed"],
        "votes": decision["votes"],
        "reviewers": decision["reviewers"],
    }


def _ask_model(run: Run, row: int, task: Task, label: str) -> dict[str, Any]:
    """What the run says of the painting, and of ``label``."""
    answers, probability = run.predictions(task) if task in run.manifest.tasks else None, None
    predicted = None
    if answers is not None and row in answers.index:
        predicted = answers.at[row, "predicted"]
        if label in run.classes(task):
            probability = float(run.answer(task, row)[run.classes(task).index(label)])
    suggested = run.findings.at[row, "suggested"] if task == "style" else None
    named = suggested if isinstance(suggested, str) else predicted
    return {
        "origin": tell_origin(label, (predicted, suggested)),
        "model": run.manifest.files["model.safetensors"].sha256,
        "run": run.run_id,
        "model_label": named,
        "model_confidence": probability,
    }


def _name_deciders(standing: pd.DataFrame, decision: dict[Any, Any]) -> dict[str, Any]:
    """Those whose verdicts say what was decided."""
    claims = read_claims(standing)
    agree = standing[
        (standing["key"] == decision["key"])
        & (standing["task"] == decision["task"])
        & (claims["says"] == "is")
        & (claims["label"] == decision["proposed"])
    ].sort_values("time")
    return {
        "verdict": "; ".join(agree["verdict"].unique()),
        "reviewer": "; ".join(agree["reviewer"]),
        "time": agree["time"].max(),
        "reason": "; ".join(note for note in agree["note"] if note),
        "judged_in": "; ".join(agree["run_id"].unique()),
    }
