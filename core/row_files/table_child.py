"""The process that looks at a museum's table for the dashboard.

    python -m core.row_files.table_child MEMORY_BYTES

Started by ``core.row_files.table``. The input is a JSON object (``Asked``), the answer another
(``core.collection.doctor.told.Told``).
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from core.collection.doctor.examine import examine_table
from core.collection.doctor.told import FORM, Told, tell
from core.collection.errors import CollectionError
from core.collection.reading.joins import Join
from core.collection.sources.museum_table import load_museum_table
from core.images.resources import limit_resources


@dataclass(frozen=True)
class Asked:
    """The table ``file``, and the ``columns`` that were named for roles.

    ``finds_pictures``: look for the files that it names, below its folder. ``joins``: files of
    second tables, each with the column of both; ``join_where``: which of their rows count.
    """

    file: str
    columns: dict[str, str]
    finds_pictures: bool
    joins: list[tuple[str, str]]
    join_where: list[str]


FORM_ASKED: Final = TypeAdapter(Asked)


def main() -> None:
    """Answers once."""
    asked = FORM_ASKED.validate_json(sys.stdin.buffer.read())
    for library in ("pyarrow.parquet", "core.collection.reading.sheets"):
        import_module(library)  # before the limits apply
    limit_resources(int(sys.argv[1]))
    sys.stdout.buffer.write(FORM.dump_json(_answer(asked)))
    sys.stdout.buffer.flush()
    os._exit(0)  # libraries' threads may abort while they end


def _answer(asked: Asked) -> Told:
    joins = [Join(Path(file), on) for file, on in asked.joins]
    try:
        museum = load_museum_table(
            Path(asked.file), columns=asked.columns, joins=joins, join_where=asked.join_where
        )
        return tell(examine_table(museum, finds_pictures=asked.finds_pictures))
    except CollectionError as error:
        said = str(error)
        for file in (Path(asked.file), *(join.file for join in joins)):
            said = said.replace(f"{file.parent}{os.sep}", "")
        return Told(refusal=said)


if __name__ == "__main__":
    main()
