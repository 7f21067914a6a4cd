"""All files of the corrections of a run: the change file, what undoes it, and the decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from core.artifacts import Run
from core.collection.catalogue import CatalogueForm
from core.collection.wording import count_of
from core.reviews.changes.annotations import encode_annotations
from core.reviews.changes.at_hand import Asked, Form, Met, Wanted, meet_table
from core.reviews.changes.files import count_states, write_fields, write_long
from core.reviews.changes.linked_art import encode_linked_art
from core.reviews.changes.plan import Changes, plan_changes


@dataclass(frozen=True)
class Table:
    """A museum's table at hand, ``file``, and how it is read; None where there is none."""

    file: Path | None = None
    sheet: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Files:
    """``files`` by name, and ``notes``: sentences on what they hold and lack."""

    files: dict[str, bytes]
    notes: tuple[str, ...]


def make_files(
    run: Run,
    standing: pd.DataFrame,
    table: Table,
    to: Form | None = None,
    address: str | None = None,
) -> Files:
    """The files of what ``standing`` verdicts correct in ``run``, held against ``table``.

    ``address``: of the dashboard, for annotations of its IIIF canvases.

    Raises ``CollectionError`` or ``ReviewsError`` for tables and runs that do not serve.
    """
    changes = plan_changes(run, standing)
    to = to or choose_form(changes.form)
    meet: Callable[[Asked], Met] | None = None
    if table.file is not None:
        file, sheet, encoding = str(table.file), table.sheet, table.encoding

        def meet(asked: Asked) -> Met:
            return meet_table(
                Asked(file, asked.key_column, asked.wanted, asked.form, sheet, encoding)
            )

    return build_files(changes, run, to, meet, address)


def build_files(
    changes: Changes,
    run: Run,
    to: Form,
    meet: Callable[[Asked], Met] | None,
    address: str | None = None,
) -> Files:
    """The files of ``changes``; ``meet`` holds them against a table at hand, if there is one.

    Whole rows are written of a table at hand, of columns that are its own; else key, field, old and
    new. Corrections that the table has already, or whose old value has moved on, are in the
    decisions alone.
    """
    table, met = changes.table, None
    if meet is not None and len(table):
        met = meet(ask(changes, to))
        table = table[np.array(met.states) == "open"]
    files = {
        f"changes.{to}": write_fields(table, changes.form, to, undo=False, uris=changes.has_uris),
        f"undo.{to}": write_fields(table, changes.form, to, undo=True),
        f"decisions.{to}": write_long(changes.table, met, to, changes.word),
        "decisions.jsonld": encode_linked_art(changes, run.paintings["content_hash"]),
    }
    if address is not None:
        files["annotations.jsonld"] = encode_annotations(changes, address)
    if met is not None and met.rows:
        files |= {f"rows.{to}": met.changed, f"rows-undo.{to}": met.undo}
    return Files(files, tuple(describe(changes, met)))


def ask(changes: Changes, to: Form) -> Asked:
    """The corrections as a question to a table at hand, whose file is named later."""
    wanted = [Wanted(*row) for row in changes.table[["key_cell", "field", "old", "new"]].to_numpy()]
    form = changes.form
    key_column = form.key_column if form is not None else "key"
    return Asked("", key_column, tuple(wanted), to)


def choose_form(form: CatalogueForm | None) -> Form:
    """XLSX for the table of a spreadsheet program, else CSV."""
    return "xlsx" if form is not None and form.kind == "sheet" else "csv"


def describe(changes: Changes, met: Met | None) -> list[str]:
    """Sentences on what the files hold."""
    table, form = changes.table, changes.form
    origins = table["origin"].value_counts()
    parts = [f"{number:,} {origin}" for origin, number in sorted(origins.items())]
    said = [f"{count_of(len(table), 'correction')}{': ' if parts else ''}{', '.join(parts)}."]
    if changes.open:
        said.append(
            f"{count_of(changes.open, 'label')} judged wrong without an agreed one: left out."
        )
    if changes.unplaced:
        said.append(
            f"{count_of(changes.unplaced, 'correction')} left out, to be made by hand: it is not "
            "sure which of several labels of the cell it replaces, or another one is corrected."
        )
    if changes.strange:
        said.append(
            f"{count_of(changes.strange, 'correction')} to labels that are no term of the "
            "vocabulary, and so without a URI."
        )
    if form is None:
        said.append("The collection came from no table: keys and labels are as the run has them.")
    elif form.joined:
        joined = ", ".join(changes.word.name(task) for task in form.joined)
        said.append(f"Labels of a joined table: {joined}.")
    if met is not None:
        said += [f"{line}." for line in count_states(met)]
    return said
