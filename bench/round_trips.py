"""What corrections change in museums' own tables, and whether their undo file restores every byte.

    python -m bench.round_trips

On each sample of ``../shared/museums`` a column is corrected in some dozen rows, by the code that
writes change files. A script puts the changed rows in the place of the old ones, as a registrar's
would, and then the rows of the undo file back.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from core.collection.reading.tables import load_table
from core.reviews.changes.at_hand import Asked, Wanted, meet_table
from tests.conftest import SHARED
from tests.museum_tables import HERE, MUSEUMS, apply, load_table_of

CORRECTED = "Ukiyo-e; 'late'"
ROWS = 12  # about as many are corrected


def main() -> None:
    """Prints a row a table."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(
        "| table | rows, columns | column | rows corrected | cells that differ "
        "| undone: bytes | sent in again |"
    )
    print("|---|---|---|---|---|---|---|")
    for name in HERE:
        with tempfile.TemporaryDirectory() as folder:
            print(describe(SHARED / "museums" / f"{name}.csv", *MUSEUMS[name], Path(folder)))


def describe(source: Path, key: str, field: str, folder: Path) -> str:
    """The table's row; ``folder`` is for copies."""
    data, file, part = source.read_bytes(), folder / source.name, str(folder / "part.csv")
    file.write_bytes(data)
    table, _ = load_table(file)
    chosen = table.drop_duplicates(key).iloc[:: max(1, len(table) // ROWS)]
    wanted = tuple(Wanted(row[key], field, row[field], CORRECTED) for _, row in chosen.iterrows())
    met = meet_table(Asked(str(file), key, wanted, "csv"))
    corrected = apply(data, met.undo, met.changed, part)
    differing = int((load_table_of(corrected, part) != table).to_numpy().sum())
    restored = apply(corrected, met.changed, met.undo, part) == data
    file.write_bytes(corrected)
    again = meet_table(Asked(str(file), key, wanted, "csv"))
    states = ", ".join(sorted(set(again.states)))
    cells = (
        source.name,
        f"{len(table):,}, {table.shape[1]}",
        field,
        met.rows,
        differing,
        "all as before" if restored else "**not as before**",
        f"{states}, {again.rows} rows",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    main()
