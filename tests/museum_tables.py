"""The samples of museums' tables, and what a registrar's script does with a change file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.collection.reading.records import Records
from core.collection.reading.tables import load_table
from tests.conftest import SHARED

# The column of keys and one to correct of each museum's sample.
MUSEUMS = {
    "aic": ("id", "style_title"),
    "aic_someArtworks": ("id", "artist_title"),
    "cleveland": ("accession_number", "department"),
    "cmoa": ("id", "classification"),
    "harvard": ("objectid", "culture"),
    "met": ("Object ID", "Classification"),
    "moma": ("ObjectID", "Classification"),
    "nga_objects": ("objectid", "classification"),
    "rijksmuseum": ("objectInventoryNumber", "objectType[1]"),
    "smk": ("object_number", "object_names"),
    "tate": ("accession_number", "medium"),
    "tate_paintings_with_movement": ("accession_number", "movement"),
}
HERE = [name for name in MUSEUMS if (SHARED / "museums" / f"{name}.csv").is_file()]


def apply(data: bytes, undo: bytes, changed: bytes, where: str) -> bytes:
    """What a registrar's script does: puts each changed row in the place of the old one."""
    old, new = Records.read(undo, where), Records.read(changed, where)
    for number in load_table_of(undo, where).index:
        line = old.encode(old.row(int(number), {}).rstrip("\r\n"))
        data = data.replace(line, new.encode(new.row(int(number), {}).rstrip("\r\n")), 1)
    return data


def load_table_of(data: bytes, where: str) -> pd.DataFrame:
    Path(where).write_bytes(data)
    return load_table(Path(where))[0]
