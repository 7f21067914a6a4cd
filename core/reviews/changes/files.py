"""Corrections as files: key, field, old and new; and the long form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from core.collection.catalogue import CatalogueForm
from core.collection.reading.records import cannot_encode, write_cell
from core.export.spreadsheets import encode_csv, escape_formula
from core.export.workbooks import encode_workbook
from core.label_word import STYLE, LabelWord
from core.reviews.changes.at_hand import STATES, Form, Met

FIELDS: Final = ("key", "field", "old", "new")
# Columns of the long form, beside ``FIELDS``, "state" and "found".
TOLD: Final = (
    *("title", "artist"),
    *("task", "given", "label", "uri", "origin", "model", "run", "model_label", "model_confidence"),
    *("verdict", "votes", "reviewers", "reviewer", "time", "reason", "judged_in"),
)


def write_fields(
    table: pd.DataFrame,
    form: CatalogueForm | None,
    to: Form,
    *,
    undo: bool,
    uris: bool = False,
) -> bytes:
    """A row a correction: the key's own column, field, old, new; with ``undo`` from new to old.

    With ``uris`` also that of the new term, as far as the vocabulary has one.
    """
    old, new = ("new", "old") if undo else ("old", "new")
    more = ["uri"] if uris and not undo else []
    head = [form.key_column if form is not None else "key", *FIELDS[1:], *more]
    rows = table[["key_cell", "field", old, new, *more]].fillna("").to_numpy().tolist()
    return encode_rows([head, *rows], form, to)


def write_long(table: pd.DataFrame, met: Met | None, to: Form, word: LabelWord = STYLE) -> bytes:
    """Every correction with who proposed and who decided it, and its state in the table at hand.

    ``word``: what the labels under style are called.
    """
    told = table[["key_cell", *FIELDS[1:], *TOLD]].rename(columns={"key_cell": "key"})
    told["task"] = told["task"].map(word.name)
    told["time"] = told["time"].map(lambda time: time.isoformat()).astype("str")
    told["model_confidence"] = told["model_confidence"].round(4)
    told["state"] = list(met.states) if met is not None else "open"
    told["found"] = list(met.found) if met is not None else None
    if to == "csv":
        return encode_csv(told)
    cells = told.astype("object").where(told.notna(), None).to_numpy().tolist()
    return encode_workbook([list(told.columns), *cells])


def encode_rows(rows: Sequence[Sequence[str]], form: CatalogueForm | None, to: Form) -> bytes:
    """``rows`` as XLSX, or as CSV in the form of the museum's table, formulas escaped.

    Raises ``CollectionError`` for a character that the table's encoding does not have.
    """
    if to == "xlsx":
        return encode_workbook(rows)
    form = form or CatalogueForm(
        file="", sha256="0" * 64, kind="text", has_mark=True, key_column="key", columns={}
    )
    separator, end = form.separates, form.ends
    text = "".join(
        separator.join(
            write_cell(escape_formula(cell), separator, quotes=form.quotes_all) for cell in row
        )
        + end
        for row in rows
    )
    try:
        body = text.encode(form.encoding)
    except UnicodeEncodeError as error:
        raise cannot_encode(error, form.encoding) from error
    return ("\ufeff".encode(form.encoding) if form.has_mark else b"") + body


def count_states(met: Met) -> list[str]:
    """``"3 done: the table says it already"``, a line a state that there is."""
    return [
        f"{met.states.count(state):,} {state}: {meaning}"
        for state, meaning in STATES.items()
        if state in met.states
    ]
