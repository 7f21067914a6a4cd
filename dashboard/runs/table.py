"""The table of a run, a row a painting: its columns written down, and how it is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from core.artifacts import Run
from core.artifacts.schema import FINDINGS, PAINTINGS, PREDICTIONS
from core.findings.appearance import FORMER
from core.scores import list_scores
from dashboard.selection.facet_kinds import Choice
from dashboard.selection.facets import FACETS
from dashboard.selection.matching import SEARCHED, SEARCHED_ARTIST, WORD
from dashboard.selection.preparation import prepare_facets
from dashboard.selection.several_labels import EVERY


@dataclass(frozen=True)
class TableColumn:
    """``dtype`` as pandas names it; ``source``: the run's file, or the columns it is made from.

    ``is_optional``: a run that was written before it came lacks it.
    """

    name: str
    dtype: str
    source: str
    is_optional: bool = False


def _list_columns() -> Iterator[TableColumn]:
    style = ["given", "predicted"]
    style += [score.name for score in list_scores("predictions") if score.is_exported]
    chosen = {facet.column for facet in FACETS.values() if isinstance(facet, Choice)}
    for source, spec, names in (
        ("paintings.parquet", PAINTINGS, list(PAINTINGS.columns)),
        ("predictions.parquet", PREDICTIONS, style),
        ("findings.parquet", FINDINGS, list(FINDINGS.columns)),
    ):
        for name in names:
            column = spec.columns[name]
            # What filters choose among is a category.
            dtype = "category" if name in chosen else column.dtype
            yield TableColumn(name, dtype, source, column.is_optional)
    yield TableColumn("x", "float32", "map.npy")
    yield TableColumn("y", "float32", "map.npy")
    yield TableColumn(SEARCHED, "str", "title")
    yield TableColumn("has_copies", "bool", "duplicate_group", is_optional=True)
    yield TableColumn("has_unfit_label", "bool", "unfit_label", is_optional=True)
    yield TableColumn("lacks_label", "bool", "missing_label", is_optional=True)
    yield TableColumn(SEARCHED_ARTIST, "category", "artist")
    yield TableColumn(EVERY, "category", "given, further_styles")


COLUMNS: Final = tuple(_list_columns())
_STYLE: Final = [each.name for each in COLUMNS if each.source == "predictions.parquet"]


def build_table(run: Run) -> pd.DataFrame:
    """Paintings, style predictions, findings and map position side by side; index 0..N-1.

    With what the filters read besides (``prepare_facets``). Its columns are ``COLUMNS``.
    """
    answers = run.predictions("style")
    shown = [column for column in _STYLE if column in answers]
    style = answers[shown].reindex(run.paintings.index)
    table = pd.concat([run.paintings, style, run.findings], axis=1)
    # A label that is not learned has no place among the classes, but a curator still reads it.
    table["given"] = table["given"].fillna(table["given_style"])
    table["medium"] = table["medium"].replace(FORMER)
    prepared = prepare_facets(table.assign(x=run.map[:, 0], y=run.map[:, 1]))
    prepared.attrs[WORD] = run.manifest.word.singular
    return prepared
