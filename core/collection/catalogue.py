"""The museum's table as it came in: its form, and what its cells said of each painting.

A correction goes back in that form: under its own key, columns and spelling of terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from core.tasks import TASKS, Task, given_column
from core.text import is_line

LINE_ENDS: Final = {"CRLF": "\r\n", "LF": "\n", "CR": "\r"}
CELLS: Final = (  # of each painting, as ``build_cells`` makes them
    "key_cell",
    *(f"{task}_{part}" for task in TASKS for part in ("label", "cell", "read")),
)


def _require_line(text: str) -> str:
    if not is_line(text):
        raise ValueError("holds a control or direction character")
    return text


Name = Annotated[str, StringConstraints(max_length=500), AfterValidator(_require_line)]


class CatalogueForm(BaseModel):
    """How a table is written. ``file``: its name; ``sha256``: of its content.

    ``encoding``: Python's name of it; ``has_mark``: a byte order mark precedes the text.
    ``separator``: itself, or "tab". ``quotes_all``: every cell is quoted. ``columns``: those of the
    labels, by task; ``joined``: tasks whose column came from another table.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Name
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    kind: Literal["text", "sheet", "parquet"]
    sheet: Name | None = None
    encoding: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]{1,40}$")] = "utf-8"
    has_mark: bool = False
    separator: Annotated[str, StringConstraints(pattern=r"^(.|tab)$")] = ","
    line_end: Literal["CRLF", "LF", "CR"] = "CRLF"
    quotes_all: bool = False
    key_column: Name
    columns: dict[Task, Name] = Field(max_length=len(TASKS))
    joined: tuple[Task, ...] = ()

    @property
    def separates(self) -> str:
        """The separator itself."""
        return "\t" if self.separator == "tab" else self.separator

    @property
    def ends(self) -> str:
        """The line end itself."""
        return LINE_ENDS[self.line_end]


@dataclass(frozen=True)
class Catalogue:
    """``form`` of the table, and its ``cells``: ``key`` of the painting, ``key_cell`` as it stands,
    and for each task that has a column ``<task>_cell`` and ``<task>_read``, the part of it that was
    read as the label.
    """

    form: CatalogueForm
    cells: pd.DataFrame


def build_cells(
    paintings: pd.DataFrame, catalogue: Catalogue | None, keys: pd.Series
) -> pd.DataFrame:
    """One row for each of ``keys``, in their order, with the columns ``CELLS``: the labels as the
    collection's ``paintings`` give them, and the cells; null where it came from no table.
    """
    own = paintings.set_index("key")
    table = pd.DataFrame({f"{task}_label": own[given_column(task)] for task in TASKS})
    if catalogue is not None:
        table = table.join(catalogue.cells.set_index("key"))
    return table.reindex(index=keys, columns=list(CELLS)).astype("str").reset_index(drop=True)
