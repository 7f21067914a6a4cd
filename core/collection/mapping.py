"""Which column of a table plays which role, kept in a TOML file.

The presets of ten museums' open tables (``core/collection/presets``) have the same form and are
recognised by a table's columns:

    name = "The Met's open access table"
    recognised_by = ["Object ID", "Artist Display Name", "Object Begin Date"]
    labels = ["Classification", "Department"]  # columns that may hold the label

    [columns]
    title = "Title"

    [label]  # what the labels are called; style and styles where it is left out
    singular = "department"
    plural = "departments"

    [advice]  # flags that bring a role which the table lacks
    style = "--join terms.csv --on objectid"

    [[join]]
    table = "terms.csv"  # beside the mapping, or an absolute path
    on = "objectid"

``join_where = ["termtype=Style"]`` says which rows of joined tables count, ``separator = ","`` what
parts several labels of a work.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core.collection.errors import CollectionError
from core.collection.reading.roles import ROLES, Known
from core.label_word import LabelWord

PRESETS: Final = Path(__file__).with_name("presets")


class SavedJoin(BaseModel):
    """A second table, as ``core.collection.reading.joins.Join``; ``table``: its path."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    on: str


class Mapping(BaseModel):
    """The columns of one kind of table, by role; see the module for the meaning of the rest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    recognised_by: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    columns: dict[str, str]
    advice: dict[str, str] = {}
    join: Annotated[tuple[SavedJoin, ...], Field(max_length=20)] = ()
    join_where: tuple[str, ...] = ()
    label: LabelWord | None = None
    separator: Annotated[str, Field(min_length=1, max_length=20)] | None = None

    @field_validator("columns")
    @classmethod
    def _are_roles(cls, columns: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(columns) - set(ROLES)):
            raise ValueError(f"no such role: {', '.join(unknown)}; there are {', '.join(ROLES)}")
        return columns

    def known(self) -> Known:
        """What ``find_columns`` needs of it."""
        return Known(self.columns, self.labels, self.advice)

    def fits(self, names: Iterable[str]) -> bool:
        """Whether a table with the columns ``names`` is of this kind."""
        here = {name.casefold() for name in names}
        return bool(self.recognised_by) and {n.casefold() for n in self.recognised_by} <= here


def recognise(names: Sequence[str]) -> Mapping | None:
    """The preset of the museum whose table has the columns ``names``; None for any other table."""
    return next((preset for preset in load_presets() if preset.fits(names)), None)


@cache
def load_presets() -> tuple[Mapping, ...]:
    """The mappings that come with the program, by file name."""
    return tuple(load_mapping(file) for file in sorted(PRESETS.glob("*.toml")))


def load_mapping(file: Path) -> Mapping:
    """The mapping in ``file``, paths of joined tables made whole.

    Raises ``CollectionError`` where it cannot be read or is not one.
    """
    try:
        mapping = Mapping.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise CollectionError(
            f"The mapping {file} cannot be read",
            found=error.strerror or str(error),
            remedy="Make one with --dry-run --save-mapping FILE.",
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _no_mapping(file, f"{place}: {first['msg']}") from error
    except ValueError as error:
        raise _no_mapping(file, str(error)) from error
    joins = (j.model_copy(update={"table": str(file.parent / j.table)}) for j in mapping.join)
    return mapping.model_copy(update={"join": tuple(joins)})


def save_mapping(file: Path, mapping: Mapping) -> None:
    """Writes ``mapping``; joined tables below its folder relative to that.

    Raises ``CollectionError`` where it cannot be written.
    """
    lines = [f"name = {_quote(mapping.name)}"]
    if mapping.join_where:
        lines.append(f"join_where = [{', '.join(map(_quote, mapping.join_where))}]")
    if mapping.separator is not None:
        lines.append(f"separator = {_quote(mapping.separator)}")
    lines += ["", "[columns]"]
    lines += [f"{role} = {_quote(column)}" for role, column in mapping.columns.items()]
    if mapping.label is not None:
        told = mapping.label.model_dump()
        lines += ["", "[label]", *(f"{form} = {_quote(text)}" for form, text in told.items())]
    for join in mapping.join:
        table, folder = Path(join.table).resolve(), file.parent.resolve()
        place = str(table.relative_to(folder) if table.is_relative_to(folder) else table)
        lines += ["", "[[join]]", f"table = {_quote(place)}", f"on = {_quote(join.on)}"]
    try:
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise CollectionError(
            f"The mapping {file} cannot be written",
            found=error.strerror or str(error),
            remedy="Name a file in a folder that exists with --save-mapping.",
        ) from error


def _quote(text: str) -> str:
    """A basic string of TOML, which is one of JSON, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _no_mapping(file: Path, found: str) -> CollectionError:
    return CollectionError(
        f"{file} is not a mapping",
        found=found,
        expected='a name and a table [columns] such as style = "Movement"',
        remedy="Make one with --dry-run --save-mapping FILE.",
    )
